import { CreateAttachment } from '#schema'
import { attachmentElement } from '../../convert/attachment.ts'
import { newAttachment } from '../../convert/new-item.ts'
import { changeOf, changeKeyText } from '../../ids/change-key.ts'
import { itemIdText, itemRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

/** Attaches files and items to an item ([MS-OXWSATT] 3.1.4.1): one answer for each, the item's new change key in every one. */
export const createAttachment = verb(CreateAttachment, ({ ParentItemId, Attachments }, context) =>
  answerEach(context, Attachments, async (attachment) => {
    const ref = itemRefOf(ParentItemId.Id)
    if (ParentItemId.ChangeKey) changeOf(ref.mailbox, ParentItemId.ChangeKey)
    const { attachments, item } = await context.mailboxes.createAttachments(context.caller, ref, [newAttachment(attachment)])
    const root = { RootItemId: itemIdText(item.ref), RootItemChangeKey: changeKeyText(item.ref.mailbox, item.head.change) }
    const made = attachments.slice(-1).map((row) => {
      const { is, AttachmentId } = attachmentElement(row, { ref: item.ref, path: [] })
      return { is, AttachmentId: { Id: AttachmentId?.Id ?? '', ...root } }
    })
    return { Attachments: made }
  }),
)
