/** Dates of a query: a day, month or year, an instant, a range of them (`a..b`), or words (`today`, `last week`). */
import { day, type Instant, type LocalTime, type Zone } from '#model'

export interface QueryTime {
  /** What dates are dates in. */
  zone: Zone
  now: Instant
}
/** From (included) to (excluded); undefined = open. */
export type Span = readonly [from: number | undefined, to: number | undefined]

type Local = readonly [from: LocalTime, to: LocalTime]
const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const steps: Readonly<Record<string, number>> = { last: -1, past: -1, previous: -1, this: 0, current: 0, next: 1, coming: 1 }

/** The span of instants that a date of a query is; undefined = it is none. */
export function spanOf(text: string, time: QueryTime): Span | undefined {
  const [first, last, ...more] = text.split('..')
  if (last === undefined) return single(text, time)
  const open = (part: string | undefined) => part === '' || part === '*'
  const from = open(first) ? [undefined, undefined] : single(first ?? '', time)
  const to = open(last) ? [undefined, undefined] : single(last, time)
  return from && to && more.length === 0 ? [from[0], to[1]] : undefined
}

function single(text: string, { zone, now }: QueryTime): Span | undefined {
  const instant = instantOf(text, zone)
  if (instant) return instant
  const local = writtenDate(text) ?? namedDate(text.toLowerCase().replace(/[\s_-]+/g, ' '), zone.toLocal(now))
  return local && [zone.toInstant(local[0]), zone.toInstant(local[1])]
}

/** `2026-03-01T10:00`, with or without seconds and zone: the minute or second that it names. */
function instantOf(text: string, zone: Zone): Span | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/i.exec(text)
  if (!parts) return undefined
  const [, date, minutes, seconds = '', offset = ''] = parts
  const at = Date.parse(`${date}T${minutes}${seconds || ':00'}${offset || 'Z'}`)
  if (Number.isNaN(at)) return undefined
  const from = offset ? at : zone.toInstant(at)
  return [from, from + (seconds ? 1000 : 60_000)]
}

/** `2026`, `2026-03`, `2026-03-01`, `3/1/2026` (month first), `1.3.2026` (day first). */
function writtenDate(text: string): Local | undefined {
  const iso = /^(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?$/.exec(text)
  if (iso)
    return calendar(Number(iso[1]), iso[2] === undefined ? undefined : Number(iso[2]), iso[3] === undefined ? undefined : Number(iso[3]))
  const american = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(text)
  if (american) return calendar(Number(american[3]), Number(american[1]), Number(american[2]))
  const european = /^(\d\d?)\.(\d\d?)\.(\d{4})$/.exec(text)
  return european ? calendar(Number(european[3]), Number(european[2]), Number(european[1])) : undefined
}

function calendar(year: number, month?: number, date?: number): Local | undefined {
  if (month === undefined) return [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
  if (month < 1 || month > 12) return undefined
  if (date === undefined) return [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)]
  const from = Date.UTC(year, month - 1, date)
  return new Date(from).getUTCDate() === date ? [from, from + day] : undefined
}

function namedDate(name: string, now: LocalTime): Local | undefined {
  const today = Math.floor(now / day) * day
  const at = new Date(today)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  const days: Readonly<Record<string, number>> = { today: 0, yesterday: -1, tomorrow: 1 }
  const shift = days[name]
  if (shift !== undefined) return [today + shift * day, today + (shift + 1) * day]
  const weekday = weekdays.indexOf(name)
  // The last one that has begun.
  if (weekday >= 0) return nth(today - ((at.getUTCDay() - weekday + 7) % 7) * day, day, 0)
  const named = months.indexOf(name)
  if (named >= 0) {
    const of = named > month ? year - 1 : year
    return [Date.UTC(of, named, 1), Date.UTC(of, named + 1, 1)]
  }
  const parts = /^(last|past|previous|this|current|next|coming) ?(week|month|year)$/.exec(name)
  if (!parts) return undefined
  const step = steps[parts[1] ?? ''] ?? 0
  switch (parts[2]) {
    case 'week':
      return nth(today - ((at.getUTCDay() + 6) % 7) * day, 7 * day, step)
    case 'month':
      return [Date.UTC(year, month + step, 1), Date.UTC(year, month + step + 1, 1)]
    default:
      return [Date.UTC(year + step, 0, 1), Date.UTC(year + step + 1, 0, 1)]
  }
}

function nth(start: LocalTime, length: number, step: number): Local {
  return [start + step * length, start + (step + 1) * length]
}
