import { Refusal } from '../refusal.ts'
import type { Tree } from '../values.ts'
import { childOf, elementsOf, parseDuration, textOf } from './definition.ts'
import { equivalentZone, zoneOfRules, type YearlyChange } from './rules.ts'
import { hour, minute, partsOf, standardOffset, type Zone } from './zone.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** One half of a SerializableTimeZone ([MS-OXWSAVAIL] 2.2.4.20): `bias` adds to the zone's; `dayOrder` 5 = last; with `year` a date. */
export interface SerializableTime {
  /** Minutes. */
  bias: number
  /** `HH:mm:ss` on the clock before the change. */
  time: string
  /** 1–5, or the day of the month when `year` is given. */
  dayOrder: number
  /** 1–12; 0 = the zone never changes. */
  month: number
  dayOfWeek: string
  year?: number
}

/** The TimeZone of GetUserAvailability: UTC = local time + bias (minutes). */
export interface SerializableTimeZone {
  bias: number
  standard: SerializableTime
  daylight: SerializableTime
}

function timeOfDay(text: string): number {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?/.exec(text.trim())
  if (!match) throw new Refusal('TimeZone', `'${text.slice(0, 40)}' is no time such as 02:00:00`)
  return Number(match[1]) * hour + Number(match[2]) * minute + Number(match[3] ?? 0) * 1000
}

function weekdayOf(name: string): number {
  const found = weekdays.indexOf(name)
  if (found < 0) throw new Refusal('TimeZone', `DayOfWeek: expected one of ${weekdays.join('|')}, not '${name.slice(0, 40)}'`)
  return found
}

function change(bias: number, time: SerializableTime, daylight: boolean): YearlyChange {
  if (!(time.month >= 1 && time.month <= 12)) throw new Refusal('TimeZone', `Month: expected 1 to 12, not ${time.month}`)
  return {
    month: time.month,
    on: time.year ? { dayOfMonth: time.dayOrder } : { weekday: weekdayOf(time.dayOfWeek), nth: time.dayOrder },
    time: timeOfDay(time.time),
    offset: (0 - bias - time.bias) * minute,
    daylight,
  }
}

/** The zone of a SerializableTimeZone: a known one when its rules are the same in the year given. */
export function zoneOfSerializable(zone: SerializableTimeZone, year: number): Zone {
  const same = zone.standard.month === 0 || zone.daylight.month === 0 || zone.standard.bias === zone.daylight.bias
  const offset = (0 - zone.bias - zone.standard.bias) * minute
  const changes = same ? [] : [change(zone.bias, zone.standard, false), change(zone.bias, zone.daylight, true)]
  const own = zoneOfRules('', [{ fromYear: -Infinity, offset, changes }])
  return equivalentZone(own, year, year) ?? own
}

/** The SerializableTimeZone of a zone as it stands in a year; a zone without daylight saving has two equal halves. */
export function serializableOf(zone: Zone, year: number): SerializableTimeZone {
  const start = Date.UTC(year, 0, 1)
  const standard = standardOffset(zone, start)
  const half = (local: number, bias: number): SerializableTime => {
    const { month, day, weekday, time } = partsOf(local)
    const last = partsOf(local + 7 * 24 * hour).month !== month
    return {
      bias,
      time: new Date(time).toISOString().slice(11, 19),
      dayOrder: last ? 5 : Math.ceil(day / 7),
      month,
      dayOfWeek: weekdays[weekday]!,
    }
  }
  const none: SerializableTime = { bias: 0, time: '00:00:00', dayOrder: 0, month: 0, dayOfWeek: 'Sunday' }
  const result: SerializableTimeZone = { bias: (0 - standard) / minute, standard: none, daylight: none }
  for (let at = zone.spanAt(start).to; at < Date.UTC(year + 1, 0, 1); at = zone.spanAt(at).to) {
    const { offset, daylight } = zone.spanAt(at)
    const local = at + zone.offsetAt(at - 1)
    if (daylight) result.daylight = half(local, (standard - offset) / minute)
    else result.standard = half(local, (standard - offset) / minute)
  }
  return result.daylight === none || result.standard === none ? { ...result, standard: none, daylight: none } : result
}

/**
 * The zone of an Exchange 2007 MeetingTimeZone ([MS-OXWSMTGS] 2.2.4.19): by its name, else by BaseOffset (a duration,
 * UTC - local) with Standard and Daylight, each an Offset from the base, a RelativeYearlyRecurrence and a Time.
 */
export function zoneOfMeetingTimeZone(tree: Tree, year: number, named: (name: string) => Zone | undefined): Zone | undefined {
  const known = tree.attributes?.TimeZoneName ? named(tree.attributes.TimeZoneName) : undefined
  if (known) return known
  const base = textOf(tree, 'BaseOffset')
  if (!base) return undefined
  const half = (name: string): SerializableTime | undefined => {
    const found = childOf(tree, name)
    if (!found) return undefined
    const rule = childOf(found, 'RelativeYearlyRecurrence')
    const index = ['First', 'Second', 'Third', 'Fourth', 'Last'].indexOf(textOf(rule, 'DayOfWeekIndex'))
    const month = new Date(`${textOf(rule, 'Month')} 1, 2000 UTC`).getUTCMonth() + 1
    const bias = parseDuration(textOf(found, 'Offset') || 'PT0S') / minute
    if (!rule || Number.isNaN(month)) return { bias, time: '00:00:00', dayOrder: 0, month: 0, dayOfWeek: 'Sunday' }
    return { bias, time: textOf(found, 'Time') || '00:00:00', dayOrder: index + 1, month, dayOfWeek: textOf(rule, 'DaysOfWeek') }
  }
  const none: SerializableTime = { bias: 0, time: '00:00:00', dayOrder: 0, month: 0, dayOfWeek: 'Sunday' }
  if (elementsOf(tree).length === 0) return undefined
  return zoneOfSerializable(
    { bias: parseDuration(base) / minute, standard: half('Standard') ?? none, daylight: half('Daylight') ?? none },
    year,
  )
}
