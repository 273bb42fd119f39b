import type { Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import type { FolderRow, MailboxRow } from '#store'
import type { MailboxContext } from '../context.ts'
import type { MailboxStatistics } from '../contract.ts'
import { accessTo, maySee } from '../permissions/access.ts'
import { quotasFor } from '../settings/quotas.ts'

/** What the store's counters say of a mailbox; no item is looked at. For the owner, full access and the server itself. */
export async function statistics(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<MailboxStatistics> {
  const { row, folders, all, owner } = await countersOf(ctx, caller, mailbox)
  const recoverable = idsOfRecoverable(all)
  const lastLogon = ctx.logons?.last(row)
  const sum = (of: 'total' | 'associatedTotal' | 'size', inRecoverable: boolean, among = folders): number =>
    among.reduce((all, folder) => (recoverable.has(folder.id) === inRecoverable ? all + folder[of] : all), 0)
  return {
    created: row.created,
    items: sum('total', false),
    associated: sum('associatedTotal', false),
    recoverable: sum('total', true) + sum('associatedTotal', true),
    // What is kept out of the caller's sight counts nowhere.
    size: row.size - sum('size', true, all),
    recoverableSize: sum('size', true),
    quotas: (await quotasFor(ctx, owner, mailbox))(row),
    databaseQuotas: (await ctx.databaseQuotas?.(row.organisation)) ?? {},
    ...(lastLogon ? { lastLogon } : {}),
  }
}

/** The mailbox's row, its owner, all its folders and those that the caller sees (the server itself: all), parents first. A mailbox that is not the caller's → AccessDenied. */
export async function countersOf(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
): Promise<{ row: MailboxRow; folders: FolderRow[]; all: FolderRow[]; owner: Recipient | undefined }> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'What lies in the mailbox is for its owner to know.')
  return ctx.store.read(async (tx) => {
    const row = await tx.mailboxes.get(mailbox)
    if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
    const all = await tx.folders.tree(mailbox, 0)
    const folders = caller.kind === 'system' ? all : all.filter((folder) => maySee(access, folder))
    return { row, folders, all, owner: access.owner }
  })
}

/** Ids of Recoverable Items and of everything below it. */
function idsOfRecoverable(folders: readonly FolderRow[]): Set<number> {
  const found = new Set<number>()
  for (const { id, parent, kind } of folders) if (kind === 'recoverableitemsroot' || found.has(parent)) found.add(id)
  return found
}
