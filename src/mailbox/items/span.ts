import type { Instant, Properties } from '#model'

/** The columns `start` and `end`: of the item, or from the first start to the last end of a series (null = it never ends). */
export function calendarSpan(properties: Properties): { start: Instant | null; end: Instant | null } {
  const start = typeof properties.start === 'number' ? properties.start : null
  const end = typeof properties.end === 'number' ? properties.end : start
  return { start, end: properties.recurrence ? null : end }
}
