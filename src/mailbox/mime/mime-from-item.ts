import { Refusal, isKind, type Attendee, type Body, type EmailAddress, type Instant, type ListMember } from '#model'
import { buildMime, removeHeaders, type MailAddress, type MessageTree } from '#wire'
import { contentBytes } from '../attachments/prepare.ts'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import { isSharing, sharingContentClass } from './item-class.ts'
import { vcardFromContact } from './vcard-from-contact.ts'
import { votingFields } from './voting-fields.ts'

/** What an item itself does not say. Passed in, so that the same item gives the same bytes. */
export interface MimeOptions {
  /** For an item without a sent or created time. */
  date: Instant
  /** For an item without a Message-ID; with angle brackets. */
  messageId: string
  /** Leave Bcc out: for everything that is sent (RFC 5322 3.6.3). */
  withoutBcc?: boolean
  /** The meeting of a calendar item or meeting message as iCalendar (made by `calendar/`). */
  calendar?: { method: string; text: string }
}

/** Attached items are written this deep; below it the attachment is left empty. */
const deepest = 8

/**
 * An item that has no MIME of its own as bytes ([MS-OXCMAIL] 2.1): mail and meeting messages as a MIME message, contacts as vCard 3.0,
 * calendar items as the raw iCalendar that `options.calendar` gives, all others as a message that shows them. Refuses a calendar item
 * without its iCalendar (MimeContentConversionFailed).
 */
export async function mimeFromItem(item: NewItemInput, options: MimeOptions): Promise<Buffer> {
  return itemBytes(item, options, 0)
}

async function itemBytes(item: NewItemInput, options: MimeOptions, depth: number): Promise<Buffer> {
  if (item.mime) return options.withoutBcc ? removeHeaders(item.mime, ['bcc']) : Buffer.from(item.mime)
  if (item.kind === 'contact') return vcardFromContact(item)
  if (item.kind === 'calendar' && depth === 0) {
    if (!options.calendar) throw new Refusal('MimeContentConversionFailed', 'The calendar item could not be written as iCalendar.')
    return Buffer.from(options.calendar.text, 'utf8')
  }
  return buildMime(await messageTree(item, options, depth))
}

/** The message that shows an item. */
export async function messageTree(item: NewItemInput, options: MimeOptions, depth = 0): Promise<MessageTree> {
  const { properties } = item
  const text = (name: string): string => (typeof properties[name] === 'string' ? properties[name] : '')
  const from = (properties.from ?? properties.organizer ?? properties.sender) as EmailAddress | undefined
  const sender = properties.sender as EmailAddress | undefined
  const date = [properties.dateTimeSent, properties.dateTimeCreated, options.date].find((value) => typeof value === 'number') as Instant
  return {
    ...(from ? { from: address(from) } : {}),
    ...(sender && from && sender.address?.toLowerCase() !== from.address?.toLowerCase() ? { sender: address(sender) } : {}),
    to: addresses(properties.toRecipients ?? attendees(properties.requiredAttendees)),
    cc: addresses(properties.ccRecipients ?? attendees(properties.optionalAttendees)),
    ...(options.withoutBcc ? {} : { bcc: addresses(properties.bccRecipients) }),
    replyTo: addresses(properties.replyTo),
    subject: text('subject') || text('displayName'),
    date,
    messageId: text('internetMessageId') || options.messageId,
    inReplyTo: text('inReplyTo'),
    references: text('references'),
    headers: furtherHeaders(item, from),
    ...bodyOf(item),
    ...(options.calendar && isKind(item.kind, 'meetingMessage') ? { calendar: options.calendar } : {}),
    attachments: await Promise.all((item.attachments ?? []).map((one, index) => attachment(one, options, depth, index))),
  }
}

function furtherHeaders({ properties, kind, extended }: NewItemInput, from: EmailAddress | undefined): { name: string; value: string }[] {
  const headers: { name: string; value: string }[] = []
  const add = (name: string, value: string): number => headers.push({ name, value })
  if (properties.importance === 'High') add('Importance', 'high')
  if (properties.importance === 'Low') add('Importance', 'low')
  if (properties.sensitivity === 'Personal' || properties.sensitivity === 'Private') add('Sensitivity', String(properties.sensitivity))
  if (properties.sensitivity === 'Confidential') add('Sensitivity', 'Company-Confidential')
  const topic = typeof properties.conversationTopic === 'string' ? properties.conversationTopic : ''
  if (topic && isKind(kind, 'message')) add('Thread-Topic', topic)
  const index = typeof properties.conversationIndex === 'string' ? properties.conversationIndex : ''
  if (index && isKind(kind, 'message')) add('Thread-Index', index)
  if (properties.isReadReceiptRequested === true && from?.address) add('Disposition-Notification-To', `<${from.address}>`)
  if (properties.isDeliveryReceiptRequested === true && from?.address) add('Return-Receipt-To', `<${from.address}>`)
  if (isSharing(properties.itemClass)) add('Content-Class', sharingContentClass)
  const categories = properties.categories as string[] | undefined
  if (categories?.length) add('Keywords', categories.join(', '))
  return [...headers, ...votingFields(extended)]
}

function bodyOf(item: NewItemInput): Pick<MessageTree, 'text' | 'html'> {
  const body = item.properties.body as Body | undefined
  if (item.kind === 'list') return { text: memberLines(item.properties.members as ListMember[] | undefined) }
  if (!body) return { text: '' }
  return body.type === 'HTML' ? { html: body.value } : { text: body.value }
}

/** A distribution list as text: one member a line. */
function memberLines(members: ListMember[] = []): string {
  return members.map(({ mailbox }) => `${mailbox.name ?? ''} <${mailbox.address ?? ''}>\r\n`).join('')
}

async function attachment(
  one: NewAttachment,
  options: MimeOptions,
  depth: number,
  index: number,
): Promise<NonNullable<MessageTree['attachments']>[number]> {
  const named = {
    ...(one.contentId ? { contentId: one.contentId } : {}),
    ...(one.contentLocation ? { contentLocation: one.contentLocation } : {}),
    inline: one.inline === true,
  }
  if (one.link)
    return {
      ...named,
      name: one.name ?? '',
      contentType: one.contentType ?? '',
      url: one.link.attachLongPathName ?? '',
      bytes: contentBytes(one),
    }
  if (!one.item)
    return { ...named, name: one.name ?? '', contentType: one.contentType || 'application/octet-stream', bytes: contentBytes(one) }
  const inner = { date: options.date, messageId: options.messageId.replace('@', `.${index + 1}@`) }
  const bytes = depth < deepest ? await itemBytes(one.item, inner, depth + 1) : new Uint8Array()
  if (one.item.kind === 'contact') return { ...named, name: `${one.name || 'contact'}.vcf`, contentType: 'text/vcard', bytes }
  return { ...named, name: one.name ? `${one.name}.eml` : '', contentType: 'message/rfc822', bytes }
}

function attendees(value: unknown): EmailAddress[] | undefined {
  return (value as Attendee[] | undefined)?.map((attendee) => attendee.mailbox)
}

function addresses(value: unknown): MailAddress[] {
  return ((value as EmailAddress[] | undefined) ?? []).map(address)
}

function address(one: EmailAddress): MailAddress {
  return { ...(one.name ? { name: one.name } : {}), ...(one.address ? { address: one.address } : {}) }
}
