import { isUnseenKind, Refusal, type Caller, type RefusalCode } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, maySee, type Access } from '../permissions/access.ts'

/** The folder that a reference names, without asking for rights. Not there → FolderNotFound (or the code given). */
export async function storedFolder(tx: ReadTx, ref: FolderRef, code: RefusalCode = 'FolderNotFound'): Promise<FolderRow> {
  const row = 'id' in ref ? await tx.folders.get(ref.mailbox, ref.id) : await tx.folders.byKind(ref.mailbox, ref.kind)
  if (!row) throw notThere(ref, code)
  return row
}

const notThere = (ref: FolderRef, code: RefusalCode) =>
  new Refusal(code, 'id' in ref ? 'There is no such folder.' : `The mailbox has no folder '${ref.kind}'.`)

/**
 * The folder that a reference names, when the caller may know that it exists. What may not be seen is FolderNotFound by
 * id, since an id must not tell whether it is taken, and AccessDenied by distinguished name, which everybody knows. What is closed to its
 * owner is not there by name either: exchangelib asks for every name at once and takes AccessDenied for the end of it all.
 */
export async function folderFor(tx: ReadTx, access: Access, ref: FolderRef, code: RefusalCode = 'FolderNotFound'): Promise<FolderRow> {
  const row = await storedFolder(tx, ref, code)
  if (maySee(access, row)) return row
  if (!('kind' in ref) || isUnseenKind(row.kind)) throw notThere(ref, code)
  throw new Refusal('AccessDenied', `You have no access to the folder '${ref.kind}'.`)
}

/** What the caller is to several mailboxes, each asked for once. */
export async function accessToAll(ctx: MailboxContext, caller: Caller, mailboxes: Iterable<string>): Promise<Map<string, Access>> {
  const all = new Map<string, Access>()
  for (const mailbox of new Set(mailboxes)) all.set(mailbox, await accessTo(ctx, caller, mailbox))
  return all
}
