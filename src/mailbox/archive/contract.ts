import type { Caller } from '#model'
import type { FolderRef, ItemRef } from '../contract.ts'

export interface ArchiveVerbs {
  /**
   * Moves an item to the same folder of the archive mailbox, made there when it is not. Needs the right to delete the item. Refuses FolderNotFound, ItemNotFound,
   * AccessDenied, CannotArchiveCalendarContactTaskFolderException, InvalidItemForOperationArchiveItem (it lies elsewhere), CannotSpecifySearchFolderAsSourceFolder
   * and, as long as no mailbox has an archive here, ArchiveMailboxNotEnabled.
   */
  archiveItem(caller: Caller, source: FolderRef, item: ItemRef): Promise<never>
}
