import { EmptyFolder } from '#schema'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Deletes what is in folders ([MS-OXWSFOLD] 3.1.4.5). */
export const emptyFolder = verb(EmptyFolder, ({ FolderIds, DeleteType, DeleteSubFolders }, context) =>
  answerEach(context, FolderIds, async (id) => {
    await context.mailboxes.emptyFolder(context.caller, await folderRef(context, id), DeleteType, DeleteSubFolders)
    return {}
  }),
)
