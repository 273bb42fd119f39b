import type { EwsVerb } from '../../verb.ts'
import { getSharingFolder } from './get-sharing-folder.ts'
import { getSharingMetadata } from './get-sharing-metadata.ts'
import { refreshSharingFolder } from './refresh-sharing-folder.ts'

export const sharingVerbs: readonly EwsVerb[] = [getSharingMetadata, getSharingFolder, refreshSharingFolder]
