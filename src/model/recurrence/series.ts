import { Refusal } from '../refusal.ts'
import { day, partsOf, type LocalTime, type Zone } from '../time-zones/zone.ts'
import type { Instant, IsoDate, Occurrence, Recurrence } from '../values.ts'
import { dayNumber, stepsOf, type DayNumber, type Steps } from './days.ts'

/** A recurring event: its pattern and range, the time of day and length of each occurrence, and the zone whose clock it keeps. */
export interface Series {
  recurrence: Recurrence
  /** Gives the time of day, on the zone's clock; the range gives the date. */
  start: Instant
  /** Milliseconds. */
  duration: number
  zone: Zone
}

/** The days of a series, seekable. */
interface Plan {
  steps: Steps
  /** The time of day on the clock. */
  time: number
  lastDay: DayNumber
  count: number
  /** Days in step 0. */
  head: number
}

/** Steps a series may be away from 1970 before it counts as endless: the year 4500, as Exchange's calendars end. */
const horizon = dayNumber(4500, 9, 1)

/** The day number of `YYYY-MM-DD` (an offset or time behind it is ignored); refuses CalendarInvalidRecurrence. */
export function dayOfDate(date: IsoDate): DayNumber {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date)
  const [year, month, dayOfMonth] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])]
  const result = match ? dayNumber(year, month, dayOfMonth) : NaN
  if (Number.isNaN(result) || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) {
    throw new Refusal('CalendarInvalidRecurrence', `'${date.slice(0, 40)}' is no date such as 2030-03-04`)
  }
  return result
}

/** `YYYY-MM-DD` of a day number. */
export function dateOfDay(number: DayNumber): IsoDate {
  return new Date(number * day).toISOString().slice(0, 10)
}

function planOf(series: Series): Plan {
  const { pattern, range } = series.recurrence
  const steps = stepsOf(pattern, dayOfDate(range.start))
  return {
    steps,
    time: partsOf(series.zone.toLocal(series.start)).time,
    lastDay: range.type === 'EndDate' ? Math.min(dayOfDate(range.end), horizon) : horizon,
    count: range.type === 'Numbered' ? range.count : Infinity,
    head: steps.days(0).length,
  }
}

/** The position in the series of the first day of a step. */
const positionOf = (plan: Plan, step: number) => (step === 0 ? 0 : plan.head + (step - 1) * plan.steps.perStep)

function occurrenceOn(series: Series, plan: Plan, on: DayNumber): Occurrence {
  const local: LocalTime = on * day + plan.time
  const start = series.zone.toInstant(local)
  return { originalStart: start, start, end: start + series.duration }
}

/** The days of the series from about a day on, with their positions; ends with the series. */
function* walk(plan: Plan, from: DayNumber): Generator<{ on: DayNumber; position: number }> {
  for (let step = plan.steps.stepBefore(from); ; step++) {
    const days = plan.steps.days(step)
    let position = positionOf(plan, step)
    if (days.length === 0 && (step > 0 || plan.steps.perStep === 0)) return
    for (const on of days) {
      // Not `>`: a day that there is not is behind the last one too.
      if (!(on <= plan.lastDay) || position >= plan.count) return
      yield { on, position: position++ }
    }
  }
}

/**
 * The occurrences that touch [from, to), at most `limit`, by start: an empty one counts when its start lies in it. Finds
 * the first by arithmetic, whatever the series' age. Exceptions and deletions are the caller's matter.
 */
export function occurrencesOf(series: Series, from: Instant, to: Instant, limit: number): Occurrence[] {
  const plan = planOf(series)
  const found: Occurrence[] = []
  // Two days early: offsets reach ±14 h and the last step before may still run.
  const first = Math.floor((from - series.duration) / day) - 2
  for (const { on } of walk(plan, first)) {
    if (found.length >= limit) break
    const occurrence = occurrenceOn(series, plan, on)
    if (occurrence.start >= to) break
    if (occurrence.end > from || occurrence.start >= from) found.push(occurrence)
  }
  return found
}

export function firstOccurrence(series: Series): Occurrence | undefined {
  return nthOccurrence(series, 1)
}

/** The last occurrence; undefined when the series never ends or has none. */
export function lastOccurrence(series: Series): Occurrence | undefined {
  const { range, pattern } = series.recurrence
  if (pattern.type.endsWith('Regeneration') || range.type === 'NoEnd') return undefined
  if (range.type === 'Numbered') return nthOccurrence(series, range.count)
  const plan = planOf(series)
  for (let step = plan.steps.stepBefore(plan.lastDay); step >= 0; step--) {
    const on = plan.steps.days(step).findLast((each) => each <= plan.lastDay)
    if (on !== undefined) return occurrenceOn(series, plan, on)
    if (step > 0 && plan.steps.perStep === 0) return undefined
  }
  return undefined
}

/** The n-th occurrence, from 1; undefined beyond the range. */
export function nthOccurrence(series: Series, n: number): Occurrence | undefined {
  const plan = planOf(series)
  if (n < 1 || n > plan.count) return undefined
  const { head, steps } = plan
  const step = n <= head ? 0 : steps.perStep === 0 ? -1 : 1 + Math.floor((n - 1 - head) / steps.perStep)
  const on = step < 0 ? undefined : steps.days(step)[n - 1 - positionOf(plan, step)]
  return on === undefined || !(on <= plan.lastDay) ? undefined : occurrenceOn(series, plan, on)
}

/** The position (from 1) of the occurrence that starts at an instant; 0 when none does. */
export function positionInSeries(series: Series, originalStart: Instant): number {
  const plan = planOf(series)
  const on = Math.floor(series.zone.toLocal(originalStart) / day)
  for (const each of walk(plan, on - 1)) {
    if (each.on > on) return 0
    if (occurrenceOn(series, plan, each.on).start === originalStart) return each.position + 1
  }
  return 0
}

/** True when the series itself has an occurrence that starts at the instant (deleted ones included). */
export function isOccurrence(series: Series, originalStart: Instant): boolean {
  return positionInSeries(series, originalStart) > 0
}

/** The occurrences right before and after the one at an instant. */
export function neighboursOf(series: Series, originalStart: Instant): { before?: Occurrence; after?: Occurrence } {
  const position = positionInSeries(series, originalStart)
  if (position === 0) return {}
  const before = nthOccurrence(series, position - 1)
  const after = nthOccurrence(series, position + 1)
  return { ...(before ? { before } : {}), ...(after ? { after } : {}) }
}
