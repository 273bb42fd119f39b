import { day, minute, partsOf, type Zone } from '../time-zones/zone.ts'
import { daysOfWeek, type DayOfWeek, type Instant } from '../values.ts'

/** When somebody works, on the clock of a zone. Minutes since midnight. */
export interface WorkingHours {
  /** Windows id. */
  timeZone: string
  periods: { days: DayOfWeek[]; start: number; end: number }[]
}

/** Monday to Friday, eight to five. */
export function usualHours(timeZone: string): WorkingHours {
  return { timeZone, periods: [{ days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'], start: 480, end: 1020 }] }
}

/** True when the whole of [start, end) lies in working hours of one day. */
export function isWorkTime(hours: WorkingHours, zone: Zone, start: Instant, end: Instant): boolean {
  const from = zone.toLocal(start)
  const to = zone.toLocal(end)
  const { weekday, time } = partsOf(from)
  const until = time + (to - from)
  if (until > day) return false
  const name = daysOfWeek[weekday]!
  return hours.periods.some((period) => period.days.includes(name) && time >= period.start * minute && until <= period.end * minute)
}
