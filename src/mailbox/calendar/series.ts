import {
  lastOccurrence,
  firstOccurrence,
  isOccurrence,
  minute,
  utc,
  zoneNamed,
  zoneOf,
  zoneOfMeetingTimeZone,
  type Instant,
  type OccurrenceException,
  type Properties,
  type Recurrence,
  type Series,
  type TimeZoneRef,
  type Tree,
  type Zone,
} from '#model'

/** The zone whose clock a calendar item keeps: of its StartTimeZone, else of an Exchange 2007 MeetingTimeZone, else UTC. */
export function zoneOfItem(properties: Properties): Zone {
  const ref = properties.startTimeZone as TimeZoneRef | undefined
  if (ref) return zoneOf(ref, utc)
  const legacy = properties.meetingTimeZone as Tree | undefined
  const start = typeof properties.start === 'number' ? properties.start : 0
  return (legacy && zoneOfMeetingTimeZone(legacy, new Date(start).getUTCFullYear(), zoneNamed)) || utc
}

/** The series of a recurring item's properties, or undefined for a single one. */
export function seriesOf(properties: Properties): Series | undefined {
  const recurrence = properties.recurrence as Recurrence | undefined
  if (!recurrence || typeof properties.start !== 'number') return undefined
  const end = typeof properties.end === 'number' ? properties.end : properties.start
  return { recurrence, start: properties.start, duration: Math.max(0, end - properties.start), zone: zoneOfItem(properties) }
}

/** The exceptions of a series, in no order. */
export function exceptionsOf(properties: Properties): OccurrenceException[] {
  return (properties.exceptions as OccurrenceException[] | undefined) ?? []
}

/** Original starts of the occurrences that were deleted. They lie in the bag as `deletedStarts`. */
export function deletedStartsOf(properties: Properties): Instant[] {
  return (properties.deletedStarts as Instant[] | undefined) ?? []
}

/**
 * The columns `start` and `end` of an item: its own times, or for a series from the first start to the last end, exceptions
 * included; `end` null = it never ends.
 */
export function calendarSpan(properties: Properties): { start: Instant | null; end: Instant | null } {
  const start = typeof properties.start === 'number' ? properties.start : null
  const end = typeof properties.end === 'number' ? properties.end : start
  const series = seriesOf(properties)
  if (!series || start === null) return { start, end }
  const endless = series.recurrence.range.type === 'NoEnd'
  const moved = exceptionsOf(properties).map((each) => timesOf(each, series.duration))
  const starts = [firstOccurrence(series)?.start ?? start, ...moved.map((each) => each.start)]
  const ends = [lastOccurrence(series)?.end ?? end ?? start, ...moved.map((each) => each.end)]
  return { start: Math.min(...starts), end: endless ? null : Math.max(...ends) }
}

/** When an exception starts and ends, given how long the series' occurrences last. */
export function timesOf(exception: OccurrenceException, duration: number): { start: Instant; end: Instant } {
  const { start, end } = exception.properties
  const from = typeof start === 'number' ? start : exception.originalStart
  return { start: from, end: typeof end === 'number' ? Math.max(end, from) : from + duration }
}

/** Whole minutes, as calendars count. */
export function toMinute(instant: Instant): Instant {
  return Math.floor(instant / minute) * minute
}

/** True when the series of these properties has, or had, an occurrence that starts at the instant. */
export function isSeriesOccurrence(properties: Properties, originalStart: Instant): boolean {
  const series = seriesOf(properties)
  return series !== undefined && isOccurrence(series, originalStart)
}
