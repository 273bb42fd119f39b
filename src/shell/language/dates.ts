/** An instant whose fields are read in UTC (`ToUniversalTime()`); any other date is read in the time zone of the shell. */
export class UtcDate extends Date {}

const longest = 8.64e15

export interface DateFields {
  year: number
  /** 1–12. */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  /** 0 = Sunday. */
  weekday: number
  /** Minutes east of UTC. */
  offset: number
}

export function fieldsOf(date: Date): DateFields {
  if (date instanceof UtcDate) {
    return {
      year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(), ms: date.getUTCMilliseconds(), weekday: date.getUTCDay(), offset: 0,
    } // prettier-ignore
  }
  return {
    year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate(), hour: date.getHours(), minute: date.getMinutes(),
    second: date.getSeconds(), ms: date.getMilliseconds(), weekday: date.getDay(), offset: -date.getTimezoneOffset(),
  } // prettier-ignore
}

/** The same kind of date at another instant; undefined outside the years that dates have. */
export function at(ms: number, like?: Date): Date | undefined {
  if (!Number.isFinite(ms) || Math.abs(ms) > longest) return undefined
  return like instanceof UtcDate ? new UtcDate(ms) : new Date(ms)
}

/** From fields in the zone of the shell, or in UTC; undefined for a day that is not. */
export function dateFrom(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
  utc = false,
): Date | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 || year < 1 || year > 9999) return undefined
  const date = new Date(2000, 0, 1)
  if (utc) {
    date.setUTCFullYear(year, month - 1, day)
    date.setUTCHours(hour, minute, second, ms)
    return date.getUTCDate() === day ? new UtcDate(date) : undefined
  }
  date.setFullYear(year, month - 1, day)
  date.setHours(hour, minute, second, ms)
  return date.getDate() === day ? date : undefined
}

const isoForm = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const americanForm = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?:\s+(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*([ap]m)?)?$/i
const wordForm = /^(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?\s+)?(?:([a-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})[\s-]+([a-z]{3,9}))(?:,|\s|-)\s*(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?\s*(gmt|z)?$/i // prettier-ignore
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** As .NET's invariant culture reads dates: ISO 8601, `M/d/yyyy`, with or without a time, and with the name of the month. */
export function parseDate(text: string): Date | undefined {
  const written = text.trim()
  if (written.length > 60) return undefined
  const iso = isoForm.exec(written)
  if (iso) return isoDate(iso)
  const american = americanForm.exec(written)
  if (american) {
    const [, month, day, year = '', hour, minute, second, part, half] = american
    const full = year.length === 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year)
    return dateFrom(full, Number(month), Number(day), hourOf(hour, half), Number(minute ?? 0), Number(second ?? 0), msOf(part))
  }
  const named = wordForm.exec(written)
  if (!named) return undefined
  const [, nameFirst, dayAfter, dayFirst, nameAfter, year, hour, minute, second, half, zone] = named
  const month = months.indexOf((nameFirst ?? nameAfter ?? '').slice(0, 3).toLowerCase()) + 1
  return dateFrom(
    Number(year),
    month,
    Number(dayAfter ?? dayFirst),
    hourOf(hour, half),
    Number(minute ?? 0),
    Number(second ?? 0),
    0,
    zone !== undefined,
  )
}

function isoDate([, year, month, day, hour, minute, second, part, zone]: RegExpExecArray): Date | undefined {
  const fields = [
    Number(year),
    Number(month),
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
    msOf(part),
  ] as const
  const read = dateFrom(...fields, zone !== undefined)
  if (!read || zone === undefined) return read
  const offset = /^z$/i.test(zone) ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  return new Date(read.getTime() - offset * 60_000)
}

const msOf = (part: string | undefined) => (part ? Math.floor(Number(`0.${part}`) * 1000) : 0)
function hourOf(hour: string | undefined, half: string | undefined): number {
  const read = Number(hour ?? 0)
  if (half === undefined) return read
  return (read % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}

export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const monthNames = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] // prettier-ignore
export const dayName = (weekday: number) => dayNames[weekday]!

/** Standard formats of the invariant culture with English names, as PowerShell shows them on an English system. */
const standard: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy', D: 'dddd, MMMM d, yyyy', f: 'dddd, MMMM d, yyyy h:mm tt', F: 'dddd, MMMM d, yyyy h:mm:ss tt', g: 'M/d/yyyy h:mm tt', G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d', M: 'MMMM d', o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK", O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK", s: "yyyy-MM-dd'T'HH:mm:ss", t: 'h:mm tt',
  T: 'h:mm:ss tt', u: "yyyy-MM-dd HH:mm:ss'Z'", y: 'MMMM yyyy', Y: 'MMMM yyyy', r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'", R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
} // prettier-ignore

/** A standard format as the custom one that it stands for. */
export function datePattern(format: string): string {
  if (Object.hasOwn(standard, format)) return standard[format]!
  return format.length === 2 && format.startsWith('%') ? format.slice(1) : format
}

/** The pieces of a custom format: text in single or double quotes, a letter behind a backslash, a field. */
export const datePieces = () =>
  /'([^']*)'|"([^"]*)"|\\(.)|(d{1,4}|M{1,4}|y{1,5}|h{1,2}|H{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{1,2}|z{1,3}|K)/g

/** .NET's custom date formats (`yyyy-MM-dd HH:mm`) and standard ones (`d`, `o`, `s`). */
export function formatDate(date: Date, format: string): string {
  const utc = format === 'r' || format === 'R' || format === 'u' ? new UtcDate(date) : date
  const fields = fieldsOf(utc)
  const pattern = datePattern(format)
  const pieces = datePieces()
  return pattern.replaceAll(pieces, (whole, single?: string, double?: string, plain?: string, field?: string) =>
    field ? dateField(field, fields, utc) : (single ?? double ?? plain ?? whole),
  )
}

function dateField(field: string, { year, month, day, hour, minute, second, ms, weekday, offset }: DateFields, date: Date): string {
  const padded = (value: number) => String(value).padStart(field.length, '0')
  const part = `${String(ms).padStart(3, '0')}0000`.slice(0, field.length)
  const zone = `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`
  switch (field[0]) {
    case 'd': return field.length === 4 ? dayNames[weekday]! : field.length === 3 ? dayNames[weekday]!.slice(0, 3) : padded(day)
    case 'M': return field.length === 4 ? monthNames[month - 1]! : field.length === 3 ? monthNames[month - 1]!.slice(0, 3) : padded(month)
    case 'y': return field.length <= 2 ? padded(year % 100) : padded(year)
    case 'h': return padded(hour % 12 || 12)
    case 'H': return padded(hour)
    case 'm': return padded(minute)
    case 's': return padded(second)
    case 'f': return part
    case 'F': return part.replace(/0+$/, '')
    case 't': return (hour < 12 ? 'AM' : 'PM').slice(0, field.length)
    case 'z': return field.length === 3 ? zone : field.length === 2 ? zone.slice(0, 3) : zone.slice(0, 3).replace(/0(?=\d)/, '')
    default: return date instanceof UtcDate ? 'Z' : zone
  } // prettier-ignore
}

/** As text of the invariant culture, which casts and interpolation use. */
export const dateText = (date: Date) => (Number.isNaN(date.getTime()) ? '' : formatDate(date, 'MM/dd/yyyy HH:mm:ss'))
