import type { EwsVerb } from '../../verb.ts'
import { exportItems } from './export-items.ts'
import { uploadItems } from './upload-items.ts'

export const transferVerbs: readonly EwsVerb[] = [exportItems, uploadItems]
