import { mapiAlias, itemKinds, propertyRow, type ItemKind, type PropertyPath } from '#model'
import type { ItemRow } from '#store'
import type { Wanted } from '../contract.ts'
import { derived } from './derived.ts'
import { partsFor } from './view.ts'

type Column = keyof ItemRow
const kinds = Object.keys(itemKinds) as ItemKind[]

/**
 * The columns that answer what is wanted, to be read alone; nothing when whole rows are needed. The bag and what names an item
 * are always among what is read.
 */
export function columnsFor({ shape, paths = [], mime }: Wanted): { columns?: ReadonlySet<Column> } {
  if (shape !== 'ids' || mime) return {}
  const columns = new Set<Column>()
  for (const path of paths) {
    const needed = columnsOf(path)
    if (!needed) return {}
    for (const column of needed) columns.add(column)
  }
  return { columns }
}

function columnsOf(path: PropertyPath): Column[] | undefined {
  if (!('extended' in path)) return columnsOfProperty(path.property)
  const columns: Column[] = ['extended']
  for (const kind of kinds) {
    for (const name of mapiAlias(path.extended, kind)?.needs ?? []) {
      const needed = name.startsWith('$') ? undefined : columnsOfProperty(name)
      if (!needed) return undefined
      columns.push(...needed)
    }
  }
  return columns
}

/** What is computed looks at whatever it likes, so it takes the whole row, as the parts of the content do. */
function columnsOfProperty(name: string): Column[] | undefined {
  const row = propertyRow(name)
  if (row.from === 'column') return row.column ? [row.column] : undefined
  if (row.from !== 'bag' || name in derived || partsFor(name).length > 0) return undefined
  // Where its value may lie that was stored before the MAPI property was known to be the same.
  return row.mapiBefore ? ['extended'] : []
}
