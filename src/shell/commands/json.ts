import { ByteSize, Refusal, TimeSpan } from '#model'
import { numberText, toText } from '../language/convert.ts'
import { ScriptError } from '../language/problem.ts'
import { whole } from '../language/parse-number.ts'
import { Guid, Table, Thing, type Value } from '../values.ts'

interface JsonOptions {
  depth: number
  compress: boolean
  /** Characters. */
  most: number
}

const deepest = 100

/** A value as JSON: what lies deeper than `depth` is text, as PowerShell writes it. */
export function toJson(value: Value, options: JsonOptions): string {
  if (options.depth < 0 || options.depth > deepest)
    throw new Refusal('InvalidParameter', `-Depth of ConvertTo-Json must be from 0 to ${deepest}.`)
  const budget = { left: options.most }
  return written(value, options, 0, budget)
}

function written(value: Value, options: JsonOptions, level: number, budget: { left: number }): string {
  const text = single(value)
  if (text !== undefined) return spend(text, budget)
  if (level > options.depth) return spend(JSON.stringify(toText(value)), budget)
  const [line, indent, colon] = options.compress ? ['', '', ':'] : [`\n${'  '.repeat(level + 1)}`, `\n${'  '.repeat(level)}`, ': ']
  spend(line + indent, budget)
  if (Array.isArray(value) || value instanceof Uint8Array) {
    if (value.length === 0) return '[]'
    const items = Array.from(value as Iterable<Value>, (item) => line + written(item, options, level + 1, budget))
    return `[${items.join(',')}${indent}]`
  }
  const entries = value instanceof Table ? [...value.entries.values()] : value instanceof Thing ? [...value.properties.values()] : []
  if (entries.length === 0) return '{}'
  return `{${entries.map(([name, one]) => `${line}${spend(JSON.stringify(name), budget)}${colon}${written(one, options, level + 1, budget)}`).join(',')}${indent}}`
}

function spend(text: string, budget: { left: number }): string {
  budget.left -= text.length
  if (budget.left < 0) throw new Refusal('ScriptLimit', 'ConvertTo-Json makes a longer text than one operation may.', { limit: 'text' })
  return text
}

function single(value: Value): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value).replace('E', 'e') : JSON.stringify(numberText(value))
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof ByteSize || value instanceof TimeSpan || value instanceof Guid) return JSON.stringify(value.toString())
  return value instanceof Thing || value instanceof Table || Array.isArray(value) || value instanceof Uint8Array
    ? undefined
    : JSON.stringify(toText(value))
}

/** Objects of JSON. Malformed → a script error; too deep → ScriptLimit. */
export function fromJson(text: string, asTables: boolean): Value {
  if (depthOf(text) > deepest)
    throw new Refusal('ScriptLimit', `JSON has at most ${deepest} brackets within each other.`, { limit: 'nesting' })
  try {
    return made(JSON.parse(text, exact), asTables)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    throw new ScriptError(`Invalid JSON: ${thrown.message.slice(0, 200)}.`, {
      id: 'InvalidJson',
      category: 'InvalidArgument',
      exception: 'System.ArgumentException',
    })
  }
}

/** A whole number keeps its digits. */
function exact(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && !Number.isSafeInteger(value) && source && /^-?\d{16,30}$/.test(source) ? whole(BigInt(source)) : value
}

function depthOf(text: string): number {
  let [depth, most, inText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const next = text[at]
    if (inText) {
      if (next === '\\') at++
      else if (next === '"') inText = false
    } else if (next === '"') inText = true
    else if (next === '{' || next === '[') most = Math.max(most, ++depth)
    else if (next === '}' || next === ']') depth--
  }
  return most
}

const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

function made(value: unknown, asTables: boolean): Value {
  if (typeof value === 'string') return dateForm.test(value) && !Number.isNaN(Date.parse(value)) ? new Date(value) : value
  if (Array.isArray(value)) return value.map((one) => made(one, asTables))
  if (typeof value !== 'object' || value === null) return value as Value
  const entries = Object.entries(value).map(([name, one]): [string, Value] => [name, made(one, asTables)])
  return asTables ? new Table(entries) : new Thing(entries)
}
