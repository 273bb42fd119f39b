import { parseAddresses, type MailAddress } from './addresses.ts'
import { parseDate } from './dates.ts'
import { readBody, type Attached, type CalendarPart } from './body.ts'
import { asBuffer, headerNamed, type MessageHeader } from './headers.ts'
import { readParts } from './parts.ts'

/** What a message says, protocol-free. The bytes it was read from stay as they are. */
export interface ParsedMessage {
  /** In the order of the message. */
  headers: MessageHeader[]
  /** `multipart/mixed` … of the whole message, with its parameters. */
  contentType: string
  contentParams: Record<string, string>
  subject: string
  from?: MailAddress
  sender?: MailAddress
  to: MailAddress[]
  cc: MailAddress[]
  bcc: MailAddress[]
  replyTo: MailAddress[]
  /** Of the Date field, milliseconds UTC. */
  date?: number
  /** With angle brackets, as written; empty when there is none. So are the next two. */
  messageId: string
  inReplyTo: string
  references: string
  text?: string
  html?: string
  attachments: Attached[]
  /** `text/calendar` parts, the first one decides (RFC 6047). */
  calendar: CalendarPart[]
  /** `text/vcard` content of a message that is nothing but a card. */
  vcard?: string
  importance: 'Low' | 'Normal' | 'High'
  sensitivity: 'Normal' | 'Personal' | 'Private' | 'Confidential'
  readReceiptTo: MailAddress[]
  deliveryReceiptTo: MailAddress[]
}

/**
 * Reads a message (RFC 5322, MIME). Never throws and never alters: a message that is none has no headers and its bytes as text.
 * Time and memory are bounded by the message's size (`headerLimits`, `partLimits`).
 */
export function parseMime(message: Uint8Array): ParsedMessage {
  const bytes = asBuffer(message)
  const root = readParts(bytes)
  const raw = (key: string): string => headerNamed(root.headers, key)?.raw ?? ''
  const people = (key: string): MailAddress[] =>
    root.headers.filter((header) => header.key === key).flatMap((header) => parseAddresses(header.raw))
  const from = people('from')[0]
  const sender = people('sender')[0]
  const date = parseDate(raw('date'))
  return {
    headers: root.headers,
    contentType: root.type,
    contentParams: root.params,
    subject: headerNamed(root.headers, 'subject')?.value ?? '',
    ...(from ? { from } : {}),
    ...(sender ? { sender } : {}),
    to: people('to'),
    cc: people('cc'),
    bcc: people('bcc'),
    replyTo: people('reply-to'),
    ...(date === undefined ? {} : { date }),
    messageId: raw('message-id').slice(0, 998),
    inReplyTo: raw('in-reply-to').slice(0, 998),
    references: raw('references').slice(0, 32_000),
    ...readBody(bytes, root),
    importance: importance(raw('importance'), raw('x-priority'), raw('priority')),
    sensitivity: sensitivity(raw('sensitivity')),
    readReceiptTo: people('disposition-notification-to'),
    deliveryReceiptTo: people('return-receipt-to'),
  }
}

/** Importance (RFC 2156), else X-Priority 1–5, else Priority. */
function importance(importanceText: string, xPriority: string, priority: string): ParsedMessage['importance'] {
  const word = importanceText.toLowerCase()
  if (word.startsWith('high')) return 'High'
  if (word.startsWith('low')) return 'Low'
  if (word) return 'Normal'
  if (/^[12]\b/.test(xPriority) || /^urgent/i.test(priority)) return 'High'
  return /^[45]\b/.test(xPriority) || /^non-urgent/i.test(priority) ? 'Low' : 'Normal'
}

function sensitivity(text: string): ParsedMessage['sensitivity'] {
  const word = text.toLowerCase()
  if (word.startsWith('personal')) return 'Personal'
  if (word.startsWith('private')) return 'Private'
  return word.includes('confidential') ? 'Confidential' : 'Normal'
}
