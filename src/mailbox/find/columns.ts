import {
  extendedKey,
  isKind,
  itemKinds,
  propertyRow,
  type ExtendedProperty,
  type ItemKind,
  type PropertyPath,
  type PropertyRow,
  type ValueKind,
} from '#model'
import type { ItemHead } from '#store'

/** A path that is a column: what it holds, and which kinds of item have the property. */
export interface PathColumn {
  column: keyof ItemHead
  kind: ValueKind
  /** Absent = all kinds. */
  kinds?: ItemKind[]
  row?: PropertyRow
}

const allKinds = Object.keys(itemKinds) as ItemKind[]
const itemUid = extendedKey({ tag: 0x0e23, type: 'Integer' })

/** Dictionary rows by the key of their MAPI property, as far as they are columns of all items. */
const byMapi = new Map<string, string>(
  [
    'itemClass', 'subject', 'sensitivity', 'dateTimeReceived', 'size', 'importance', 'dateTimeSent', 'dateTimeCreated', 'displayCc', 'displayTo',
    'hasAttachments', 'lastModifiedTime',
  ].flatMap((name) => {
    const { mapi } = propertyRow(name)
    return mapi ? [[extendedKey(mapi), name] as const] : []
  }), // prettier-ignore
)

/** The column that a path is, exactly; undefined = it is none. */
export function columnOf(path: PropertyPath): PathColumn | undefined {
  if ('extended' in path) return extendedColumn(path.extended)
  if (path.key !== undefined) return undefined
  const row = propertyRow(path.property)
  if (!row.column) return undefined
  if (row.on.includes('item')) return { column: row.column, kind: row.kind, row }
  const kinds = allKinds.filter((kind) => row.on.some((on) => on !== 'folder' && isKind(kind, on)))
  return { column: row.column, kind: row.kind, kinds, row }
}

function extendedColumn(property: ExtendedProperty): PathColumn | undefined {
  const key = extendedKey(property)
  if (key === itemUid) return { column: 'id', kind: 'integer' }
  const name = byMapi.get(key)
  if (!name) return undefined
  const row = propertyRow(name)
  return row.column ? { column: row.column, kind: row.kind, row } : undefined
}

/** The column that a path is sorted by: people by their shown name, else as `columnOf`. */
export function sortColumn(path: PropertyPath): keyof ItemHead | undefined {
  if ('property' in path && (path.property === 'from' || path.property === 'sender')) return 'fromName'
  return columnOf(path)?.column
}
