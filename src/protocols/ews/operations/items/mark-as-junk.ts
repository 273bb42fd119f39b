import { MarkAsJunk } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import { itemRef } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** Blocks or unblocks the senders of messages, and moves these when asked to ([MS-OXWSCORE] 3.1.4.6). */
export const markAsJunk = verb(MarkAsJunk, ({ ItemIds, IsJunk, MoveItem }, context) =>
  answerEach(context, ItemIds, async (id) => {
    const { ref } = await itemRef(context, id)
    const item = await context.mailboxes.markAsJunk(context.caller, ref, { junk: IsJunk, move: MoveItem })
    // MS-OXWSCORE_R1851: the id under which it is found from now on.
    return MoveItem ? { MovedItemId: itemIdElement(item.ref, item.head.change) } : {}
  }),
)
