import type { Instant, PropertyPath, Restriction, SortKey } from '#model'
import type { FolderRef, Wanted } from '../contract.ts'

export interface Page {
  offset: number
  limit: number
  from: 'Beginning' | 'End'
}
export interface FindItems {
  folders: FolderRef[]
  traversal: 'Shallow' | 'SoftDeleted' | 'Associated'
  restriction?: Restriction
  /** Free text (QueryString), already parsed to a restriction by the protocol, or plain words. */
  words?: string
  sort?: SortKey[]
  /** Items of one value together, the groups by the least or greatest value of another property in each, `sort` within. */
  group?: { path: PropertyPath; descending: boolean; aggregate: { path: PropertyPath; of: 'Minimum' | 'Maximum' } }
  view:
    | ({ kind: 'indexed' } & Page)
    | { kind: 'fractional'; numerator: number; denominator: number; limit: number }
    /** The first so many, uncounted: `total` is how many came. */
    | { kind: 'first'; limit: number }
    /** A page that begins (from the end: ends) with what meets the condition first. */
    | { kind: 'seek'; condition: Restriction; from: 'Beginning' | 'End'; limit: number }
    | { kind: 'calendar'; start: Instant; end: Instant; limit?: number }
    | { kind: 'contacts'; initial?: string; final?: string; limit?: number }
  wanted: Wanted
  /** What columns cannot answer is searched for until then → TimeoutExpired. */
  until?: Instant
}
export interface Found<T> {
  items: T[]
  total: number
  nextOffset: number
  includesLast: boolean
  /** Of a search in groups: the value that the group of each item has in common, as text. */
  groups?: string[]
}
