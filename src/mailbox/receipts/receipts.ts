import type { Recipient } from '#directory'
import { isKind, type EmailAddress, type ItemKind } from '#model'
import type { ItemRow } from '#store'
import { buildMultipart, formatDate, headerNamed, parseMime, type ParsedMessage } from '#wire'
import { addressesOf } from '../automatic/facts.ts'
import type { MailboxContext } from '../context.ts'
import { newMessageId } from '../items/message-id.ts'
import { enqueueOutgoing, namesOf, type Outgoing } from '../items/outgoing.ts'
import type { Access } from '../permissions/access.ts'

/** What became of a message that somebody wants to hear of: it was read, or went unread (RFC 8098 3.2.6.2). */
export type Disposition = 'displayed' | 'deleted'

/** True for a message whose sender asked to hear of it, and that nobody has read yet. */
export function isAwaited(row: ItemRow): boolean {
  const { isReadReceiptRequested, isFromMe } = row.properties
  return isKind(row.kind as ItemKind, 'message') && !row.isDraft && !row.associated && isReadReceiptRequested === true && isFromMe !== true
}

/**
 * Sends the receipts that were asked for with messages that the owner has now read or deleted, one for each message however often it is read
 * (RFC 8098 2.1). None where the request names several people or somebody but the author: that needs the reader's word. The receipt is queued
 * after what it tells of; a server that dies in between sends none. `mimes`: of messages that are gone.
 */
export async function sendReceipts(
  ctx: MailboxContext,
  access: Access,
  rows: readonly ItemRow[],
  disposition: Disposition,
  mimes: ReadonlyMap<number, Uint8Array> = new Map(),
): Promise<void> {
  const { owner } = access
  if (!owner || !access.full) return
  for (const row of rows.filter(isAwaited)) {
    const mime = mimes.get(row.id) ?? (await storedMime(ctx, row))
    const receipt = mime && (await receiptFor(ctx, owner, row, parseMime(mime), disposition))
    if (!receipt) continue
    const about = row.messageId || String(row.id)
    await ctx.store.write(async (tx) => {
      if (await tx.replies.note(row.mailbox, 'receipt', about, ctx.clock())) await enqueueOutgoing(tx, ctx, receipt)
    })
  }
}

/** The message as it came; undefined where it was changed since, or made here. */
export async function storedMime(ctx: MailboxContext, row: ItemRow): Promise<Uint8Array | undefined> {
  const { mime } = row
  return mime ? ctx.store.read((tx) => tx.blobs.get(row.mailbox, mime)) : undefined
}

/** To whom a receipt may go without asking the reader: the one person named, when it is the author (RFC 8098 2.1). */
function addressee({ readReceiptTo, from }: ParsedMessage, owner: Recipient): EmailAddress | undefined {
  const [to, ...others] = readReceiptTo
  const address = to?.address?.toLowerCase()
  if (!to || !address || others.length > 0 || address !== from?.address?.toLowerCase() || addressesOf(owner).has(address)) return undefined
  return { ...to, routingType: 'SMTP' }
}

const plain = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)

/** RFC 8098 3: text for people, fields for machines, and the header of the message. Its envelope has no sender. */
async function receiptFor(
  ctx: MailboxContext,
  owner: Recipient,
  row: ItemRow,
  parsed: ParsedMessage,
  disposition: Disposition,
): Promise<Outgoing | undefined> {
  const to = addressee(parsed, owner)
  if (!to?.address) return undefined
  const now = ctx.clock()
  const domain = owner.address.split('@')[1] ?? ''
  const subject = `${disposition === 'displayed' ? 'Read' : 'Not read'}: ${row.subject}`
  const internetMessageId = newMessageId(ctx, domain)
  const { messageId } = parsed
  const words = disposition === 'displayed' ? 'was read' : 'was deleted without being read'
  const fields = [
    `Reporting-UA: ${plain(domain)}; Isthmus`,
    `Final-Recipient: rfc822; ${plain(owner.address)}`,
    ...(messageId ? [`Original-Message-ID: ${plain(messageId)}`] : []),
    `Disposition: manual-action/MDN-sent-automatically; ${disposition}`,
  ]
  const mime = await buildMultipart(
    {
      from: { name: owner.displayName, address: owner.address },
      to: [to],
      subject,
      date: now,
      messageId: internetMessageId,
      ...(messageId ? { inReplyTo: messageId, references: messageId } : {}),
      headers: [{ name: 'Auto-Submitted', value: 'auto-replied' }],
    },
    'multipart/report; report-type=disposition-notification',
    [
      {
        contentType: 'text/plain; charset=utf-8',
        content: `Your message\r\n\r\n  To: ${owner.displayName}\r\n  Subject: ${row.subject}\r\n\r\n${words} on ${formatDate(now)}.\r\n`,
      },
      { contentType: 'message/disposition-notification', content: `${fields.join('\r\n')}\r\n` },
      { contentType: 'text/rfc822-headers', content: originalHeaders(parsed) },
    ],
  )
  return {
    automatic: 'deliveryReport',
    organisation: owner.organisation,
    sender: '',
    recipients: [to.address],
    blob: await ctx.store.stage(mime),
    envelope: {
      origin: 'mailbox',
      mailbox: row.mailbox,
      author: owner.id,
      submitter: owner.id,
      ...namesOf({ subject, internetMessageId }),
    },
  }
}

/** The fields by which the author knows the message again. */
function originalHeaders({ headers }: ParsedMessage): string {
  const known = ['from', 'to', 'subject', 'date', 'message-id']
  return known
    .flatMap((key) => {
      const field = headerNamed(headers, key)
      return field ? [`${field.name}: ${plain(field.raw)}\r\n`] : []
    })
    .join('')
}
