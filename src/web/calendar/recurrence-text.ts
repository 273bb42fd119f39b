import type { TextName } from '../app/texts.ts'
import { culture } from '../app/culture.ts'
import { dayNames, monthName, parse } from './clock.ts'
import type { Recurrence } from './draft.ts'

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
type Text = (name: TextName, values?: Record<string, string | number>) => string

/** A day of the relative patterns in words. */
export function dayWord(day: string, t: Text): string {
  const at = weekdays.indexOf(day as (typeof weekdays)[number])
  if (at >= 0) return dayNames('long')[at] ?? day
  return t(day === 'Day' ? 'calendar.dayAny' : day === 'Weekday' ? 'calendar.dayWork' : 'calendar.dayWeekend')
}

const indexWords = { First: 'calendar.first', Second: 'calendar.second', Third: 'calendar.third', Fourth: 'calendar.fourth', Last: 'calendar.last' } as const // prettier-ignore
export const indexWord = (index: keyof typeof indexWords, t: Text): string => t(indexWords[index])

/** How a series repeats, in one plain sentence. */
export function recurrenceText({ pattern, range }: Recurrence, t: Text): string {
  return `${patternText(pattern, t)}${rangeText(range, t)}.`
}

function patternText(pattern: Recurrence['pattern'], t: Text): string {
  switch (pattern.type) {
    case 'Daily':
      return pattern.interval === 1 ? t('calendar.sayDaily') : t('calendar.sayDays', { count: pattern.interval })
    case 'Weekly': {
      const names = dayNames('long')
      const days = new Intl.ListFormat(culture()).format(
        weekdays.flatMap((day, at) => (pattern.days.includes(day) ? [names[at] ?? day] : [])),
      )
      return pattern.interval === 1 ? t('calendar.sayWeekly', { days }) : t('calendar.sayWeeks', { count: pattern.interval, days })
    }
    case 'AbsoluteMonthly': {
      const values = { count: pattern.interval, day: pattern.dayOfMonth }
      return pattern.interval === 1 ? t('calendar.sayMonthly', values) : t('calendar.sayMonths', values)
    }
    case 'RelativeMonthly': {
      const values = { count: pattern.interval, which: indexWord(pattern.index, t), day: dayWord(pattern.day, t) }
      return pattern.interval === 1 ? t('calendar.sayMonthlyOn', values) : t('calendar.sayMonthsOn', values)
    }
    case 'AbsoluteYearly':
      return t('calendar.sayYearly', { day: pattern.dayOfMonth, month: monthName(pattern.month) })
    case 'RelativeYearly':
      return t('calendar.sayYearlyOn', {
        which: indexWord(pattern.index, t),
        day: dayWord(pattern.day, t),
        month: monthName(pattern.month),
      })
  }
}

function rangeText(range: Recurrence['range'], t: Text): string {
  if (range.type === 'NoEnd') return ''
  if (range.type === 'Numbered') return `, ${t('calendar.sayTimes', { count: range.count })}`
  const date = new Intl.DateTimeFormat(culture(), { dateStyle: 'long', timeZone: 'UTC' }).format(parse(range.end))
  return `, ${t('calendar.sayUntil', { date })}`
}
