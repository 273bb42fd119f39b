import type { Recipient } from '#directory'
import type { Caller } from '#model'
import type { WriteTx } from '#store'
import type { NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import type { Represented } from './contract.ts'

/** What the mailbox audit calls the two (Set-Mailbox -AuditDelegate). */
export type SendOperation = 'SendAs' | 'SendOnBehalf'

/** A message that somebody has sent in another's name. */
export interface SentForAnother {
  operation: SendOperation
  /** Who really sent it, and whom it speaks for: whose mailbox that is, if there is one here, says `represented.mailbox`. */
  caller: Caller
  represented: Recipient
  subject: string
  messageId: string
}

/** Hears of what is sent for others, in the write that queues it: what it notes is on disk with the message, or neither is. */
export type HearSentForAnother = (tx: WriteTx, sent: SentForAnother) => Promise<void>

/** Tells whoever audits mailboxes. */
export async function noteSentForAnother(
  tx: WriteTx,
  ctx: MailboxContext,
  { caller, recipient, right, item }: { caller: Caller; recipient: Recipient; right: Represented['right']; item: NewItemInput },
): Promise<void> {
  await ctx.sentForAnother?.(tx, {
    operation: right === 'sendAs' ? 'SendAs' : 'SendOnBehalf',
    caller,
    represented: recipient,
    subject: String(item.properties.subject ?? '').slice(0, 255),
    messageId: String(item.properties.internetMessageId ?? '').slice(0, 998),
  })
}
