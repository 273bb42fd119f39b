import type { Caller } from '#model'
import type { ItemRow } from '#store'
import type { DeleteType, FolderRef, Item, ItemRef, PropertyChange } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { deleteItem } from '../items/delete-item.ts'
import { markAllRead } from '../items/mark-all-read.ts'
import { updateItem, type UpdateOptions } from '../items/update-item.ts'
import { accessTo } from '../permissions/access.ts'
import { isAwaited, sendReceipts, storedMime } from './receipts.ts'

/** `updateItem`, and the receipt of what becomes read by it unless it is suppressed ([MS-OXWSCORE] 3.1.4.9.3 SuppressReadReceipts). */
export async function updateAndTell(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  changes: PropertyChange[],
  options: UpdateOptions,
): Promise<Item> {
  const read: ItemRow[] = []
  const item = await updateItem(ctx, caller, ref, changes, options, async (_tx, after, before) => {
    read.splice(0, read.length, ...(after.isRead && !before.isRead && !options.suppressReadReceipts ? [before] : []))
  })
  if (read.some(isAwaited)) await sendReceipts(ctx, await accessTo(ctx, caller, ref.mailbox), read, 'displayed')
  return item
}

/** `deleteItem`, and the word that a message went for good unread, unless it is suppressed. */
export async function deleteAndTell(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  type: DeleteType,
  options: { occurrenceOnly?: boolean; suppressReadReceipts?: boolean },
): Promise<ItemRef | undefined> {
  const tells = type !== 'MoveToDeletedItems' && !options.suppressReadReceipts
  const before = tells ? await ctx.store.read((tx) => tx.items.get(ref.mailbox, ref.id)) : undefined
  const awaited = before && !before.isRead && isAwaited(before) ? before : undefined
  const mime = awaited && (await storedMime(ctx, awaited))
  const now = await deleteItem(ctx, caller, ref, type, undefined, options.occurrenceOnly)
  if (awaited && mime)
    await sendReceipts(ctx, await accessTo(ctx, caller, ref.mailbox), [awaited], 'deleted', new Map([[awaited.id, mime]]))
  return now
}

/** `markAllRead`, and the receipts of what becomes read by it, unless they are suppressed. */
export async function markAllAndTell(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  isRead: boolean,
  suppressReadReceipts = false,
): Promise<void> {
  if (!isRead || suppressReadReceipts) return markAllRead(ctx, caller, ref, isRead)
  const access = await accessTo(ctx, caller, ref.mailbox)
  await markAllRead(ctx, caller, ref, isRead, async (ids) => {
    const rows = await ctx.store.read((tx) => tx.items.getMany(ref.mailbox, ids))
    await sendReceipts(ctx, access, rows, 'displayed')
  })
}
