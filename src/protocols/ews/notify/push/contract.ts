import type { MailboxEvent } from '#mailbox'
import type { Caller, Instant, SignedIn, Vouched } from '#model'

/** A push subscription as its job keeps it ([MS-OXWSNTIF] 3.1.4.4): it outlives the process that made it. */
export interface PushState {
  /** Recipient GUID of who subscribed. */
  owner: string
  /** Recipient GUID of who signed in and acted for the owner; absent = nobody did. */
  actor?: string
  /** What they had shown, without any secret, or who had vouched for them: the subscription ends with it. */
  signedIn?: SignedIn
  via?: Vouched
  mailbox: string
  /** Folder ids; absent = every folder. */
  folders?: number[]
  events: MailboxEvent['kind'][]
  url: string
  callerData?: string
  /** Milliseconds after which something is sent though nothing happened, and after which one that cannot be reached is given up. */
  frequency: number
  /** What happened up to this change has arrived. */
  watermark: number
  /** When something arrived last; 0 = never. */
  sent: Instant
  /** Attempts in vain since, and when the first was. */
  failures: number
  failing: Instant
  /** Not before then is it tried again. */
  retry: Instant
}

export interface PushJob {
  organisation: string
  /** GUID. */
  id: string
  state: PushState
}

/** Where push subscriptions are kept and from where they are run; the server's job clock. */
export interface PushJobs {
  save(job: { organisation: string; id: string; kind: string; due: Instant; state: Record<string, unknown> }): Promise<void>
  list(organisation: string, kind: string): Promise<{ organisation: string; id: string; state: Record<string, unknown> }[]>
  hurry(organisation: string, id: string): Promise<void>
  remove(organisation: string, id: string): Promise<void>
}

export interface Pushes {
  /** Makes one; its first notification is on its way when this resolves. Refuses ExceededSubscriptionCount. */
  add(
    caller: Caller,
    input: Omit<PushState, 'owner' | 'actor' | 'signedIn' | 'via' | 'sent' | 'failures' | 'failing' | 'retry'>,
    most: number,
  ): Promise<string>
  /** Ends the caller's own. Refuses SubscriptionNotFound, SubscriptionAccessDenied. */
  remove(caller: Caller, id: string): Promise<void>
  /** Takes up those that are kept, and watches their mailboxes until `close`. */
  start(organisations: readonly string[]): Promise<void>
  close(): Promise<void>
  count(): number
}
