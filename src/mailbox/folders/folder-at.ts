import { Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import type { Folder } from '../contract.ts'
import { accessTo, maySee } from '../permissions/access.ts'
import { folderSeen } from './get-folder.ts'

/** The deepest path that is followed. */
const deepest = 300

/** The folder at a path of names, as they are called, below the top of what people see. Not there, or not to be seen → FolderNotFound. */
export async function folderAt(ctx: MailboxContext, caller: Caller, mailbox: string, path: readonly string[]): Promise<Folder> {
  const access = await accessTo(ctx, caller, mailbox)
  return ctx.store.read(async (tx) => {
    let folder = await tx.folders.byKind(mailbox, access.isPublic ? 'publicfoldersroot' : 'msgfolderroot')
    for (const name of path.slice(0, deepest + 1)) folder = folder && (await tx.folders.childNamed(mailbox, folder.id, name))
    if (folder && path.length <= deepest && maySee(access, folder)) return folderSeen(access, folder)
    throw new Refusal('FolderNotFound', `There is no folder '\\${path.join('\\').slice(0, 300)}' in the mailbox.`)
  })
}
