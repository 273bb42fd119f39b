import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { FolderRef, Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { placeOf, type Place } from '../folders/place.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, itemRights, requireRights, type Access } from '../permissions/access.ts'
import { hasHiddenOccurrences } from '../permissions/private-occurrences.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { arriving, landing } from '../recoverable/arrival.ts'
import { relocate, stamped } from '../recoverable/relocate.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import { refusePublicContent } from '../public-folders/limits.ts'
import { takingInto } from '../quotas/gauge.ts'
import { auditCreated, makerOf } from './create-item.ts'
import { prepareItem, type PreparedItem } from './prepare.ts'
import { insertItem, loadItem } from './stored.ts'
import { requireItemRight, seenItem, targetItem } from './target.ts'

/** Where an item goes, for a caller who may do both ends. */
interface Transfer {
  ctx: MailboxContext
  source: Access
  target: Access
  ref: ItemRef
  to: FolderRef
}

/** [MS-OXWSCORE] 3.1.4.7 MoveItem, across mailboxes too: the item gets a new id; where it goes, `landing` says. Occurrences → CalendarCannotMoveOrCopyOccurrence. */
export async function moveItem(ctx: MailboxContext, caller: Caller, ref: ItemRef, to: FolderRef): Promise<Item> {
  return transfer(await transferFor(ctx, caller, ref, to), true)
}

/** [MS-OXWSCORE] 3.1.4.1 CopyItem. The copy has its own id, attachments included. */
export async function copyItem(ctx: MailboxContext, caller: Caller, ref: ItemRef, to: FolderRef): Promise<Item> {
  return transfer(await transferFor(ctx, caller, ref, to), false)
}

async function transferFor(ctx: MailboxContext, caller: Caller, ref: ItemRef, to: FolderRef): Promise<Transfer> {
  if (ref.occurrence !== undefined) {
    throw new Refusal('CalendarCannotMoveOrCopyOccurrence', 'An occurrence stays with its series.')
  }
  const source = await accessTo(ctx, caller, ref.mailbox)
  const target = to.mailbox === ref.mailbox ? source : await accessTo(ctx, caller, to.mailbox)
  return { ctx, source, target, ref, to }
}

async function transfer(plan: Transfer, leaving: boolean): Promise<Item> {
  const { ctx, source, target, ref, to } = plan
  const across = to.mailbox === ref.mailbox ? undefined : await prepareCopy(ctx, source, ref)
  const take = await takingInto(ctx, target)
  return ctx.store.write(async (tx) => {
    const from = await targetItem(tx, source, ref)
    if (leaving) requireItemRight(from, 'delete')
    if (leaving && across && hasHiddenOccurrences(source, from.folder, from.row)) {
      throw new Refusal('AccessDenied', 'The series has private occurrences, which you would take away unseen.')
    }
    const { folder, place: after } = await landing(tx, ctx, await folderFor(tx, target, to, 'ToFolderNotFound'))
    refusePublicContent(target, folder)
    requireRights(target, folder, folderRights.create)
    const before = await placeOf(tx, from.folder)
    // What moves within a mailbox takes no room, wherever it comes from: a full one can be tidied, and what was deleted recovered. Into
    // Recoverable Items it is a deletion, which has quotas.
    const deletes = after === 'recoverable' && before !== 'recoverable'
    if (across || !leaving || deletes) await take(tx, from.row.size, folder, { of: from.row, place: after })
    const row = across
      ? await carry(tx, ctx, from, folder, { ...across, prepared: arriving(ctx, after, across.prepared) }, leaving ? source : undefined)
      : leaving
        ? await relocate(tx, ctx, from.row, from.folder, folder, source, { places: { before, after } })
        : await copyWithin(tx, ctx, source, from, folder, { before, after })
    if (across) await auditCreated(tx, ctx, target, row, folder)
    if (!leaving) await audit(tx, ctx, source, { operation: 'Copy', item: from.row, folder: from.folder, to: folder })
    return readItem(tx, row, folder, itemRights(target, folder, row), { shape: 'ids' }, readOptions(target))
  })
}

/** A copy in the same mailbox belongs to whoever made it, and knows what it was copied from (for notifications); it is stamped as if it had been moved. */
async function copyWithin(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  from: { row: ItemRow; folder: FolderRow },
  folder: FolderRow,
  places: { before: Place; after: Place },
): Promise<ItemRow> {
  const now = ctx.clock()
  const copy = await tx.items.copy(from.row.mailbox, from.row.id, folder.id, now)
  const { $searchKey: _, ...bag } = stamped(copy, { from: from.folder, ...places, now })
  const properties = { ...bag, $creator: makerOf(access).creator, $copiedFrom: { item: from.row.id, folder: from.row.folder } }
  return tx.items.update(copy.mailbox, copy.id, { properties })
}

/** An item of one mailbox made ready for another, as it stands. */
async function prepareCopy(ctx: MailboxContext, access: Access, ref: ItemRef): Promise<{ prepared: PreparedItem; change: number }> {
  const { row, item } = await ctx.store.read(async (tx) => {
    const { row } = await seenItem(tx, access, ref)
    return { row, item: await loadItem(tx, row) }
  })
  return { prepared: await prepareRow(ctx, row, item), change: row.change }
}

/** A loaded item prepared with all that its row says. */
export async function prepareRow(ctx: MailboxContext, row: ItemRow, item: Awaited<ReturnType<typeof loadItem>>): Promise<PreparedItem> {
  const prepared = await prepareItem(ctx, item, { creator: '', modifiedBy: String(row.properties.lastModifiedName ?? '') })
  const { received, sent, isRead, conversation } = row
  return { ...prepared, row: { ...prepared.row, received, sent, isRead, conversation } }
}

/** Puts an item prepared for another mailbox there; refuses StaleObject when it was changed since. `leaving` = who takes it from where it was. */
export async function carry(
  tx: WriteTx,
  ctx: MailboxContext,
  from: { row: ItemRow; folder: FolderRow },
  folder: FolderRow,
  { prepared, change }: { prepared: PreparedItem; change: number },
  leaving: Access | undefined,
): Promise<ItemRow> {
  if (from.row.change !== change) throw new Refusal('StaleObject', 'The item was changed while it was moved; try again.')
  const row = await insertItem(tx, folder.mailbox, folder.id, prepared)
  if (leaving) {
    await audit(tx, ctx, leaving, { operation: 'Move', item: from.row, folder: from.folder, to: folder })
    await createDisposer(tx, ctx, from.row.mailbox).dispose(from.row, from.folder, 'HardDelete')
  }
  return row
}
