import { setImmediate } from 'node:timers/promises'
import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ItemRow } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { prepareRow } from '../items/move-item.ts'
import { insertItem, loadItem } from '../items/stored.ts'
import { accessTo, isHiddenPrivate, maySee, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import { withoutHiddenOccurrences } from '../permissions/private-occurrences.ts'
import { newPermissions } from './create-folder.ts'
import { folderSeen } from './get-folder.ts'
import { folderFor } from './resolve.ts'

const step = 100

/** [MS-OXWSFOLD] 3.1.4.1 CopyFolder: the folder, everything below and all items, in bounded steps. A default folder → MoveDistinguishedFolder. */
export async function copyFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  return copyTree(ctx, caller, ref, to)
}

/** Copies a tree; the list of what is copied is taken first, so that a copy into the folder itself ends. */
export async function copyTree(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const source = await accessTo(ctx, caller, ref.mailbox)
  const target = await accessTo(ctx, caller, to.mailbox)
  const { root, below, parent } = await ctx.store.read(async (tx) => {
    const folder = await folderFor(tx, source, ref)
    const tree = await tx.folders.tree(folder.mailbox, folder.id)
    return { root: folder, below: tree.filter((row) => row.id !== folder.id), parent: await folderFor(tx, target, to, 'ToFolderNotFound') }
  })
  if (root.kind !== '') throw new Refusal('MoveDistinguishedFolder', `'${root.name}' is a default folder.`)
  requireRights(source, root, folderRights.readAny)
  requireRights(target, parent, folderRights.createSubfolder)
  if (below.some((row) => row.id === parent.id) || root.id === parent.id) {
    throw new Refusal('MoveCopyFailed', 'A folder cannot be put into itself.')
  }
  const copies = new Map<number, FolderRow>([[root.parent, parent]])
  let first: FolderRow | undefined
  for (const folder of [root, ...below]) {
    const under = copies.get(folder.parent)
    if (!under || !maySee(source, folder) || (rightsOn(source, folder) & folderRights.readAny) === 0) continue
    const copy = await copyOne(ctx, source, target, folder, under)
    copies.set(folder.id, copy)
    first ??= copy
  }
  const id = (first as FolderRow).id
  return ctx.store.read(async (tx) => folderSeen(target, await folderFor(tx, target, { mailbox: parent.mailbox, id })))
}

async function copyOne(ctx: MailboxContext, source: Access, target: Access, folder: FolderRow, under: FolderRow): Promise<FolderRow> {
  const { name, folderClass, hidden, properties, extended, permissions } = folder
  const copy = await ctx.store.write((tx) =>
    tx.folders.insert({
      mailbox: under.mailbox,
      parent: under.id,
      kind: '',
      name,
      folderClass,
      hidden,
      created: ctx.clock(),
      properties,
      extended,
      permissions: under.mailbox === folder.mailbox ? permissions : newPermissions(target, under),
    }),
  )
  for (const associated of [false, true]) await copyItems(ctx, source, folder, copy, associated)
  return copy
}

async function copyItems(ctx: MailboxContext, source: Access, folder: FolderRow, copy: FolderRow, associated: boolean): Promise<void> {
  const order = [{ column: 'id' as const, descending: false }]
  let after: (string | number | null)[] | undefined
  for (;;) {
    const rows: ItemRow[] = await ctx.store.read((tx) =>
      tx.items.rows({ mailbox: folder.mailbox, folders: [folder.id], associated, order, limit: step, ...(after ? { after } : {}) }),
    )
    if (rows.length === 0) return
    const visible = rows.filter((row) => !isHiddenPrivate(source, folder, row))
    if (copy.mailbox === folder.mailbox) {
      await ctx.store.write(async (tx) => {
        for (const row of visible)
          if (await tx.items.get(row.mailbox, row.id)) await tx.items.copy(row.mailbox, row.id, copy.id, ctx.clock())
      })
    } else {
      for (const row of visible) await copyAcross(ctx, withoutHiddenOccurrences(source, folder, row), copy)
    }
    const last = rows.at(-1) as ItemRow
    after = await ctx.store.read(async (tx) => tx.items.scanKey(last, order))
    if (rows.length < step) return
    await setImmediate()
  }
}

async function copyAcross(ctx: MailboxContext, row: ItemRow, folder: FolderRow): Promise<void> {
  const item = await ctx.store.read((tx) => loadItem(tx, row))
  const prepared = await prepareRow(ctx, row, item)
  await ctx.store.write((tx) => insertItem(tx, folder.mailbox, folder.id, prepared))
}
