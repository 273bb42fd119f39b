import { Refusal, type Caller } from '#model'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, maySee } from '../permissions/access.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { checkedFolderName } from './create-folder.ts'
import { folderSeen } from './get-folder.ts'
import { folderFor } from './resolve.ts'

/** The folder of this name directly below another, for CreateFolderPath. Not there, or not to be seen → FolderNotFound; not for public folders. */
export async function childFolder(ctx: MailboxContext, caller: Caller, parent: FolderRef, name: string): Promise<Folder> {
  const access = await accessTo(ctx, caller, parent.mailbox)
  return ctx.store.read(async (tx) => {
    const above = await folderFor(tx, access, parent)
    refusePublic(access, above, 'CreateFolderPath')
    const row = await tx.folders.childNamed(parent.mailbox, above.id, checkedFolderName(name))
    if (!row || !maySee(access, row)) throw new Refusal('FolderNotFound', `There is no folder '${name.slice(0, 100)}' in '${above.name}'.`)
    return folderSeen(access, row)
  })
}
