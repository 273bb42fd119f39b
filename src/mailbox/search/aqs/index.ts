export { keywordsOf, parseQuery, queryLimits } from './parse.ts'
export { kindNames, ofKind } from './fields.ts'
export type { QueryTime } from './dates.ts'
