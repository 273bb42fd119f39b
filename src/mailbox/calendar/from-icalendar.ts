import {
  day,
  minute,
  positionInSeries,
  occurrencesOf,
  Refusal,
  utc,
  type Attendee,
  type EmailAddress,
  type Instant,
  type MeetingResponse,
  type OccurrenceException,
  type Properties,
  type PropertyValue,
  type Series,
  type Zone,
} from '#model'
import { parseICalendar, type ICalendar, type ICalEvent, type ICalPerson, type ICalTime } from '#wire'
import { recurrenceOfRule } from './rule.ts'
import { seriesOf } from './series.ts'
import { outlookProperties } from './outlook-lines.ts'
import { resolveZone, type ResolvedZone } from './zone-text.ts'

/** A meeting, appointment or task as iCalendar says it. */
export interface ReadItem {
  kind: 'calendar' | 'task'
  /** By dictionary name; `exceptions` and `deletedStarts` of a series among them, `body` too. */
  properties: Properties
  /** What could not be expressed: rules that Exchange's patterns do not know, further dates. */
  unsupported: string[]
  comment?: string
}
export interface ReadCalendar {
  method?: string
  /** Series and single items, each with its exceptions; exceptions whose series is not there stand alone with `recurrenceId`. */
  items: ReadItem[]
}

/** Refuses InvalidMimeContent when the text is no calendar. Dates and floating times are of `zone`. */
export function readICalendar(text: string, zone: Zone = utc): ReadCalendar {
  const reading = parseICalendar(text)
  if ('problem' in reading) throw new Refusal('InvalidMimeContent', reading.problem)
  const { calendar } = reading
  const groups = [...Map.groupBy(calendar.events, (event) => event.uid).values()]
  const items = [
    ...groups.flatMap((events) => itemsOf(events, calendar, zone)),
    ...calendar.todos.map((todo) => taskOf(todo, calendar, zone)),
  ]
  return { ...(calendar.method ? { method: calendar.method } : {}), items }
}

/**
 * The calendar item or task that a client gave as iCalendar. Refuses InvalidMimeContent without one, UnsupportedRecurrence
 * for rules that Exchange's patterns cannot say (RFC 5545 knows more).
 */
export function itemFromICalendar(text: string, zone: Zone = utc): ReadItem {
  const [item] = readICalendar(text, zone).items
  if (!item) throw new Refusal('InvalidMimeContent', 'iCalendar: neither VEVENT nor VTODO')
  if (item.unsupported.length > 0) {
    throw new Refusal('UnsupportedRecurrence', `iCalendar: a recurrence that cannot be kept (${item.unsupported.join(', ')})`)
  }
  return item
}

/** What the text alone decides of a calendar item; the rest (organizer, UID, answers) stays as the item has it. */
const decided = [
  'subject', 'body', 'location', 'start', 'end', 'startTimeZone', 'endTimeZone', 'isAllDayEvent', 'legacyFreeBusyStatus', 'sensitivity', 'importance', 'categories',
  'reminderIsSet', 'reminderMinutesBeforeStart', 'requiredAttendees', 'optionalAttendees', 'resources', 'recurrence', 'exceptions', 'deletedStarts',
  'allowNewTimeProposal', 'icalendarExtensions',
] as const // prettier-ignore

/** A stored calendar item's changes when the text takes the place of what it said: what is not in the text goes. Refuses as `itemFromICalendar`. */
export function changesFromICalendar(text: string, zone: Zone): Properties {
  const { kind, properties } = itemFromICalendar(text, zone)
  if (kind !== 'calendar') throw new Refusal('ObjectTypeChanged', 'The iCalendar text is of another kind of item.')
  return Object.fromEntries(decided.map((name) => [name, properties[name]]))
}

function itemsOf(events: ICalEvent[], calendar: ICalendar, zone: Zone): ReadItem[] {
  const master = events.find((event) => !event.recurrenceId)
  const exceptions = events.filter((event) => event.recurrenceId).slice(0, 2000)
  if (!master) return exceptions.map((event) => eventItem(event, calendar, zone))
  const item = eventItem(master, calendar, zone)
  const series = seriesOf(item.properties)
  if (!series) return [item]
  const deleted = new Set(master.exceptDates.flatMap((time) => startOn(series, time, instantOf(time, calendar, zone))))
  // Of one occurrence the text says the last thing last.
  const changed = new Map<Instant, OccurrenceException>()
  for (const event of exceptions) {
    const [originalStart] = startOn(series, event.recurrenceId!, instantOf(event.recurrenceId!, calendar, zone))
    if (originalStart === undefined) continue
    if (event.status === 'CANCELLED') deleted.add(originalStart)
    else changed.set(originalStart, { originalStart, properties: differing(eventItem(event, calendar, zone).properties, item.properties, originalStart) }) // prettier-ignore
  }
  if (changed.size > 0) item.properties.exceptions = [...changed.values()].sort((a, b) => a.originalStart - b.originalStart)
  if (deleted.size > 0) item.properties.deletedStarts = [...deleted].sort((a, b) => a - b)
  return [item]
}

/** The start of the occurrence that an EXDATE or RECURRENCE-ID means: at its instant, else on its day. */
function startOn(series: Series, time: ICalTime, at: Instant): Instant[] {
  if (!time.date && positionInSeries(series, at) > 0) return [at]
  const local = time.date ? time.local : Math.floor(series.zone.toLocal(at) / day) * day
  const from = series.zone.toInstant(local)
  const found = occurrencesOf({ ...series, duration: 0 }, from, from + day, 1)[0]
  return found ? [found.start] : []
}

/** What an exception may have of its own. */
const ofOccurrence = [
  'subject', 'location', 'start', 'end', 'isAllDayEvent', 'legacyFreeBusyStatus', 'intendedFreeBusyStatus', 'sensitivity', 'importance', 'categories', 'body',
  'reminderIsSet', 'reminderMinutesBeforeStart', 'requiredAttendees', 'optionalAttendees', 'resources', 'isCancelled', 'appointmentSequenceNumber',
] as const // prettier-ignore

function differing(own: Properties, master: Properties, originalStart: Instant): Properties {
  const properties: Properties = {}
  for (const name of ofOccurrence) {
    const same = JSON.stringify(own[name]) === JSON.stringify(master[name])
    if (own[name] !== undefined && (!same || name === 'start' || name === 'end')) properties[name] = own[name]
  }
  const length = (item: Properties) => (item.end as number) - (item.start as number)
  if (properties.start === originalStart && length(own) === length(master)) {
    delete properties.start
    delete properties.end
  }
  return properties
}

function zoneOfTime(time: ICalTime, calendar: ICalendar, zone: Zone): ResolvedZone {
  if (time.zone === 'UTC') return { zone: utc, ref: { id: 'UTC' } }
  const resolved = time.zone ? resolveZone(time.zone, calendar.zones, new Date(time.local).getUTCFullYear()) : undefined
  return resolved ?? { zone, ref: { id: zone.id } }
}

function instantOf(time: ICalTime, calendar: ICalendar, zone: Zone): Instant {
  return zoneOfTime(time, calendar, zone).zone.toInstant(time.local)
}

const choice = <T extends string>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined => table[key ?? '']
const busy = { FREE: 'Free', TENTATIVE: 'Tentative', BUSY: 'Busy', OOF: 'OOF', WORKINGELSEWHERE: 'WorkingElsewhere' } as const
const sensitivities = { PUBLIC: 'Normal', PRIVATE: 'Private', CONFIDENTIAL: 'Confidential', 'X-PERSONAL': 'Personal' } as const

/** PARTSTAT as an answer (RFC 5545 3.2.12, [MS-OXCICAL] 2.1.3.1.1.20.2). */
export const responsesByStatus: Readonly<Record<string, MeetingResponse>> = {
  ACCEPTED: 'Accept',
  DECLINED: 'Decline',
  TENTATIVE: 'Tentative',
  'NEEDS-ACTION': 'Unknown',
}

function eventItem(event: ICalEvent, calendar: ICalendar, zone: Zone): ReadItem {
  const other = (name: string) =>
    event.others
      .find((each) => each.name === name)
      ?.value.trim()
      .toUpperCase()
  const startTime = event.start ?? event.recurrenceId ?? { local: 0, zone: 'UTC', date: false }
  const startZone = zoneOfTime(startTime, calendar, zone)
  const endZone = event.end ? zoneOfTime(event.end, calendar, zone) : startZone
  const start = startZone.zone.toInstant(startTime.local)
  const allDay = startTime.date || (other('X-MICROSOFT-CDO-ALLDAYEVENT') === 'TRUE' && startTime.local % day === 0)
  const end = event.end
    ? endZone.zone.toInstant(event.end.local)
    : startZone.zone.toInstant(startTime.local + (event.duration ?? (allDay ? day : 0)))
  const status =
    choice(busy, other('X-MICROSOFT-CDO-BUSYSTATUS')) ??
    (event.transparency === 'TRANSPARENT' ? 'Free' : event.status === 'TENTATIVE' ? 'Tentative' : 'Busy')
  const counter = other('X-MICROSOFT-DISALLOW-COUNTER')
  const properties = defined({
    ...commonProperties(event, calendar, zone),
    start,
    end: Math.max(start, end),
    isAllDayEvent: allDay || undefined,
    startTimeZone: startZone.ref,
    endTimeZone: (startTime.date ? startZone : endZone).ref,
    location: event.location,
    uid: event.uid || undefined,
    recurrenceId: event.recurrenceId && instantOf(event.recurrenceId, calendar, zone),
    dateTimeStamp: event.stamp && instantOf(event.stamp, calendar, utc),
    organizer: event.organizer && personOf(event.organizer),
    ...attendees(event),
    legacyFreeBusyStatus: status,
    intendedFreeBusyStatus: choice(busy, other('X-MICROSOFT-CDO-INTENDEDSTATUS')),
    appointmentSequenceNumber: event.sequence,
    isCancelled: event.status === 'CANCELLED' || undefined,
    allowNewTimeProposal: counter === undefined ? undefined : counter !== 'TRUE',
    ...outlookValues(event),
    ...reminder(event, start, calendar, zone),
    icalendarExtensions: kept(event),
  })
  const unsupported = recur(event, startTime.local, startZone.zone, properties, 'recurrence')
  return { kind: 'calendar', properties, unsupported, ...(event.comment ? { comment: event.comment } : {}) }
}

/** What only Outlook says of a meeting, by the lines of `outlookProperties`; a number that is none is left out. */
function outlookValues({ others }: ICalEvent): Record<string, PropertyValue> {
  const values: Record<string, PropertyValue> = {}
  for (const { name, line, is } of outlookProperties) {
    const text = others
      .find((each) => each.name === line)
      ?.value.trim()
      .slice(0, 2048)
    if (!text) continue
    if (is === 'text') values[name] = text
    else if (is === 'flag') values[name] = text.toUpperCase() === 'TRUE'
    else if (/^[0-2]$/.test(text)) values[name] = Number(text)
  }
  return values
}

/** Sets the recurrence; answers what it could not say. */
function recur(event: ICalEvent, local: number, zone: Zone, properties: Properties, name: 'recurrence' | 'taskRecurrence'): string[] {
  const unsupported: string[] = []
  const [rule, ...more] = event.rules
  if (rule && !event.recurrenceId) {
    const recurrence = recurrenceOfRule(rule, local, zone)
    if (recurrence) properties[name] = recurrence
    else unsupported.push(`RRULE ${rule.frequency}`)
  }
  if (more.length > 0) unsupported.push('several RRULEs')
  if (event.dates.some((date) => date.local !== local)) unsupported.push('RDATE')
  return unsupported
}

function commonProperties(event: ICalEvent, calendar: ICalendar, zone: Zone): Record<string, PropertyValue> {
  const { priority } = event
  const body = event.html?.trim()
    ? { type: 'HTML', value: event.html }
    : event.description
      ? { type: 'Text', value: event.description }
      : undefined
  return {
    subject: event.summary,
    body,
    sensitivity: choice(sensitivities, event.classification),
    importance: priority === undefined || priority === 0 ? undefined : priority < 5 ? 'High' : priority === 5 ? 'Normal' : 'Low',
    categories: event.categories.length > 0 ? event.categories : undefined,
    dateTimeCreated: event.created && instantOf(event.created, calendar, zone),
  }
}

function defined(fields: Record<string, PropertyValue>): Properties {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** As a person of a calendar stands in an item. */
export function personOf(person: ICalPerson): EmailAddress {
  const name = person.name?.trim()
  return { ...(name ? { name } : {}), ...(person.address ? { address: person.address, routingType: 'SMTP' } : {}) }
}

function attendees(event: ICalEvent): Record<string, Attendee[] | undefined> {
  const lists: Record<'requiredAttendees' | 'optionalAttendees' | 'resources', Attendee[]> = {
    requiredAttendees: [],
    optionalAttendees: [],
    resources: [],
  }
  const organizer = event.organizer?.address.toLowerCase()
  for (const person of event.attendees) {
    if (!person.address || person.address.toLowerCase() === organizer) continue
    const resource = person.type === 'RESOURCE' || person.type === 'ROOM' || person.role === 'NON-PARTICIPANT'
    const list = resource ? lists.resources : person.role === 'OPT-PARTICIPANT' ? lists.optionalAttendees : lists.requiredAttendees
    list.push({ mailbox: personOf(person), response: responsesByStatus[person.status ?? ''] ?? 'Unknown' })
  }
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length > 0 ? list : undefined]))
}

function reminder(event: ICalEvent, start: Instant, calendar: ICalendar, zone: Zone): Record<string, PropertyValue> {
  const alarm = event.alarms.find((each) => each.before !== undefined || each.at)
  if (!alarm) return {}
  const before = alarm.at ? start - instantOf(alarm.at, calendar, zone) : (alarm.before ?? 0)
  return { reminderIsSet: true, reminderMinutesBeforeStart: Math.max(0, Math.round(before / minute)) }
}

/** Lines that Isthmus does not read and gives back. */
const read =
  /^X-MICROSOFT-CDO-(BUSYSTATUS|INTENDEDSTATUS|ALLDAYEVENT|IMPORTANCE|INSTTYPE|APPT-SEQUENCE|OWNERAPPTID)$|^X-MICROSOFT-DISALLOW-COUNTER$|^X-MS-OLK-(ORIGINALSTART|ORIGINALEND|CONFCHECK|CONFTYPE|MWSURL|NETSHOWURL)$/
function kept(event: ICalEvent): { name: string; value: string }[] | undefined {
  const others = event.others.filter(({ name }) => !read.test(name)).slice(0, 50)
  return others.length > 0 ? others : undefined
}

const taskStatuses = { 'NEEDS-ACTION': 'NotStarted', 'IN-PROCESS': 'InProgress', COMPLETED: 'Completed', CANCELLED: 'Deferred' } as const

function taskOf(todo: ICalEvent, calendar: ICalendar, zone: Zone): ReadItem {
  // Tasks have days, not times: the day that the clock shows ([MS-OXOTASK] 2.2.2.2.5).
  const dayOf = (time: ICalTime | undefined) => time && Math.floor(time.local / day) * day
  const due = todo.due ?? (todo.start && todo.duration ? { ...todo.start, local: todo.start.local + todo.duration } : undefined)
  const anchor = todo.start ?? due
  const properties = defined({
    ...commonProperties(todo, calendar, zone),
    startDate: dayOf(todo.start),
    dueDate: dayOf(due),
    completeDate: todo.completed && instantOf(todo.completed, calendar, zone),
    percentComplete: todo.percent,
    status: choice(taskStatuses, todo.status),
    ...(anchor ? reminderAt(todo, calendar, zone, anchor) : {}),
    icalendarExtensions: kept(todo),
  })
  const unsupported = anchor ? recur(todo, anchor.local, zone, properties, 'taskRecurrence') : []
  return { kind: 'task', properties, unsupported }
}

function reminderAt(todo: ICalEvent, calendar: ICalendar, zone: Zone, anchor: ICalTime): Record<string, PropertyValue> {
  const alarm = todo.alarms.find((each) => each.before !== undefined || each.at)
  if (!alarm) return {}
  const at = alarm.at ? instantOf(alarm.at, calendar, zone) : instantOf(anchor, calendar, zone) - (alarm.before ?? 0)
  return { reminderIsSet: true, reminderDueBy: at }
}
