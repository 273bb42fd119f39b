import type { ExtendedValue, Instant, Properties, TextField } from '#model'

/** What is sorted, filtered and counted; `#model` says which property each one promotes. */
export interface ItemHead {
  mailbox: string
  id: number
  folder: number
  associated: boolean
  /** Change number of the last change of any kind. */
  change: number
  /** Change number of the last change other than read state. */
  contentChange: number
  /** `message`, `calendar`, `contact`, … (`#model` ItemKind). */
  kind: string
  itemClass: string
  created: Instant
  modified: Instant
  received: Instant
  sent: Instant | null
  size: number
  isRead: boolean
  isDraft: boolean
  hasAttachments: boolean
  importance: number
  sensitivity: number
  flagStatus: number
  subject: string
  /** Display form of From, To, Cc for listing and sorting. */
  fromName: string
  displayTo: string
  displayCc: string
  messageId: string
  /** 32 hex digits, or empty. */
  conversation: string
  /** Calendar: start of the item or of the first occurrence; end of the item or of the last occurrence (null = never ends). */
  start: Instant | null
  end: Instant | null
  isRecurring: boolean
  /** Meeting UID, for finding the calendar item of an invitation. */
  uid: string
  /** When the item next reminds; null = it does not. */
  reminder: Instant | null
}

export interface ItemRow extends ItemHead {
  /** Everything else, by dictionary name. */
  properties: Properties
  extended: Record<string, ExtendedValue>
  /** Digest of the MIME as received or as the client gave it; null when MIME is generated. */
  mime: string | null
  mimeSize: number
  /** Digest of the body text in UTF-8 (its type lies in `properties.bodyType`); null = none. */
  body: string | null
}

/** What `items.insert` takes: ids and change numbers come from the transaction. */
export type NewItem = Omit<ItemRow, 'id' | 'change' | 'contentChange'>

export interface AttachmentRow {
  mailbox: string
  item: number
  /** 1, 2, 3 … within the item; never reused. */
  number: number
  kind: 'file' | 'item' | 'reference'
  name: string
  contentType: string
  contentId: string
  contentLocation: string
  inline: boolean
  size: number
  modified: Instant
  /** Digest of the content: a file's bytes, an attached item as JSON (`#mailbox` AttachedItem), or a link as JSON (`#mailbox` linkBytes). */
  blob: string
  /** True for the photo of a contact. */
  photo: boolean
}

export interface Tombstone {
  id: number
  folder: number
  change: number
}

export interface ItemOrder {
  /**
   * A promoted column. `id` is always the tie-breaker, in the direction of the last column. Subject, names and recipients are ordered
   * without regard to (ASCII) case; null comes first when ascending.
   */
  column: keyof ItemHead
  descending: boolean
}

/** A condition on promoted columns that the engine turns into SQL. Exact for what it says; `#mailbox` tests the rest itself. */
export type ColumnCondition =
  | { and: ColumnCondition[] }
  | { or: ColumnCondition[] }
  | { not: ColumnCondition }
  | { column: keyof ItemHead; is: '=' | '<>' | '<' | '<=' | '>' | '>='; value: string | number | boolean | null }
  /** `column` is among the values (at most 1000). */
  | { column: keyof ItemHead; in: (string | number)[] }
  /** Case-insensitive substring or prefix of a text column (ASCII case at least; may match more, never less). */
  | { column: keyof ItemHead; contains: string; prefix?: boolean }
  /** Full-text: every word occurs, as a prefix or whole, in one of the fields; absent = in any. */
  | { words: string; in?: readonly TextField[]; whole?: boolean }
  /** The item has a retention tag of its own (`policyTag`, `archiveTag`); may match more, never less. */
  | { hasTag: true }
  /** The item is pinned to the top of its folder (`pinTime`); may match more, never less. */
  | { isPinned: true }
  /** The item lies where it is because it was moved there out of one of these folders. */
  | { movedFrom: readonly number[] }

/** The text an item is found by, field by field. Subject, sender and recipients of the row itself need not be repeated. */
export type SearchText = Partial<Record<TextField, string>>

export interface ItemScan {
  mailbox: string
  folders: number[]
  associated: boolean
  order: ItemOrder[]
  where?: ColumnCondition
  /** Continue behind this row (its order columns and id), as returned by `scanKey`. */
  after?: (string | number | null)[]
  /** Skip this many rows by index before the first (0 = none); the engine does it without loading rows. */
  skip?: number
  limit: number
}

/** A scan for whole rows, or for some of their columns: then what names a row is there too, and to ask for another column is a defect. */
export interface RowScan extends ItemScan {
  columns?: ReadonlySet<keyof ItemRow>
}
