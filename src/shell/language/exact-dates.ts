import { dateFrom, datePattern, datePieces, dayNames, monthNames } from './dates.ts'

const longestFormat = 100

/** What a field of a format reads, as a regular expression without groups. */
function fieldForm(field: string): string {
  const names = (all: readonly string[], short: boolean) => `(?:${all.map((name) => (short ? name.slice(0, 3) : name)).join('|')})`
  switch (field[0]) {
    case 'd': return field.length > 2 ? names(dayNames, field.length === 3) : digits(field)
    case 'M': return field.length > 2 ? names(monthNames, field.length === 3) : digits(field)
    case 'y': return field.length <= 2 ? '\\d\\d' : '\\d{4}'
    case 'f': return `\\d{${field.length}}`
    case 'F': return `\\d{0,${field.length}}`
    case 't': return field.length === 1 ? '[AP]' : '[AP]M'
    case 'z': return field.length === 3 ? '[-+]\\d\\d:\\d\\d' : '[-+]\\d{1,2}'
    case 'K': return '(?:Z|[-+]\\d\\d:\\d\\d)?'
    default: return digits(field)
  } // prettier-ignore
}
const digits = (field: string) => (field.length === 1 ? '\\d{1,2}' : '\\d\\d')

/** Reads a date exactly as a .NET format writes it (`dd.MM.yyyy HH:mm`); undefined for any other text. */
export function parseDateExact(text: string, format: string): Date | undefined {
  if (format.length > longestFormat || text.length > 2 * longestFormat) return undefined
  const pattern = datePattern(format)
  const fields: string[] = []
  let [form, from] = ['', 0]
  for (const piece of pattern.matchAll(datePieces())) {
    form += RegExp.escape(pattern.slice(from, piece.index))
    from = piece.index + piece[0].length
    const field = piece[4]
    if (field !== undefined) fields.push(field)
    form += field === undefined ? RegExp.escape(piece[1] ?? piece[2] ?? piece[3] ?? '') : `(${fieldForm(field)})`
  }
  const found = new RegExp(`^${form}${RegExp.escape(pattern.slice(from))}$`, 'i').exec(text)
  return found ? dateOf(fields, found.slice(1)) : undefined
}

function dateOf(fields: readonly string[], texts: readonly string[]): Date | undefined {
  const of = (letter: string, most = 7) => texts[fields.findIndex((field) => field[0] === letter && field.length <= most)]
  const number = (letter: string, otherwise = 0) => Number(of(letter, 5) ?? otherwise)
  const year = number('y', new Date().getFullYear())
  const monthText = of('M')
  const named = monthNames.findIndex(
    (name) => monthText !== undefined && name.slice(0, 3).toLowerCase() === monthText.slice(0, 3).toLowerCase(),
  )
  const month = named >= 0 ? named + 1 : Number(monthText ?? 1)
  const half = of('t')?.[0]?.toLowerCase()
  const hour = of('h') === undefined ? number('H') : (number('h') % 12) + (half === 'p' ? 12 : 0)
  const ms = Math.floor(Number(`0.${of('f') ?? of('F') ?? 0}`) * 1000)
  const full = year < 100 ? year + (year < 50 ? 2000 : 1900) : year
  const zone = of('K') || of('z')
  const read = dateFrom(full, month, Number(of('d', 2) ?? 1), hour, number('m'), number('s'), ms, zone !== undefined)
  return read && zone ? new Date(read.getTime() - minutesOf(zone) * 60_000) : read
}

function minutesOf(zone: string): number {
  const [, sign = '+', hours = 0, minutes = 0] = /^([-+])(\d+)(?::(\d+))?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
