import { folderRights, isUnseenKind, Refusal, type Caller } from '#model'
import type { DeleteType, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, requireRights } from '../permissions/access.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { emptyItems, removeTree } from './delete-folder.ts'
import { requireOwnTree } from './require-tree.ts'
import { folderFor } from './resolve.ts'

const never = new Set(['root', 'msgfolderroot', 'searchfolders'])

/**
 * [MS-OXWSFOLD] 3.1.4.5 EmptyFolder, in bounded steps; default folders below stay, emptied. The root folders →
 * CannotEmptyFolder. Needs the right to delete all items, for sub-folders that of their owner.
 */
export async function emptyFolder(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  type: DeleteType,
  subFolders: boolean,
): Promise<void> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { folder, children } = await ctx.store.read(async (tx) => {
    const row = await folderFor(tx, access, ref)
    // MS-OXWSFOLD_R56613
    refusePublic(access, row, 'EmptyFolder')
    const below = subFolders ? await tx.folders.children(row.mailbox, row.id) : []
    // What is purged and kept stays, and what the server has written down, whatever is emptied.
    const children = below.filter(({ kind }) => !isUnseenKind(kind))
    for (const child of children) if (child.kind === '') await requireOwnTree(tx, access, child)
    return { folder: row, children }
  })
  if (never.has(folder.kind)) throw new Refusal('CannotEmptyFolder', `The folder '${folder.name}' cannot be emptied.`)
  requireRights(access, folder, subFolders ? folderRights.deleteAny | folderRights.owner : folderRights.deleteAny)
  await emptyItems(ctx, access, folder.id, type)
  for (const child of children) {
    if (child.kind === '') await removeTree(ctx, access, child.id, type)
    else await emptyFolder(ctx, caller, { mailbox: child.mailbox, id: child.id }, type, true)
  }
}
