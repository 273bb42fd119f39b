import { dayOfChange, type RuleSet, type YearlyChange } from './rules.ts'
import { day, partsOf, standardOffset, type Zone } from './zone.ts'

interface YearChange {
  month: number
  dayOfMonth: number
  weekday: number
  time: number
  offset: number
  daylight: boolean
  fromOffset: number
}

function changesIn(zone: Zone, year: number): YearChange[] {
  const found: YearChange[] = []
  const first = zone.offsetAt(Date.UTC(year, 0, 1) - 2 * day)
  let fromOffset = first
  // A year in the zone's own time: start on the eve, so that a change at midnight of 1 January belongs to it.
  for (let at = zone.spanAt(Date.UTC(year, 0, 1) - 2 * day).to; Number.isFinite(at); at = zone.spanAt(at).to) {
    const local = partsOf(at + fromOffset)
    if (local.year > year) break
    const { offset, daylight } = zone.spanAt(at)
    if (local.year === year && offset !== fromOffset) {
      found.push({ month: local.month, dayOfMonth: local.day, weekday: local.weekday, time: local.time, offset, daylight, fromOffset })
    }
    fromOffset = offset
  }
  return found
}

/** Which n-th weekdays of its month a day is: one of 1–4, and 5 when it is the last. */
function ordinals(change: YearChange, year: number): number[] {
  const last = dayOfChange({ month: change.month, on: { weekday: change.weekday, nth: 5 } }, year)
  const nth = Math.ceil(change.dayOfMonth / 7)
  return [...(nth < 5 ? [nth] : []), ...(partsOf(last).day === change.dayOfMonth ? [5] : [])]
}

const signature = (changes: YearChange[]) => changes.map((c) => [c.month, c.weekday, c.time, c.offset, c.fromOffset].join()).join(';')

/**
 * The rules of a zone for the years given, as few sets as say the same: years with two changes on the n-th or last weekday
 * of a month share one; a year with other changes gets its dates. The last set holds on.
 */
export function rulesOf(zone: Zone, fromYear: number, toYear: number): RuleSet[] {
  const sets: RuleSet[] = []
  let run: { fromYear: number; changes: YearChange[]; nths: number[][]; key: string } | undefined
  const flush = (year: number) => {
    if (!run) return
    const { changes, nths } = run
    sets.push({
      fromYear: run.fromYear,
      offset: standardOffset(zone, Date.UTC(year, 0, 1)),
      changes: changes.map((c, i): YearlyChange => ({
        month: c.month,
        on: { weekday: c.weekday, nth: nths[i]!.at(-1)! },
        time: c.time,
        offset: c.offset,
        daylight: c.daylight,
      })),
    })
    run = undefined
  }
  for (let year = fromYear; year <= toYear; year++) {
    const changes = changesIn(zone, year)
    if (changes.length === 2 && changes[0]!.fromOffset === changes[1]!.offset) {
      const nths = changes.map((change) => ordinals(change, year))
      const shared = run?.key === signature(changes) ? run.nths.map((list, i) => list.filter((n) => nths[i]!.includes(n))) : undefined
      if (run && shared?.every((list) => list.length > 0)) run.nths = shared
      else {
        flush(year - 1)
        run = { fromYear: year, changes, nths, key: signature(changes) }
      }
      continue
    }
    flush(year - 1)
    const offset = changes[0]?.fromOffset ?? zone.offsetAt(Date.UTC(year, 6, 1))
    if (changes.length === 0) {
      const before = sets.at(-1)
      if (before && before.changes.length === 0 && before.offset === offset) continue
      sets.push({ fromYear: year, offset, changes: [] })
      continue
    }
    const dated = changes.map((c): YearlyChange => ({
      month: c.month,
      on: { dayOfMonth: c.dayOfMonth },
      time: c.time,
      offset: c.offset,
      daylight: c.daylight,
    }))
    const start: YearlyChange = { month: 1, on: { dayOfMonth: 1 }, time: 0, offset, daylight: false }
    const startsTheYear = dated[0]!.month === 1 && 'dayOfMonth' in dated[0]!.on && dated[0]!.on.dayOfMonth === 1
    sets.push({ fromYear: year, offset, changes: startsTheYear ? dated : [start, ...dated] })
  }
  flush(toYear)
  const first = sets[0]
  if (first) sets[0] = { ...first, fromYear: -Infinity }
  return sets
}
