import { Refusal, type Caller, type Instant } from '#model'
import type { FolderRow, WriteTx } from '#store'
import type { FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { checkedFolderName } from '../folders/create-folder.ts'
import { placeOf } from '../folders/place.ts'
import { accessTo } from '../permissions/access.ts'
import type { RecoverableVerbs } from './contract.ts'
import { findRecoverable } from './find-recoverable.ts'
import { deletedFolders, restoreFolder } from './restore-folder.ts'
import { planRestore, restoreFound, restoreItems } from './restore-items.ts'

/** The verbs that bring back what was deleted. */
export function createRecovery(ctx: MailboxContext): RecoverableVerbs {
  return {
    findRecoverable: (caller, mailbox, query) => findRecoverable(ctx, caller, mailbox, query),
    restoreItems: (caller, mailbox, items, to) => restoreItems(ctx, caller, mailbox, items, to),
    restoreFound: (caller, mailbox, query, options) => restoreFound(ctx, caller, mailbox, query, options),
    planRestore: (caller, mailbox, query, options) => planRestore(ctx, caller, mailbox, query, options),
    makePath: (caller, mailbox, path) => makePath(ctx, caller, mailbox, path),
    deletedFolders: (caller, mailbox) => deletedFolders(ctx, caller, mailbox),
    restoreFolder: (caller, mailbox, folder, options) => restoreFolder(ctx, caller, mailbox, folder, options),
  }
}

/** The deepest path that is made. */
const deepest = 50

async function makePath(ctx: MailboxContext, caller: Caller, mailbox: string, path: readonly string[]): Promise<FolderRef> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'A path of folders is made by who owns the mailbox or has full access.', { mailbox })
  if (path.length > deepest) throw new Refusal('InvalidArgument', `A path has at most ${deepest} folders.`)
  const names = path.map(checkedFolderName)
  return ctx.store.write(async (tx) => {
    const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
    if (!top) throw new Refusal('FolderNotFound', 'The mailbox has no folders that people see.', { mailbox })
    let at = top
    for (const name of names) at = await childMade(tx, at, name, ctx.clock())
    return { mailbox, id: at.id }
  })
}

async function childMade(tx: WriteTx, parent: FolderRow, name: string, now: Instant): Promise<FolderRow> {
  const { mailbox, permissions } = parent
  const there = await tx.folders.childNamed(mailbox, parent.id, name)
  if (there && (await placeOf(tx, there)) !== 'other') throw new Refusal('MoveCopyFailed', `'${name}' holds what is deleted.`)
  const made = { mailbox, parent: parent.id, kind: '', name, folderClass: 'IPF.Note', hidden: false, created: now, permissions }
  return there ?? tx.folders.insert(made)
}
