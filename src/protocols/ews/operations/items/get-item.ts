import { Refusal } from '#model'
import { failure, GetItem, success, type BaseItemId, type EwsItem, type ItemId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { attachedEwsItem, ewsItem } from '../../convert/item.ts'
import { nameMailboxTypes } from '../../convert/mailbox-types.ts'
import { askedBy, type Asked } from '../../convert/shape.ts'
import { changeOf } from '../../ids/change-key.ts'
import { attachmentRefOf, isAttachmentId } from '../../ids/ews-id.ts'
import { itemRefs, type NamedItem } from '../../item-reference.ts'
import { answerEach, failed, verb } from '../../verb.ts'

type Answer = ReturnType<typeof success<{ Items: ReturnType<typeof ewsItem>[] }>> | ReturnType<typeof failure>

/** Items by id, read together and answered in the order asked ([MS-OXWSCORE] 3.1.4.4). */
export const getItem = verb(GetItem, async ({ ItemShape, ItemIds }, context) => {
  const asked = askedBy(ItemShape, context.version)
  const slots: (NamedItem | Answer)[] = []
  for (const id of ItemIds) slots.push(...(slots.length < mostItems ? await named(context, id, asked) : [failed(context, tooMany())]))
  const refs = slots.flatMap((slot) => ('ref' in slot ? [slot.ref] : []))
  const read = refs.length > 0 ? await context.mailboxes.getItems(context.caller, refs, { ...asked.wanted, mostBytes: context.room }) : []
  let at = 0
  const items: EwsItem[] = []
  const answers = slots.map((slot): Answer => {
    if (!('ref' in slot)) return slot
    const item = read[at++]
    if (!item || item instanceof Refusal) return failed(context, item ?? new Error('an item asked for has no answer'))
    context.count('NoError')
    items.push(ewsItem(item, asked))
    return success({ Items: items.slice(-1) })
  })
  await nameMailboxTypes(context, items)
  return answers
})

/** Items of one answer: ranges of series lead to many. */
const mostItems = 20_000
const tooMany = () => new Refusal('BatchProcessingStopped', `One answer has at most ${mostItems} items; ask for the rest again.`)

async function named(context: EwsContext, id: BaseItemId, asked: Asked): Promise<(NamedItem | Answer)[]> {
  try {
    if (asked.refusal) throw asked.refusal
    if (id.is === 'ItemId' && isAttachmentId(id.value.Id))
      return await answerEach(context, [id.value], (one) => attached(context, one, asked))
    return await itemRefs(context, id)
  } catch (error) {
    return [failed(context, error)]
  }
}

/** An item attached to another, by the id that GetAttachment gave it. A file's → InvalidIdNotAnItemAttachmentId. */
async function attached(context: EwsContext, { Id, ChangeKey }: ItemId, asked: Asked): Promise<{ Items: EwsItem[] }> {
  const { item: ref, path } = attachmentRefOf(Id)
  if (ChangeKey) changeOf(ref.mailbox, ChangeKey)
  const { item } = await context.mailboxes.getAttachment(context.caller, ref, path, asked.wanted)
  if (!item) throw new Refusal('InvalidIdNotAnItemAttachmentId', 'The attachment is no item; GetAttachment gives it.')
  return { Items: [attachedEwsItem(item, asked, { ref, change: item.head.change, path })] }
}
