import type { Instant } from '../values.ts'
import { windowsNames } from './windows-names.ts'
import { windowsZoneTable } from './windows-zones.ts'
import { createZone, day, fixedZone, formatOffset, standardOffset, type Span, type Zone } from './zone.ts'

const byWindows = new Map(windowsZoneTable.map((row) => [row[0].toLowerCase(), row]))
const byIana = new Map(windowsZoneTable.flatMap((row) => row[2].split(' ').map((iana) => [iana.toLowerCase(), row[0]])))

/** Windows ids of the same zone that clients still send: older spellings and Exchange's own names. */
const aliases = new Map(
  Object.entries({
    'tzone://microsoft/utc': 'UTC',
    'coordinated universal time': 'UTC',
    utc: 'UTC',
    gmt: 'UTC',
    z: 'UTC',
    'kamchatka standard time': 'Russia Time Zone 11',
    'mid-atlantic standard time': 'UTC-02',
    'mexico standard time': 'Central Standard Time (Mexico)',
    'mexico standard time 2': 'Mountain Standard Time (Mexico)',
  }),
)

function canonicalIana(id: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: id }).resolvedOptions().timeZone
  } catch {
    return undefined // the name is no time zone: RangeError is how Intl says so
  }
}

/** The Windows id of a Windows or IANA name (any alias, any case); undefined when there is none. */
export function windowsZoneId(name: string): string | undefined {
  const key = name.trim().toLowerCase()
  const direct = byWindows.get(key)?.[0] ?? aliases.get(key) ?? byIana.get(key)
  if (direct) return direct
  const canonical = /^[a-z_]+(\/[\w+-]+)*$|^[a-z0-9+-]{2,8}$/i.test(name.trim()) ? canonicalIana(name.trim()) : undefined
  if (!canonical) return undefined
  return canonical === 'UTC' ? 'UTC' : byIana.get(canonical.toLowerCase())
}

/** The IANA name of a Windows or IANA name, `Europe/Kyiv` rather than `Europe/Kiev`; undefined when there is none. */
export function ianaZoneId(name: string): string | undefined {
  const key = name.trim().toLowerCase()
  const windows = byWindows.get(aliases.get(key)?.toLowerCase() ?? key)
  if (windows) return windows[1]
  const canonical = canonicalIana(name.trim())
  if (!canonical) return undefined
  const row = byWindows.get(byIana.get(canonical.toLowerCase())?.toLowerCase() ?? '')
  return row && row[2].split(' ').includes(canonical) && canonicalIana(row[1]) === canonical ? row[1] : canonical
}

/** All Windows ids, west to east, as GetServerTimeZones lists them. */
export function windowsZoneIds(): string[] {
  return Object.keys(windowsNames).filter((id) => byWindows.has(id.toLowerCase()))
}

/** The zone of an IANA name, by the rules that this Node carries. */
function ianaZone(id: string, iana: string): Zone {
  if (iana === 'UTC') return fixedZone(id, 0, 'UTC')
  return createZone(id, iana, (instant): Span => {
    // Temporal reaches about 271,000 years; far outside of what calendars hold the nearest rules stand.
    const bounded = Math.min(Math.max(instant, -8e15), 8e15)
    const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(bounded)).toZonedDateTimeISO(iana)
    const offset = at.offsetNanoseconds / 1e6
    const next = at.getTimeZoneTransition('next')
    const previous = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
    return {
      from: previous ? previous.epochMilliseconds : -Infinity,
      to: next ? next.epochMilliseconds : Infinity,
      offset,
      daylight: isDaylight(at, offset, previous, next),
    }
  })
}

/** Daylight: the clock is ahead of what it shows before or after, in a stretch shorter than 300 days. */
function isDaylight(
  at: Temporal.ZonedDateTime,
  offset: number,
  previous: Temporal.ZonedDateTime | null,
  next: Temporal.ZonedDateTime | null,
): boolean {
  if (!previous || !next) return false
  if (next.epochMilliseconds - previous.epochMilliseconds > 300 * day) return false
  const before = previous.subtract({ milliseconds: 1 }).offsetNanoseconds / 1e6
  const after = next.offsetNanoseconds / 1e6
  return before < offset && after < offset && at.year > 1900
}

/** The zone of a Windows or IANA name; undefined when it is unknown. `id` is the Windows id where one exists. */
export function zoneNamed(name: string): Zone | undefined {
  const key = name.trim().toLowerCase()
  const found = zones.get(key)
  if (found) return found
  const iana = ianaZoneId(name)
  if (!iana) return undefined
  const zone = ianaZone(windowsZoneId(name) ?? iana, iana)
  // There are about 1,500 names that lead to a zone, and offsets of a minute's grain.
  if (zones.size < 5000) zones.set(key, zone)
  return zone
}

/** Zones found before, with the spans they remember: a calendar's thousand series share them. */
const zones = new Map<string, Zone>()

/** The zone of UTC. */
export const utc: Zone = fixedZone('UTC', 0, 'UTC')

/** `(UTC+01:00) Amsterdam, Berlin, …` with the zone's standard offset at the moment; other zones get their id. */
export function zoneDisplayName(id: string, at: Instant): string {
  const zone = zoneNamed(id)
  if (!zone) return id
  if (zone.id === 'UTC') return '(UTC) Coordinated Universal Time'
  return `(UTC${formatOffset(standardOffset(zone, at))}) ${windowsNames[zone.id] ?? zone.iana ?? id}`
}
