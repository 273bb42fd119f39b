import { extendedKey, mapiAlias, propertyRow, type Comparable, type ItemKind, type PropertyPath } from '#model'
import type { FolderRow, ItemRow } from '#store'
import type { EffectiveRights } from '../contract.ts'
import { storedProperty } from '../items/columns.ts'
import { conversationTopic } from '../items/conversation.ts'
import type { Content, ContentPart } from './content.ts'
import { defaultsOf } from './defaults.ts'
import { derived } from './derived.ts'

/** An item with what has been read of it, for whoever may see it. */
export interface ItemView {
  row: ItemRow
  folder: FolderRow
  rights: EffectiveRights
  content: Content
  /** The item is attached to that of the row's id: it can be answered and forwarded, and nothing else. */
  isAttached?: true
  /** Values found ahead, since they ask the store (an associated calendar item, conflicting meetings). */
  found: Readonly<Record<string, unknown>>
}

/** Where content properties come from. */
export const contentOf: Readonly<Record<string, ContentPart>> = {
  body: 'body',
  mimeContent: 'mime',
  mimeContentUTF8: 'mime',
  attachments: 'attachments',
  internetMessageHeaders: 'headers',
}

/** The parts of the content that a property needs to be read for. */
export function partsFor(name: string): readonly ContentPart[] {
  const part = contentOf[name]
  return part ? [part] : (derived[name]?.needs ?? [])
}

/** Reads any property of the item by dictionary name; the server's own start with `$`. */
export function propertyOf(view: ItemView): (name: string) => unknown {
  const { row, content } = view
  return (name) => {
    if (name in view.found) return view.found[name]
    switch (name) {
      case '$id':
        return row.id
      case '$normalisedSubject':
        return conversationTopic(row.subject)
      case 'body':
        return content.body
      case 'attachments':
        return content.attachments?.length ? content.attachments : undefined
      case 'internetMessageHeaders':
        return content.headers?.length ? content.headers : undefined
      case 'mimeContent':
      case 'mimeContentUTF8':
        return content.mime
      default:
    }
    const computed = derived[name]
    if (computed) return computed.compute(view)
    return storedProperty(row, name) ?? defaultsOf(row.kind as ItemKind)[name]
  }
}

/** An entry of a dictionary property or a part of it, or the whole value. */
export function valueAt(value: unknown, path: { key?: string; part?: string }): unknown {
  if (path.key === undefined) return value
  const entry = (value as Record<string, unknown> | undefined)?.[path.key]
  return path.part === undefined ? entry : (entry as Record<string, unknown> | undefined)?.[path.part]
}

/** Reads any path as restrictions and sort orders compare it. */
export function comparableOf(kind: ItemKind | 'folder', row: Pick<ItemRow, 'extended'>, get: (name: string) => unknown) {
  return (path: PropertyPath): Comparable | undefined => {
    if ('extended' in path) {
      const alias = mapiAlias(path.extended, kind)
      return alias ? alias.read(get) : row.extended[extendedKey(path.extended)]?.value
    }
    const { choices } = propertyRow(path.property)
    const value = valueAt(get(path.property), path)
    if (choices && typeof value === 'string') return choices.indexOf(value)
    return comparable(value)
  }
}

/** A value's comparable form: people by name and address, bodies by their text, lists entry by entry. */
export function comparable(value: unknown): Comparable | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.flatMap((one) => comparable(one) ?? [])
  const parts = value as Record<string, unknown>
  if ('mailbox' in parts) return comparable(parts.mailbox)
  for (const name of ['value', 'status'] as const) if (typeof parts[name] === 'string') return parts[name]
  const texts = ['name', 'address'].map((name) => parts[name]).filter((one): one is string => typeof one === 'string')
  return texts.length > 0 ? texts : Object.values(parts).flatMap((one) => comparable(one) ?? [])
}
