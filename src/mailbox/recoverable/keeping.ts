import { ownerWithin, settingsWithin, type Recipient } from '#directory'
import { ByteSize, TimeSpan, type Instant, type ItemKind } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { holdsInForce, isHeldByQuery, type QueryHold } from '../holds/in-force.ts'
import { periodOf } from '../holds/query.ts'

const day = 86_400_000
/** Calendar items stay longer: a meeting is missed when its day comes, not when it is deleted. */
const calendarRetention = 120 * day

/** What is kept of a mailbox after it was deleted, and for how long. Times in milliseconds, sizes in bytes. */
export interface Keeping {
  /** What is purged lies in Purges until its time is over. */
  singleItemRecovery: boolean
  /** How long an item is kept from when it came; Infinity = for good. Undefined = no litigation hold. */
  litigationHold: number | undefined
  /** Holds by query: what they are about stays. */
  holds: readonly QueryHold[]
  retention: number
  /** At this size of Recoverable Items the oldest go, unless there is a hold … */
  warning: number
  /** … and at this one nothing more is deleted. */
  most: number
}

/** How a mailbox keeps what is deleted (Set-Mailbox, else Set-MailboxDatabase), as the transaction sees it: a hold that was acknowledged before holds. */
export async function keepingOf(tx: Pick<ReadTx, 'objects' | 'mailboxes'>, mailbox: string): Promise<Keeping> {
  const organisation = (await tx.mailboxes.get(mailbox))?.organisation ?? ''
  const owner = await ownerWithin(tx, organisation, mailbox)
  const database = await settingsWithin(tx, organisation, 'MailboxDatabase')
  const own = owner?.kept ?? {}
  const sizes = owner?.databaseQuotas === true ? {} : own
  const bytes = (name: 'RecoverableItemsWarningQuota' | 'RecoverableItemsQuota') => {
    const size = ByteSize.parse(String(sizes[name] ?? database?.[name] ?? 'Unlimited'))
    return !size || size.isUnlimited ? Infinity : size.bytes
  }
  return {
    singleItemRecovery: own.SingleItemRecoveryEnabled !== false,
    litigationHold: own.LitigationHoldEnabled === true ? (periodOf(String(own.LitigationHoldDuration ?? '')) ?? Infinity) : undefined,
    // An archive is held with the mailbox that it belongs to.
    holds: await holdsInForce(tx, organisation, owner?.mailbox || mailbox),
    retention: retentionOf(owner, String(database?.DeletedItemRetention ?? '')),
    warning: bytes('RecoverableItemsWarningQuota'),
    most: bytes('RecoverableItemsQuota'),
  }
}

function retentionOf(owner: Recipient | undefined, ofDatabase: string): number {
  const { UseDatabaseRetentionDefaults: follows, RetainDeletedItemsFor: own } = owner?.kept ?? {}
  const given = follows === true || own === undefined ? ofDatabase : String(own)
  return TimeSpan.parse(given)?.ms ?? 14 * day
}

/** True while anything holds the mailbox: then nothing gives way for what comes after it. */
export const isHeldMailbox = ({ litigationHold, holds }: Keeping): boolean => litigationHold !== undefined || holds.length > 0

/** True while the litigation hold keeps the item. */
export function isHeldItem(keeping: Keeping, row: Pick<ItemRow, 'received' | 'created'>, now: Instant): boolean {
  return keeping.litigationHold !== undefined && (row.received ?? row.created) + keeping.litigationHold > now
}

/** True while the item must not go, whoever asks: a hold keeps it, as the transaction sees it. */
export async function isHeld(tx: ReadTx, keeping: Keeping, row: ItemRow, now: Instant): Promise<boolean> {
  return isHeldItem(keeping, row, now) || (keeping.holds.length > 0 && (await isHeldByQuery(tx, keeping.holds, row, now)))
}

/** When an item that was deleted at this moment has been kept long enough. */
export function keptUntil(keeping: Keeping, kind: ItemKind, deleted: Instant): Instant {
  return deleted + (kind === 'calendar' ? Math.max(calendarRetention, keeping.retention) : keeping.retention)
}

/** What was deleted before this moment has been kept long enough, of whatever kind; 0 while the mailbox is on hold. */
export function keptSince(keeping: Keeping, now: Instant): Instant {
  return !isHeldMailbox(keeping) ? now - Math.max(calendarRetention, keeping.retention) : 0
}
