import type { Credential } from '#directory'
import { ByteSize, TimeSpan, type Instant } from '#model'

export type ParameterType =
  | 'string'
  | 'switch'
  | 'boolean'
  | 'number'
  | 'count'
  | 'enum'
  | 'identity'
  | 'secureString'
  | 'credential'
  | 'guid'
  | 'uri'
  | 'instant'
  | 'bytes'
  | 'timeSpan'
  | 'filter'
  | 'file'

/** Why a value does not do: what is expected. The binding makes the refusal of it, with the parameter's name. */
export class Unfit extends Error {
  readonly expected: string
  constructor(expected: string) {
    super(expected)
    this.name = 'Unfit'
    this.expected = expected
  }
}

/** One parameter of a cmdlet. */
export interface Parameter<T, Given extends 'mandatory' | 'optional' = 'mandatory' | 'optional'> {
  readonly type: ParameterType
  readonly given: Given
  /** Takes a list. */
  readonly many: boolean
  /** Takes `@{Add=…; Remove=…}` too. */
  readonly changes: boolean
  /** Takes `$null`, which brings the property back to its default. */
  readonly nullable: boolean
  readonly values?: readonly string[]
  /** Least and most of a number, a size or a length of time, as one writes them; either may be absent. */
  readonly range?: { readonly least?: string; readonly most?: string }
  /** Other names of it. */
  readonly aliases?: readonly string[]
  /** One sentence for `Get-Help` and the documents. */
  readonly summary?: string
  /** May stand without its name, in this place. */
  readonly position?: number
  /** Takes the objects of a pipeline. */
  readonly pipeline?: boolean
  /** What it is when left out. */
  readonly fallback?: T
  /** The value in its form; one that does not do throws `Unfit`. */
  read(value: unknown): T
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>
type Value<P> = P extends Parameter<infer T> ? T : never
type MandatoryOf<P extends Parameters> = { [N in keyof P]: P[N] extends { given: 'mandatory' } ? N : never }[keyof P]

/** What `run` of a cmdlet gets. */
export type Arguments<P extends Parameters> = { [N in MandatoryOf<P>]: Value<P[N]> } & {
  [N in Exclude<keyof P, MandatoryOf<P>>]?: Value<P[N]>
}

type Plain<T> = Parameter<T, 'optional'>

function plain<T>(type: ParameterType, read: (value: unknown) => T): Plain<T> {
  return { type, given: 'optional', many: false, changes: false, nullable: false, read }
}

/** Text as it was given; of a list or an object none is made. */
function textOf(value: unknown, expected: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new Unfit(expected)
}

function matching(value: unknown, form: RegExp, expected: string): string {
  const text = textOf(value, expected).trim()
  if (text !== '' && !form.test(text)) throw new Unfit(expected)
  return text
}

export const string = (): Plain<string> => plain('string', (value) => textOf(value, 'text'))

/** Names an object or a recipient. */
export const identity = (): Plain<string> =>
  plain('identity', (value) => {
    const text = textOf(value, 'the name of an object').trim()
    // Nothing is called so, and PostgreSQL cannot be asked for it.
    if (text === '' || text.includes('\0')) throw new Unfit('the name of an object')
    return text
  })

/** On when it is there. */
export const switched = (): Plain<boolean> => plain('switch', (value) => truth(value))
/** `$true` or `$false`. */
export const boolean = (): Plain<boolean> => plain('boolean', (value) => truth(value))

function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase().replace(/^\$/, '') : value
  if (word === 'true' || word === 1 || word === '1') return true
  if (word === 'false' || word === 0 || word === '0') return false
  throw new Unfit('$true or $false')
}

export const number = (): Plain<number> =>
  plain('number', (value) => {
    const found = typeof value === 'string' && /^[-+]?\d{1,15}$/.test(value.trim()) ? Number(value) : value
    if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw new Unfit('a whole number')
    return found
  })

/** How many at most: a number from `least`, or `Unlimited` (then Infinity). */
export const count = (least = 1): Plain<number> =>
  plain('count', (value) => {
    if (typeof value === 'string' && value.trim().toLowerCase() === 'unlimited') return Number.POSITIVE_INFINITY
    const found = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
    if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < least) throw new Unfit(`a number from ${least}, or Unlimited`)
    return found
  })

/** No less and no more than that, both included; either may be left out. */
export function within<T extends number | ByteSize | TimeSpan>(parameter: Plain<T>, least?: NoInfer<T>, most?: NoInfer<T>): Plain<T> {
  const range = {
    ...(least === undefined ? {} : { least: String(least) }),
    ...(most === undefined ? {} : { most: String(most) }),
  }
  const expected = [range.least && `from ${range.least}`, range.most && `up to ${range.most}`].filter(Boolean).join(' ')
  const read = (value: unknown): T => {
    const found = parameter.read(value)
    const [amount, lower, upper] = [amountOf(found), amountOf(least) ?? -Infinity, amountOf(most) ?? Infinity]
    if (amount === undefined || amount < lower || amount > upper) throw new Unfit(expected)
    return found
  }
  return { ...parameter, range, read }
}

function amountOf(value: number | ByteSize | TimeSpan | undefined): number | undefined {
  return value instanceof ByteSize ? value.bytes : value instanceof TimeSpan ? value.ms : value
}

/** A number of bytes (`10MB`, `1.5 GB`, `4096`), or `Unlimited`. */
export const bytes = (): Plain<ByteSize> =>
  plain('bytes', (value) => {
    const size = value instanceof ByteSize ? value : ByteSize.parse(textOf(value, 'a size (10MB, 1.5GB, 4096) or Unlimited'))
    if (!size) throw new Unfit('a size (10MB, 1.5GB, 4096) or Unlimited')
    return size
  })

/** A length of time as .NET writes it (`1.00:00:00`, `00:30:00`). */
export const timeSpan = (): Plain<TimeSpan> =>
  plain('timeSpan', (value) => {
    const span = value instanceof TimeSpan ? value : TimeSpan.parse(textOf(value, 'a length of time (00:30:00, 1.00:00:00)'))
    if (!span) throw new Unfit('a length of time (00:30:00, 1.00:00:00)')
    return span
  })

/** A filter in OPATH (`Department -eq 'Sales' -and Alias -like 'm*'`), as text; the directory reads it. */
export const filter = (): Plain<string> => plain('filter', (value) => textOf(value, 'a filter').trim())

/** The bytes of a file, in base64 on the wire (`-FileData`). */
export const file = (): Plain<Uint8Array> =>
  plain('file', (value) => {
    if (value instanceof Uint8Array) return value
    const text = textOf(value, 'the bytes of a file in base64')
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw new Unfit('the bytes of a file in base64')
    return Buffer.from(text, 'base64')
  })

/** A word of a list, in whatever case. */
export function oneOf<const V extends string>(values: readonly V[]): Plain<V> {
  const expected = `one of ${values.join(', ')}`
  const read = (value: unknown): V => {
    const word = textOf(value, expected).trim().toLowerCase()
    const found = values.find((each) => each.toLowerCase() === word)
    if (found === undefined) throw new Unfit(expected)
    return found
  }
  return { ...plain('enum', read), values }
}

export const guid = (): Plain<string> => plain('guid', (value) => matching(value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a GUID'))
export const uri = (): Plain<string> => plain('uri', (value) => matching(value, /^[^\s\p{Cc}]+$/u, 'a URI without spaces'))

/** A secret; masked in the audit log. */
export const secureString = (): Plain<string> => plain('secureString', (value) => textOf(value, 'a secret text'))

/** `@{UserName='…'; Password='…'}`; masked in the audit log. */
export const credential = (): Plain<Credential> =>
  plain('credential', (value) => {
    const expected = "a user name and a password (@{UserName='…'; Password='…'})"
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unfit(expected)
    const found = new Map(Object.entries(value).map(([name, part]) => [name.toLowerCase(), part as unknown]))
    if (found.size !== 2) throw new Unfit(expected)
    return { UserName: textOf(found.get('username'), expected), Password: textOf(found.get('password'), expected) }
  })

const isoForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[-+]\d\d:\d\d)?)?$/i
const americanForm = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AP]M))?)?$/i

/** A date and time: `2030-01-31`, `2030-01-31T08:00:00Z` or `1/31/2030 8:00 AM`; without a zone it is UTC. */
export const instant = (): Plain<Instant> =>
  plain('instant', (value) => {
    const expected = 'a date (2030-01-31, 2030-01-31T08:00:00Z or 1/31/2030 8:00 AM)'
    if (value instanceof Date) return value.getTime()
    if (typeof value !== 'string') throw new Unfit(expected)
    const text = value.trim()
    const american = americanForm.exec(text)
    const time = american ? americanTime(american) : isoForm.test(text) ? isoTime(text) : Number.NaN
    if (!Number.isFinite(time)) throw new Unfit(expected)
    return time
  })

function isoTime(text: string): number {
  return Date.parse(/(Z|[-+]\d\d:\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`)
}

function americanTime([, month, day, year, hour = '0', minute = '0', second = '0', half]: RegExpExecArray): number {
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour)
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second))
  return new Date(time).getUTCDate() === Number(day) && hours < 24 ? time : Number.NaN
}

/** A list of values; one value alone is a list of one. */
export function list<T>(item: Plain<T>): Plain<T[]> {
  return { ...readsList(item), many: true }
}

function readsList<T>(item: Plain<T>): Plain<T[]> {
  const { fallback: _, ...rest } = item
  return { ...rest, read: (value) => (Array.isArray(value) ? value : [value]).map((one) => item.read(one)) }
}

/** What a multi-valued parameter of `Set-…` can be: the whole list, or what to add and remove. */
export type ListChange<T> = T[] | { Add: T[]; Remove: T[] }

/** A list, or `@{Add='a','b'; Remove='c'}`. */
export function listChange<T>(item: Plain<T>): Plain<ListChange<T>> {
  const whole = readsList(item)
  const { fallback: _, ...rest } = whole
  const read = (value: unknown): ListChange<T> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return whole.read(value)
    const change: { Add: T[]; Remove: T[] } = { Add: [], Remove: [] }
    for (const [name, part] of Object.entries(value)) {
      const which = name.toLowerCase() === 'add' ? 'Add' : name.toLowerCase() === 'remove' ? 'Remove' : undefined
      if (!which) throw new Unfit('a list, or @{Add=…; Remove=…}')
      change[which] = whole.read(part)
    }
    return change
  }
  return { ...rest, many: true, changes: true, read }
}

/** The list after a change: in its order, what is added at the end. Texts are compared without regard to case. */
export function changedList<T>(current: readonly T[], change: ListChange<T>): T[] {
  if (Array.isArray(change)) return change
  const fold = (value: T) => (typeof value === 'string' ? value.toLowerCase() : value)
  const removed = new Set(change.Remove.map(fold))
  const kept = current.filter((value) => !removed.has(fold(value)))
  const there = new Set(kept.map(fold))
  return [...kept, ...change.Add.filter((value) => !there.has(fold(value)))]
}

/** `$null` brings it back to the default. */
export function nullable<T>(parameter: Plain<T>): Plain<T | null> {
  const { fallback: _, ...rest } = parameter
  return { ...rest, nullable: true, read: (value) => (value === null ? null : parameter.read(value)) }
}

interface Place<T> {
  /** One sentence for `Get-Help` and the documents. */
  summary?: string
  aliases?: readonly string[]
  position?: number
  pipeline?: boolean
  fallback?: T
}

export const mandatory = <T>(parameter: Plain<T>, place: Omit<Place<T>, 'fallback'> = {}): Parameter<T, 'mandatory'> => ({
  ...parameter,
  ...place,
  given: 'mandatory',
})

export const optional = <T>(parameter: Plain<T>, place: Place<NoInfer<T>> = {}): Parameter<T, 'optional'> => ({ ...parameter, ...place })
