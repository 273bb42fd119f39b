import type { Caller, Instant } from '#model'
import type { JobRow } from '#store'

/** What keeps items of mailboxes from being lost, as it was asked for ([MS-OXWSEDISC] SetHoldOnMailboxes, New-MailboxSearch). */
export interface MailboxHold {
  /** As the client names it; unique in the organisation without regard to case. */
  id: string
  /** In the query language of searches; empty = everything. */
  query: string
  /** From when relative dates in the query count, in UTC: when this text was first said. The verb that changes holds writes it. */
  asked?: Instant
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
  /** GUID of the discovery mailbox that takes copies of what it finds; absent, or only an estimate asked for = it is counted. */
  target?: string
  estimateOnly?: true
  /** How much a message beside the copies tells; absent = what was asked and how much was found. */
  logLevel?: 'Suppress' | 'Basic' | 'Full'
  /** How it was run last. */
  run?: HoldRun
}

/** A run of a search: what a job is doing, or has done. */
export interface HoldRun {
  id: string
  status: 'InProgress' | 'Succeeded' | 'EstimateSucceeded' | 'Failed' | 'Stopped'
  by: string
  started: Instant
  ended?: Instant
  /** What was found; `size` in bytes. */
  items: number
  size: number
  /** Why it failed. */
  error?: string
}

export interface HoldVerbs {
  /** Holds of the organisation, those that are off included. They and those below are for the server and its administrators → AccessDenied. */
  mailboxHolds(caller: Caller): Promise<MailboxHold[]>
  /**
   * Makes, changes or forgets the hold of an id, with nothing of another's change lost: `change` is given what is there and returns what is to
   * be (undefined = none), and is asked again where somebody else was quicker. What is acknowledged holds: from then on nothing that it is
   * about is lost; what it alone held goes when its time comes. What was kept. More mailboxes than 1000, a longer query than 10,000
   * characters, or a period that is none → InvalidArgument; too many words → SearchQueryHasTooManyKeywords; what `change` refuses.
   * `job` = work to be done on what is kept, there with it or not at all.
   */
  changeMailboxHold(
    caller: Caller,
    id: string,
    change: (before: MailboxHold | undefined) => MailboxHold | undefined | Promise<MailboxHold | undefined>,
    job?: (hold: MailboxHold) => Omit<JobRow, 'holder' | 'leaseUntil'>,
  ): Promise<MailboxHold | undefined>
}
