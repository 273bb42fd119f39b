import { setImmediate } from 'node:timers/promises'
import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { prepareRow } from '../items/move-item.ts'
import { insertItem, loadItem, withOwnKey } from '../items/stored.ts'
import { accessTo, isHiddenPrivate, maySee, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import { withoutHiddenOccurrences } from '../permissions/private-occurrences.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { takingInto, type Taking } from '../quotas/gauge.ts'
import { refuseMaking } from '../recoverable/folder.ts'
import { stamped } from '../recoverable/relocate.ts'
import { newPermissions } from './create-folder.ts'
import { folderSeen } from './get-folder.ts'
import { placeOf } from './place.ts'
import { folderFor } from './resolve.ts'

/** A folder and what stands for it elsewhere. */
export interface FolderPair {
  from: FolderRow
  to: FolderRow
}

/** Who takes a tree where, as found before anything is copied. */
export interface TreeCopy {
  ctx: MailboxContext
  source: Access
  target: Access
  /** Parents first. */
  tree: FolderRow[]
  parent: FolderRow
}

/** [MS-OXWSFOLD] 3.1.4.1 CopyFolder: the folder, everything below and all items, in bounded steps. A default folder → MoveDistinguishedFolder. */
export async function copyFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const plan = await planTreeCopy(ctx, caller, ref, to)
  let first: FolderRow | undefined
  for await (const pair of copiedFolders(plan, 'Copy')) {
    for (const associated of [false, true]) await copyItems(plan, pair, associated)
    first ??= pair.to
  }
  return copySeen(plan, first as FolderRow)
}

/** Takes the list of what is copied first, so that a copy into the folder itself ends. */
export async function planTreeCopy(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<TreeCopy> {
  const source = await accessTo(ctx, caller, ref.mailbox)
  const target = await accessTo(ctx, caller, to.mailbox)
  const { root, below, parent } = await ctx.store.read(async (tx) => {
    const folder = await folderFor(tx, source, ref)
    const tree = await tx.folders.tree(folder.mailbox, folder.id)
    const parent = await folderFor(tx, target, to, 'ToFolderNotFound')
    await refuseMaking(tx, parent)
    return { root: folder, below: tree.filter((row) => row.id !== folder.id), parent }
  })
  // MS-OXWSFOLD_R56612
  refusePublic(source, root, 'copying, or moving from one mailbox to another,')
  refusePublic(target, parent, 'copying, or moving from one mailbox to another,')
  if (root.kind !== '') throw new Refusal('MoveDistinguishedFolder', `'${root.name}' is a default folder.`)
  requireRights(source, root, folderRights.readAny)
  requireRights(target, parent, folderRights.createSubfolder)
  if (below.some((row) => row.id === parent.id) || root.id === parent.id) {
    throw new Refusal('MoveCopyFailed', 'A folder cannot be put into itself.')
  }
  return { ctx, source, target, tree: [root, ...below], parent }
}

/**
 * Makes the folders of the copy, empty, one after the other: those that the caller may read. `as` = how the audit log of where they are from calls it;
 * absent = whoever asks writes it down.
 */
export async function* copiedFolders({ ctx, source, target, tree, parent }: TreeCopy, as?: 'Copy'): AsyncGenerator<FolderPair> {
  const copies = new Map<number, FolderRow>([[tree[0]?.parent ?? 0, parent]])
  for (const from of tree) {
    const under = copies.get(from.parent)
    if (!under || !maySee(source, from) || (rightsOn(source, from) & folderRights.readAny) === 0) continue
    const to = await ctx.store.write(async (tx) => {
      if (as) await audit(tx, ctx, source, { operation: as, folder: from, to: under })
      return copyEmpty(tx, ctx, target, from, under)
    })
    copies.set(from.id, to)
    yield { from, to }
  }
}

/** The copy of a folder as it is by now, for who made it. */
export async function copySeen({ ctx, target }: TreeCopy, { mailbox, id }: FolderRow): Promise<Folder> {
  return ctx.store.read(async (tx) => folderSeen(target, await folderFor(tx, target, { mailbox, id })))
}

function copyEmpty(tx: WriteTx, ctx: MailboxContext, target: Access, folder: FolderRow, under: FolderRow): Promise<FolderRow> {
  const { name, folderClass, hidden, properties, extended, permissions } = folder
  return tx.folders.insert({
    ...{ mailbox: under.mailbox, parent: under.id, kind: '', name, folderClass, hidden, created: ctx.clock(), properties, extended },
    permissions: under.mailbox === folder.mailbox ? permissions : newPermissions(target, under),
  })
}

/** The items of a folder, some at a time, by id; the caller may change the folder meanwhile. */
export async function* itemPages({ store }: MailboxContext, folder: FolderRow, associated: boolean): AsyncGenerator<ItemRow[]> {
  const order = [{ column: 'id' as const, descending: false }]
  let after: (string | number | null)[] | undefined
  for (;;) {
    const rows: ItemRow[] = await store.read((tx) =>
      tx.items.rows({
        mailbox: folder.mailbox,
        folders: [folder.id],
        associated,
        order,
        limit: itemsOfOneWrite,
        ...(after ? { after } : {}),
      }),
    )
    const last = rows.at(-1)
    if (!last) return
    yield rows
    if (rows.length < itemsOfOneWrite) return
    after = await store.read(async (tx) => tx.items.scanKey(last, order))
    await setImmediate()
  }
}

async function copyItems({ ctx, source, target }: TreeCopy, { from, to }: FolderPair, associated: boolean): Promise<void> {
  const take = await takingInto(ctx, target)
  for await (const rows of itemPages(ctx, from, associated)) {
    const visible = rows.filter((row) => !isHiddenPrivate(source, from, row))
    if (to.mailbox === from.mailbox) {
      await ctx.store.write(async (tx) => {
        const now = ctx.clock()
        const places = { before: await placeOf(tx, from), after: await placeOf(tx, to) }
        for (const { mailbox, id } of visible) {
          const row = await tx.items.get(mailbox, id)
          if (!row) continue
          await take(tx, row.size, to)
          const copy = await tx.items.copy(mailbox, id, to.id, now)
          await withOwnKey(tx, { ...copy, properties: stamped(copy, { from, ...places, now }) })
        }
      })
    } else {
      for (const row of visible) await copyAcross(ctx, withoutHiddenOccurrences(source, from, row), to, take)
    }
  }
}

async function copyAcross(ctx: MailboxContext, row: ItemRow, folder: FolderRow, take: Taking): Promise<void> {
  const item = await ctx.store.read((tx) => loadItem(tx, row))
  const prepared = await prepareRow(ctx, row, item)
  await ctx.store.write(async (tx) => {
    await take(tx, prepared.row.size, folder)
    await insertItem(tx, folder.mailbox, folder.id, prepared)
  })
}
