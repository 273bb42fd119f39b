import { DeleteFolder } from '#schema'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Deletes folders with what is in them ([MS-OXWSFOLD] 3.1.4.4); default folders → DeleteDistinguishedFolder. */
export const deleteFolder = verb(DeleteFolder, ({ FolderIds, DeleteType }, context) =>
  answerEach(context, FolderIds, async (id) => {
    await context.mailboxes.deleteFolder(context.caller, await folderRef(context, id), DeleteType)
    return {}
  }),
)
