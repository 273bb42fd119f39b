import type { Instant, IsoDate } from '#model'
import { escapeText, textOf } from '#wire'
import { refuseAt, type ReadContext, type TextCodec, type WriteContext } from './codec.ts'

interface TextRow<T> {
  of: string
  expected: string
  parse: (text: string, context: ReadContext) => T | undefined
  print: (value: T, context: WriteContext) => string
  values?: readonly string[]
  /** White space around the value belongs to it. */
  verbatim?: true
}

/** A text type from its two functions. */
export function textType<T>(row: TextRow<T>): TextCodec<T> {
  const { expected, print } = row
  const parse = row.verbatim ? row.parse : (text: string, context: ReadContext) => row.parse(text.trim(), context)
  return {
    shape: row.values ? { is: 'text', of: row.of, values: row.values } : { is: 'text', of: row.of },
    expected,
    parse,
    print,
    read: (element, context) => {
      for (const child of element.children) if (typeof child !== 'string') refuseAt(child, 'unexpected element')
      return parse(textOf(element), context) ?? refuseAt(element, `expected ${expected}`)
    },
    write: (tag, value, context) => {
      const text = print(value, context)
      return text === '' ? `<${tag}/>` : `<${tag}>${escapeText(text)}</${tag}>`
    },
  }
}

export const string = textType<string>({ of: 'string', expected: 'text', parse: (text) => text, print: (value) => value, verbatim: true })

export const nonEmptyString = textType<string>({
  of: 'nonEmptyString',
  expected: 'text that is not empty',
  parse: (text) => text || undefined,
  print: (value) => value,
})

export const bool = textType<boolean>({
  of: 'bool',
  expected: 'true|false',
  parse: (text) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined),
  print: (value) => (value ? 'true' : 'false'),
})

function integerType(of: string, expected: string, least: number, most: number): TextCodec<number> {
  return textType<number>({
    of,
    expected,
    parse: (text) => {
      if (!/^[+-]?\d{1,20}$/.test(text)) return undefined
      const value = Number(text)
      return value >= least && value <= most ? value : undefined
    },
    print: (value) => String(Math.max(least, Math.min(most, Math.trunc(value)))),
  })
}
export const int = integerType('int', 'a whole number of 32 bits', -2147483648, 2147483647)
/** 64 bits on the wire; beyond 2^53 refused, for no field of EWS needs them. */
export const long = integerType('long', 'a whole number', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
/** A whole number within bounds, both included. */
export const intFrom = (least: number, most: number): TextCodec<number> =>
  integerType(`int ${least} ${most}`, `a whole number from ${least} to ${most}`, least, most)

export const double = textType<number>({
  of: 'double',
  expected: 'a number',
  parse: (text) => (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined),
  print: (value) => String(Number.isFinite(value) ? value : 0),
})

/** Standard base64, white space allowed on the way in. */
export const base64 = textType<string>({
  of: 'base64',
  expected: 'base64',
  parse: (text) => {
    const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text
    return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed) ? packed : undefined
  },
  print: (value) => value,
})

export const guid = textType<string>({
  of: 'guid',
  expected: 'a GUID',
  parse: (text) => (/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text) ? text.toLowerCase() : undefined),
  print: (value) => value,
})

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]): TextCodec<W> {
  const known = new Map<string, W>(words.map((word) => [word, word]))
  return textType<W>({ of: 'oneOf', values: words, expected: words.join('|'), parse: (text) => known.get(text), print: (value) => value })
}

/** Several values separated by white space (xs:list). */
export function tokens<T>(of: TextCodec<T>): TextCodec<T[]> {
  return textType<T[]>({
    of: 'tokens',
    ...(of.shape.is === 'text' && of.shape.values && { values: of.shape.values }),
    expected: `some of ${of.expected}`,
    parse: (text, context) => {
      const values: T[] = []
      for (const word of text.split(/\s+/)) {
        if (word === '') continue
        const value = of.parse(word, context)
        if (value === undefined) return undefined
        values.push(value)
      }
      return values
    },
    print: (values, context) => values.map((value) => of.print(value, context)).join(' '),
  })
}

const dateTimeForm = /^(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?(Z|[+-]\d\d:\d\d)?$/

/** Milliseconds since 1970 UTC of an xs:dateTime or xs:date; without offset as `context.local` says. Undefined = not one. */
export function parseInstant(text: string, context: ReadContext): Instant | undefined {
  const match = dateTimeForm.exec(text)
  if (!match) return undefined
  const [, date = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = match
  if (!isDate(date) || Number(minute) > 59 || Number(second) > 60) return undefined
  if (Number(hour) > 24 || (hour === '24' && (minute !== '00' || second !== '00'))) return undefined
  const ofDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  const asUtc = Date.parse(`${date}T00:00:00Z`) + ofDay
  if (zone === 'Z') return asUtc
  if (zone) {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
    return minutes > 14 * 60 ? undefined : asUtc - (zone.startsWith('-') ? -minutes : minutes) * 60_000
  }
  return context.local(new Date(asUtc).toISOString().slice(0, 23))
}

function isDate(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

export const dateTime = textType<Instant>({
  of: 'dateTime',
  expected: 'a date and time such as 2030-03-04T09:00:00Z',
  parse: parseInstant,
  print: (value, context) => context.dateTime(value),
})

/** A day, its offset left aside: `2030-03-04`, `2030-03-04Z`, `2030-03-04+01:00`, and the day of a whole date-time. */
export const date = textType<IsoDate>({
  of: 'date',
  expected: 'a date such as 2030-03-04',
  parse: (text) => {
    const match = dateTimeForm.exec(text)
    return match?.[1] && isDate(match[1]) ? match[1] : undefined
  },
  print: (value) => value,
})

export const time = textType<string>({
  of: 'time',
  expected: 'a time of day such as 09:00:00',
  parse: (text) => (/^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)?$/.test(text) ? text : undefined),
  print: (value) => value,
})

export const duration = textType<string>({
  of: 'duration',
  expected: 'a duration such as PT2H',
  parse: (text) =>
    /^-?P(?=.)(\d{1,9}Y)?(\d{1,9}M)?(\d{1,9}D)?(T(?=.)(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}(\.\d{1,9})?S)?)?$/.test(text) ? text : undefined,
  print: (value) => value,
})

const earliest = Date.parse('0001-01-01T00:00:00Z')
const latest = Date.parse('9999-12-31T23:59:59Z')
/** `2030-03-04T09:00:00Z`; [MS-OXWSCDATA] 2.2.5.8: whole seconds unless milliseconds were asked for. */
export function utcSeconds(instant: Instant): string {
  return `${utcMilliseconds(instant).slice(0, 19)}Z`
}
export function utcMilliseconds(instant: Instant): string {
  return new Date(Math.max(earliest, Math.min(latest, instant))).toISOString()
}
