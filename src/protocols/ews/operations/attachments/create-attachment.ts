import { CreateAttachment } from '#schema'
import { madeAttachment } from '../../convert/attachment.ts'
import { newAttachment } from '../../convert/new-item.ts'
import { changeOf } from '../../ids/change-key.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

/** Attaches files and items to an item ([MS-OXWSATT] 3.1.4.1): one answer for each, the item's new change key in every one. */
export const createAttachment = verb(CreateAttachment, ({ ParentItemId, Attachments }, context) =>
  answerEach(context, Attachments, async (attachment) => {
    const ref = itemRefOf(ParentItemId.Id)
    if (ParentItemId.ChangeKey) changeOf(ref.mailbox, ParentItemId.ChangeKey)
    const { attachments, item } = await context.mailboxes.createAttachments(context.caller, ref, [newAttachment(attachment)])
    return { Attachments: attachments.map((row) => madeAttachment(row, item)) }
  }),
)
