import { MoveFolder } from '#schema'
import { bareFolder } from '../../convert/folder.ts'
import { folderRef, targetFolderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Moves folders below another ([MS-OXWSFOLD] 3.1.4.7); their ids stay. */
export const moveFolder = verb(MoveFolder, ({ ToFolderId, FolderIds }, context) =>
  answerEach(context, FolderIds, async (id) => {
    const to = await targetFolderRef(context, ToFolderId)
    return { Folders: [bareFolder(await context.mailboxes.moveFolder(context.caller, await folderRef(context, id), to))] }
  }),
)
