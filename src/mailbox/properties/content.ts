import type { Base64, Body, InternetHeader } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { parseHeaders } from '#wire'
import { linkOf } from '../attachments/link.ts'
import { icalendarFromItem } from '../calendar/to-icalendar.ts'
import type { SeenAttachment } from '../contract.ts'
import { mimeFromItem, type MimeOptions } from '../mime/index.ts'
import { loadBody, loadItem } from '../items/stored.ts'

/** Parts of an item that lie in blobs or other tables: read only when something asked for needs them. */
export type ContentPart = 'body' | 'headers' | 'mime' | 'attachments'
export interface Content {
  body?: Body | undefined
  headers?: InternetHeader[] | undefined
  mime?: Base64 | undefined
  attachments?: SeenAttachment[] | undefined
}

/** Reads the parts asked for. */
export async function loadContent(tx: ReadTx, row: ItemRow, parts: ReadonlySet<ContentPart>): Promise<Content> {
  const content: Content = {}
  if (parts.has('body')) content.body = await loadBody(tx, row)
  if (parts.has('attachments')) content.attachments = await loadAttachments(tx, row)
  if (parts.has('headers')) content.headers = await loadHeaders(tx, row)
  if (parts.has('mime')) content.mime = Buffer.from(await itemMime(tx, row)).toString('base64')
  return content
}

/** The attachments as they are listed: where a linked file lies is its content (MS-OXWSATT_R38002). */
async function loadAttachments(tx: ReadTx, row: ItemRow): Promise<SeenAttachment[]> {
  const rows: SeenAttachment[] = row.id === 0 ? [] : await tx.attachments.list(row.mailbox, row.id)
  for (const one of rows) if (one.kind === 'reference') one.link = linkOf(await tx.blobs.get(one.mailbox, one.blob))
  return rows
}

async function loadHeaders(tx: ReadTx, row: ItemRow): Promise<InternetHeader[] | undefined> {
  if (!row.mime) return row.properties.$headers as InternetHeader[] | undefined
  const { headers } = parseHeaders(await tx.blobs.get(row.mailbox, row.mime))
  return headers.map(({ name, value }) => ({ name, value }))
}

/** The iTIP method of a meeting message's kind; a calendar item is only shown. */
const methods = { meetingRequest: 'REQUEST', meetingCancellation: 'CANCEL', meetingResponse: 'REPLY' } as const

/** The iCalendar text of a calendar item or meeting message, for its MIME. */
export function calendarOf(row: ItemRow, body: Body | undefined): MimeOptions['calendar'] {
  if (row.kind === 'calendar') return { method: 'PUBLISH', text: icalendarFromItem(row, { body }) }
  if (!(row.kind in methods) || row.start === null) return undefined
  const method = methods[row.kind as keyof typeof methods]
  return { method, text: icalendarFromItem(row, { body, method }) }
}

/** The item as bytes: those received, else made from it; the same item gives the same bytes. */
export async function itemMime(tx: ReadTx, row: ItemRow): Promise<Uint8Array> {
  if (row.mime) return tx.blobs.get(row.mailbox, row.mime)
  const item = await loadItem(tx, row)
  const calendar = calendarOf(row, item.properties.body as Body | undefined)
  const messageId = row.messageId || `<${row.mailbox}.${row.id}@isthmus.invalid>`
  return mimeFromItem(item, { date: row.created, messageId, ...(calendar ? { calendar } : {}) })
}
