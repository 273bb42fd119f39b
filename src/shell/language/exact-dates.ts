import { dateFrom, datePattern, datePieces, dayNames, monthNames } from './dates.ts'

const longestFormat = 100

/** What a field of a format reads, as a regular expression. */
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

/**
 * Reads a date exactly as a .NET format writes it (`dd.MM.yyyy HH:mm`); undefined for any other text. Each field takes as much as it can, as in .NET:
 * nothing is tried twice, whatever the format.
 */
export function parseDateExact(text: string, format: string): Date | undefined {
  if (format.length > longestFormat || text.length > 2 * longestFormat) return undefined
  const pattern = datePattern(format)
  const read: { field: string; text: string }[] = []
  let [at, from] = [0, 0]
  const literal = (wanted: string) => {
    const isThere = text.slice(at, at + wanted.length).toLowerCase() === wanted.toLowerCase()
    at += wanted.length
    return isThere
  }
  for (const piece of pattern.matchAll(datePieces())) {
    if (!literal(pattern.slice(from, piece.index))) return undefined
    from = piece.index + piece[0].length
    const field = piece[4]
    if (field === undefined) {
      if (!literal(piece[1] ?? piece[2] ?? piece[3] ?? '')) return undefined
      continue
    }
    const form = new RegExp(fieldForm(field), 'iy')
    form.lastIndex = at
    const found = form.exec(text)?.[0]
    if (found === undefined) return undefined
    at += found.length
    read.push({ field, text: found })
  }
  return literal(pattern.slice(from)) && at === text.length ? dateOf(read) : undefined
}

function dateOf(read: readonly { field: string; text: string }[]): Date | undefined {
  const of = (letter: string, most = 7) => read.find(({ field }) => field[0] === letter && field.length <= most)?.text
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
  const date = dateFrom(full, month, Number(of('d', 2) ?? 1), hour, number('m'), number('s'), ms, zone !== undefined)
  return date && zone ? new Date(date.getTime() - minutesOf(zone) * 60_000) : date
}

function minutesOf(zone: string): number {
  const [, sign = '+', hours = 0, minutes = 0] = /^([-+])(\d+)(?::(\d+))?$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
