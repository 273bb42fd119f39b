/** `2030-03-04T10:00:00Z`, `20300304T100000`, `20300304` → wall clock; undefined when it is no date. */
export function parseTime(text: string, zone: string): { local: number; zone: string; date: boolean } | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z)?)?$/i.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, utc] = match
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31 || Number(hour ?? 0) > 24) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Math.min(Number(second ?? 0), 59))
  return { local: date.getTime(), zone: utc ? 'UTC' : hour === undefined ? '' : zone, date: hour === undefined }
}

/** Milliseconds of a DURATION (RFC 5545 3.3.6); undefined when it is none. */
export function parseICalDuration(text: string): number | undefined {
  const match = /^([+-])?P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/i.exec(text.trim())
  if (!match) return undefined
  const [, sign, weeks, days, hours, minutes, seconds] = match.map((part) => part ?? '')
  const total = Number(weeks) * 604_800 + Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return (sign === '-' ? -total : total) * 1000
}

/** `PT2H`, `-PT15M`, `P1D`. */
export function formatICalDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`
  const text = `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
  return `${ms < 0 ? '-' : ''}${text === 'P' ? 'PT0S' : text}`
}

/** Milliseconds east of UTC of `+0100`, `-05:30`, `+013045`; undefined when it is none. */
export function parseUtcOffset(text: string): number | undefined {
  const match = /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(text.trim())
  if (!match) return undefined
  const value = Number(match[2]) * 3_600_000 + Number(match[3]) * 60_000 + Number(match[4] ?? 0) * 1000
  return match[1] === '-' ? -value : value
}

export function formatUtcOffset(offset: number): string {
  const seconds = Math.abs(Math.round(offset / 1000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const rest = seconds % 60
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(seconds / 3600))}${pad(Math.floor(seconds / 60) % 60)}${rest ? pad(rest) : ''}`
}

/** `20300304T100000`, without zone; `20300304` for a date. */
export function formatTime(local: number, date: boolean): string {
  const text = new Date(local).toISOString().replace(/[-:]|\.\d{3}Z$/g, '')
  return date ? text.slice(0, 8) : text
}

/** Text escaped for a TEXT value (RFC 5545 3.3.11); characters that no line may hold are left out. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, (character) => `\\${character}`)
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
}

/** A parameter value, quoted where it must be (RFC 5545 3.1, RFC 6868). */
export function parameterValue(text: string): string {
  const encoded = text.replace(/\^/g, '^^').replace(/\r\n?|\n/g, '^n').replace(/"/g, "^'").replace(/[\0-\x08\x0b-\x1f\x7f]/g, '') // prettier-ignore
  return /[;:,]/.test(encoded) ? `"${encoded}"` : encoded
}

/** A line folded at 75 octets, never within a character (RFC 5545 3.1), with its CRLF. */
export function foldLine(line: string): string {
  if (line.length < 25 || Buffer.byteLength(line) <= 75) return `${line}\r\n`
  let out = ''
  let used = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (used + size > 75) {
      out += '\r\n '
      used = 1
    }
    out += character
    used += size
  }
  return `${out}\r\n`
}
