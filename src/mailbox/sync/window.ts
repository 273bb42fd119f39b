/** [MS-OXWSSYNC] 3.1.4.2.3.8: which items of a folder a sync tells of, by how lately they were received. */
import { day, type Instant } from '#model'
import type { ColumnCondition, FolderRow, ItemHead, ReadTx } from '#store'

/** What a client says of it; a number that is not positive says nothing. */
export interface SyncWindow {
  /** Those of the last so many days (MS-OXWSSYNC_R3900) … */
  days?: number
  /** … but no more than so many, the newest of them (MS-OXWSSYNC_R3901) … */
  most?: number
  /** … and no fewer than so many, where there are (MS-OXWSSYNC_R3902). */
  least?: number
}

/** The items that are told. */
export interface Inside {
  /** What columns can say of it; may let more through. */
  where: ColumnCondition
  holds(row: Pick<ItemHead, 'id' | 'received' | 'associated'>): boolean
}

const positive = (value: number | undefined): value is number => value !== undefined && value > 0

/** Since when items count as new; undefined = always. */
export function sinceOf({ days }: SyncWindow, now: Instant): Instant | undefined {
  return positive(days) ? now - days * day : undefined
}

/** How many of the newest are told when so many are new. */
export function sizeOf({ most, least }: SyncWindow, recent: number): number {
  return Math.min(positive(least) ? Math.max(recent, least) : recent, positive(most) ? most : Infinity)
}

/** The window of a folder as it is now; undefined = everything is told. Costs a count and one row. */
export async function insideOf(tx: ReadTx, folder: FolderRow, window: SyncWindow, now: Instant): Promise<Inside | undefined> {
  const since = sinceOf(window, now)
  if (since === undefined && !positive(window.most)) return undefined
  const scan = { mailbox: folder.mailbox, folders: [folder.id], associated: false }
  const where: ColumnCondition = { column: 'received', is: '>=', value: since ?? 0 }
  const size = sizeOf(window, since === undefined ? Infinity : await tx.items.count({ ...scan, where }))
  if (size === 0) return { where: { column: 'received', is: '>', value: now + 1000 * 366 * day }, holds: ({ associated }) => associated }
  const [oldest] = await tx.items.heads({ ...scan, order: [{ column: 'received', descending: true }], skip: size - 1, limit: 1 })
  if (!oldest) return undefined
  const { received, id } = oldest
  return {
    where: { column: 'received', is: '>=', value: received },
    holds: (row) => row.associated || row.received > received || (row.received === received && row.id >= id),
  }
}
