import { MarkAllItemsAsRead } from '#schema'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Sets the read state of everything in folders ([MS-OXWSCORE] 3.1.4.5). */
export const markAllItemsAsRead = verb(MarkAllItemsAsRead, ({ ReadFlag, SuppressReadReceipts: suppressReadReceipts, FolderIds }, context) =>
  answerEach(context, FolderIds, async (id) => {
    await context.mailboxes.markAllRead(context.caller, await folderRef(context, id), ReadFlag, { suppressReadReceipts })
    return {}
  }),
)
