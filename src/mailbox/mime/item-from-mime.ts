import type { AttachmentLink, Body, EmailAddress, Properties } from '#model'
import { parseMime, type Attached, type MailAddress, type ParsedMessage } from '#wire'
import { longestUrl, readLink } from '../attachments/link.ts'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import { indexIn } from '../items/conversation.ts'
import { contactFromVCard } from './contact-from-vcard.ts'
import { classify } from './item-class.ts'
import { votingIn } from './voting-fields.ts'

/** Attached messages are opened to items this deep; below it they stay files. */
const deepest = 4

/**
 * The item that a message becomes ([MS-OXCMAIL] 2.2): by delivery and by CreateItem with MimeContent. Never refuses: what cannot be read
 * is left out, and the bytes are kept beside the item as they are. A vCard alone becomes a contact. `dateTimeReceived` and
 * read state are the caller's to set. The meeting's own properties are added by `calendar/`.
 */
export function itemFromMime(bytes: Uint8Array, parsed: ParsedMessage = parseMime(bytes)): NewItemInput {
  return itemAt(bytes, parsed, 0)
}

function itemAt(bytes: Uint8Array, parsed: ParsedMessage, depth: number): NewItemInput {
  if (parsed.vcard !== undefined) return contactFromVCard(parsed.vcard)
  const { kind, itemClass } = classify(parsed)
  return {
    kind,
    properties: messageProperties(parsed, itemClass),
    extended: votingIn(parsed.headers),
    attachments: parsed.attachments.map((attached) => attachment(attached, depth)),
    mime: bytes,
  }
}

/** The properties that a message's fields and body stand for, by dictionary name. */
export function messageProperties(parsed: ParsedMessage, itemClass: string): Properties {
  const sender = parsed.sender ?? parsed.from
  const body = bestBody(parsed)
  const all: Properties = {
    itemClass,
    subject: parsed.subject.slice(0, 10_000),
    importance: parsed.importance,
    sensitivity: parsed.sensitivity,
    dateTimeSent: parsed.date,
    internetMessageId: parsed.messageId,
    inReplyTo: parsed.inReplyTo,
    references: parsed.references,
    // [MS-OXCMAIL] 2.2.3.2.8
    conversationIndex: indexIn(parsed.headers.find(({ key }) => key === 'thread-index')?.raw ?? ''),
    from: parsed.from ? person(parsed.from) : undefined,
    sender: sender ? person(sender) : undefined,
    toRecipients: people(parsed.to),
    ccRecipients: people(parsed.cc),
    bccRecipients: people(parsed.bcc),
    replyTo: people(parsed.replyTo),
    categories: categories(parsed),
    isReadReceiptRequested: parsed.readReceiptTo.length > 0 || undefined,
    isDeliveryReceiptRequested: parsed.deliveryReceiptTo.length > 0 || undefined,
    body,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''))
}

function bestBody(parsed: ParsedMessage): Body | undefined {
  if (parsed.html !== undefined) return { type: 'HTML', value: parsed.html }
  return parsed.text === undefined ? undefined : { type: 'Text', value: parsed.text }
}

/** Keywords (RFC 5322 3.6.5) are what others call categories. */
function categories(parsed: ParsedMessage): string[] | undefined {
  const all = parsed.headers
    .filter((header) => header.key === 'keywords')
    .flatMap((header) => header.value.split(','))
    .map((word) => word.trim())
    .filter(Boolean)
  return all.length > 0 ? [...new Set(all)].slice(0, 100) : undefined
}

/** As a mail address stands in an item. */
export function person(one: MailAddress): EmailAddress {
  return { ...one, ...(one.address ? { routingType: 'SMTP' } : {}) }
}

function people(list: MailAddress[]): EmailAddress[] | undefined {
  return list.length > 0 ? list.map(person) : undefined
}

/** Addresses that a stranger's message may lead to. */
const leads = /^https?:\/\//i

/** Where a part says that a file lies; what stands beside the address is taken when it is of the same. */
function linkIn({ external, bytes }: Attached): AttachmentLink | undefined {
  const url = external && leads.test(external.url) && external.url.length <= longestUrl ? URL.parse(external.url) : null
  if (!external || !url) return undefined
  const beside = readLink(bytes)
  if (!beside || URL.parse(beside.attachLongPathName ?? '')?.href !== url.href) return { attachLongPathName: external.url }
  // The further addresses are a stranger's too: those that lead elsewhere than the link itself are not taken.
  const isTaken = ([name, value]: [string, unknown]) => !name.endsWith('Url') || (leads.test(String(value)) && URL.parse(String(value))?.host === url.host) // prettier-ignore
  const taken: AttachmentLink = Object.fromEntries(Object.entries(beside).filter(isTaken))
  return leads.test(taken.attachLongPathName ?? '') ? taken : { ...taken, attachLongPathName: external.url }
}

function attachment(attached: Attached, depth: number): NewAttachment {
  const { name, contentType, contentId, contentLocation, inline, bytes } = attached
  const link = linkIn(attached)
  if (link)
    return { kind: 'reference', name: name || unnamed(attached), contentType: attached.external?.contentType ?? '', inline: false, link }
  if (attached.message && depth < deepest) {
    return { kind: 'item', name, contentType, contentId, contentLocation, inline: false, item: itemAt(bytes, parseMime(bytes), depth + 1) }
  }
  // Of what becomes no link nothing is lost.
  const content = attached.external?.part ?? bytes
  return { kind: 'file', name: name || unnamed(attached), contentType, contentId, contentLocation, inline, content }
}

/** A name for an attachment that has none: clients show and save by name. */
function unnamed({ contentType, message }: Attached): string {
  if (message) return 'message.eml'
  const subtype = /^[a-z]+\/(?:x-)?([a-z0-9]{1,8})/.exec(contentType)?.[1] ?? ''
  return subtype && subtype !== 'octet' ? `attachment.${subtype === 'plain' ? 'txt' : subtype === 'jpeg' ? 'jpg' : subtype}` : 'attachment'
}
