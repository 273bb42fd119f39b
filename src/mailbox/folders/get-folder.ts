import { readAccessOf, type Caller } from '#model'
import type { FolderRow } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, folderEffectiveRights, rightsOn, type Access } from '../permissions/access.ts'
import { counted } from '../search/search-counts.ts'
import { folderFor } from './resolve.ts'

/** A stored folder as the caller sees it. Permissions are shown to those who may read them: the owners. */
export function folderSeen(access: Access, row: FolderRow): Folder {
  const rights = folderEffectiveRights(access, row)
  const reading = readAccessOf(rightsOn(access, row))
  return { row: rights.modify ? row : { ...row, permissions: [] }, rights, reading }
}

/** [MS-OXWSFOLD] 3.1.4.6. Not there, or not to be seen → FolderNotFound or AccessDenied. */
export async function getFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef): Promise<Folder> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return counted(ctx, access, await ctx.store.read(async (tx) => folderSeen(access, await folderFor(tx, access, ref))))
}
