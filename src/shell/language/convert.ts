import { ByteSize, Refusal, TimeSpan } from '#model'
import { Block, GenericList, Guid, SecureText, Table, Thing, type Value } from '../values.ts'
import { dateText, parseDate } from './dates.ts'
import { numberText } from './number-text.ts'
import { parseNumber } from './parse-number.ts'
import { castProblem, ScriptError } from './problem.ts'
import { toMailAddress, toUri, toVersion } from './text-types.ts'
import { shortName, typeName, typeOfName } from './types.ts'

const deepestText = 4
const longestText = 2 ** 25

/** As `"$value"` writes it. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value instanceof Date) return dateText(value)
  if (Array.isArray(value) || value instanceof Thing) return compoundText(value as readonly Value[] | Thing, 0, { left: longestText })
  if (value instanceof Uint8Array) return value.join(' ')
  if (value instanceof Table) return value.ordered ? 'System.Collections.Specialized.OrderedDictionary' : 'System.Collections.Hashtable'
  return String(value)
}

/** Lists and objects hold others, and the same one many times: what is written is counted. */
function compoundText(value: readonly Value[] | Thing, depth: number, budget: { left: number }): string {
  if (!(value instanceof Thing))
    return depth > deepestText ? 'System.Object[]' : joined(value, ' ', (item) => innerText(item, depth, budget), budget)
  if (value.text !== undefined) return value.text
  if (depth > 0 && value.types.length === 0) return ''
  const pair = ([name, one]: [string, Value]) => `${name}=${Array.isArray(one) ? 'System.Object[]' : innerText(one, depth, budget)}`
  return `@{${joined([...value.properties.values()], '; ', pair, budget)}}`
}

function joined<T>(items: readonly T[], between: string, write: (item: T) => string, budget: { left: number }): string {
  let text = ''
  items.forEach((item, at) => {
    const piece = (at > 0 ? between : '') + write(item)
    budget.left -= piece.length + 1
    if (budget.left < 0) throw new Refusal('ScriptLimit', `The text of one value has at most ${longestText} characters.`, { limit: 'text' })
    text += piece
  })
  return text
}

function innerText(value: Value, depth: number, budget: { left: number }): string {
  if (!Array.isArray(value) && !(value instanceof Thing)) return toText(value)
  return depth >= deepestText && value instanceof Thing ? '' : compoundText(value as readonly Value[] | Thing, depth + 1, budget)
}

/** As a condition takes it (about_Booleans). */
export function toBoolean(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 1 || (value.length === 1 && toBoolean(value[0] as Value))
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return false
  return !(typeof value === 'number' && Number.isNaN(value))
}

/** As arithmetic takes it: text when it is written as a number, $null as 0, sizes as bytes. */
export function toNumber(value: Value, type = 'System.Double'): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof ByteSize) return value.bytes
  if (typeof value === 'string') {
    const read = value.trim() === '' ? 0 : parseNumber(value.trim().replaceAll(/,(?=\d{3})/g, ''))
    if (read !== undefined) return read
  }
  throw castProblem(toText(value), type)
}

export function toPlainNumber(value: Value, type?: string): number {
  return Number(toNumber(value, type))
}

/** To a whole number; halves go to the even one, as .NET rounds. */
export function toWhole(value: Value, type = 'System.Int32', least = -(2 ** 31), most = 2 ** 31 - 1): number | bigint {
  const read = toNumber(value, type)
  if (typeof read === 'bigint') {
    if (read >= BigInt(least) && read <= BigInt(most)) return read
    throw tooLarge(value, type)
  }
  const rounded = roundEven(read)
  if (!(rounded >= least && rounded <= most)) throw tooLarge(value, type)
  return rounded
}

const tooLarge = (value: Value, type: string) =>
  new ScriptError(`Cannot convert value "${toText(value).slice(0, 60)}" to type "${type}": it was either too large or too small.`, {
    id: 'InvalidCastIConvertible',
    category: 'InvalidArgument',
    exception: 'System.OverflowException',
  })

export function roundEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

export function toDate(value: Value): Date {
  if (value instanceof Date) return value
  const read = typeof value === 'string' ? parseDate(value) : typeof value === 'number' ? ticksDate(value) : undefined
  if (!read) throw castProblem(toText(value), 'System.DateTime')
  return read
}

/** .NET counts a date in ticks of 100 ns since the year 1. */
const ticksDate = (ticks: number) => {
  const ms = ticks / 10_000 - 62_135_596_800_000
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms) : undefined
}

export function toTimeSpan(value: Value): TimeSpan {
  if (value instanceof TimeSpan) return value
  const read = typeof value === 'number' ? new TimeSpan(value / 10_000) : typeof value === 'string' ? TimeSpan.parse(value) : undefined
  if (!read) throw castProblem(toText(value), 'System.TimeSpan')
  return read
}

export function toGuid(value: Value): Guid {
  if (value instanceof Guid) return value
  const found = /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?$/i.exec(toText(value).trim())
  if (!found) throw castProblem(toText(value), 'System.Guid')
  return new Guid(found.slice(1).join('-'))
}

export function toList(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  if (value instanceof Uint8Array) return [...value]
  return value === null ? [] : [value]
}

/** What a pipeline passes on of a value: the elements of a list, else the value. */
export function elementsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[]
  return value instanceof Uint8Array ? [...value] : [value]
}

const regexType = 'System.Text.RegularExpressions.Regex'
/** `[regex]'…'`: its text is the pattern. */
export const isRegex = (value: Value) => value instanceof Thing && value.types[0] === regexType

type Cast = (value: Value) => Value
const each = (cast: Cast) => (value: Value) => toList(value).map(cast)

const casts: Readonly<Record<string, Cast>> = {
  string: toText,
  char: (value) => {
    if (typeof value === 'number') return String.fromCharCode(value)
    const text = toText(value)
    if (text.length !== 1) throw castProblem(text, 'System.Char')
    return text
  },
  bool: toBoolean,
  switch: toBoolean,
  int: (value) => toWhole(value),
  long: (value) => toWhole(value, 'System.Int64', -(2 ** 63), 2 ** 63),
  byte: (value) => toWhole(value, 'System.Byte', 0, 255),
  double: (value) => toPlainNumber(value),
  datetime: toDate,
  timespan: toTimeSpan,
  guid: toGuid,
  bytesize: (value) => {
    const read = value instanceof ByteSize ? value : typeof value === 'number' ? new ByteSize(value) : ByteSize.parse(toText(value))
    if (!read) throw castProblem(toText(value), 'Microsoft.Exchange.Data.ByteQuantifiedSize')
    return read
  },
  array: (value) => (value === null ? null : [...elementsOf(value)]),
  list: (value) => [...toList(value)],
  genericlist: (value) => (value instanceof GenericList ? value : GenericList.from(toList(value))),
  version: toVersion,
  uri: toUri,
  mailaddress: toMailAddress,
  'string[]': each((item) => toText(item)),
  'int[]': each((item) => toWhole(item)),
  'byte[]': (value) => Uint8Array.from(toList(value), (item) => Number(toWhole(item, 'System.Byte', 0, 255))),
  'char[]': (value) => (typeof value === 'string' ? value.split('') : each((item) => casts.char!(item))(value)),
  hashtable: (value) => toTable(value, false),
  ordered: (value) => toTable(value, true),
  pscustomobject: (value) => (value instanceof Table ? new Thing([...value.entries.values()]) : value),
  object: (value) => value,
  void: () => null,
  scriptblock: (value) => {
    if (value instanceof Block || value === null) return value
    throw castProblem(toText(value), 'System.Management.Automation.ScriptBlock')
  },
  regex: (value) => (isRegex(value) ? value : new Thing([], [regexType], toText(value))),
  exception: (value) => (value instanceof Thing ? value : new Thing([['Message', toText(value)]], ['System.Exception'], toText(value))),
  pscredential: (value) => {
    if (value instanceof Thing && value.get('Password') instanceof SecureText) return value
    throw castProblem(toText(value), 'System.Management.Automation.PSCredential')
  },
}

function toTable(value: Value, ordered: boolean): Value {
  if (value === null) return null
  if (value instanceof Table) return ordered === value.ordered ? value : new Table(value.entries.values(), ordered)
  if (value instanceof Thing) return new Table(value.properties.values(), ordered)
  throw castProblem(toText(value), 'System.Collections.Hashtable')
}

/** `[type]$value`; the name is one that the parser let pass. */
export function cast(value: Value, type: string): Value {
  const name = typeOfName(type)
  if (Object.hasOwn(casts, name)) return casts[name]!(value)
  throw new ScriptError(`There is no cast to [${type}] in this shell.`, { id: 'TypeNotFound', category: 'InvalidOperation' })
}

/** `-is`. */
export function isOfType(value: Value, type: string): boolean {
  const name = typeOfName(type)
  const own = typeOfName(typeName(value))
  if (value === null) return false
  if (name === 'exception') return value instanceof Thing && value.types.some((one) => shortName(one) === shortName(type))
  if (name === own || name === 'object') return true
  if (name === 'array') return Array.isArray(value) || value instanceof Uint8Array
  if (name === 'double') return typeof value === 'number' && !Number.isInteger(value)
  if (name === 'pscustomobject') return value instanceof Thing
  if (name === 'hashtable') return value instanceof Table && !value.ordered
  return value instanceof Thing && value.types.some((one) => one.toLowerCase() === type.toLowerCase() || typeOfName(one) === name)
}
