import { Refusal, type Instant } from '#model'
import type { Store, WriteTx } from '#store'
import { newGuid, type RandomBytes } from '../names.ts'
import type { Configuration, ConfigurationObject, ConfigurationSecrets } from './contract.ts'
import type { KindRow } from './kind.ts'
import { kindRow, type ConfigurationKind } from './kinds.ts'
import type { Credential } from './property.ts'
import {
  all, builtInGuids, locate, save, shown, singletonGuid, storedOf, untouched, untouchedBuiltIns, valueKey, withOwnGuid, type Stored,
} from './stored.ts' // prettier-ignore
import { checkedName, checkedValues, checkWhole, type Bag } from './values.ts'

export interface ConfigurationNeeds {
  store: Store
  clock: () => Instant
  random: RandomBytes
  /** The vault's: a secret as text that `open` gives back for the same purpose alone. */
  seal: (secret: string, purpose: string) => string
  open: (sealed: string, purpose: string) => string
}

const attempts = 4

/**
 * The configuration objects of organisations over a store. Names and unique values are kept by the store's keys; what was set is stored,
 * what was not follows the defaults of the kind's row; passwords lie sealed.
 */
export function createConfiguration(needs: ConfigurationNeeds): Configuration {
  const { store } = needs
  const typed = <K extends ConfigurationKind>(organisation: string, kind: K, stored: Stored) =>
    shown(organisation, kind, stored) as unknown as ConfigurationObject<K>
  const found = (organisation: string, kind: ConfigurationKind, identity?: string) => locate(store, organisation, kind, identity)
  const write = createWriting(needs)
  let changes = 0
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work
    changes++
    return done
  }

  return {
    async list(organisation, kind) {
      if (kindRow(kind).singleton) {
        const one = await found(organisation, kind)
        return one ? [typed(organisation, kind, one)] : []
      }
      return (await store.read((tx) => all(tx, organisation, kind))).map((stored) => typed(organisation, kind, stored))
    },
    async find(organisation, kind, identity) {
      const stored = await found(organisation, kind, identity)
      return stored && typed(organisation, kind, stored)
    },
    async get(organisation, kind, identity) {
      return typed(organisation, kind, (await found(organisation, kind, identity)) ?? missing(kind, identity))
    },
    async owner(organisation, kind, property, value) {
      if (!kindRow(kind).properties[property]?.unique) throw new Error(`${property} of ${kind} is not unique`)
      const kept = storedOf(await store.objects.byKey(organisation, valueKey(kind, property, value)))
      if (kept) return typed(organisation, kind, kept)
      const builtIns = await untouchedBuiltIns(store, organisation, kind)
      const builtIn = builtIns.find(({ data }) => data[property] === value.trim().toLowerCase())
      return builtIn && typed(organisation, kind, builtIn)
    },
    create: async (organisation, kind, input) => typed(organisation, kind, await counted(write.create(organisation, kind, input))),
    async update(organisation, kind, identity, changes) {
      const given = typeof changes === 'function' ? (stored: Stored) => changes(typed(organisation, kind, stored)) : () => changes
      return typed(organisation, kind, await counted(write.update(organisation, kind, identity, given)))
    },
    remove: (organisation, kind, identity) => counted(write.remove(organisation, kind, identity)),
    changes: () => changes,
    async secrets<K extends ConfigurationKind>(organisation: string, kind: K, identity?: string) {
      const { id, data } = (await found(organisation, kind, identity)) ?? missing(kind, identity)
      const opened: Record<string, Credential | null> = {}
      for (const [name, { type }] of Object.entries(kindRow(kind).properties)) {
        if (type !== 'credential') continue
        const sealed = data[name] as Credential | null | undefined
        opened[name] = sealed ? { ...sealed, Password: needs.open(sealed.Password, purposeOf(kind, id, name)) } : null
      }
      return opened as unknown as ConfigurationSecrets<K>
    },
  }
}

/** Creating, changing and removing, kinds alike. */
function createWriting({ store, clock, random, seal }: ConfigurationNeeds) {
  function sealed(kind: ConfigurationKind, id: string, values: Bag): Bag {
    const result = { ...values }
    for (const [name, { type }] of Object.entries(kindRow(kind).properties)) {
      const value = values[name] as Credential | null | undefined
      if (type === 'credential' && value) result[name] = { ...value, Password: seal(value.Password, purposeOf(kind, id, name)) }
    }
    return result
  }

  /** Saves, after taking the flag that one object has from the one that had it. */
  async function saveForemost(tx: WriteTx, organisation: string, kind: ConfigurationKind, object: Stored): Promise<Stored> {
    const { foremost } = kindRow(kind)
    if (foremost && object.data[foremost] === true) {
      for (const other of await all(tx, organisation, kind)) {
        if (other.id === object.id || other.data[foremost] !== true) continue
        await save(tx, organisation, kind, { ...other, data: { ...other.data, [foremost]: false }, changed: clock() })
      }
    }
    return save(tx, organisation, kind, object)
  }

  /** The objects that are there from the start are stored before the first change of their kind, so that their names and values are nobody else's. */
  async function keepBuiltIn(tx: WriteTx, organisation: string, kind: ConfigurationKind): Promise<void> {
    for (const builtIn of await untouchedBuiltIns(tx, organisation, kind)) {
      await save(tx, organisation, kind, { ...builtIn, created: clock(), changed: clock() })
    }
  }

  /** One write, done again when someone else wrote the same object meanwhile. A key that is taken is told by who has it. */
  async function writing<T>(organisation: string, kind: ConfigurationKind, body: (tx: WriteTx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.write(body)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (error.code === 'NameTaken' && error.detail.key) throw await taken(store, organisation, kind, String(error.detail.key))
        if (error.code !== 'StaleObject' || attempt === attempts) throw error
      }
    }
  }

  return {
    async create(organisation: string, kind: ConfigurationKind, input: Bag): Promise<Stored> {
      const row = kindRow(kind)
      const values = withoutNulls(completed(row, checkedValues(kind, row, input)))
      checkWhole(kind, row, values)
      const name = nameOf(kind, input, values)
      const id = row.singleton ? singletonGuid(organisation, kind) : newGuid(random)
      const now = clock()
      const data = sealed(kind, id, values)
      return writing(organisation, kind, async (tx) => {
        if (row.singleton && (await locate(tx, organisation, kind, undefined))?.version) {
          throw new Refusal('NameTaken', `There is ${kind} already: an organisation has one.`, { kind })
        }
        await keepBuiltIn(tx, organisation, kind)
        return saveForemost(tx, organisation, kind, withOwnGuid(kind, { ...untouched(name, id), data, created: now, changed: now }))
      })
    },
    async update(
      organisation: string,
      kind: ConfigurationKind,
      identity: string | undefined,
      changesOf: (current: Stored) => Bag,
    ): Promise<Stored> {
      const row = kindRow(kind)
      return writing(organisation, kind, async (tx) => {
        await keepBuiltIn(tx, organisation, kind)
        const current = (await locate(tx, organisation, kind, identity)) ?? missing(kind, identity)
        const changes = changesOf(current)
        const checked = completed(row, checkedValues(kind, row, changes))
        const data = withoutNulls({ ...current.data, ...sealed(kind, current.id, checked) })
        checkWhole(kind, row, data)
        const now = clock()
        const given = row.name === 'given' && changes.Name === undefined ? current.name : nameOf(kind, changes, data)
        const created = current.version ? current.created : now
        return saveForemost(tx, organisation, kind, withOwnGuid(kind, { ...current, name: given, data, created, changed: now }))
      })
    },
    async remove(organisation: string, kind: ConfigurationKind, identity?: string): Promise<void> {
      const { foremost, singleton } = kindRow(kind)
      await store.write(async (tx) => {
        const current = (await locate(tx, organisation, kind, identity)) ?? missing(kind, identity)
        if (builtInGuids(organisation, kind).some(({ id }) => id === current.id))
          throw new Refusal('InvalidConfiguration', `${kind} '${current.name}' is there from the start and cannot be removed.`, { kind })
        if (foremost && current.data[foremost] === true) {
          throw new Refusal(
            'InvalidConfiguration',
            `${kind} '${current.name}' is the one with ${foremost}: give that to another one first.`,
            {
              kind,
              property: foremost,
            },
          )
        }
        if (singleton !== 'always' || current.version) await tx.objects.remove(organisation, kind, current.id)
      })
    },
  }
}

const completed = (row: KindRow, values: Bag): Bag => row.complete?.(values) ?? values

/** The name of an object: given, fixed, or the value of the property that names it. */
function nameOf(kind: ConfigurationKind, input: Bag, values: Bag): string {
  const { name, singleton } = kindRow(kind)
  if (name === 'given') return checkedName(kind, input.Name)
  const own = singleton ? name : String(values[name])
  if (input.Name !== undefined && input.Name !== own) {
    throw new Refusal('InvalidConfiguration', `Name of ${kind} is '${own}' and cannot be another.`, { kind, property: 'Name' })
  }
  return own
}

async function taken(store: Store, organisation: string, kind: ConfigurationKind, key: string): Promise<Refusal> {
  const [, property = '', ...rest] = key.split(':')
  const value = rest.join(':')
  const by = (await store.read((tx) => tx.objects.byKey(organisation, key)))?.name ?? builtInGuids('', kind)[0]?.name ?? 'another one'
  const word = kindRow(kind).properties[property]?.unique
  const message = word
    ? `The ${word} '${value}' belongs to ${kind} '${by}' already; it can belong to one of them.`
    : `There is ${kind} '${by}' already.`
  return new Refusal('NameTaken', message, { kind, property, value, by })
}

function missing(kind: ConfigurationKind, identity: string | undefined): never {
  const { singleton } = kindRow(kind)
  const message = singleton === 'once' && !identity ? `There is no ${kind} yet.` : `There is no ${kind} '${identity ?? ''}'.`
  throw new Refusal('ObjectNotFound', message, { kind, identity: identity ?? '' })
}

const purposeOf = (kind: ConfigurationKind, id: string, property: string) => `${kind} ${id} ${property}`

function withoutNulls(values: Bag): Bag {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
