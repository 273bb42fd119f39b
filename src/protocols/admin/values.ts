import { ByteSize, TimeSpan } from '#model'
import { Guid, Thing, type Value } from '#shell'

/** How a value travels that JSON has no form for: as text, its .NET type in a mark beside it, `"WhenCreated@data.type": "System.DateTime"`. */
interface Form {
  readonly mark: string
  is(value: unknown, name: string): boolean
  write(value: never): string | null
  /** Undefined = the text is none of these; it stays text. */
  read(text: string): Value | undefined
}

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const form = <T>(
  mark: string,
  is: (value: unknown, name: string) => boolean,
  write: (value: T) => string | null,
  read: Form['read'],
): Form => ({ mark, is, write, read })

const forms: readonly Form[] = [
  form<Date>('System.DateTime', (value) => value instanceof Date, (date) => (Number.isNaN(date.getTime()) ? null : date.toISOString()), readDate),
  form<ByteSize>('Microsoft.Exchange.Data.ByteQuantifiedSize', (value) => value instanceof ByteSize, String, (text) => ByteSize.parse(text)),
  form<TimeSpan>('System.TimeSpan', (value) => value instanceof TimeSpan, String, (text) => TimeSpan.parse(text)),
  form<Uint8Array>('System.Byte[]', (value) => value instanceof Uint8Array, (bytes) => Buffer.from(bytes).toString('base64'), (text) => Buffer.from(text, 'base64')),
  form<bigint>('System.Int64', (value) => typeof value === 'bigint', String, (text) => (/^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined)),
  form<string>('System.Guid', (value, name) => typeof value === 'string' && /Guid$/.test(name) && guidForm.test(value), String, (text) => (guidForm.test(text) ? new Guid(text) : undefined)),
] // prettier-ignore
const byMark = new Map(forms.map((each) => [each.mark, each]))

function readDate(text: string): Date | undefined {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/**
 * An object as it travels: dates, sizes, lengths of time, bytes and GUIDs as text with a mark of their type, lists of texts marked as OData
 * does, numbers without limit as `Unlimited`. What is undefined is left out.
 */
export function marked(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).flatMap(([name, value]) => propertyOf(name, value)))
}

function propertyOf(name: string, value: unknown): [string, unknown][] {
  if (value === undefined) return []
  if (Array.isArray(value)) return listOf(name, value)
  const own = formOf(name, value)
  if (!own) return [[name, plain(value)]]
  return [[`${name}@data.type`, own.mark], [name, own.write(value as never)]] // prettier-ignore
}

function listOf(name: string, list: readonly unknown[]): [string, unknown][] {
  const own = list.length > 0 ? formOf(name, list[0]) : undefined
  if (own && list.every((each) => own.is(each, name))) {
    return [[`${name}@data.type`, own.mark], [name, list.map((each) => own.write(each as never))]] // prettier-ignore
  }
  const texts = list.every((each) => typeof each === 'string')
  return [...(texts ? [[`${name}@odata.type`, '#Collection(String)'] as [string, unknown]] : []), [name, list.map(plain)]]
}

const formOf = (name: string, value: unknown): Form | undefined => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return undefined
  return forms.find((each) => each.is(value, name))
}

/** A value without a mark of its own: among others in a list, those of mixed types too. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : value > 0 ? 'Unlimited' : null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  const own = formOf('', value)
  return own ? own.write(value as never) : marked(value)
}

const markForm = /@(odata|data)\.type$/

/** The way back: an object of an answer as the shell knows it. `type` is the name of its kind. */
export function thingOf(object: object, type?: string): Thing {
  const source = object as Record<string, unknown>
  const properties = Object.entries(source)
    .filter(([name]) => !markForm.test(name))
    .map(([name, value]) => [name, valueOf(value, source[`${name}@data.type`])] as const)
  const text = source.Name ?? source.Identity
  return new Thing(properties, type ? [type] : [], typeof text === 'string' ? text : undefined)
}

function valueOf(value: unknown, mark?: unknown): Value {
  if (Array.isArray(value)) return value.map((each) => valueOf(each, mark))
  if (typeof value === 'object' && value !== null) return thingOf(value)
  if (typeof value === 'string') return (typeof mark === 'string' ? byMark.get(mark)?.read(value) : undefined) ?? value
  return value as Value
}

/** An object of an answer without its marks: plain JSON, as scripts want it. */
export function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !markForm.test(name))
      .map(([name, each]) => [name, unmarked(each)]),
  )
}
