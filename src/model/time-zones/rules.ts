import type { Instant } from '../values.ts'
import { windowsZoneIds, zoneNamed } from './known.ts'
import { createZone, day, fixedZone, localDate, partsOf, type LocalTime, type Span, type Zone } from './zone.ts'

/** When in a year the clocks change: the n-th weekday of a month (5 = last) or a date; `time` = ms of the day on the clock before. */
export interface YearlyChange {
  month: number
  on: { weekday: number; nth: number } | { dayOfMonth: number }
  time: number
  /** Milliseconds east of UTC from then on. */
  offset: number
  daylight: boolean
}

/** The rules that hold from a year on, until the next set. No changes = the offset stands. */
export interface RuleSet {
  fromYear: number
  offset: number
  changes: YearlyChange[]
}

/** The day on which a yearly change falls. */
export function dayOfChange(change: Pick<YearlyChange, 'month' | 'on'>, year: number): LocalTime {
  if ('dayOfMonth' in change.on) return localDate(year, change.month, change.on.dayOfMonth)
  const { weekday, nth } = change.on
  const first = partsOf(localDate(year, change.month, 1)).weekday
  const length = partsOf(localDate(year, change.month + 1, 0)).day
  let dayOfMonth = 1 + ((weekday - first + 7) % 7) + (Math.min(Math.max(nth, 1), 5) - 1) * 7
  while (dayOfMonth > length) dayOfMonth -= 7
  return localDate(year, change.month, dayOfMonth)
}

function setOf(sets: readonly RuleSet[], year: number): RuleSet | undefined {
  let found = sets[0]
  for (const set of sets) if (set.fromYear <= year) found = set
  return found
}

interface Change {
  at: Instant
  offset: number
  daylight: boolean
}

/** The changes of one year in order, as instants; the offset before each is that of the change before it. */
function changesOf(sets: readonly RuleSet[], year: number): Change[] {
  const set = setOf(sets, year)
  if (!set) return []
  if (set.changes.length === 0) {
    const offset = offsetAfter(sets, year - 1)
    return offset === set.offset ? [] : [{ at: localDate(year, 1, 1) - offset, offset: set.offset, daylight: false }]
  }
  const ordered = [...set.changes].sort((a, b) => dayOfChange(a, year) + a.time - dayOfChange(b, year) - b.time)
  let offset = offsetAfter(sets, year - 1)
  return ordered.map((change) => {
    const at = dayOfChange(change, year) + change.time - offset
    offset = change.offset
    return { at, offset, daylight: change.daylight }
  })
}

function lastOf(set: RuleSet, year: number): YearlyChange {
  return [...set.changes].sort((a, b) => dayOfChange(a, year) + a.time - dayOfChange(b, year) - b.time).at(-1)!
}

/** The offset with which a year ends. */
function offsetAfter(sets: readonly RuleSet[], year: number): number {
  const set = setOf(sets, year)
  return set?.changes.length ? lastOf(set, year).offset : (set?.offset ?? 0)
}

/** A zone from a client's own rules. `sets` ascend by year; before the first the first one holds. */
export function zoneOfRules(id: string, sets: readonly RuleSet[]): Zone {
  if (sets.length < 2 && !sets[0]?.changes.length) return fixedZone(id, sets[0]?.offset ?? 0)
  return createZone(id, null, (instant): Span => {
    const year = partsOf(Math.min(Math.max(instant, -8e15), 8e15)).year
    let at: Change = { at: Math.min(Date.UTC(year - 1, 0, 1), instant), offset: offsetAfter(sets, year - 3), daylight: false }
    let to = Math.max(Date.UTC(year + 2, 0, 1), instant + day)
    for (const change of [year - 2, year - 1, year, year + 1, year + 2].flatMap((each) => changesOf(sets, each))) {
      if (change.at > instant) {
        to = Math.min(to, change.at)
        break
      }
      at = change
    }
    return { from: at.at, to, offset: at.offset, daylight: at.daylight }
  })
}

/** One of each for good: a zone remembers the spans that it has looked up. */
const windowsZones = windowsZoneIds().flatMap((id) => zoneNamed(id) ?? [])

/** A known zone whose clock shows the same as this one's in every month of the years given, the id's own first. */
export function equivalentZone(zone: Zone, fromYear: number, toYear: number): Zone | undefined {
  const probes: Instant[] = []
  for (let year = fromYear; year <= toYear; year++) {
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1);) {
      const { to } = zone.spanAt(at)
      probes.push(at)
      if (!Number.isFinite(to) || to >= Date.UTC(year + 1, 0, 1)) break
      probes.push(to - 1, to)
      at = to + day
    }
    for (let month = 0; month < 12; month++) probes.push(Date.UTC(year, month, 15))
  }
  const named = zone.id === '' ? undefined : zoneNamed(zone.id)
  const candidates = named ? [named, ...windowsZones] : windowsZones
  return candidates.find((known) => probes.every((at) => known.offsetAt(at) === zone.offsetAt(at)))
}
