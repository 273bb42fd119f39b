import { deletedFolders } from './deleted-folders.ts'
import { findRecoverable } from './find-recoverable.ts'
import { purgeItems } from './purge-items.ts'
import { restoreFolder } from './restore-folder.ts'
import { restoreItems } from './restore-items.ts'

export const recoverVerbs = { deletedFolders, findRecoverable, purgeItems, restoreFolder, restoreItems }
