import { folderRights, Refusal, type Caller, type Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import type { FolderRef } from '../contract.ts'
import { wayTo } from '../folders/place.ts'
import { folderFor } from '../folders/resolve.ts'
import { prepareRow } from '../items/move-item.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { insertItem, loadItem } from '../items/stored.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { takingInto, type Taking } from '../quotas/gauge.ts'
import type { CopiedStep } from './contract.ts'

/** Items of one write, and the bytes after which it takes no more. */
const most = { items: 20, bytes: 16 * 1024 ** 2, attempts: 5 } as const

interface Copying {
  ctx: MailboxContext
  source: Access
  target: Access
  to: FolderRef
  take: Taking
  run: string
}

/** `copyFound` of the contract. */
export async function* copyFound(
  ctx: MailboxContext,
  caller: Caller,
  { mailbox, items, run }: { mailbox: string; items: readonly number[]; run: string },
  to: FolderRef,
): AsyncGenerator<CopiedStep> {
  if (to.mailbox === mailbox) throw new Refusal('InvalidArgument', 'What is found is copied to another mailbox.', { mailbox })
  const [source, target] = [await accessTo(ctx, caller, mailbox), await accessTo(ctx, caller, to.mailbox)]
  // The server's own rights end with the organisation.
  if (!source.owner || !target.owner) throw new Refusal('NonExistentMailbox', 'There is no such mailbox in your organisation.')
  if (!source.full) throw new Refusal('AccessDenied', 'Who copies out of a whole mailbox needs full access to it.', { mailbox })
  const copying: Copying = { ctx, source, target, to, run, take: await takingInto(ctx, target) }
  const sorted = items.toSorted((a, b) => a - b)
  const start = await ctx.store.read(async (tx) => doneIn(await folderFor(tx, target, to, 'ToFolderNotFound'), run))
  let left = sorted.filter((id) => id > start)
  for (let attempt = 1; left.length > 0;) {
    const prepared = await prepareSome(copying, left)
    const step = await ctx.store.write((tx) => copySome(tx, copying, prepared))
    if (step.upTo === undefined) {
      // Somebody changed the first one between reading and writing it.
      if (attempt++ === most.attempts) throw new Refusal('StaleObject', 'An item was changed again and again while it was copied.')
      continue
    }
    attempt = 1
    const { upTo } = step
    left = left.filter((id) => id > upTo)
    yield { copied: step.copied, gone: step.gone }
  }
}

/** How far a run is that copies to below a folder. */
function doneIn({ properties }: Pick<FolderRow, 'properties'>, run: string): number {
  return Number((properties.$copiedUpTo as Record<string, number> | undefined)?.[run] ?? 0)
}

interface Prepared {
  id: number
  /** Absent = it is gone. */
  ready?: { row: ItemRow; item: PreparedItem }
}

/** The first items made ready for another mailbox, as they stand. */
async function prepareSome({ ctx, source: { mailbox } }: Copying, ids: readonly number[]): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  let bytes = 0
  for (const id of ids.slice(0, most.items)) {
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
  for (const { id, ready } of some) {
    const now = ready && (await tx.items.get(source.mailbox, id))
    if (now && now.change !== ready.row.change) break
    const from = now && (await tx.folders.get(source.mailbox, now.folder))
    upTo = id
    if (id <= done) continue
    if (!ready || !now || !from) {
      gone++
      continue
    }
    const folder = folders.get(from.id) ?? (await folderLike(tx, ctx, root, from))
    folders.set(from.id, folder)
    await take(tx, now.size, folder)
    await insertItem(tx, to.mailbox, folder.id, { ...ready.item, row: { ...ready.item.row, ...asItWas(now, ready.item) } })
    await audit(tx, ctx, source, { operation: 'Copy', item: now, folder: from, to: folder })
    copied++
  }
  if (upTo === undefined || upTo <= done) return { copied, gone, ...(upTo === undefined ? {} : { upTo }) }
  const { properties } = (await tx.folders.get(to.mailbox, root.id)) ?? root
  const $copiedUpTo = { ...(properties.$copiedUpTo as object | undefined), [run]: upTo }
  await tx.folders.update(to.mailbox, root.id, { properties: { ...properties, $copiedUpTo } })
  return { copied, gone, upTo }
}

/** When the item was made and changed, and by whom: the copy says the same. */
function asItWas(
  { created, modified, properties }: ItemRow,
  { row }: PreparedItem,
): { created: number; modified: number; properties: Properties } {
  return { created, modified, properties: { ...row.properties, lastModifiedName: properties.lastModifiedName ?? '' } }
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
