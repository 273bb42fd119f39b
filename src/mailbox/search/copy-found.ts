import { folderRights, Refusal, type Caller, type Properties } from '#model'
import type { FolderRow, ItemRow, Store, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { itemKey } from '../audit/entry.ts'
import type { MailboxContext } from '../context.ts'
import type { FolderRef } from '../contract.ts'
import { wayTo } from '../folders/place.ts'
import { folderFor } from '../folders/resolve.ts'
import { prepareRow } from '../items/move-item.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { insertItem, loadItem } from '../items/stored.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { takingInto, type Taking } from '../quotas/gauge.ts'
import type { CopiedStep, SearchVerbs } from './contract.ts'

/** Bytes after which one write takes no more, and how often one is tried. */
const most = { bytes: 16 * 1024 ** 2, attempts: 5 } as const

interface Copying {
  ctx: MailboxContext
  source: Access
  target: Access
  to: FolderRef
  take: Taking
  run: string
  /** What has a higher number came, or was moved, since the run began. */
  begun: number
  /** Keys of what is copied already, where something was moved since. */
  copied?: Set<number>
}

/** `copyFound` of the contract. */
export async function* copyFound(
  ctx: MailboxContext,
  caller: Caller,
  { mailbox, items, run, begun = Infinity }: Parameters<SearchVerbs['copyFound']>[1],
  to: FolderRef,
): AsyncGenerator<CopiedStep> {
  if (to.mailbox === mailbox) throw new Refusal('InvalidArgument', 'What is found is copied to another mailbox.', { mailbox })
  const [source, target] = [await accessTo(ctx, caller, mailbox), await accessTo(ctx, caller, to.mailbox)]
  // The server's own rights end with the organisation.
  if (!source.owner || !target.owner) throw new Refusal('NonExistentMailbox', 'There is no such mailbox in your organisation.')
  if (!source.full) throw new Refusal('AccessDenied', 'Who copies out of a whole mailbox needs full access to it.', { mailbox })
  const copying: Copying = { ctx, source, target, to, run, begun, take: await takingInto(ctx, target) }
  const sorted = items.toSorted((a, b) => a - b)
  const root = await ctx.store.read((tx) => folderFor(tx, target, to, 'ToFolderNotFound'))
  const done = doneIn(root, run)
  let at = sorted.findIndex((id) => id > done.upTo)
  if (at !== 0 && done.items > 0) yield { copied: 0, gone: 0, sum: done.items }
  if (at === -1) return
  for (let attempt = 1; at < sorted.length;) {
    const prepared = await prepareSome(copying, sorted.slice(at, at + itemsOfOneWrite))
    const hasMoved = prepared.some(({ id, ready }) => id > begun && ready && itemKey(ready.row) <= begun)
    if (hasMoved) copying.copied ??= await copiedKeys(ctx.store, root)
    const step = await ctx.store.write((tx) => copySome(tx, copying, prepared))
    if (step.upTo === undefined) {
      // Somebody changed the first one between reading and writing it.
      if (attempt++ === most.attempts) throw new Refusal('StaleObject', 'An item was changed again and again while it was copied.')
      continue
    }
    attempt = 1
    const { upTo } = step
    while (sorted[at]! <= upTo) at++
    yield { copied: step.copied, gone: step.gone, sum: step.sum }
  }
}

/** How far a run is that copies to below a folder: the number of the last item that it looked at, and how many it has copied. */
interface Done {
  upTo: number
  items: number
}

function doneIn({ properties }: Pick<FolderRow, 'properties'>, run: string): Done {
  return (properties.$copied as Record<string, Done> | undefined)?.[run] ?? { upTo: 0, items: 0 }
}

/** What the items below a folder are copies of, in bounded steps. */
async function copiedKeys(store: Pick<Store, 'read'>, { mailbox, id }: FolderRow): Promise<Set<number>> {
  const keys = new Set<number>()
  const folders = await store.read(async (tx) => (await tx.folders.tree(mailbox, id)).map((folder) => folder.id))
  const scan = { mailbox, folders, associated: false, order: [{ column: 'id' as const, descending: false }], limit: page }
  let rows: ItemRow[] = []
  do {
    const where = { column: 'id' as const, is: '>' as const, value: rows.at(-1)?.id ?? 0 }
    rows = await store.read((tx) => tx.items.rows({ ...scan, where }))
    for (const { properties } of rows) if (properties.$copyOf !== undefined) keys.add(Number(properties.$copyOf))
  } while (rows.length === page)
  return keys
}
const page = 500

interface Prepared {
  id: number
  /** Absent = it is gone. */
  ready?: { row: ItemRow; item: PreparedItem }
}

/** Items made ready for another mailbox, as they stand: the first of them, as many as fit. */
async function prepareSome({ ctx, source: { mailbox } }: Copying, ids: readonly number[]): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  let bytes = 0
  for (const id of ids) {
    const found = await ctx.store.read(async (tx) => {
      const row = await tx.items.get(mailbox, id)
      return row && { row, item: await loadItem(tx, row) }
    })
    prepared.push({ id, ...(found ? { ready: { row: found.row, item: await prepareRow(ctx, found.row, found.item) } } : {}) })
    if (found && (bytes += found.row.size) >= most.bytes) break
  }
  return prepared
}

/** One write; ends before an item that was changed since it was read. `upTo` undefined = the first was. */
async function copySome(tx: WriteTx, copying: Copying, some: readonly Prepared[]): Promise<CopiedStep & { upTo?: number }> {
  const { ctx, source, target, to, run, take } = copying
  // Both mailboxes in one order, as every writer of several takes them.
  for (const mailbox of [source.mailbox, to.mailbox].toSorted()) await tx.folders.byKind(mailbox, 'root')
  const root = await folderFor(tx, target, to, 'ToFolderNotFound')
  requireRights(target, root, folderRights.create | folderRights.createSubfolder)
  const done = doneIn(root, run)
  const folders = new Map<number, FolderRow>()
  let [copied, gone]: [number, number] = [0, 0]
  let upTo: number | undefined
  const result = () => ({ copied, gone, sum: done.items + copied, ...(upTo === undefined ? {} : { upTo }) })
  for (const { id, ready } of some) {
    const now = ready && (await tx.items.get(source.mailbox, id))
    if (now && now.change !== ready.row.change) break
    const from = now && (await tx.folders.get(source.mailbox, now.folder))
    upTo = id
    if (id <= done.upTo) continue
    if (!ready || !now || !from) {
      gone++
      continue
    }
    const key = itemKey(now)
    // Versions have the key of their item, and stay where they are.
    const isVersion = from.kind === 'recoverableitemsversions'
    if (id > copying.begun && (isVersion || key > copying.begun || copying.copied?.has(key))) continue
    const folder = folders.get(from.id) ?? (await folderLike(tx, ctx, root, from))
    folders.set(from.id, folder)
    await take(tx, now.size, folder)
    await insertItem(tx, to.mailbox, folder.id, {
      ...ready.item,
      row: { ...ready.item.row, ...asItWas(now, ready.item, isVersion ? {} : { $copyOf: key }) },
    })
    await audit(tx, ctx, source, { operation: 'Copy', item: now, folder: from, to: folder })
    copied++
  }
  if (upTo === undefined || upTo <= done.upTo) return result()
  const { properties } = (await tx.folders.get(to.mailbox, root.id)) ?? root
  const $copied = { ...(properties.$copied as object | undefined), [run]: { upTo, items: done.items + copied } }
  await tx.folders.update(to.mailbox, root.id, { properties: { ...properties, $copied } })
  return result()
}

/** When the item was made and changed, and by whom: the copy says the same, and what it is a copy of. */
function asItWas(
  { created, modified, properties }: ItemRow,
  { row }: PreparedItem,
  of: Properties,
): { created: number; modified: number; properties: Properties } {
  return { created, modified, properties: { ...row.properties, lastModifiedName: properties.lastModifiedName ?? '', ...of } }
}

/** The folder below another that is named as a folder of the other mailbox and lies as it does. Made where it is not. */
async function folderLike(tx: WriteTx, { clock }: Pick<MailboxContext, 'clock'>, root: FolderRow, folder: FolderRow): Promise<FolderRow> {
  let at = root
  for (const { name, folderClass } of await wayTo(tx, folder)) {
    const { mailbox, id: parent, permissions } = at
    at =
      (await tx.folders.childNamed(mailbox, parent, name)) ??
      (await tx.folders.insert({ mailbox, parent, kind: '', name, folderClass, hidden: false, created: clock(), permissions }))
  }
  return at
}
