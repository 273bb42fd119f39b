import type { EwsVerb } from '../../verb.ts'
import { convertId } from './convert-id.ts'

export const idVerbs: readonly EwsVerb[] = [convertId]
