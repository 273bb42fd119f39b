/** Times as the mailbox's clock shows them: `2030-01-07T09:00`. They are reckoned with as if they were UTC. */
import { culture } from '../app/culture.ts'

const minute = 60_000

export const parse = (text: string): number => Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`)
export const write = (time: number): string => new Date(time).toISOString().slice(0, 16)
export const later = (text: string, minutes: number): string => write(parse(text) + minutes * minute)
export const minutesBetween = (start: string, end: string): number => (parse(end) - parse(start)) / minute
export const dateOf = (text: string): string => text.slice(0, 10)

/** What the clock of a zone shows now. */
export function nowIn(zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone ?? 'UTC', dateStyle: 'short', timeStyle: 'short' }).format(Date.now())
  return parts.replace(' ', 'T').slice(0, 16)
}

const format = (options: Intl.DateTimeFormatOptions) => (text: string) =>
  new Intl.DateTimeFormat(culture(), { ...options, timeZone: 'UTC' }).format(parse(text))

export const timeText = format({ hour: 'numeric', minute: '2-digit' })
export const dayText = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
export const shortDayText = format({ weekday: 'short', day: 'numeric', month: 'short' })

/** From when to when, in words of the culture. Whole days end at the midnight after the last. */
export function spanText({ start, end, isAllDay }: { start: string; end: string; isAllDay: boolean }): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }
  const times: Intl.DateTimeFormatOptions = isAllDay ? {} : { hour: 'numeric', minute: '2-digit' }
  return new Intl.DateTimeFormat(culture(), { ...options, ...times }).formatRange(parse(start), isAllDay ? parse(end) - minute : parse(end))
}

/** Names of the days of the week, Sunday first. */
export const dayNames = (style: 'long' | 'short'): string[] =>
  [0, 1, 2, 3, 4, 5, 6].map((day) =>
    new Intl.DateTimeFormat(culture(), { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2023, 0, 1 + day)),
  )
export const monthName = (month: number): string =>
  new Intl.DateTimeFormat(culture(), { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2023, month - 1, 1))

/** The day that a week begins with in the culture, 0 = Sunday. */
export function firstDayOfWeek(): number {
  const locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(culture())
  // Browsers that do not know yet say what most of the world does.
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7
}
