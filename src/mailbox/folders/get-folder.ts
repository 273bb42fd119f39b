import { readAccessOf, type Caller } from '#model'
import type { FolderRow } from '#store'
import type { Folder, FolderRef, FolderWanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, folderEffectiveRights, rightsOn, type Access } from '../permissions/access.ts'
import { folderTagging } from '../retention/shown.ts'
import { counted } from '../search/search-counts.ts'
import { folderFor } from './resolve.ts'

/** A stored folder as the caller sees it. Permissions are shown to those who may read them: the owners. */
export function folderSeen(access: Access, row: FolderRow, parent?: Pick<FolderRow, 'change'>): Folder {
  const rights = folderEffectiveRights(access, row)
  const reading = readAccessOf(rightsOn(access, row))
  const seen = { row: rights.modify ? row : { ...row, permissions: [] }, rights, reading }
  return parent ? { ...seen, parentChange: parent.change } : seen
}

/** [MS-OXWSFOLD] 3.1.4.6. Not there, or not to be seen → FolderNotFound or AccessDenied. */
export async function getFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, { tags = false }: FolderWanted = {}): Promise<Folder> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const tagged = await folderTagging(ctx, access, tags)
  const folder = await ctx.store.read(async (tx) => {
    const row = await folderFor(tx, access, ref)
    // MS-OXWSFOLD_R6801
    const above = row.parent === 0 ? undefined : await tx.folders.get(row.mailbox, row.parent)
    return tagged(tx, folderSeen(access, row, above))
  })
  return counted(ctx, access, folder)
}
