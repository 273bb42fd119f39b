from world import equal, step, world  # first: it says which certificate is trusted

from exchangelib import Message


@step
def archive_is_walked():
    rob = world.rob
    names = [folder.name for folder in rob.archive_msg_folder_root.walk()]
    assert {"Inbox", "Deleted Items"} <= set(names), names
    assert rob.archive_inbox.id != rob.inbox.id
    equal(type(rob.archive_inbox).__name__, "ArchiveInbox")


@step
def archive_takes_items():
    rob = world.rob
    Message(account=rob, folder=rob.archive_inbox, subject="Filed in the archive", body="x").save()
    equal([item.subject for item in rob.archive_inbox.filter(subject="Filed in the archive")], ["Filed in the archive"])
    item = Message(account=rob, folder=rob.drafts, subject="Archived", body="text", categories=["kept"], is_read=True).save()
    ids = rob.bulk_archive([item], to_folder=rob.drafts)
    equal(len(ids), 1)
    equal(rob.drafts.filter(subject="Archived").count(), 0)
    # The folder is made in the archive with the first item that comes.
    rob.archive_msg_folder_root.root.clear_cache()
    drafts = next(folder for folder in rob.archive_msg_folder_root.walk() if folder.name == "Drafts")
    there = drafts.get(subject="Archived")
    equal((there.body, there.categories, there.is_read), ("text", ["kept"], True))
    # Out of the archive and back.
    there.move(to_folder=rob.drafts)
    equal(rob.drafts.filter(subject="Archived").count(), 1)


@step
def archive_deletes_by_itself():
    rob = world.rob
    item = Message(account=rob, folder=rob.archive_inbox, subject="Deleted there", body="x").save()
    item.move_to_trash()
    equal(rob.trash.filter(subject="Deleted there").count(), 0)
    deleted = rob.archive_deleted_items.get(subject="Deleted there")
    deleted.soft_delete()
    equal(rob.archive_recoverable_items_deletions.filter(subject="Deleted there").count(), 1)
