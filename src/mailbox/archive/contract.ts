import type { Caller } from '#model'
import type { FolderRef, Item, ItemRef } from '../contract.ts'

export interface ArchiveVerbs {
  /**
   * Moves an item to the same folder of the archive mailbox, made there when it is not; names the item where it lies now. Needs the right to delete the
   * item, and full access to the mailbox. Refuses FolderNotFound, ItemNotFound, AccessDenied, CannotArchiveCalendarContactTaskFolderException,
   * InvalidItemForOperationArchiveItem (it lies elsewhere), CannotSpecifySearchFolderAsSourceFolder, CannotArchiveItemsInArchiveMailbox, QuotaExceeded
   * (the archive is full) and, where the mailbox has no archive, ArchiveMailboxNotEnabled.
   */
  archiveItem(caller: Caller, source: FolderRef, item: ItemRef): Promise<Item>
}
