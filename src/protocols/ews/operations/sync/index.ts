import type { EwsVerb } from '../../verb.ts'
import { syncFolderHierarchy } from './sync-folder-hierarchy.ts'
import { syncFolderItems } from './sync-folder-items.ts'

export const syncVerbs: readonly EwsVerb[] = [syncFolderHierarchy, syncFolderItems]
