import type { Item, ItemRef, SeenAttachment } from '#mailbox'
import {
  extendedKey,
  propertyRow,
  type DeletedOccurrence,
  type InternetHeader,
  type Occurrence,
  type Properties,
  type PropertyValue,
  type ValueKind,
} from '#model'
import type { EwsItem, ExtendedEntry } from '#schema'
import { changeKeyText } from '../ids/change-key.ts'
import { attachmentIdText, conversationIdText, folderIdText, itemIdText } from '../ids/ews-id.ts'
import { attachmentElement } from './attachment.ts'
import type { Asked } from './shape.ts'

/** Where an item is: in a folder, or attached (then `path` leads to it). */
export interface Place {
  ref: ItemRef
  change: number
  path: number[]
}

type Translate = (value: never, place: Place) => unknown

/** Values that EWS writes otherwise than the model keeps them, by kind. */
const translations: Partial<Record<ValueKind, Translate>> = {
  itemId: (value: ItemRef & { change?: number }) => itemIdElement(value, value.change),
  folderId: (value: { mailbox: string; id: number; change?: number }) => folderIdElement(value.mailbox, value.id, value.change),
  conversationId: (value: string, { ref }) => (value ? { Id: conversationIdText(ref.mailbox, value) } : undefined),
  occurrence: (value: Occurrence, place) => occurrenceInfo(value, place),
  occurrences: (values: Occurrence[], place) => values.map((value) => occurrenceInfo(value, place)),
  deletedOccurrences: (values: DeletedOccurrence[]) => values.map(({ start }) => ({ Start: start })),
  items: (values: Item[]) => values.map((item) => ewsItem(item, meeting)),
  mime: (content: string) => ({ content, characterSet: 'UTF-8' }),
}
/** How conflicting and adjacent meetings are shown. */
const meeting: Asked = { wanted: { shape: 'ids' }, extended: [], hidden: () => false }

/** `<t:ItemId>`; without a change number it carries no ChangeKey. */
export function itemIdElement(ref: ItemRef, change?: number): { Id: string; ChangeKey?: string } {
  return { Id: itemIdText(ref), ...(change === undefined ? {} : { ChangeKey: changeKeyText(ref.mailbox, change) }) }
}

/** `<t:FolderId>`. */
export function folderIdElement(mailbox: string, id: number, change?: number): { Id: string; ChangeKey?: string } {
  return { Id: folderIdText(mailbox, id), ...(change === undefined ? {} : { ChangeKey: changeKeyText(mailbox, change, 'folder') }) }
}

function occurrenceInfo({ originalStart, start, end }: Occurrence, { ref, change }: Place) {
  const id = itemIdElement({ mailbox: ref.mailbox, id: ref.id, occurrence: originalStart }, change)
  return { ItemId: id, Start: start, End: end, OriginalStart: originalStart }
}

/**
 * An item as it stands in an answer. Its id is always there (IdOnly = nothing but it); properties newer than the client's
 * schema version are left out unless named ([MS-OXWSCORE] 2.2.4.24).
 */
export function ewsItem(item: Item, asked: Asked): EwsItem {
  return itemAt(item, asked, { ref: item.ref, change: item.head.change, path: [] })
}

/** The same for an item attached to the one at `ref`. Its id is the attachment's. */
export function attachedEwsItem(item: Item, asked: Asked, place: Place): EwsItem {
  return itemAt(item, asked, place)
}

function itemAt(item: Item, asked: Asked, place: Place): EwsItem {
  const { ref, change, path } = place
  const properties: Properties = {
    itemId:
      path.length === 0 ? itemIdElement(ref, change) : { Id: attachmentIdText(ref, path), ChangeKey: changeKeyText(ref.mailbox, change) },
  }
  const out: EwsItem = { kind: item.kind, properties }
  for (const name in item.properties) {
    // A contact that is attached is in no address book, so it is no person.
    if (name === 'itemId' || asked.hidden(name) || (name === 'personId' && path.length > 0)) continue
    const value = item.properties[name]
    if (value === undefined || value === null) continue
    if (name === 'attachments') out.attachments = (value as SeenAttachment[]).map((row) => attachmentElement(row, place))
    else if (name === 'mimeContent') out.mime = { content: value as string, characterSet: 'UTF-8' }
    else if (name === 'internetMessageHeaders') properties[name] = headersAsked(value as InternetHeader[], asked)
    else {
      const translate = translations[propertyRow(name).kind]
      properties[name] = (translate ? translate(value as never, place) : value) as PropertyValue
    }
  }
  const extended = extendedEntries(item.extended, asked)
  if (extended.length > 0) out.extended = extended
  return out
}

/** The extended properties that were asked for and are there, each in the words of the question. */
export function extendedEntries(stored: Item['extended'], asked: Pick<Asked, 'extended'>): ExtendedEntry[] {
  const out: ExtendedEntry[] = []
  for (const { extended, form } of asked.extended) {
    const value = stored[extendedKey(extended)]
    if (value !== undefined) out.push({ property: extended, ...(form ? { form } : {}), value })
  }
  return out
}

function headersAsked(headers: InternetHeader[], { headers: names }: Asked): InternetHeader[] {
  return names ? headers.filter(({ name }) => names.has(name.toLowerCase())) : headers
}

/** The element of an answer that only names an item, of the right kind. */
export function bareItem(item: Item): EwsItem {
  return { kind: item.kind, properties: { itemId: itemIdElement(item.ref, item.head.change) } }
}
