/** The organisation's configuration objects. What `createConfiguration` returns. */
import type { Instant } from '#model'
import type { ConfigurationKind, ConfigurationKinds } from './kinds.ts'
import type { Property } from './property.ts'

type Rows<K extends ConfigurationKind> = ConfigurationKinds[K]['properties']
type ValueOf<P> = P extends Property<infer T> ? T : never
/** A credential without its password. */
type Shown<T> = T extends { Password: string } ? Omit<T, 'Password'> : T

/** The properties of a kind as they are read: every one of them, those never set with their defaults. */
export type ConfigurationProperties<K extends ConfigurationKind> = { [N in keyof Rows<K>]: Shown<ValueOf<Rows<K>[N]>> }

/** What every configuration object has. */
export interface ConfigurationIdentity {
  Identity: string
  Name: string
  /** Lower case. */
  Guid: string
  /** GUID of the organisation. */
  Organization: string
  WhenCreated: Instant
  WhenChanged: Instant
}

export type ConfigurationObject<K extends ConfigurationKind> = ConfigurationProperties<K> & ConfigurationIdentity

type NeededOf<K extends ConfigurationKind> = {
  [N in keyof Rows<K>]: Rows<K>[N] extends { need: 'needed' } ? N : never
}[keyof Rows<K>]
type Naming<K extends ConfigurationKind> = ConfigurationKinds[K]['name'] extends 'given' ? { Name: string } : { Name?: string }

/** Changes: null brings a property back to its default. */
export type ConfigurationChanges<K extends ConfigurationKind> = {
  [N in Exclude<keyof Rows<K>, NeededOf<K>>]?: ValueOf<Rows<K>[N]> | null
} & { [N in NeededOf<K>]?: ValueOf<Rows<K>[N]> } & { Name?: string }

export type ConfigurationInput<K extends ConfigurationKind> = Omit<ConfigurationChanges<K>, NeededOf<K> | 'Name'> & {
  [N in NeededOf<K>]: ValueOf<Rows<K>[N]>
} & Naming<K>

/** The secret properties of a kind, opened. */
export type ConfigurationSecrets<K extends ConfigurationKind> = {
  [N in keyof Rows<K> as Extract<ValueOf<Rows<K>[N]>, { Password: string }> extends never ? never : N]: ValueOf<Rows<K>[N]>
}

/** Names an object: its Name or Guid, in whatever case. A singleton needs none. */
export type ConfigurationIdentityText = string | undefined

export interface Configuration {
  /** All of a kind, by name. A singleton that is always there is listed. */
  list<K extends ConfigurationKind>(organisation: string, kind: K): Promise<ConfigurationObject<K>[]>
  find<K extends ConfigurationKind>(
    organisation: string,
    kind: K,
    identity?: ConfigurationIdentityText,
  ): Promise<ConfigurationObject<K> | undefined>
  /** Like `find`; nothing there → ObjectNotFound. */
  get<K extends ConfigurationKind>(organisation: string, kind: K, identity?: ConfigurationIdentityText): Promise<ConfigurationObject<K>>
  /** The object that a value of a unique property belongs to: the relationship of a domain. One look-up by key. */
  owner<K extends ConfigurationKind>(
    organisation: string,
    kind: K,
    property: keyof Rows<K> & string,
    value: string,
  ): Promise<ConfigurationObject<K> | undefined>
  /** Values that cannot be → InvalidConfiguration; a name, or a value of a unique property, that another object has → NameTaken. */
  create<K extends ConfigurationKind>(organisation: string, kind: K, input: ConfigurationInput<K>): Promise<ConfigurationObject<K>>
  /**
   * Changes what is given; refuses like `get` and `create`. Stored values that this release does not know stay. Changes that depend on
   * what is there are given as a function: it is called within the write (again, when someone else wrote first) and awaits nothing.
   */
  update<K extends ConfigurationKind>(
    organisation: string,
    kind: K,
    identity: ConfigurationIdentityText,
    changes: ConfigurationChanges<K> | ((current: ConfigurationObject<K>) => ConfigurationChanges<K>),
  ): Promise<ConfigurationObject<K>>
  /** Nothing there → ObjectNotFound. A singleton that is always there goes back to its defaults. */
  remove(organisation: string, kind: ConfigurationKind, identity?: ConfigurationIdentityText): Promise<void>
  /** Grows with every change made by this process: what was read before is read again. */
  changes(): number
  /** The secrets of an object, opened: for whoever signs in with them, never for showing. */
  secrets<K extends ConfigurationKind>(
    organisation: string,
    kind: K,
    identity?: ConfigurationIdentityText,
  ): Promise<ConfigurationSecrets<K>>
}
