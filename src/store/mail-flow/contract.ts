/** What the store keeps for those who look after mail flow: queues seen by their next hop, suspension, the tracking log. */
import type { Instant } from '#model'

/** Bits of `QueuedRecipient.held`: what is set keeps it from being leased. */
export const heldMessage = 1
export const heldQueue = 2

/** The recipients that wait for one next hop. */
export interface QueueSummary {
  nextHop: string
  messages: number
  recipients: number
  /** Recipients that somebody works on now. */
  active: number
  /** Recipients that may be worked on at once or as soon as they are due, and have not failed yet. */
  fresh: number
  /** When the next one that failed before is tried again. */
  nextRetry: Instant | null
  /** Of one that failed; empty when none did. */
  lastError: string
  /** The queue is suspended: nothing is sent from it. */
  suspended: boolean
}

/** A message as one queue has it: the recipients of it that wait there. */
export interface QueueEntry {
  nextHop: string
  message: QueuedMessage
  recipients: QueuedRecipient[]
}

export interface QueueReading {
  /** Queues with something in them and those that are suspended, by next hop after the one given. */
  summaries(organisation: string, after: string, limit: number): Promise<QueueSummary[]>
  summary(organisation: string, nextHop: string): Promise<QueueSummary | undefined>
  /** By next hop and message id after the key given; of one queue alone when `nextHop` is given. At most 50. */
  entries(
    organisation: string,
    of: { nextHop?: string; message?: string; after: { nextHop: string; message: string }; limit: number },
  ): Promise<QueueEntry[]>
  /** Next hops of suspended queues. */
  suspensions(organisation: string): Promise<Set<string>>
}

export interface QueueWriting {
  suspend(organisation: string, nextHop: string, now: Instant): Promise<void>
  /** Lets go what waited for the queue alone. */
  resume(organisation: string, nextHop: string): Promise<void>
  /**
   * Puts a recipient back for as long as the queue is suspended; if it is not any more, the recipient is free at once. Nothing changes when
   * the lease is another's.
   */
  hold(organisation: string, message: string, address: string, to: { nextHop: string; holder: string }): Promise<void>
  /** Suspends or resumes the recipients of a message, those of one queue when it is given. Returns how many. */
  holdMessage(organisation: string, message: string, nextHop: string | undefined, held: boolean): Promise<number>
  /** Makes the waiting recipients of a queue due now; `categorise` = their way is found anew. Returns how many. */
  retry(organisation: string, nextHop: string, now: Instant, categorise?: boolean): Promise<number>
}

/** One event of the tracking log. */
export interface TrackingRow {
  organisation: string
  at: Instant
  /** Tells events of one moment apart. */
  id: string
  event: string
  source: string
  /** Of the queued message. */
  message: string
  /** RFC 5322 Message-ID. */
  messageId: string
  subject: string
  sender: string
  recipients: string[]
  size: number
  /** Whatever else the event has. */
  data: Record<string, unknown>
}

export interface TrackingScan {
  from: Instant
  to: Instant
  event?: string
  messageId?: string
  message?: string
  /** Without regard to (ASCII) case. */
  sender?: string
  /** Continue behind this event. */
  after?: { at: Instant; id: string }
  limit: number
}

export interface TrackingReading {
  /** Events by time, oldest first; at most `limit`. */
  scan(organisation: string, scan: TrackingScan): Promise<TrackingRow[]>
}

export interface TrackingWriting extends TrackingReading {
  add(events: readonly TrackingRow[]): Promise<void>
  /** Removes some events older than the instant, oldest first; true when there may be more. */
  sweep(organisation: string, before: Instant): Promise<boolean>
}

/** Mail that a program sends for somebody: what it is decides where it may go (Set-RemoteDomain). */
export type AutomaticMail =
  /** Of a mailbox whose owner is away: the text for the organisation, and the one for others. */
  | 'internalOutOfOffice'
  | 'externalOutOfOffice'
  /** Any other answer: a rule's with a template. */
  | 'autoReply'
  /** A rule's forward or redirection. */
  | 'autoForward'
  /** Of a delivery, and of the reading. */
  | 'deliveryReport'
  /** Of a failure or a delay. */
  | 'nonDeliveryReport'
  | 'meetingForwardNotification'

/** A message on its way out or to local delivery. The blob holds its bytes. */
export interface QueuedMessage {
  organisation: string
  id: string
  accepted: Instant
  sender: string
  blob: string
  size: number
  /** Envelope options and origin (DSN RET/ENVID, SMTPUTF8, authenticated caller); `automatic` (AutomaticMail) of what a program sends, `onlyCopy` of a forward beside which nothing is kept. */
  envelope: Record<string, unknown>
}
export interface QueuedRecipient {
  organisation: string
  message: string
  address: string
  /** What is to be done: `categorise` (find its way), `local`, or hand it to this domain. */
  route: string
  /** The queue it waits in: where its way led at the last attempt; the route before the first. */
  nextHop: string
  /** 0 = may be worked on; else why not (`heldMessage`, `heldQueue`). */
  held: number
  state: 'waiting' | 'delivered' | 'failed' | 'expired'
  attempts: number
  due: Instant
  holder: string
  leaseUntil: Instant
  lastError: string
  options: Record<string, unknown>
}
