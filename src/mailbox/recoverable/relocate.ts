import type { Instant, Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { AuditAction } from '../audit/actions.ts'
import { audit } from '../audit/audit.ts'
import { itemKey } from '../audit/entry.ts'
import type { CalendarDeed } from '../calendar/log/contract.ts'
import { logCalendar } from '../calendar/log/write.ts'
import type { MailboxContext } from '../context.ts'
import { placeOf, type Place } from '../folders/place.ts'
import type { Access } from '../permissions/access.ts'

/**
 * Moves an item within its mailbox: the one way to do so. What goes to Deleted Items or Recoverable Items is stamped with the folder that it
 * last lay in among what is not deleted (LastActiveParentEntryID); what comes back loses the stamp. `by` = who does it, for the mailbox's audit log;
 * `places`: where both folders lie, when that is known; `withFolder`: the folder that it comes from is being removed.
 */
export async function relocate(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  row: ItemRow,
  from: FolderRow,
  to: FolderRow,
  by?: Access,
  { places, withFolder = false }: { places?: { before: Place; after: Place }; withFolder?: boolean } = {},
): Promise<ItemRow> {
  const now = ctx.clock()
  const { before, after } = places ?? { before: await placeOf(tx, from), after: await placeOf(tx, to) }
  const deed = actOf(after, to)
  if (before === 'other' || after === 'other') await logCalendar(tx, ctx, row, from, { deed, by: by?.caller ?? '', to })
  const moved = await tx.items.move(row.mailbox, row.id, to.id, now, (properties) =>
    stamped({ id: row.id, properties }, { from, before, after, now, withFolder }),
  )
  if (by) await audit(tx, ctx, by, { operation: deed, item: moved, was: row.id, folder: from, to })
  return moved
}

/** How the audit log calls a move: by where it leads. */
function actOf(after: Place, to: FolderRow): AuditAction & CalendarDeed {
  if (after === 'other') return 'Move'
  if (after === 'deleted') return 'MoveToDeletedItems'
  return to.kind === 'recoverableitemspurges' || to.kind === 'recoverableitemsdiscoveryholds' ? 'HardDelete' : 'SoftDelete'
}

/**
 * An item's properties with the stamps that it has after such a move. The number behind its search key stays with an item that gets a new one
 * by moving (PidTagSearchKey).
 */
export function stamped(
  row: Pick<ItemRow, 'id' | 'properties'>,
  move: { from: FolderRow; before: Place; after: Place; now: Instant; withFolder?: boolean },
): Properties {
  const { from, before, after, now, withFolder } = move
  const { $lastActiveParent: known, $deletedOn: deleted, $wentWith: folder, $sendLater: waits, ...rest } = row.properties
  // A message that waits to be sent is taken back when it is moved.
  const others: Properties = { ...rest, $searchKey: itemKey(row), ...(waits === undefined ? {} : { isSubmitted: false }) }
  if (after === 'other') return others
  // A folder in Deleted Items was active once, Deleted Items itself never.
  const parent = before === 'other' ? from.id : (known ?? (before === 'deleted' && from.kind === '' ? from.id : undefined))
  const went = before === 'recoverable' ? folder : withFolder ? from.id : undefined
  return {
    ...others,
    ...(parent === undefined ? {} : { $lastActiveParent: parent }),
    ...(after === 'recoverable' ? { $deletedOn: before === 'recoverable' && typeof deleted === 'number' ? deleted : now } : {}),
    ...(after === 'recoverable' && went !== undefined ? { $wentWith: went } : {}),
  }
}

/** When the item came to Recoverable Items; of what is older than the stamp, when it was last changed. */
export function deletedOn(row: Pick<ItemRow, 'properties' | 'modified'>): Instant {
  const { $deletedOn: at } = row.properties
  return typeof at === 'number' ? at : row.modified
}

/** The number of the folder that a deleted item last lay in; undefined when nobody knows. */
export function lastActiveParent(row: Pick<ItemRow, 'properties'>): number | undefined {
  const { $lastActiveParent: folder } = row.properties
  return typeof folder === 'number' ? folder : undefined
}

/** The number of the folder that an item lay in when that was removed; undefined for one that was deleted by itself. */
export function wentWith(row: Pick<ItemRow, 'properties'>): number | undefined {
  const { $wentWith: folder } = row.properties
  return typeof folder === 'number' ? folder : undefined
}
