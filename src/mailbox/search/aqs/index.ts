export { keywordsOf, parseQuery, queryLimits } from './parse.ts'
export type { QueryTime } from './dates.ts'
