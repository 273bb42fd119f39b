import { ownerWithin } from '#directory'
import type { Instant } from '#model'
import type { FolderRow, WriteTx } from '#store'
import { auditAgeLimitOf } from './auditing.ts'

/** Every so many numbers of the mailbox a new entry takes old ones along: more than came since, so that the log does not outgrow its age. */
const every = 8
const together = 32

/**
 * Removes entries past their age, oldest first; returns how many. Holds do not keep them (Exchange Server documentation, "Mailbox audit logging":
 * entries are retained until the age limit is reached). `written` = on the occasion of a new entry of that number: only now and then.
 */
export async function expireAudits(
  tx: WriteTx,
  { folder, before, written, limit = together }: { folder: FolderRow; before: Instant; written?: number; limit?: number },
): Promise<number> {
  if (written !== undefined && written % every !== 0) return 0
  const { mailbox, id } = folder
  const order = [{ column: 'received' as const, descending: false }]
  const oldest = await tx.items.heads({ mailbox, folders: [id], associated: false, order, limit })
  const old = oldest.filter((head) => head.received < before)
  for (const head of old) await tx.items.remove(mailbox, head.id)
  return old.length
}

/** The same for a mailbox whose log may get no new entries any more, at most `limit`: for whoever empties Recoverable Items as time goes by. */
export async function expireAuditLog(tx: WriteTx, mailbox: string, now: Instant, limit: number): Promise<number> {
  const folder = await tx.folders.byKind(mailbox, 'audits')
  if (!folder || folder.total === 0) return 0
  const organisation = (await tx.mailboxes.get(mailbox))?.organisation ?? ''
  const owner = await ownerWithin(tx, organisation, mailbox)
  return expireAudits(tx, { folder, before: now - auditAgeLimitOf(owner), limit })
}
