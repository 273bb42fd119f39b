import { setImmediate } from 'node:timers/promises'
import type { Instant } from '#model'
import type { ItemHead, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { AuditRecord, TimelineOf } from './contract.ts'
import { itemKey } from './entry.ts'
import { auditPage, recordsAbout } from './records.ts'

/** Items of one message id, and entries that are looked through for those that are gone. */
export const mostItems = 50
const mostScanned = 50_000
/** Versions of an item that its timeline tells of, and items and versions of one message id that are looked through for them. */
const mostVersions = 100
const mostHeads = 5_000
const pageSize = 500

/** An item that there is, or that the audit log knows: its key, and its row while there is one. */
export interface KnownItem {
  key: number
  row?: ItemRow
}

/** The items that a question means: those that lie in the mailbox, then those that the log alone knows. */
export async function itemsMeant(ctx: MailboxContext, of: TimelineOf, oldest: Instant): Promise<KnownItem[]> {
  const known = await ctx.store.read((tx) => ('item' in of ? byNumber(tx, of, oldest) : byMessageId(tx, of.mailbox, of.messageId)))
  if ('item' in of && known.length > 0) return known
  const keys = new Set(known.map(({ key }) => key))
  for await (const { item } of everyRecord(ctx, of.mailbox, oldest, ({ item, was }) =>
    'item' in of ? item?.id === of.item || was === of.item : item?.messageId === of.messageId,
  )) {
    if (!item || item.key === 0 || keys.has(item.key) || keys.size >= mostItems) continue
    keys.add(item.key)
    known.push(await ctx.store.read((tx) => withRow(tx, of.mailbox, item)))
    if ('item' in of) break
  }
  return known
}

/** By its number now, or that of a version that is kept of it, else by the one that it is known by in the log. */
async function byNumber(tx: ReadTx, { mailbox, item }: { mailbox: string; item: number }, oldest: Instant): Promise<KnownItem[]> {
  const row = await tx.items.get(mailbox, item)
  if (row) return [(await isVersion(tx, row)) ? await itemOf(tx, row) : { key: itemKey(row), row }]
  const about = (await recordsAbout(tx, mailbox, item, oldest)).findLast((record) => record.item)
  return about?.item ? [await withRow(tx, mailbox, about.item)] : []
}

const isVersion = async (tx: ReadTx, row: ItemRow): Promise<boolean> =>
  (await tx.folders.get(row.mailbox, row.folder))?.kind === 'recoverableitemsversions'

/** The item that a version is of. */
async function itemOf(tx: ReadTx, version: ItemRow): Promise<KnownItem> {
  const key = itemKey(version)
  return (await byMessageId(tx, version.mailbox, version.messageId)).find((one) => one.key === key) ?? { key }
}

/** The items of a message id, the oldest first; old versions of them are none. */
async function byMessageId(tx: ReadTx, mailbox: string, messageId: string): Promise<KnownItem[]> {
  const { items } = await headsOf(tx, mailbox, messageId)
  const rows = await tx.items.getMany(mailbox, items.slice(0, mostItems).map(({ id }) => id)) // prettier-ignore
  return rows.map((row) => ({ key: itemKey(row), row }))
}

/** The newest versions that are kept of an item, the oldest first; of an item without a message id, which nothing else names them by, none. */
export async function versionsOf(tx: ReadTx, row: ItemRow): Promise<ItemRow[]> {
  const { versions } = await headsOf(tx, row.mailbox, row.messageId)
  const rows = await tx.items.getMany(row.mailbox, versions.slice(-mostVersions).map(({ id }) => id)) // prettier-ignore
  return rows.filter((version) => itemKey(version) === itemKey(row))
}

/** Items and versions of a message id, as many as are looked at. */
async function headsOf(tx: ReadTx, mailbox: string, messageId: string): Promise<{ items: ItemHead[]; versions: ItemHead[] }> {
  const folder = (await tx.folders.byKind(mailbox, 'recoverableitemsversions'))?.id
  const heads: ItemHead[] = []
  for (let more = messageId !== ''; more && heads.length < mostHeads;) {
    const page = await tx.items.byMessageId(mailbox, messageId, pageSize, heads.at(-1)?.id)
    heads.push(...page)
    more = page.length === pageSize
  }
  const { items = [], versions = [] } = Object.groupBy(heads, (head) => (head.folder === folder ? 'versions' : 'items'))
  return { items, versions }
}

/** An item of the log with its row: under the number of its last entry, or wherever its message id leads. */
async function withRow(tx: ReadTx, mailbox: string, item: NonNullable<AuditRecord['item']>): Promise<KnownItem> {
  const there = await tx.items.get(mailbox, item.id)
  const found = there ? [there] : item.messageId ? (await byMessageId(tx, mailbox, item.messageId)).map(({ row }) => row!) : []
  const row = found.find((one) => itemKey(one) === item.key)
  return { key: item.key, ...(row ? { row } : {}) }
}

/** The entries that fit, newest first, as far back as is looked; others have their turn between the pages. */
async function* everyRecord(
  ctx: MailboxContext,
  mailbox: string,
  oldest: Instant,
  fits: (record: AuditRecord) => boolean,
): AsyncGenerator<AuditRecord> {
  let after: (string | number | null)[] | undefined
  for (let scanned = 0; scanned < mostScanned; scanned += pageSize) {
    const { records, next } = await ctx.store.read((tx) => auditPage(tx, { mailbox, limit: pageSize, ...(after ? { after } : {}) }, oldest))
    yield* records.filter(fits)
    if (!next) return
    after = next
    await setImmediate()
  }
}
