import type { Instant } from '#model'
import type { ItemRow } from '../contract.ts'

/** Items of a mailbox, whatever folder they lie in, by what makes them belong together. */
export interface ConversationReading {
  /** Items of a conversation, the newest first. */
  byConversation(mailbox: string, conversation: string, of: { associated: boolean; limit: number }): Promise<ItemRow[]>
  /** Items that remind within [from, to], single ones or series, the earliest first; `after` continues behind one. */
  byReminder(
    mailbox: string,
    of: { recurring: boolean; from: Instant; to: Instant; after?: { reminder: Instant; id: number }; limit: number },
  ): Promise<ItemRow[]>
}
