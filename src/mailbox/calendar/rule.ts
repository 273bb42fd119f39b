import {
  dateOfDay,
  day,
  dayOfDate,
  daysOfWeek,
  partsOf,
  utc,
  type DayOfWeek,
  type DayOfWeekRule,
  type IsoDate,
  type LocalTime,
  type Recurrence,
  type RecurrencePattern,
  type WeekIndex,
  type Zone,
} from '#model'
import { icalDays, type ICalDay, type ICalRule } from '#wire'

const indexes: readonly WeekIndex[] = ['First', 'Second', 'Third', 'Fourth']
const nameOf = (code: ICalDay): DayOfWeek => daysOfWeek[icalDays.indexOf(code)]!
const codeOf = (name: DayOfWeek): ICalDay => icalDays[daysOfWeek.indexOf(name)]!
const groups: readonly [DayOfWeekRule, readonly ICalDay[]][] = [
  ['Day', icalDays],
  ['Weekday', ['MO', 'TU', 'WE', 'TH', 'FR']],
  ['WeekendDay', ['SU', 'SA']],
]

/** A recurrence as an RRULE ([MS-OXCICAL] 2.1.3.2); `start` is the wall clock of the first occurrence. Undefined for regenerating ones. */
export function ruleOfRecurrence(recurrence: Recurrence, start: LocalTime, zone: Zone, allDay: boolean): ICalRule | undefined {
  const parts = ruleParts(recurrence.pattern)
  if (!parts) return undefined
  const rule: ICalRule = { interval: 1, byDay: [], byMonthDay: [], byMonth: [], bySetPosition: [], others: [], ...parts }
  const { range } = recurrence
  if (range.type === 'Numbered') rule.count = range.count
  if (range.type === 'EndDate') {
    const last = dayOfDate(range.end) * day
    rule.until = allDay
      ? { local: last, zone: '', date: true }
      : { local: zone.toInstant(last + partsOf(start).time), zone: 'UTC', date: false }
  }
  return rule
}

function ruleParts(pattern: RecurrencePattern): (Partial<ICalRule> & { frequency: string }) | undefined {
  switch (pattern.type) {
    case 'Daily':
      return { frequency: 'DAILY', interval: pattern.interval }
    case 'Weekly':
      return {
        frequency: 'WEEKLY',
        interval: pattern.interval,
        byDay: pattern.days.map((name) => ({ day: codeOf(name), nth: 0 })),
        weekStart: codeOf(pattern.firstDayOfWeek ?? 'Sunday'),
      }
    case 'AbsoluteMonthly':
      return { frequency: 'MONTHLY', interval: pattern.interval, ...monthDay(pattern.dayOfMonth, 31) }
    case 'RelativeMonthly':
      return { frequency: 'MONTHLY', interval: pattern.interval, ...relative(pattern.day, pattern.index) }
    case 'AbsoluteYearly': {
      const length = partsOf(Date.UTC(2000, pattern.month, 0)).day
      return { frequency: 'YEARLY', byMonth: [pattern.month], ...monthDay(Math.min(pattern.dayOfMonth, length), length) }
    }
    case 'RelativeYearly':
      return { frequency: 'YEARLY', byMonth: [pattern.month], ...relative(pattern.day, pattern.index) }
    default:
      return undefined
  }
}

/** A day that some months lack is their last one in Exchange, and none in RFC 5545: it is said as the last of several. */
function monthDay(dayOfMonth: number, length: number): Partial<ICalRule> {
  if (dayOfMonth <= 28) return { byMonthDay: [dayOfMonth] }
  if (dayOfMonth >= length) return { byMonthDay: length === 31 || length === 29 ? [-1] : [dayOfMonth] }
  if (length < 31) return { byMonthDay: [dayOfMonth] }
  return { byMonthDay: [28, 29, 30].filter((each) => each <= dayOfMonth), bySetPosition: [-1] }
}

function relative(rule: DayOfWeekRule, index: WeekIndex): Partial<ICalRule> {
  const nth = index === 'Last' ? -1 : indexes.indexOf(index) + 1
  const group = groups.find(([name]) => name === rule)
  if (group) return { byDay: group[1].map((code) => ({ day: code, nth: 0 })), bySetPosition: [nth] }
  return { byDay: [{ day: codeOf(rule as DayOfWeek), nth }] }
}

/**
 * An RRULE as a recurrence; `start` is the wall clock of the first occurrence, `zone` its zone. Undefined for what Exchange's
 * patterns cannot say (hourly rules, several days of a month, days of the year …).
 */
export function recurrenceOfRule(rule: ICalRule, start: LocalTime, zone: Zone): Recurrence | undefined {
  if (rule.others.length > 0) return undefined
  const pattern = patternOf(rule, start)
  if (!pattern) return undefined
  const first: IsoDate = dateOfDay(Math.floor(start / day))
  if (rule.count !== undefined && rule.count <= 999) return { pattern, range: { type: 'Numbered', start: first, count: rule.count } }
  if (rule.count !== undefined) return undefined
  if (!rule.until) return { pattern, range: { type: 'NoEnd', start: first } }
  const until = rule.until.zone === 'UTC' && !rule.until.date ? (zone ?? utc).toLocal(rule.until.local) : rule.until.local
  // An UNTIL before the time of day of the last occurrence leaves that one out.
  const last = Math.floor(until / day) - (!rule.until.date && partsOf(until).time < partsOf(start).time ? 1 : 0)
  return { pattern, range: { type: 'EndDate', start: first, end: dateOfDay(Math.max(last, Math.floor(start / day))) } }
}

function patternOf(rule: ICalRule, start: LocalTime): RecurrencePattern | undefined {
  const { interval, byDay, byMonth, byMonthDay, bySetPosition } = rule
  const at = partsOf(start)
  const onlyDays = byMonth.length === 0 && byMonthDay.length === 0 && bySetPosition.length === 0 && byDay.every(({ nth }) => nth === 0)
  const week = (every: number): RecurrencePattern => ({
    type: 'Weekly',
    interval: every,
    days: byDay.length > 0 ? [...new Set(byDay.map((each) => nameOf(each.day)))] : [daysOfWeek[at.weekday]!],
    firstDayOfWeek: nameOf(rule.weekStart ?? 'MO'),
  })
  switch (rule.frequency) {
    case 'DAILY':
      if (byDay.length === 0) return onlyDays && interval <= 999 ? { type: 'Daily', interval } : undefined
      return onlyDays && interval === 1 ? week(1) : undefined
    case 'WEEKLY':
      return onlyDays && interval <= 99 ? week(interval) : undefined
    case 'MONTHLY':
      return byMonth.length === 0 && interval <= 99 ? monthly(rule, interval, at.day) : undefined
    case 'YEARLY':
      return byMonth.length <= 1 ? yearly(rule, byMonth[0] ?? at.month, at) : undefined
    default:
      return undefined
  }
}

function monthly(rule: ICalRule, interval: number, startDay: number): RecurrencePattern | undefined {
  if (rule.byDay.length > 0) {
    const found = rule.byMonthDay.length === 0 ? relativeOf(rule) : undefined
    return found && { type: 'RelativeMonthly', interval, ...found }
  }
  const dayOfMonth = dayOfMonthOf(rule, startDay)
  return dayOfMonth === undefined ? undefined : { type: 'AbsoluteMonthly', interval, dayOfMonth }
}

function yearly(rule: ICalRule, month: number, at: { month: number; day: number }): RecurrencePattern | undefined {
  if (month < 1 || month > 12) return undefined
  // Every n years is every 12 n months from that month on; only where the series begins in it.
  if (rule.interval > 1) return month === at.month && rule.interval <= 8 ? monthly(rule, rule.interval * 12, at.day) : undefined
  if (rule.byDay.length > 0) {
    const found = rule.byMonth.length === 1 && rule.byMonthDay.length === 0 ? relativeOf(rule) : undefined
    return found && { type: 'RelativeYearly', month, ...found }
  }
  const dayOfMonth = dayOfMonthOf(rule, at.day)
  if (dayOfMonth === undefined) return undefined
  return { type: 'AbsoluteYearly', month, dayOfMonth: Math.min(dayOfMonth, partsOf(Date.UTC(2000, month, 0)).day) }
}

function dayOfMonthOf({ byMonthDay, bySetPosition }: ICalRule, startDay: number): number | undefined {
  const [single] = byMonthDay
  if (single === undefined) return bySetPosition.length === 0 ? startDay : undefined
  if (byMonthDay.length === 1 && bySetPosition.length === 0) return single === -1 ? 31 : single >= 1 && single <= 31 ? single : undefined
  const last = Math.max(...byMonthDay)
  const shortened = bySetPosition.length === 1 && bySetPosition[0] === -1 && byMonthDay.includes(28)
  return shortened && byMonthDay.length === last - 27 && byMonthDay.every((each) => each >= 28) ? last : undefined
}

/** `2MO`, or a group of days with a position. */
function relativeOf({ byDay, bySetPosition }: ICalRule): { day: DayOfWeekRule; index: WeekIndex } | undefined {
  const position = bySetPosition.length === 0 && byDay.length === 1 ? byDay[0]!.nth : bySetPosition.length === 1 ? bySetPosition[0]! : 0
  const index = position === -1 ? 'Last' : indexes[position - 1]
  if (!index) return undefined
  if (byDay.length === 1) return { day: nameOf(byDay[0]!.day), index }
  const codes = new Set(byDay.map((each) => each.day))
  const group = groups.find(([, days]) => days.length === codes.size && days.every((code) => codes.has(code)))
  return group && byDay.every(({ nth }) => nth === 0) ? { day: group[0], index } : undefined
}
