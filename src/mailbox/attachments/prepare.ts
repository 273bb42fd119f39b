import { Refusal, type ExtendedValue, type ItemKind, type Properties } from '#model'
import type { StagedBlob } from '#store'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import type { PreparedAttachment } from '../items/prepare.ts'
import { linkBytes, linkOf } from './link.ts'

/** An attached item as its blob holds it: JSON, its own attachments inside, bytes in base64. */
export interface AttachedItem {
  kind: ItemKind
  properties: Properties
  extended: Record<string, ExtendedValue>
  attachments: AttachedFile[]
  mime?: string
}
export interface AttachedFile {
  kind: 'file' | 'item' | 'reference'
  name: string
  contentType: string
  contentId: string
  contentLocation: string
  inline: boolean
  photo: boolean
  content?: string
  item?: AttachedItem
}

const deepest = 8
/** The largest attachment, in bytes. */
export const largestAttachment = 150 * 1024 * 1024

/** The bytes of a new attachment's content, whichever way they were given; a link's as they are kept. */
export function contentBytes(attachment: NewAttachment): Uint8Array {
  if (attachment.link) return linkBytes(attachment.link)
  if (attachment.content === undefined) return new Uint8Array()
  return typeof attachment.content === 'string' ? Buffer.from(attachment.content, 'base64') : attachment.content
}

/** Puts an attachment's content on disk. Too large → AttachmentSizeLimitExceeded; nested more than eight deep → AttachmentNestLevelLimitExceeded. */
export async function prepareAttachment(
  ctx: MailboxContext,
  attachment: NewAttachment,
): Promise<{ row: PreparedAttachment; blob: StagedBlob }> {
  const bytes = attachment.item ? Buffer.from(JSON.stringify(attachedItem(attachment.item, 1)), 'utf8') : contentBytes(attachment)
  if (bytes.length > largestAttachment)
    throw new Refusal('AttachmentSizeLimitExceeded', 'The attachment is larger than 150 MB. Attach a link to the file instead.')
  const blob = await ctx.store.stage(bytes)
  const row: PreparedAttachment = {
    kind: attachment.kind,
    name: attachment.name ?? String(attachment.item?.properties.subject ?? ''),
    contentType: attachment.contentType ?? '',
    contentId: attachment.contentId ?? '',
    contentLocation: attachment.contentLocation ?? '',
    inline: attachment.inline ?? false,
    size: blob.size,
    modified: ctx.clock(),
    blob: blob.digest,
    photo: attachment.photo ?? false,
  }
  return { row, blob }
}

function attachedItem(item: NewItemInput, depth: number): AttachedItem {
  if (depth > deepest) throw new Refusal('AttachmentNestLevelLimitExceeded', `Attached items are nested more than ${deepest} deep.`)
  return {
    kind: item.kind,
    properties: item.properties,
    extended: item.extended ?? {},
    attachments: (item.attachments ?? []).map((one) => ({
      kind: one.kind,
      name: one.name ?? String(one.item?.properties.subject ?? ''),
      contentType: one.contentType ?? '',
      contentId: one.contentId ?? '',
      contentLocation: one.contentLocation ?? '',
      inline: one.inline ?? false,
      photo: one.photo ?? false,
      ...(one.item ? { item: attachedItem(one.item, depth + 1) } : { content: Buffer.from(contentBytes(one)).toString('base64') }),
    })),
    ...(item.mime ? { mime: Buffer.from(item.mime).toString('base64') } : {}),
  }
}

/** An attached item's blob as an item to be made or written as MIME. Bytes that are no such JSON → ItemCorrupt. */
export function parseAttachedItem(bytes: Uint8Array): NewItemInput {
  try {
    return asInput(JSON.parse(Buffer.from(bytes).toString('utf8')) as AttachedItem)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal('ItemCorrupt', 'The attached item cannot be read.')
    throw error
  }
}

/** The content of what is no attached item, as attachments are made from: bytes, or where a file lies. */
export function contentOf(kind: NewAttachment['kind'], bytes: Uint8Array): Pick<NewAttachment, 'content' | 'link'> {
  return kind === 'reference' ? { link: linkOf(bytes) } : { content: bytes }
}

function asInput(item: AttachedItem): NewItemInput {
  return {
    kind: item.kind,
    properties: item.properties,
    extended: item.extended,
    attachments: item.attachments.map(({ item: inner, content, ...rest }) => ({
      ...rest,
      ...(inner ? { item: asInput(inner) } : contentOf(rest.kind, Buffer.from(content ?? '', 'base64'))),
    })),
    ...(item.mime ? { mime: Buffer.from(item.mime, 'base64') } : {}),
  }
}
