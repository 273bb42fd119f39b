import type { Codec } from './codec.ts'
import type { Choices, Fields, RecordValue, Tagged } from './field.ts'
import { choiceListIn, listIn } from './list.ts'
import { recordIn } from './record.ts'

/** Where the child elements of a type live: the prefix they are written with, and the namespaces they are read from. */
export interface Namespace {
  readonly prefix: string
  readonly uri: string
  has(uri: string): boolean
}

export interface TypesOf {
  readonly namespace: Namespace
  record<const F extends Fields>(fields: F): Codec<RecordValue<F>>
  /** `<Outer><Name>…</Name>*</Outer>` as an array. */
  list<T>(name: string, of: Codec<T>): Codec<T[]>
  /** The same, refused when empty. */
  nonEmptyList<T>(name: string, of: Codec<T>): Codec<T[]>
  /** `<Outer>(<A>…</A>|<B>…</B>)*</Outer>` as an array of `{ is, value }`. */
  anyOf<const C extends Choices>(choices: C): Codec<Tagged<C>[]>
  someOf<const C extends Choices>(choices: C): Codec<Tagged<C>[]>
  /** The same with values that know their own element. */
  anyNamed<T>(choices: Readonly<Record<string, Codec<T>>>, nameOf: (value: T) => string): Codec<T[]>
  someNamed<T>(choices: Readonly<Record<string, Codec<T>>>, nameOf: (value: T) => string): Codec<T[]>
}

/** The makers of types whose child elements are in one namespace. `friends` are read as if they were it. */
export function typesIn(prefix: string, uri: string, friends: readonly string[] = []): TypesOf {
  const known = new Set([uri, ...friends])
  const namespace: Namespace = { prefix, uri, has: (candidate) => known.has(candidate) }
  return {
    namespace,
    record: (fields) => recordIn(namespace, fields),
    list: (name, of) => listIn(namespace, name, of, false),
    nonEmptyList: (name, of) => listIn(namespace, name, of, true),
    anyOf: (choices) => choiceListIn(namespace, choices, false),
    someOf: (choices) => choiceListIn(namespace, choices, true),
    anyNamed: (choices, nameOf) => choiceListIn(namespace, choices as Choices, false, nameOf),
    someNamed: (choices, nameOf) => choiceListIn(namespace, choices as Choices, true, nameOf),
  }
}
