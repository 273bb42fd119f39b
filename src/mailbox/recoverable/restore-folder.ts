import { setImmediate } from 'node:timers/promises'
import { Refusal, type Caller } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { freeName } from '../folders/delete-folder.ts'
import { placeOf } from '../folders/place.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import type { DeletedFolder, FolderRestoreStep, RecoverableSource } from './contract.ts'
import {
  livingAncestor,
  pathOf,
  rememberRestored,
  removedFolder,
  removedFolders,
  stampedFolder,
  type RemovedFolder,
} from './deleted-folders.ts'
import { folderEntryId } from './entry-id.ts'
import { mayOpen } from './find-recoverable.ts'
import { lastActiveParent, relocate, wentWith } from './relocate.ts'

const pageSize = 200
/** Where the items of a removed folder lie. */
const sources: readonly [RecoverableSource, string][] = [
  ['RecoverableItems', 'recoverableitemsdeletions'],
  ['PurgedItems', 'recoverableitemspurges'],
]

async function wholeAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Folders are brought back by who owns the mailbox or has full access.', { mailbox })
  return access
}

/** `deletedFolders` of the contract. */
export async function deletedFolders(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<DeletedFolder[]> {
  await wholeAccess(ctx, caller, mailbox)
  const found = await inDeletedItems(ctx, mailbox)
  const trees = new Map<number, { top?: RemovedFolder; folders: number; items: number }>()
  for await (const page of removedFolders(ctx, mailbox)) {
    for (const record of page) {
      const tree = trees.get(record.top) ?? { folders: 0, items: 0 }
      trees.set(record.top, tree)
      tree.folders++
      tree.items += record.items
      if (record.folder === record.top) tree.top = record
    }
  }
  for (const { top, folders, items } of trees.values()) {
    if (!top) continue
    const { folder, path, folderClass, began, by, restoredAs } = top
    found.push({
      ...{ folder, entryId: entryIdOf(mailbox, folder), name: path.at(-1) ?? '', path, folderClass, source: 'RecoverableItems' },
      ...{ deletedOn: began, deletedBy: by, folders, items },
      ...(restoredAs === undefined ? {} : { restoredAs }),
    })
  }
  return found
}

const entryIdOf = (mailbox: string, folder: number) => Buffer.from(folderEntryId(mailbox, folder)).toString('hex').toUpperCase()

function inDeletedItems({ store }: MailboxContext, mailbox: string): Promise<DeletedFolder[]> {
  return store.read(async (tx) => {
    const bin = await tx.folders.byKind(mailbox, 'deleteditems')
    const found: DeletedFolder[] = []
    for (const row of bin ? await tx.folders.children(mailbox, bin.id) : []) {
      const tree = [row, ...(await tx.folders.tree(mailbox, row.id)).filter(({ id }) => id !== row.id)]
      const { $lastActiveParent: parent } = row.properties
      const above = typeof parent === 'number' ? await livingAncestor(tx, mailbox, parent) : undefined
      found.push({
        ...{ folder: row.id, entryId: entryIdOf(mailbox, row.id), name: row.name, folderClass: row.folderClass, source: 'DeletedItems' },
        path: [...(above ? await pathOf(tx, mailbox, above.id) : []), row.name],
        folders: tree.length,
        items: tree.reduce((all, one) => all + one.total, 0),
      })
    }
    return found
  })
}

/** `restoreFolder` of the contract. */
export async function* restoreFolder(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  folder: number,
  { earlier = false }: { earlier?: boolean } = {},
): AsyncGenerator<FolderRestoreStep> {
  const access = await wholeAccess(ctx, caller, mailbox)
  const moved = await outOfDeletedItems(ctx, access, folder)
  if (moved) return yield moved
  const tree = await treeOf(ctx, mailbox, folder)
  const stands = new Map<number, number>()
  for (const { folder: number } of tree) {
    const step = await ctx.store.write((tx) => makeAgain(tx, ctx, access, number, number === folder))
    stands.set(number, step.as)
    yield step
  }
  yield* itemsBack(ctx, access, stands, earlier)
}

/** A folder that lies in Deleted Items goes back as it is; one that did so before stays. */
async function outOfDeletedItems(ctx: MailboxContext, by: Access, folder: number): Promise<FolderRestoreStep | undefined> {
  const { mailbox } = by
  return ctx.store.write(async (tx) => {
    const row = await tx.folders.get(mailbox, folder)
    if (!row) return undefined
    const place = await placeOf(tx, row)
    if (row.kind !== '' || place === 'recoverable')
      throw new Refusal('FolderNotFound', `'${row.name}' is not deleted.`, { mailbox, folder })
    if (place === 'other') return { folder, as: row.id, path: await pathOf(tx, mailbox, row.id), why: 'AlreadyRestored' }
    const { $lastActiveParent: stamp } = row.properties
    const parent = await livingAncestor(tx, mailbox, typeof stamp === 'number' ? stamp : row.parent)
    if (!parent) throw new Refusal('FolderNotFound', 'The mailbox has no folder to restore to.', { mailbox })
    const name = await freeName(tx, parent, row.name, row.id)
    const properties = stampedFolder(row, place, 'other')
    await tx.folders.update(mailbox, row.id, { parent: parent.id, name, modified: ctx.clock(), properties })
    await audit(tx, ctx, by, { operation: 'Move', folder: row, to: parent })
    const path = await pathOf(tx, mailbox, row.id)
    return { folder, as: row.id, path, why: name === row.name ? 'Restored' : 'Renamed' }
  })
}

/** The folder and those that went with it, parents first. */
async function treeOf(ctx: MailboxContext, mailbox: string, folder: number): Promise<RemovedFolder[]> {
  const asked = await ctx.store.read((tx) => removedFolder(tx, mailbox, folder))
  if (!asked)
    throw new Refusal('FolderNotFound', 'No deleted folder has this number: its time is over, or it never was.', { mailbox, folder })
  const below = new Map<number, RemovedFolder[]>()
  for await (const page of removedFolders(ctx, mailbox, asked.record.top)) {
    for (const record of page) {
      const beside = below.get(record.parent)
      if (beside) beside.push(record)
      else below.set(record.parent, [record])
    }
  }
  const tree = [asked.record]
  const seen = new Set([folder])
  for (const { folder: parent } of tree) {
    for (const child of below.get(parent) ?? []) if (!seen.has(child.folder)) (seen.add(child.folder), tree.push(child))
  }
  return tree
}

/** Makes a removed folder again, once: what stands for it is remembered in the same write. */
async function makeAgain(
  tx: WriteTx,
  ctx: MailboxContext,
  by: Access,
  number: number,
  isTop: boolean,
): Promise<Extract<FolderRestoreStep, { as: number }>> {
  const { mailbox } = by
  const removed = await removedFolder(tx, mailbox, number)
  if (!removed) throw new Refusal('FolderNotFound', 'The deleted folder is remembered no more.', { mailbox, folder: number })
  const { record } = removed
  const there = record.restoredAs === undefined ? undefined : await tx.folders.get(mailbox, record.restoredAs)
  if (there && (await placeOf(tx, there)) === 'other') {
    return { folder: number, as: there.id, path: await pathOf(tx, mailbox, there.id), why: 'AlreadyRestored' }
  }
  const parent = await livingAncestor(tx, mailbox, record.parent)
  if (!parent) throw new Refusal('FolderNotFound', 'The mailbox has no folder to restore to.', { mailbox })
  const wanted = record.path.at(-1) ?? 'Folder'
  const name = await freeName(tx, parent, wanted, 0)
  const { folderClass, hidden, created, properties, extended, permissions } = record
  const row: FolderRow = await tx.folders.insert({
    ...{ mailbox, parent: parent.id, kind: '', name, folderClass, created, properties, extended, permissions },
    // Alone under a folder that everybody sees, a hidden one would be lost again; it is hidden where it was.
    hidden: hidden && !(isTop && parent.id !== record.parent),
  })
  await rememberRestored(tx, removed, row.id)
  await audit(tx, ctx, by, { operation: 'Move', folder: row, to: parent })
  return { folder: number, as: row.id, path: await pathOf(tx, mailbox, row.id), why: name === wanted ? 'Restored' : 'Renamed' }
}

/** Brings back what went with the folders, in bounded steps; with `earlier` what was deleted out of them before, too. */
async function* itemsBack(
  ctx: MailboxContext,
  access: Access,
  stands: ReadonlyMap<number, number>,
  earlier: boolean,
): AsyncGenerator<FolderRestoreStep> {
  const { mailbox } = access
  const goesTo = (row: ItemRow): number | undefined => {
    return stands.get(wentWith(row) ?? 0) ?? (earlier ? stands.get(lastActiveParent(row) ?? 0) : undefined)
  }
  // Numbers are given in turn: what lay in a folder when it went got its own after the folder had one.
  const oldest = Math.min(...stands.keys())
  for (const [source, kind] of sources) {
    if (!mayOpen(access, source)) continue
    for await (const rows of pagesOf(ctx, mailbox, kind, oldest)) {
      const wanted = rows.filter((row) => goesTo(row) !== undefined)
      const items = new Map<number, number>()
      for (let at = 0; at < wanted.length; at += itemsOfOneWrite) {
        const moved = await ctx.store.write((tx) => moveBack(tx, ctx, access, wanted.slice(at, at + itemsOfOneWrite), goesTo))
        for (const folder of moved) items.set(folder, (items.get(folder) ?? 0) + 1)
      }
      yield { items, seen: rows.length }
      await setImmediate()
    }
  }
}

async function* pagesOf({ store }: MailboxContext, mailbox: string, kind: string, oldest: number): AsyncGenerator<ItemRow[]> {
  const order = [{ column: 'id' as const, descending: true }]
  const columns = new Set(['id', 'mailbox', 'folder', 'modified', 'properties'] as const)
  for (let after: (string | number | null)[] | undefined; ;) {
    const page: { rows: ItemRow[]; next?: (string | number | null)[] } = await store.read(async (tx) => {
      const folder = await tx.folders.byKind(mailbox, kind)
      if (!folder) return { rows: [] }
      const where = { column: 'id' as const, is: '>' as const, value: oldest }
      const scan = { mailbox, folders: [folder.id], associated: false, where, order, columns, limit: pageSize }
      const rows = await tx.items.rows({ ...scan, ...(after ? { after } : {}) })
      const last = rows.length < pageSize ? undefined : rows.at(-1)
      return { rows, ...(last ? { next: tx.items.scanKey(last, order) } : {}) }
    })
    if (page.rows.length > 0) yield page.rows
    if (!page.next) return
    after = page.next
  }
}

/** Moves what still lies there; a folder that was deleted again meanwhile takes nothing. Returns the folder of each that was moved. */
async function moveBack(
  tx: WriteTx,
  ctx: MailboxContext,
  by: Access,
  rows: readonly ItemRow[],
  goesTo: (row: ItemRow) => number | undefined,
): Promise<number[]> {
  const moved: number[] = []
  for (const { mailbox, id, folder } of rows) {
    const row = await tx.items.get(mailbox, id)
    const to = row?.folder === folder ? await tx.folders.get(mailbox, goesTo(row) ?? 0) : undefined
    const from = to && (await tx.folders.get(mailbox, folder))
    if (!row || !to || !from || (await placeOf(tx, to)) !== 'other') continue
    await relocate(tx, ctx, row, from, to, by)
    moved.push(to.id)
  }
  return moved
}
