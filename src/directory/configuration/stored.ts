import { createHash } from 'node:crypto'
import type { Instant } from '#model'
import type { ObjectRow, ReadTx, Store, WriteTx } from '#store'
import { kindRow, type ConfigurationKind } from './kinds.ts'
import { filled, type Bag } from './values.ts'

/** Where an object lies in the store. `data` holds the values that were set, and whatever a later release put there. */
export interface Stored {
  name: string
  id: string
  /** 0 = not in the store yet. */
  version: number
  data: Bag
  created: Instant
  changed: Instant
}

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const pageSize = 500
const most = 10_000

/** The store's key of a name, and of a value of a unique property. */
export const nameKey = (kind: ConfigurationKind, name: string) => `${kind}:Name:${name.trim().toLowerCase()}`
export const valueKey = (kind: ConfigurationKind, property: string, value: string) => `${kind}:${property}:${value.trim().toLowerCase()}`

/** The GUID of the one object of its kind: the same in every process, so that two of them cannot make two (RFC 9562 5.8). */
export function singletonGuid(organisation: string, kind: ConfigurationKind): string {
  const hex = createHash('sha256').update(`${organisation} ${kind}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The object by Name or Guid; a singleton also without. One that is always there is found with its defaults. */
export async function locate(
  tx: Pick<Store, 'objects'>,
  organisation: string,
  kind: ConfigurationKind,
  identity: string | undefined,
): Promise<Stored | undefined> {
  const row = kindRow(kind)
  if (row.singleton) {
    const guid = singletonGuid(organisation, kind)
    const found =
      storedOf(await tx.objects.get(organisation, kind, guid)) ?? (row.singleton === 'always' ? untouched(row.name, guid) : undefined)
    const wanted = identity?.trim().toLowerCase()
    return !wanted || wanted === guid || wanted === found?.name.toLowerCase() ? found : undefined
  }
  const wanted = identity?.trim().toLowerCase() ?? ''
  if (wanted === '') return undefined
  if (guidForm.test(wanted)) {
    const found = storedOf(await tx.objects.get(organisation, kind, wanted))
    if (found) return found
  }
  return storedOf(await tx.objects.byKey(organisation, nameKey(kind, wanted))) ?? (await untouchedBuiltIn(tx, organisation, kind, wanted))
}

/** The object that is there from the start, as long as nobody has changed it; by name or GUID when one is given. */
export async function untouchedBuiltIn(
  tx: Pick<Store, 'objects'>,
  organisation: string,
  kind: ConfigurationKind,
  wanted?: string,
): Promise<Stored | undefined> {
  const { builtIn } = kindRow(kind)
  if (!builtIn) return undefined
  const id = singletonGuid(organisation, kind)
  if (wanted !== undefined && wanted !== id && wanted !== builtIn.name.toLowerCase()) return undefined
  if (await tx.objects.get(organisation, kind, id)) return undefined
  return { ...untouched(builtIn.name, id), data: { ...builtIn.values } }
}

/** Every object of a kind, by name. */
export async function all(tx: Pick<ReadTx, 'objects'>, organisation: string, kind: ConfigurationKind): Promise<Stored[]> {
  const found: Stored[] = []
  for (let after = ''; found.length < most;) {
    const rows = await tx.objects.list(organisation, kind, after, pageSize)
    found.push(...rows.flatMap((row) => storedOf(row) ?? []))
    if (rows.length < pageSize) break
    after = rows.at(-1)!.id
  }
  const builtIn = await untouchedBuiltIn(tx, organisation, kind)
  if (builtIn) found.push(builtIn)
  return found.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

/** Writes an object with its keys. Someone else's change since it was read → StaleObject. */
export async function save(tx: WriteTx, organisation: string, kind: ConfigurationKind, object: Stored): Promise<Stored> {
  const { name, id, version, data, created, changed } = object
  const row = await tx.objects.save({
    organisation,
    kind,
    id,
    name,
    version,
    data: { ...data, WhenCreated: created, WhenChanged: changed },
    keys: keysOf(kind, name, data),
  })
  return { ...object, version: row.version }
}

function keysOf(kind: ConfigurationKind, name: string, data: Bag): string[] {
  const keys = new Set([nameKey(kind, name)])
  for (const [property, { unique }] of Object.entries(kindRow(kind).properties)) {
    if (unique) for (const value of [data[property] ?? []].flat()) keys.add(valueKey(kind, property, String(value)))
  }
  return [...keys]
}

/** An object as the store has it. */
export function storedOf(row: ObjectRow | undefined): Stored | undefined {
  if (!row) return undefined
  const { WhenCreated, WhenChanged, ...data } = row.data
  return { name: row.name, id: row.id, version: row.version, data, created: Number(WhenCreated), changed: Number(WhenChanged) }
}

/** An object that is not in the store yet. */
export function untouched(name: string, id: string): Stored {
  return { name, id, version: 0, data: {}, created: 0, changed: 0 }
}

/** The object as it is read: every property, without secrets. */
export function shown(organisation: string, kind: ConfigurationKind, { name, id, data, created, changed }: Stored): Bag {
  const row = kindRow(kind)
  const values = filled(row, data)
  for (const [property, { type }] of Object.entries(row.properties)) {
    const value = values[property]
    if (type === 'credential' && value) values[property] = { UserName: (value as { UserName: string }).UserName }
  }
  return { Identity: name, Name: name, ...values, Guid: id, Organization: organisation, WhenCreated: created, WhenChanged: changed }
}
