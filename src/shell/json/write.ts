import { Refusal } from '#model'
import { Guid, Table, Thing, type Value } from '../values.ts'
import { isCompound, propertiesOf, toText } from '../format/text.ts'

export interface JsonWriteOptions {
  /** Levels of objects within the object that are written: 0 to 100, 2 by default as in PowerShell. */
  depth?: number
  compress?: boolean
  /** Told once when something lay deeper and was written as its text. */
  warn?: (text: string) => void
  /** Longest text made, in characters: 64 million. */
  most?: number
}

const deepest = 100

/**
 * A value as JSON, as ConvertTo-Json writes it: objects and `@{…}` with their properties in order, dates in ISO 8601, quantities, GUIDs and script
 * blocks as their texts, bytes as numbers, a secret text as the name of its type. What lies deeper than `depth` is written as its text, with a warning.
 * Refuses InvalidParameter for a depth out of bounds, ScriptLimit for a text that is too long.
 */
export function toJson(value: Value, options: JsonWriteOptions = {}): string {
  const { depth = 2, compress = false, most = 64_000_000 } = options
  if (!Number.isInteger(depth) || depth < 0 || depth > deepest) {
    throw new Refusal('InvalidParameter', `-Depth must be a whole number from 0 to ${deepest}; it is ${depth}.`)
  }
  const pieces: string[] = []
  let length = 0
  let isCut = false
  const put = (text: string): void => {
    length += text.length
    if (length > most)
      throw new Refusal(
        'ScriptLimit',
        `The JSON would be longer than ${most} characters; choose properties (Select-Object) or a smaller -Depth.`,
      )
    pieces.push(text)
  }
  const newLine = (level: number): void => put(compress ? '' : `\n${'  '.repeat(level)}`)
  const write = (of: Value, level: number): void => {
    if (!isCompound(of)) return put(simple(of))
    if (level > depth) {
      isCut = true
      return put(JSON.stringify(toText(of)))
    }
    const isList = Array.isArray(of)
    const members = isList ? (of as readonly Value[]) : propertiesOf(of)!
    put(isList ? '[' : '{')
    members.forEach((member, at) => {
      if (at) put(',')
      newLine(level + 1)
      if (isList) return write(member as Value, level + 1)
      const [name, inner] = member as [string, Value]
      put(`${JSON.stringify(name)}:${compress ? '' : ' '}`)
      write(inner, level + 1)
    })
    if (members.length) newLine(level)
    put(isList ? ']' : '}')
  }
  write(value, 0)
  if (isCut) options.warn?.(`The JSON is cut: objects lie deeper than the set depth of ${depth}.`)
  return pieces.join('')
}

function simple(value: Exclude<Value, readonly Value[] | Table | Thing>): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString().replace('.000Z', 'Z')}"`
  if (value instanceof Uint8Array) return `[${value.join(',')}]`
  return JSON.stringify(value instanceof Guid ? value.text : value.toString())
}
