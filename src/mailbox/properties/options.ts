import type { ItemRow, ReadTx } from '#store'
import { calendarDerived, calendarDerivedNames } from '../calendar/derived.ts'
import { isHiddenPrivate, itemRights, type Access } from '../permissions/access.ts'
import type { RetentionPlan } from '../retention/plan.ts'
import { retentionShown } from '../retention/shown.ts'
import { readItem, type ReadOptions } from './read.ts'

const meetings = ['conflictingMeetings', 'adjacentMeetings'] as const

/** How rows are read for this caller: what meetings and series add comes from `calendar/`. `list` leaves heavy parts out. `plan` = of `planFor`. */
export function readOptions(access: Access, list = false, plan?: RetentionPlan): ReadOptions {
  const plain: ReadOptions = { list, asks: () => false, find: async () => ({}), plans: new Map() }
  const retention = retentionShown(access, plan)
  const find = async (tx: ReadTx, row: ItemRow, names: ReadonlySet<string>): Promise<Record<string, unknown>> => {
    const asked = new Set([...names].filter((name) => calendarDerivedNames.has(name)))
    const kept = retention.asks(names) ? await retention.find(tx, row) : {}
    if (asked.size === 0) return kept
    const found: Record<string, unknown> = { ...kept, ...(await calendarDerived(tx, row, asked)) }
    for (const name of meetings) {
      const rows = found[name] as ItemRow[] | undefined
      if (!rows) continue
      const items = await asItems(tx, rows)
      if (items.length > 0) found[name] = items
      else delete found[name]
    }
    return found
  }
  const asItems = async (tx: ReadTx, rows: ItemRow[]) => {
    const items = []
    for (const row of rows) {
      const folder = await tx.folders.get(row.mailbox, row.folder)
      if (folder && !isHiddenPrivate(access, folder, row))
        items.push(await readItem(tx, row, folder, itemRights(access, folder, row), { shape: 'default' }, plain))
    }
    return items
  }
  return {
    list,
    asks: (names) => [...names].some((name) => calendarDerivedNames.has(name)) || retention.asks(names),
    find,
    plans: new Map(),
  }
}
