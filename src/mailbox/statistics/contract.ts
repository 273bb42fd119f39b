import type { Instant } from '#model'
import type { FolderRow } from '#store'
import type { Logon } from './logons.ts'

/** How much lies in a mailbox, by its counters: no item is looked at. */
export interface MailboxStatistics {
  created: Instant
  /** Items people see, those that belong to folders (associated), those that can be recovered. */
  items: number
  associated: number
  recoverable: number
  /** Bytes; what can be recovered is not in `size`. */
  size: number
  recoverableSize: number
  quotas: MailboxQuotas
  /** What the database would hold it to. */
  databaseQuotas: MailboxQuotas
  /** Who last opened it, exact to five minutes; absent = nobody ever did. */
  lastLogon?: Logon
}

/** Bytes at which a mailbox warns, sends nothing more, takes nothing more; absent = no limit. */
export interface MailboxQuotas {
  issueWarning?: number
  prohibitSend?: number
  prohibitSendReceive?: number
}

export interface FolderStatistics {
  row: FolderRow
  /** Names from the first folder below the root on. */
  path: string[]
  /** Kind of the default folder that it is or lies in, the nearest to the top; empty for what people made among the folders they see. */
  branch: string
  /** The folder with everything below it: items, associated ones among them, and bytes. */
  itemsBelow: number
  sizeBelow: number
  /** When the first and the last item came, where it was asked for and there are items. */
  oldest?: Instant
  newest?: Instant
}
