import { extendedKey, type ExtendedProperty } from '../extended.ts'
import { properties } from '../properties/dictionary.ts'
import { isKind, type ItemKind, type PropertyRow } from '../properties/row.ts'
import type { ExtendedValue, MapiType } from '../values.ts'
import type { MapiAlias } from './alias.ts'
import { contactAliases } from './contact.ts'
import { folderAliases } from './folder.ts'
import { messageAliases } from './message.ts'
import { retentionAliases } from './retention.ts'

export type { Getter, MapiAlias } from './alias.ts'

/** Columns that MAPI may write though EWS may not: what an import or a sync client restores (interop 3.5). */
const restorable = new Set([
  'dateTimeReceived',
  'dateTimeSent',
  'dateTimeCreated',
  'lastModifiedName',
  'conversationTopic',
  'conversationIndex',
  // Who assigned a task, and that a team owns it, is said by MAPI alone ([MS-OXOTASK] 2.2.2.2 PidLidTaskAssigner, PidLidTeamTask; MS-OXWSTASK_R221, R226).
  'delegator',
  'isTeamTask',
  // Kept as a client says it; where a policy holds, it is the policy's.
  'retentionDate',
])
const computed = new Set(['size', 'hasAttachments', 'displayTo', 'displayCc', 'lastModifiedTime'])

/** The alias of a dictionary row that says its MAPI property: the same value in MAPI's form. */
function plainAlias(row: PropertyRow, property: ExtendedProperty): MapiAlias {
  const writable = row.from !== 'derived' && !computed.has(row.name) && (row.set !== 'server' || restorable.has(row.name))
  return {
    property,
    on: row.on,
    needs: [row.name],
    read: (get) => toMapi(row, get(row.name)),
    ...(writable || row.name === 'folderDisplayName'
      ? { write: (value: ExtendedValue['value'] | undefined) => ({ [row.name]: fromMapi(row, value) }) }
      : {}),
  }
}

function toMapi(row: PropertyRow, value: unknown): ExtendedValue['value'] | undefined {
  if (value === undefined || value === null) return undefined
  if (row.kind === 'choice') {
    const number = row.mapiChoices?.[String(value)] ?? row.choices?.indexOf(String(value)) ?? -1
    return number < 0 ? undefined : number
  }
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

function fromMapi(row: PropertyRow, value: ExtendedValue['value'] | undefined): string | number | boolean | string[] | undefined {
  if (value === undefined) return undefined
  if (row.kind === 'choice') {
    const named = Object.entries(row.mapiChoices ?? {}).find(([, number]) => number === Number(value))?.[0]
    return named ?? row.choices?.[Number(value)]
  }
  if (Array.isArray(value)) return value.map(String)
  switch (row.kind) {
    case 'boolean':
      return value === true || value === 1 || value === 'true' || value === '1'
    case 'integer':
    case 'long':
    case 'double':
    case 'dateTime':
      return Number(value)
    case 'strings':
      return [String(value)]
    default:
      return String(value)
  }
}

const byKey = new Map<string, MapiAlias[]>()
for (const alias of [...messageAliases, ...contactAliases, ...folderAliases, ...retentionAliases]) add(alias)
for (const row of properties) if (row.mapi) add(plainAlias(row, row.mapi))

function add(alias: MapiAlias): void {
  const key = extendedKey(alias.property)
  byKey.set(key, [...(byKey.get(key) ?? []), alias])
}

/** The alias that a MAPI property is for items of the kind or for folders; undefined = it is a stored extended property. */
export function mapiAlias(property: ExtendedProperty, kind: ItemKind | 'folder'): MapiAlias | undefined {
  return byKey
    .get(extendedKey(property))
    ?.find((alias) => alias.on.some((on) => (on === 'folder' || kind === 'folder' ? on === kind : isKind(kind, on))))
}

/** A value in the MAPI type that the caller asks for; undefined when it has none in that type. */
export function asMapiType(value: ExtendedValue['value'], type: MapiType): ExtendedValue | undefined {
  if (type.endsWith('Array')) {
    const values = Array.isArray(value) ? value : [value]
    return { type, value: values }
  }
  if (Array.isArray(value)) return value.length > 0 ? { type, value: value.join(', ') } : undefined
  switch (type) {
    case 'Long':
    case 'Currency':
      // 64 bits are kept as text: a number would lose the last of them.
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return { type, value }
      return Number.isNaN(Number(value)) ? undefined : { type, value: Number(value) }
    case 'Integer':
    case 'Short':
    case 'Double':
    case 'Float':
    case 'ApplicationTime':
    case 'Error':
    case 'SystemTime': {
      const number = Number(value)
      return Number.isNaN(number) ? undefined : { type, value: number }
    }
    case 'Boolean':
      return { type, value: value === true || value === 1 || value === '1' || value === 'true' }
    default:
      return { type, value: String(value) }
  }
}
