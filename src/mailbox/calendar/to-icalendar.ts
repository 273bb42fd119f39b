import {
  formatLocal,
  minute,
  partsOf,
  type Attendee,
  type Body,
  type EmailAddress,
  type Instant,
  type Properties,
  type Recurrence,
  type Zone,
} from '#model'
import type { ItemRow } from '#store'
import { formatICalendar, htmlToText, type ICalEvent, type ICalPerson, type ICalTime } from '#wire'
import { storedProperties } from '../items/columns.ts'
import { outlookProperties } from './outlook-lines.ts'
import { ruleOfRecurrence } from './rule.ts'
import { deletedStartsOf, exceptionsOf, seriesOf, timesOf, zoneOfItem } from './series.ts'
import { zoneText } from './zone-text.ts'

/** What a calendar text is to say besides the item. */
export interface ICalendarOptions {
  /** iTIP method; none for a calendar object that is only shown. */
  method?: 'REQUEST' | 'CANCEL' | 'REPLY' | 'COUNTER' | 'PUBLISH'
  body?: Body | undefined
  /** Bodies of exceptions are in them. DTSTAMP; default is the item's own time stamp. */
  stamp?: Instant
  /** REPLY and COUNTER: who answers, instead of all attendees. */
  attendee?: ICalPerson
  /** The answer's text. */
  comment?: string
  /** COUNTER: the time proposed. */
  proposed?: { start: Instant; end: Instant }
  /** Leave exceptions and deletions out (a message about the series alone). */
  masterOnly?: boolean
}

/** All stored properties of an item, `$…` of occurrences included. */
export function propertiesOfRow(row: ItemRow): Properties {
  const { $occurrence, $exception } = row.properties
  return { ...storedProperties(row), ...(typeof $occurrence === 'number' ? { $occurrence, $exception } : {}) }
}

/**
 * A calendar item (or an occurrence made by `occurrenceRow`) as iCalendar with its VTIMEZONE, exceptions as further VEVENTs:
 * the same item gives the same bytes ([MS-OXCICAL] 2.1.3).
 */
export function icalendarFromItem(row: ItemRow, options: ICalendarOptions = {}): string {
  return icalendarFromProperties(propertiesOfRow(row), { stamp: row.modified, ...options })
}

/** The same from properties that are not stored (yet). */
export function icalendarFromProperties(properties: Properties, options: ICalendarOptions): string {
  const zone = zoneOfItem(properties)
  const id = zone.id || zone.iana || 'Customized Time Zone'
  const event = eventOf(properties, zone, id, options)
  const events = [event]
  const series = seriesOf(properties)
  if (series && !options.masterOnly) {
    for (const exception of exceptionsOf(properties)) {
      const own: Properties = {
        ...properties,
        ...exception.properties,
        ...timesOf(exception, series.duration),
        $occurrence: exception.originalStart,
      }
      delete own.recurrence
      delete own.exceptions
      delete own.deletedStarts
      events.push(eventOf(own, zone, id, { ...options, body: (exception.properties.body as Body | undefined) ?? options.body }))
    }
  }
  const year = partsOf(zone.toLocal(typeof properties.start === 'number' ? properties.start : 0)).year
  return formatICalendar({
    ...(options.method ? { method: options.method } : {}),
    events,
    todos: [],
    // Always there, even unused: clients learn the mailbox's zone from it (interop 3.10).
    zones: [zoneText(zone, id, year - 1, year + 10)],
  })
}

const names = {
  Free: 'FREE',
  Tentative: 'TENTATIVE',
  Busy: 'BUSY',
  OOF: 'OOF',
  WorkingElsewhere: 'WORKINGELSEWHERE',
  NoData: 'BUSY',
} as const
const classes = { Normal: 'PUBLIC', Personal: 'X-PERSONAL', Private: 'PRIVATE', Confidential: 'CONFIDENTIAL' } as const
const priorities = { High: 1, Normal: 5, Low: 9 } as const

function eventOf(properties: Properties, zone: Zone, id: string, options: ICalendarOptions): ICalEvent {
  const text = (name: string) => (typeof properties[name] === 'string' && properties[name] !== '' ? properties[name] : undefined)
  const instant = (name: string) => (typeof properties[name] === 'number' ? properties[name] : undefined)
  const allDay = properties.isAllDayEvent === true
  const start = options.proposed?.start ?? instant('start') ?? 0
  const end = options.proposed?.end ?? instant('end') ?? start
  const time = (at: Instant): ICalTime =>
    zone.id === 'UTC' && !allDay ? utcTime(at) : { local: zone.toLocal(at), zone: allDay ? '' : id, date: allDay }
  const recurrence = properties.recurrence as Recurrence | undefined
  const rule = recurrence && ruleOfRecurrence(recurrence, zone.toLocal(start), zone, allDay)
  const recurrenceId = instant('$occurrence') ?? instant('recurrenceId')
  const body = options.body
  const html = body?.type === 'HTML' ? body.value : undefined
  const description = body ? (html === undefined ? body.value : htmlToText(html)) : undefined
  const busy = names[(text('legacyFreeBusyStatus') ?? 'Busy') as keyof typeof names] ?? 'BUSY'
  const organizer = properties.organizer as EmailAddress | undefined
  const attendees = options.attendee ? [options.attendee] : invited(properties)
  const isMeeting = attendees.length > 0
  return {
    uid: text('uid') ?? '',
    summary: text('subject') ?? '',
    ...(description !== undefined ? { description } : {}),
    ...(html !== undefined ? { html } : {}),
    ...(text('location') !== undefined ? { location: text('location')! } : {}),
    ...(options.comment ? { comment: options.comment } : {}),
    start: time(start),
    end: time(end),
    ...(recurrenceId === undefined ? {} : { recurrenceId: time(recurrenceId) }),
    rules: rule ? [rule] : [],
    dates: [],
    exceptDates: recurrence && !options.masterOnly ? deletedStartsOf(properties).map(time) : [],
    ...(organizer?.address && isMeeting
      ? { organizer: { address: organizer.address, ...(organizer.name ? { name: organizer.name } : {}) } }
      : {}),
    attendees,
    stamp: utcTime(options.stamp ?? instant('dateTimeStamp') ?? 0),
    sequence: instant('appointmentSequenceNumber') ?? 0,
    status: properties.isCancelled === true || options.method === 'CANCEL' ? 'CANCELLED' : busy === 'TENTATIVE' ? 'TENTATIVE' : 'CONFIRMED',
    transparency: busy === 'FREE' ? 'TRANSPARENT' : 'OPAQUE',
    classification: classes[(text('sensitivity') ?? 'Normal') as keyof typeof classes] ?? 'PUBLIC',
    priority: priorities[(text('importance') ?? 'Normal') as keyof typeof priorities] ?? 5,
    categories: (properties.categories as string[] | undefined) ?? [],
    alarms:
      properties.reminderIsSet === true && options.method !== 'REPLY' && options.method !== 'CANCEL'
        ? [{ action: 'DISPLAY', before: Number(properties.reminderMinutesBeforeStart ?? 15) * minute }]
        : [],
    others: [
      ...((properties.icalendarExtensions as { name: string; value: string }[] | undefined) ?? []),
      { name: 'X-MICROSOFT-CDO-APPT-SEQUENCE', value: String(instant('appointmentSequenceNumber') ?? 0) },
      { name: 'X-MICROSOFT-CDO-BUSYSTATUS', value: options.method === 'REQUEST' ? 'TENTATIVE' : busy },
      { name: 'X-MICROSOFT-CDO-INTENDEDSTATUS', value: busy },
      { name: 'X-MICROSOFT-CDO-ALLDAYEVENT', value: allDay ? 'TRUE' : 'FALSE' },
      { name: 'X-MICROSOFT-CDO-IMPORTANCE', value: { High: '2', Normal: '1', Low: '0' }[text('importance') ?? 'Normal'] ?? '1' },
      { name: 'X-MICROSOFT-CDO-INSTTYPE', value: recurrence ? '1' : recurrenceId === undefined ? '0' : '3' },
      ...outlookLines(properties),
      // What the time proposed is in place of ([MS-OXCICAL] 2.1.3.1.1.20.33).
      ...(options.proposed ? originalTimes(instant('start'), instant('end')) : []),
      { name: 'X-MICROSOFT-DISALLOW-COUNTER', value: properties.allowNewTimeProposal === false ? 'TRUE' : 'FALSE' },
    ],
  }
}

function outlookLines(properties: Properties): { name: string; value: string }[] {
  return outlookProperties.flatMap(({ name, line, is }) => {
    const value = properties[name]
    if (value === undefined || value === null || value === '') return []
    return [{ name: line, value: is === 'flag' ? (value === true ? 'TRUE' : 'FALSE') : String(value as string | number) }]
  })
}

/** The meeting's own times, in UTC. */
function originalTimes(start: Instant | undefined, end: Instant | undefined): { name: string; value: string }[] {
  const line = (name: string, at: Instant | undefined) =>
    at === undefined ? [] : [{ name, value: `${formatLocal(at).replace(/[-:]/g, '')}Z` }]
  return [...line('X-MS-OLK-ORIGINALSTART', start), ...line('X-MS-OLK-ORIGINALEND', end)]
}

function utcTime(at: Instant): ICalTime {
  return { local: at, zone: 'UTC', date: false }
}

const statuses: Readonly<Record<string, string>> = {
  Accept: 'ACCEPTED',
  Decline: 'DECLINED',
  Tentative: 'TENTATIVE',
  Organizer: 'ACCEPTED',
}

/** The attendees of an item as iCalendar names them. */
function invited(properties: Properties): ICalPerson[] {
  const roles = [
    ['requiredAttendees', 'REQ-PARTICIPANT', 'INDIVIDUAL'],
    ['optionalAttendees', 'OPT-PARTICIPANT', 'INDIVIDUAL'],
    ['resources', 'NON-PARTICIPANT', 'RESOURCE'],
  ] as const
  return roles.flatMap(([name, role, type]) =>
    ((properties[name] as Attendee[] | undefined) ?? []).flatMap((each) => {
      const { address, name: display } = each.mailbox
      if (!address) return []
      return [{ address, ...(display ? { name: display } : {}), role, type, status: statuses[each.response ?? ''] ?? 'NEEDS-ACTION', rsvp: properties.calendarIsResponseRequested !== false }] // prettier-ignore
    }),
  )
}
