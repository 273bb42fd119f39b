import { recipientWithin, type Recipient } from '#directory'
import type { Caller } from '#model'
import type { WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { writeEntry } from './audit.ts'
import { auditingOf } from './auditing.ts'

/** A message that somebody has sent in another's name. */
export interface SentForAnother {
  operation: 'SendAs' | 'SendOnBehalf'
  /** Who really sent it, and whom it speaks for. */
  caller: Caller
  represented: Recipient
  subject: string
  messageId: string
}

/** Writes down in the log of the mailbox represented, in the write that queues the message, who really sent it. One who has no mailbox here has no log. */
export async function auditSent(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, sent: SentForAnother): Promise<void> {
  const { operation, caller, represented, subject, messageId } = sent
  const { mailbox } = represented
  if (mailbox === '') return
  const directory = { recipient: (organisation: string, id: string) => recipientWithin(tx, organisation, id) }
  const auditing = await auditingOf({ directory }, caller, represented)
  if (!auditing?.actions.includes(operation)) return
  // It lies nowhere in the mailbox represented, unless a copy is filed there: it has no number.
  const item = { id: 0, key: 0, subject, messageId, itemClass: 'IPM.Note' }
  await writeEntry(tx, ctx, { mailbox, caller, auditing }, { operation, item })
}
