import type { Tree } from '../values.ts'
import { zoneDisplayName } from './known.ts'
import type { RuleSet, YearlyChange } from './rules.ts'
import { rulesOf } from './yearly.ts'
import { formatLocal, localDate, minute, type Zone } from './zone.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** An xs:duration of days, hours, minutes and seconds (`-PT1H30M`, `P1D`, `PT0S`). */
export function formatDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const part = (n: number, unit: string) => (n ? `${n}${unit}` : '')
  const days = part(Math.trunc(seconds / 86_400), 'D')
  const time = part(Math.trunc(seconds / 3600) % 24, 'H') + part(Math.trunc(seconds / 60) % 60, 'M') + part(seconds % 60, 'S')
  return days || time ? `${ms < 0 ? '-' : ''}P${days}${time ? `T${time}` : ''}` : 'PT0S'
}

const leaf = (name: string, text: string, attributes?: Record<string, string>): Tree =>
  attributes ? { name, attributes, children: [text] } : { name, children: [text] }

/**
 * The full TimeZoneDefinition of a zone as GetServerTimeZones returns it ([MS-OXWSGTZ] 2.2.4.2), for the years given;
 * the last year's rules go on. `zoneOfDefinition` reads it back to a zone with the same clock.
 */
export function definitionOf(zone: Zone, fromYear: number, toYear: number): Tree {
  const sets = rulesOf(zone, fromYear, toYear)
  const periods = new Map<string, Tree>()
  const period = (offset: number, daylight: boolean, year: number): string => {
    const key = `trule:Microsoft/Registry/${zone.id}/${Number.isFinite(year) ? year : 1}-${daylight ? 'Daylight' : 'Standard'}${offset / minute}`
    periods.set(key, {
      name: 'Period',
      attributes: { Bias: formatDuration(-offset), Name: daylight ? 'Daylight' : 'Standard', Id: key },
    })
    return key
  }
  const groups = sets.map((set, i): Tree => ({
    name: 'TransitionsGroup',
    attributes: { Id: String(i) },
    children: set.changes.length
      ? set.changes.map((change) => transition(change, period(change.offset, change.daylight, set.fromYear)))
      : [{ name: 'Transition', children: [leaf('To', period(set.offset, false, set.fromYear), { Kind: 'Period' })] }],
  }))
  return {
    name: 'TimeZoneDefinition',
    attributes: { Id: zone.id, Name: zoneDisplayName(zone.id, Date.UTC(toYear, 0, 1)) },
    children: [
      { name: 'Periods', children: [...periods.values()] },
      { name: 'TransitionsGroups', children: groups },
      { name: 'Transitions', children: sets.map(turn) },
    ],
  }
}

function turn(set: RuleSet, index: number): Tree {
  const to = leaf('To', String(index), { Kind: 'Group' })
  if (index === 0) return { name: 'Transition', children: [to] }
  return { name: 'AbsoluteDateTransition', children: [to, leaf('DateTime', formatLocal(localDate(set.fromYear, 1, 1)))] }
}

function transition(change: YearlyChange, period: string): Tree {
  const common = [
    leaf('To', period, { Kind: 'Period' }),
    leaf('TimeOffset', formatDuration(change.time)),
    leaf('Month', String(change.month)),
  ]
  if ('dayOfMonth' in change.on) {
    return { name: 'RecurringDateTransition', children: [...common, leaf('Day', String(change.on.dayOfMonth))] }
  }
  const occurrence = change.on.nth === 5 ? '-1' : String(change.on.nth)
  const children = [...common, leaf('DayOfWeek', weekdays[change.on.weekday]!), leaf('Occurrence', occurrence)]
  return { name: 'RecurringDayTransition', children }
}
