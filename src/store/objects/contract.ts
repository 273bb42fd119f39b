import type { Instant } from '#model'

/** A configuration object of the directory: a recipient, domain, group, connector … `keys` are unique in the organisation. */
export interface ObjectRow {
  organisation: string
  kind: string
  /** GUID, lower case. */
  id: string
  name: string
  /** Grows with every write of the object. */
  version: number
  data: Record<string, unknown>
}

/** Objects by what names them. */
export interface ObjectLookups {
  get(organisation: string, kind: string, id: string): Promise<ObjectRow | undefined>
  /** By unique key (`address:mary@contoso.com`), whatever the kind. */
  byKey(organisation: string, key: string): Promise<ObjectRow | undefined>
  /** By key in any organisation: accepted domains (`domain:contoso.com`) and organisation names lead to their organisation. */
  anywhere(key: string): Promise<ObjectRow | undefined>
  /** Objects with a reference of this name to `target` (group members: who has me as a member?). */
  referring(organisation: string, reference: string, target: string): Promise<ObjectRow[]>
}

export interface JobRow {
  organisation: string
  id: string
  kind: string
  /** When it may next run. */
  due: Instant
  /** Who holds it, until when; empty and 0 when free. */
  holder: string
  leaseUntil: Instant
  state: Record<string, unknown>
}

/**
 * A condition on the facets of an object: what `save` was given to find it by. It is true or false of every object: what is absent is no text
 * and no number (every comparison but `<>` is false of it) and a flag that is off. Texts are compared by code point, as they are: who saves
 * facets without regard to case asks so too. A facet has one type; `many` = it is a list of texts, of which some member must be so.
 */
export type ObjectCondition =
  | { and: ObjectCondition[] }
  | { or: ObjectCondition[] }
  | { not: ObjectCondition }
  | { property: string; many?: boolean; is: '=' | '<>' | '<' | '<=' | '>' | '>='; value: string | number | boolean }
  /** `*` stands for any text; nothing else is special. */
  | { property: string; many?: boolean; like: string }
  /** There, and not empty. Of texts and lists. */
  | { property: string; many?: boolean; present: true }
  /** The object with the id `referredBy` has a reference of this name to it. */
  | { reference: string; referredBy: string }

/** By one facet, then by id, both in one direction. What is absent comes first when ascending. */
export interface ObjectOrder {
  property: string
  /** The facet is a number. */
  number?: boolean
  descending?: boolean
}

export interface ObjectSearch {
  organisation: string
  kinds: readonly string[]
  where?: ObjectCondition
  /** Absent = by id. */
  order?: ObjectOrder
  /** `next` of the page before. */
  after?: readonly [key: string | number, id: string]
  /** At most 10,000. */
  limit: number
}

export interface FoundObjects {
  rows: ObjectRow[]
  /** Where the next page goes on; absent when there is none. */
  next?: readonly [key: string | number, id: string]
}

export type Facets = Record<string, string | number | boolean | string[]>
