import type { Instant, Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { placeOf, type Place } from '../folders/place.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { recoverableFolder } from './folder.ts'
import { isHeldItem, keepingOf, type Keeping } from './keeping.ts'
import { hasRoom } from './room.ts'

/**
 * Where a message is filed that its mailbox deletes as it comes, and with which stamps: it would have lain in the Inbox. `target` undefined =
 * it is to leave nothing, and goes to Purges where something keeps it. Undefined for what is not deleted, or is gone at once. Where Recoverable
 * Items has no room it goes to Deleted Items: whoever sent it is not told of what the recipient does with mail, and nothing is lost.
 */
export async function deletedOnArrival(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  mailbox: string,
  target: FolderRow | undefined,
  row: Pick<ItemRow, 'received' | 'created' | 'size'>,
): Promise<{ folder: FolderRow; stamps: Properties } | undefined> {
  const to = target && (await landing(tx, ctx, target))
  if (to?.place === 'other') return undefined
  const now = ctx.clock()
  const inbox = await tx.folders.byKind(mailbox, 'inbox')
  const stamps = inbox ? { $lastActiveParent: inbox.id } : {}
  if (to?.place === 'deleted') return { folder: to.folder, stamps }
  const keeping = await keepingOf(tx, mailbox)
  const kept = to?.folder ?? (await keptOnArrival(tx, mailbox, keeping, row, now))
  if (!kept) return undefined
  const bin = await tx.folders.byKind(mailbox, 'deleteditems')
  if (bin && !(await hasRoom(tx, mailbox, keeping, row.size))) return { folder: bin, stamps }
  return { folder: kept, stamps: { ...stamps, $deletedOn: now } }
}

/** Where something keeps a message that is to leave nothing. */
async function keptOnArrival(
  tx: WriteTx,
  mailbox: string,
  keeping: Keeping,
  row: Pick<ItemRow, 'received' | 'created'>,
  now: Instant,
): Promise<FolderRow | undefined> {
  if (keeping.singleItemRecovery || isHeldItem(keeping, row, now)) return recoverableFolder(tx, mailbox, 'recoverableitemspurges', now)
  // Whether a hold by query is about it is known when its words are read; until then it is kept, and goes at its time if none is.
  return keeping.holds.length === 0 ? undefined : recoverableFolder(tx, mailbox, 'recoverableitemsdiscoveryholds', now)
}

/** Where an item comes to lie that is put into a folder. */
export interface Landing {
  folder: FolderRow
  place: Place
}

/**
 * What is put into Recoverable Items, wherever in it, is a deletion and lies in Deletions: there alone it is found, and goes when its time is over.
 */
export async function landing(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, folder: FolderRow): Promise<Landing> {
  const place = await placeOf(tx, folder)
  if (place !== 'recoverable') return { folder, place }
  return { folder: await recoverableFolder(tx, folder.mailbox, 'recoverableitemsdeletions', ctx.clock()), place }
}

/** An item that is about to be inserted: in Recoverable Items it is deleted from now on. */
export function arriving(ctx: Pick<MailboxContext, 'clock'>, place: Place, prepared: PreparedItem): PreparedItem {
  if (place !== 'recoverable') return prepared
  return { ...prepared, row: { ...prepared.row, properties: { ...prepared.row.properties, $deletedOn: ctx.clock() } } }
}
