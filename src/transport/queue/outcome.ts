import type { QueuedMessage, QueuedRecipient } from '#store'
import type { Notify } from '../contract.ts'

/** How an attempt for one recipient ended. Status codes are those of RFC 3463. */
export type Outcome =
  | { kind: 'delivered'; status: string; text: string; host?: string }
  | { kind: 'deferred'; status: string; text: string; host?: string }
  /** `shownAs`: what its report calls the recipient, where the sender is not to learn the address. */
  | { kind: 'failed'; status: string; text: string; host?: string; shownAs?: string }
  /** It is not wanted there: deleted, and nobody hears of it but the tracking log. */
  | { kind: 'dropped'; text: string }
  /** Its queue is suspended: it waits there until somebody resumes it. */
  | { kind: 'held' }
  /** Another process took it over, or it was done already: nothing to note. */
  | { kind: 'gone' }

export interface Attempt {
  recipient: QueuedRecipient
  outcome: Outcome
  /** The queue that it waits in if it waits again. */
  nextHop?: string
  /** The address that leads there, when it is another than the recipient's. */
  resolved?: string
  /** Name of the connector that carried it. */
  connector?: string
}

/** True when the sender wants to hear of it (RFC 3461 4.1); without a wish, of failures and delays. The null sender never does. */
export function wantsReport(message: QueuedMessage, recipient: QueuedRecipient, about: Exclude<Notify, 'NEVER'>): boolean {
  if (message.sender === '') return false
  const wishes = recipient.options['notify'] as Notify[] | undefined
  return wishes ? wishes.includes(about) : about !== 'SUCCESS'
}
