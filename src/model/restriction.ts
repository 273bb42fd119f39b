import type { PropertyPath } from './properties/row.ts'

/** A condition on items or folders ([MS-OXWSSRCH] 2.2.3.30 SearchExpressionType). */
export type Restriction =
  | { and: Restriction[] }
  | { or: Restriction[] }
  | { not: Restriction }
  | { exists: PropertyPath }
  | { excludes: PropertyPath; bitmask: number }
  | { compare: PropertyPath; is: '=' | '<>' | '<' | '<=' | '>' | '>='; with: { value: string } | { path: PropertyPath } }
  /** Every word stands in one of the fields (absent = in any), as the beginning of a word there, or `whole`. By the text index. */
  | Words
  | { contains: PropertyPath; value: string; mode: ContainmentMode; comparison: ContainmentComparison }

export interface Words {
  words: string
  in?: readonly TextField[]
  whole?: boolean
}

/** Where words of an item stand in the text index. `cc` holds blind copies too, `attachment` names and contents. */
export type TextField = 'subject' | 'from' | 'to' | 'cc' | 'body' | 'attachment' | 'category' | 'other'

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
