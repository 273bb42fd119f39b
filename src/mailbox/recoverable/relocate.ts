import type { Instant, Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { placeOf, type Place } from '../folders/place.ts'

/**
 * Moves an item within its mailbox: the one way to do so. What goes to Deleted Items or Recoverable Items is stamped with the folder that it
 * last lay in among what is not deleted (LastActiveParentEntryID); what comes back loses the stamp. `places`: where both folders lie, when that is
 * known.
 */
export async function relocate(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  row: ItemRow,
  from: FolderRow,
  to: FolderRow,
  places?: { before: Place; after: Place },
): Promise<ItemRow> {
  const now = ctx.clock()
  const { before, after } = places ?? { before: await placeOf(tx, from), after: await placeOf(tx, to) }
  const properties = stamped(row.properties, { from, before, after, now })
  return tx.items.move(row.mailbox, row.id, to.id, now, properties)
}

function stamped(properties: Properties, move: { from: FolderRow; before: Place; after: Place; now: Instant }): Properties | undefined {
  const { from, before, after, now } = move
  const { $lastActiveParent: known, $deletedOn: deleted, ...others } = properties
  if (after === 'other') return known === undefined && deleted === undefined ? undefined : others
  // A folder in Deleted Items was active once, Deleted Items itself never.
  const parent = before === 'other' ? from.id : (known ?? (before === 'deleted' && from.kind === '' ? from.id : undefined))
  return {
    ...others,
    ...(parent === undefined ? {} : { $lastActiveParent: parent }),
    ...(after === 'recoverable' ? { $deletedOn: before === 'recoverable' && typeof deleted === 'number' ? deleted : now } : {}),
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
