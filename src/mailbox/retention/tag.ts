import { dayOfDate, lastOccurrence, utc, type Instant, type Recurrence, type Tree } from '#model'
import type { ItemRow } from '#store'
import { deletedOn } from '../recoverable/relocate.ts'

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id of a tag as items and folders keep it ([MS-OXWSCORE] 2.2.4.41 RetentionTagType), when somebody set it; one that says it was inherited says nothing. */
export function tagIdOf(value: unknown): string | undefined {
  const { attributes, children } = (value ?? {}) as Partial<Tree>
  if (attributes?.IsExplicit === 'false') return undefined
  const id = String(children?.[0] ?? '')
    .trim()
    .toLowerCase()
  return guidForm.test(id) ? id : undefined
}

/** A tag in the form in which it is kept and shown. */
export function tagTree(element: 'PolicyTag' | 'ArchiveTag', id: string, isExplicit: boolean): Tree {
  return { name: element, attributes: { IsExplicit: String(isExplicit) }, children: [id] }
}

/** True for an item of the class, or of one below it; `*` stands for any text. */
export function matchesClass(pattern: string, itemClass: string): boolean {
  if (pattern === '*') return true
  const [wanted, given] = [pattern.toLowerCase(), itemClass.toLowerCase()]
  const parts = wanted.split('*')
  if (parts.length === 1) return given === wanted || given.startsWith(`${wanted}.`)
  const [first = '', ...others] = parts
  if (!given.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = given.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return others.at(-1) === '' || given.endsWith(others.at(-1) ?? '')
}

type Aged = Pick<ItemRow, 'kind' | 'received' | 'modified' | 'isRecurring' | 'end' | 'properties'>

/**
 * From when an item's age counts (Exchange Server documentation, "How retention age is calculated"): of mail and of a task from when it came, of a
 * calendar item from its end, of a series from the end of its last occurrence; one that goes on for ever, or makes itself anew, never ages (undefined).
 * In Deleted Items all of it counts from when it came, in Recoverable Items from when it was deleted. Contacts are never acted on.
 */
export function agesFrom(row: Aged, place: 'deleted' | 'recoverable' | 'visible' | 'none'): Instant | undefined {
  if (place === 'recoverable') return deletedOn(row)
  if (row.kind === 'contact' || row.kind === 'list') return undefined
  if (place === 'deleted') return row.received
  if (row.kind === 'calendar') return row.end === null ? (row.isRecurring ? undefined : row.received) : row.end
  return row.kind === 'task' && row.properties.taskRecurrence ? lastDateOf(row) : row.received
}

const day = 86_400_000

/** The last date of a recurring task; one that it was made after counts from then. */
function lastDateOf({ properties, received }: Aged): Instant | undefined {
  const recurrence = properties.taskRecurrence as Recurrence
  const last = lastOccurrence({ recurrence, start: dayOfDate(recurrence.range.start) * day, duration: 0, zone: utc })
  return last && Math.max(last.end, received)
}
