import { ByteSize, Refusal, TimeSpan } from '#model'
import type { Limits } from '../contract.ts'
import { Block, Table, type Value } from '../values.ts'
import { cast, isOfType, toBoolean, toList, toNumber, toPlainNumber, toText, toWhole } from './convert.ts'
import { equal, order } from './compare.ts'
import { at as dateAt } from './dates.ts'
import { formatText } from './format-text.ts'
import { whole } from './parse-number.ts'
import { ScriptError } from './problem.ts'
import { wildcard } from './wildcard.ts'

export type Operator = (left: Value, right: Value, exact: boolean, limits: Limits) => Value

export function bound(size: number, name: 'text' | 'elements', limits: Limits): void {
  if (size <= limits[name]) return
  const what = name === 'text' ? 'characters of a text' : 'elements of an array'
  throw new Refusal('ScriptLimit', `One operation makes at most ${limits[name]} ${what}; this one would make ${size}.`, { limit: name })
}

/** A list on the left gives those that pass; a single value a truth. */
function filtered(test: (left: Value, right: Value, exact: boolean) => boolean): Operator {
  return (left, right, exact) => {
    if (!Array.isArray(left)) return test(left, right, exact)
    return (left as readonly Value[]).filter((item) => test(item, right, exact))
  }
}

function like(left: Value, right: Value, exact: boolean): boolean {
  return wildcard(toText(right), exact)(toText(left))
}

const contains = (list: Value, item: Value, exact: boolean) =>
  toList(list).some((one) => equal(one, item, exact)) || (list === null && item === null)

function add(left: Value, right: Value, _: boolean, limits: Limits): Value {
  if (left === null) return right
  if (Array.isArray(left) || left instanceof Uint8Array) {
    const items = right instanceof Uint8Array || Array.isArray(right) ? toList(right) : [right]
    bound(left.length + items.length, 'elements', limits)
    return [...(left as Iterable<Value>), ...items]
  }
  if (typeof left === 'string') {
    const text = toText(right)
    bound(left.length + text.length, 'text', limits)
    return left + text
  }
  if (left instanceof Table) return addTables(left, right)
  if (left instanceof Date) return shifted(left, right, 1)
  if (left instanceof TimeSpan) return new TimeSpan(left.ms + spanMs(right))
  if (left instanceof ByteSize) return new ByteSize(left.bytes + sizeOf(right))
  return arithmetic(left, right, '+')
}

function addTables(left: Table, right: Value): Value {
  if (!(right instanceof Table))
    throw new ScriptError('A hash table can only be added to another hash table.', { id: 'AddHashTableToNonHashTable' })
  const sum = new Table(left.entries.values(), left.ordered)
  for (const [key, value] of right.entries.values()) {
    if (sum.has(key)) throw new ScriptError(`Item has already been added. Key in dictionary: '${key}'.`, { id: 'DuplicateKey' })
    sum.set(key, value)
  }
  return sum
}

function subtract(left: Value, right: Value): Value {
  if (left instanceof Date) return right instanceof Date ? new TimeSpan(left.getTime() - right.getTime()) : shifted(left, right, -1)
  if (left instanceof TimeSpan) return new TimeSpan(left.ms - spanMs(right))
  if (left instanceof ByteSize) return new ByteSize(left.bytes - sizeOf(right))
  return arithmetic(left, right, '-')
}

function shifted(date: Date, span: Value, sign: 1 | -1): Date {
  const moved = dateAt(date.getTime() + sign * spanMs(span), date)
  if (!moved) throw new ScriptError('The resulting date lies outside the years that dates have.', { id: 'ArgumentOutOfRange' })
  return moved
}

function spanMs(value: Value): number {
  const span = value instanceof TimeSpan ? value : typeof value === 'string' ? TimeSpan.parse(value) : undefined
  if (span) return span.ms
  return toPlainNumber(value, 'System.TimeSpan') / 10_000
}

function sizeOf(value: Value): number {
  const size = value instanceof ByteSize ? value : typeof value === 'string' ? ByteSize.parse(value) : undefined
  return size?.bytes ?? toPlainNumber(value)
}

function multiply(left: Value, right: Value, _: boolean, limits: Limits): Value {
  if (typeof left === 'string' || Array.isArray(left)) {
    const times = Math.max(0, Number(toWhole(right)))
    bound(left.length * times, typeof left === 'string' ? 'text' : 'elements', limits)
    return typeof left === 'string'
      ? left.repeat(times)
      : Array.from({ length: left.length * times }, (_item, index) => left[index % left.length] as Value)
  }
  if (left instanceof ByteSize) return new ByteSize(left.bytes * toPlainNumber(right))
  if (left instanceof TimeSpan) return new TimeSpan(left.ms * toPlainNumber(right))
  return arithmetic(left, right, '*')
}

function divide(left: Value, right: Value): Value {
  if (left instanceof TimeSpan) return right instanceof TimeSpan ? left.ms / right.ms : new TimeSpan(left.ms / toPlainNumber(right))
  if (left instanceof ByteSize) return right instanceof ByteSize ? left.bytes / right.bytes : left.bytes / toPlainNumber(right)
  return arithmetic(left, right, '/')
}

function arithmetic(left: Value, right: Value, operator: string): number | bigint {
  for (const side of [left, right]) {
    if (Array.isArray(side) || side instanceof Table || side instanceof Block) {
      throw new ScriptError(`The operator '${operator}' takes no ${Array.isArray(side) ? 'array' : 'object'} here.`, { id: 'MethodNotFound', category: 'InvalidOperation' }) // prettier-ignore
    }
  }
  const [a, b] = [toNumber(left), toNumber(right)]
  if (operator === '/' || operator === '%') {
    if (Number(b) === 0 && (Number.isInteger(Number(a)) || operator === '%')) {
      throw new ScriptError('Attempted to divide by zero.', {
        id: 'RuntimeException',
        category: 'NotSpecified',
        exception: 'System.DivideByZeroException',
      })
    }
    if (typeof a === 'bigint' && typeof b === 'bigint' && operator === '%') return whole(a % b)
    return operator === '/' ? Number(a) / Number(b) : Number(a) % Number(b)
  }
  const [x, y] = [Number(a), Number(b)]
  const plain = operator === '+' ? x + y : operator === '-' ? x - y : x * y
  if (Number.isSafeInteger(plain) || !Number.isInteger(x) || !Number.isInteger(y) || Math.abs(plain) > 7.9e28) return plain
  const [m, n] = [BigInt(a), BigInt(b)]
  return whole(operator === '+' ? m + n : operator === '-' ? m - n : m * n)
}

function range(left: Value, right: Value, _: boolean, limits: Limits): Value {
  const [from, to] = rangeEnds(left, right)
  bound(Math.abs(to - from) + 1, 'elements', limits)
  const step = from <= to ? 1 : -1
  return Array.from({ length: Math.abs(to - from) + 1 }, (_item, index) => from + step * index)
}

export function rangeEnds(left: Value, right: Value): [number, number] {
  return [Number(toWhole(left)), Number(toWhole(right))]
}

export function joinTexts(items: readonly Value[], between: string, limits: Limits): string {
  let text = ''
  items.forEach((item, at) => {
    text += (at > 0 ? between : '') + toText(item)
    bound(text.length, 'text', limits)
  })
  return text
}

const bits =
  (work: (a: bigint, b: bigint) => bigint): Operator =>
  (left, right) => {
    const long = (value: Value) => BigInt(toWhole(value, 'System.Int64', -(2 ** 63), 2 ** 63))
    return whole(BigInt.asIntN(64, work(long(left), long(right))))
  }

function as(left: Value, type: string): Value {
  try {
    return cast(left, type)
  } catch (error) {
    if (error instanceof ScriptError) return null
    throw error
  }
}

/** Every operator of two values but those of regular expressions and those that decide whether the right side is read. */
export const operators: Readonly<Record<string, Operator>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': (left, right) => (left instanceof TimeSpan ? new TimeSpan(left.ms % spanMs(right)) : arithmetic(left, right, '%')),
  '..': range,
  eq: filtered(equal),
  ne: filtered((left, right, exact) => !equal(left, right, exact)),
  gt: filtered((left, right, exact) => order(left, right, exact) > 0),
  ge: filtered((left, right, exact) => order(left, right, exact) >= 0),
  lt: filtered((left, right, exact) => order(left, right, exact) < 0),
  le: filtered((left, right, exact) => order(left, right, exact) <= 0),
  like: filtered(like),
  notlike: filtered((left, right, exact) => !like(left, right, exact)),
  contains,
  notcontains: (left, right, exact) => !contains(left, right, exact),
  in: (left, right, exact) => contains(right, left, exact),
  notin: (left, right, exact) => !contains(right, left, exact),
  join: (left, right, _, limits) => joinTexts(toList(left), toText(right), limits),
  f: (left, right, _, limits) => formatText(toText(left), right === null ? [null] : toList(right), limits),
  is: (left, right) => isOfType(left, toText(right)),
  isnot: (left, right) => !isOfType(left, toText(right)),
  as: (left, right) => as(left, toText(right)),
  xor: (left, right) => toBoolean(left) !== toBoolean(right),
  band: bits((a, b) => a & b),
  bor: bits((a, b) => a | b),
  bxor: bits((a, b) => a ^ b),
  shl: bits((a, b) => BigInt.asIntN(64, a << (b & 63n))),
  shr: bits((a, b) => a >> (b & 63n)),
}
