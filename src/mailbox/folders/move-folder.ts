import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, requireRights } from '../permissions/access.ts'
import { copyTree } from './copy-folder.ts'
import { removeTree } from './delete-folder.ts'
import { folderSeen } from './get-folder.ts'
import { requireReadableTree } from './require-tree.ts'
import { folderFor } from './resolve.ts'

/** Refuses a target that lies within the folder itself → MoveCopyFailed. */
export async function requireNoLoop(tx: ReadTx, folder: FolderRow, target: FolderRow): Promise<void> {
  if (folder.mailbox !== target.mailbox) return
  for (let at: FolderRow | undefined = target; at; at = at.parent === 0 ? undefined : await tx.folders.get(at.mailbox, at.parent)) {
    if (at.id === folder.id) throw new Refusal('MoveCopyFailed', 'A folder cannot be put into itself.')
  }
}

/**
 * [MS-OXWSFOLD] 3.1.4.8 MoveFolder; the folder keeps its id within the mailbox. A default folder → MoveDistinguishedFolder, a name taken →
 * FolderExists. Into another mailbox it is copied and then removed, for who owns and may read all of it.
 */
export async function moveFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const source = await accessTo(ctx, caller, ref.mailbox)
  if (to.mailbox !== ref.mailbox) return moveAcross(ctx, caller, ref, to)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, source, ref)
    if (folder.kind !== '') throw new Refusal('MoveDistinguishedFolder', `'${folder.name}' is a default folder.`)
    requireRights(source, folder, folderRights.owner)
    const target = await folderFor(tx, source, to, 'ToFolderNotFound')
    requireRights(source, target, folderRights.createSubfolder)
    await requireNoLoop(tx, folder, target)
    const row = await tx.folders.update(folder.mailbox, folder.id, { parent: target.id, modified: ctx.clock() })
    return folderSeen(source, row)
  })
}

async function moveAcross(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const source = await accessTo(ctx, caller, ref.mailbox)
  const folder = await ctx.store.read(async (tx) => {
    const row = await folderFor(tx, source, ref)
    if (row.kind === '') await requireReadableTree(tx, source, row)
    return row
  })
  if (folder.kind !== '') throw new Refusal('MoveDistinguishedFolder', `'${folder.name}' is a default folder.`)
  const copy = await copyTree(ctx, caller, ref, to)
  await removeTree(ctx, folder.mailbox, folder.id, 'HardDelete')
  return copy
}
