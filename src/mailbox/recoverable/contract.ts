import type { Caller, Instant } from '#model'
import type { FolderRef, ItemRef, Outcome } from '../contract.ts'

/**
 * Where deleted items are looked for, as `Get-RecoverableItems` calls it: Deleted Items, and Deletions, Purges and DiscoveryHolds of
 * Recoverable Items. The last two are for administrators alone.
 */
export const recoverableSources = ['DeletedItems', 'RecoverableItems', 'PurgedItems', 'DiscoveryHoldsItems'] as const
export type RecoverableSource = (typeof recoverableSources)[number]

/** Which deleted items are meant; all conditions together. */
export interface RecoverableQuery {
  /** Absent = all that the caller may see, DiscoveryHolds only when it is named. */
  sources?: readonly RecoverableSource[]
  /** An item class; `*` stands for anything, without one the classes below it are meant too. */
  itemClass?: string
  subjectContains?: string
  /** In the subject or the name of who it is from. */
  contains?: string
  /** Of the last change, which the deletion was; both ends included. */
  from?: Instant
  to?: Instant
  /** LastActiveParentEntryID in hexadecimal (44 digits). Malformed → InvalidArgument, of another mailbox → FolderNotFound. */
  lastParentFolderId?: string
  /** EntryID in hexadecimal. Malformed → InvalidArgument, of another mailbox → ItemNotFound. */
  entryId?: string
  /** GUIDs of retention tags, one of which the item has. */
  policyTags?: readonly string[]
}

/** An item that can be brought back. */
export interface RecoverableItem {
  ref: ItemRef
  entryId: string
  source: RecoverableSource
  itemClass: string
  subject: string
  from: string
  received: Instant
  modified: Instant
  size: number
  hasAttachments: boolean
  /** When it came to Recoverable Items; absent in Deleted Items. */
  deletedOn?: Instant
  /** The folder that it last lay in, where that is known: its names from the top, and whether items can go there again. */
  lastParent?: { entryId: string; path?: readonly string[]; exists: boolean }
  policyTag?: string
}

/**
 * Why an item lies where it does now: in its original folder; in the default folder of its type, because nobody knows where it was, or that
 * folder is gone (or deleted itself); in the folder that was asked for; or it had been brought back before and stays.
 */
export type RestoreReason = 'OriginalFolder' | 'NoLastFolder' | 'LastFolderGone' | 'TargetFolder' | 'AlreadyRestored'

export interface RestoredItem {
  /** The item by its new number. */
  ref: ItemRef
  folder: { id: number; path: readonly string[] }
  why: RestoreReason
}

/** What a restore would do: items by the folder that they would go to, and why. */
export interface RestorePlan {
  targets: { folder: { id: number; path: readonly string[] }; why: RestoreReason; items: number; size: number }[]
  items: number
  /** True when there are more than were looked at. */
  more: boolean
}

/** A folder tree that can be brought back: removed for good, or lying in Deleted Items. */
export interface DeletedFolder {
  /** Number of its top folder, by which it is named. */
  folder: number
  entryId: string
  name: string
  /** Names from the top of what people saw, the folder's own last. */
  path: readonly string[]
  folderClass: string | null
  source: 'DeletedItems' | 'RecoverableItems'
  deletedOn?: Instant
  deletedBy?: string
  /** Folders of the tree, and the items that lay in them. */
  folders: number
  items: number
  /** Number of the folder that stands for it by now. */
  restoredAs?: number
}

/** One step of bringing a folder tree back. */
export type FolderRestoreStep =
  | { folder: number; as: number; path: readonly string[]; why: 'Restored' | 'Renamed' | 'AlreadyRestored' }
  /** Items brought back by the number of the folder that they are in now, of so many that were looked at. */
  | { items: ReadonlyMap<number, number>; seen: number }

export interface RecoverableVerbs {
  /** Deleted items, the newest deletion of each folder first, some at a time. Without the right to read them → AccessDenied. */
  findRecoverable(caller: Caller, mailbox: string, query: RecoverableQuery): AsyncIterable<RecoverableItem[]>
  /**
   * Brings deleted items back to the folder that each last lay in, else to the default folder of its type; `to` names another. One outcome an
   * item, in the order asked: a refusal does not hinder the others. Again is no harm. Needs the right to delete where it lies and to create
   * where it goes. No quota hinders it: what the mailbox holds does not grow.
   */
  restoreItems(caller: Caller, mailbox: string, items: readonly number[], to?: FolderRef): Promise<Outcome<RestoredItem>[]>
  /** The same for what is found, at most `limit`, in bounded steps. Whoever stops reading stops it; asked again it goes on. */
  restoreFound(
    caller: Caller,
    mailbox: string,
    query: RecoverableQuery,
    options?: { to?: FolderRef; limit?: number },
  ): AsyncIterable<{ found: RecoverableItem; outcome: Outcome<RestoredItem> }[]>
  /** What `restoreFound` would do now; changes nothing. */
  planRestore(caller: Caller, mailbox: string, query: RecoverableQuery, options?: { to?: FolderRef; limit?: number }): Promise<RestorePlan>
  /** The folder at a path below the top of what people see, its missing folders made. Needs full access. */
  makePath(caller: Caller, mailbox: string, path: readonly string[]): Promise<FolderRef>

  /** Folder trees that can be brought back, the newest removal first. Needs full access. */
  deletedFolders(caller: Caller, mailbox: string): Promise<DeletedFolder[]>
  /**
   * Brings a deleted folder and those below it back to where they were, else to the nearest folder above that is still there, with their
   * permissions and properties, and the items that went with them; `earlier` takes what was deleted out of them before, too. A name taken
   * meanwhile gets a number. Bounded steps; asked again it goes on. Not a deleted folder → FolderNotFound. Needs full access; what was purged
   * comes back for administrators alone.
   */
  restoreFolder(caller: Caller, mailbox: string, folder: number, options?: { earlier?: boolean }): AsyncIterable<FolderRestoreStep>
}
