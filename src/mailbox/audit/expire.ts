import { ownerWithin } from '#directory'
import type { Instant } from '#model'
import type { FolderRow, WriteTx } from '#store'
import { auditAgeLimitOf, calendarLogAge } from './auditing.ts'

/** Every so many entries of a log a new one takes old ones along: more than came since, so that the log does not outgrow its age. */
const every = 8
const together = 32

/** True for the log whose next entry is to take old ones along. Its length tells: the numbers of a mailbox may pass by every eighth for ever. */
export const isExpiryDue = ({ total }: Pick<FolderRow, 'total'>): boolean => total % every === every - 1

/**
 * Removes entries of a log past their age, and those over `most` bytes, oldest first; returns how many. Holds do not keep them (Exchange Server
 * documentation, "Mailbox audit logging": entries are retained until the age limit is reached).
 */
export async function expireEntries(
  tx: WriteTx,
  { folder, before, most = Infinity, limit = together }: { folder: FolderRow; before: Instant; most?: number; limit?: number },
): Promise<number> {
  const { mailbox, id } = folder
  const order = [{ column: 'received' as const, descending: false }]
  const oldest = await tx.items.heads({ mailbox, folders: [id], associated: false, order, limit })
  let over = folder.size - most
  let gone = 0
  for (const head of oldest) {
    if (head.received >= before && over <= 0) break
    await tx.items.remove(mailbox, head.id)
    over -= head.size
    gone++
  }
  return gone
}

/** The same for a mailbox whose logs may get no new entries any more, at most `limit` of each: for whoever empties Recoverable Items as time goes by. */
export async function expireLogs(tx: WriteTx, mailbox: string, now: Instant, limit: number): Promise<number> {
  const organisation = (await tx.mailboxes.get(mailbox))?.organisation ?? ''
  const owner = await ownerWithin(tx, organisation, mailbox)
  const ages = { audits: auditAgeLimitOf(owner), calendarlogging: calendarLogAge }
  let gone = 0
  for (const [kind, age] of Object.entries(ages)) {
    const folder = await tx.folders.byKind(mailbox, kind)
    if (folder && folder.total > 0) gone += await expireEntries(tx, { folder, before: now - age, limit })
  }
  return gone
}
