import type { Caller } from '#model'
import type { QuotaLevel } from './levels.ts'

/** What is asked about quotas from outside the verbs that are held to them, and what the server does about them from time to time. */
export interface QuotaVerbs {
  /** Refuses QuotaExceeded while the caller's own mailbox, if there is one here, may send nothing. */
  requireRoomToSend(caller: Caller): Promise<void>
  /**
   * Tells the owner of a mailbox that has reached a level, in their language, by a message that is filed straight into the Inbox, full or
   * not: at most once a day for each level. Answers the level that was told of; undefined = nothing was to be said. For the server alone → AccessDenied.
   */
  tellOfQuota(caller: Caller, mailbox: string): Promise<QuotaLevel | undefined>
  /**
   * How much lies in Recoverable Items beyond which it warns, in bytes; undefined while it is below RecoverableItemsWarningQuota, and
   * of a mailbox that is gone. For the server alone → AccessDenied.
   */
  recoverableOverWarning(caller: Caller, mailbox: string): Promise<number | undefined>
}

export type { QuotaLevel }
