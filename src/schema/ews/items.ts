import { Refusal, itemKinds, propertiesOf, type ItemKind, type Properties, type PropertyRow, type TimeZoneRef } from '#model'
import { childNamed, type XmlElement } from '#wire'
import { choiceNamed, refuseAt, type Codec, type ReadContext } from '../kernel/index.ts'
import { attachmentElements } from './attachments.ts'
import { MimeElement } from './body.ts'
import { ExtendedPropertyElement } from './extended.ts'
import type { EwsAttachment, EwsItem } from './item.ts'
import { elementsOfKind } from './item-elements.ts'
import { t } from './namespaces.ts'
import { TimeZoneElement } from './time-zones.ts'
import { codecOf, isEmptyValue } from './value-kinds.ts'

interface Row {
  name: string
  codec: Codec<unknown>
  /** Empty lists are not written, for the schema wants something in them. */
  skipEmpty: boolean
  start: boolean
  end: boolean
}
interface Table {
  kind: ItemKind
  byElement: ReadonlyMap<string, Row>
  inOrder: readonly { tag: string; row: Row }[]
  /** Where each property stands in that order. */
  places: ReadonlyMap<string, number>
  extendedAt: number
  /** Elements of the schema that the dictionary has no row for. */
  others: ReadonlySet<string>
}

const tables = new Map<ItemKind, Table>()

function tableOf(kind: ItemKind): Table {
  const known = tables.get(kind)
  if (known) return known
  const rows = new Map(propertiesOf(kind).map((row) => [row.element, row]))
  const byElement = new Map<string, Row>()
  const inOrder: { tag: string; row: Row }[] = []
  const others = new Set<string>()
  let extendedAt = 0
  for (const element of elementsOfKind(kind)) {
    const from = rows.get(element)
    if (element === 'ExtendedProperty') extendedAt = inOrder.length
    else if (!from) others.add(element)
    else {
      const row = rowOf(from)
      byElement.set(element, row)
      inOrder.push({ tag: `t:${element}`, row })
    }
  }
  const places = new Map(inOrder.map(({ row }, at) => [row.name, at]))
  const table: Table = { kind, byElement, inOrder, places, extendedAt, others }
  tables.set(kind, table)
  return table
}

function rowOf(row: PropertyRow): Row {
  const codec = row.kind === 'attachments' ? Attachments : row.kind === 'items' ? AnyItems : codecOf(row)
  const { name } = row
  return { name, codec: codec as Codec<unknown>, skipEmpty: row.kind !== 'responseObjects', start: name === 'start', end: name === 'end' }
}

/** Zones named in the item decide what its naive start and end mean. */
function zonesIn(element: XmlElement): { start?: TimeZoneRef; end?: TimeZoneRef } {
  const read = (name: string): TimeZoneRef | undefined => {
    const child = childNamed(element, name)
    return child && TimeZoneElement.read(child, { local: () => 0 })
  }
  const meeting = childNamed(element, 'MeetingTimeZone')?.attributes.TimeZoneName
  const start = read('StartTimeZone') ?? (meeting === undefined ? undefined : { name: meeting })
  const end = read('EndTimeZone') ?? start
  return { ...(start && { start }), ...(end && { end }) }
}

function inZone(context: ReadContext, zone: TimeZoneRef | undefined): ReadContext {
  return zone ? { ...context, local: (text) => context.local(text, zone) } : context
}

function readItem(element: XmlElement, kind: ItemKind, context: ReadContext): EwsItem {
  const table = tableOf(kind)
  const item: EwsItem = { kind, element: element.name, properties: {}, extended: [] }
  const hasTimes = table.byElement.has('StartTimeZone')
  const zones = hasTimes ? zonesIn(element) : {}
  for (const child of element.children) {
    if (typeof child === 'string' || !t.namespace.has(child.namespace)) continue
    try {
      const row = table.byElement.get(child.name)
      if (row) readProperty(item, child, row, row.start ? inZone(context, zones.start) : row.end ? inZone(context, zones.end) : context)
      else if (child.name === 'ExtendedProperty') item.extended?.push(ExtendedPropertyElement.read(child, context))
      else if (context.unknownElements === 'skip') continue
      else if (!table.others.has(child.name)) refuseAt(child, `unexpected element in ${element.name}`)
      else throw new Refusal('InvalidPropertySet', `${child.name} is not kept.`, { element: child.name })
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'SchemaValidation') throw error
      item.refusal ??= error
    }
  }
  return item
}

function readProperty(item: EwsItem, child: XmlElement, row: Row, context: ReadContext): void {
  if (row.name === 'mimeContent') {
    if (item.mime) refuseAt(child, 'expected only once')
    item.mime = MimeElement.read(child, context)
  } else if (row.name === 'attachments') {
    if (item.attachments) refuseAt(child, 'expected only once')
    item.attachments = Attachments.read(child, context)
  } else {
    if (row.name in item.properties) refuseAt(child, 'expected only once')
    item.properties[row.name] = row.codec.read(child, context) as Properties[string]
  }
}

/** One kind's codec, whatever the element is called: what stands in `<t:Message>`, or in a resolved name's `<t:Contact>`. */
export function itemElement(kind: ItemKind): Codec<EwsItem> {
  return {
    shape: { is: 'own', name: `item ${kind}` },
    read: (element, context) => readItem(element, kind, context),
    write: (tag, item, context) => {
      const { inOrder, places, extendedAt } = tableOf(item.kind)
      const { properties, extended, attachments, mime } = item
      const present: number[] = []
      for (const name in properties) insert(present, places.get(name))
      if (mime) insert(present, places.get('mimeContent'))
      if (attachments) insert(present, places.get('attachments'))
      let [before, behind] = ['', '']
      for (const at of present) {
        const { tag: child, row } = inOrder[at] as { tag: string; row: Row }
        const value = row.name === 'mimeContent' ? mime : row.name === 'attachments' ? attachments : properties[row.name]
        if (value === undefined || value === null || (row.skipEmpty && isEmptyValue(value))) continue
        const written = row.codec.write(child, value, context)
        if (at < extendedAt) before += written
        else behind += written
      }
      for (const entry of extended ?? []) before += ExtendedPropertyElement.write('t:ExtendedProperty', entry, context)
      const inner = before + behind
      return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${tag}>`
    },
  }
}

/** Puts a place among others, in order and once; they come nearly in order, for answers are filled by the same tables. */
function insert(places: number[], place: number | undefined): void {
  if (place === undefined) return
  let at = places.length
  while (at > 0 && (places[at - 1] as number) > place) at--
  if (places[at - 1] !== place) places.splice(at, 0, place)
}

/** Every item element and its codec. */
export const itemElements = Object.fromEntries(
  (Object.keys(itemKinds) as ItemKind[]).map((kind) => [itemKinds[kind].element, itemElement(kind)]),
) as Record<string, Codec<EwsItem>>

/** The element an item is written as. */
export function elementOfItem({ kind }: EwsItem): string {
  return itemKinds[kind].element
}

/** `<t:Items>` of answers: any number of items ([MS-OXWSCDATA] 2.2.4.9 ArrayOfRealItemsType). */
export const AnyItems: Codec<EwsItem[]> = t.anyNamed(itemElements, elementOfItem)
const attachments = attachmentElements(itemElements, elementOfItem)
const attachmentName = ({ is }: EwsAttachment): string => is
/** `<t:Attachments>` ([MS-OXWSATT] 2.2.4.1). */
export const Attachments: Codec<EwsAttachment[]> = t.anyNamed(attachments, attachmentName)

/** `<m:Attachments>` of requests: at least one. */
export const NewAttachments: Codec<EwsAttachment[]> = t.someNamed(attachments, attachmentName)

/** `<t:Items>` where the schema wants at least one. */
export const SomeItems: Codec<EwsItem[]> = t.someNamed(itemElements, elementOfItem)

/** One item element among a record's members. */
export const anyItem = choiceNamed(itemElements, elementOfItem)
