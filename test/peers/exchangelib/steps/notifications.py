import threading

from world import MARY, step, world  # first: it says which certificate is trusted

from exchangelib import Message
from exchangelib.properties import NewMailEvent


@step
def pull_notification():
    mary = world.mary
    with mary.inbox.pull_subscription(event_types=["CreatedEvent", "DeletedEvent", "ModifiedEvent"]) as (subscription, watermark):
        item = Message(account=mary, folder=mary.inbox, subject="Pulled").save()
        events = []
        for expected in ("CreatedEvent", "DeletedEvent"):
            events = [event for answer in mary.inbox.get_events(subscription, watermark) for event in answer.events]
            assert expected in [event.ELEMENT_NAME for event in events], events
            watermark = events[-1].watermark
            if expected == "CreatedEvent":
                item.delete()


@step
def streaming_notification():
    mary, rob = world.mary, world.rob
    with mary.inbox.streaming_subscription() as subscription:
        def send():
            Message(account=rob, subject="Streamed", body="x", to_recipients=[MARY]).send()

        timer = threading.Timer(0.5, send)
        timer.start()
        for notification in mary.inbox.get_streaming_events(subscription, connection_timeout=1, max_notifications_returned=1):
            if any(isinstance(event, NewMailEvent) for event in notification.events):
                break
        else:
            raise AssertionError("no NewMailEvent within a minute")
        timer.join()
