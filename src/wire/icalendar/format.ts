import type { ICalAlarm, ICalendar, ICalEvent, ICalPerson, ICalRule, ICalTime, ICalZone } from './calendar.ts'
import { escapeText, foldLine, formatICalDuration, formatTime, formatUtcOffset, parameterValue } from './lines.ts'

/** The calendar as text (RFC 5545), CRLF lines folded at 75 octets: the same calendar gives the same bytes. */
export function formatICalendar(calendar: ICalendar): string {
  const lines = [
    'BEGIN:VCALENDAR',
    ...(calendar.method ? [`METHOD:${calendar.method}`] : []),
    `PRODID:${escapeText(calendar.productId ?? '-//Isthmus//Isthmus//EN')}`,
    'VERSION:2.0',
    ...calendar.zones.flatMap(zoneLines),
    ...calendar.events.flatMap((event) => eventLines('VEVENT', event)),
    ...calendar.todos.flatMap((event) => eventLines('VTODO', event)),
    'END:VCALENDAR',
  ]
  return lines.map(foldLine).join('')
}

function timeLine(name: string, times: ICalTime[], extra = ''): string {
  const [time] = times
  if (!time) return ''
  const zone = time.date ? ';VALUE=DATE' : time.zone && time.zone !== 'UTC' ? `;TZID=${parameterValue(time.zone)}` : ''
  const utc = !time.date && time.zone === 'UTC' ? 'Z' : ''
  return `${name}${extra}${zone}:${times.map((each) => formatTime(each.local, each.date) + utc).join(',')}`
}

function personLine(name: string, person: ICalPerson): string {
  const parameters = [
    ['CUTYPE', person.type],
    ['ROLE', person.role],
    ['PARTSTAT', person.status],
    ['RSVP', person.rsvp === undefined ? undefined : person.rsvp ? 'TRUE' : 'FALSE'],
    ['SENT-BY', person.sentBy && `mailto:${person.sentBy}`],
    ['CN', person.name],
  ]
  const text = parameters.map(([key, value]) => (value ? `;${key}=${parameterValue(value)}` : '')).join('')
  return `${name}${text}:mailto:${person.address.replace(/[\0-\x20\x7f]/g, '')}`
}

/** The parts of an RRULE in the order of RFC 5545. */
export function formatRule(rule: ICalRule): string {
  const until = rule.until && `${formatTime(rule.until.local, rule.until.date)}${!rule.until.date && rule.until.zone === 'UTC' ? 'Z' : ''}`
  const parts: [string, string | number | undefined][] = [
    ['FREQ', rule.frequency],
    ['UNTIL', until],
    ['COUNT', rule.count],
    ['INTERVAL', rule.interval > 1 ? rule.interval : undefined],
    ['BYDAY', rule.byDay.map(({ day, nth }) => `${nth || ''}${day}`).join()],
    ['BYMONTHDAY', rule.byMonthDay.join()],
    ['BYMONTH', rule.byMonth.join()],
    ['BYSETPOS', rule.bySetPosition.join()],
    ['WKST', rule.weekStart],
  ]
  return parts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}=${value}`])).join(';')
}

function zoneLines(zone: ICalZone): string[] {
  const parts = zone.observances.flatMap((each) => {
    const kind = each.daylight ? 'DAYLIGHT' : 'STANDARD'
    return [
      `BEGIN:${kind}`,
      `DTSTART:${formatTime(each.start, false)}`,
      `TZOFFSETFROM:${formatUtcOffset(each.offsetFrom)}`,
      `TZOFFSETTO:${formatUtcOffset(each.offsetTo)}`,
      ...(each.rule ? [`RRULE:${formatRule(each.rule)}`] : []),
      ...each.dates.map((date) => `RDATE:${formatTime(date, false)}`),
      `END:${kind}`,
    ]
  })
  return ['BEGIN:VTIMEZONE', `TZID:${escapeText(zone.id)}`, ...parts, 'END:VTIMEZONE']
}

function eventLines(kind: 'VEVENT' | 'VTODO', event: ICalEvent): string[] {
  const text = (name: string, value: string | undefined) => (value === undefined ? '' : `${name}:${escapeText(value)}`)
  const at = (name: string, value: ICalTime | undefined) => (value ? timeLine(name, [value]) : '')
  const plain = (name: string, value: string | number | undefined) => (value === undefined ? '' : `${name}:${value}`)
  return [
    `BEGIN:${kind}`,
    event.organizer ? personLine('ORGANIZER', event.organizer) : '',
    ...event.attendees.map((person) => personLine('ATTENDEE', person)),
    text('SUMMARY', event.summary),
    text('DESCRIPTION', event.description),
    event.html === undefined ? '' : `X-ALT-DESC;FMTTYPE=text/html:${escapeText(event.html)}`,
    text('COMMENT', event.comment),
    ...event.rules.map((rule) => `RRULE:${formatRule(rule)}`),
    ...listLines('RDATE', event.dates),
    ...listLines('EXDATE', event.exceptDates),
    text('UID', event.uid),
    at('RECURRENCE-ID', event.recurrenceId),
    at('DTSTART', event.start),
    at('DTEND', event.end),
    at('DUE', event.due),
    event.duration === undefined ? '' : `DURATION:${formatICalDuration(event.duration)}`,
    at('COMPLETED', event.completed),
    plain('PERCENT-COMPLETE', event.percent),
    plain('CLASS', event.classification),
    plain('PRIORITY', event.priority),
    at('DTSTAMP', event.stamp),
    at('CREATED', event.created),
    at('LAST-MODIFIED', event.modified),
    plain('TRANSP', event.transparency),
    plain('STATUS', event.status),
    plain('SEQUENCE', event.sequence),
    text('LOCATION', event.location),
    event.categories.length ? `CATEGORIES:${event.categories.map(escapeText).join(',')}` : '',
    ...event.others.map(({ name, value }) => (/^[A-Z0-9-]+$/.test(name) ? `${name}:${value.replace(/[\r\n\0]+/g, ' ')}` : '')),
    ...event.alarms.flatMap(alarmLines),
    `END:${kind}`,
  ].filter((line) => line !== '')
}

/** One line for all times that share zone and form. */
function listLines(name: string, times: ICalTime[]): string[] {
  const groups = Map.groupBy(times, (time) => `${time.zone}|${time.date}`)
  return [...groups.values()].map((group) => timeLine(name, group))
}

function alarmLines(alarm: ICalAlarm): string[] {
  const trigger = alarm.at
    ? [timeLine('TRIGGER;VALUE=DATE-TIME', [{ ...alarm.at, zone: 'UTC', date: false }])]
    : alarm.before === undefined
      ? []
      : [`TRIGGER;RELATED=${alarm.fromEnd ? 'END' : 'START'}:${formatICalDuration(0 - alarm.before)}`]
  return [
    'BEGIN:VALARM',
    `ACTION:${alarm.action}`,
    ...(alarm.action === 'DISPLAY' ? ['DESCRIPTION:REMINDER'] : []),
    ...trigger,
    'END:VALARM',
  ]
}
