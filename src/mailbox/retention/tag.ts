import type { Instant, Tree } from '#model'
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

/**
 * From when an item's age counts: of mail from when it came; of a calendar item from its end, of a task from the day when it is due; a series
 * that goes on for ever never ages (undefined). In Deleted Items all of it counts from when it came, in
 * Recoverable Items from when it was deleted.
 */
export function agesFrom(
  row: Pick<ItemRow, 'kind' | 'received' | 'modified' | 'isRecurring' | 'end' | 'properties'>,
  place: 'deleted' | 'recoverable' | 'visible' | 'none',
): Instant | undefined {
  if (place === 'deleted') return row.received
  if (place === 'recoverable') return deletedOn(row)
  if (row.kind === 'calendar') return row.end === null ? (row.isRecurring ? undefined : row.received) : row.end
  if (row.kind !== 'task') return row.received
  if (row.properties.taskRecurrence) return undefined
  const { dueDate } = row.properties
  return typeof dueDate === 'number' ? Math.max(dueDate, row.received) : row.received
}
