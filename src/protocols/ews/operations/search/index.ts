import type { EwsVerb } from '../../verb.ts'
import { findItem } from './find-item.ts'
import { performInstantSearch } from './perform-instant-search.ts'

export const searchVerbs: readonly EwsVerb[] = [findItem, performInstantSearch]
