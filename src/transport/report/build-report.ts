import { buildMultipart, formatDate, headerNamed, parseHeaders } from '#wire'
import type { QueuedMessage, QueuedRecipient } from '#store'
import { originalAddress } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import type { Attempt } from '../queue/outcome.ts'

/** What became of the message (RFC 3464 2.3.3). */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed'

const words: Record<Action, { subject: string; opening: string }> = {
  failed: { subject: 'Undeliverable', opening: 'Your message could not be delivered to these recipients:' },
  delayed: {
    subject: 'Delivery delayed',
    opening: 'Your message has not been delivered yet to these recipients. The server goes on trying; you need not send it again:',
  },
  delivered: { subject: 'Delivered', opening: 'Your message has been delivered to these recipients:' },
  relayed: {
    subject: 'Relayed',
    opening: 'Your message has been handed to a server that sends no report of delivery, for these recipients:',
  },
}

/** The original is given back whole up to this size when it failed and RET=HDRS was not asked; its headers otherwise. */
const largestReturned = 512 * 1024

/** A delivery status notification (RFC 3464): text for people, fields for machines, and the message or its headers. */
export async function buildReport(
  ctx: TransportContext,
  report: { id: string; action: Action; message: QueuedMessage; bytes: Uint8Array; attempts: Attempt[] },
): Promise<Buffer> {
  const { id, action, message, bytes, attempts } = report
  const { headers, body } = parseHeaders(bytes)
  const postmaster = (await ctx.rules(message.organisation)).limits?.ExternalPostmasterAddress
  const domain = (await ctx.directory.organisation(message.organisation))?.defaultDomain ?? ctx.config.hostname
  const subject = headerNamed(headers, 'subject')?.value ?? ''
  const original = headerNamed(headers, 'message-id')?.raw ?? ''
  const whole = action === 'failed' && message.envelope['ret'] !== 'HDRS' && bytes.length <= largestReturned
  return buildMultipart(
    {
      from: { name: 'Mail Delivery System', address: postmaster || `postmaster@${domain}` },
      to: [{ address: message.sender }],
      subject: `${words[action].subject}: ${subject}`,
      date: ctx.clock(),
      messageId: `<${id}@${domain}>`,
      ...(original ? { inReplyTo: original, references: original } : {}),
      headers: [{ name: 'Auto-Submitted', value: 'auto-replied' }],
    },
    'multipart/report; report-type=delivery-status',
    [
      { contentType: 'text/plain; charset=utf-8', content: explanation(action, subject, attempts) },
      { contentType: 'message/delivery-status', content: statusFields(ctx, action, message, attempts) },
      whole
        ? { contentType: 'message/rfc822', content: Buffer.from(bytes) }
        : { contentType: 'text/rfc822-headers', content: Buffer.from(bytes.subarray(0, body)) },
    ],
  )
}

function explanation(action: Action, subject: string, attempts: Attempt[]): string {
  const lines = attempts.map((attempt) => {
    const { outcome } = attempt
    const told = 'status' in outcome ? `\r\n    ${outcome.status} ${outcome.text}${outcome.host ? ` (said by ${outcome.host})` : ''}` : ''
    return `  ${shown(attempt)}${original(attempt)}${action === 'delivered' || action === 'relayed' ? '' : told}`
  })
  return `${words[action].opening}\r\n\r\n${lines.join('\r\n\r\n')}\r\n\r\nSubject: ${subject}\r\n`
}

/** Where mail went on to is not told where that is the recipient's business (RFC 3464 4.2). */
const shown = ({ recipient, outcome }: Attempt): string => (outcome.kind === 'failed' ? outcome.shownAs : undefined) ?? recipient.address

/** The address that the sender wrote, where mail went on from there. */
function original(attempt: Attempt): string {
  const wrote = originalAddress(attempt.recipient.options)
  return wrote && wrote.toLowerCase() !== shown(attempt).toLowerCase() ? ` (for ${plain(wrote)})` : ''
}

/** RFC 3464 2.2 and 2.3: one block for the message, one for each recipient. */
function statusFields(ctx: TransportContext, action: Action, message: QueuedMessage, attempts: Attempt[]): string {
  const envid = message.envelope['envid']
  const head = [
    ...(typeof envid === 'string' ? [`Original-Envelope-Id: ${plain(envid)}`] : []),
    `Reporting-MTA: dns; ${ctx.config.hostname}`,
    `Arrival-Date: ${formatDate(message.accepted)}`,
  ]
  const blocks = attempts.map((attempt) => recipientFields(ctx, action, message, attempt))
  return [head, ...blocks].map((block) => `${block.join('\r\n')}\r\n`).join('\r\n')
}

function recipientFields(ctx: TransportContext, action: Action, message: QueuedMessage, attempt: Attempt): string[] {
  const { recipient, outcome } = attempt
  if (!('status' in outcome)) return []
  return [
    ...originalRecipient(recipient),
    `Final-Recipient: rfc822; ${plain(shown(attempt))}`,
    `Action: ${action}`,
    `Status: ${outcome.status}`,
    ...(outcome.host ? [`Remote-MTA: dns; ${plain(outcome.host)}`] : []),
    ...(outcome.text && outcome.kind !== 'delivered' ? [`Diagnostic-Code: smtp; ${plain(outcome.text)}`] : []),
    `Last-Attempt-Date: ${formatDate(ctx.clock())}`,
    ...(action === 'delayed' ? [`Will-Retry-Until: ${formatDate(message.accepted + ctx.config.expiry)}`] : []),
  ]
}

function originalRecipient(recipient: QueuedRecipient): string[] {
  const original = recipient.options['originalRecipient']
  return typeof original === 'string' ? [`Original-Recipient: ${plain(original)}`] : []
}

/** On one line, without control characters, bounded. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 500)
}
