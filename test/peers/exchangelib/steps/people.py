import os

from world import MARY, ROB, equal, step, world  # first: it says which certificate is trusted

from exchangelib import Contact, DistributionList, EWSDate, FileAttachment, Mailbox
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.properties import Member
from exchangelib.services import GetPersona


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
def personas():
    mary = world.mary
    contact = Contact(
        account=mary, folder=mary.contacts, display_name="Grace Hopper", given_name="Grace", surname="Hopper", company_name="Navy",
        email_addresses=[EmailAddress(label="EmailAddress1", email="grace@example.com")],
    ).save()
    people = list(mary.contacts.people().only("display_name", "given_name", "company_name"))
    grace = [one for one in people if one.display_name == "Grace Hopper"]
    equal([(one.given_name, one.company_name) for one in grace], [("Grace", "Navy")])
    found = list(mary.contacts.people().filter(given_name="Grace").only("display_name"))
    equal([one.display_name for one in found], ["Grace Hopper"])
    ordered = [one.display_name for one in mary.contacts.people().only("display_name").order_by("-display_name")]
    equal(ordered, sorted(ordered, reverse=True))
    whole = list(GetPersona(account=mary).call([grace[0]]))
    equal([one.email_address.email_address for one in whole], ["grace@example.com"])
    contact.delete()
