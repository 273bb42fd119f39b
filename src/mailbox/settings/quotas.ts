import type { Recipient } from '#directory'
import { Refusal } from '#model'
import type { MailboxRow, ReadTx } from '#store'
import type { MailboxQuotas } from '../contract.ts'
import type { Access } from '../permissions/access.ts'

/** The limits of a mailbox: what its recipient says (Set-Mailbox), else the mailbox's own setting `quota` for everything. */
export function quotasOf(owner: Recipient | undefined, { settings }: Pick<MailboxRow, 'settings'>): MailboxQuotas {
  const { quota } = settings
  return { ...(typeof quota === 'number' ? { prohibitSendReceive: quota } : {}), ...owner?.quotas }
}

/** Refuses QuotaExceeded while the mailbox holds as much as it may for sending. */
export async function requireMaySend(tx: ReadTx, { mailbox, owner }: Access): Promise<void> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) return
  const { prohibitSend = Infinity, prohibitSendReceive = Infinity } = quotasOf(owner, row)
  if (row.size < Math.min(prohibitSend, prohibitSendReceive)) return
  throw new Refusal('QuotaExceeded', 'The mailbox is so full that it sends nothing: delete something first.', { mailbox })
}
