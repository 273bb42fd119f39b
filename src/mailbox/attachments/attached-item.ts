import { type Body, type ItemKind } from '#model'
import type { AttachmentRow, ItemRow } from '#store'
import { parseHeaders } from '#wire'
import type { Item, NewAttachment, NewItemInput, SeenAttachment, Wanted } from '../contract.ts'
import { bagOf } from '../items/columns.ts'
import { columnsOf } from '../items/prepare.ts'
import { previewOf } from '../items/search-text.ts'
import type { Target } from '../items/target.ts'
import { mimeFromItem } from '../mime/index.ts'
import { calendarOf } from '../properties/content.ts'
import { contentParts, itemSeen, namesWanted, neededBy } from '../properties/read.ts'
import type { ItemView } from '../properties/view.ts'
import { contentBytes } from './prepare.ts'

/** An attachment inside an attached item as a row: it lies in that item's blob and has none of its own. */
export function nestedRow(parent: AttachmentRow, number: number, attachment: NewAttachment): SeenAttachment {
  return {
    mailbox: parent.mailbox,
    item: parent.item,
    number,
    kind: attachment.kind,
    name: attachment.name ?? '',
    contentType: attachment.contentType ?? '',
    contentId: attachment.contentId ?? '',
    contentLocation: attachment.contentLocation ?? '',
    inline: attachment.inline ?? false,
    size: attachment.item ? JSON.stringify(attachment.item.properties).length : contentBytes(attachment).length,
    modified: parent.modified,
    blob: '',
    photo: attachment.photo ?? false,
    ...(attachment.link ? { link: attachment.link } : {}),
  }
}

/** An attached item as if it lay in the folder of the item that holds it, its times those of the attachment where it has none. */
function attachedRow(item: NewItemInput, at: AttachmentRow, holder: ItemRow): ItemRow {
  const { properties } = item
  const body = properties.body as Body | undefined
  const columns = columnsOf(item, properties, at.modified)
  return {
    ...holder,
    ...columns,
    associated: false,
    size: at.size,
    hasAttachments: (item.attachments ?? []).some((one) => !one.inline),
    properties: { ...bagOf(item.kind, properties), ...(body ? { body, bodyType: body.type, $preview: previewOf(body) } : {}) },
    extended: item.extended ?? {},
    mime: null,
    mimeSize: item.mime?.length ?? 0,
    body: null,
  }
}

/** What is wanted of an attached item. */
export async function readAttached(item: NewItemInput, at: AttachmentRow, holder: Target, wanted: Wanted): Promise<Item> {
  const row = attachedRow(item, at, holder.row)
  const kind = item.kind as ItemKind
  const names = namesWanted(kind, wanted, false)
  const paths = wanted.paths ?? []
  const needed = new Set([...names, ...paths.flatMap((path) => [...neededBy(path, kind)])])
  const parts = contentParts(needed)
  const body = item.properties.body as Body | undefined
  const view: ItemView = { row, folder: holder.folder, rights: holder.rights, found: {}, content: { body }, isAttached: true }
  if (parts.has('attachments')) view.content.attachments = (item.attachments ?? []).map((one, index) => nestedRow(at, index + 1, one))
  if (parts.has('headers') && item.mime) view.content.headers = parseHeaders(item.mime).headers.map(({ name, value }) => ({ name, value }))
  if (parts.has('mime')) {
    const calendar = calendarOf(row, body)
    const messageId = row.messageId || `<${row.mailbox}.${row.id}.${at.number}@isthmus.invalid>`
    const bytes = await mimeFromItem(item, { date: row.created, messageId, ...(calendar ? { calendar } : {}) })
    view.content.mime = bytes.toString('base64')
  }
  return itemSeen(view, names, paths, wanted)
}
