import { folderRights } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { refusePublicContent } from '../public-folders/limits.ts'
import { refuseMaking } from '../recoverable/folder.ts'

/** What the caller is to the mailbox that the sender's copy goes to: the one sent from, unless another is named. */
export async function accessForCopies(ctx: MailboxContext, access: Access, saveTo: FolderRef | undefined): Promise<Access> {
  return saveTo && saveTo.mailbox !== access.mailbox ? accessTo(ctx, access.caller, saveTo.mailbox) : access
}

/** The folder for the sender's copy, when one is wanted. Not there → SavedItemFolderNotFound. */
export async function copyFolderFor(tx: ReadTx, access: Access, saveTo: FolderRef | undefined): Promise<FolderRow | undefined> {
  if (!saveTo) return undefined
  const folder = await folderFor(tx, access, saveTo, 'SavedItemFolderNotFound')
  refusePublicContent(access, folder)
  requireRights(access, folder, folderRights.create)
  await refuseMaking(tx, folder)
  return folder
}
