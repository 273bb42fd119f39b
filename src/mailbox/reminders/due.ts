/** Which occurrence of a series its reminder is about ([MS-OXORMDR] 3.1.4.1): one at a time, the newest whose signal was given. */
import type { Instant, ItemKind, Properties } from '#model'
import type { ItemRow } from '#store'
import { occurrencesBetween, type ListedOccurrence } from '../calendar/occurrences.ts'
import { nextSignal, signalAhead } from '../items/reminder-rules.ts'

export interface Due {
  /** When the signal is given. */
  at: Instant
  start: Instant
  end: Instant
  /** Absent for a single item. */
  occurrence?: ListedOccurrence
}

/** How far back a series that nobody dismissed is looked through, and how many occurrences. */
const longest = 400 * 86_400_000
const mostLooked = 1000
const endOfTime = 8e15

/** The properties of an occurrence, its exception's over the series'. */
const propertiesAt = (series: Properties, { exception }: ListedOccurrence): Properties => ({ ...series, ...exception?.properties })
const reminds = (series: Properties, occurrence: ListedOccurrence) => propertiesAt(series, occurrence).reminderIsSet === true
const signalOf = (series: Properties, occurrence: ListedOccurrence) =>
  occurrence.start - signalAhead('calendar', propertiesAt(series, occurrence))

/** What a stored item reminds of; undefined = nothing any more. */
export function dueOf(row: ItemRow, now: Instant): Due | undefined {
  const { properties } = row
  if (properties.reminderIsSet !== true) return undefined
  if (row.kind === 'calendar' && properties.recurrence) return dueOfSeries(properties, now)
  const at = nextSignal(row.kind as ItemKind, properties)
  if (at === null) return undefined
  const calendar = row.kind === 'calendar'
  const start = (calendar ? properties.start : (properties.startDate ?? properties.reminderDueBy)) as Instant | undefined
  const end = (calendar ? properties.end : (properties.dueDate ?? properties.reminderDueBy)) as Instant | undefined
  return { at, start: start ?? at, end: end ?? start ?? at }
}

function dueOfSeries(series: Properties, now: Instant): Due | undefined {
  const from = typeof series.reminderDueBy === 'number' ? series.reminderDueBy : (series.start as Instant)
  const behind = (start: Instant) => occurrencesBetween({ properties: series }, start, endOfTime, mostLooked / 20).find((each) => each.start >= start && reminds(series, each)) // prettier-ignore
  const first = behind(from)
  if (!first) return undefined
  const ahead = signalAhead('calendar', series)
  const recent = occurrencesBetween({ properties: series }, Math.max(first.start, now - longest), now + ahead + 1, mostLooked)
  const given = recent.findLast((each) => each.start > first.start && reminds(series, each) && signalOf(series, each) <= now)
  const due = given ?? first
  // Put off, or told by a client: holds for the occurrence that the item says it is about.
  const own = due === first && first.start === series.reminderDueBy && typeof series.reminderNextTime === 'number'
  return { at: own ? (series.reminderNextTime as Instant) : signalOf(series, due), start: due.start, end: due.end, occurrence: due }
}

/** What changes when the signal for the occurrence that starts then is dismissed: the next one's turn, or nothing reminds any more. */
export function afterDismissal(series: Properties, start: Instant): Properties {
  const next = occurrencesBetween({ properties: series }, start + 1, endOfTime, mostLooked / 20).find(
    (each) => each.start > start && reminds(series, each),
  )
  return next ? { reminderDueBy: next.start, reminderNextTime: signalOf(series, next) } : { reminderIsSet: false }
}
