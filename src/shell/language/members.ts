import { ByteSize, Refusal, TimeSpan } from '#model'
import { Block, Guid, PropertyList, SecureText, Table, Thing, type Value } from '../values.ts'
import { toText, toWhole } from './convert.ts'
import { dateFrom, dayName, fieldsOf, UtcDate } from './dates.ts'
import { ScriptError } from './problem.ts'
import { addressProperty } from './text-types.ts'

/** The property of a value; what it has not is $null. Of a list: its own, or that of each element. */
export function getProperty(value: Value, name: string, depth = 0): Value {
  const key = name.toLowerCase()
  if (value === null) return key === 'count' || key === 'length' ? 0 : null
  if (value instanceof Thing) return thingProperty(value, key)
  if (value instanceof Table) return tableProperty(value, key)
  if (Array.isArray(value) || value instanceof Uint8Array) return listProperty(value as readonly Value[], key, depth)
  const own = ownProperty(value, key)
  return own === undefined ? (key === 'count' || key === 'length' ? 1 : null) : own
}

function thingProperty(thing: Thing, key: string): Value {
  const own = thing.get(key)
  if (own !== undefined) return own
  if (key === 'count' || key === 'length') return 1
  return key === 'psobject' ? described(thing) : null
}

/** `$x.psobject.properties`: name and value of each property. */
function described(thing: Thing): Thing {
  return new Thing([['Properties', PropertyList.read(thing)], ['TypeNames', [...thing.types]]], ['System.Management.Automation.PSObject']) // prettier-ignore
}

function tableProperty(table: Table, key: string): Value {
  const own = table.get(key)
  if (own !== undefined) return own
  if (key === 'count') return table.entries.size
  if (key === 'keys') return [...table.entries.values()].map(([name]) => name)
  return key === 'values' ? [...table.entries.values()].map(([, value]) => value) : null
}

const deepestLists = 10
const mostEnumerated = 2 ** 22

function listProperty(list: readonly Value[], key: string, depth: number): Value {
  if (key === 'count' || key === 'length' || key === 'longlength') return list.length
  if (key === 'rank') return 1
  if (list instanceof Uint8Array || depth > deepestLists) return null
  const found: Value[] = []
  for (const item of list) {
    if (item === null || !hasProperty(item, key)) continue
    const one = getProperty(item, key, depth + 1)
    if (Array.isArray(one)) for (const each of one as readonly Value[]) found.push(each)
    else found.push(one)
    if (found.length > mostEnumerated)
      throw new Refusal('ScriptLimit', `One operation makes at most ${mostEnumerated} elements of an array.`, { limit: 'elements' })
  }
  return found.length === 0 ? null : found.length === 1 ? found[0]! : found
}

function hasProperty(value: Value, key: string): boolean {
  if (value instanceof Thing) return value.has(key)
  if (value instanceof Table) return value.has(key) || key === 'count' || key === 'keys' || key === 'values'
  return Array.isArray(value) || ownProperty(value, key) !== undefined
}

function ownProperty(value: Value, key: string): Value | undefined {
  if (typeof value === 'string') return key === 'length' ? value.length : addressProperty(value, key)
  if (value instanceof Date) return dateProperties[key]?.(value)
  if (value instanceof TimeSpan) return spanProperties[key]?.(value.ms)
  if (value instanceof ByteSize) return key === 'isunlimited' ? value.isUnlimited : key === 'value' ? value : undefined
  if (value instanceof Guid) return key === 'guid' ? value.text : undefined
  if (value instanceof SecureText) return key === 'length' ? value.reveal().length : undefined
  return undefined
}

const dateProperties: Readonly<Record<string, (date: Date) => Value>> = {
  year: (date) => fieldsOf(date).year,
  month: (date) => fieldsOf(date).month,
  day: (date) => fieldsOf(date).day,
  hour: (date) => fieldsOf(date).hour,
  minute: (date) => fieldsOf(date).minute,
  second: (date) => fieldsOf(date).second,
  millisecond: (date) => fieldsOf(date).ms,
  dayofweek: (date) => dayName(fieldsOf(date).weekday),
  dayofyear: (date) => {
    const { year, month, day } = fieldsOf(date)
    return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1
  },
  date: midnight,
  timeofday: (date) => new TimeSpan(date.getTime() - midnight(date).getTime()),
  ticks: (date) => (date.getTime() + 62_135_596_800_000) * 10_000,
  kind: (date) => (date instanceof UtcDate ? 'Utc' : 'Local'),
  datetime: (date) => toText(date),
}

export function midnight(date: Date): Date {
  const { year, month, day } = fieldsOf(date)
  return dateFrom(year, month, day, 0, 0, 0, 0, date instanceof UtcDate) ?? date
}

const whole = (ms: number, unit: number, of = Number.POSITIVE_INFINITY) => Math.trunc(ms / unit) % of
const spanProperties: Readonly<Record<string, (ms: number) => number>> = {
  days: (ms) => Math.trunc(ms / 86_400_000),
  hours: (ms) => whole(ms, 3_600_000, 24),
  minutes: (ms) => whole(ms, 60_000, 60),
  seconds: (ms) => whole(ms, 1000, 60),
  milliseconds: (ms) => whole(ms, 1, 1000),
  ticks: (ms) => ms * 10_000,
  totaldays: (ms) => ms / 86_400_000,
  totalhours: (ms) => ms / 3_600_000,
  totalminutes: (ms) => ms / 60_000,
  totalseconds: (ms) => ms / 1000,
  totalmilliseconds: (ms) => ms,
}

/** Names of the properties that Get-Member and completion show of a value that is not an object. */
export function ownPropertyNames(value: Value): string[] {
  if (typeof value === 'string') return ['Length']
  if (value instanceof Date) return ['Date', 'Day', 'DayOfWeek', 'DayOfYear', 'Hour', 'Kind', 'Millisecond', 'Minute', 'Month', 'Second', 'Ticks', 'TimeOfDay', 'Year'] // prettier-ignore
  if (value instanceof TimeSpan) return ['Days', 'Hours', 'Milliseconds', 'Minutes', 'Seconds', 'Ticks', 'TotalDays', 'TotalHours', 'TotalMilliseconds', 'TotalMinutes', 'TotalSeconds'] // prettier-ignore
  if (value instanceof ByteSize) return ['IsUnlimited', 'Value']
  if (value instanceof Table) return ['Count', 'Keys', 'Values']
  if (value instanceof Guid) return ['Guid']
  return Array.isArray(value) || value instanceof Uint8Array || value instanceof SecureText ? ['Length'] : []
}

/** Gives a property of an object or an entry of a table its value. An object takes only properties that it has. */
export function setProperty(object: Value, name: string, value: Value): void {
  if (object instanceof Table) return object.set(name, value)
  if (object instanceof Thing && object.has(name)) return object.set(name, value)
  if (Array.isArray(object)) {
    for (const item of object as readonly Value[]) setProperty(item, name, value)
    return
  }
  const what = object === null ? 'It is $null.' : `Add-Member can add it.`
  throw new ScriptError(`The property '${name.slice(0, 100)}' cannot be found on this object. ${what}`, {
    id: 'PropertyNotFound',
    category: 'InvalidOperation',
  })
}

/** `$value[index]`. Outside is $null; a list of indexes gives a list. */
export function getIndex(value: Value, index: Value): Value {
  if (value === null) throw new ScriptError('Cannot index into a null array.', { id: 'NullArray', category: 'InvalidOperation' })
  if (value instanceof Table) return indexTable(value, index)
  if (value instanceof PropertyList && typeof index === 'string') return value.named(index)
  if (Array.isArray(index)) return (index as readonly Value[]).map((one) => getIndex(value, one)).filter((one) => one !== null)
  if (value instanceof Thing || value instanceof Block) {
    const named = value instanceof Thing ? value.get(toText(index)) : undefined
    return named ?? (index === 0 || index === -1 ? value : null)
  }
  const at = Number(toWhole(index))
  if (typeof value === 'string') return value.at(at) ?? null
  if (Array.isArray(value) || value instanceof Uint8Array) return (value as readonly Value[]).at(at) ?? null
  return at === 0 || at === -1 ? value : null
}

function indexTable(table: Table, index: Value): Value {
  if (Array.isArray(index)) return (index as readonly Value[]).map((one) => indexTable(table, one))
  const named = table.get(toText(index))
  if (named !== undefined || !table.ordered || typeof index !== 'number') return named ?? null
  return [...table.entries.values()].at(index)?.[1] ?? null
}

/** `$value[index] = …`. */
export function setIndex(object: Value, index: Value, value: Value): void {
  if (object instanceof Table) return object.set(toText(index), value)
  if (object instanceof Thing) return setProperty(object, toText(index), value)
  if (!Array.isArray(object))
    throw new ScriptError('Unable to index into this object.', { id: 'CannotIndex', category: 'InvalidOperation' })
  const list = object as Value[]
  const at = Number(toWhole(index))
  const place = at < 0 ? list.length + at : at
  if (place < 0 || place >= list.length) {
    throw new ScriptError('Index was outside the bounds of the array.', {
      id: 'IndexOutOfRange',
      exception: 'System.IndexOutOfRangeException',
    })
  }
  list[place] = value
}
