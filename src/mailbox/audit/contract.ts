import type { Caller, Instant } from '#model'
import type { AuditAction, LogonType } from './actions.ts'
import type { AuditPlace, AuditRecord } from './entry.ts'

export type { AuditAction, LogonType } from './actions.ts'
export type { AuditEntry, AuditedFolder, AuditedItem, AuditPlace, AuditRecord } from './entry.ts'

export interface AuditQuery {
  mailbox: string
  start?: Instant
  end?: Instant
  logons?: readonly LogonType[]
  operations?: readonly AuditAction[]
  /** By people of other organisations, or by none of them. */
  external?: boolean
  limit: number
  /** `next` of the page before. */
  after?: (string | number | null)[]
}

export interface AuditPage {
  /** Newest first; may be fewer than asked for though there is more. */
  records: AuditRecord[]
  next?: (string | number | null)[]
}

/** Which items a timeline is asked of: one by its number (now, or as an entry names it), or all of a message id. */
export type TimelineOf = { mailbox: string; item: number } | { mailbox: string; messageId: string }

export type TimelineDeed =
  | 'Created'
  | 'Received'
  | 'Read'
  | 'Updated'
  | 'VersionKept'
  | 'Copied'
  | 'Moved'
  | 'MovedToDeletedItems'
  | 'Deleted'
  | 'Purged'
  | 'Recovered'
  | 'FolderMoved'
  | 'FolderDeleted'
  | 'Held'

export interface TimelineEvent {
  at: Instant
  deed: TimelineDeed
  /** `AuditLog`: written down when it was done. `Item`: what the item itself still says, not by whom it was done. */
  source: 'AuditLog' | 'Item'
  who?: { id: string; address: string; name: string }
  logon?: LogonType
  /** In whose name, under impersonation. */
  as?: string
  client?: string
  remoteAddress?: string
  /** Paths of folders. */
  from?: string
  to?: string
  /** Names of the properties that were changed. */
  changed?: readonly string[]
}

/** What became of one item, oldest first. */
export interface ItemTimeline {
  /** What it is known by wherever it goes in its mailbox. */
  key: number
  subject: string
  itemClass: string
  messageId: string
  /** Where it lies; absent = it is gone, or went where the log does not tell. */
  now?: { item: number; path: string; place: AuditPlace; held?: boolean; keptUntil?: Instant }
  events: TimelineEvent[]
}

/** The verbs on what was written down of a mailbox. */
export interface AuditVerbs {
  /**
   * A page of a mailbox's audit log. For the server itself and administrators at work, whose roles were checked: owners and delegates are not
   * shown it ("Mailbox audit logging") → AccessDenied. Entries past their age are not there, whether removed or not.
   */
  auditRecords(caller: Caller, query: AuditQuery): Promise<AuditPage>
  /**
   * What became of an item: when it was made, changed, moved, deleted, recovered and purged, by whom and with which client, as far as the audit
   * log and the item's own stamps tell. For whom the mailbox is open to as a whole → else AccessDenied. No such item, now or in the log → ItemNotFound.
   */
  itemTimeline(caller: Caller, of: TimelineOf): Promise<ItemTimeline[]>
}
