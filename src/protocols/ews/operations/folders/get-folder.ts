import { GetFolder } from '#schema'
import { ewsFolder, folderWanted } from '../../convert/folder.ts'
import { askedBy } from '../../convert/shape.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Folders by id ([MS-OXWSFOLD] 3.1.4.6). */
export const getFolder = verb(GetFolder, ({ FolderShape, FolderIds }, context) => {
  const asked = askedBy(FolderShape, context.version)
  return answerEach(context, FolderIds, async (id) => {
    if (asked.refusal) throw asked.refusal
    const folder = await context.mailboxes.getFolder(context.caller, await folderRef(context, id), folderWanted(asked))
    return { Folders: [await ewsFolder(context, folder, asked)] }
  })
})
