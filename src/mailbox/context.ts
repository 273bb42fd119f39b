import type { Configuration, Directory } from '#directory'
import type { Caller, Instant } from '#model'
import type { Store } from '#store'
import type { Binds } from './audit/binds.ts'
import type { SearchCounts } from './search/search-counts.ts'
import type { DatabaseQuotas } from './settings/quotas.ts'
import type { Logons } from './statistics/logons.ts'

/** A log that takes details for machines first. What pino's logger keeps. */
export interface Log {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** Everything that the mailbox verbs need from outside; made once by the server, passed down unchanged. */
export interface MailboxContext {
  store: Store
  directory: Directory
  /** The organisations' configuration objects; absent = the defaults hold. */
  configuration?: Pick<Configuration, 'get' | 'list' | 'changes'>
  clock: () => Instant
  /** That many random bytes. */
  random: (size: number) => Uint8Array
  log: Log
  /** Bytes of a message that the transport takes; absent = 36 MiB. For MailTips. */
  maxMessageSize?: number
  /** Hears of everybody who opens a mailbox; absent = nobody asks. */
  logons?: Logons
  /** Counts what people hand in; absent = nobody does. */
  submissions?: { take(caller: Caller, recipients: number): Promise<void> }
  /** What search folders held when last looked at; absent = they are counted each time. */
  searchCounts?: SearchCounts
  /** Writes down who looks into folders where a mailbox wants it; absent = nobody asks. */
  binds?: Binds
  /** What mailboxes without quotas of their own are held to; absent = nothing. */
  databaseQuotas?: DatabaseQuotas
}
