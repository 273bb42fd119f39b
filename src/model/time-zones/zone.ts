import type { Instant } from '../values.ts'

/** A wall-clock time: the milliseconds since 1970 that a clock showing it would have in UTC. */
export type LocalTime = number

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A stretch of time with one offset: local = instant + offset, for from <= instant < to. */
export interface Span {
  from: Instant
  to: Instant
  /** Milliseconds east of UTC. */
  offset: number
  /** The clock is ahead of the zone's standard time. */
  daylight: boolean
}

/** A time zone: how wall-clock time and instants lead to each other. */
export interface Zone {
  /** The Windows id, or the id of the client's own definition; empty when it has none. */
  readonly id: string
  /** The IANA name; null for a definition with rules of its own. */
  readonly iana: string | null
  /** The span that an instant lies in. */
  spanAt(instant: Instant): Span
  /** Milliseconds east of UTC at an instant. */
  offsetAt(instant: Instant): number
  toLocal(instant: Instant): LocalTime
  /**
   * The instant of a wall-clock time. One that a clock skips moves on by the gap; one that a clock shows twice is the
   * first of both (`compatible` of Temporal, RFC 5545 3.3.5).
   */
  toInstant(local: LocalTime): Instant
}

/** Builds a zone from the span of any instant; remembers spans it has seen, so a series costs few look-ups. */
export function createZone(id: string, iana: string | null, find: (instant: Instant) => Span): Zone {
  const seen: Span[] = []
  let last: Span | undefined
  const spanAt = (instant: Instant): Span => {
    if (last && instant >= last.from && instant < last.to) return last
    last = seen.find((span) => instant >= span.from && instant < span.to)
    if (!last) seen.push((last = find(instant)))
    if (seen.length > 400) seen.splice(0, 200)
    return last
  }
  const offsetAt = (instant: Instant) => spanAt(instant).offset
  return {
    id,
    iana,
    spanAt,
    offsetAt,
    toLocal: (instant) => instant + offsetAt(instant),
    toInstant(local) {
      const before = offsetAt(local - day)
      if (offsetAt(local - before) === before) return local - before
      const after = offsetAt(local + day)
      if (offsetAt(local - after) === after) return local - after
      return local - before
    },
  }
}

/** A zone that never changes. */
export function fixedZone(id: string, offset: number, iana: string | null = null): Zone {
  const span: Span = { from: -Infinity, to: Infinity, offset, daylight: false }
  return createZone(id, iana, () => span)
}

/** `+01:00`, from milliseconds east of UTC. */
export function formatOffset(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / minute))
  return `${offset < 0 ? '-' : '+'}${String(Math.trunc(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** The year, month (1–12), day of month and day of week (0 = Sunday) that a wall-clock time shows. */
export function partsOf(local: LocalTime): { year: number; month: number; day: number; weekday: number; time: number } {
  const date = new Date(local)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    time: local - Math.floor(local / day) * day,
  }
}

/** Wall-clock time of a date at midnight; a month or day beyond its range rolls over. */
export function localDate(year: number, month: number, dayOfMonth: number): LocalTime {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, dayOfMonth)
  return date.getTime()
}

/** `yyyy-MM-ddTHH:mm:ss` of a wall-clock time. */
export function formatLocal(local: LocalTime): string {
  return new Date(local).toISOString().slice(0, -5)
}

/** The offset without daylight saving, in milliseconds east of UTC, of the year around the moment. */
export function standardOffset(zone: Zone, at: Instant): number {
  const span = zone.spanAt(at)
  return span.daylight && Number.isFinite(span.to) ? zone.offsetAt(span.to) : span.offset
}
