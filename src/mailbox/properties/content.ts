import type { Base64, Body, InternetHeader } from '#model'
import type { AttachmentRow, ItemRow, ReadTx } from '#store'
import { parseHeaders } from '#wire'
import { mimeFromItem } from '../mime/index.ts'
import { loadBody, loadItem } from '../items/stored.ts'

/** Parts of an item that lie in blobs or other tables: read only when something asked for needs them. */
export type ContentPart = 'body' | 'headers' | 'mime' | 'attachments'
export interface Content {
  body?: Body | undefined
  headers?: InternetHeader[] | undefined
  mime?: Base64 | undefined
  attachments?: AttachmentRow[] | undefined
}

/** Writes a calendar item or meeting message as iCalendar; `calendar/` does. */
export type CalendarText = (row: ItemRow) => { method: string; text: string } | undefined

/** Reads the parts asked for. */
export async function loadContent(tx: ReadTx, row: ItemRow, parts: ReadonlySet<ContentPart>, calendar: CalendarText): Promise<Content> {
  const content: Content = {}
  if (parts.has('body')) content.body = await loadBody(tx, row)
  if (parts.has('attachments')) content.attachments = row.id === 0 ? [] : await tx.attachments.list(row.mailbox, row.id)
  if (parts.has('headers')) content.headers = await loadHeaders(tx, row)
  if (parts.has('mime')) content.mime = Buffer.from(await itemMime(tx, row, calendar)).toString('base64')
  return content
}

async function loadHeaders(tx: ReadTx, row: ItemRow): Promise<InternetHeader[] | undefined> {
  if (!row.mime) return row.properties.$headers as InternetHeader[] | undefined
  const { headers } = parseHeaders(await tx.blobs.get(row.mailbox, row.mime))
  return headers.map(({ name, value }) => ({ name, value }))
}

/** The item as bytes: those received, else made from it; the same item gives the same bytes. */
export async function itemMime(tx: ReadTx, row: ItemRow, calendar: CalendarText): Promise<Uint8Array> {
  if (row.mime) return tx.blobs.get(row.mailbox, row.mime)
  const text = calendar(row)
  const messageId = row.messageId || `<${row.mailbox}.${row.id}@isthmus.invalid>`
  return mimeFromItem(await loadItem(tx, row), { date: row.created, messageId, ...(text ? { calendar: text } : {}) })
}
