import { isClosedKind } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { recoverableFolder } from './folder.ts'
import { isHeld, isHeldItem, type Keeping } from './keeping.ts'
import { relocate } from './relocate.ts'

/**
 * True when nothing keeps an item of Recoverable Items whose time is over; no hold is about what is associated. What a hold keeps goes out of its owner's
 * sight instead: out of Deletions to Purges by litigation hold, out of both to DiscoveryHolds by a hold by query; Versions stay where they are.
 */
export async function mayGo(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  keeping: Keeping,
  row: ItemRow,
  folder: FolderRow,
): Promise<boolean> {
  const now = ctx.clock()
  if (row.associated || !(await isHeld(tx, keeping, row, now))) return true
  const to = isHeldItem(keeping, row, now) ? 'recoverableitemspurges' : 'recoverableitemsdiscoveryholds'
  const leaves = !isClosedKind(folder.kind) || (to === 'recoverableitemsdiscoveryholds' && folder.kind === 'recoverableitemspurges')
  if (leaves) await relocate(tx, ctx, row, folder, await recoverableFolder(tx, row.mailbox, to, now))
  return false
}
