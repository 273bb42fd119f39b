"""What is deleted comes back where it was: the source's scenarios (R2), deleted and recovered by the client itself."""
from world import equal, step, world  # first: it says which certificate is trusted

from exchangelib import CalendarItem, Contact, EWSDateTime, ExtendedProperty, Folder, Message, Task
from exchangelib.folders import DeletedItems  # noqa: F401 - the client must know the folder by its class

from world import UTC


class LastActiveParent(ExtendedProperty):
    """LastActiveParentEntryID: the folder that a deleted item last lay in."""

    property_tag = 0x348A
    property_type = "Binary"


KINDS = (Message, Contact, Task, CalendarItem)


def registered(function):
    """The property is known to the client as long as the step runs."""

    def run():
        for kind in KINDS:
            kind.register("last_active_parent", LastActiveParent)
        try:
            function()
        finally:
            for kind in KINDS:
                kind.deregister("last_active_parent")

    run.__name__ = function.__name__
    return run


def deletions():
    return world.mary.recoverable_items_deletions


def deleted(subject):
    found = list(deletions().filter(subject=subject))
    equal(len(found), 1, f"{subject!r} in Deletions")
    return found[0]


def new_folder(name):
    folder = Folder(parent=world.mary.msg_folder_root, name=name)
    folder.save()
    return folder


def mail(folder, subject, **more):
    item = Message(account=world.mary, folder=folder, subject=subject, body="What it says.", **more)
    item.save()
    return item


def stamp_of(folder):
    """How Deletions calls a folder: by what is deleted out of it."""
    mail(folder, f"probe of {folder.name}").soft_delete()
    probe = deleted(f"probe of {folder.name}")
    probe.delete()
    return probe.last_active_parent


@step
@registered
def recovery_of_what_was_deleted_softly():
    mary = world.mary
    folder = new_folder("Recovered here")
    stamp = stamp_of(folder)
    equal(len(stamp), 22, "bytes of LastActiveParentEntryID")
    # "A soft-delete operation where the item is deleted from an Inbox folder and moved to the Deleted Items folder."
    mail(folder, "deleted softly", categories=["Blue"], is_read=True).move_to_trash()
    item = mary.trash.get(subject="deleted softly")
    equal(item.last_active_parent, stamp)
    # "When data is removed from the Deleted Items folder, it is placed in the Recoverable Items\Deletions folder."
    mary.trash.empty(delete_type="SoftDelete")
    item = deleted("deleted softly")
    equal(item.last_active_parent, stamp)
    # "It does not matter if the folder is moved in the mailbox's hierarchy or renamed."
    folder.name = "Renamed meanwhile"
    folder.save(update_fields=["name"])
    folder.move(mary.inbox)
    # "When the user attempts a recovery action, the LAPEID is used as the move destination endpoint."
    equal(stamp_of(folder), stamp, "the folder is still the same")
    equal([i.subject for i in deletions().filter(last_active_parent=stamp)], ["deleted softly"], "found by the property")
    item.move(folder)
    back = folder.get(subject="deleted softly")
    equal((back.is_read, back.categories, back.last_active_parent), (True, ["Blue"], None))
    equal(deletions().filter(subject="deleted softly").count(), 0)


@step
@registered
def recovery_of_what_was_deleted_hard():
    mary = world.mary
    # "A hard-delete operation where the item … bypass[es] the Deleted Items folder entirely": EWS calls that SoftDelete.
    mail(mary.inbox, "deleted hard").soft_delete()
    equal(mary.trash.filter(subject="deleted hard").count(), 0)
    item = deleted("deleted hard")
    equal(item.last_active_parent, stamp_of(mary.inbox))
    item.move(mary.inbox)
    assert mary.inbox.get(subject="deleted hard").body.startswith("What it says.")


@step
@registered
def recovery_to_the_folder_of_the_type():
    mary = world.mary
    start = EWSDateTime(2031, 3, 3, 9, 0, tzinfo=UTC)
    # "Once a folder is deleted, recovery will be to the folder type origin for that item."
    for default, item in (
        (mary.inbox, Message(subject="typed mail", body="x")),
        (mary.calendar, CalendarItem(subject="typed meeting", start=start, end=start)),
        (mary.contacts, Contact(subject="typed contact", display_name="typed contact")),
        (mary.tasks, Task(subject="typed task")),
    ):
        subject = item.subject
        folder = type(default)(parent=mary.msg_folder_root, name=f"of {subject}") if default is not mary.inbox else new_folder(f"of {subject}")
        if default is not mary.inbox:
            folder.save()
        item.account, item.folder = mary, folder
        item.save()
        folder.delete(delete_type="SoftDelete")
        found = deleted(subject)
        assert found.last_active_parent, subject
        found.move(default)
        equal(default.filter(subject=subject).count(), 1, subject)
        default.get(subject=subject).delete()
