import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from world import MARY, equal, step, until, world  # first: it says which certificate is trusted

from exchangelib import Message
from exchangelib.properties import NewMailEvent
from exchangelib.services import SendNotification


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


class Listener(threading.Thread):
    """Takes what the server pushes, with exchangelib's own reader, until it has had enough."""

    def __init__(self, enough):
        super().__init__(daemon=True)
        service, self.heard = SendNotification(protocol=None), []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.extend(service.parse(body))
                answer = service.unsubscribe_payload() if enough(heard) else service.ok_payload()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", int(os.environ["PUSH_PORT"])), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.environ["PUSH_CERTIFICATE"])
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def run(self):
        self.server.serve_forever()


@step
def push_notification():
    mary = world.mary

    def kinds(heard):
        return [event.ELEMENT_NAME for notification in heard for event in notification.events]

    listener = Listener(lambda heard: "CreatedEvent" in kinds(heard))
    listener.start()
    try:
        with mary.inbox.push_subscription(callback_url=os.environ["PUSH_URL"], event_types=["CreatedEvent"], status_frequency=1) as (subscription, _):
            until("a sign of life", lambda: "StatusEvent" in kinds(listener.heard))
            item = Message(account=mary, folder=mary.inbox, subject="Pushed").save()
            until("the event", lambda: "CreatedEvent" in kinds(listener.heard))
            equal({notification.subscription_id for notification in listener.heard}, {subscription})
            created = [event for notification in listener.heard for event in notification.events if event.ELEMENT_NAME == "CreatedEvent"]
            equal(created[0].item_id.id, item.id)
    finally:
        listener.server.shutdown()
