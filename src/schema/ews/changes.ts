import { Refusal, type ItemKind, type Properties, type PropertyPath } from '#model'
import { childNamed, elementsOf, type XmlElement } from '#wire'
import { choice, refuseAt, type Codec, type Infer, type ReadContext, type WriteContext } from '../kernel/index.ts'
import { elementOfFolder, folderElements, type EwsFolder, type FolderElementName } from './folders.ts'
import { DistinguishedFolderId, FolderId, itemChangeIds } from './ids.ts'
import type { EwsItem } from './item.ts'
import { elementOfItem, itemElements } from './items.ts'
import { t } from './namespaces.ts'
import { childPath, pathElements, pathName, pathToXml, type EwsPath } from './paths.ts'
import { TimeZoneElement } from './time-zones.ts'

/**
 * A change as the mailbox takes it. Values are what the property holds; of an indexed path, the one entry or part. `element` is what a
 * folder's permissions stood in: calendars have others.
 */
export type EwsChange =
  | { op: 'set'; path: EwsPath; value: unknown; kind?: ItemKind; element?: FolderElementName }
  | { op: 'append'; path: EwsPath; value: unknown; kind?: ItemKind; element?: FolderElementName }
  | { op: 'delete'; path: EwsPath }

/** The changes of one item or folder. `refusal` is what is wrong with them: the answer of this item alone. */
export interface EwsChanges {
  changes: EwsChange[]
  refusal?: Refusal
}

interface Holder {
  properties: Properties
  extended?: EwsItem['extended']
  attachments?: EwsItem['attachments']
  mime?: EwsItem['mime']
  kind?: ItemKind
  element?: string
  refusal?: Refusal
}

const ops = { Set: 'set', AppendTo: 'append' } as const

/** Reads `<t:Updates>`; `what` is Item or Folder, `elements` the tables of what is in a Set or Append. */
function readUpdates(
  element: XmlElement,
  what: 'Item' | 'Folder',
  elements: Readonly<Record<string, Codec<Holder>>>,
  context: ReadContext,
): EwsChanges {
  const value: EwsChanges = { changes: [] }
  const inner = withZonesOf(element, context)
  for (const child of elementsOf(element)) {
    try {
      if (child.name === `Delete${what}Field`) value.changes.push({ op: 'delete', path: childPath(child) })
      else if (child.name === `Set${what}Field`) value.changes.push(readChange(child, ops.Set, elements, inner))
      else if (child.name === `AppendTo${what}Field`) value.changes.push(readChange(child, ops.AppendTo, elements, inner))
      else refuseAt(child, `expected Set${what}Field|AppendTo${what}Field|Delete${what}Field`)
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'SchemaValidation') throw error
      value.refusal ??= error
    }
  }
  if (value.changes.length === 0 && !value.refusal) refuseAt(element, `expected Set${what}Field|AppendTo${what}Field|Delete${what}Field`)
  return value
}

/** A zone set among the updates is the zone of the naive times among them ([MS-OXWSMTGS] StartTimeZone). */
function withZonesOf(element: XmlElement, context: ReadContext): ReadContext {
  for (const update of elementsOf(element)) {
    for (const holder of elementsOf(update)) {
      const zone = childNamed(holder, 'StartTimeZone')
      if (!zone) continue
      const named = TimeZoneElement.read(zone, context)
      return { ...context, local: (text, own) => context.local(text, own ?? named) }
    }
  }
  return context
}

function readChange(
  element: XmlElement,
  op: 'set' | 'append',
  elements: Readonly<Record<string, Codec<Holder>>>,
  context: ReadContext,
): EwsChange {
  const path = childPath(element)
  const holders = elementsOf(element).filter(({ name }) => !pathElements.has(name))
  const [from] = holders
  const codec = from && Object.hasOwn(elements, from.name) ? elements[from.name] : undefined
  if (!from || !codec || holders.length > 1) return refuseAt(element, `expected one of ${Object.keys(elements).join('|')}`)
  const count = elementsOf(from).length
  if (count !== 1) {
    throw new Refusal('IncorrectUpdatePropertyCount', `${pathName(path)}: one property is set at a time, not ${count}.`)
  }
  const holder = codec.read(from, context)
  if (holder.refusal) throw holder.refusal
  const value = valueAt(path, holder)
  const ofPermissions = 'property' in path && path.property === 'permissionSet' && { element: holder.element as FolderElementName }
  return { op, path, value, ...(holder.kind && { kind: holder.kind }), ...ofPermissions }
}

/** What the one property of the holder says for the path; refuses UpdatePropertyMismatch when it is another one. */
function valueAt(path: EwsPath, holder: Holder): unknown {
  const mismatch = () => new Refusal('UpdatePropertyMismatch', `The property that is given is not ${pathName(path)}.`)
  if ('extended' in path) {
    const [entry] = holder.extended ?? []
    if (!entry || extendedName(entry.property) !== extendedName(path.extended)) throw mismatch()
    return entry.value
  }
  const { property, key, part } = path
  if (property === 'mimeContent' && holder.mime) return holder.mime
  if (property === 'attachments' && holder.attachments) return holder.attachments
  const value = holder.properties[property]
  if (value === undefined) throw mismatch()
  if (key === undefined) return value
  const entry = entryOf(property, value, key)
  if (entry === undefined) throw mismatch()
  return part === undefined ? entry : ((entry as Record<string, unknown>)[part] ?? missing(mismatch))
}

function missing(refusal: () => Refusal): never {
  throw refusal()
}

function extendedName(property: object): string {
  return JSON.stringify(Object.entries({ ...property, type: undefined })).toLowerCase()
}

function entryOf(property: string, value: unknown, key: string): unknown {
  if (!Array.isArray(value)) return Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined
  if (property === 'internetMessageHeaders') {
    return (value as { name: string; value: string }[]).find(({ name }) => name.toLowerCase() === key.toLowerCase())?.value
  }
  return (value as { key?: string }[]).find((member) => member.key === key) ?? value[0]
}

/** The holder that says the value of a path, for writing. */
function holderOf({ path, value }: { path: EwsPath; value: unknown }): Holder {
  if ('extended' in path) {
    return { properties: {}, extended: [{ property: path.extended, ...(path.form && { form: path.form }), value: value as never }] }
  }
  const { property, key, part } = path
  if (property === 'mimeContent') return { properties: {}, mime: value as never }
  if (property === 'attachments') return { properties: {}, attachments: value as never }
  if (key === undefined) return { properties: { [property]: value as Properties[string] } }
  if (property === 'internetMessageHeaders') return { properties: { [property]: [{ name: key, value }] } }
  if (property === 'members') return { properties: { [property]: [value as object] } }
  const entry = part === undefined ? value : { [part]: value }
  return { properties: { [property]: { [key]: entry as Properties[string] } } }
}

function writeUpdates(tag: string, { changes }: EwsChanges, what: 'Item' | 'Folder', write: (holder: Holder) => string): string {
  const inner = changes.map((change) => {
    if (change.op === 'delete') return `<t:Delete${what}Field>${pathToXml(change.path)}</t:Delete${what}Field>`
    const { op, path, kind, element } = change
    const tagOf = `t:${op === 'set' ? 'Set' : 'AppendTo'}${what}Field`
    const content = write({ ...holderOf(change), ...(kind && { kind }), ...(element && { element }) })
    return `<${tagOf}>${pathToXml(path)}${content}</${tagOf}>`
  })
  return `<${tag}>${inner.join('')}</${tag}>`
}

/** [MS-OXWSCORE] 2.2.4.38 NonEmptyArrayOfItemChangeDescriptionsType. */
export const ItemUpdates: Codec<EwsChanges> = {
  shape: { is: 'own', name: 'itemUpdates' },
  read: (element, context) => readUpdates(element, 'Item', itemElements, context),
  write: (tag, value, context) => writeUpdates(tag, value, 'Item', (holder) => writeItem(holder, context)),
}

function writeItem(holder: Holder, context: WriteContext): string {
  const item: EwsItem = { ...holder, kind: holder.kind ?? 'message' }
  const element = elementOfItem(item)
  return itemElements[element]?.write(`t:${element}`, item, context) ?? ''
}

/** [MS-OXWSFOLD] 2.2.4.10 NonEmptyArrayOfFolderChangeDescriptionsType. */
export const FolderUpdates: Codec<EwsChanges> = {
  shape: { is: 'own', name: 'folderUpdates' },
  read: (element, context) => readUpdates(element, 'Folder', folderElements, context),
  write: (tag, value, context) =>
    writeUpdates(tag, value, 'Folder', (holder) => {
      const element =
        (holder.element as FolderElementName | undefined) ?? ('searchParameters' in holder.properties ? 'SearchFolder' : 'Folder')
      const folder: EwsFolder = { element, properties: holder.properties, ...(holder.extended && { extended: holder.extended }) }
      return folderElements[element]?.write(`t:${elementOfFolder(folder)}`, folder, context) ?? ''
    }),
}

/** [MS-OXWSCORE] 2.2.4.22 ItemChangeType and [MS-OXWSFOLD] 2.2.4.6 FolderChangeType. */
export const ItemChange = t.record({ Id: choice(itemChangeIds), Updates: ItemUpdates })
export type ItemChange = Infer<typeof ItemChange>
export const FolderChange = t.record({ Id: choice({ FolderId, DistinguishedFolderId }), Updates: FolderUpdates })
export type FolderChange = Infer<typeof FolderChange>

/** Only the model's part of a path, as the mailbox takes it. */
export function modelPath(path: EwsPath): PropertyPath {
  return 'extended' in path ? { extended: path.extended } : path
}
