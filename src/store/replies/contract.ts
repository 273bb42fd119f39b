/** Who has had an automatic message of a mailbox, so that nobody gets two. */
import type { Instant } from '#model'

/**
 * `away`: automatic replies, by the sender's address in lower case. `receipt`: read receipts, by the message's id. `refresh`: meetings sent
 * anew, by the attendee's address and the meeting's uid.
 */
export type ReplyKind = 'away' | 'receipt' | 'refresh'

export interface ReplyReading {
  /** Whether one was noted, at that time or later; `since` absent = ever. */
  has(mailbox: string, kind: ReplyKind, about: string, since?: Instant): Promise<boolean>
}

export interface ReplyWriting extends ReplyReading {
  /** Notes that one is sent. False, and nothing changes, when it is noted already. */
  note(mailbox: string, kind: ReplyKind, about: string, at: Instant): Promise<boolean>
  /** Forgets those of the kind that were noted before then, absent = all: they begin anew. */
  forget(mailbox: string, kind: ReplyKind, before?: Instant): Promise<void>
}
