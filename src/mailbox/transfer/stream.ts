import {
  checkRecurrence,
  checkHasOccurrence,
  day,
  isKind,
  itemKinds,
  parsedJson,
  type Body,
  type ExtendedValue,
  type Instant,
  type ItemKind,
  type Properties,
  type Recurrence,
} from '#model'
import type { AttachmentRow, ItemRow, ReadTx } from '#store'
import { readLink } from '../attachments/link.ts'
import { contentBytes, parseAttachedItem } from '../attachments/prepare.ts'
import { seriesOf } from '../calendar/series.ts'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import { storedProperties } from '../items/columns.ts'
import { kindFor } from '../items/kinds.ts'
import { loadBody } from '../items/stored.ts'
import { corrupt, readRecords, writeRecords, type TransferRecord } from './records.ts'
import { extended, headers, record, storedShapes, text, type Shape } from './shapes.ts'

/** An item out of a stream: what it is made from, and when each attachment was last changed. */
export interface TransferredItem {
  item: NewItemInput
  attachmentsModified: (Instant | undefined)[]
}

/** The server's own of an item that are no property and belong to it wherever it goes; what names others of its mailbox stays there. */
const carried: Readonly<Record<string, Shape>> = { $headers: headers, $trace: text, $imAddress: text }
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Bytes of one record of properties. */
const mostJson = 32 * 1024 * 1024
const mostAttachments = 1000
/** How deep items are attached to items. */
const deepest = 8
const longest = 1825 * day

interface Head {
  kind: ItemKind
  properties: Properties
  extended: Record<string, ExtendedValue>
  /** Of the body, whose text is a record of its own. */
  bodyType?: Body['type']
}
type AttachmentHead = Pick<AttachmentRow, 'kind' | 'name' | 'contentType' | 'contentId' | 'contentLocation' | 'inline' | 'photo'> & {
  modified?: Instant
}

const json = (tag: string, value: unknown): TransferRecord => ({ tag, bytes: Buffer.from(JSON.stringify(value), 'utf8') })

/** A stored item as a stream. */
export async function writeItem(tx: ReadTx, row: ItemRow): Promise<Uint8Array> {
  const own = Object.fromEntries(Object.entries(row.properties).filter(([name]) => Object.hasOwn(carried, name)))
  const body = await loadBody(tx, row)
  const records = headRecords(
    { kind: row.kind as ItemKind, properties: { ...storedProperties(row), ...own }, extended: row.extended },
    body,
  )
  if (row.mime) records.push({ tag: 'MIME', bytes: await tx.blobs.get(row.mailbox, row.mime) })
  for (const attachment of await tx.attachments.list(row.mailbox, row.id)) {
    const { kind, name, contentType, contentId, contentLocation, inline, photo, modified } = attachment
    const bytes = await tx.blobs.get(row.mailbox, attachment.blob)
    const head: AttachmentHead = { kind, name, contentType, contentId, contentLocation, inline, photo, modified }
    records.push(json('ATTM', head), { tag: 'DATA', bytes: kind === 'item' ? writeAttached(parseAttachedItem(bytes)) : bytes })
  }
  return writeRecords(records)
}

function headRecords(head: Head, body: Body | undefined): TransferRecord[] {
  const { bodyType: _type, body: _body, ...properties } = head.properties
  const records = [json('ITEM', { ...head, properties, ...(body ? { bodyType: body.type } : {}) })]
  if (body) records.push({ tag: 'BODY', bytes: Buffer.from(body.value, 'utf8') })
  return records
}

/** An attached item as a stream of its own. */
function writeAttached(item: NewItemInput): Uint8Array {
  const stored = storedShapes(item.kind)
  const kept = Object.fromEntries(Object.entries(item.properties).filter(([name, value]) => stored.has(name) && value !== null))
  const records = headRecords(
    { kind: item.kind, properties: kept, extended: item.extended ?? {} },
    item.properties.body as Body | undefined,
  )
  if (item.mime) records.push({ tag: 'MIME', bytes: item.mime })
  for (const one of item.attachments ?? []) {
    const { kind = 'file', name = '', contentType = '', contentId = '', contentLocation = '', inline = false, photo = false } = one
    const bytes = one.item ? writeAttached(one.item) : contentBytes(one)
    records.push(json('ATTM', { kind, name, contentType, contentId, contentLocation, inline, photo }), { tag: 'DATA', bytes })
  }
  return writeRecords(records)
}

/**
 * The item in a stream, which may come from anybody: every value has the shape that its property wants, nothing is computed from it yet.
 * Refuses CorruptData, and as `checkRecurrence` and `kindFor` do.
 */
export function readItem(stream: Uint8Array): TransferredItem {
  return read(stream, 0, { left: mostAttachments })
}

function read(stream: Uint8Array, depth: number, attachments: { left: number }): TransferredItem {
  if (depth > deepest) throw corrupt(`items are attached more than ${deepest} deep`)
  let head: Head | undefined
  let body: string | undefined
  let mime: Uint8Array | undefined
  let pending: AttachmentHead | undefined
  const item: { attachments: NewAttachment[]; modified: (Instant | undefined)[] } = { attachments: [], modified: [] }
  for (const { tag, bytes } of readRecords(stream)) {
    if (pending && tag !== 'DATA') throw corrupt('an attachment has no content')
    if (tag === 'ITEM' && !head) head = headOf(bytes)
    else if (tag === 'BODY' && body === undefined) body = textOf(bytes)
    else if (tag === 'MIME' && !mime) mime = bytes
    else if (tag === 'ATTM') {
      if (attachments.left-- <= 0) throw corrupt(`it has more than ${mostAttachments} attachments`)
      pending = attachmentHead(bytes)
    } else if (tag === 'DATA' && pending) {
      const { modified, ...common } = pending
      item.attachments.push({ ...common, ...attached(common.kind, bytes, depth, attachments) })
      item.modified.push(modified)
      pending = undefined
    } else if (!/^[a-z]/.test(tag)) throw corrupt(`a record '${tag}' does not belong there`)
  }
  if (!head || pending) throw corrupt(head ? 'an attachment has no content' : 'it has no properties')
  if ((body === undefined) !== (head.bodyType === undefined)) throw corrupt('the body and its type do not belong together')
  const { kind, extended: extra, properties, bodyType } = head
  checkMeaning(kind, properties)
  return {
    item: {
      kind,
      properties: { ...properties, ...(bodyType && body !== undefined ? { body: { type: bodyType, value: body } } : {}) },
      extended: extra,
      attachments: item.attachments,
      ...(mime ? { mime } : {}),
    },
    attachmentsModified: item.modified,
  }
}

/** The content of an attachment by its kind. */
function attached(
  kind: AttachmentHead['kind'],
  bytes: Uint8Array,
  depth: number,
  attachments: { left: number },
): Pick<NewAttachment, 'content' | 'item' | 'link'> {
  if (kind === 'item') return { item: read(bytes, depth + 1, attachments).item }
  if (kind === 'file') return { content: bytes }
  const link = readLink(bytes)
  if (!link) throw corrupt('a link cannot be read')
  return { link }
}

function textOf(bytes: Uint8Array): string {
  let value: string
  try {
    value = utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) throw corrupt('a text is not UTF-8')
    throw error
  }
  if (!text(value)) throw corrupt('a text has characters that no text has')
  return value
}

function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length > mostJson) throw corrupt('its properties are too large')
  return parsedJson(textOf(bytes))
}

const anything: Shape = () => true
const headShape = record({
  kind: (kind) => typeof kind === 'string' && Object.hasOwn(itemKinds, kind),
  properties: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  extended: anything,
  'bodyType?': (type) => type === 'HTML' || type === 'Text',
})

function headOf(bytes: Uint8Array): Head {
  const value = jsonOf(bytes)
  if (!headShape(value)) throw corrupt('its properties cannot be read')
  const head = value as Head
  const shapes = storedShapes(head.kind)
  for (const [name, one] of Object.entries(head.properties)) {
    const shape = Object.hasOwn(carried, name) ? carried[name] : shapes.get(name)
    // A property that is not known may come from a newer program: to leave it out would lose it unseen.
    if (!shape) throw corrupt(`it has a property '${name.slice(0, 80)}' that is not known here`)
    if (!shape(one)) throw corrupt(`the property '${name}' has no such value`)
  }
  if (!extended(head.extended)) throw corrupt('an extended property has no such name or value')
  return head
}

const attachmentShape = record({
  kind: (kind) => kind === 'file' || kind === 'item' || kind === 'reference',
  name: text,
  contentType: text,
  contentId: text,
  contentLocation: text,
  inline: (value) => typeof value === 'boolean',
  photo: (value) => typeof value === 'boolean',
  'modified?': (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15,
})

function attachmentHead(bytes: Uint8Array): AttachmentHead {
  const value = jsonOf(bytes)
  if (!attachmentShape(value)) throw corrupt('an attachment cannot be read')
  return value as AttachmentHead
}

/** What belongs together: the class and the kind, a calendar item's times, a series and its occurrences. */
function checkMeaning(kind: ItemKind, properties: Properties): void {
  kindFor(kind, properties.itemClass as string | undefined)
  const { start, end } = properties as { start?: Instant; end?: Instant }
  if (kind === 'calendar' && (start === undefined || end === undefined)) throw corrupt('a calendar item has no times')
  if (start !== undefined && end !== undefined && (end < start || end - start > longest))
    throw corrupt('it ends before it begins, or lasts too long')
  for (const name of ['recurrence', 'taskRecurrence'] as const) {
    const recurrence = properties[name] as Recurrence | undefined
    if (recurrence) checkRecurrence(recurrence, name === 'taskRecurrence')
  }
  const series = isKind(kind, 'calendar') ? seriesOf(properties) : undefined
  if (series) checkHasOccurrence(series)
  else if (properties.exceptions || properties.deletedStarts) throw corrupt('it has occurrences and is no series')
}
