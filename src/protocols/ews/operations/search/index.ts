import type { EwsVerb } from '../../verb.ts'
import { findItem } from './find-item.ts'

export const searchVerbs: readonly EwsVerb[] = [findItem]
