import type { Caller, Restriction } from '#model'
import type { TextProblem } from '#store'
import type { Item, ItemRef, Wanted } from '../contract.ts'

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

export interface SearchVerbs {
  /** All that `searchMailbox` counts, the newest first; `among` = of Recoverable Items alone, or without it. Needs full access → AccessDenied. */
  everythingFound(
    caller: Caller,
    search: { mailbox: string; restriction?: Restriction; among?: 'recoverable' | 'others' },
  ): Promise<FoundItem[]>
  /**
   * Everything of one mailbox that fits, whichever folder it lies in, Recoverable Items included: how much, and the first of it. Needs full
   * access to the mailbox → AccessDenied.
   */
  searchMailbox(caller: Caller, search: MailboxSearch): Promise<{ items: Item[]; total: number; size: number }>
  /** Items of which some attachment cannot be read by search, behind a row. Needs full access, as `countUnsearchable` does → AccessDenied. */
  unsearchable(caller: Caller, mailbox: string, after: number, limit: number): Promise<TextProblem[]>
  countUnsearchable(caller: Caller, mailbox: string): Promise<number>
}
