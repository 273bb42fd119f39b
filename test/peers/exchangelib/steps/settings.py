import re

from world import MARY, UTC, equal, step, world  # first: it says which certificate is trusted

from exchangelib import EWSDateTime, Message, OofSettings


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
def delegates_and_junk():
    mary = world.mary
    equal(list(mary.delegates), [])
    message = Message(account=mary, folder=mary.inbox, subject="Junk?", sender="junk@example.com", author="junk@example.com").save()
    ((moved, change_key),) = mary.bulk_mark_as_junk(ids=[message], is_junk=True, move_item=True)
    equal(mary.junk.get(id=moved).subject, "Junk?")
    ((back, _),) = mary.bulk_mark_as_junk(ids=[(moved, change_key)], is_junk=False, move_item=True)
    read = mary.inbox.get(id=back)
    equal(read.subject, "Junk?")
    read.delete()
