export { createHybrid, type Hybrid, type HybridNeeds } from './hybrid.ts'
export type { Destination, FindHost } from './remote/addresses.ts'
export type { Branch, Generation, Hop, LookupTrace, PersonOutcome, RowLookedAt } from './trace/trace.ts'
export type { Traces } from './trace/recorder.ts'
