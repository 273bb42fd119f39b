import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import type { FolderRef, Outcome } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { placeOf } from '../folders/place.ts'
import { folderFor } from '../folders/resolve.ts'
import { requireItemRight, targetItem, type Target } from '../items/target.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import type { RecoverableItem, RecoverableQuery, RestoredItem, RestorePlan, RestoreReason } from './contract.ts'
import { lastFolder, pathOf } from './deleted-folders.ts'
import { findRecoverable, mayOpen, sourceOf } from './find-recoverable.ts'
import { lastActiveParent, relocate } from './relocate.ts'

/** How often an item is followed from where it lay to where it went. */
const hops = 4
/** How far back is looked for where an item went. */
const traces = 2_000

/** The default folder of an item's type (source R2); mail, posts and everything else go to the Inbox. */
const defaultKinds: readonly [RegExp, string][] = [
  [/^IPM\.Appointment(\.|$)/i, 'calendar'],
  [/^IPM\.(Contact|DistList)(\.|$)/i, 'contacts'],
  [/^IPM\.Task(\.|$)/i, 'tasks'],
  [/^IPM\.StickyNote(\.|$)/i, 'notes'],
  [/^IPM\.Activity(\.|$)/i, 'journal'],
]

interface Destination {
  folder: FolderRow
  why: RestoreReason
}

/** Where items go, as one transaction sees it: each folder is looked up once. */
interface Destinations {
  of(row: Pick<ItemRow, 'itemClass' | 'properties'>): Promise<Destination>
  pathOf(folder: FolderRow): Promise<readonly string[]>
}

function destinationsIn(tx: ReadTx, mailbox: string, to?: FolderRow): Destinations {
  const defaults = new Map<string, FolderRow>()
  const lasts = new Map<number, FolderRow | undefined>()
  const paths = new Map<number, readonly string[]>()
  async function defaultFor(itemClass: string): Promise<FolderRow> {
    const kind = defaultKinds.find(([form]) => form.test(itemClass))?.[1] ?? 'inbox'
    const folder = defaults.get(kind) ?? (await tx.folders.byKind(mailbox, kind)) ?? (await tx.folders.byKind(mailbox, 'inbox'))
    if (!folder) throw new Refusal('FolderNotFound', 'The mailbox has no Inbox to restore to.', { mailbox })
    defaults.set(kind, folder)
    return folder
  }
  return {
    async of(row) {
      if (to) return { folder: to, why: 'TargetFolder' }
      const number = lastActiveParent(row)
      if (number === undefined) return { folder: await defaultFor(row.itemClass), why: 'NoLastFolder' }
      if (!lasts.has(number)) lasts.set(number, (await lastFolder(tx, mailbox, number)).folder)
      const folder = lasts.get(number)
      return folder ? { folder, why: 'OriginalFolder' } : { folder: await defaultFor(row.itemClass), why: 'LastFolderGone' }
    },
    async pathOf(folder) {
      const known = paths.get(folder.id) ?? (await pathOf(tx, mailbox, folder.id))
      paths.set(folder.id, known)
      return known
    },
  }
}

/** The folder that was asked for. In Deleted Items, in Recoverable Items, or a search folder → MoveCopyFailed. */
async function targetFor(tx: ReadTx, access: Access, to: FolderRef | undefined): Promise<FolderRow | undefined> {
  if (!to) return undefined
  if (to.mailbox !== access.mailbox)
    throw new Refusal('MoveCopyFailed', 'Items are restored within their mailbox.', { mailbox: access.mailbox })
  const folder = await folderFor(tx, access, to, 'ToFolderNotFound')
  if ((await placeOf(tx, folder)) === 'other' && !isSearchFolder(folder)) return folder
  throw new Refusal('MoveCopyFailed', `Nothing is restored to '${folder.name}': it holds what is deleted, or shows what lies elsewhere.`)
}

/** `restoreItems` of the contract. */
export async function restoreItems(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  items: readonly number[],
  to?: FolderRef,
): Promise<Outcome<RestoredItem>[]> {
  const access = await accessTo(ctx, caller, mailbox)
  const outcomes: Outcome<RestoredItem>[] = []
  for (let at = 0; at < items.length; at += itemsOfOneWrite) {
    outcomes.push(...(await restoreTogether(ctx, access, items.slice(at, at + itemsOfOneWrite), to)))
  }
  return outcomes
}

/** One write; what is refused is refused before anything of it is changed. */
function restoreTogether(
  ctx: MailboxContext,
  access: Access,
  items: readonly number[],
  to: FolderRef | undefined,
): Promise<Outcome<RestoredItem>[]> {
  return ctx.store.write(async (tx) => {
    const target = await targetFor(tx, access, to)
    const destinations = destinationsIn(tx, access.mailbox, target)
    const outcomes: Outcome<RestoredItem>[] = []
    for (const item of items) {
      try {
        outcomes.push(await restoreOne(tx, ctx, access, item, destinations))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        outcomes.push(error)
      }
    }
    return outcomes
  })
}

async function restoreOne(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  item: number,
  destinations: Destinations,
): Promise<RestoredItem> {
  const from = await targetNow(tx, access, item)
  const place = await placeOf(tx, from.folder)
  if (place === 'other') return restoredTo(from.row, from.folder, 'AlreadyRestored', destinations)
  // What lies in a folder in Deleted Items is deleted as well.
  const source = place === 'deleted' ? 'DeletedItems' : sourceOf(from.folder)
  if (!source) throw new Refusal('ItemNotFound', `Nothing is brought back from '${from.folder.name}'.`, { item })
  if (!mayOpen(access, source)) throw new Refusal('AccessDenied', `Administrators alone bring something back from ${source}.`, { item })
  if (from.row.associated) throw new Refusal('ItemNotFound', 'There is no such item.', { item })
  requireItemRight(from, 'delete')
  const { folder, why } = await destinations.of(from.row)
  requireRights(access, folder, folderRights.create, 'CreateItemAccessDenied')
  const row = await relocate(tx, ctx, from.row, from.folder, folder, access, { places: { before: place, after: 'other' } })
  return restoredTo(row, folder, why, destinations)
}

async function restoredTo(row: ItemRow, folder: FolderRow, why: RestoreReason, destinations: Destinations): Promise<RestoredItem> {
  return { ref: { mailbox: row.mailbox, id: row.id }, folder: { id: folder.id, path: await destinations.pathOf(folder) }, why }
}

/** The item by whatever number it has by now: whoever moved it left a trace in the folder that it lay in, under the number that it got. */
async function targetNow(tx: ReadTx, access: Access, item: number): Promise<Target> {
  for (let hop = 0, at = item; ; hop++) {
    try {
      return await targetItem(tx, access, { mailbox: access.mailbox, id: at })
    } catch (error) {
      const next =
        error instanceof Refusal && error.code === 'ItemNotFound' && hop < hops ? await traceOf(tx, access.mailbox, at) : undefined
      if (next === undefined) throw error
      at = next
    }
  }
}

async function traceOf(tx: ReadTx, mailbox: string, item: number): Promise<number | undefined> {
  for (const kind of ['deleteditems', 'recoverableitemsdeletions', 'recoverableitemspurges', 'recoverableitemsdiscoveryholds']) {
    const folder = await tx.folders.byKind(mailbox, kind)
    const left = folder ? await tx.items.removedSince(mailbox, folder.id, item, traces) : []
    const trace = left.find(({ id }) => id === item)
    if (trace) return trace.change
  }
  return undefined
}

/** `restoreFound` of the contract. */
export async function* restoreFound(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  query: RecoverableQuery,
  { to, limit = Infinity }: { to?: FolderRef; limit?: number } = {},
): AsyncGenerator<{ found: RecoverableItem; outcome: Outcome<RestoredItem> }[]> {
  const access = await accessTo(ctx, caller, mailbox)
  let left = limit
  for await (const page of findRecoverable(ctx, caller, mailbox, query)) {
    for (let at = 0; at < page.length && left > 0; at += itemsOfOneWrite) {
      const some = page.slice(at, at + Math.min(itemsOfOneWrite, left))
      const outcomes = await restoreTogether(ctx, access, some.map(({ ref }) => ref.id), to) // prettier-ignore
      left -= some.length
      yield some.map((found, index) => ({ found, outcome: outcomes[index]! }))
    }
    if (left <= 0) return
  }
}

/** `planRestore` of the contract. */
export async function planRestore(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  query: RecoverableQuery,
  { to, limit = Infinity }: { to?: FolderRef; limit?: number } = {},
): Promise<RestorePlan> {
  const access = await accessTo(ctx, caller, mailbox)
  const targets = new Map<string, RestorePlan['targets'][number]>()
  let items = 0
  for await (const page of findRecoverable(ctx, caller, mailbox, query)) {
    const some = page.slice(0, Math.max(0, limit - items))
    if (some.length > 0) await ctx.store.read((tx) => addToPlan(tx, access, some, to, targets))
    items += some.length
    if (some.length < page.length) return { targets: [...targets.values()], items, more: true }
  }
  return { targets: [...targets.values()], items, more: false }
}

async function addToPlan(
  tx: ReadTx,
  access: Access,
  items: readonly RecoverableItem[],
  to: FolderRef | undefined,
  targets: Map<string, RestorePlan['targets'][number]>,
): Promise<void> {
  const destinations = destinationsIn(tx, access.mailbox, await targetFor(tx, access, to))
  const rows = new Map((await tx.items.getMany(access.mailbox, items.map(({ ref }) => ref.id))).map((row) => [row.id, row])) // prettier-ignore
  for (const { ref } of items) {
    const row = rows.get(ref.id)
    if (!row) continue
    const { folder, why } = await destinations.of(row)
    const key = `${folder.id} ${why}`
    const target = targets.get(key) ?? { folder: { id: folder.id, path: await destinations.pathOf(folder) }, why, items: 0, size: 0 }
    target.items++
    target.size += row.size
    targets.set(key, target)
  }
}
