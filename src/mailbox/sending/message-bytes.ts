import type { Instant, Properties } from '#model'
import { formatDate, headerNamed, parseHeaders } from '#wire'
import type { NewItemInput } from '../contract.ts'
import { mimeFromItem, type MimeOptions } from '../mime/index.ts'

/**
 * The bytes of a message that leaves: without Bcc, with From, Date and Message-ID (RFC 5322 3.6). MIME that the client gave stays as
 * it is; fields that it lacks are put in front.
 */
export async function outgoingBytes(item: NewItemInput, date: Instant, calendar: MimeOptions['calendar']): Promise<Uint8Array> {
  const messageId = String(item.properties.internetMessageId ?? '')
  const bytes = await mimeFromItem(item, { date, messageId, withoutBcc: true, ...(calendar ? { calendar } : {}) })
  if (!item.mime) return bytes
  const { headers } = parseHeaders(bytes)
  const missing: string[] = []
  if (!headerNamed(headers, 'date')) missing.push(`Date: ${formatDate(date)}`)
  if (!headerNamed(headers, 'message-id') && messageId) missing.push(`Message-ID: ${messageId}`)
  if (!headerNamed(headers, 'from')) missing.push(`From: ${mailboxText(item.properties, 'from')}`)
  if (missing.length === 0) return bytes
  return Buffer.concat([Buffer.from(`${missing.join('\r\n')}\r\n`, 'utf8'), bytes])
}

function mailboxText(properties: Properties, name: string): string {
  const person = properties[name] as { name?: string; address?: string } | undefined
  const display = (person?.name ?? '').replaceAll(/["\\\r\n]/g, '')
  return display ? `"${display}" <${person?.address ?? ''}>` : (person?.address ?? '')
}
