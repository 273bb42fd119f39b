"""Drives an Isthmus site with exchangelib, step by step.

Environment: EWS_URL, CA_FILE, AUTODISCOVER_PORT, PASSWORD, MARY, ROB, GROUP, ROOM_LIST (addresses).
Each step prints one line of JSON: {"step": ..., "ok": true} or {"step": ..., "ok": false, "error": ...}.
A failed step does not stop those that need nothing from it.
"""
import datetime
import hashlib
import json
import os
import random
import re
import socket
import sys
import threading
import time
import traceback
import warnings
from decimal import Decimal

os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CA_FILE"]

from exchangelib import (  # noqa: E402
    DELEGATE,
    Account,
    Attendee,
    CalendarItem,
    Configuration,
    Contact,
    Credentials,
    DistributionList,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    ExtendedProperty,
    FileAttachment,
    Folder,
    HTMLBody,
    ItemAttachment,
    Mailbox,
    Message,
    OofSettings,
    PostItem,
    Q,
    Task,
)
from exchangelib.errors import ErrorFolderExists, ErrorItemNotFound  # noqa: E402
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress  # noqa: E402
from exchangelib.items import (  # noqa: E402
    SEND_ONLY_TO_ALL,
    SEND_TO_ALL_AND_SAVE_COPY,
    MeetingCancellation,
    MeetingRequest,
    MeetingResponse,
)
from exchangelib.properties import Member, NewMailEvent  # noqa: E402
from exchangelib.recurrence import Recurrence, WeeklyPattern  # noqa: E402

warnings.simplefilter("ignore")
PASSWORD = os.environ["PASSWORD"]
MARY, ROB = os.environ["MARY"], os.environ["ROB"]
UTC = EWSTimeZone("UTC")
VIENNA = EWSTimeZone("Europe/Vienna")
STEPS = []


def step(function):
    STEPS.append(function)
    return function


def connect(address):
    credentials = Credentials(address, PASSWORD)
    config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=credentials)
    return Account(address, config=config, autodiscover=False, access_type=DELEGATE, default_timezone=UTC)


def until(what, ask, seconds=15):
    """Asks until the answer is truthy: mail between two mailboxes takes a moment."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.1)


def equal(got, wanted, what=""):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def arrived(account, subject, kind=Message):
    def ask():
        return [item for item in account.inbox.filter(subject=subject) if isinstance(item, kind)]

    return until(f"{kind.__name__} {subject!r} in the inbox of {account.primary_smtp_address}", ask)[0]


class World:
    """What the steps share."""


world = World()


@step
def sign_in():
    world.mary, world.rob = connect(MARY), connect(ROB)
    version = world.mary.version
    assert version.build.major_version == 15, version


@step
def autodiscover_pox():
    import dns.resolver
    from exchangelib.autodiscover import Autodiscovery

    port, resolve, connect_to = int(os.environ["AUTODISCOVER_PORT"]), dns.resolver.Resolver.resolve, socket.getaddrinfo

    def local(host, service, *rest, **named):
        domain = MARY.split("@")[1]
        if host in (domain, f"autodiscover.{domain}"):
            return connect_to("127.0.0.1", port, *rest, **named)
        return connect_to(host, service, *rest, **named)

    socket.getaddrinfo, dns.resolver.Resolver.resolve = local, lambda *_a, **_k: []
    try:
        answer, protocol = Autodiscovery(email=MARY, credentials=Credentials(MARY, PASSWORD)).discover()
    finally:
        socket.getaddrinfo, dns.resolver.Resolver.resolve = connect_to, resolve
    equal(answer.autodiscover_smtp_address.lower(), MARY)
    assert "/ews/exchange.asmx" in protocol.service_endpoint.lower(), protocol.service_endpoint


@step
def folders_listed():
    mary = world.mary
    names = {folder.name for folder in mary.msg_folder_root.walk()}
    for name in ("Inbox", "Drafts", "Sent Items", "Deleted Items", "Calendar", "Contacts", "Tasks", "Notes", "Journal"):
        assert name in names, f"{name} is missing among {sorted(names)}"
    assert mary.root.tree()
    for name in (
        "inbox outbox sent trash drafts junk calendar contacts tasks notes journal conflicts conversation_history favorites "
        "local_failures my_contacts quick_contacts recipient_cache recoverable_items_deletions recoverable_items_root "
        "search_folders server_failures sync_issues todo_search voice_mail people_connect im_contact_list"
    ).split():
        folder = getattr(mary, name)
        assert folder.total_count is not None, name
    folder = mary.inbox
    folder.refresh()
    assert folder.effective_rights.read and folder.permission_set is not None


@step
def folders_synced():
    mary = world.mary
    first = list(mary.msg_folder_root.sync_hierarchy())
    assert len(first) > 10 and {kind for kind, _ in first} == {"create"}, first
    folder = Folder(parent=mary.inbox, name="Synced here")
    folder.save()
    second = list(mary.msg_folder_root.sync_hierarchy())
    assert ("create", "Synced here") in [(kind, f.name) for kind, f in second], second
    folder.name = "Synced there"
    folder.save(update_fields=["name"])
    third = list(mary.msg_folder_root.sync_hierarchy())
    assert [(kind, f.name) for kind, f in third if f.name == "Synced there"] == [("update", "Synced there")], third
    folder.delete()
    assert "delete" in [kind for kind, _ in mary.msg_folder_root.sync_hierarchy()]


@step
def folder_create_rename_move_delete():
    mary = world.mary
    parent = Folder(parent=mary.msg_folder_root, name="Projects")
    parent.save()
    child = Folder(parent=parent, name="Bridge")
    child.save()
    try:
        Folder(parent=parent, name="bridge").save()
        raise AssertionError("two folders of one name")
    except ErrorFolderExists:
        pass
    mary.root.clear_cache()
    equal([f.name for f in (mary.msg_folder_root / "Projects").children], ["Bridge"])
    child.name = "Isthmus"
    child.save(update_fields=["name"])
    child.move(mary.inbox)
    mary.root.clear_cache()
    assert (mary.inbox / "Isthmus").folder_class in ("IPF.Note", None)
    child.delete()
    parent.delete()


@step
def message_with_attachments_byte_for_byte():
    mary = world.mary
    big = random.Random(7).randbytes(300_000)
    folder = mary.drafts
    message = Message(
        account=mary,
        folder=folder,
        subject="With attachments ✓ Grüße",
        body=HTMLBody('<html><body><p>Hallo <b>Welt</b></p><img src="cid:picture@here"></body></html>'),
        to_recipients=[Mailbox(email_address=ROB, name="Rob")],
        cc_recipients=[Mailbox(email_address=MARY)],
        bcc_recipients=[Mailbox(email_address="archive@example.com")],
        importance="High",
        sensitivity="Private",
        categories=["Blue", "Grün"],
        is_read_receipt_requested=True,
    )
    message.attach(FileAttachment(name="big.bin", content=big, content_type="application/octet-stream"))
    message.attach(FileAttachment(name="picture.png", content=b"\x89PNG\r\n\x1a\n...", is_inline=True, content_id="picture@here", content_type="image/png"))
    message.save()
    message.attach(FileAttachment(name="ünïcode.txt", content="später\r\n".encode()))
    message.attach(ItemAttachment(name="inner", item=Message(subject="Inside", body="the inner text", folder=folder)))
    message.refresh()
    read = folder.get(id=message.id, changekey=message.changekey)
    by_name = {a.name: a for a in read.attachments}
    equal(set(by_name), {"big.bin", "picture.png", "ünïcode.txt", "inner"}, "attachment names")
    equal(hashlib.sha256(by_name["big.bin"].content).hexdigest(), hashlib.sha256(big).hexdigest(), "big.bin")
    equal(by_name["ünïcode.txt"].content, "später\r\n".encode())
    equal(by_name["picture.png"].content_id, "picture@here")
    assert by_name["picture.png"].is_inline
    with by_name["big.bin"].fp as stream:
        equal(sum(len(chunk) for chunk in stream), len(big), "streamed attachment")
    equal(by_name["inner"].item.subject, "Inside")
    assert "the inner text" in by_name["inner"].item.body
    equal((read.subject, read.importance, read.sensitivity), (message.subject, "High", "Private"))
    equal(read.categories, ["Blue", "Grün"])
    equal([m.email_address for m in read.to_recipients], [ROB])
    equal([m.email_address for m in read.bcc_recipients], ["archive@example.com"])
    assert "<b>Welt</b>" in read.body and "Hallo Welt" in read.text_body.replace("\r\n", " "), (read.body, read.text_body)
    assert read.is_draft and read.has_attachments and read.size > len(big) and read.is_read_receipt_requested
    assert isinstance(read.body, HTMLBody)
    assert b"Subject:" in read.mime_content and b"big.bin" in read.mime_content
    message.detach([attachment for attachment in message.attachments if attachment.name == "ünïcode.txt"])
    equal(len(folder.get(id=message.id).attachments), 3, "after detaching")
    read.refresh()
    read.delete()


@step
def sent_and_answered():
    mary, rob = world.mary, world.rob
    payload = random.Random(3).randbytes(50_000)
    message = Message(
        account=mary,
        folder=mary.sent,
        subject="Bridge plans",
        body="Shall we?\r\nMary",
        to_recipients=[ROB],
        cc_recipients=[MARY],
        reply_to=[Mailbox(email_address=MARY)],
    )
    message.attach(FileAttachment(name="plan.bin", content=payload))
    message.send_and_save()
    got = arrived(rob, "Bridge plans")
    equal(got.sender.email_address, MARY)
    equal(got.author.email_address, MARY)
    assert not got.is_read and not got.is_draft and got.message_id and got.datetime_received and got.datetime_sent
    equal(got.attachments[0].content, payload, "attachment through SMTP")
    assert "Shall we?" in got.text_body
    equal([h.value for h in got.headers if h.name.lower() == "message-id"], [got.message_id])
    sent = until("copy in Sent Items", lambda: list(mary.sent.filter(subject="Bridge plans")))[0]
    equal(sent.message_id, got.message_id, "Message-ID of the copy")
    got.reply(subject="Re: Bridge plans", body="Yes, Tuesday", to_recipients=[MARY])
    answer = arrived(mary, "Re: Bridge plans")
    assert "Yes, Tuesday" in answer.body and answer.in_reply_to == got.message_id, (answer.in_reply_to, got.message_id)
    equal(answer.conversation_id, sent.conversation_id, "conversation")
    got.reply_all(subject="Re: all: Bridge plans", body="All: yes")
    all_answer = arrived(mary, "Re: all: Bridge plans")
    assert MARY in [m.email_address for m in all_answer.to_recipients], all_answer.to_recipients
    answer.forward(subject="Fwd: Bridge plans", body="FYI", to_recipients=[ROB])
    arrived(rob, "Fwd: Bridge plans")
    draft = got.create_reply(subject="Re: later", body="Draft answer", to_recipients=[MARY]).save(rob.drafts)
    equal(len(list(rob.drafts.filter(subject="Re: later"))), 1)
    rob.drafts.filter(subject="Re: later").delete()
    assert draft


@step
def draft_sent_later():
    mary, rob = world.mary, world.rob
    draft = Message(account=mary, folder=mary.drafts, subject="Later", body="now", to_recipients=[ROB]).save()
    draft.attach(FileAttachment(name="a.txt", content=b"abc"))
    draft.send()
    got = arrived(rob, "Later")
    equal(got.attachments[0].content, b"abc")
    equal(len(list(mary.drafts.filter(subject="Later"))), 0, "left in Drafts")
    until("copy in Sent Items", lambda: mary.sent.filter(subject="Later").count() == 1)


@step
def read_flagged_moved_copied_deleted():
    mary = world.mary
    folder = Folder(parent=mary.inbox, name="Moving")
    folder.save()
    item = Message(account=mary, folder=mary.inbox, subject="Movable", body="x").save()
    item.is_read = True
    item.importance = "Low"
    item.categories = ["A", "B"]
    item.save(update_fields=["is_read", "importance", "categories"])
    item.refresh()
    assert item.is_read and item.importance == "Low" and item.categories == ["A", "B"]
    item.categories = None
    item.subject = "Moved"
    item.save(update_fields=["categories", "subject"])
    item.refresh()
    assert not item.categories and item.subject == "Moved"
    old = item.id
    item.move(folder)
    assert item.id != old
    equal(folder.all().count(), 1)
    item.copy(mary.inbox)
    equal(mary.inbox.filter(subject="Moved").count(), 1, "copied")
    item.move_to_trash()
    equal(mary.trash.filter(subject="Moved").count(), 1, "trash")
    mary.inbox.get(subject="Moved").soft_delete()
    equal(mary.recoverable_items_deletions.filter(subject="Moved").count(), 1, "soft deleted")
    trashed = mary.trash.get(subject="Moved")
    gone = trashed.id
    trashed.delete()
    answer = mary.trash.get(id=gone)
    assert isinstance(answer, ErrorItemNotFound), answer
    folder.delete()


@step
def items_synced():
    mary = world.mary
    folder = Folder(parent=mary.inbox, name="Sync")
    folder.save()
    for number in range(7):
        Message(account=mary, folder=folder, subject=f"S{number}", body="x").save()
    changes = list(folder.sync_items(max_changes_returned=3))
    equal(sorted(item.subject for kind, item in changes), [f"S{n}" for n in range(7)])
    equal(list(folder.sync_items()), [])
    first, second, third = (item for _, item in changes[:3])
    first.is_read = not first.is_read
    first.save(update_fields=["is_read"])
    second.subject = "changed"
    second.save(update_fields=["subject"])
    third.delete()
    kinds = sorted(kind for kind, _ in folder.sync_items())
    equal(kinds, ["delete", "read_flag_change", "update"])
    folder.delete()


@step
def searched_and_paged():
    mary = world.mary
    folder = Folder(parent=mary.inbox, name="Search")
    folder.save()
    folder.bulk_create(
        [
            Message(subject=f"Paged {number:03}", body=f"body {number} {'needle' if number == 77 else 'hay'}", categories=["odd" if number % 2 else "even"])
            for number in range(120)
        ]
    )
    equal(folder.all().count(), 120)
    equal([m.subject for m in folder.all().order_by("subject")[:3]], ["Paged 000", "Paged 001", "Paged 002"])
    equal([m.subject for m in folder.all().order_by("-subject")[10:13]], ["Paged 109", "Paged 108", "Paged 107"])
    query = folder.all().order_by("subject")
    query.page_size = 7
    equal(len(list(query)), 120, "pages of 7")
    equal(folder.filter(subject__startswith="Paged 01").count(), 10)
    equal(folder.filter(subject__contains="aged 1").count(), 20)
    equal(folder.filter(subject__icontains="PAGED 1").count(), 20)
    equal(folder.filter(subject__iexact="paged 005").count(), 1)
    equal(folder.filter(subject="Paged 005").count(), 1)
    equal(folder.exclude(subject__startswith="Paged 0").count(), 20)
    equal(folder.filter(Q(subject="Paged 001") | Q(subject="Paged 002")).count(), 2)
    equal(folder.filter(~Q(subject="Paged 001"), subject__startswith="Paged 00").count(), 9)
    equal(folder.filter(categories__contains=["odd"]).count(), 60)
    equal(folder.filter(datetime_created__gt=EWSDateTime(2000, 1, 1, tzinfo=UTC)).count(), 120)
    equal(folder.filter(datetime_created__range=(EWSDateTime(2000, 1, 1, tzinfo=UTC), EWSDateTime(2001, 1, 1, tzinfo=UTC))).count(), 0)
    equal(folder.filter(subject__in=["Paged 001", "Paged 002", "nothing"]).count(), 2)
    equal(folder.filter(importance__exists=True).count(), 120)
    equal(folder.filter(size__gt=1).count(), 120)
    equal(folder.filter("subject:077").count(), 1, "QueryString")
    equal([m.subject for m in folder.filter("needle")], ["Paged 077"], "QueryString of the body")
    equal(list(folder.filter(subject="Paged 003").values_list("subject", flat=True)), ["Paged 003"])
    equal(len(list(folder.all().only("subject", "is_read"))), 120)
    equal(folder.filter(subject__startswith="Paged 11").order_by("-subject").values_list("subject", flat=True)[0], "Paged 119")
    equal(sum(1 for _ in mary.inbox.walk().filter(subject__startswith="Paged 00")), 10, "over several folders")
    folder.empty()
    equal(folder.all().count(), 0, "emptied")
    folder.delete()


@step
def extended_properties():
    mary = world.mary

    class Lab(ExtendedProperty):
        property_set_id = "c11ff724-aa03-4555-9952-8fa248a11c3e"
        property_name = "LabProp"
        property_type = "String"

    class Tagged(ExtendedProperty):
        property_tag = 0x6A01
        property_type = "Integer"

    class Many(ExtendedProperty):
        distinguished_property_set_id = "PublicStrings"
        property_name = "lab-many"
        property_type = "StringArray"

    class Flag(ExtendedProperty):
        property_tag = 0x1090
        property_type = "Integer"

    for name, kind in (("lab", Lab), ("tagged", Tagged), ("many", Many), ("flag_status", Flag)):
        Message.register(name, kind)
    try:
        item = Message(account=mary, folder=mary.drafts, subject="Extended", lab="value & <more>", tagged=77, many=["a", "b"]).save()
        item.refresh()
        equal((item.lab, item.tagged, item.many), ("value & <more>", 77, ["a", "b"]))
        equal(mary.drafts.filter(lab="value & <more>").count(), 1, "restriction")
        equal(mary.drafts.filter(tagged__gt=76).count(), 1, "restriction on a tag")
        item.flag_status = 2
        item.lab = None
        item.save(update_fields=["flag_status", "lab"])
        item.refresh()
        equal((item.flag_status, item.lab), (2, None))
        item.delete()
    finally:
        for name in ("lab", "tagged", "many", "flag_status"):
            Message.deregister(name)


@step
def mime_content_in_and_out():
    mary = world.mary
    mime = (
        b"From: Someone <someone@example.com>\r\nTo: mary@contoso.com\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nMessage-ID: <one@example.com>\r\n"
        b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        b"Content-Transfer-Encoding: 8bit\r\nX-Odd:   kept  as it is\r\n\r\nna\xefve \xe9t\xe9\r\n"
    )
    item = Message(account=mary, folder=mary.inbox, mime_content=mime).save()
    read = mary.inbox.get(id=item.id)
    equal(read.mime_content, mime, "MIME")
    equal(read.subject, "Café")
    equal(read.message_id, "<one@example.com>")
    assert "été" in read.body, read.body
    read.delete()


@step
def calendar_single_item():
    mary = world.mary
    start = EWSDateTime(2030, 3, 4, 9, 0, tzinfo=VIENNA)
    item = CalendarItem(
        account=mary,
        folder=mary.calendar,
        start=start,
        end=start + datetime.timedelta(hours=2),
        subject="Single",
        body="Agenda",
        location="Room 1",
        legacy_free_busy_status="OOF",
        reminder_is_set=True,
        reminder_minutes_before_start=30,
        categories=["Work"],
    ).save()
    item.refresh()
    equal((item.start, item.end, item.location, item.type), (start, start + datetime.timedelta(hours=2), "Room 1", "Single"))
    equal((item.legacy_free_busy_status, item.reminder_minutes_before_start, item.duration), ("OOF", 30, "PT2H"))
    equal(item._start_timezone, VIENNA, "time zone")
    item.start += datetime.timedelta(hours=1)
    item.end += datetime.timedelta(hours=1)
    item.location = "Room 2"
    item.save(update_fields=["start", "end", "location"])
    found = list(mary.calendar.view(start=EWSDateTime(2030, 3, 4, tzinfo=UTC), end=EWSDateTime(2030, 3, 5, tzinfo=UTC)))
    equal([(i.subject, i.location, i.start) for i in found], [("Single", "Room 2", start + datetime.timedelta(hours=1))])
    day = CalendarItem(account=mary, folder=mary.calendar, start=EWSDate(2030, 3, 6), end=EWSDate(2030, 3, 6), is_all_day=True, subject="Whole day").save()
    day.refresh()
    equal((day.start, day.end, day.is_all_day), (EWSDate(2030, 3, 6), EWSDate(2030, 3, 6), True))
    assert b"BEGIN:VCALENDAR" in mary.calendar.get(id=item.id).mime_content
    day.delete()
    item.delete()


@step
def weekly_meeting_with_exception():
    mary, rob = world.mary, world.rob
    start = EWSDateTime(2030, 5, 6, 10, 0, tzinfo=VIENNA)  # a Monday
    meeting = CalendarItem(
        account=mary,
        folder=mary.calendar,
        start=start,
        end=start + datetime.timedelta(hours=1),
        subject="Weekly bridge",
        body="Come, please",
        location="Isthmus",
        required_attendees=[Attendee(mailbox=Mailbox(email_address=ROB), response_type="Unknown")],
        recurrence=Recurrence(pattern=WeeklyPattern(interval=1, weekdays=["Monday"]), start=start.date(), number=6),
    )
    meeting.save(send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.refresh()
    equal((meeting.type, meeting.is_meeting), ("RecurringMaster", True))
    equal(meeting.recurrence.boundary.number, 6)
    view = sorted(mary.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
    occurrences = [i for i in view if i.subject == "Weekly bridge"]
    equal([o.start for o in occurrences], [start + datetime.timedelta(days=7 * n) for n in range(6)])
    equal({o.type for o in occurrences}, {"Occurrence"})
    invitation = arrived(rob, "Weekly bridge", MeetingRequest)
    equal((invitation.start, invitation.location), (start, "Isthmus"))
    world.uid = meeting.uid
    booked = until("the meeting in Rob's calendar", lambda: [i for i in rob.calendar.filter(subject="Weekly bridge") if i.type == "RecurringMaster"])[0]
    equal((booked.uid, booked.my_response_type, booked.organizer.email_address), (meeting.uid, "NoResponseReceived", MARY))

    third = meeting.occurrence(index=3)
    third.refresh()
    third.start += datetime.timedelta(hours=3)
    third.end += datetime.timedelta(hours=3)
    third.subject = "Weekly bridge, later"
    third.save(update_fields=["start", "end", "subject"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.occurrence(index=5).delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
    meeting.refresh()
    equal([o.start for o in meeting.modified_occurrences], [start + datetime.timedelta(days=14, hours=3)])
    equal([o.start for o in meeting.deleted_occurrences], [start + datetime.timedelta(days=28)])
    view = sorted(mary.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
    equal(
        [(o.type, o.subject, o.start) for o in view if o.subject.startswith("Weekly bridge")],
        [
            (
                "Exception" if n == 2 else "Occurrence",
                "Weekly bridge, later" if n == 2 else "Weekly bridge",
                start + datetime.timedelta(days=7 * n, hours=3 if n == 2 else 0),
            )
            for n in (0, 1, 2, 3, 5)
        ],
    )
    master = view[0].recurring_master()
    master.refresh()
    equal(master.id, meeting.id)

    def robs():
        seen = sorted(rob.calendar.view(start=start, end=start + datetime.timedelta(days=60)), key=lambda i: i.start)
        return [o.start for o in seen if o.subject.startswith("Weekly bridge")]

    wanted = [start + datetime.timedelta(days=7 * n, hours=3 if n == 2 else 0) for n in (0, 1, 2, 3, 5)]
    until(f"the exception in Rob's calendar ({robs()} against {wanted})", lambda: robs() == wanted)

    invitation.accept(body="I'll be there")
    response = arrived(mary, "Accepted: Weekly bridge", MeetingResponse)
    equal(response.item_class, "IPM.Schedule.Meeting.Resp.Pos")

    def accepted():
        meeting.refresh()
        return meeting.required_attendees[0].response_type == "Accept"

    until("Rob's acceptance in Mary's calendar", accepted)
    booked.refresh()
    equal(booked.my_response_type, "Accept")
    world.meeting = meeting


@step
def meeting_changed_then_cancelled():
    mary, rob, meeting = world.mary, world.rob, world.meeting
    meeting.location = "Canal"
    meeting.save(update_fields=["location"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)

    def moved():
        return [i for i in rob.calendar.filter(subject="Weekly bridge") if i.type == "RecurringMaster" and i.location == "Canal"]

    until("the new location in Rob's calendar", moved)
    meeting.delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
    cancelled = arrived(rob, "Canceled: Weekly bridge", MeetingCancellation)
    equal(cancelled.item_class, "IPM.Schedule.Meeting.Canceled")
    until("the cancelled meeting in Rob's calendar", lambda: all(i.is_cancelled for i in rob.calendar.filter(subject__contains="Weekly bridge")))
    equal(mary.calendar.filter(subject="Weekly bridge").count(), 0)


@step
def single_meeting_declined():
    mary, rob = world.mary, world.rob
    start = EWSDateTime(2030, 6, 3, 10, 0, tzinfo=UTC)
    meeting = CalendarItem(
        account=mary, folder=mary.calendar, start=start, end=start + datetime.timedelta(hours=1), subject="Unloved",
        required_attendees=[ROB], optional_attendees=["nobody@example.com"],
    ).save(send_meeting_invitations=SEND_ONLY_TO_ALL)
    arrived(rob, "Unloved", MeetingRequest).decline(body="No")
    arrived(mary, "Declined: Unloved", MeetingResponse)
    meeting.refresh()
    until("the refusal", lambda: meeting.refresh() or meeting.required_attendees[0].response_type == "Decline")
    equal(rob.calendar.filter(subject="Unloved").count(), 0, "declined meetings leave the calendar")
    meeting.cancel()
    until("the meeting gone", lambda: mary.calendar.filter(subject="Unloved").count() == 0)


@step
def free_busy_shown():
    mary = world.mary
    start = EWSDateTime(2030, 7, 1, 8, 0, tzinfo=UTC)
    item = CalendarItem(
        account=mary, folder=mary.calendar, subject="Busy here", start=start, end=start + datetime.timedelta(hours=1), legacy_free_busy_status="Busy"
    ).save()
    zone = EWSTimeZone("Europe/Vienna")
    for view in ("MergedOnly", "FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged"):
        answers = list(
            world.rob.protocol.get_free_busy_info(
                accounts=[(MARY, "Required", False), (ROB, "Optional", False)],
                start=EWSDateTime(2030, 7, 1, 8, 0, tzinfo=UTC).astimezone(zone),
                end=EWSDateTime(2030, 7, 1, 12, 0, tzinfo=UTC).astimezone(zone),
                merged_free_busy_interval=30,
                requested_view=view,
            )
        )
        equal(len(answers), 2)
        if "Merged" in view:
            equal((view, answers[0].merged, answers[1].merged), (view, "22000000", "00000000"))
        if view != "MergedOnly":
            events = answers[0].calendar_events
            equal(len(events), 1, view)
            equal(events[0].busy_type, "Busy")
            at = events[0].start
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            equal(at.astimezone(UTC), start)
        assert answers[0].working_hours_timezone is not None or view == "MergedOnly"
    item.delete()


@step
def contact_round_trip():
    mary = world.mary
    values = dict(
        display_name="Ada Lovelace", given_name="Ada", middle_name="King", surname="Lovelace", nickname="Countess", initials="AKL",
        company_name="Analytical Engines", department="Programs", job_title="Programmer", office="1", profession="Mathematician",
        manager="Charles", assistant_name="Luigi", spouse_name="William", generation="I", file_as="Lovelace, Ada",
        children=["Byron", "Anne", "Ralph"], business_homepage="https://example.com/", body="Notes about Ada", mileage="12",
        birthday=EWSDate(1815, 12, 10), wedding_anniversary=EWSDate(1835, 7, 8),
        categories=["Pioneer"],
    )
    contact = Contact(
        account=mary, folder=mary.contacts,
        email_addresses=[EmailAddress(label="EmailAddress1", email="ada@example.com"), EmailAddress(label="EmailAddress2", email="ada@example.org")],
        phone_numbers=[PhoneNumber(label="BusinessPhone", phone_number="+44 1"), PhoneNumber(label="MobilePhone", phone_number="+44 2")],
        physical_addresses=[PhysicalAddress(label="Business", street="12 St James's Square", city="London", state="LDN", country="UK", zipcode="SW1")],
        **values,
    ).save()
    read = mary.contacts.get(id=contact.id)
    for name, value in values.items():
        got = getattr(read, name)
        assert got == value or (name == "body" and value in got), f"{name}: got {got!r}, wanted {value!r}"
    equal({e.label: e.email for e in read.email_addresses if e.email}, {"EmailAddress1": "ada@example.com", "EmailAddress2": "ada@example.org"})
    equal({p.label: p.phone_number for p in read.phone_numbers if p.phone_number}, {"BusinessPhone": "+44 1", "MobilePhone": "+44 2"})
    equal((read.physical_addresses[0].street, read.physical_addresses[0].city), ("12 St James's Square", "London"))
    equal((read.complete_name.first_name, read.complete_name.last_name), ("Ada", "Lovelace"))
    read.job_title = "Countess"
    read.phone_numbers = [PhoneNumber(label="BusinessPhone", phone_number="+44 3")]
    read.nickname = None
    read.save(update_fields=["job_title", "phone_numbers", "nickname"])
    read = mary.contacts.get(id=contact.id)
    equal((read.job_title, read.nickname), ("Countess", None))
    equal({p.label: p.phone_number for p in read.phone_numbers if p.phone_number}, {"BusinessPhone": "+44 3"})
    equal(mary.contacts.filter(surname="Lovelace").count(), 1)
    photo = b"\xff\xd8\xff\xe0photo"
    read.attach(FileAttachment(name="ContactPicture.jpg", content=photo, is_contact_photo=True))
    read = mary.contacts.get(id=contact.id)
    assert read.has_picture and read.attachments[0].content == photo
    assert b"BEGIN:VCARD" in read.mime_content, read.mime_content
    read.delete()


@step
def distribution_list_round_trip():
    mary = world.mary
    members = [Member(mailbox=Mailbox(email_address=address, name=address.split("@")[0], mailbox_type="OneOff")) for address in (ROB, "guest@example.com")]
    item = DistributionList(account=mary, folder=mary.contacts, display_name="Bridge people", members=members).save()
    read = mary.contacts.get(id=item.id)
    equal(sorted(m.mailbox.email_address for m in read.members), sorted([ROB, "guest@example.com"]))
    read.delete()


@step
def task_round_trip():
    mary = world.mary
    task = Task(
        account=mary, folder=mary.tasks, subject="Dig", body="Deep", start_date=EWSDate(2030, 1, 7), due_date=EWSDate(2030, 2, 1),
        status="InProgress", percent_complete=Decimal(25), total_work=120, actual_work=30, mileage="3", billing_information="none",
        companies=["Canal Co"], contacts=["Ferdinand"], importance="High",
    ).save()
    read = mary.tasks.get(id=task.id)
    equal((read.subject, read.start_date, read.due_date), ("Dig", EWSDate(2030, 1, 7), EWSDate(2030, 2, 1)))
    equal((read.status, float(read.percent_complete), read.total_work, read.actual_work), ("InProgress", 25.0, 120, 30))
    equal((read.mileage, read.billing_information, read.companies, read.contacts), ("3", "none", ["Canal Co"], ["Ferdinand"]))
    assert not read.is_complete
    read.complete()
    read = mary.tasks.get(id=task.id)
    assert read.is_complete and read.complete_date and float(read.percent_complete) == 100.0, read
    read.delete()


@step
def post_item_round_trip():
    mary = world.mary
    item = PostItem(account=mary, folder=mary.inbox, subject="Posted", body="On the wall").save()
    read = mary.inbox.get(id=item.id)
    assert isinstance(read, PostItem), type(read)
    equal(read.subject, "Posted")
    read.delete()


@step
def out_of_office():
    mary = world.mary
    settings = OofSettings(
        state=OofSettings.SCHEDULED, external_audience="Known", internal_reply="<html><body>Away in</body></html>", external_reply="Away out",
        start=EWSDateTime(2030, 8, 1, tzinfo=UTC), end=EWSDateTime(2030, 8, 15, tzinfo=UTC),
    )
    mary.oof_settings = settings
    read = mary.oof_settings
    equal((read.state, read.external_audience, read.start, read.end), ("Scheduled", "Known", settings.start, settings.end))
    assert "Away in" in read.internal_reply and "Away out" in read.external_reply
    mary.oof_settings = OofSettings(state=OofSettings.DISABLED, external_audience="All", internal_reply="", external_reply="")
    equal(mary.oof_settings.state, "Disabled")


@step
def people_resolved():
    protocol = world.mary.protocol
    names = protocol.resolve_names(["rob"])
    assert ROB in [m.email_address.lower() for m in names], names
    full = protocol.resolve_names([MARY], return_full_contact_data=True)
    assert full and full[0][1] is not None, full
    equal([type(answer).__name__ for answer in protocol.resolve_names(["no such person zzz"])], ["ErrorNameResolutionNoResults"])
    members = protocol.expand_dl(os.environ["GROUP"])
    assert {MARY, ROB} <= {m.email_address.lower() for m in members}, members
    lists = list(protocol.get_roomlists())
    assert os.environ["ROOM_LIST"] in [room_list.email_address.lower() for room_list in lists], lists
    assert list(protocol.get_rooms(os.environ["ROOM_LIST"]))
    assert len(list(protocol.get_timezones())) > 100


@step
def ids_converted():
    from exchangelib.properties import AlternateId
    from exchangelib.properties import EWS_ID, HEX_ENTRY_ID

    mary = world.mary
    item = Message(account=mary, folder=mary.drafts, subject="Ids").save()
    answer = list(mary.protocol.convert_ids([AlternateId(id=item.id, format=EWS_ID, mailbox=MARY)], destination_format=HEX_ENTRY_ID))
    assert re.fullmatch("[0-9a-fA-F]+", answer[0].id), answer
    back = list(mary.protocol.convert_ids([AlternateId(id=answer[0].id, format=HEX_ENTRY_ID, mailbox=MARY)], destination_format=EWS_ID))
    equal(back[0].id, item.id)
    item.delete()


@step
def user_configuration():
    mary = world.mary
    data = {"one": "1", "two": 2, "three": True}
    mary.inbox.create_user_configuration(name="LabConfiguration", dictionary=data, xml_data=b"<a>b</a>", binary_data=b"\x00\x01")
    read = mary.inbox.get_user_configuration(name="LabConfiguration")
    equal((read.dictionary, read.xml_data, read.binary_data), (data, b"<a>b</a>", b"\x00\x01"))
    mary.inbox.update_user_configuration(name="LabConfiguration", dictionary={"one": "uno"})
    equal(mary.inbox.get_user_configuration(name="LabConfiguration").dictionary, {"one": "uno"})
    mary.inbox.delete_user_configuration(name="LabConfiguration")


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


@step
def delegate_access():
    """Rob may not read Mary's inbox; he sees it once she lets him."""
    from exchangelib.errors import ErrorAccessDenied, ErrorFolderNotFound, ErrorItemNotFound, ErrorNonExistentMailbox

    other = Account(MARY, config=world.rob.protocol.config, autodiscover=False, access_type=DELEGATE)
    try:
        list(other.inbox.all()[:1])
        raise AssertionError("Rob reads Mary's inbox")
    except (ErrorAccessDenied, ErrorFolderNotFound, ErrorItemNotFound, ErrorNonExistentMailbox):
        pass


@step
def wrong_password_refused():
    from exchangelib.errors import UnauthorizedError

    config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=Credentials("ann@" + MARY.split("@")[1], "wrong"), auth_type="basic")
    try:
        Account("ann@" + MARY.split("@")[1], config=config, autodiscover=False, access_type=DELEGATE).inbox.refresh()
        raise AssertionError("a wrong password was taken")
    except UnauthorizedError:
        pass


def main():
    only = sys.argv[1:]
    failed = False
    for function in STEPS:
        if only and function.__name__ not in only and function.__name__ != "sign_in":
            continue
        begun = time.monotonic()
        report = {"step": function.__name__, "ok": True}
        try:
            function()
        except Exception as error:  # noqa: BLE001 - every kind of failure is this step's result
            failed = True
            report.update(ok=False, error=f"{type(error).__name__}: {error}"[:1500], where=traceback.format_exc()[-2500:])
        report["seconds"] = round(time.monotonic() - begun, 2)
        print(json.dumps(report), flush=True)
    return 1 if failed else 0


sys.exit(main())
