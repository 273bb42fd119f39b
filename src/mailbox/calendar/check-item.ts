import {
  checkHasOccurrence,
  checkRecurrence,
  dateOfDay,
  day,
  dayOfDate,
  firstOccurrence,
  minute,
  occurrencesOf,
  partsOf,
  Refusal,
  type Attendee,
  type EmailAddress,
  type Instant,
  type MeetingResponse,
  type Properties,
  type Recurrence,
  type Tree,
} from '#model'
import { globalObjectId } from './global-object-id.ts'
import { seriesOf, zoneOfItem } from './series.ts'

/** For whom and when an item is made. */
export interface CalendarMaker {
  /** Whose calendar it is: the organizer where none is named. */
  owner: EmailAddress | undefined
  now: Instant
  random: (size: number) => Uint8Array
}

/** [MS-OXWSMTGS] 2.2.4.8: a calendar item lasts at most five years (1825 days). */
const longest = 1825 * day

/**
 * Checks a calendar item and fills in what a client may leave out: times, uid, organizer, time stamp, the attendees' first
 * answer. `properties` are all properties it is to have, `existing` those it had. Answers what to store. Start and End are
 * instants already. Refuses CalendarEndDateIsEarlierThanStartDate, CalendarDurationIsTooLong, TimeZone and what
 * `checkRecurrence` refuses. A series whose pattern or time changes loses its exceptions ([MS-OXOCAL] 3.1.4.7.4).
 */
export function checkCalendarItem(properties: Properties, existing: Properties | undefined, maker: CalendarMaker): Properties {
  const item = withTimes({ ...properties }, maker.now)
  checkTimeChanges(item.meetingTimeZone as Tree | undefined)
  const zone = zoneOfItem(item)
  let start = item.start as Instant
  let end = item.end as Instant
  if (end < start) throw new Refusal('CalendarEndDateIsEarlierThanStartDate', 'End lies before Start.')
  if (item.isAllDayEvent === true) {
    const local = { start: zone.toLocal(start), end: zone.toLocal(end) }
    const from = Math.floor(local.start / day) * day
    start = zone.toInstant(from)
    end = zone.toInstant(Math.max(Math.ceil(local.end / day) * day, from + day))
  }
  if (end - start > longest) throw new Refusal('CalendarDurationIsTooLong', 'A calendar item lasts at most five years.')
  Object.assign(item, { start, end })
  if (item.recurrence) settleSeries(item, existing, maker.now)
  else {
    delete item.exceptions
    delete item.deletedStarts
  }
  if (item.startTimeZone && !item.endTimeZone) item.endTimeZone = item.startTimeZone
  item.uid ||= existing?.uid || globalObjectId(maker.now, maker.random(16))
  item.dateTimeStamp ??= maker.now
  if (maker.owner) item.organizer ??= { ...maker.owner }
  item.myResponseType ??= ownResponse(item, maker.owner)
  item.legacyFreeBusyStatus ??= 'Busy'
  item.appointmentSequenceNumber ??= 0
  for (const name of ['requiredAttendees', 'optionalAttendees', 'resources'] as const) {
    const attendees = item[name] as Attendee[] | undefined
    if (attendees) item[name] = attendees.map((one) => ({ response: 'Unknown', ...one }))
  }
  return item
}

/** The clock changes on a day of the week, not on one of several: else CalendarInvalidDayForTimeChangePattern (MS-OXWSMTGS_R1243). */
function checkTimeChanges(zone: Tree | undefined): void {
  const below = (tree: Tree | undefined, name: string) =>
    tree?.children?.find((child): child is Tree => typeof child !== 'string' && child.name === name)
  for (const which of ['Standard', 'Daylight']) {
    const [days = ''] = below(below(below(zone, which), 'RelativeYearlyRecurrence'), 'DaysOfWeek')?.children ?? []
    if (typeof days === 'string' && /\b(Day|Weekday|WeekendDay)\b/.test(days)) {
      throw new Refusal('CalendarInvalidDayForTimeChangePattern', `MeetingTimeZone/${which}: '${days.slice(0, 40)}' is no day of the week.`)
    }
  }
}

/** What the owner is to the meeting: its organizer, or the attendee whose answer stands in the list. */
function ownResponse(item: Properties, owner: EmailAddress | undefined): MeetingResponse {
  const organizer = (item.organizer as EmailAddress | undefined)?.address?.toLowerCase()
  const self = owner?.address?.toLowerCase()
  if (!organizer || !self || organizer === self) return 'Organizer'
  const attendees = (['requiredAttendees', 'optionalAttendees', 'resources'] as const).flatMap(
    (name) => (item[name] as Attendee[] | undefined) ?? [],
  )
  const response = attendees.find((each) => each.mailbox.address?.toLowerCase() === self)?.response
  return response && response !== 'Unknown' ? response : 'NoResponseReceived'
}

/** A start without an end lasts half an hour; without both it begins at the next half hour. */
function withTimes(item: Properties, now: Instant): Properties {
  const half = 30 * minute
  if (typeof item.start !== 'number') item.start = typeof item.end === 'number' ? item.end - half : Math.ceil(now / half) * half
  if (typeof item.end !== 'number') item.end = (item.start as Instant) + half
  return item
}

/** Checks the recurrence, moves the item to its first occurrence and its reminder to the next one, drops exceptions that no longer have an occurrence to replace. */
function settleSeries(item: Properties, existing: Properties | undefined, now: Instant): void {
  const recurrence = item.recurrence as Recurrence
  checkRecurrence(recurrence, false)
  const zone = zoneOfItem(item)
  const startDate = partsOf(zone.toLocal(item.start as Instant))
  const range = recurrence.range
  item.recurrence = {
    pattern: recurrence.pattern,
    range: {
      ...range,
      start: dateOfDay(dayOfDate(range.start)),
      ...(range.type === 'EndDate' ? { end: dateOfDay(dayOfDate(range.end)) } : {}),
    },
  }
  const series = seriesOf(item)!
  checkHasOccurrence(series)
  const first = firstOccurrence(series)!
  if (first.start !== item.start) {
    // The clock's time of the start given, on the first day that fits; an end is as far behind as it was on the clock.
    const lasted = zone.toLocal(item.end as Instant) - zone.toLocal(item.start as Instant)
    const local = Math.floor(zone.toLocal(first.start) / day) * day + startDate.time
    item.start = zone.toInstant(local)
    item.end = zone.toInstant(local + lasted)
  }
  const same = existing !== undefined && sameSeries(existing, item)
  // The reminder of an occurrence that was dismissed does not come back because something else changed.
  if (item.reminderIsSet === true && !(same && existing.reminderIsSet === true && typeof item.reminderDueBy === 'number')) {
    const [next] = occurrencesOf(seriesOf(item)!, Math.max(now, item.start as Instant), Infinity, 1)
    if (next) item.reminderDueBy = next.start
  }
  if (existing !== undefined && !same) {
    delete item.exceptions
    delete item.deletedStarts
  }
}

const timing = (item: Properties) =>
  JSON.stringify([(item.recurrence as Recurrence | undefined)?.pattern, item.start, item.end, zoneOfItem(item).id])

function sameSeries(before: Properties, after: Properties): boolean {
  return timing(before) === timing(after)
}
