import { dateText as invariantDateText, formatDate } from '../language/dates.ts'
import { numberText } from '../language/number-text.ts'
import { typeName } from '../language/types.ts'
import { Table, Thing, type Value } from '../values.ts'

/** What `$FormatEnumerationLimit` is: how many elements of an array are shown in a table or list. */
export const enumerationLimit = 4
/** Longest text made of one object, in characters; what is longer ends with `…`. */
const longest = 32_768

const known = (date: Date): boolean => !Number.isNaN(date.getTime())

/** A date as it is shown in en-US, in the time zone of this process unless it was made UTC: `11/27/2026 11:34:00 PM`. */
export const dateText = (date: Date): string => (known(date) ? formatDate(date, 'G') : '')

/** A date that stands alone in the output: `Friday, November 27, 2026 11:34:00 PM`. */
export const longDateText = (date: Date): string => (known(date) ? formatDate(date, 'F') : '')

/** The .NET type that a value would have: what `ToString()` gives for what has no text of its own, and CLIXML and `#TYPE` write. */
export const typeNameOf = (value: Value): string => (value === null ? 'System.Object' : typeName(value))

/** True for what has properties or elements, and no text of its own. */
export const isCompound = (value: Value): value is readonly Value[] | Table | Thing =>
  Array.isArray(value) || value instanceof Table || value instanceof Thing

/** True for what is shown by its properties. */
export const isObject = (value: Value): value is Thing | Table =>
  value instanceof Table || (value instanceof Thing && (value.properties.size > 0 || value.text === undefined))

/** Text of what is neither array nor object. Dates as `date` says. */
function simpleText(value: Exclude<Value, readonly Value[] | Table | Thing>, date: (date: Date) => string): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value)
  if (value instanceof Date) return date(value)
  if (value instanceof Uint8Array) return [...value.subarray(0, longest)].join(' ')
  return value.toString()
}

/**
 * What a value is in a string (`"$value"`) and as a string parameter: arrays joined by spaces, an object without text of its own as
 * `@{Name=value; …}`. Its length and the time it takes are bounded, whatever refers to what.
 */
export function toText(value: Value): string {
  return Array.isArray(value) ? joined(value, ' ', 1) : textAt(value, 0, invariantDateText)
}

/** What `ToString()` gives in en-US, for files (`Export-Csv`): as `toText`, dates as they are shown, arrays by their type. */
export function cultureText(value: Value): string {
  return textAt(value, 1, dateText)
}

function joined(values: Iterable<Value>, between: string, level: number): string {
  let text = ''
  for (const value of values) {
    if (text.length > longest) return `${text}…`
    text += (text ? between : '') + textAt(value, level, invariantDateText)
  }
  return text
}

function textAt(value: Value, level: number, date: (date: Date) => string): string {
  if (!isCompound(value)) return simpleText(value, date)
  if (!(value instanceof Thing)) return typeNameOf(value)
  if (value.text !== undefined) return value.text
  if (value.types.length && !value.types[0]!.endsWith('PSCustomObject')) return value.types[0]!
  if (level > 2) return '@{…}'
  let text = ''
  for (const [name, of] of value.properties.values()) {
    if (text.length > longest) return `@{${text}…}`
    text += `${text ? '; ' : ''}${name}=${textAt(of, level + 1, date)}`
  }
  return `@{${text}}`
}

/** What a value is in a table or list: `{a, b, c, d…}` for arrays, of which `limit` elements are shown (-1 = all). */
export function cellText(value: Value, limit = enumerationLimit): string {
  if (value instanceof Table)
    return collection(
      [...entriesOf(value)].map(([key, of]) => `[${key}, ${textAt(of, 1, dateText)}]`),
      limit,
    )
  if (value instanceof Uint8Array) return collection([...value.subarray(0, limit < 0 ? longest : limit + 1)].map(String), limit)
  if (!Array.isArray(value)) return textAt(value as Value, 0, dateText)
  const shown = limit < 0 ? value : value.slice(0, limit + 1)
  return collection(
    shown.map((element: Value) => (Array.isArray(element) ? cellText(element.length ? ['…'] : [], 1) : textAt(element, 1, dateText))),
    limit,
  )
}

function collection(shown: string[], limit: number): string {
  return limit >= 0 && shown.length > limit ? `{${shown.slice(0, limit).join(', ')}…}` : `{${shown.join(', ')}}`
}

/** Keys and values of `@{…}`, as written. */
export function entriesOf(table: Table): IterableIterator<[string, Value]> {
  return table.entries.values()
}

/** Names and values of what has properties; undefined for what has none. */
export function propertiesOf(value: Value): [name: string, value: Value][] | undefined {
  if (value instanceof Thing) return [...value.properties.values()]
  if (value instanceof Table) return [...entriesOf(value)]
  return undefined
}

/** A property by name, of an object or of `@{…}`; null for what is not there. */
export function propertyOf(value: Value, name: string): Value {
  if (value instanceof Thing || value instanceof Table) return value.get(name) ?? null
  return typeof value === 'string' && name.toLowerCase() === 'length' ? value.length : null
}
