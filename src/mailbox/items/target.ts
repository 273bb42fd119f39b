import { Refusal } from '#model'
import type { FolderRow, ItemRow, ReadTx } from '#store'
import { occurrenceRow } from '../calendar/occurrences.ts'
import type { EffectiveRights, ItemRef } from '../contract.ts'
import { placeOf } from '../folders/place.ts'
import { requireReadable, type Access } from '../permissions/access.ts'
import { withoutHiddenOccurrences } from '../permissions/private-occurrences.ts'

export interface Target {
  /** The stored row: of a series, the master. */
  row: ItemRow
  folder: FolderRow
  rights: EffectiveRights
}

/** The stored item that a reference names, when the caller may read it. Not there, or hidden → ItemNotFound. */
export async function targetItem(tx: ReadTx, access: Access, ref: ItemRef): Promise<Target> {
  const row = await tx.items.get(ref.mailbox, ref.id)
  const folder = row && (await tx.folders.get(row.mailbox, row.folder))
  if (!row || !folder) throw new Refusal('ItemNotFound', 'There is no such item.', { item: ref.id })
  const rights = requireReadable(access, folder, row)
  // An occurrence may be private though its series is not.
  if (ref.occurrence !== undefined && !access.full) requireReadable(access, folder, occurrenceRow(row, ref.occurrence))
  return { row, folder, rights: { ...rights, modify: rights.modify && !(await isHeld(tx, folder, row)) } }
}

/** True for what was made immutable and lies anywhere in Recoverable Items, in a folder below as well ([MS-OXWSCORE] 3.1.4.10 MakeItemImmutable). */
async function isHeld(tx: ReadTx, folder: FolderRow, row: ItemRow): Promise<boolean> {
  return row.properties.$immutable === true && (await placeOf(tx, folder)) === 'recoverable'
}

/** The same to be read, as the caller named it and may see it: an occurrence as the row that it is seen as. */
export async function seenItem(tx: ReadTx, access: Access, ref: ItemRef): Promise<Target> {
  const target = await targetItem(tx, access, ref)
  if (ref.occurrence !== undefined) return { ...target, row: occurrenceRow(target.row, ref.occurrence) }
  return { ...target, row: withoutHiddenOccurrences(access, target.folder, target.row) }
}

/** Refuses what may not be changed or deleted. */
export function requireItemRight(target: Target, right: 'modify' | 'delete'): void {
  if (!target.rights[right]) {
    throw new Refusal('AccessDenied', `You may not ${right} this item.`, { item: target.row.id })
  }
}
