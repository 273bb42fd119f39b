/** Who has had an automatic message of a mailbox, so that nobody gets two. */
import type { Instant } from '#model'

/** `away`: automatic replies, by the sender's address in lower case. `receipt`: read receipts, by the message's id. */
export type ReplyKind = 'away' | 'receipt'

export interface ReplyReading {
  has(mailbox: string, kind: ReplyKind, about: string): Promise<boolean>
}

export interface ReplyWriting extends ReplyReading {
  /** Notes that one is sent. False, and nothing changes, when it is noted already. */
  note(mailbox: string, kind: ReplyKind, about: string, at: Instant): Promise<boolean>
  /** Forgets all of the kind: they begin anew. */
  forget(mailbox: string, kind: ReplyKind): Promise<void>
}
