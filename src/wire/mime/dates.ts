const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const zones: Record<string, number> = { EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 }
const form = /(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([+-]\d{4}|[A-Za-z]+)?/

/** A date of RFC 5322 3.3, the obsolete forms of 4.3 included, in milliseconds UTC; undefined when it is none. */
export function parseDate(raw: string): number | undefined {
  const match = form.exec(raw.slice(0, 200))
  if (!match) {
    const other = Date.parse(raw.slice(0, 200))
    return Number.isFinite(other) ? other : undefined
  }
  const [, day, monthName = '', yearText = '', hour, minute, second, zone = ''] = match
  const month = months.findIndex((name) => name.toLowerCase() === monthName.toLowerCase())
  if (month < 0) return undefined
  const short = Number(yearText)
  const year = yearText.length >= 4 ? short : short < 50 ? short + 2000 : short + 1900
  const at = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second ?? 0))
  return Number.isFinite(at) ? at - offset(zone) * 60_000 : undefined
}

/** Minutes east of Greenwich of `+0130` or of the obsolete names; unknown names count as UTC (RFC 5322 4.3). */
function offset(zone: string): number {
  const numeric = /^([+-])(\d{2})(\d{2})$/.exec(zone)
  if (numeric) return (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) * 60 + Number(numeric[3]))
  return zones[zone.toUpperCase()] ?? 0
}

/** The instant as RFC 5322 3.3 writes it, in UTC: `Sun, 22 Nov 2026 23:40:51 +0000`. */
export function formatDate(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return (
    `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
  )
}
