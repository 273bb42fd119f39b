import type { ObjectCondition } from '#store'

export const operators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'notlike'] as const
export type Operator = (typeof operators)[number]

/** What stands after an operator; a word or a text is `text`. */
export type FilterValue = string | number | boolean | null

/** A filter as it was written. Positions count characters from 1. */
export type FilterTree =
  | { and: FilterTree[] }
  | { or: FilterTree[] }
  | { not: FilterTree }
  | { property: string; operator: Operator; value: FilterValue; position: number }

/** A filter that has been read, with everything it names looked up. */
export interface RecipientFilter {
  /** As it was written. */
  readonly text: string
  readonly condition: ObjectCondition
}
