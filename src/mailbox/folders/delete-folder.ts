import { setImmediate } from 'node:timers/promises'
import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { DeleteType, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { refusePublicRoot } from '../public-folders/limits.ts'
import { placeOf } from './place.ts'
import { requireOwnTree } from './require-tree.ts'
import { folderFor } from './resolve.ts'

const step = 200

/** A name that no child of the folder has: the name itself, else with a number behind it. */
export async function freeName(tx: WriteTx, parent: FolderRow, name: string, self: number): Promise<string> {
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? name : `${name}${number}`
    const taken = await tx.folders.childNamed(parent.mailbox, parent.id, candidate)
    if (!taken || taken.id === self) return candidate
  }
}

/**
 * [MS-OXWSFOLD] 3.1.4.4 DeleteFolder. To Deleted Items it moves as a whole; otherwise it is emptied in bounded steps and removed, its
 * items going where the type says (folders themselves are not recovered; public ones have no Deleted Items to go to). A default folder → DeleteDistinguishedFolder;
 * folders below that are not the caller's → AccessDenied.
 */
export async function deleteFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, type: DeleteType): Promise<void> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const moved = await ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    refusePublicRoot(access, folder, 'DeleteFolder')
    if (folder.kind !== '') throw new Refusal('DeleteDistinguishedFolder', `'${folder.name}' is a default folder.`)
    requireRights(access, folder, folderRights.owner)
    const bin = type === 'MoveToDeletedItems' ? await tx.folders.byKind(folder.mailbox, 'deleteditems') : undefined
    if (!bin || (await placeOf(tx, folder)) !== 'other') {
      await requireOwnTree(tx, access, folder)
      return folder.id
    }
    await tx.folders.update(folder.mailbox, folder.id, {
      parent: bin.id,
      name: await freeName(tx, bin, folder.name, folder.id),
      modified: ctx.clock(),
    })
    await audit(tx, ctx, access, { operation: 'MoveToDeletedItems', folder, to: bin })
    return undefined
  })
  if (moved !== undefined) await removeTree(ctx, access, moved, type)
}

/** Removes a folder and everything below, the deepest first, in bounded steps; items go where the type says. */
export async function removeTree(ctx: MailboxContext, by: Access, root: number, type: DeleteType): Promise<void> {
  const { mailbox } = by
  const rows = await ctx.store.read((tx) => tx.folders.tree(mailbox, root))
  const ids = rows.some((row) => row.id === root) ? rows.map((row) => row.id) : [root, ...rows.map((row) => row.id)]
  for (const id of ids.reverse()) {
    await emptyItems(ctx, by, id, type)
    await ctx.store.write(async (tx) => {
      const folder = await tx.folders.get(mailbox, id)
      if (!folder) return
      await audit(tx, ctx, by, { operation: type === 'HardDelete' ? 'HardDelete' : 'SoftDelete', folder })
      await tx.folders.remove(mailbox, id)
    })
  }
}

/** Takes every item out of a folder in bounded steps. */
export async function emptyItems(ctx: MailboxContext, by: Access, id: number, type: DeleteType): Promise<void> {
  for (;;) {
    const left = await ctx.store.write((tx) => emptySome(tx, ctx, by, id, type))
    if (left === 0) return
    await setImmediate()
  }
}

async function emptySome(tx: WriteTx, ctx: MailboxContext, by: Access, id: number, type: DeleteType): Promise<number> {
  const { mailbox } = by
  const folder = await tx.folders.get(mailbox, id)
  if (!folder) return 0
  const disposer = createDisposer(tx, ctx, mailbox, by)
  const gone = type === 'HardDelete' || (await placeOf(tx, folder)) === 'recoverable'
  if (gone && (await disposer.leavesNothing())) return tx.items.removeSome(mailbox, id, step)
  let done = 0
  for (const associated of [false, true]) {
    const rows = await tx.items.rows({ mailbox, folders: [id], associated, order: [{ column: 'id', descending: false }], limit: step })
    for (const row of rows) await disposer.dispose(row, folder, associated ? 'HardDelete' : type)
    done += rows.length
  }
  return done
}
