import type { Item, ItemRef, SeenAttachment } from '#mailbox'
import type { AttachmentLink } from '#model'
import type { EwsAttachment, ReferenceAttachment } from '#schema'
import { changeKeyText } from '../ids/change-key.ts'
import { attachmentIdText, itemIdText } from '../ids/ews-id.ts'

/** The elements of a link beside the model's names for them, MS-OXWSATT_R104005 to R104018. */
const linkRows = [
  ['AttachLongPathName', 'attachLongPathName'],
  ['ProviderType', 'providerType'],
  ['ProviderEndpointUrl', 'providerEndpointUrl'],
  ['AttachmentThumbnailUrl', 'attachmentThumbnailUrl'],
  ['AttachmentPreviewUrl', 'attachmentPreviewUrl'],
  ['PermissionType', 'permissionType'],
  ['AttachmentIsFolder', 'attachmentIsFolder'],
] as const

/** Where the file of a reference lies ([MS-OXWSATT] 2.2.4.8). */
export function linkOf(attachment: ReferenceAttachment): AttachmentLink {
  const said = linkRows.map(([element, name]) => [name, attachment[element]] as const)
  return Object.fromEntries(said.filter(([, value]) => value !== undefined)) as AttachmentLink
}

function linkElements(link: AttachmentLink = {}): Partial<ReferenceAttachment> {
  const said = linkRows.map(([element, name]) => [element, link[name]] as const)
  return Object.fromEntries(said.filter(([, value]) => value !== undefined)) as Partial<ReferenceAttachment>
}

/** An attachment as it stands in an item: everything but its content ([MS-OXWSATT] 2.2.4.5). */
export function attachmentElement(row: SeenAttachment, { ref, path }: { ref: ItemRef; path: number[] }): EwsAttachment {
  const common = {
    AttachmentId: { Id: attachmentIdText(ref, [...path, row.number]) },
    Name: row.name,
    ...(row.contentType ? { ContentType: row.contentType } : {}),
    ...(row.contentId ? { ContentId: row.contentId } : {}),
    ...(row.contentLocation ? { ContentLocation: row.contentLocation } : {}),
    Size: row.size,
    LastModifiedTime: row.modified,
    IsInline: row.inline,
  }
  if (row.kind === 'item') return { is: 'ItemAttachment', ...common }
  if (row.kind === 'reference') return { is: 'ReferenceAttachment', ...common, ...linkElements(row.link) }
  return { is: 'FileAttachment', ...common, IsContactPhoto: row.photo }
}

/** An attachment that was just made: its id, and its item's as it is now ([MS-OXWSATT] 3.1.4.1). */
export function madeAttachment(row: SeenAttachment, { ref, head }: Item): EwsAttachment {
  const { is, AttachmentId } = attachmentElement(row, { ref, path: [] })
  const root = { RootItemId: itemIdText(ref), RootItemChangeKey: changeKeyText(ref.mailbox, head.change) }
  return { is, AttachmentId: { Id: AttachmentId?.Id ?? '', ...root } }
}
