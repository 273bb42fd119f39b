import { CopyFolder } from '#schema'
import { bareFolder } from '../../convert/folder.ts'
import { folderRef, targetFolderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Copies folders with what is in them ([MS-OXWSFOLD] 3.1.4.1). */
export const copyFolder = verb(CopyFolder, ({ ToFolderId, FolderIds }, context) =>
  answerEach(context, FolderIds, async (id) => {
    const to = await targetFolderRef(context, ToFolderId)
    return { Folders: [bareFolder(await context.mailboxes.copyFolder(context.caller, await folderRef(context, id), to))] }
  }),
)
