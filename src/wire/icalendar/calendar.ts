/** A calendar as its text says it (RFC 5545), without any judgement: times are wall clocks with the name of their zone. */
export interface ICalendar {
  /** iTIP method (RFC 5546), upper case. */
  method?: string
  productId?: string
  events: ICalEvent[]
  todos: ICalEvent[]
  zones: ICalZone[]
}

/** A moment on a clock: milliseconds since 1970 as the clock shows them. */
export interface ICalTime {
  local: number
  /** `UTC`, a TZID, or empty for a floating time. */
  zone: string
  /** VALUE=DATE: a day, no time. */
  date: boolean
}

export interface ICalPerson {
  /** Without `mailto:`; empty when the line has none. */
  address: string
  name?: string
  /** Upper case: `REQ-PARTICIPANT`, `OPT-PARTICIPANT`, `NON-PARTICIPANT`, `CHAIR`. */
  role?: string
  /** PARTSTAT, upper case. */
  status?: string
  /** CUTYPE, upper case: `INDIVIDUAL`, `GROUP`, `RESOURCE`, `ROOM`. */
  type?: string
  rsvp?: boolean
  /** SENT-BY, without `mailto:`. */
  sentBy?: string
}

export interface ICalAlarm {
  /** Milliseconds before the start (negative: after), or before the end when `fromEnd`. */
  before?: number
  fromEnd?: boolean
  at?: ICalTime
  action: string
}

/** A VEVENT or VTODO. */
export interface ICalEvent {
  uid: string
  summary?: string
  description?: string
  /** X-ALT-DESC;FMTTYPE=text/html. */
  html?: string
  location?: string
  start?: ICalTime
  end?: ICalTime
  /** Milliseconds, where it stands in place of an end. */
  duration?: number
  due?: ICalTime
  completed?: ICalTime
  percent?: number
  stamp?: ICalTime
  created?: ICalTime
  modified?: ICalTime
  recurrenceId?: ICalTime
  rules: ICalRule[]
  dates: ICalTime[]
  exceptDates: ICalTime[]
  organizer?: ICalPerson
  attendees: ICalPerson[]
  sequence?: number
  /** STATUS, TRANSP, CLASS in upper case. */
  status?: string
  transparency?: string
  classification?: string
  priority?: number
  categories: string[]
  alarms: ICalAlarm[]
  comment?: string
  /** Further single-valued lines: URL and X-…, by upper-case name. */
  others: { name: string; value: string }[]
}

export type ICalDay = 'SU' | 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA'
export const icalDays: readonly ICalDay[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** An RRULE. */
export interface ICalRule {
  frequency: string
  interval: number
  count?: number
  until?: ICalTime
  /** `nth` 0 = every. */
  byDay: { day: ICalDay; nth: number }[]
  byMonthDay: number[]
  byMonth: number[]
  bySetPosition: number[]
  weekStart?: ICalDay
  /** Parts that stand in the rule and are none of the above (BYHOUR, BYYEARDAY, BYWEEKNO …). */
  others: string[]
}

/** A VTIMEZONE. */
export interface ICalZone {
  id: string
  observances: ICalObservance[]
}
export interface ICalObservance {
  daylight: boolean
  /** The clock before the change. */
  start: number
  /** Milliseconds east of UTC before and after. */
  offsetFrom: number
  offsetTo: number
  rule?: ICalRule
  dates: number[]
}
