import { culture } from './culture.ts'

const day = 86_400_000
const format = (options: Intl.DateTimeFormatOptions) => {
  let made: Intl.DateTimeFormat | undefined
  return (instant: number) => (made ??= new Intl.DateTimeFormat(culture(), options)).format(instant)
}
const time = format({ hour: 'numeric', minute: '2-digit' })
const weekday = format({ weekday: 'short', hour: 'numeric', minute: '2-digit' })
const date = format({ day: 'numeric', month: 'short', year: 'numeric' })

/** Date and time in full. */
export const inFull = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' })

/** As a list shows it: the time of today, the day of this week, a date. */
export function inShort(instant: number, now = Date.now()): string {
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (instant >= midnight && instant < midnight + day) return time(instant)
  return instant >= midnight - 6 * day && instant < midnight ? weekday(instant) : date(instant)
}
