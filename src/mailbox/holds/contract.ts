import type { Caller, Instant } from '#model'

/** What keeps items of mailboxes from being lost, as it was asked for ([MS-OXWSEDISC] SetHoldOnMailboxes, New-MailboxSearch). */
export interface MailboxHold {
  /** As the client names it; unique in the organisation without regard to case. */
  id: string
  /** In the query language of searches; empty = everything. Dates in it count from when it was set, in UTC. */
  query: string
  /** GUIDs of mailboxes. */
  mailboxes: string[]
  language?: string
  /** `Unlimited`, or days or a time span from when an item came; absent = for good. */
  period?: string
  /** By which Get-Mailbox names it (InPlaceHolds); absent = `id`. */
  identity?: string
  created: Instant
  /** When it was last set; absent = when it was made. */
  changed?: Instant
  /** It is kept, and holds nothing. */
  off?: true
  description?: string
  createdBy?: string
  /** What comes from any of these, or goes to any of those, of any of these kinds, received in this time. */
  senders?: string[]
  recipients?: string[]
  messageTypes?: string[]
  start?: Instant
  end?: Instant
}

export interface HoldVerbs {
  /** Holds of the organisation, those that are off included. They and those below are for the server and its administrators → AccessDenied. */
  mailboxHolds(caller: Caller): Promise<MailboxHold[]>
  /**
   * Keeps a hold, in place of one of the same id: from then on nothing that it is about is lost. More mailboxes than 1000, a longer query than
   * 10,000 characters, or a period that is none → InvalidArgument; too many words → SearchQueryHasTooManyKeywords.
   */
  saveMailboxHold(caller: Caller, hold: MailboxHold): Promise<void>
  /** What it alone held goes when its time comes. None of that id → MailboxHoldNotFound. */
  removeMailboxHold(caller: Caller, id: string): Promise<void>
}
