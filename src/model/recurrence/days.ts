import { daysOfWeek, type DayOfWeekRule, type RecurrencePattern, type WeekIndex } from '../values.ts'

/** Days since 1970-01-01. */
export type DayNumber = number

/** The day number of a date; months beyond 1–12 roll over. */
export function dayNumber(year: number, month: number, dayOfMonth: number): DayNumber {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, dayOfMonth)
  return Math.round(date.getTime() / 86_400_000)
}

function dateOf(day: DayNumber): { year: number; month: number; dayOfMonth: number } {
  const date = new Date(day * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() }
}

/** 0 = Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: DayNumber): number => (((day + 4) % 7) + 7) % 7

/**
 * A pattern as equal steps from its first day: step k holds the days of one interval, ascending. Every step but the first,
 * where days before the start do not count, holds the same number, so that any occurrence is found by arithmetic.
 */
export interface Steps {
  /** Days of step k ≥ 0, the ones before the first day left out. */
  days(k: number): DayNumber[]
  /** A step that begins on or before the day, with no step between them. */
  stepBefore(day: DayNumber): number
  /** Days in each step but the first. */
  perStep: number
}

const matches: Record<DayOfWeekRule, (weekday: number) => boolean> = {
  Day: () => true,
  Weekday: (weekday) => weekday > 0 && weekday < 6,
  WeekendDay: (weekday) => weekday === 0 || weekday === 6,
  Sunday: (weekday) => weekday === 0,
  Monday: (weekday) => weekday === 1,
  Tuesday: (weekday) => weekday === 2,
  Wednesday: (weekday) => weekday === 3,
  Thursday: (weekday) => weekday === 4,
  Friday: (weekday) => weekday === 5,
  Saturday: (weekday) => weekday === 6,
}
const indexes: readonly WeekIndex[] = ['First', 'Second', 'Third', 'Fourth', 'Last']

/** The first … last such day of a month. */
export function relativeDay(year: number, month: number, rule: DayOfWeekRule, index: WeekIndex): DayNumber {
  const fits = matches[rule]
  // Beyond the days that there are no day ever fits.
  if (Number.isNaN(dayNumber(year, month + 1, 0))) return NaN
  if (index === 'Last') {
    let day = dayNumber(year, month + 1, 0)
    while (!fits(weekdayOf(day))) day--
    return day
  }
  let left = indexes.indexOf(index)
  let day = dayNumber(year, month, 1)
  while (!fits(weekdayOf(day)) || left-- > 0) day++
  return day
}

/** The day of a month, or its last when it is shorter. */
function absoluteDay(year: number, month: number, dayOfMonth: number): DayNumber {
  return Math.min(dayNumber(year, month, dayOfMonth), dayNumber(year, month + 1, 0))
}

function monthly(first: DayNumber, interval: number, startMonth: number, dayIn: (year: number, month: number) => DayNumber): Steps {
  // Months since year 0; step k is month startMonth + k * interval.
  return {
    perStep: 1,
    days(k) {
      const month = startMonth + k * interval
      const day = dayIn(Math.floor(month / 12), (month % 12) + 1)
      return day < first ? [] : [day]
    },
    stepBefore(day) {
      const { year, month } = dateOf(day)
      return Math.max(0, Math.floor((year * 12 + month - 1 - startMonth) / interval))
    },
  }
}

/** The steps of a pattern that begins on a day. The regenerating patterns count from completion and have only the first day. */
export function stepsOf(pattern: RecurrencePattern, first: DayNumber): Steps {
  const start = dateOf(first)
  const startMonth = start.year * 12 + start.month - 1
  // A step that does not go on would never come to an end, whoever let such a pattern in.
  const interval = 'interval' in pattern ? Math.max(1, Math.trunc(pattern.interval) || 1) : 1
  switch (pattern.type) {
    case 'Daily':
      return {
        perStep: 1,
        days: (k) => [first + k * interval],
        stepBefore: (day) => Math.max(0, Math.floor((day - first) / interval)),
      }
    case 'Weekly': {
      const weekStart = daysOfWeek.indexOf(pattern.firstDayOfWeek ?? 'Sunday')
      const base = first - ((weekdayOf(first) - weekStart + 7) % 7)
      const within = [...new Set(pattern.days.map((name) => (daysOfWeek.indexOf(name) - weekStart + 7) % 7))].sort((a, b) => a - b)
      return {
        perStep: within.length,
        days: (k) => within.map((offset) => base + k * interval * 7 + offset).filter((day) => day >= first),
        stepBefore: (day) => Math.max(0, Math.floor((day - base) / (7 * interval))),
      }
    }
    case 'AbsoluteMonthly':
      return monthly(first, interval, startMonth, (year, month) => absoluteDay(year, month, pattern.dayOfMonth))
    case 'RelativeMonthly':
      return monthly(first, interval, startMonth, (year, month) => relativeDay(year, month, pattern.day, pattern.index))
    case 'AbsoluteYearly':
      return monthly(first, 12, start.year * 12 + pattern.month - 1, (year, month) => absoluteDay(year, month, pattern.dayOfMonth))
    case 'RelativeYearly':
      return monthly(first, 12, start.year * 12 + pattern.month - 1, (year, month) => relativeDay(year, month, pattern.day, pattern.index))
    default:
      return { perStep: 0, days: (k) => (k === 0 ? [first] : []), stepBefore: () => 0 }
  }
}
