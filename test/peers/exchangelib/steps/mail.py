import hashlib
import random

from world import MARY, ROB, arrived, equal, step, until, world  # first: it says which certificate is trusted

from exchangelib import ExtendedProperty, FileAttachment, Folder, HTMLBody, ItemAttachment, Mailbox, Message
from exchangelib.errors import ErrorItemNotFound, TransportError


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
def archive_says_why_not():
    mary = world.mary
    item = Message(account=mary, folder=mary.drafts, subject="To archive").save()
    try:
        mary.bulk_archive([item], to_folder=mary.drafts)
        raise AssertionError("archived")
    except TransportError as error:  # a code of the schema that the client has no class for
        assert "ErrorArchiveMailboxNotEnabled" in str(error), error
    item.delete()
