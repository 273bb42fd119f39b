import { ByteSize, TimeSpan } from '#model'
import { Guid, Thing, type Value } from '../values.ts'

/** How a value travels that JSON has no form for: as text, its .NET type in a mark beside it, `"WhenCreated@data.type": "System.DateTime"`. */
interface Form<T = never> {
  readonly mark: string
  write(value: T): string | null
  /** Undefined = the text is none of these; it stays text. */
  read(text: string): Value | undefined
}

const base64Form = /^[A-Za-z0-9+/]*={0,2}$/
const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const date: Form<Date> = {
  mark: 'System.DateTime',
  write: (value) => (Number.isNaN(value.getTime()) ? null : value.toISOString()),
  read: readDate,
}
const size: Form<ByteSize> = { mark: 'Microsoft.Exchange.Data.ByteQuantifiedSize', write: String, read: (text) => ByteSize.parse(text) }
const span: Form<TimeSpan> = { mark: 'System.TimeSpan', write: String, read: (text) => TimeSpan.parse(text) }
const bytes: Form<Uint8Array> = {
  mark: 'System.Byte[]',
  write: (value) => value.toBase64(),
  read: (text) => (base64Form.test(text) && text.length % 4 === 0 ? Uint8Array.fromBase64(text) : undefined),
}
const long: Form<bigint> = {
  mark: 'System.Int64',
  write: String,
  read: (text) => (/^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined),
}
const guid: Form<string> = { mark: 'System.Guid', write: String, read: (text) => (guidForm.test(text) ? new Guid(text) : undefined) }

const byMark: ReadonlyMap<string, Form> = new Map([date, size, span, bytes, long, guid].map((form) => [form.mark, form]))

/** The form of a value under this name: a GUID is told by both. */
function formOf(name: string, value: unknown): Form | undefined {
  if (typeof value === 'string') return name.endsWith('Guid') && guidForm.test(value) ? guid : undefined
  if (typeof value === 'bigint') return long
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Date) return date
  if (value instanceof ByteSize) return size
  if (value instanceof TimeSpan) return span
  return value instanceof Uint8Array ? bytes : undefined
}

function readDate(text: string): Date | undefined {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/**
 * An object as it travels: dates, sizes, lengths of time, bytes and GUIDs as text with a mark of their type, lists of texts marked as OData
 * does, numbers without limit as `Unlimited`. What is undefined is left out. `wanted`: the names alone, in lower case, of its own properties.
 */
export function marked(object: object, wanted?: ReadonlySet<string>): Record<string, unknown> {
  // Without a prototype no name of a property is special.
  const shown = Object.create(null) as Record<string, unknown>
  for (const name of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[name]
    if (value === undefined || (wanted && !wanted.has(name.toLowerCase()))) continue
    if (Array.isArray(value)) {
      addList(shown, name, value)
      continue
    }
    const form = formOf(name, value)
    if (form) shown[`${name}@data.type`] = form.mark
    shown[name] = form ? form.write(value as never) : plain(value)
  }
  return shown
}

function addList(shown: Record<string, unknown>, name: string, list: readonly unknown[]): void {
  const form = list.length > 0 ? formOf(name, list[0]) : undefined
  if (form && list.every((each) => formOf(name, each) === form)) {
    shown[`${name}@data.type`] = form.mark
    shown[name] = list.map((each) => form.write(each as never))
    return
  }
  if (list.every((each) => typeof each === 'string')) shown[`${name}@odata.type`] = '#Collection(String)'
  shown[name] = list.map(plain)
}

/** A value without a mark of its own: among others in a list, those of mixed types too. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : value > 0 ? 'Unlimited' : null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  const own = formOf('', value)
  return own ? own.write(value as never) : marked(value)
}

const isMark = (name: string) => name.endsWith('.type') && /@(odata|data)\.type$/.test(name)

/** The way back: an object of an answer as the shell knows it. `type` is the name of its kind. */
export function thingOf(object: object, type?: string): Thing {
  const source = object as Record<string, unknown>
  const properties: [string, Value][] = []
  for (const [name, value] of Object.entries(source)) {
    if (!isMark(name)) properties.push([name, valueOf(value, source[`${name}@data.type`])])
  }
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
      .filter(([name]) => !isMark(name))
      .map(([name, each]) => [name, unmarked(each)]),
  )
}
