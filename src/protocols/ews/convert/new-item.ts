import type { NewAttachment, NewItemInput } from '#mailbox'
import { extendedKey, isKind, Refusal, type ExtendedValue, type ItemKind } from '#model'
import type { EwsAttachment, EwsItem, ExtendedEntry, Mime } from '#schema'
import { linkOf } from './attachment.ts'

/** How deep items may be attached to items in one request. */
const deepest = 16

/** Kinds whose MIME is told and not taken (MS-OXWSCORE_R2012). */
const mimeOutOnly: readonly ItemKind[] = ['contact', 'list', 'task']

/**
 * An item of a request as the mailbox takes it. Throws the item's own refusal when it could not be read,
 * UnsupportedMimeConversion for MIME of a kind that cannot be set by it (MS-OXWSCORE_R2013), and
 * InvalidItemForOperationCreateItemAttachment for what cannot be attached (MS-OXWSATT_R38).
 */
export function newItem(item: EwsItem, depth = 0): NewItemInput {
  if (item.refusal) throw item.refusal
  if (depth > deepest) throw new Refusal('InvalidRequest', `Items are attached to items more than ${deepest} deep.`)
  // The same in another element; what it says of its character set is passed over (MS-OXWSCORE_R2075).
  const { mimeContentUTF8, ...properties } = item.properties
  const mime = item.mime ?? (mimeContentUTF8 as Mime | undefined)
  if (mime && mimeOutOnly.includes(item.kind)) {
    throw new Refusal('UnsupportedMimeConversion', 'MimeContent can be set for messages, posts and calendar items alone.')
  }
  checkSubject(properties.subject)
  return {
    kind: item.kind,
    properties,
    ...(item.extended?.length ? { extended: extendedRecord(item.extended) } : {}),
    ...(item.attachments?.length ? { attachments: item.attachments.map((attachment) => newAttachment(attachment, depth)) } : {}),
    ...(mime ? { mime: Buffer.from(mime.content, 'base64') } : {}),
  }
}

/** A subject that a client sets may have 255 characters (MS-OXWSCORE_R74) → PropertyValidationFailure. What MIME says may be longer. */
export function checkSubject(subject: unknown): void {
  if (typeof subject === 'string' && subject.length > 255) {
    throw new Refusal('PropertyValidationFailure', 'Subject: expected at most 255 characters', { property: 'subject' })
  }
}

/** Extended properties by their key; one that is there twice → InvalidExtendedProperty. */
export function extendedRecord(entries: ExtendedEntry[]): Record<string, ExtendedValue> {
  const out: Record<string, ExtendedValue> = {}
  for (const { property, value } of entries) {
    const key = extendedKey(property)
    if (key in out) throw new Refusal('InvalidExtendedProperty', `The extended property ${key} is given twice.`)
    out[key] = value
  }
  return out
}

/** An attachment of a request ([MS-OXWSATT] 3.1.4.1): a file, an item, or where a file lies. */
export function newAttachment(attachment: EwsAttachment, depth = 0): NewAttachment {
  const common = {
    ...(attachment.Name !== undefined ? { name: attachment.Name } : {}),
    ...(attachment.ContentType !== undefined ? { contentType: attachment.ContentType } : {}),
    ...(attachment.ContentId !== undefined ? { contentId: attachment.ContentId } : {}),
    ...(attachment.ContentLocation !== undefined ? { contentLocation: attachment.ContentLocation } : {}),
    ...(attachment.IsInline !== undefined ? { inline: attachment.IsInline } : {}),
  }
  if (attachment.is === 'FileAttachment') {
    const photo = attachment.IsContactPhoto === undefined ? {} : { photo: attachment.IsContactPhoto }
    return { kind: 'file', ...common, ...photo, content: attachment.Content ?? '' }
  }
  if (attachment.is === 'ReferenceAttachment') return { kind: 'reference', ...common, link: linkOf(attachment) }
  const { Item } = attachment
  if (!Item) throw new Refusal('MissingItemForCreateItemAttachment', 'ItemAttachment: expected an item')
  if (isKind(Item.kind, 'meetingMessage') || Item.kind === 'list') {
    throw new Refusal('InvalidItemForOperationCreateItemAttachment', 'An item of this kind cannot be attached.')
  }
  // A plain item comes back as a message (MS-OXWSATT_R444).
  const whole: EwsItem = Item.kind === 'item' ? { ...Item, kind: 'message' } : Item
  return { kind: 'item', ...common, item: newItem(whole, depth + 1) }
}
