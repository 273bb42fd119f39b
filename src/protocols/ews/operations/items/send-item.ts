import { Refusal } from '#model'
import { SendItem } from '#schema'
import { targetFolderRef } from '../../folder-reference.ts'
import { itemRef } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Sends drafts ([MS-OXWSCORE] 3.1.4.8). A folder for the copy without wanting one → InvalidSendItemSaveSettings. */
export const sendItem = verb(SendItem, ({ ItemIds, SavedItemFolderId, SaveItemToFolder }, context) =>
  answerEach(context, ItemIds, async (id) => {
    if (SavedItemFolderId && !SaveItemToFolder) {
      throw new Refusal('InvalidSendItemSaveSettings', 'SendItem: SavedItemFolderId is given, but SaveItemToFolder is false.')
    }
    const { ref, changeKey } = await itemRef(context, id)
    const folder = SavedItemFolderId ? await targetFolderRef(context, SavedItemFolderId) : { mailbox: ref.mailbox, kind: 'sentitems' }
    await context.mailboxes.sendItem(context.caller, ref, {
      ...(SaveItemToFolder ? { saveTo: folder } : {}),
      ...(changeKey === undefined ? {} : { changeKey }),
    })
    return {}
  }),
)
