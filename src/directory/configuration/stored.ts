import type { Instant } from '#model'
import type { ObjectRow, ReadTx, Store, WriteTx } from '#store'
import { builtInGuid, fixedGuid } from './fixed-guid.ts'
import type { BuiltIn } from './kind.ts'
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

/** The GUID of the one object of its kind: the same in every process, so that two of them cannot make two. */
export const singletonGuid = (organisation: string, kind: ConfigurationKind): string => fixedGuid(`${organisation} ${kind}`)

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

/** What is there from the start: the only one of its kind has the kind's own GUID. */
export function builtInGuids(organisation: string, kind: ConfigurationKind): readonly (BuiltIn & { readonly id: string })[] {
  const { builtIn = [] } = kindRow(kind)
  const idOf = ({ name }: BuiltIn) => (builtIn.length === 1 ? singletonGuid(organisation, kind) : builtInGuid(organisation, kind, name))
  return builtIn.map((one) => ({ ...one, id: idOf(one) }))
}

type BuiltInObject = ReturnType<typeof builtInGuids>[number]

function untouchedObject(organisation: string, kind: ConfigurationKind, { id, name, values }: BuiltInObject): Stored {
  const data = { ...(typeof values === 'function' ? values(organisation) : values) }
  return withOwnGuid(kind, { ...untouched(name, id), data })
}

/** Those objects that are there from the start and that nobody has changed. */
export async function untouchedBuiltIns(tx: Pick<Store, 'objects'>, organisation: string, kind: ConfigurationKind): Promise<Stored[]> {
  const found: Stored[] = []
  for (const one of builtInGuids(organisation, kind)) {
    if (!(await tx.objects.get(organisation, kind, one.id))) found.push(untouchedObject(organisation, kind, one))
  }
  return found
}

/** One of them, by name or GUID; the first without. */
export async function untouchedBuiltIn(
  tx: Pick<Store, 'objects'>,
  organisation: string,
  kind: ConfigurationKind,
  wanted?: string,
): Promise<Stored | undefined> {
  const all = builtInGuids(organisation, kind)
  const one = all.find(({ id, name }) => wanted === undefined || wanted === id || wanted === name.toLowerCase())
  return one && !(await tx.objects.get(organisation, kind, one.id)) ? untouchedObject(organisation, kind, one) : undefined
}

/** An object with the property that is its own GUID, unless it has another one there. */
export function withOwnGuid(kind: ConfigurationKind, object: Stored): Stored {
  const { ownGuid } = kindRow(kind)
  return ownGuid && !object.data[ownGuid] ? { ...object, data: { ...object.data, [ownGuid]: object.id } } : object
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
  found.push(...(await untouchedBuiltIns(tx, organisation, kind)))
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
