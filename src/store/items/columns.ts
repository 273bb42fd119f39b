/** The columns of items: which kind each promoted one is, and rows to and from the contract's shapes. */
import type { Insertable } from 'kysely'
import type { ItemHead, ItemRow } from '../contract.ts'
import { clean, type Tables } from '../tables.ts'

export type HeadColumn = keyof ItemHead
export type ColumnKind = 'text' | 'number' | 'flag'

/**
 * Promoted columns. `folded` marks text that is sorted without regard to (ASCII) case; `nullable` ones sort null first
 * when ascending.
 */
export const headColumns: Record<HeadColumn, { kind: ColumnKind; nullable?: true; folded?: true }> = {
  mailbox: { kind: 'text' },
  id: { kind: 'number' },
  folder: { kind: 'number' },
  associated: { kind: 'flag' },
  change: { kind: 'number' },
  contentChange: { kind: 'number' },
  kind: { kind: 'text' },
  itemClass: { kind: 'text' },
  created: { kind: 'number' },
  modified: { kind: 'number' },
  received: { kind: 'number' },
  sent: { kind: 'number', nullable: true },
  size: { kind: 'number' },
  isRead: { kind: 'flag' },
  isDraft: { kind: 'flag' },
  hasAttachments: { kind: 'flag' },
  importance: { kind: 'number' },
  sensitivity: { kind: 'number' },
  flagStatus: { kind: 'number' },
  subject: { kind: 'text', folded: true },
  fromName: { kind: 'text', folded: true },
  displayTo: { kind: 'text', folded: true },
  displayCc: { kind: 'text', folded: true },
  messageId: { kind: 'text' },
  conversation: { kind: 'text' },
  start: { kind: 'number', nullable: true },
  end: { kind: 'number', nullable: true },
  isRecurring: { kind: 'flag' },
  uid: { kind: 'text' },
  reminder: { kind: 'number', nullable: true },
}

export const headNames = Object.keys(headColumns) as HeadColumn[]
export const rowNames = [...headNames, 'properties', 'extended', 'mime', 'mimeSize', 'body'] as const

export type StoredHead = Pick<Tables['items'], HeadColumn>
export type StoredRow = Pick<Tables['items'], (typeof rowNames)[number]>

export function decodeHead(row: StoredHead): ItemHead {
  return {
    mailbox: row.mailbox,
    id: row.id,
    folder: row.folder,
    associated: row.associated === 1,
    change: row.change,
    contentChange: row.contentChange,
    kind: row.kind,
    itemClass: row.itemClass,
    created: row.created,
    modified: row.modified,
    received: row.received,
    sent: row.sent,
    size: row.size,
    isRead: row.isRead === 1,
    isDraft: row.isDraft === 1,
    hasAttachments: row.hasAttachments === 1,
    importance: row.importance,
    sensitivity: row.sensitivity,
    flagStatus: row.flagStatus,
    subject: row.subject,
    fromName: row.fromName,
    displayTo: row.displayTo,
    displayCc: row.displayCc,
    messageId: row.messageId,
    conversation: row.conversation,
    start: row.start,
    end: row.end,
    isRecurring: row.isRecurring === 1,
    uid: row.uid,
    reminder: row.reminder,
  }
}

/** The bag and the extended properties are read when first asked for: lists mostly show columns. */
export function decodeRow(row: StoredRow): ItemRow {
  let properties: ItemRow['properties'] | undefined
  let extended: ItemRow['extended'] | undefined
  return {
    ...decodeHead(row),
    mime: row.mime,
    mimeSize: row.mimeSize,
    body: row.body,
    get properties() {
      return (properties ??= JSON.parse(row.properties) as ItemRow['properties'])
    },
    get extended() {
      return (extended ??= JSON.parse(row.extended) as ItemRow['extended'])
    },
  }
}

/** Columns that every row has, whatever was asked for: what names it and decides who may see it. */
const always = [
  'id',
  'folder',
  'associated',
  'change',
  'contentChange',
  'kind',
  'isRead',
  'isRecurring',
  'sensitivity',
  'properties',
] as const

/** Where each column read stands among a row's values. */
interface Places {
  mailbox: string
  of: Readonly<Record<string, number>>
}

/** A row of which some columns were read. It is for reading, not for copying; nothing of it is decoded before it is asked for. */
class SomeColumns {
  readonly places: Places
  readonly values: unknown[]
  constructor(places: Places, values: unknown[]) {
    this.places = places
    this.values = values
  }
  get mailbox(): string {
    return this.places.mailbox
  }
}
for (const name of rowNames) {
  if (name === 'mailbox') continue
  const json = name === 'properties' || name === 'extended'
  const flag = name in headColumns && headColumns[name as HeadColumn].kind === 'flag'
  Object.defineProperty(SomeColumns.prototype, name, {
    get(this: SomeColumns) {
      const { places, values } = this
      const at = places.of[name]
      if (at === undefined) throw new Error(`the column '${name}' was not read`)
      if (json && typeof values[at] === 'string') values[at] = JSON.parse(values[at])
      return flag ? values[at] === 1 : values[at]
    },
  })
}

/** How to read some columns of items alone. What was not read is not passed off as empty: to ask for it is a defect. */
export function someColumns(mailbox: string, columns: Iterable<keyof ItemRow>): { names: string[]; decode(values: unknown[]): ItemRow } {
  const names = [...new Set<string>([...always, ...columns])].filter((name) => name !== 'mailbox')
  const places: Places = { mailbox, of: Object.fromEntries(names.map((name, at) => [name, at])) }
  return { names, decode: (values) => new SomeColumns(places, values) as unknown as ItemRow }
}

export type EncodedItem = Omit<Insertable<Tables['items']>, 'row' | 'lastAttachment'>

export function encodeRow(row: ItemRow): EncodedItem {
  return {
    mailbox: row.mailbox,
    id: row.id,
    folder: row.folder,
    associated: row.associated ? 1 : 0,
    change: row.change,
    contentChange: row.contentChange,
    kind: row.kind,
    itemClass: clean(row.itemClass),
    created: row.created,
    modified: row.modified,
    received: row.received,
    sent: row.sent,
    size: row.size,
    isRead: row.isRead ? 1 : 0,
    isDraft: row.isDraft ? 1 : 0,
    hasAttachments: row.hasAttachments ? 1 : 0,
    importance: row.importance,
    sensitivity: row.sensitivity,
    flagStatus: row.flagStatus,
    subject: clean(row.subject),
    fromName: clean(row.fromName),
    displayTo: clean(row.displayTo),
    displayCc: clean(row.displayCc),
    messageId: clean(row.messageId),
    conversation: clean(row.conversation),
    start: row.start,
    end: row.end,
    isRecurring: row.isRecurring ? 1 : 0,
    uid: clean(row.uid),
    reminder: row.reminder,
    properties: JSON.stringify(row.properties),
    extended: JSON.stringify(row.extended),
    mime: row.mime,
    mimeSize: row.mimeSize,
    body: row.body,
  }
}
