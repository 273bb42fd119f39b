import { ByteSize, TimeSpan } from '#model'
import { Block, Guid, SecureText, Thing, type Value } from '../values.ts'
import { durationText, parseDuration } from './duration.ts'
import { decodeText, encodeText } from './escape.ts'

export const namespace = 'http://schemas.microsoft.com/powershell/2004/04'
export const version = '1.1.0.1'

const isGuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** A whole number within bounds, as a number or, from 2^53, a bigint. */
function integer(least: bigint, most: bigint): (text: string) => Value | undefined {
  return (text) => {
    if (!/^[+-]?\d{1,40}$/.test(text)) return undefined
    const value = BigInt(text.replace('+', ''))
    return value < least || value > most ? undefined : narrow(value)
  }
}

const narrow = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value)
const signed = (bits: bigint) => integer(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n)
const unsigned = (bits: bigint) => integer(0n, (1n << bits) - 1n)
const text = (value: string): Value => decodeText(value)

const specialFloats = new Map([['INF', Number.POSITIVE_INFINITY], ['-INF', Number.NEGATIVE_INFINITY], ['NaN', Number.NaN]]) // prettier-ignore
const booleans = new Map([['true', true], ['false', false], ['1', true], ['0', false]]) // prettier-ignore

function float(value: string): Value | undefined {
  const special = specialFloats.get(value)
  if (special !== undefined) return special
  return /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/.test(value) ? Number(value) : undefined
}

function decimal(value: string): Value | undefined {
  if (!/^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})$/.test(value)) return undefined
  return /\.\d*[1-9]/.test(value) ? Number(value) : narrow(BigInt(value.replace(/^\+|\.0*$/g, '') || '0'))
}

/** A date and time; without a zone it is one of this machine, as .NET takes it. */
function dateTime(value: string): Value | undefined {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(value)
  if (!found) return undefined
  const date = new Date(`${found[1]}T${found[2]}${(found[3] ?? '').slice(0, 4)}${found[4] ?? ''}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

function character(value: string): Value | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) < 65_536 ? String.fromCharCode(Number(value)) : undefined
}

function bytes(value: string): Value | undefined {
  const compact = value.replace(/\s+/g, '')
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact) ? Uint8Array.fromBase64(compact) : undefined
}

/**
 * Elements of primitive types and what their text means ([MS-PSRP] 2.2.5.1); undefined for a text that the type does not have. A character,
 * URI, version, XML document and script block is read as its text: nothing that is read is ever run. `SS` is refused by the reader.
 */
export const primitives: Readonly<Record<string, (text: string) => Value | undefined>> = {
  S: text,
  C: character,
  B: (value) => booleans.get(value),
  DT: dateTime,
  TS: parseDuration,
  By: unsigned(8n),
  SB: signed(8n),
  U16: unsigned(16n),
  I16: signed(16n),
  U32: unsigned(32n),
  I32: signed(32n),
  U64: unsigned(64n),
  I64: signed(64n),
  Sg: float,
  Db: float,
  D: decimal,
  BA: bytes,
  G: (value) => (isGuid.test(value.toLowerCase()) ? new Guid(value) : undefined),
  URI: text,
  Nil: () => null,
  Version: (value) => (/^\d{1,10}(\.\d{1,10}){1,3}$/.test(value) ? value : undefined),
  XD: text,
  SBK: text,
}

/** Types whose objects are values here: as what they are read, from the text that `ToString` gives. */
export const textTypes: Readonly<Record<string, (text: string) => Value | undefined>> = {
  'Microsoft.Exchange.Data.ByteQuantifiedSize': (value) => ByteSize.parse(value),
  'System.Numerics.BigInteger': (value) => (/^-?\d{1,4000}$/.test(value) ? narrow(BigInt(value)) : undefined),
}

const largestDecimal = 79_228_162_514_264_337_593_543_950_335n

/** Element and text of a value that CLIXML has a primitive type for; undefined for others, `SecureText` among them. */
export function primitiveOf(value: Value): [element: string, text: string] | undefined {
  if (value === null) return ['Nil', '']
  if (typeof value === 'boolean') return ['B', String(value)]
  if (typeof value === 'string') return ['S', encodeText(value)]
  if (typeof value === 'number') return numberOf(value)
  if (typeof value === 'bigint') return bigintOf(value)
  if (value instanceof Date) return dateOf(value)
  if (value instanceof TimeSpan) return ['TS', durationText(value)]
  if (value instanceof Guid) return isGuid.test(value.text) ? ['G', value.text] : ['S', encodeText(value.text)]
  if (value instanceof Uint8Array) return ['BA', value.toBase64()]
  if (value instanceof Block) return ['SBK', encodeText(value.source)]
  return undefined
}

function numberOf(value: number): [string, string] {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return [(value | 0) === value ? 'I32' : 'I64', String(value)]
  if (Number.isFinite(value)) return ['Db', Object.is(value, -0) ? '-0' : String(value)]
  return ['Db', Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF']
}

function bigintOf(value: bigint): [string, string] | undefined {
  if (BigInt.asIntN(64, value) === value) return ['I64', String(value)]
  if (BigInt.asUintN(64, value) === value) return ['U64', String(value)]
  return value <= largestDecimal && value >= -largestDecimal ? ['D', String(value)] : undefined
}

/** .NET knows the years 1 to 9999; what lies outside has no date. */
function dateOf(value: Date): [string, string] {
  const year = value.getUTCFullYear()
  return year >= 1 && year <= 9999 ? ['DT', value.toISOString()] : ['Nil', '']
}

/** Type names and text of a value that is written as an object with its text. */
export function textObjectOf(value: Value): { types: readonly string[]; text: string } | undefined {
  if (value instanceof ByteSize)
    return { types: ['Microsoft.Exchange.Data.ByteQuantifiedSize', 'System.ValueType', 'System.Object'], text: value.toString() }
  if (typeof value === 'bigint') return { types: ['System.Numerics.BigInteger', 'System.ValueType', 'System.Object'], text: String(value) }
  return undefined
}

export const isSecret = (value: Value): value is SecureText => value instanceof SecureText
export const isPlainThing = (thing: Thing): boolean =>
  !thing.types.length ||
  thing.types.some((type) => /^(Deserialized\.|Selected\.)*System\.Management\.Automation\.PSCustomObject$/.test(type))
