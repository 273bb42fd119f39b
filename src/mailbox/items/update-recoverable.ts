import { Refusal, type Caller } from '#model'
import type { AttachmentRow } from '#store'
import { prepareAttachments } from '../attachments/create-attachments.ts'
import type { Item, ItemRef, RecoverableUpdate } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { placeOf } from '../folders/place.ts'
import { accessTo } from '../permissions/access.ts'
import { updateItem } from './update-item.ts'

/**
 * [MS-OXWSCORE] 3.1.4.10 UpdateItemInRecoverableItems: changes, attachments and immutability in one write. Answers the item and all of its
 * attachments. An item elsewhere → InvalidOperation, one that was made immutable → AccessDenied; other refusals as `updateItem`, `createAttachments`.
 */
export async function updateRecoverable(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  { changes, attachments, immutable, changeKey }: RecoverableUpdate,
): Promise<{ item: Item; attachments: AttachmentRow[] }> {
  const insert = await prepareAttachments(ctx, await accessTo(ctx, caller, ref.mailbox), ref, attachments)
  const known = changeKey === undefined ? { conflict: 'AlwaysOverwrite' as const } : { conflict: 'AutoResolve' as const, changeKey }
  let all: AttachmentRow[] = []
  const item = await updateItem(ctx, caller, ref, changes, {
    ...known,
    within: async (tx, { row, folder }) => {
      if (ref.occurrence !== undefined || (await placeOf(tx, folder)) !== 'recoverable') {
        throw new Refusal('InvalidOperation', 'The item does not lie in Recoverable Items; change it by UpdateItem.', { item: row.id })
      }
      await insert(tx, row)
      all = await tx.attachments.list(row.mailbox, row.id)
      return {
        ...(attachments.length > 0 ? { attachments: true as const, unversioned: true as const } : {}),
        ...(immutable ? { immutable } : {}),
      }
    },
  })
  return { item, attachments: all }
}
