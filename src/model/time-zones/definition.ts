import { Refusal } from '../refusal.ts'
import type { TimeZoneRef, Tree } from '../values.ts'
import { zoneNamed } from './known.ts'
import { zoneOfRules, type RuleSet, type YearlyChange } from './rules.ts'
import { hour, minute, type Zone } from './zone.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The child elements of a tree, text left out. */
export function elementsOf(tree: Tree | undefined): Tree[] {
  return (tree?.children ?? []).filter((child) => typeof child !== 'string')
}
export function childOf(tree: Tree | undefined, name: string): Tree | undefined {
  return elementsOf(tree).find((child) => child.name === name)
}
/** The text of a child element. */
export function textOf(tree: Tree | undefined, name: string): string {
  return (childOf(tree, name)?.children ?? []).filter((child) => typeof child === 'string').join('').trim() // prettier-ignore
}

/** Milliseconds of an xs:duration without years and months (`-PT60M`, `PT8H`, `P0DT2H30M0.0S`). */
export function parseDuration(text: string): number {
  const match = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(text.trim())
  if (!match) throw new Refusal('TimeZone', `'${text.slice(0, 40)}' is no duration such as PT2H`)
  const [, sign, days, hours, minutes, seconds] = match
  const value = Number(days ?? 0) * 24 * hour + Number(hours ?? 0) * hour + Number(minutes ?? 0) * minute + Number(seconds ?? 0) * 1000
  return sign ? 0 - value : value
}

function integer(text: string, least: number, most: number, what: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Refusal('TimeZone', `${what}: expected ${least} to ${most}, not '${text.slice(0, 40)}'`)
  }
  return value
}

/**
 * The zone of a client's TimeZoneDefinition ([MS-OXWSGTZ] 2.2.4.2: periods, groups of yearly transitions, transitions
 * between groups). Refuses `TimeZone` when a reference leads nowhere or a value is out of range.
 */
export function zoneOfDefinition(definition: Tree): Zone {
  const biases = new Map(
    elementsOf(childOf(definition, 'Periods')).map((period) => [
      period.attributes?.Id ?? '',
      { offset: 0 - parseDuration(period.attributes?.Bias ?? 'PT0S'), daylight: /daylight/i.test(period.attributes?.Name ?? '') },
    ]),
  )
  const groups = new Map(elementsOf(childOf(definition, 'TransitionsGroups')).map((group) => [group.attributes?.Id ?? '', group]))
  const bias = (id: string) => {
    const found = biases.get(id)
    if (!found) throw new Refusal('TimeZone', `TimeZoneDefinition: no Period '${id.slice(0, 80)}'`)
    return found
  }
  const groupSet = (id: string, fromYear: number): RuleSet => {
    const group = groups.get(id)
    if (!group) throw new Refusal('TimeZone', `TimeZoneDefinition: no TransitionsGroup '${id.slice(0, 80)}'`)
    const steps = elementsOf(group).map((step) => ({ step, period: bias(textOf(step, 'To')) }))
    const yearly = steps.filter(({ step }) => step.name !== 'Transition')
    const changes = yearly.map(({ step, period }) => ({ ...yearlyChange(step), ...period }))
    const fixed = steps.find(({ step }) => step.name === 'Transition')
    const offset = fixed?.period.offset ?? changes.find((change) => !change.daylight)?.offset ?? changes[0]?.offset
    if (offset === undefined) throw new Refusal('TimeZone', `TimeZoneDefinition: TransitionsGroup '${id.slice(0, 80)}' is empty`)
    return { fromYear, offset, changes }
  }
  const sets: RuleSet[] = []
  for (const step of elementsOf(childOf(definition, 'Transitions'))) {
    const to = childOf(step, 'To')
    const target = textOf(step, 'To')
    const year = step.name === 'AbsoluteDateTransition' ? yearOf(textOf(step, 'DateTime')) : -Infinity
    if (to?.attributes?.Kind === 'Period') sets.push({ fromYear: year, offset: bias(target).offset, changes: [] })
    else sets.push(groupSet(target, year))
  }
  if (sets.length === 0) {
    const first = [...groups.keys()][0]
    if (first !== undefined) sets.push(groupSet(first, -Infinity))
    else sets.push({ fromYear: -Infinity, offset: biases.values().next().value?.offset ?? 0, changes: [] })
  }
  return zoneOfRules(
    definition.attributes?.Id ?? '',
    sets.sort((a, b) => a.fromYear - b.fromYear),
  )
}

/** A transition between groups happens at a turn of the year; given in UTC it may lie some hours before. */
function yearOf(dateTime: string): number {
  const at = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(dateTime) ? dateTime : `${dateTime}Z`)
  if (Number.isNaN(at)) throw new Refusal('TimeZone', `AbsoluteDateTransition: '${dateTime.slice(0, 40)}' is no date and time`)
  return new Date(at + 24 * hour).getUTCFullYear()
}

function yearlyChange(step: Tree): Pick<YearlyChange, 'month' | 'on' | 'time'> {
  const month = integer(textOf(step, 'Month'), 1, 12, `${step.name}/Month`)
  const time = parseDuration(textOf(step, 'TimeOffset') || 'PT0S')
  if (step.name === 'RecurringDateTransition') {
    return { month, time, on: { dayOfMonth: integer(textOf(step, 'Day'), 1, 31, 'RecurringDateTransition/Day') } }
  }
  if (step.name !== 'RecurringDayTransition') throw new Refusal('TimeZone', `TransitionsGroup: unexpected ${step.name.slice(0, 60)}`)
  const weekday = weekdays.indexOf(textOf(step, 'DayOfWeek'))
  if (weekday < 0) throw new Refusal('TimeZone', `RecurringDayTransition/DayOfWeek: expected one of ${weekdays.join('|')}`)
  const occurrence = integer(textOf(step, 'Occurrence'), -5, 5, 'RecurringDayTransition/Occurrence')
  return { month, time, on: { weekday, nth: occurrence < 0 ? 5 : occurrence } }
}

/** True when a definition says more than a name. */
function hasRules(definition: Tree): boolean {
  return elementsOf(childOf(definition, 'Periods')).length > 0
}

/**
 * The zone that a client names: by Windows or IANA id, else by its own definition. A known id wins over the rules sent
 * with it, which may be those of an old client. Refuses `TimeZone` for an unknown id without rules.
 */
export function zoneOf(ref: TimeZoneRef | undefined, otherwise: Zone): Zone {
  if (!ref) return otherwise
  const id = ref.id ?? ref.definition?.attributes?.Id
  const known = id ? zoneNamed(id) : undefined
  if (known) return known
  if (ref.definition && hasRules(ref.definition)) return zoneOfDefinition(ref.definition)
  if (!id) return otherwise
  throw new Refusal('TimeZone', `'${id.slice(0, 80)}' is no time zone that Isthmus knows, and no rules came with it`)
}
