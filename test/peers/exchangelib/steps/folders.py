from world import equal, step, world  # first: it says which certificate is trusted

from exchangelib import Folder
from exchangelib.errors import ErrorFolderExists


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
