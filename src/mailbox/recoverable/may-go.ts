import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { recoverableFolder } from './folder.ts'
import { isHeld, isHeldItem, type Keeping } from './keeping.ts'
import { relocate } from './relocate.ts'

/**
 * True when nothing keeps an item of Recoverable Items whose time is over. What a hold keeps goes out of its owner's sight instead: out of
 * Deletions to Purges by litigation hold, out of both to DiscoveryHolds by a hold by query; Versions stay where they are.
 */
export async function mayGo(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  keeping: Keeping,
  row: ItemRow,
  folder: FolderRow,
): Promise<boolean> {
  const now = ctx.clock()
  if (!(await isHeld(tx, keeping, row, now))) return true
  const to = isHeldItem(keeping, row, now) ? 'recoverableitemspurges' : 'recoverableitemsdiscoveryholds'
  const from =
    to === 'recoverableitemspurges' ? ['recoverableitemsdeletions', ''] : ['recoverableitemsdeletions', 'recoverableitemspurges', '']
  if (from.includes(folder.kind)) await relocate(tx, ctx, row, folder, await recoverableFolder(tx, row.mailbox, to, now))
  return false
}
