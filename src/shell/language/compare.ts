import { ByteSize, TimeSpan } from '#model'
import { Guid, Table, Thing, type Value } from '../values.ts'
import { toText, toNumber } from './convert.ts'
import { parseDate } from './dates.ts'
import { castProblem, ScriptError } from './problem.ts'
import { isVersion, toVersion, versionOrder } from './text-types.ts'

/** `-eq` of two single values: the right one is brought to the type of the left one. */
export function equal(left: Value, right: Value, exact = false): boolean {
  if (left === right) return true
  if (left === null || right === null) return false
  if (typeof left === 'string') return sameText(left, toText(right), exact)
  if (typeof left === 'boolean') return typeof right === 'boolean' ? false : left === truthLike(right)
  if (isVersion(left) && isVersion(right)) return versionOrder(left, right) === 0
  const [a, b] = [amount(left), amountLike(right, left)]
  if (a !== undefined && b !== undefined) return a == b
  if (left instanceof Guid || left instanceof Thing)
    return isTextual(right) || isTextual(left) ? sameText(toText(left), toText(right), exact) : false
  return false
}

/** What compares with a text by its text: names and identities that cmdlets give as objects. */
const isTextual = (value: Value) =>
  typeof value === 'string' || value instanceof Guid || (value instanceof Thing && value.text !== undefined)

const truthLike = (value: Value) => (typeof value === 'string' ? value !== '' : value !== 0 && value !== 0n)

export function sameText(left: string, right: string, exact: boolean): boolean {
  return left === right || (!exact && left.length === right.length && left.toLowerCase() === right.toLowerCase()) || (!exact && left.toLowerCase() === right.toLowerCase()) // prettier-ignore
}

/** The number that orders a value; undefined for what is ordered as text. */
function amount(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.getTime()
  if (value instanceof TimeSpan) return value.ms
  return value instanceof ByteSize ? value.bytes : undefined
}

/** The right side in the measure of the left one. */
function amountLike(value: Value, left: Value): number | bigint | undefined {
  if (typeof value !== 'string') return amount(value)
  if (left instanceof Date) return parseDate(value)?.getTime()
  if (left instanceof TimeSpan) return TimeSpan.parse(value)?.ms
  if (left instanceof ByteSize) return ByteSize.parse(value)?.bytes
  try {
    return toNumber(value)
  } catch (error) {
    if (error instanceof ScriptError) return undefined
    throw error
  }
}

/** $null comes before everything but numbers below zero. */
function besideNull(left: Value, right: Value): number {
  if (left === right) return 0
  const other = left ?? right
  const isBelow = (typeof other === 'number' || typeof other === 'bigint') && other < 0
  return (left === null) === isBelow ? 1 : -1
}

/** Less than, equal, greater: below, at, above 0. What cannot be brought to the type of the left side is a ScriptError. */
export function order(left: Value, right: Value, exact = false): number {
  if (left === null || right === null) return besideNull(left, right)
  if (isVersion(left)) return versionOrder(left, toVersion(right) as Thing)
  if (typeof left === 'string' || left instanceof Guid || (left instanceof Thing && left.text !== undefined)) return textOrder(toText(left), toText(right), exact) // prettier-ignore
  const [a, b] = [amount(left), amountLike(right, left)]
  if (a === undefined)
    throw new ScriptError(`Cannot compare "${toText(left).slice(0, 60)}" because it is not IComparable.`, { id: 'NotIcomparable' })
  if (b === undefined) throw castProblem(toText(right), 'the type of the left side')
  return a < b ? -1 : a > b ? 1 : 0
}

/** The order of a language without regard to its place: letters before their case. */
export function textOrder(left: string, right: string, exact = false): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()]
  if (a !== b) return collator.compare(a, b) || (a < b ? -1 : 1)
  if (!exact || left === right) return 0
  return left > right ? -1 : 1
}
const collator = new Intl.Collator('en', { sensitivity: 'variant' })

/** For sorting and grouping, where anything meets anything: never an error. */
export function anyOrder(left: Value, right: Value, exact = false): number {
  const [own, other] = [amount(left), amount(right)]
  const a = own ?? (other === undefined ? undefined : amountLike(left, right))
  const b = other ?? (own === undefined ? undefined : amountLike(right, left))
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0
  if (left === null || right === null) return besideNull(left, right)
  if (isVersion(left) && isVersion(right)) return versionOrder(left, right)
  if (left instanceof Table || right instanceof Table) return 0
  return textOrder(toText(left), toText(right), exact)
}

/** A text that is equal for values that group together. */
export function groupKey(value: Value, exact = false): string {
  const number = amount(value)
  if (number !== undefined) return `${value instanceof Date ? 'd' : 'n'}${number}`
  const text = value === null ? '' : toText(value)
  return `t${exact ? text : text.toLowerCase()}`
}
