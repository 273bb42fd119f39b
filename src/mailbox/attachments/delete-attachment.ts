import { Refusal, type Caller } from '#model'
import type { Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { keepVersion } from '../holds/versions.ts'
import { requireItemRight, targetItem } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import { touched } from './create-attachments.ts'

/** [MS-OXWSATT] 3.1.4.2 DeleteAttachment. Attachments of an attached item stay → CannotDeleteObject; not there → InvalidAttachmentId. */
export async function deleteAttachment(ctx: MailboxContext, caller: Caller, ref: ItemRef, path: number[]): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const [number] = path
  if (number === undefined) throw new Refusal('InvalidAttachmentId', 'There is no such attachment.')
  if (path.length > 1) throw new Refusal('CannotDeleteObject', 'An attached item keeps its attachments.')
  return ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'modify')
    const row = await tx.attachments.get(ref.mailbox, ref.id, number)
    if (!row) throw new Refusal('InvalidAttachmentId', 'There is no such attachment.')
    await keepVersion(tx, ctx, target.row, ['attachments'])
    await tx.attachments.remove(ref.mailbox, ref.id, number)
    return (await touched(tx, ctx, access, target)).item
  })
}
