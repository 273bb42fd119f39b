import { Refusal, type RefusalCode } from '../refusal.ts'
import { daysOfWeek, type Recurrence, type RecurrencePattern } from '../values.ts'
import { dayOfDate, firstOccurrence, type Series } from './series.ts'

function refuse(code: RefusalCode, message: string): never {
  throw new Refusal(code, message)
}

function within(value: number | undefined, least: number, most: number, what: string): void {
  if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
    refuse('CalendarInvalidPropertyValue', `Recurrence: ${what} is ${value}; expected ${least} to ${most}`)
  }
}

const dayRules: readonly string[] = [...daysOfWeek, 'Day', 'Weekday', 'WeekendDay']

function checkPattern(pattern: RecurrencePattern): void {
  if ('interval' in pattern) within(pattern.interval, 1, pattern.type === 'Daily' ? 999 : 99, 'Interval')
  if ('month' in pattern) within(pattern.month, 1, 12, 'Month')
  if ('dayOfMonth' in pattern) within(pattern.dayOfMonth, 1, 31, 'DayOfMonth')
  if (pattern.type === 'Weekly') {
    const fits = pattern.days.length > 0 && pattern.days.every((name) => (daysOfWeek as readonly string[]).includes(name))
    if (!fits) refuse('CalendarInvalidDayForWeeklyRecurrence', 'WeeklyRecurrence: DaysOfWeek expects names of days only')
  }
  if ((pattern.type === 'RelativeMonthly' || pattern.type === 'RelativeYearly') && !dayRules.includes(pattern.day)) {
    refuse('CalendarInvalidPropertyValue', `Recurrence: DaysOfWeek expects one of ${dayRules.join('|')}`)
  }
}

/**
 * Checks a recurrence ([MS-OXWSCDATA] 2.2.4.61): refuses CalendarInvalidPropertyValue, CalendarInvalidRecurrence,
 * CalendarInvalidDayForWeeklyRecurrence, CalendarEndDateIsEarlierThanStartDate.
 */
export function checkRecurrence(recurrence: Recurrence, allowRegeneration: boolean): void {
  const { pattern, range } = recurrence
  checkPattern(pattern)
  if (!allowRegeneration && pattern.type.endsWith('Regeneration')) {
    refuse('CalendarInvalidRecurrence', `${pattern.type} is for tasks alone`)
  }
  const start = dayOfDate(range.start)
  if (range.type === 'Numbered') within(range.count, 1, 999, 'NumberOfOccurrences')
  if (range.type === 'EndDate' && dayOfDate(range.end) < start) {
    refuse('CalendarEndDateIsEarlierThanStartDate', `Recurrence: EndDate ${range.end} lies before StartDate ${range.start}`)
  }
}

/** Refuses RecurrenceHasNoOccurrence when no day of the range fits the pattern. */
export function checkHasOccurrence(series: Series): void {
  if (!firstOccurrence(series)) refuse('RecurrenceHasNoOccurrence', 'Recurrence: no day of the range fits the pattern')
}
