import os

from world import equal, step, world  # first: it says which certificate is trusted

from exchangelib import Folder
from exchangelib.errors import ErrorAccessDenied, ErrorFolderNotFound


@step
def public_folders():
    if not os.environ["PUBLIC_FOLDERS"]:
        try:
            root = world.mary.public_folders_root
        except ErrorFolderNotFound:
            return
        raise AssertionError(f"there are no public folders, but {root}")
    root = world.mary.public_folders_root
    equal([root.name, root.child_folder_count, root.effective_rights.create_hierarchy], ["IPM_SUBTREE", 0, True])
    sales = Folder(parent=root, name="Sales")
    sales.save()
    Folder(parent=sales, name="Plans").save()
    root.refresh()
    equal(sorted(folder.name for folder in root.walk()), ["Plans", "Sales"])
    theirs = world.rob.public_folders_root
    equal([folder.name for folder in (theirs / "Sales").children], ["Plans"])
    equal(theirs.effective_rights.create_hierarchy, False)
    try:
        Folder(parent=theirs, name="Planted").save()
    except ErrorAccessDenied:
        pass
    else:
        raise AssertionError("Rob has no right to make folders there")
    (root / "Sales" / "Plans").delete()
    sales.delete()
    root.refresh()
    equal(list(root.walk()), [])
