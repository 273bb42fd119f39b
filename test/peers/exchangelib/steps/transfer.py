from datetime import datetime

from world import UTC, equal, step, world  # first: it says which certificate is trusted

from exchangelib import CalendarItem, Contact, FileAttachment, Message


@step
def export_and_upload():
    mary, rob = world.mary, world.rob
    message = Message(account=mary, folder=mary.drafts, subject="Exported", body="text", categories=["kept"])
    message.attach(FileAttachment(name="a.txt", content=b"abc"))
    message.save()
    start = datetime(2030, 3, 4, 9, tzinfo=UTC)
    event = CalendarItem(account=mary, folder=mary.calendar, subject="Exported", start=start, end=start.replace(hour=10)).save()
    contact = Contact(account=mary, folder=mary.contacts, given_name="Exported", display_name="Exported").save()
    streams = mary.export([message, event, contact])
    for stream in streams:
        assert isinstance(stream, str) and stream, stream
    uploads = list(zip((rob.drafts, rob.calendar, rob.contacts), streams))
    ids = rob.upload(uploads)
    equal(len(ids), 3)
    copy = rob.drafts.get(id=ids[0][0], changekey=ids[0][1])
    equal((copy.subject, copy.categories, copy.attachments[0].content), ("Exported", ["kept"], b"abc"))
    equal(rob.calendar.get(id=ids[1][0], changekey=ids[1][1]).start, start)
    equal(rob.contacts.get(id=ids[2][0], changekey=ids[2][1]).given_name, "Exported")

    copy.subject = "Changed"
    copy.save()
    rob.upload([(rob.drafts, (copy.id, False, streams[0]))])
    equal([item.subject for item in rob.drafts.filter(categories__contains=["kept"])], ["Exported"])
    broken = rob.upload([(rob.drafts, "AAAA")])
    equal([type(answer).__name__ for answer in broken], ["ErrorCorruptData"])
