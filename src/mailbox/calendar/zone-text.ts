import {
  dayOfChange,
  definitionOf,
  equivalentZone,
  localDate,
  partsOf,
  rulesOf,
  zoneNamed,
  zoneOfRules,
  type RuleSet,
  type TimeZoneRef,
  type YearlyChange,
  type Zone,
} from '#model'
import { icalDays, type ICalObservance, type ICalRule, type ICalZone } from '#wire'

const yearly = (parts: Partial<ICalRule>): ICalRule => ({
  frequency: 'YEARLY',
  interval: 1,
  byDay: [],
  byMonthDay: [],
  byMonth: [],
  bySetPosition: [],
  others: [],
  ...parts,
})

/** A zone as a VTIMEZONE (RFC 5545 3.6.5) for the years given; the last year's rules go on. */
export function zoneText(zone: Zone, id: string, fromYear: number, toYear: number): ICalZone {
  const sets = rulesOf(zone, fromYear, toYear)
  const observances: ICalObservance[] = []
  let offset = zone.offsetAt(localDate(fromYear, 1, 1) - 86_400_000)
  sets.forEach((set, i) => {
    const year = Number.isFinite(set.fromYear) ? set.fromYear : fromYear
    const next = sets[i + 1]?.fromYear
    if (set.changes.length === 0) {
      observances.push({ daylight: false, start: localDate(year, 1, 1), offsetFrom: offset, offsetTo: set.offset, dates: [] })
      offset = set.offset
      return
    }
    // The clock before the first change of each year but the first is that after the last one.
    for (const change of set.changes) {
      const from = offset
      offset = change.offset
      if (from !== offset) observances.push(observance(change, year, from, next))
    }
  })
  if (observances.length === 0) observances.push({ daylight: false, start: localDate(fromYear, 1, 1), offsetFrom: offset, offsetTo: offset, dates: [] }) // prettier-ignore
  return { id, observances }
}

function observance(change: YearlyChange, year: number, offsetFrom: number, next: number | undefined): ICalObservance {
  const start = dayOfChange(change, year) + change.time
  const plain = { daylight: change.daylight, start, offsetFrom, offsetTo: change.offset, dates: [] }
  if (next === year + 1) return plain
  const until = next === undefined ? {} : { until: { local: localDate(next, 1, 1) - 1000, zone: 'UTC', date: false } }
  const on =
    'dayOfMonth' in change.on
      ? { byMonthDay: [change.on.dayOfMonth] }
      : { byDay: [{ day: icalDays[change.on.weekday]!, nth: change.on.nth === 5 ? -1 : change.on.nth }] }
  return { ...plain, rule: yearly({ byMonth: [change.month], ...on, ...until }) }
}

/** The zone that a VTIMEZONE describes, by its own rules. */
export function zoneOfText(text: ICalZone): Zone {
  const observances = [...text.observances].sort((a, b) => a.start - b.start)
  const years = new Set<number>()
  for (const each of observances) {
    for (const at of [each.start, ...each.dates]) years.add(partsOf(at).year).add(partsOf(at).year + 1)
    if (each.rule?.until) years.add(partsOf(each.rule.until.local).year + 1)
  }
  const ordered = [...years].filter(Number.isFinite).sort((a, b) => a - b).slice(-400) // prettier-ignore
  const sets = ordered.map((year): RuleSet => setOf(observances, year))
  const first = observances[0]
  const initial: RuleSet = { fromYear: -Infinity, offset: first?.offsetFrom ?? 0, changes: [] }
  const withRules = sets.find((set) => set.changes.length > 0 && observances.every((each) => each.rule))
  return zoneOfRules(text.id, [withRules ? { ...withRules, fromYear: -Infinity } : initial, ...sets])
}

function setOf(observances: readonly ICalObservance[], fromYear: number): RuleSet {
  const last = localDate(fromYear + 1, 1, 1)
  const begun = observances.filter((each) => each.start < last)
  const changes = begun.flatMap((each): YearlyChange[] => {
    const { rule } = each
    const until = rule?.until ? partsOf(rule.until.local).year : rule?.count ? partsOf(each.start).year + rule.count - 1 : Infinity
    if (rule && rule.frequency === 'YEARLY' && fromYear <= until) return [changeOf(each)]
    return [each.start, ...each.dates].filter((at) => partsOf(at).year === fromYear).map((at) => changeAt(each, at))
  })
  const latest = begun.at(-1) ?? observances[0]
  return { fromYear, offset: latest?.offsetTo ?? 0, changes }
}

const changeAt = (each: ICalObservance, at: number): YearlyChange => {
  const { month, day, time } = partsOf(at)
  return { month, on: { dayOfMonth: day }, time, offset: each.offsetTo, daylight: each.daylight }
}

function changeOf(each: ICalObservance): YearlyChange {
  const rule = each.rule!
  const plain = changeAt(each, each.start)
  const month = rule.byMonth[0] ?? plain.month
  const [byDay] = rule.byDay
  if (!byDay) return { ...plain, month, on: { dayOfMonth: rule.byMonthDay[0] ?? partsOf(each.start).day } }
  const weekday = icalDays.indexOf(byDay.day)
  // The first Sunday on or after the 8th is written as BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU.
  const nth = byDay.nth !== 0 ? byDay.nth : rule.byMonthDay.length > 0 ? Math.ceil(Math.min(...rule.byMonthDay) / 7) : 1
  return { ...plain, month, on: { weekday, nth: nth < 0 ? 5 : nth } }
}

/** A TZID that carries an IANA name behind a vendor's prefix (`/mozilla.org/20050126_1/Europe/Berlin`). */
function embeddedName(id: string): string | undefined {
  const parts = id.split('/').filter(Boolean)
  return [3, 2, 1].map((count) => parts.slice(-count).join('/')).find((name) => name.includes('/') && zoneNamed(name) !== undefined)
}

/** What a TZID stands for: the zone, and the reference that an item keeps. */
export interface ResolvedZone {
  zone: Zone
  ref: TimeZoneRef
}

/**
 * Finds the zone of a TZID: by its name, by a name within it, by the rules of the VTIMEZONE that came with it (matched to a
 * known zone around the year where they are equal). Undefined when nothing helps.
 */
export function resolveZone(id: string, zones: readonly ICalZone[], year: number): ResolvedZone | undefined {
  const named = zoneNamed(id) ?? zoneNamed(embeddedName(id) ?? '')
  if (named) return { zone: named, ref: { id: named.id } }
  const described = zones.find((zone) => zone.id === id && zone.observances.length > 0)
  if (!described) return undefined
  const own = zoneOfText(described)
  const known = equivalentZone(own, year, year + 1)
  if (known) return { zone: known, ref: { id: known.id } }
  return { zone: own, ref: { id, definition: definitionOf(own, year - 2, year + 10) } }
}
