import type { Property } from './property.ts'

export type Properties = Readonly<Record<string, Property<unknown>>>
export type Values<P extends Properties> = { [N in keyof P]: P[N] extends Property<infer T> ? T : never }

export interface BuiltIn {
  readonly name: string
  readonly values: Readonly<Record<string, unknown>> | ((organisation: string) => Readonly<Record<string, unknown>>)
}

/** One kind of configuration object. */
export interface KindRow<P extends Properties = Properties, N extends string = string> {
  /** Where its properties are written down. */
  readonly source: string
  /**
   * Where its name comes from: `given` by who makes it, or the property of that name. A `singleton` (one an organisation) has this fixed
   * name; `always` = there from the start with its defaults, `once` = there when it was made.
   */
  readonly name: N
  readonly singleton?: 'always' | 'once'
  readonly properties: P
  /** Objects that are there from the start, and stay: their names, and their values where they are not the defaults. */
  readonly builtIn?: readonly BuiltIn[]
  /** A property that is the object's own GUID unless it is given. */
  readonly ownGuid?: string
  /** A flag that one object of the kind has: setting it takes it from the other. The object that has it cannot be removed. */
  readonly foremost?: string
  /** Adds to the values given what follows from them and was left out. A value may be null: back to the default. */
  complete?(values: Partial<Values<P>>): Partial<Values<P>>
  /** Says what does not fit together; undefined = all well. */
  check?(values: Values<P>): string | undefined
}

/** A row of the table of kinds, with the types of its properties. */
export const kind = <const N extends string, P extends Properties>(row: KindRow<P, N>): KindRow<P, N> => row
