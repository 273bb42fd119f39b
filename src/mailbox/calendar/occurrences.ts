import {
  isOccurrence,
  occurrencesOf,
  propertiesOf,
  Refusal,
  type Instant,
  type ItemKind,
  type Occurrence,
  type OccurrenceException,
  type Properties,
  type Series,
} from '#model'
import type { ItemHead, ItemRow, ReadTx } from '#store'
import { choiceNumber } from '../items/columns.ts'
import { deletedStartsOf, exceptionsOf, seriesOf, timesOf } from './series.ts'

/** An occurrence with what an exception changed, or undefined when it is one like all. */
export interface ListedOccurrence extends Occurrence {
  exception?: OccurrenceException
}

/** The occurrences of a series that touch [from, to), exceptions where they are now and deletions left out, at most `limit`, by start. */
export function occurrencesBetween(master: Pick<ItemRow, 'properties'>, from: Instant, to: Instant, limit: number): ListedOccurrence[] {
  const series = seriesOf(master.properties)
  if (!series) return []
  return seriesBetween(series, master.properties, from, to, limit)
}

function seriesBetween(series: Series, properties: Properties, from: Instant, to: Instant, limit: number): ListedOccurrence[] {
  const exceptions = exceptionsOf(properties)
  const hidden = new Set([...deletedStartsOf(properties), ...exceptions.map((each) => each.originalStart)])
  const plain = occurrencesOf(series, from, to, Math.min(limit + hidden.size, 100_000)).filter((each) => !hidden.has(each.originalStart))
  const moved = exceptions
    .map((exception): ListedOccurrence => ({ originalStart: exception.originalStart, ...timesOf(exception, series.duration), exception }))
    .filter((each) => each.start < to && (each.end > from || each.start >= from))
  return [...plain, ...moved].sort((a, b) => a.start - b.start).slice(0, limit)
}

/**
 * Refuses unless the series has the occurrence: CalendarOccurrenceIsDeletedFromRecurrence when it was deleted,
 * CalendarOccurrenceIndexIsOutOfRecurrenceRange when it never was one, CalendarCannotUseIdForOccurrenceId for a single item.
 */
export function requireOccurrence(master: Pick<ItemRow, 'properties'>, originalStart: Instant): ListedOccurrence {
  const series = seriesOf(master.properties)
  if (!series) throw new Refusal('CalendarCannotUseIdForOccurrenceId', 'This item does not recur.')
  if (deletedStartsOf(master.properties).includes(originalStart)) {
    throw new Refusal('CalendarOccurrenceIsDeletedFromRecurrence', 'This occurrence was deleted from its series.')
  }
  const exception = exceptionsOf(master.properties).find((each) => each.originalStart === originalStart)
  if (exception) return { originalStart, ...timesOf(exception, series.duration), exception }
  if (!isOccurrence(series, originalStart)) {
    throw new Refusal('CalendarOccurrenceIndexIsOutOfRecurrenceRange', 'The series has no occurrence at this time.', { originalStart })
  }
  return { originalStart, start: originalStart, end: originalStart + series.duration }
}

/**
 * One occurrence as if it were an item: the master's row under its id with the times of the occurrence and what an exception
 * changed. `properties.$occurrence` is its original start, `$exception` says that it is one; an exception's own body lies
 * in `properties.body`, where the others have theirs in the blob of `row.body`. Refuses like `requireOccurrence`.
 */
export function occurrenceRow(master: ItemRow, originalStart: Instant): ItemRow {
  return rowOfOccurrence(master, requireOccurrence(master, originalStart))
}

/** Properties that belong to the series as a whole. */
const ofSeries = ['recurrence', 'exceptions', 'deletedStarts'] as const

/** The row of an occurrence that is known to exist. */
export function rowOfOccurrence(master: ItemRow, occurrence: ListedOccurrence): ItemRow {
  const { exception, originalStart, start, end } = occurrence
  const properties: Properties = { ...master.properties, ...exception?.properties, start, end, originalStart, $occurrence: originalStart }
  for (const name of ofSeries) delete properties[name]
  if (exception) properties.$exception = true
  const row: ItemRow = { ...master, start, end, isRecurring: true, properties, extended: { ...master.extended, ...exception?.extended } }
  for (const [name, value] of Object.entries(exception?.properties ?? {})) promote(row, name, value)
  if (exception?.properties.body) Object.assign(row, { body: null })
  return row
}

/** Sets the column of a promoted property. */
function promote(row: ItemRow, name: string, value: unknown): void {
  const property = propertiesOf(row.kind as ItemKind).find((each) => each.name === name)
  if (!property?.column || property.column === 'start' || property.column === 'end') return
  const stored = property.choices ? choiceNumber(property.choices, value, 0) : value
  Object.assign(row, { [property.column]: stored })
  delete row.properties[name]
}

/** True for a row made by `occurrenceRow`. */
export function isOccurrenceRow(row: Pick<ItemHead, 'kind'> & Pick<ItemRow, 'properties'>): boolean {
  return typeof row.properties.$occurrence === 'number'
}

/** The most a calendar view shows: two years and 10,000 entries ([MS-OXWSSRCH] 3.1.4.2.3.9). */
const widest = 2 * 366 * 86_400_000
const mostShown = 10_000

/**
 * What a calendar shows between two instants: single items and occurrences by start, at most `limit`, and whether there
 * are more. Refuses CalendarEndDateIsEarlierThanStartDate and CalendarViewRangeTooBig (over two years).
 */
export async function calendarView(
  tx: ReadTx,
  folder: { mailbox: string; id: number },
  start: Instant,
  end: Instant,
  limit = mostShown,
): Promise<{ rows: ItemRow[]; more: boolean }> {
  if (end < start) throw new Refusal('CalendarEndDateIsEarlierThanStartDate', 'CalendarView: EndDate lies before StartDate.')
  if (end - start > widest) throw new Refusal('CalendarViewRangeTooBig', 'CalendarView: at most two years can be shown at once.')
  const most = Math.min(limit, mostShown)
  const stored = await tx.items.overlapping(folder.mailbox, folder.id, start, end === start ? end + 1 : end, mostShown)
  let shown: Shown[] = []
  // What cannot be among the first `most` any more is not worked out: ten thousand series of two years would be millions of rows.
  let until = end
  for (const row of stored) {
    if (row.kind !== 'calendar') continue
    shown.push(...shownBetween(row, start, until, most + 1))
    if (shown.length <= 2 * most) continue
    shown = shown.sort(byStart).slice(0, most + 1)
    until = Math.min(end, (shown.at(-1)?.start ?? end) + 1)
  }
  shown.sort(byStart)
  return { rows: shown.slice(0, most).map(rowOfShown), more: shown.length > most }
}

/** An entry of a view before it is made a row, which costs more than finding it. */
interface Shown {
  row: ItemRow
  occurrence?: ListedOccurrence
  start: Instant
}

const byStart = (a: Shown, b: Shown): number => a.start - b.start || a.row.id - b.row.id
const rowOfShown = ({ row, occurrence }: Shown): ItemRow => (occurrence ? rowOfOccurrence(row, occurrence) : row)

/** A stored item as a view shows it: itself, or its occurrences in [from, to). */
export function rowsBetween(row: ItemRow, from: Instant, to: Instant, limit: number): ItemRow[] {
  return shownBetween(row, from, to, limit).map(rowOfShown)
}

function shownBetween(row: ItemRow, from: Instant, to: Instant, limit: number): Shown[] {
  if (row.properties.recurrence) {
    return occurrencesBetween(row, from, to, limit).map((occurrence) => ({ row, occurrence, start: occurrence.start }))
  }
  if (row.start === null) return []
  const touches = row.start < to && ((row.end ?? row.start) > from || row.start >= from)
  return touches || (from === to && row.start === from) ? [{ row, start: row.start }] : []
}
