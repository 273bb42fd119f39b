import type { Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { placeOf } from '../folders/place.ts'
import { recoverableFolder } from './folder.ts'
import { isHeldItem, keepingOf } from './keeping.ts'

/**
 * Where a message is filed that its mailbox deletes as it comes, and with which stamps: it would have lain in the Inbox. `target` undefined =
 * it is to leave nothing, and goes to Purges where something keeps it. Undefined for what is not deleted, or is gone at once.
 */
export async function deletedOnArrival(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  mailbox: string,
  target: FolderRow | undefined,
  row: Pick<ItemRow, 'received' | 'created'>,
): Promise<{ folder: FolderRow; stamps: Properties } | undefined> {
  const place = target && (await placeOf(tx, target))
  if (place === 'other') return undefined
  const now = ctx.clock()
  const inbox = await tx.folders.byKind(mailbox, 'inbox')
  const stamps = { ...(inbox && { $lastActiveParent: inbox.id }), ...(place === 'deleted' ? {} : { $deletedOn: now }) }
  if (target) return { folder: target, stamps }
  const keeping = await keepingOf(tx, mailbox)
  if (keeping.singleItemRecovery || isHeldItem(keeping, row, now)) {
    return { folder: await recoverableFolder(tx, mailbox, 'recoverableitemspurges', now), stamps }
  }
  // Whether a hold by query is about it is known when its words are read; until then it is kept, and goes at its time if none is.
  if (keeping.holds.length === 0) return undefined
  return { folder: await recoverableFolder(tx, mailbox, 'recoverableitemsdiscoveryholds', now), stamps }
}
