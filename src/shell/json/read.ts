import { Refusal } from '#model'
import { Table, Thing, type Value } from '../values.ts'

export interface JsonReadOptions {
  /** Objects as `@{…}`. */
  asHashtable?: boolean
  /** Objects within objects: 1,024 at most, as in PowerShell. */
  depth?: number
  /** Characters of the text: 64 million. */
  most?: number
}

/** As it is since ES2025: a reviver is told how a number was written. */
const parse = JSON.parse as (text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown) => unknown

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)?$/

/**
 * The value of a JSON text, as ConvertFrom-Json gives it: objects as objects (names that differ in case alone are refused), whole numbers beyond
 * 2^53 exactly, texts in the form of ISO 8601 as dates. Names that are whole numbers come before the others. Refuses ScriptProblem for what is no JSON, ScriptLimit beyond size and depth.
 */
export function fromJson(text: string, options: JsonReadOptions = {}): Value {
  const { depth = 1024, most = 64_000_000 } = options
  if (text.length > most) throw new Refusal('ScriptLimit', `The JSON is longer than ${most} characters, the most that is read.`)
  if (depthOf(text) > Math.min(depth, 1024)) {
    throw new Refusal('ScriptLimit', `Objects in the JSON are nested deeper than ${Math.min(depth, 1024)}.`)
  }
  try {
    return parse(text.replace(/^\ufeff/, ''), (_key, value, { source }) => revived(value, source, options)) as Value
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal('ScriptProblem', `The text is no JSON: ${error.message}.`)
    throw error
  }
}

function revived(value: unknown, source: string | undefined, { asHashtable }: JsonReadOptions): Value {
  if (typeof value === 'number') return Number.isSafeInteger(value) || !/^-?\d+$/.test(source ?? '') ? value : BigInt(source!)
  if (typeof value === 'string') return isoDate.test(value) ? dateOr(value) : value
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRevived(value)) return value as Value
  const pairs = Object.entries(value) as [string, Value][]
  const made = asHashtable ? new Table(pairs) : new Thing(pairs)
  if ((made instanceof Table ? made.entries : made.properties).size < pairs.length) {
    throw new Refusal('ScriptProblem', 'An object in the JSON has two names that differ in case alone.')
  }
  return made
}

const isRevived = (value: object): boolean => value instanceof Date || value instanceof Thing || value instanceof Table

function dateOr(text: string): Value {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? text : date
}

/** Deepest nesting of brackets outside of strings: known before the parser descends. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      at++
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    } else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return deepest
}
