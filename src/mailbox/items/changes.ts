import {
  extendedKey, isKind, mapiAlias, propertyRow, Refusal, type ExtendedProperty, type ExtendedValue, type ItemKind, type PropertyPath,
  type PropertyValue,
} from '#model' // prettier-ignore
import type { PropertyChange } from '../contract.ts'

/** What a list of changes comes to: properties (undefined = removed) in the order they were named, and stored extended ones by key. */
export interface Changes {
  set: Record<string, PropertyValue>
  extended: Record<string, ExtendedValue | undefined>
}

/** What is passed over though it is read-only (MS-OXWSCORE_R2045, R20452). */
export const passedOver: ReadonlySet<string> = new Set(['storeEntryId'])

/** What a client may append to ([MS-OXWSCORE] 2.2.4.3 AppendToItemField). */
const appendable = new Set([
  'body',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'requiredAttendees',
  'optionalAttendees',
  'resources',
])

/** What a message that was sent keeps as it was. */
const fixedOnceSent = new Set(['toRecipients', 'ccRecipients', 'bccRecipients', 'from', 'sender', 'replyTo', 'isReadReceiptRequested', 'isDeliveryReceiptRequested', 'isResponseRequested']) // prettier-ignore

/**
 * Works out a client's changes of an item. `get` reads what the item has. Read-only or unfit properties → InvalidPropertySet, what
 * cannot be appended to → InvalidPropertyAppend, what cannot be deleted → InvalidPropertyDelete.
 */
export function resolveChanges(kind: ItemKind, changes: readonly PropertyChange[], get: (name: string) => unknown, sent: boolean): Changes {
  const result: Changes = { set: {}, extended: {} }
  const now = (name: string): unknown => (name in result.set ? result.set[name] : get(name))
  for (const change of changes) {
    if ('extended' in change.path) setExtended(kind, change, change.path.extended, result, now)
    else setProperty(kind, change, change.path, result, now, sent)
  }
  return result
}

function setExtended(
  kind: ItemKind,
  change: PropertyChange,
  property: ExtendedProperty,
  result: Changes,
  now: (name: string) => unknown,
): void {
  if (change.op === 'append') throw new Refusal('InvalidPropertyAppend', 'An extended property cannot be appended to.')
  const given = change.op === 'set' ? (change.value as ExtendedValue | ExtendedValue['value']) : undefined
  const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given
  const alias = mapiAlias(property, kind)
  if (!alias) {
    result.extended[extendedKey(property)] = value === undefined ? undefined : { type: property.type, value }
    return
  }
  if (!alias.write) {
    if (change.op === 'delete') return
    throw new Refusal('InvalidPropertySet', 'The extended property is read-only.', { property: extendedKey(property) })
  }
  Object.assign(result.set, alias.write(value, now))
}

type Named = Extract<PropertyPath, { property: string }>

function setProperty(
  kind: ItemKind,
  change: PropertyChange,
  path: Named,
  result: Changes,
  now: (name: string) => unknown,
  sent: boolean,
): void {
  const row = propertyRow(path.property)
  const { name } = row
  const unfit = !row.on.some((on) => on !== 'folder' && isKind(kind, on))
  if (change.op === 'delete') {
    if (row.set === 'server' || name === 'itemClass')
      throw new Refusal('InvalidPropertyDelete', `${row.element} cannot be deleted.`, { property: name })
    if (unfit) return
    result.set[name] = path.key === undefined ? undefined : withEntry(now(name), path, undefined)
    return
  }
  if (passedOver.has(name)) return
  if (row.set !== 'client' || unfit) {
    throw new Refusal('InvalidPropertySet', `${row.element} ${unfit ? 'does not fit the item' : 'is read-only'}.`, { property: name })
  }
  if (sent && fixedOnceSent.has(name)) {
    throw new Refusal('InvalidPropertyUpdateSentMessage', `${row.element} of a message that was sent stays as it is.`, { property: name })
  }
  if (change.op === 'append') {
    if (!appendable.has(name)) throw new Refusal('InvalidPropertyAppend', `${row.element} cannot be appended to.`, { property: name })
    result.set[name] = appended(now(name), change.value)
    return
  }
  const value = change.value as PropertyValue
  result.set[name] = path.key === undefined ? value : withEntry(now(name), path, value)
}

function appended(before: unknown, value: unknown): PropertyValue {
  if (Array.isArray(value)) return [...(Array.isArray(before) ? before : []), ...value] as PropertyValue[]
  const body = value as { type: string; value: string }
  const had = before as { type: string; value: string } | undefined
  return had ? { ...had, value: had.value + body.value } : body
}

function withEntry(before: unknown, path: Named, value: PropertyValue): PropertyValue {
  const key = path.key as string
  const entries = { ...(before as Record<string, PropertyValue> | undefined) }
  if (path.part === undefined) {
    // Setting a whole map with this one entry and setting the entry itself come to the same.
    const inner = value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, PropertyValue>) : undefined
    if (value === undefined) delete entries[key]
    else entries[key] = inner && key in inner ? inner[key] : value
  } else {
    const entry = { ...(entries[key] as Record<string, PropertyValue> | undefined) }
    if (value === undefined) delete entry[path.part]
    else entry[path.part] = value
    entries[key] = entry
  }
  return Object.keys(entries).length === 0 ? undefined : entries
}
