import { culture } from '../app/culture.ts'
import type { Translate } from '../app/texts.ts'
import { dayNames, monthName, parse } from './clock.ts'
import type { Recurrence } from './draft.ts'

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** A day of the relative patterns in words. */
export function dayWord(day: string, t: Translate): string {
  const at = weekdays.indexOf(day as (typeof weekdays)[number])
  if (at >= 0) return dayNames('long')[at] ?? day
  return t(day === 'Day' ? 'calendar.dayAny' : day === 'Weekday' ? 'calendar.dayWork' : 'calendar.dayWeekend')
}

const indexWords = { First: 'calendar.first', Second: 'calendar.second', Third: 'calendar.third', Fourth: 'calendar.fourth', Last: 'calendar.last' } as const // prettier-ignore
export const indexWord = (index: keyof typeof indexWords, t: Translate): string => t(indexWords[index])

/** How a series repeats, in one plain sentence. */
export function recurrenceText({ pattern, range }: Recurrence, t: Translate): string {
  return `${patternText(pattern, t)}${rangeText(range, t)}.`
}

function patternText(pattern: Recurrence['pattern'], t: Translate): string {
  switch (pattern.type) {
    case 'Daily':
      return t('calendar.sayDays', { count: pattern.interval })
    case 'Weekly': {
      const names = dayNames('long')
      const days = new Intl.ListFormat(culture()).format(
        weekdays.flatMap((day, at) => (pattern.days.includes(day) ? [names[at] ?? day] : [])),
      )
      return t('calendar.sayWeeks', { count: pattern.interval, days })
    }
    case 'AbsoluteMonthly':
      return t('calendar.sayMonths', { count: pattern.interval, day: pattern.dayOfMonth })
    case 'RelativeMonthly':
      return t('calendar.sayMonthsOn', { count: pattern.interval, which: indexWord(pattern.index, t), day: dayWord(pattern.day, t) })
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

function rangeText(range: Recurrence['range'], t: Translate): string {
  if (range.type === 'NoEnd') return ''
  if (range.type === 'Numbered') return `, ${t('calendar.sayTimes', { count: range.count })}`
  const date = new Intl.DateTimeFormat(culture(), { dateStyle: 'long', timeZone: 'UTC' }).format(parse(range.end))
  return `, ${t('calendar.sayUntil', { date })}`
}
