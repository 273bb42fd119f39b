import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import MimeNode from 'nodemailer/lib/mime-node'
import type { MailAddress } from './addresses.ts'
import { formatDate } from './dates.ts'

/** What a message to be built says. Dates are passed in (milliseconds UTC), so the same message gives the same bytes. */
export interface MessageTree {
  from?: MailAddress
  sender?: MailAddress
  to?: MailAddress[]
  cc?: MailAddress[]
  /** Leave it out for what is sent. */
  bcc?: MailAddress[]
  replyTo?: MailAddress[]
  subject?: string
  date: number
  /** With angle brackets. */
  messageId: string
  inReplyTo?: string
  references?: string
  /** Further fields in order: Importance, X-… Values may hold any character but line breaks. */
  headers?: { name: string; value: string }[]
  text?: string
  html?: string
  /** The body as an invitation, answer or cancellation (RFC 6047). */
  calendar?: { method: string; text: string }
  attachments?: {
    name?: string
    contentType: string
    contentId?: string
    contentLocation?: string
    inline?: boolean
    /** The part only names a file (RFC 2017); `bytes` stand behind the phantom's fields, for those who know them. */
    url?: string
    bytes: Uint8Array
  }[]
}

/** The bytes of a message (RFC 5322, MIME) with CRLF lines: stable, 7-bit, Bcc only when given. Reads no file and no address. */
export async function buildMime(tree: MessageTree): Promise<Buffer> {
  const composer = new MailComposer({
    ...(tree.from ? { from: person(tree.from) } : {}),
    ...(tree.sender ? { sender: person(tree.sender) } : {}),
    to: people(tree.to),
    cc: people(tree.cc),
    bcc: people(tree.bcc),
    replyTo: people(tree.replyTo),
    subject: tree.subject ?? '',
    date: formatDate(tree.date),
    messageId: tree.messageId,
    ...(tree.inReplyTo ? { inReplyTo: tree.inReplyTo } : {}),
    ...(tree.references ? { references: tree.references } : {}),
    headers: (tree.headers ?? []).map(({ name, value }) => ({ key: name, value: value.replace(/[\r\n\0]+/g, ' ') })),
    ...(tree.text === undefined && tree.html !== undefined ? {} : { text: tree.text ?? '' }),
    ...(tree.html === undefined ? {} : { html: tree.html }),
    alternatives: tree.calendar
      ? [
          {
            contentType: `text/calendar; charset=utf-8; method=${tree.calendar.method}`,
            content: tree.calendar.text,
            contentTransferEncoding: 'base64',
          },
        ]
      : [],
    attachments: (tree.attachments ?? []).map(attachment),
    baseBoundary: boundarySeed(tree),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const node = composer.compile()
  node.keepBcc = true
  return node.build()
}

/** The same message gives the same boundaries; 96 bits keep them from occurring in its content. */
function boundarySeed(tree: MessageTree): string {
  return createHash('sha256')
    .update(`${tree.messageId}\n${tree.date}\n${tree.subject ?? ''}`)
    .digest('hex')
    .slice(0, 24)
}

/** A part that names a file (RFC 2046 5.2.3): its body is a phantom, with the file's own type. */
function externalPart(part: NonNullable<MessageTree['attachments']>[number], url: string) {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(part.contentType) ? part.contentType : 'application/octet-stream'
  const lines =
    Buffer.from(part.bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return {
    filename: part.name ? part.name : (false as const),
    contentType: `message/external-body; access-type=URL; URL="${urlText(url)}"`,
    content: ['Content-Transfer-Encoding: base64', `Content-Type: ${type}`, '', ...lines, ''].join('\r\n'),
    contentTransferEncoding: '7bit' as const,
    contentDisposition: 'attachment' as const,
  }
}

/** A URL in the characters that a parameter may hold (RFC 2017 3.1). */
function urlText(url: string): string {
  return url.toWellFormed().replaceAll(/[^\x21\x23-\x5b\x5d-\x7e]/gu, encodeURIComponent)
}

function attachment(part: NonNullable<MessageTree['attachments']>[number]) {
  if (part.url !== undefined) return externalPart(part, part.url)
  const message = part.contentType === 'message/rfc822'
  return {
    filename: part.name ? part.name : (false as const),
    contentType: part.contentType || 'application/octet-stream',
    content: Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength),
    contentDisposition: part.inline ? ('inline' as const) : ('attachment' as const),
    ...(part.contentId && !message ? { cid: part.contentId } : {}),
    ...(part.contentLocation ? { headers: [{ key: 'Content-Location', value: part.contentLocation.replace(/[\r\n\0]+/g, '') }] } : {}),
  }
}

function people(list: MailAddress[] = []): { name: string; address: string }[] {
  return list.filter((one) => one.address || one.name).map(person)
}

function person(one: MailAddress): { name: string; address: string } {
  return { name: one.name ?? '', address: one.address ?? '' }
}

/** A multipart of the given type (`report`, with its parameters) from ready parts, in order (RFC 6522). */
export async function buildMultipart(
  tree: Omit<MessageTree, 'text' | 'html' | 'calendar' | 'attachments'>,
  contentType: string,
  parts: { contentType: string; content: string | Buffer }[],
): Promise<Buffer> {
  const root = new MimeNode(contentType, { baseBoundary: boundarySeed(tree), newline: '\r\n' })
  if (tree.from) root.setHeader('From', [person(tree.from)])
  if (tree.to?.length) root.setHeader('To', people(tree.to))
  root.setHeader('Subject', tree.subject ?? '')
  root.setHeader('Date', formatDate(tree.date))
  root.setHeader('Message-ID', tree.messageId)
  if (tree.inReplyTo) root.setHeader('In-Reply-To', tree.inReplyTo)
  if (tree.references) root.setHeader('References', tree.references)
  for (const { name, value } of tree.headers ?? []) root.setHeader(name, value)
  for (const part of parts) root.createChild(part.contentType).setContent(part.content)
  return root.build()
}
