"""Contacts, lists and the organisation's address list by EBook, as Evolution's address book uses it. Cards are vCards."""
import account
from desk import EBook, EBookContacts, opened_by, until, verb

NONE = EBookContacts.BookOperationFlags.NONE
clients = {}


def client(name):
    if name not in clients:
        source = account.source_of(name)
        clients[name] = opened_by("org.gnome.evolution.dataserver.AddressBook10", lambda patience: EBook.BookClient.connect_sync(source, 5, patience))
    return clients[name]


def cards(name, expression="#t"):
    _, found = client(name).get_contacts_sync(expression, None)
    return found


def full_name(contact):
    return contact.get_property("full-name")


def found_called(name, called):
    def look():
        client(name).refresh_sync(None)
        return [one for one in cards(name) if full_name(one) == called]

    return until(f"{called!r} in {name}", look)[0]


def text(contact):
    return contact.to_string(getattr(EBookContacts.VCardFormat, "30"))


@verb
def contacts_read(called):
    return text(found_called("Contacts", called))


@verb
def contacts_names():
    client("Contacts").refresh_sync(None)
    return sorted(full_name(one) for one in cards("Contacts"))


@verb
def contacts_create(card):
    _, uid = client("Contacts").add_contact_sync(EBookContacts.Contact.new_from_vcard(card), NONE, None)
    _, contact = client("Contacts").get_contact_sync(uid, None)
    return text(contact)


@verb
def contacts_modify(called, fields):
    contact = found_called("Contacts", called)
    for name, value in fields.items():
        contact.set_property(name, value)
    client("Contacts").modify_contact_sync(contact, NONE, None)
    return text(cards("Contacts", f'(is "id" "{contact.get_property("id")}")')[0])


@verb
def contacts_remove(called):
    contact = found_called("Contacts", called)
    client("Contacts").remove_contact_sync(contact, NONE, None)
    return sorted(full_name(one) for one in cards("Contacts"))


@verb
def addresses_search(name):
    """What the composer offers while a name is typed, from the organisation's list."""
    return sorted(text(one) for one in cards("Global Address List", f'(beginswith "full_name" "{name}")'))
