import type { PropertyPath } from './properties/row.ts'

/** A condition on items or folders ([MS-OXWSSRCH] 2.2.3.30 SearchExpressionType). */
export type Restriction =
  | { and: Restriction[] }
  | { or: Restriction[] }
  | { not: Restriction }
  | { exists: PropertyPath }
  | { excludes: PropertyPath; bitmask: number }
  | { compare: PropertyPath; is: '=' | '<>' | '<' | '<=' | '>' | '>='; with: { value: string } | { path: PropertyPath } }
  | { contains: PropertyPath; value: string; mode: ContainmentMode; comparison: ContainmentComparison }

export type ContainmentMode = 'FullString' | 'Prefixed' | 'Substring' | 'PrefixOnWords' | 'ExactPhrase'
export type ContainmentComparison =
  | 'Exact'
  | 'IgnoreCase'
  | 'IgnoreNonSpacingCharacters'
  | 'Loose'
  | 'IgnoreCaseAndNonSpacingCharacters'
  | 'LooseAndIgnoreCase'
  | 'LooseAndIgnoreNonSpace'
  | 'LooseAndIgnoreCaseAndIgnoreNonSpace'

export interface SortKey {
  path: PropertyPath
  descending: boolean
}
