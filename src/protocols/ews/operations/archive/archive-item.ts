import { ArchiveItem } from '#schema'
import { bareItem } from '../../convert/item.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { itemRef } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Moves items to the archive mailbox ([MS-OXWSARCH] 3.1.4.1): one answer each. */
export const archiveItem = verb(ArchiveItem, ({ ArchiveSourceFolderId, ItemIds }, context) =>
  answerEach(context, ItemIds, async (id) => {
    const source = await targetFolderRef(context, ArchiveSourceFolderId)
    const { ref } = await itemRef(context, id)
    return { Items: [bareItem(await context.mailboxes.archiveItem(context.caller, source, ref))] }
  }),
)
