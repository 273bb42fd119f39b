import { DeleteAttachment } from '#schema'
import { changeKeyText } from '../../ids/change-key.ts'
import { attachmentRefOf, itemIdText } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

/** Takes attachments off their items ([MS-OXWSATT] 3.1.4.2). The root is the item that holds them (interop 1.14). */
export const deleteAttachment = verb(DeleteAttachment, ({ AttachmentIds }, context) =>
  answerEach(context, AttachmentIds, async ({ Id }) => {
    const { item, path } = attachmentRefOf(Id)
    const { ref, head } = await context.mailboxes.deleteAttachment(context.caller, item, path)
    return { RootItemId: { RootItemId: itemIdText(ref), RootItemChangeKey: changeKeyText(ref.mailbox, head.change) } }
  }),
)
