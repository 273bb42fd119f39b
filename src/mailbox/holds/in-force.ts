import { holdReference } from '#directory'
import { pathsOf, systemCaller, wordsOf, type Instant, type Restriction } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { isFound, type Test } from '../find/scan.ts'
import { itemRights, type Access } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { holdOf } from './holds.ts'
import { periodOf, restrictionOf } from './query.ts'

/** A hold by query as it is held against items. */
export interface QueryHold {
  name: string
  /** In ms from when an item came; Infinity = for good. */
  period: number
  /** Absent = it holds everything. */
  restriction?: Restriction
}

/** The holds by query of one mailbox, as the transaction sees them: one that was acknowledged before holds. */
export async function holdsInForce(tx: Pick<ReadTx, 'objects'>, organisation: string, mailbox: string): Promise<QueryHold[]> {
  const rows = await tx.objects.referring(organisation, holdReference, mailbox)
  return rows.map((row) => {
    const hold = holdOf(row)
    const restriction = restrictionOf(hold)
    // A period that cannot be read ends never: what is in doubt is kept.
    return { name: hold.id, period: periodOf(hold.period ?? '') ?? Infinity, ...(restriction ? { restriction } : {}) }
  })
}

/**
 * True while one of the holds is about the item: what a search for its query finds, and what has words that the search cannot read yet or at
 * all (attachments), so that nothing is lost because it was deleted before it was read.
 */
export async function isHeldByQuery(tx: ReadTx, holds: readonly QueryHold[], row: ItemRow, now: Instant): Promise<boolean> {
  const came = row.received ?? row.created
  for (const { period, restriction } of holds) {
    if (came + period <= now) continue
    if (!restriction) return true
    const test = await testFor(tx, restriction, row)
    if (test && (await isFound(tx, test, row))) return true
    if (wordsOf(restriction).length > 0 && !(await tx.text.isWhole(row.mailbox, row.id))) return true
  }
  return false
}

async function testFor(tx: ReadTx, restriction: Restriction, row: ItemRow): Promise<Test | undefined> {
  const folder = await tx.folders.get(row.mailbox, row.folder)
  if (!folder) return undefined
  const access: Access = { caller: systemCaller(''), mailbox: row.mailbox, owner: undefined, full: true, names: new Set() }
  return {
    mailbox: row.mailbox,
    folders: new Map([[folder.id, folder]]),
    associated: row.associated,
    restriction,
    rights: itemRights(access, folder, row),
    options: readOptions(access, true),
    paths: pathsOf(restriction),
  }
}
