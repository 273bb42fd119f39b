import type { Caller, Instant, Restriction } from '#model'
import type { TextProblem } from '#store'
import type { Item, Wanted } from '../contract.ts'

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

/** What keeps items of mailboxes from being lost, as it was asked for ([MS-OXWSEDISC] SetHoldOnMailboxes). */
export interface MailboxHold {
  /** As the client names it; unique in the organisation without regard to case. */
  id: string
  query: string
  /** GUIDs of mailboxes. */
  mailboxes: string[]
  language?: string
  /** `unlimited`, or days from when an item came. */
  period?: string
  identity?: string
  created: Instant
}

export interface SearchVerbs {
  /**
   * Everything of one mailbox that fits, whichever folder it lies in, Recoverable Items included: how much, and the first of it. Needs full
   * access to the mailbox → AccessDenied.
   */
  searchMailbox(caller: Caller, search: MailboxSearch): Promise<{ items: Item[]; total: number; size: number }>
  /** Items of which some attachment cannot be read by search, behind a row. Needs full access, as `countUnsearchable` does → AccessDenied. */
  unsearchable(caller: Caller, mailbox: string, after: number, limit: number): Promise<TextProblem[]>
  countUnsearchable(caller: Caller, mailbox: string): Promise<number>
  /** Holds of the organisation. They and the two below are for the server and its administrators → AccessDenied. */
  mailboxHolds(caller: Caller): Promise<MailboxHold[]>
  /** Keeps a hold, in place of one of the same id. More mailboxes than 1000, or a longer query than 10,000 characters → InvalidArgument. */
  saveMailboxHold(caller: Caller, hold: MailboxHold): Promise<void>
  /** None of that id → MailboxHoldNotFound. */
  removeMailboxHold(caller: Caller, id: string): Promise<void>
}
