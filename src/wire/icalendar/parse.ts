import ICAL from 'ical.js'
import {
  icalDays,
  type ICalAlarm,
  type ICalDay,
  type ICalendar,
  type ICalEvent,
  type ICalObservance,
  type ICalPerson,
  type ICalRule,
  type ICalTime,
  type ICalZone,
} from './calendar.ts'
import { parseICalDuration, parseTime, parseUtcOffset } from './lines.ts'

/** What of a calendar is read; beyond it the text is refused. */
export const icalendarLimits = { characters: 5_000_000, lines: 200_000, components: 10_000, values: 10_000 } as const

export type ICalendarReading = { calendar: ICalendar } | { problem: string }

/**
 * Reads iCalendar text (RFC 5545). Lines that are none are skipped, unknown ones left out; text that is no calendar, or
 * larger than the limits, gives a problem. Never throws.
 */
export function parseICalendar(text: string): ICalendarReading {
  if (text.length > icalendarLimits.characters) return { problem: `iCalendar: larger than ${icalendarLimits.characters} characters` }
  const lines = contentLines(text)
  if (lines.length > icalendarLimits.lines) return { problem: `iCalendar: more than ${icalendarLimits.lines} lines` }
  const begins = lines.filter((line) => /^BEGIN:/i.test(line)).length
  if (begins > icalendarLimits.components) return { problem: `iCalendar: more than ${icalendarLimits.components} components` }
  if (!lines.some((line) => /^BEGIN:VCALENDAR\s*$/i.test(line))) return { problem: 'iCalendar: no VCALENDAR' }
  let parsed: unknown
  try {
    parsed = ICAL.parse(lines.join('\r\n'))
  } catch (error) {
    // ical.js throws plain errors, TypeErrors included, for whatever it cannot read.
    return { problem: `iCalendar: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}` }
  }
  return { calendar: calendarOf(calendars(parsed)) }
}

/** Unfolds and leaves out what is no content line. */
function contentLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/(?:\r\n|\r|\n)[ \t]/g, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => /^[A-Za-z0-9-]+(?:;[^:]|[;:])/.test(line) && line.includes(':'))
}

// jCal (RFC 7265): [name, properties, components] with property [name, parameters, type, ...values].
type JProperty = [name: string, parameters: Record<string, string | string[]>, type: string, ...values: unknown[]]
type JComponent = [name: string, properties: JProperty[], components: JComponent[]]

function calendars(parsed: unknown): JComponent[] {
  const list = Array.isArray(parsed) && typeof parsed[0] === 'string' ? [parsed] : Array.isArray(parsed) ? parsed : []
  return (list as JComponent[]).filter((each) => each[0] === 'vcalendar')
}

function calendarOf(found: JComponent[]): ICalendar {
  const parts = found.flatMap((each) => each[2])
  const first = found[0]
  const method = first && textOf(first, 'method')
  const productId = first && textOf(first, 'prodid')
  return {
    ...(method ? { method: method.toUpperCase() } : {}),
    ...(productId ? { productId } : {}),
    events: parts.filter((part) => part[0] === 'vevent').map(eventOf),
    todos: parts.filter((part) => part[0] === 'vtodo').map(eventOf),
    zones: parts.filter((part) => part[0] === 'vtimezone').map(zoneOf),
  }
}

const all = (component: JComponent, name: string) => component[1].filter((property) => property[0] === name)
const first = (component: JComponent, name: string): JProperty | undefined => component[1].find((property) => property[0] === name)

function parameter(property: JProperty, name: string): string {
  const value = property[1][name]
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '')
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : Array.isArray(value) ? value.map(valueText).join(';') : String(value)
}

function textOf(component: JComponent, name: string): string | undefined {
  const property = first(component, name)
  return property ? valueText(property[3]).slice(0, 1_000_000) : undefined
}

function times(component: JComponent, name: string): ICalTime[] {
  return all(component, name)
    .flatMap((property) => property.slice(3, 3 + icalendarLimits.values).map((value) => timeOf(property, value)))
    .filter((time) => time !== undefined)
    .slice(0, icalendarLimits.values)
}

function timeOf(property: JProperty, value: unknown): ICalTime | undefined {
  // A PERIOD gives [start, end or duration]; its start is what counts here.
  const text = Array.isArray(value) ? value[0] : valueText(value).split('/')[0]
  return parseTime(valueText(text), parameter(property, 'tzid'))
}

function time(component: JComponent, name: string): ICalTime | undefined {
  return times(component, name)[0]
}

function integer(component: JComponent, name: string): number | undefined {
  const value = Number(textOf(component, name))
  return first(component, name) && Number.isFinite(value) ? Math.trunc(value) : undefined
}

const upper = (text: string | undefined) => (text ? text.trim().toUpperCase() : undefined)

/** Leaves out what is undefined, so that an absent line is an absent property. */
function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function eventOf(component: JComponent): ICalEvent {
  const organizer = first(component, 'organizer')
  const fields = {
    summary: textOf(component, 'summary'),
    description: textOf(component, 'description'),
    html: htmlOf(component),
    location: textOf(component, 'location'),
    start: time(component, 'dtstart'),
    end: time(component, 'dtend'),
    duration: parseICalDuration(textOf(component, 'duration') ?? ''),
    due: time(component, 'due'),
    completed: time(component, 'completed'),
    percent: integer(component, 'percent-complete'),
    stamp: time(component, 'dtstamp'),
    created: time(component, 'created'),
    modified: time(component, 'last-modified'),
    recurrenceId: time(component, 'recurrence-id'),
    organizer: organizer && personOf(organizer),
    sequence: integer(component, 'sequence'),
    status: upper(textOf(component, 'status')),
    transparency: upper(textOf(component, 'transp')),
    classification: upper(textOf(component, 'class')),
    priority: integer(component, 'priority'),
    comment: textOf(component, 'comment'),
  }
  return {
    uid: textOf(component, 'uid')?.trim().slice(0, 1000) ?? '',
    ...present(fields),
    rules: all(component, 'rrule').slice(0, 100).map(ruleOf),
    dates: times(component, 'rdate'),
    exceptDates: times(component, 'exdate'),
    attendees: all(component, 'attendee').slice(0, icalendarLimits.values).map(personOf),
    categories: [...new Set(all(component, 'categories').flatMap((property) => property.slice(3).map(valueText)))].filter(Boolean).slice(0, 100), // prettier-ignore
    alarms: component[2].filter((part) => part[0] === 'valarm').slice(0, 100).map(alarmOf), // prettier-ignore
    others: component[1]
      .filter(([name]) => name === 'url' || (name.startsWith('x-') && name !== 'x-alt-desc'))
      .slice(0, 100)
      .map((property) => ({ name: property[0].toUpperCase(), value: valueText(property[3]).slice(0, 10_000) })),
  }
}

function htmlOf(component: JComponent): string | undefined {
  const property = all(component, 'x-alt-desc').find((each) => /html/i.test(parameter(each, 'fmttype')))
  // X-ALT-DESC has no type of its own, so its escapes are still there.
  const raw = property && valueText(property[3])
  return raw?.replace(/\\([nN;,\\])/g, (_, character: string) => (/n/i.test(character) ? '\n' : character))
}

/** An address without `mailto:`, without quotes that some programs put around it, and without blanks, which none has. */
function addressIn(text: string): string {
  return text.slice(0, 2000).replace(/[\0-\x20\x7f]/g, '').replace(/^"?mailto:/i, '').replace(/"$/, '').slice(0, 1000) // prettier-ignore
}

function personOf(property: JProperty): ICalPerson {
  const rsvp = parameter(property, 'rsvp')
  const fields = {
    name: parameter(property, 'cn').replace(/^"|"$/g, '').slice(0, 500) || undefined,
    role: upper(parameter(property, 'role')),
    status: upper(parameter(property, 'partstat')),
    type: upper(parameter(property, 'cutype')),
    rsvp: rsvp ? /^true$/i.test(rsvp) : undefined,
    sentBy: parameter(property, 'sent-by').replace(/^"?mailto:|"$/gi, '') || undefined,
  }
  return { address: addressIn(valueText(property[3])), ...present(fields) } // prettier-ignore
}

function alarmOf(component: JComponent): ICalAlarm {
  const action = upper(textOf(component, 'action')) ?? 'DISPLAY'
  const trigger = first(component, 'trigger')
  if (!trigger) return { action }
  const duration = parseICalDuration(valueText(trigger[3]))
  if (duration !== undefined) return { action, before: 0 - duration, fromEnd: upper(parameter(trigger, 'related')) === 'END' }
  const at = timeOf(trigger, trigger[3])
  return at ? { action, at } : { action }
}

function list(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value.slice(0, 1000) : [value]
}

function ruleOf(property: JProperty): ICalRule {
  const parts = (typeof property[3] === 'object' && property[3] !== null ? property[3] : ruleParts(valueText(property[3]))) as Record<
    string,
    unknown
  >
  const numbers = (name: string) => list(parts[name]).map(Number).filter(Number.isInteger) // prettier-ignore
  const known = ['freq', 'interval', 'count', 'until', 'byday', 'bymonthday', 'bymonth', 'bysetpos', 'wkst']
  const until = parts.until === undefined ? undefined : parseTime(valueText(parts.until), '')
  const count = Number(parts.count)
  const weekStart = dayOf(parts.wkst)
  return {
    frequency: valueText(parts.freq).toUpperCase(),
    interval: Math.max(1, Math.trunc(Number(parts.interval ?? 1)) || 1),
    ...(Number.isInteger(count) && count > 0 ? { count } : {}),
    ...(until ? { until } : {}),
    byDay: list(parts.byday).flatMap((value) => {
      const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/i.exec(valueText(value))
      return match ? [{ day: match[2]!.toUpperCase() as ICalDay, nth: Number(match[1] ?? 0) }] : []
    }),
    byMonthDay: numbers('bymonthday'),
    byMonth: numbers('bymonth'),
    bySetPosition: numbers('bysetpos'),
    ...(weekStart ? { weekStart } : {}),
    others: Object.keys(parts).filter((name) => !known.includes(name) && list(parts[name]).length > 0),
  }
}

/** WKST comes as a name or as ical.js' number (1 = Sunday). */
function dayOf(value: unknown): ICalDay | undefined {
  if (typeof value === 'number') return icalDays[(value + 6) % 7]
  return icalDays.find((day) => day === upper(valueText(value)))
}

function ruleParts(text: string): Record<string, unknown> {
  return Object.fromEntries(
    text.split(';').map((part) => {
      const [name = '', value = ''] = part.split('=')
      return [name.trim().toLowerCase(), value.includes(',') ? value.split(',') : value]
    }),
  )
}

function zoneOf(component: JComponent): ICalZone {
  const observances = component[2].slice(0, 500).flatMap((part): ICalObservance[] => {
    const offsetTo = parseUtcOffset(textOf(part, 'tzoffsetto') ?? '')
    const rule = first(part, 'rrule')
    if (offsetTo === undefined || (part[0] !== 'standard' && part[0] !== 'daylight')) return []
    return [
      {
        daylight: part[0] === 'daylight',
        start: time(part, 'dtstart')?.local ?? 0,
        offsetFrom: parseUtcOffset(textOf(part, 'tzoffsetfrom') ?? '') ?? offsetTo,
        offsetTo,
        ...(rule ? { rule: ruleOf(rule) } : {}),
        dates: times(part, 'rdate').map((each) => each.local),
      },
    ]
  })
  return { id: textOf(component, 'tzid')?.trim() ?? '', observances }
}
