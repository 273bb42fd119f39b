import type { EwsVerb } from '../../verb.ts'
import { archiveItem } from './archive-item.ts'

export const archiveVerbs: readonly EwsVerb[] = [archiveItem]
