import type { Caller, ExtendedValue, Instant, Properties } from '#model'
import type { FolderPermission, FolderRow, ItemRow, NewItem, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { placeOf, wayTo, type Place } from '../folders/place.ts'
import { recoverableFolder } from './folder.ts'

/** The class of the items by which a mailbox remembers the folders that were removed for good. */
const deletedFolderClass = 'IPM.Isthmus.DeletedFolder'
/** Where they lie, as its associated items: a folder of the server's own, which nobody opens, whose items nobody names, and nobody empties. */
const home = 'audits'
/** How many removed folders a mailbox remembers; of more, the oldest are forgotten. */
const most = 20_000
/** How many are forgotten in one write. */
const forgottenAtOnce = 100
const pageSize = 200
/** Folders are followed that many times from one that is gone to the one that stands for it. */
const hops = 300

/** A folder as it was when it was removed for good. */
export interface RemovedFolder {
  folder: number
  /** The folder whose removal took it along; its own number, if it was that itself. */
  top: number
  /** The folder above it, the last time that it lay outside of Deleted Items. */
  parent: number
  /** Names from the top of what people see, its own last. */
  path: string[]
  folderClass: string | null
  hidden: boolean
  created: Instant
  properties: Properties
  extended: Record<string, ExtendedValue>
  permissions: FolderPermission[]
  /** Items in it when its removal began. */
  items: number
  began: Instant
  by: string
  restoredAs?: number
}

/** The removal of a folder tree. */
export interface Removal {
  top: number
  began: Instant
  by: string
  /** As it was before anything was removed. */
  tree: ReadonlyMap<number, { path: string[]; items: number }>
}

/** What is to be remembered of the removal of a tree; `tree` = the folder and all below it, parents first. */
export async function removalOf(
  ctx: Pick<MailboxContext, 'clock'>,
  tx: ReadTx,
  caller: Caller,
  tree: readonly FolderRow[],
): Promise<Removal> {
  const paths = new Map<number, { path: string[]; items: number }>()
  for (const row of tree) {
    const above = paths.get(row.parent)?.path ?? (await pathOf(tx, row.mailbox, await activeParent(tx, row)))
    paths.set(row.id, { path: [...above, row.name], items: row.total })
  }
  return { top: tree[0]?.id ?? 0, began: ctx.clock(), by: caller.name || caller.address, tree: paths }
}

/** Remembers a folder in the write that removes it, and forgets some of those that nobody can bring anything back to any more. */
export async function rememberFolder(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  removal: Removal,
  folder: FolderRow,
  forgetBefore: Instant,
): Promise<void> {
  // Public folders have no Recoverable Items.
  if (!(await tx.folders.byKind(folder.mailbox, 'recoverableitemsroot'))) return
  const { id: at } = await recoverableFolder(tx, folder.mailbox, home, ctx.clock())
  await forgetFolders(tx, folder.mailbox, forgetBefore, forgottenAtOnce)
  const { path = [folder.name], items = 0 } = removal.tree.get(folder.id) ?? {}
  const { $lastActiveParent: _, ...properties } = folder.properties
  const { folderClass, hidden, created, extended, permissions } = folder
  const parent = folder.id === removal.top ? await activeParent(tx, folder) : folder.parent
  const { top, began, by } = removal
  const record: RemovedFolder = {
    ...{ folder: folder.id, top, parent, path, folderClass, hidden, created, properties, extended, permissions, items, began, by },
  }
  await tx.items.insert({ ...rowOf(record, ctx.clock()), mailbox: folder.mailbox, folder: at }, '')
}

/** The record as an associated item: found by `start`, its number, and `end`, that of the tree's top; its time is `received`. */
function rowOf(record: RemovedFolder, now: Instant): Omit<NewItem, 'mailbox' | 'folder'> {
  const name = record.path.at(-1) ?? ''
  const properties = { $removedFolder: record }
  return {
    ...{ kind: 'message', itemClass: deletedFolderClass, associated: true, subject: name, start: record.folder, end: record.top },
    ...{ created: now, modified: now, received: now, sent: null, size: JSON.stringify(properties).length },
    ...{ isRead: true, isDraft: false, hasAttachments: false, importance: 1, sensitivity: 0, flagStatus: 0, isRecurring: false },
    ...{ fromName: '', displayTo: '', displayCc: '', messageId: '', conversation: '', uid: '', reminder: null },
    ...{ properties, extended: {}, mime: null, mimeSize: 0, body: null },
  }
}

/** Forgets folders that were removed before the moment, and the oldest of too many; at most `limit` of each. Returns how many. */
export async function forgetFolders(tx: WriteTx, mailbox: string, before: Instant, limit: number): Promise<number> {
  const there = await tx.folders.byKind(mailbox, home)
  if (!there || there.associatedTotal === 0) return 0
  const many = there.associatedTotal - most
  const oldest = await tx.items.heads({
    ...{ mailbox, folders: [there.id], associated: true, order: [{ column: 'received' as const, descending: false }] },
    ...(many > 0 ? {} : { where: { column: 'received' as const, is: '<' as const, value: before } }),
    limit: many > 0 ? Math.min(limit, many + 1) : limit,
  })
  for (const { id } of oldest) await tx.items.remove(mailbox, id)
  return oldest.length
}

/** The removed folder with this number. */
export async function removedFolder(
  tx: ReadTx,
  mailbox: string,
  folder: number,
): Promise<{ row: ItemRow; record: RemovedFolder } | undefined> {
  const there = await tx.folders.byKind(mailbox, home)
  if (!there || there.associatedTotal === 0) return undefined
  const rows = await tx.items.rows({
    ...{ mailbox, folders: [there.id], associated: true, order: [{ column: 'start' as const, descending: true }] },
    ...{ where: { column: 'start' as const, is: '=' as const, value: folder }, limit: 1 },
  })
  return rows.map(recordOf)[0]
}

/** The removed folders of the mailbox, the latest first, some at a time. */
export async function* removedFolders(
  { store }: Pick<MailboxContext, 'store'>,
  mailbox: string,
  top?: number,
): AsyncGenerator<RemovedFolder[]> {
  const order = [{ column: 'received' as const, descending: true }]
  const where = top === undefined ? {} : { where: { column: 'end' as const, is: '=' as const, value: top } }
  for (let after: (string | number | null)[] | undefined; ;) {
    const page = await store.read(async (tx) => {
      const there = await tx.folders.byKind(mailbox, home)
      if (!there) return { found: [], next: undefined }
      const scan = { mailbox, folders: [there.id], associated: true, order, ...where, limit: pageSize, ...(after ? { after } : {}) }
      const rows = await tx.items.rows(scan)
      const last = rows.at(-1)
      return { found: rows.map((row) => recordOf(row).record), next: last && tx.items.scanKey(last, order) }
    })
    if (page.found.length > 0) yield page.found
    if (!page.next) return
    after = page.next
  }
}

function recordOf(row: ItemRow): { row: ItemRow; record: RemovedFolder } {
  return { row, record: row.properties.$removedFolder as unknown as RemovedFolder }
}

/** Remembers what stands for a removed folder from now on. */
export async function rememberRestored(
  tx: WriteTx,
  { row, record }: { row: ItemRow; record: RemovedFolder },
  folder: number,
): Promise<void> {
  const properties = { ...row.properties, $removedFolder: { ...record, restoredAs: folder } }
  await tx.items.update(row.mailbox, row.id, { properties })
}

/** A folder that something lay in once: as it is now, where items can go there; else the names that it had, where they are known. */
export interface LastFolder {
  folder?: FolderRow
  path?: string[]
}

/** What a folder's number stands for by now: itself, what was made of it when it was brought back, or nothing that items can go to. */
export async function lastFolder(tx: ReadTx, mailbox: string, number: number): Promise<LastFolder> {
  for (let hop = 0, at = number; hop < hops; hop++) {
    const row = await tx.folders.get(mailbox, at)
    if (row) {
      const path = await pathOf(tx, mailbox, row.id)
      return (await placeOf(tx, row)) === 'other' && !isSearchFolder(row) ? { folder: row, path } : { path }
    }
    const removed = await removedFolder(tx, mailbox, at)
    if (removed?.record.restoredAs === undefined) return removed ? { path: removed.record.path } : {}
    at = removed.record.restoredAs
  }
  return {}
}

/** The nearest folder from here upwards that people still use: the one itself, one above it, at last the top of all. */
export async function livingAncestor(tx: ReadTx, mailbox: string, number: number): Promise<FolderRow | undefined> {
  for (let hop = 0, at = number; hop < hops && at !== 0; hop++) {
    const row = await tx.folders.get(mailbox, at)
    if (row && (await placeOf(tx, row)) === 'other') return row
    if (row) at = await activeParent(tx, row)
    else {
      const removed = await removedFolder(tx, mailbox, at)
      at = removed?.record.restoredAs ?? removed?.record.parent ?? 0
    }
  }
  return tx.folders.byKind(mailbox, 'msgfolderroot')
}

/** The folder above; of one that was moved to Deleted Items, the one that it lay in before. */
async function activeParent(tx: ReadTx, row: FolderRow): Promise<number> {
  const { $lastActiveParent: stamp } = row.properties
  if (typeof stamp === 'number' && (await placeOf(tx, row)) === 'deleted') return stamp
  const above = await tx.folders.get(row.mailbox, row.parent)
  return above?.kind === 'deleteditems' ? above.parent : row.parent
}

/** A folder's properties after its move, with the folder that it lay in before it was moved to Deleted Items. */
export function stampedFolder({ properties, parent }: FolderRow, before: Place, after: Place): Properties {
  const { $lastActiveParent: known, ...others } = properties
  if (after !== 'deleted') return others
  const stamp = before === 'deleted' ? known : parent
  return stamp === undefined ? others : { ...others, $lastActiveParent: stamp }
}

/** The names of a folder and those above it, from the top of what people see. */
export async function pathOf(tx: ReadTx, mailbox: string, number: number): Promise<string[]> {
  return (await wayTo(tx, await tx.folders.get(mailbox, number))).map(({ name }) => name)
}
