import type { FolderRef, Item, ItemRef } from '#mailbox'
import { Refusal } from '#model'
import { CopyItem, MoveItem, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareItem } from '../../convert/item.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { itemRef } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'

type Request = Infer<typeof MoveItem.request>

/** Moves or copies each item; new ids come back unless they are not wanted or lie in another mailbox (interop 1, [MS-OXWSCORE] 3.1.4.7). */
function transfer(
  { ToFolderId, ItemIds, ReturnNewItemIds }: Request,
  context: EwsContext,
  one: (ref: ItemRef, to: FolderRef) => Promise<Item>,
) {
  return answerEach(context, ItemIds, async (id) => {
    const to = await targetFolderRef(context, ToFolderId)
    const { ref } = await itemRef(context, id)
    if (ref.occurrence !== undefined) {
      throw new Refusal('CalendarCannotMoveOrCopyOccurrence', 'One occurrence of a series cannot be moved or copied.')
    }
    const item = await one(ref, to)
    return { Items: ReturnNewItemIds === false ? [] : [bareItem(item)] }
  })
}

export const moveItem = verb(MoveItem, (request, context) =>
  transfer(request, context, (ref, to) => context.mailboxes.moveItem(context.caller, ref, to)),
)
export const copyItem = verb(CopyItem, (request, context) =>
  transfer(request, context, (ref, to) => context.mailboxes.copyItem(context.caller, ref, to)),
)
