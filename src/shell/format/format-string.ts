import { ByteSize, TimeSpan } from '#model'
import type { Value } from '../values.ts'
import { cellText, dateText, longDateText, names, numberText } from './text.ts'

/** Most decimal places that a format may ask for. */
const mostPlaces = 20

/** What `Intl` takes as numbers of places. */
type Places = BigIntToLocaleStringOptions['maximumFractionDigits']
type Integers = BigIntToLocaleStringOptions['minimumIntegerDigits']

/**
 * A value by a .NET format text: standard numbers (`N2 F1 P0 D5 X4 E3 C G`), standard dates (`d D t T f F g G s u o M Y`), custom ones
 * (`#,##0.0`, `yyyy-MM-dd HH:mm`), or a composite one (`{0:N2} MB`). A format that the type does not know gives the value as a table shows it.
 */
export function formatted(value: Value, format: string): string {
  if (/\{0(,-?\d+)?(:[^{}]*)?\}/.test(format)) {
    return format.replace(/\{0(?:,(-?\d{1,3}))?(?::([^{}]*))?\}/g, (_all, width: string | undefined, inner: string | undefined) => {
      const text = inner ? formatted(value, inner) : cellText(value)
      return Number(width ?? 0) < 0 ? text.padEnd(-Number(width)) : text.padStart(Number(width ?? 0))
    })
  }
  if (value instanceof Date) return formattedDate(value, format)
  const number = value instanceof ByteSize ? value.bytes : value
  if (typeof number === 'number' || typeof number === 'bigint') return formattedNumber(number, format)
  if (value instanceof TimeSpan) return formattedSpan(value, format)
  return cellText(value)
}

function formattedNumber(value: number | bigint, format: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return numberText(value)
  const standard = /^([NFPDXECG])(\d{0,2})$/i.exec(format)
  if (!standard) return /[0#]/.test(format) ? customNumber(value, format) : numberText(value)
  const kind = standard[1]!.toUpperCase()
  const digits = standard[2] ? Math.min(Number(standard[2]), mostPlaces) : undefined
  const fixed = (number: number | bigint, places: number, grouped: boolean): string => {
    const exactly = places as Places
    return number.toLocaleString('en-US', { minimumFractionDigits: exactly, maximumFractionDigits: exactly, useGrouping: grouped })
  }
  switch (kind) {
    case 'N':
      return fixed(value, digits ?? 2, true)
    case 'F':
      return fixed(value, digits ?? 2, false)
    case 'C':
      return value < 0 ? `-$${fixed(-value, digits ?? 2, true)}` : `$${fixed(value, digits ?? 2, true)}`
    case 'P':
      return `${fixed(Number(value) * 100, digits ?? 2, true)}%`
    case 'D':
      return whole(value, (text) => text.padStart(digits ?? 0, '0'), 10)
    case 'X': {
      const text = whole(value, (hex) => hex.padStart(digits ?? 0, '0'), 16)
      return standard[1] === 'x' ? text : text.toUpperCase()
    }
    case 'E': {
      const [mantissa, power = '+0'] = Number(value)
        .toExponential(Math.min(digits ?? 6, 20))
        .split('e')
      return `${mantissa}${standard[1]}${power[0]}${power.slice(1).padStart(3, '0')}`
    }
    default:
      return digits ? numberText(Number(Number(value).toPrecision(digits))) : numberText(value)
  }
}

/** `D` and `X` are for whole numbers; others stay as they are. */
function whole(value: number | bigint, shape: (digits: string) => string, radix: 10 | 16): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return numberText(value)
  if (radix === 16 && value < 0) return BigInt.asUintN(value >= -0x80000000 ? 32 : 64, BigInt(value)).toString(16)
  return value < 0 ? `-${shape((-value).toString(radix))}` : shape(value.toString(radix))
}

/** `0.00`, `#,##0.#`, `0%`, with text around it. */
function customNumber(value: number | bigint, format: string): string {
  const found = /^([^0#]*)([0#,]*)(?:\.([0#]*))?(.*)$/s.exec(format)!
  const [, before = '', integers = '', fraction = '', after = ''] = found
  const minimum = Math.min(fraction.lastIndexOf('0') + 1, mostPlaces)
  const text = (after.startsWith('%') ? Number(value) * 100 : value).toLocaleString('en-US', {
    minimumIntegerDigits: Math.min(Math.max(1, integers.replace(/[^0]/g, '').length), 21) as Integers,
    minimumFractionDigits: minimum as Places,
    maximumFractionDigits: Math.max(minimum, Math.min(fraction.length, mostPlaces)) as Places,
    useGrouping: integers.includes(','),
  })
  return before.replace(/['"\\]/g, '') + text + after.replace(/['"\\]/g, '')
}

const standardDates: ReadonlyMap<string, string> = new Map([
  ['d', 'M/d/yyyy'],
  ['D', 'dddd, MMMM d, yyyy'],
  ['t', 'h:mm tt'],
  ['T', 'h:mm:ss tt'],
  ['f', 'dddd, MMMM d, yyyy h:mm tt'],
  ['g', 'M/d/yyyy h:mm tt'],
  ['s', "yyyy-MM-dd'T'HH:mm:ss"],
  ['M', 'MMMM d'],
  ['m', 'MMMM d'],
  ['Y', 'MMMM yyyy'],
  ['y', 'MMMM yyyy'],
])

function formattedDate(date: Date, format: string): string {
  if (Number.isNaN(date.getTime())) return ''
  if (format === 'G' || format === '') return dateText(date)
  if (format === 'F') return longDateText(date)
  if (format === 'u') return date.toISOString().slice(0, 19).replace('T', ' ') + 'Z'
  if (format === 'o' || format === 'O') return date.toISOString().replace('Z', '0000Z')
  if (format === 'r' || format === 'R') return date.toUTCString()
  return customDate(date, standardDates.get(format) ?? format)
}

function customDate(date: Date, format: string): string {
  const padded = (value: number, letters: string): string => String(value).padStart(letters.length, '0')
  return format.replace(/'[^']*'|"[^"]*"|\\.|d+|M+|y+|H+|h+|m+|s+|f+|t+|z+|K/g, (part) => {
    switch (part[0]) {
      case 'd':
        return named(part, date.getDate(), names.days[date.getDay()]!)
      case 'M':
        return named(part, date.getMonth() + 1, names.months[date.getMonth()]!)
      case 'y':
        return padded(part.length <= 2 ? date.getFullYear() % 100 : date.getFullYear(), part)
      case 'H':
        return padded(date.getHours(), part.slice(0, 2))
      case 'h':
        return padded(date.getHours() % 12 || 12, part.slice(0, 2))
      case 'm':
        return padded(date.getMinutes(), part.slice(0, 2))
      case 's':
        return padded(date.getSeconds(), part.slice(0, 2))
      case 'f':
        return `${String(date.getMilliseconds()).padStart(3, '0')}0000`.slice(0, part.length)
      case 't':
        return (date.getHours() < 12 ? 'AM' : 'PM').slice(0, part.length)
      case 'z':
      case 'K':
        return offset(date, part)
      default:
        return part[0] === '\\' ? part.slice(1) : part.slice(1, -1)
    }
  })
}

function named(part: string, number: number, name: string): string {
  if (part.length >= 4) return name
  return part.length === 3 ? name.slice(0, 3) : String(number).padStart(part.length, '0')
}

function offset(date: Date, part: string): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  const hours = String(Math.floor(size / 60)).padStart(part === 'z' ? 1 : 2, '0')
  return `${minutes < 0 ? '-' : '+'}${hours}${part === 'z' || part === 'zz' ? '' : `:${String(size % 60).padStart(2, '0')}`}`
}

function formattedSpan(span: TimeSpan, format: string): string {
  if (format === 'c' || format === 't' || format === 'T') return span.toString()
  const ms = Math.abs(Math.round(span.ms))
  const parts: Record<string, number> = {
    d: Math.floor(ms / 86_400_000),
    h: Math.floor(ms / 3_600_000) % 24,
    m: Math.floor(ms / 60_000) % 60,
    s: Math.floor(ms / 1000) % 60,
  }
  return format.replace(/'[^']*'|\\.|d+|h+|m+|s+|f+/g, (part) => {
    if (part[0] === 'f') return `${String(ms % 1000).padStart(3, '0')}0000`.slice(0, part.length)
    if (part[0] === '\\') return part.slice(1)
    return part[0] === "'" ? part.slice(1, -1) : String(parts[part[0]!]).padStart(part.length, '0')
  })
}
