/** Who has had an automatic reply of a mailbox, so that nobody gets two. Senders are addresses in lower case. */
import type { Instant } from '#model'

export interface ReplyReading {
  has(mailbox: string, sender: string): Promise<boolean>
}

export interface ReplyWriting extends ReplyReading {
  /** Notes that the sender gets one. False, and nothing changes, when it is noted already. */
  note(mailbox: string, sender: string, at: Instant): Promise<boolean>
  /** Forgets everybody: the replies begin anew. */
  forget(mailbox: string): Promise<void>
}
