import type { FolderRef } from '#mailbox'
import { Refusal } from '#model'
import { CreateFolderPath, type EwsFolder } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareFolder } from '../../convert/folder.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'
import { newFolder } from './create-folder.ts'

/** The deepest path. */
const longestPath = 100

/** Makes folders one below the other, each unless it is there already ([MS-OXWSFOLD] CreateFolderPath): one answer for each step of the path. */
export const createFolderPath = verb(CreateFolderPath, async ({ ParentFolderId, RelativeFolderPath }, context) => {
  if (RelativeFolderPath.length > longestPath) throw new Refusal('InvalidRequest', `RelativeFolderPath: at most ${longestPath} folders`)
  let parent: FolderRef | undefined = await targetFolderRef(context, ParentFolderId)
  return answerEach(context, RelativeFolderPath, async (folder) => {
    if (!parent) throw new Refusal('BatchProcessingStopped', 'The folder above it could not be made.')
    const above: FolderRef = parent
    parent = undefined
    const made = await step(context, above, folder)
    parent = { mailbox: made.row.mailbox, id: made.row.id }
    return { Folders: [bareFolder(made)] }
  })
})

/** The folder that is there, else a new one. */
async function step(context: EwsContext, parent: FolderRef, folder: EwsFolder) {
  const { folderDisplayName: name } = folder.properties
  if (typeof name !== 'string' || folder.refusal) return newFolder(context, parent, folder)
  try {
    return await context.mailboxes.childFolder(context.caller, parent, name)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'FolderNotFound') throw error
    return newFolder(context, parent, folder)
  }
}
