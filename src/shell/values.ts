import { ByteSize, TimeSpan } from '#model'

/**
 * What a variable, a property or an object in a pipeline can be. Numbers are doubles or, from 2^53, bigints. `null` stands for `$null`.
 * Arrays are PowerShell's `Object[]`; bytes are `Byte[]`.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | ByteSize
  | TimeSpan
  | Guid
  | SecureText
  | Uint8Array
  | readonly Value[]
  | Table
  | Thing
  | Block

/** A GUID, of which `-eq` compares without case. */
export class Guid {
  readonly text: string
  constructor(text: string) {
    this.text = text.toLowerCase()
  }
  toString(): string {
    return this.text
  }
}

/** A secret text (`ConvertTo-SecureString`, `Read-Host -AsSecureString`): never shown, written or interpolated. */
export class SecureText {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  reveal(): string {
    return this.#text
  }
  toString(): string {
    return 'System.Security.SecureString'
  }
}

/** `List<T>` of .NET: like any other list, but `Add` gives nothing and `Remove` says whether it was there. */
export class GenericList extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** `@{…}`: keys without regard to case, in the order in which they were written. */
export class Table {
  readonly entries = new Map<string, [key: string, value: Value]>()
  /** `[ordered]@{…}` in CLIXML and `Get-Member`. */
  readonly ordered: boolean
  constructor(pairs: Iterable<readonly [string, Value]> = [], ordered = false) {
    this.ordered = ordered
    for (const [key, value] of pairs) this.set(key, value)
  }
  get(key: string): Value | undefined {
    return this.entries.get(key.toLowerCase())?.[1]
  }
  set(key: string, value: Value): void {
    const known = this.entries.get(key.toLowerCase())
    this.entries.set(key.toLowerCase(), [known?.[0] ?? key, value])
  }
  has(key: string): boolean {
    return this.entries.has(key.toLowerCase())
  }
  delete(key: string): boolean {
    return this.entries.delete(key.toLowerCase())
  }
}

/** An object with properties, as cmdlets give them: names without regard to case, in order; the type names, most derived first. */
export class Thing {
  readonly types: readonly string[]
  readonly properties = new Map<string, [name: string, value: Value]>()
  /** What `ToString()` and interpolation give; absent = PowerShell's `@{Name=value; …}`. */
  readonly text?: string
  constructor(properties: Iterable<readonly [string, Value]>, types: readonly string[] = [], text?: string) {
    this.types = types
    if (text !== undefined) this.text = text
    for (const [name, value] of properties) this.set(name, value)
  }
  get(name: string): Value | undefined {
    return this.properties.get(name.toLowerCase())?.[1]
  }
  set(name: string, value: Value): void {
    const known = this.properties.get(name.toLowerCase())
    this.properties.set(name.toLowerCase(), [known?.[0] ?? name, value])
  }
  has(name: string): boolean {
    return this.properties.has(name.toLowerCase())
  }
  names(): string[] {
    return [...this.properties.values()].map(([name]) => name)
  }
}

/** `$object.PSObject.Properties`: a property's value, given here, is the object's. */
export class NoteProperty extends Thing {
  readonly #owner: Thing
  constructor(owner: Thing, name: string, value: Value) {
    super([['Name', name], ['Value', value], ['MemberType', 'NoteProperty']], ['System.Management.Automation.PSNoteProperty']) // prettier-ignore
    this.#owner = owner
  }
  override set(name: string, value: Value): void {
    super.set(name, value)
    if (#owner in this && name.toLowerCase() === 'value') this.#owner.set(String(this.get('Name')), value)
  }
}

/** All of them: by their places or names, and with `Add`, `Remove` and `Match`. */
export class PropertyList extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
  owner: Thing | undefined
  static read(owner: Thing): PropertyList {
    const list = new PropertyList()
    for (const [name, value] of owner.properties.values()) list.push(new NoteProperty(owner, name, value))
    list.owner = owner
    return list
  }
  named(name: string): Value {
    return this.find((one) => one instanceof NoteProperty && String(one.get('Name')).toLowerCase() === name.toLowerCase()) ?? null
  }
}

/** A script block; only the evaluator looks inside. */
export class Block {
  readonly source: string
  readonly body: unknown
  constructor(source: string, body: unknown) {
    this.source = source
    this.body = body
  }
  toString(): string {
    return this.source
  }
}
