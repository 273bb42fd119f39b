import type { Caller, Restriction } from '#model'
import type { TextProblem } from '#store'
import type { FolderRef, Item, ItemRef, Wanted } from '../contract.ts'

export interface MailboxSearch {
  mailbox: string
  restriction?: Restriction
  /** What the items are in order of; absent = the time received. */
  by?: 'dateTimeReceived' | 'dateTimeCreated' | 'size'
  descending: boolean
  /** Leaves out what lies in Recoverable Items. */
  withoutRecoverable?: boolean
  /** At most 1000 items. */
  limit: number
  wanted: Wanted
}

/** Something that was found, and how large it is. */
export interface FoundItem {
  ref: ItemRef
  size: number
}

/** What one write of a copy did: items that were copied, and those that were gone meanwhile. */
export interface CopiedStep {
  copied: number
  gone: number
  /** What the run has copied to below the folder, all together. */
  sum: number
}

export interface SearchVerbs {
  /**
   * All that `searchMailbox` counts, the newest first; `among` = of Recoverable Items alone, or without it; `page` = the first `limit` with a
   * number behind `after`, in the order of numbers. Needs full access → AccessDenied.
   */
  everythingFound(
    caller: Caller,
    search: { mailbox: string; restriction?: Restriction; among?: 'recoverable' | 'others'; page?: { after: number; limit: number } },
  ): Promise<FoundItem[]>
  /**
   * Copies items of a mailbox to below a folder of another, in folders named as theirs, with all that they are (MIME byte for byte), a few in
   * each write, in the order of their numbers. The folder remembers in the same write how far the run is: whoever asks again
   * for the same one goes on there, and nothing is there twice. `begun` = the highest number when the run began: what has one beyond is
   * copied only when it was there then, moved since, and is not copied yet. Needs full access to the mailbox and the right to make items in the folder → AccessDenied; a full mailbox → QuotaExceeded;
   * the same mailbox → InvalidArgument; one of another organisation → NonExistentMailbox.
   */
  copyFound(
    caller: Caller,
    found: { mailbox: string; items: readonly number[]; run: string; begun?: number },
    to: FolderRef,
  ): AsyncGenerator<CopiedStep>
  /**
   * Everything of one mailbox that fits, whichever folder it lies in, Recoverable Items included: how much, and the first of it. Needs full
   * access to the mailbox → AccessDenied.
   */
  searchMailbox(caller: Caller, search: MailboxSearch): Promise<{ items: Item[]; total: number; size: number }>
  /** Items of which some attachment cannot be read by search, behind a row. Needs full access, as `countUnsearchable` does → AccessDenied. */
  unsearchable(caller: Caller, mailbox: string, after: number, limit: number): Promise<TextProblem[]>
  countUnsearchable(caller: Caller, mailbox: string): Promise<number>
}
