import { UpdateItemInRecoverableItems } from '#schema'
import { attachmentElement } from '../../convert/attachment.ts'
import { bareItem } from '../../convert/item.ts'
import { newAttachment } from '../../convert/new-item.ts'
import { itemRef } from '../../item-reference.ts'
import { answerOne, verb } from '../../verb.ts'
import { changeOf } from './update-item.ts'

/** Changes an item that was deleted and can be recovered ([MS-OXWSCORE] 3.1.4.10); the answer has all of its attachments. */
export const updateItemInRecoverableItems = verb(UpdateItemInRecoverableItems, async (request, context) => [
  await answerOne(context, async () => {
    const { ref, changeKey } = await itemRef(context, { is: 'ItemId', value: request.ItemId })
    if (request.Updates?.refusal) throw request.Updates.refusal
    const { item, attachments } = await context.mailboxes.updateRecoverable(context.caller, ref, {
      changes: (request.Updates?.changes ?? []).map(changeOf),
      attachments: (request.Attachments ?? []).map((attachment) => newAttachment(attachment)),
      immutable: request.MakeItemImmutable ?? false,
      ...(changeKey === undefined ? {} : { changeKey }),
    })
    // MS-OXWSCORE_R2269, R2271
    const Attachments = attachments.map((row) => attachmentElement(row, { ref: item.ref, path: [] }))
    return { Items: [bareItem(item)], ...(Attachments.length > 0 ? { Attachments } : {}), ConflictResults: { Count: item.conflicts ?? 0 } }
  }),
])
