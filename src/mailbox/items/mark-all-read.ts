import { setImmediate } from 'node:timers/promises'
import { folderRights, type Caller } from '#model'
import type { FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, requireRights } from '../permissions/access.ts'

const step = 500

/** [MS-OXWSCORE] 3.1.4.5 MarkAllItemsAsRead, in bounded steps. `changedNow` hears of the items of each. */
export async function markAllRead(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  isRead: boolean,
  changedNow?: (items: number[]) => Promise<void>,
): Promise<void> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  for (;;) {
    const changed = await ctx.store.write(async (tx) => {
      const folder = await folderFor(tx, access, ref)
      requireRights(access, folder, folderRights.editAny)
      return tx.items.markAll(folder.mailbox, folder.id, isRead, step)
    })
    await changedNow?.(changed)
    if (changed.length < step) return
    await setImmediate()
  }
}
