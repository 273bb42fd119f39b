import {
  firstOccurrence,
  formatDuration,
  formatLocal,
  formatOffset,
  lastOccurrence,
  zoneDisplayName,
  type Attendee,
  type DeletedOccurrence,
  type Instant,
  type Occurrence,
  type Properties,
  type TimeZoneRef,
  type Tree,
} from '#model'
import type { ItemRow, ReadTx } from '#store'
import type { ItemRef } from '../contract.ts'
import { occurrenceRow } from './occurrences.ts'
import { neighboursInFolder } from './neighbours.ts'
import { associatedItem } from './meetings/associated.ts'
import { deletedStartsOf, exceptionsOf, seriesOf, timesOf, zoneOfItem } from './series.ts'

/** Everybody invited, in the order required, optional, resources. */
export function attendeesOf(properties: Properties): Attendee[] {
  return (['requiredAttendees', 'optionalAttendees', 'resources'] as const).flatMap(
    (name) => (properties[name] as Attendee[] | undefined) ?? [],
  )
}

/** A meeting has attendees, or came as an invitation. */
export function isMeeting(properties: Properties): boolean {
  return attendeesOf(properties).length > 0 || (properties.myResponseType !== undefined && !isOrganizer(properties))
}

/** True when the mailbox's owner called the meeting; own appointments count. */
export function isOrganizer(properties: Properties): boolean {
  return properties.myResponseType === undefined || properties.myResponseType === 'Organizer'
}

const isOccurrence = (row: ItemRow) => typeof row.properties.$occurrence === 'number'
const isMaster = (row: ItemRow) => !isOccurrence(row) && Boolean(row.properties.recurrence)
const isOfSeries = (row: ItemRow) => isMaster(row) || isOccurrence(row) || typeof row.properties.recurrenceId === 'number'

/** Of messages their direction tells: who cancels is the organizer, and who is answered (MS-OXWSMTGS_R80049). */
function calledByOwner({ kind, properties }: ItemRow): boolean {
  const isMine = properties.isFromMe === true
  return kind === 'meetingCancellation' ? isMine : kind === 'meetingResponse' ? !isMine : isOrganizer(properties)
}

function timesOfRow(row: ItemRow): { start: Instant; end: Instant } | undefined {
  const { start, end } = row.properties
  if (typeof start !== 'number') return undefined
  return { start, end: typeof end === 'number' ? end : start }
}

/** [MS-OXOCAL] 2.2.1.10 PidLidAppointmentStateFlags: 1 meeting, 2 received, 4 cancelled. */
function appointmentState({ properties }: ItemRow): number {
  const meeting = isMeeting(properties)
  return (meeting ? 1 : 0) | (meeting && !isOrganizer(properties) ? 2 : 0) | (properties.isCancelled === true ? 4 : 0)
}

function calendarItemType(row: ItemRow): string {
  if (isOccurrence(row)) return row.properties.$exception === true ? 'Exception' : 'Occurrence'
  if (typeof row.properties.recurrenceId === 'number') return 'Exception'
  return isMaster(row) ? 'RecurringMaster' : 'Single'
}

/** The first or last occurrence that still exists, where it is now. */
function edge(row: ItemRow, which: 'first' | 'last'): Occurrence | undefined {
  const series = isMaster(row) ? seriesOf(row.properties) : undefined
  const found = series && (which === 'first' ? firstOccurrence(series) : lastOccurrence(series))
  if (!series || !found) return undefined
  const exception = exceptionsOf(row.properties).find((each) => each.originalStart === found.originalStart)
  return exception ? { originalStart: found.originalStart, ...timesOf(exception, series.duration) } : found
}

function modifiedOccurrences(row: ItemRow): Occurrence[] | undefined {
  const series = isMaster(row) ? seriesOf(row.properties) : undefined
  const exceptions = series ? exceptionsOf(row.properties) : []
  if (!series || exceptions.length === 0) return undefined
  return exceptions.map((each) => ({ originalStart: each.originalStart, ...timesOf(each, series.duration) }))
}

function deletedOccurrences(row: ItemRow): DeletedOccurrence[] | undefined {
  const deleted = isMaster(row) ? deletedStartsOf(row.properties) : []
  return deleted.length > 0 ? deleted.map((start) => ({ start })) : undefined
}

function duration(row: ItemRow): string | undefined {
  const times = timesOfRow(row)
  return times && formatDuration(times.end - times.start)
}

function zoneId(row: ItemRow, name: 'startTimeZone' | 'endTimeZone'): string {
  const ref = row.properties[name] as TimeZoneRef | undefined
  return zoneOfItem(ref ? { startTimeZone: ref } : row.properties).id || ref?.id || 'UTC'
}

/** What the clock of the item's own zone shows then, with its distance from UTC (MS-OXWSMTGS_R520, R522, R560, R562). */
function wallClock(row: ItemRow, which: 'start' | 'end'): string | undefined {
  const at = timesOfRow(row)?.[which]
  if (at === undefined) return undefined
  const own = row.properties[`${which}TimeZone`] as TimeZoneRef | undefined
  const zone = own ? zoneOfItem({ startTimeZone: own }) : zoneOfItem(row.properties)
  return `${formatLocal(zone.toLocal(at))}${formatOffset(zone.offsetAt(at))}`
}

function placeNamed(location: unknown): Tree | undefined {
  if (typeof location !== 'string' || location === '') return undefined
  return { name: 'EnhancedLocation', children: [{ name: 'DisplayName', children: [location] }] }
}

/** The values of calendar items and meeting requests that follow from the row alone, one line a property. */
const fromRow: Readonly<Record<string, (row: ItemRow) => unknown>> = {
  isMeeting: ({ properties }) => isMeeting(properties),
  isRecurring: isOfSeries,
  isOrganizer: calledByOwner,
  calendarItemType,
  duration,
  // As Exchange 2016 has it, of series alone (MS-OXWSMTGS_R2182, R2188).
  timeZone: (row) => {
    const times = isOfSeries(row) ? timesOfRow(row) : undefined
    const ref = row.properties.startTimeZone as TimeZoneRef | undefined
    return times && (ref?.name ?? zoneDisplayName(zoneId(row, 'startTimeZone'), times.start))
  },
  appointmentState,
  firstOccurrence: (row) => edge(row, 'first'),
  lastOccurrence: (row) => edge(row, 'last'),
  modifiedOccurrences,
  deletedOccurrences,
  // Who asks where gets what the location says, when nothing more is known (MS-OXWSMTGS_R556, R80003, R80010).
  enhancedLocation: ({ properties }) => (properties.enhancedLocation as Tree | undefined) ?? placeNamed(properties.location),
  startWallClock: (row) => wallClock(row, 'start'),
  endWallClock: (row) => wallClock(row, 'end'),
  startTimeZoneId: (row) => zoneId(row, 'startTimeZone'),
  endTimeZoneId: (row) => zoneId(row, row.properties.endTimeZone ? 'endTimeZone' : 'startTimeZone'),
}

/** Only series have it (MS-OXWSMTGS_R1053, R1090); single items are kept with it, and shown without. */
const ofMasters = 'meetingTimeZone'

const conflicts = ['conflictingMeetingCount', 'adjacentMeetingCount', 'conflictingMeetings', 'adjacentMeetings'] as const

/** The names that `calendarDerived` computes. */
export const calendarDerivedNames: ReadonlySet<string> = new Set([
  ...Object.keys(fromRow),
  ...conflicts,
  'associatedCalendarItemId',
  ofMasters,
])

/**
 * Values of the derived properties of calendar items and meeting messages that are asked for, by dictionary name. Occurrences
 * come as `Occurrence` (the protocol makes their ids from `originalStart`), conflicting meetings as `ItemRow[]`,
 * AssociatedCalendarItemId as an `ItemRef`.
 */
export async function calendarDerived(tx: ReadTx, row: ItemRow, names: ReadonlySet<string>): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const value = fromRow[name]?.(row)
    if (value !== undefined) values[name] = value
  }
  if (names.has(ofMasters) && !isMaster(row)) values[ofMasters] = undefined
  const place = conflicts.some((name) => names.has(name)) ? await placeInCalendar(tx, row) : undefined
  if (place) {
    const { conflicting, adjacent } = await neighboursInFolder(tx, place)
    if (names.has('conflictingMeetingCount')) values.conflictingMeetingCount = conflicting.length
    if (names.has('adjacentMeetingCount')) values.adjacentMeetingCount = adjacent.length
    if (names.has('conflictingMeetings') && conflicting.length) values.conflictingMeetings = conflicting
    if (names.has('adjacentMeetings') && adjacent.length) values.adjacentMeetings = adjacent
  }
  if (names.has('associatedCalendarItemId')) {
    const item = await associatedItem(tx, row)
    if (item) values.associatedCalendarItemId = refOf(item.row, item.occurrence)
  }
  return values
}

/**
 * Where an item, or what an invitation asks for, stands in its calendar; nothing for series, and for a delegate's copy: what is in the
 * owner's calendar is seen there, by who may.
 */
async function placeInCalendar(tx: ReadTx, row: ItemRow): Promise<ItemRow | undefined> {
  if (isMaster(row)) return undefined
  if (row.kind === 'calendar') return row
  if (row.kind !== 'meetingRequest' || row.properties.isDelegated === true) return undefined
  const found = await associatedItem(tx, row)
  if (found?.occurrence !== undefined) return occurrenceRow(found.row, found.occurrence)
  if (found) return isMaster(found.row) ? undefined : found.row
  const calendar = await tx.folders.byKind(row.mailbox, 'calendar')
  return calendar && { ...row, folder: calendar.id }
}

function refOf(row: ItemRow, occurrence: Instant | undefined): ItemRef {
  return { mailbox: row.mailbox, id: row.id, ...(occurrence === undefined ? {} : { occurrence }) }
}
