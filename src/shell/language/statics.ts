import { ByteSize, nearest, Refusal, TimeSpan } from '#model'
import { Guid, type Value } from '../values.ts'
import { cast, roundEven, toDate, toList, toPlainNumber, toText, toTimeSpan, toWhole } from './convert.ts'
import { order } from './compare.ts'
import { dateFrom, UtcDate } from './dates.ts'
import { encodings } from './encodings.ts'
import { parseDateExact } from './exact-dates.ts'
import { formatText } from './format-text.ts'
import { matchesOf, matchThing, replaced } from './match-operators.ts'
import { midnight } from './members.ts'
import { bound, joinTexts } from './operators.ts'
import { ScriptError } from './problem.ts'
import type { Frame } from './runtime.ts'
import { refuseFiles } from './show.ts'
import { typeOfName } from './types.ts'

type Static = (args: readonly Value[], frame: Frame) => Value | Promise<Value>

/** `[type]::Member`. */
export async function getStatic(type: string, name: string, frame: Frame): Promise<Value> {
  if (typeOfName(type) === 'enumeration') return name
  const own = values[typeOfName(type)]
  const found = own && Object.hasOwn(own, name.toLowerCase()) ? own[name.toLowerCase()] : undefined
  if (!found) throw unknown(type, name, Object.keys(own ?? {}))
  return found([], frame)
}

/** `[type]::Method(…)`. */
export async function callStatic(type: string, name: string, args: readonly Value[], frame: Frame): Promise<Value> {
  if (name.toLowerCase() === 'new') return made(type, args, frame)
  const own = methods[typeOfName(type)]
  const found = own && Object.hasOwn(own, name.toLowerCase()) ? own[name.toLowerCase()] : undefined
  if (!found) throw unknown(type, name, Object.keys(own ?? {}))
  return found(args, frame)
}

/** `[type]::new(…)` is New-Object. */
async function made(type: string, args: readonly Value[], frame: Frame): Promise<Value> {
  const given = [{ kind: 'parameter' as const, name: 'TypeName', hasValue: true, value: type }, { kind: 'parameter' as const, name: 'ArgumentList', hasValue: true, value: args }] // prettier-ignore
  for await (const object of frame.run.evaluator.command('New-Object', given, frame)) return object
  return null
}

function unknown(type: string, name: string, names: readonly string[]): Refusal {
  const near = nearest(name, names)
  const hint = near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''
  return new Refusal('NotInLanguage', `[${type}]::${name.slice(0, 60)} is not part of this shell.${hint}`, {
    type,
    member: name.slice(0, 60),
  })
}

const now = ({ run }: Frame) => new Date(run.session.options.clock())
const values: Readonly<Record<string, Readonly<Record<string, Static>>>> = {
  datetime: {
    now: (_, frame) => now(frame),
    utcnow: (_, frame) => new UtcDate(now(frame)),
    today: (_, frame) => midnight(now(frame)),
    minvalue: () => dateFrom(1, 1, 1)!,
    maxvalue: () => dateFrom(9999, 12, 31, 23, 59, 59, 999)!,
  },
  timespan: {
    zero: () => new TimeSpan(0),
    maxvalue: () => new TimeSpan(922_337_203_685_477),
    minvalue: () => new TimeSpan(-922_337_203_685_477),
  },
  guid: { empty: () => new Guid('00000000-0000-0000-0000-000000000000') },
  string: { empty: () => '' },
  int: { maxvalue: () => 2 ** 31 - 1, minvalue: () => -(2 ** 31) },
  long: { maxvalue: () => 2n ** 63n - 1n, minvalue: () => -(2n ** 63n) },
  double: {
    maxvalue: () => Number.MAX_VALUE,
    minvalue: () => -Number.MAX_VALUE,
    nan: () => Number.NaN,
    positiveinfinity: () => Number.POSITIVE_INFINITY,
  },
  byte: { maxvalue: () => 255, minvalue: () => 0 },
  encoding: encodings,
  math: { pi: () => Math.PI, e: () => Math.E },
  environment: {
    newline: () => '\r\n',
    username: (_, frame) => frame.run.session.options.environment?.USERNAME ?? frame.run.session.options.environment?.USER ?? '',
    machinename: (_, frame) => frame.run.session.options.environment?.COMPUTERNAME ?? frame.run.session.options.environment?.HOSTNAME ?? '',
  },
}

const number = (value: Value | undefined) => toPlainNumber(value ?? 0)
const text = (value: Value | undefined) => toText(value ?? null)
const math =
  (work: (...numbers: number[]) => number): Static =>
  (args) =>
    work(...args.map((value) => number(value)))

function rounded([value, places, mode]: readonly Value[]): number {
  const digits = typeof places === 'number' ? places : 0
  const away = [places, mode].some((one) => typeof one === 'string' && /^awayfromzero$/i.test(one))
  if (digits < 0 || digits > 15) throw new ScriptError('Rounding digits must be between 0 and 15, inclusive.', { id: 'ArgumentOutOfRange' })
  const written = String(number(value))
  const scaled = written.includes('e') ? number(value) * 10 ** digits : Number(`${written}e${digits}`)
  // So far out a number has no places left to round, and `whole` would be written with an exponent.
  if (!(Math.abs(scaled) < 2 ** 53)) return number(value)
  const whole = away ? Math.sign(scaled) * Math.round(Math.abs(scaled)) : roundEven(scaled)
  return Number(`${whole}e-${digits}`)
}

function joinedTexts([between, ...parts]: readonly Value[], { run }: Frame): string {
  return joinTexts(parts.length === 1 ? toList(parts[0]!) : parts, text(between), run.session.limits)
}

function newGuid({ run }: Frame): Guid {
  const random = run.session.options.random
  if (!random) return new Guid(crypto.randomUUID())
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16))
  hex[12] = '4'
  return new Guid(hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
}

const files = ({ run }: Frame) => {
  const found = run.session.options.files
  if (!found) throw refuseFiles()
  return found
}

async function readAll(path: Value | undefined, frame: Frame): Promise<string> {
  let all = ''
  for await (const piece of files(frame).readText(text(path), { signal: frame.run.signal })) {
    all += piece
    bound(all.length, 'text', frame.run.session.limits)
  }
  return all
}

async function* pieces(value: string): AsyncGenerator<string, void, undefined> {
  yield value
}

const parses = (type: string): Record<string, Static> => ({ parse: ([value]) => cast(text(value), type) })
const bytes = (value: Value | undefined) => cast(value ?? null, 'byte[]') as Uint8Array
const escaped = (value: string) =>
  value
    .replaceAll(/[\\*+?|{[()^$.# ]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
function exactDate(value: string, formats: readonly string[]): Date {
  for (const format of formats) {
    const read = parseDateExact(value, format)
    if (read) return read
  }
  throw new ScriptError(`'${value.slice(0, 60)}' is not a date as '${formats.join("', '").slice(0, 100)}' writes it.`, { id: 'FormatException', category: 'InvalidArgument', exception: 'System.FormatException' }) // prettier-ignore
}

const ignoresCase = (option: Value | undefined) => option !== undefined && /ignorecase/i.test(toText(option))

const letterForms = { isdigit: /^\p{Nd}/u, isletter: /^\p{L}/u, isletterordigit: /^[\p{L}\p{Nd}]/u, isupper: /^\p{Lu}/u, islower: /^\p{Ll}/u, iswhitespace: /^\s/, ispunctuation: /^\p{P}/u } // prettier-ignore
const letterTests = Object.fromEntries(Object.entries(letterForms).map(([name, form]): [string, Static] => [name, ([one]) => form.test(text(one))])) // prettier-ignore

const methods: Readonly<Record<string, Readonly<Record<string, Static>>>> = {
  math: {
    round: rounded,
    floor: math(Math.floor),
    ceiling: math(Math.ceil),
    truncate: math(Math.trunc),
    abs: math(Math.abs),
    max: math(Math.max),
    min: math(Math.min),
    sqrt: math(Math.sqrt),
    pow: math(Math.pow),
    sign: math(Math.sign),
    log: ([value, base]) => (base === undefined ? Math.log(number(value)) : Math.log(number(value)) / Math.log(number(base))),
    log10: math(Math.log10),
    exp: math(Math.exp),
  },
  string: {
    isnullorempty: ([value]) => text(value) === '',
    isnullorwhitespace: ([value]) => text(value).trim() === '',
    join: joinedTexts,
    concat: (args, frame) => joinedTexts(['', ...args], frame),
    format: ([form, ...args], { run }) => formatText(text(form), args.length === 1 ? toList(args[0]!) : args, run.session.limits),
    compare: ([left, right, ignore]) => Math.sign(order(text(left), text(right), !(ignore === true))),
    equals: ([left, right]) => text(left) === text(right),
  },
  char: { ...letterTests, toupper: ([one]) => text(one).toUpperCase(), tolower: ([one]) => text(one).toLowerCase() },
  guid: { newguid: (_, frame) => newGuid(frame), ...parses('guid') },
  datetime: {
    ...parses('datetime'),
    parseexact: ([value, formats]) =>
      exactDate(
        text(value),
        toList(formats ?? null).map((one) => toText(one)),
      ),
    daysinmonth: ([year, month]) => new Date(number(year), number(month), 0).getDate(),
    isleapyear: ([year]) => new Date(number(year), 1, 29).getMonth() === 1,
    fromfiletime: ([ticks]) => new Date(number(ticks) / 10_000 - 11_644_473_600_000),
    specifykind: ([date, kind]) => (/^utc$/i.test(text(kind)) ? new UtcDate(toDate(date ?? null)) : toDate(date ?? null)),
  },
  timespan: {
    ...parses('timespan'),
    fromdays: ([count]) => new TimeSpan(number(count) * 86_400_000),
    fromhours: ([count]) => new TimeSpan(number(count) * 3_600_000),
    fromminutes: ([count]) => new TimeSpan(number(count) * 60_000),
    fromseconds: ([count]) => new TimeSpan(number(count) * 1000),
    frommilliseconds: ([count]) => new TimeSpan(number(count)),
    compare: ([left, right]) => Math.sign(toTimeSpan(left ?? null).ms - toTimeSpan(right ?? null).ms),
  },
  bytesize: { ...parses('bytesize'), frombytes: ([count]) => new ByteSize(number(count)), frommb: ([count]) => new ByteSize(number(count) * 2 ** 20), fromgb: ([count]) => new ByteSize(number(count) * 2 ** 30) }, // prettier-ignore
  int: parses('int'),
  long: parses('long'),
  double: parses('double'),
  bool: parses('bool'),
  convert: {
    toint32: ([value, radix]) => (radix === undefined ? toWhole(value ?? null) : Number.parseInt(text(value), number(radix))),
    tostring: ([value, radix]) => (radix === undefined ? text(value) : number(value).toString(number(radix))),
    toboolean: ([value]) => cast(value ?? null, 'bool'),
    todatetime: ([value]) => toDate(value ?? null),
    tobase64string: ([value]) => bytes(value).toBase64(),
    frombase64string: ([value]) => fromBase64(text(value)),
  },
  regex: {
    escape: ([value]) => escaped(text(value)),
    ismatch: ([value, pattern, option], { run }) => run.pattern(text(pattern), ignoresCase(option)).match(text(value)) !== undefined,
    match: ([value, pattern, option], { run }) => {
      const found = run.pattern(text(pattern), ignoresCase(option)).match(text(value))
      return matchThing(found ?? { index: 0, end: 0, groups: [] })
    },
    matches: ([value, pattern, option], { run }) => {
      const found = [...matchesOf(run.pattern(text(pattern), ignoresCase(option)), text(value))]
      bound(found.length, 'elements', run.session.limits)
      return found.map(matchThing)
    },
    replace: ([value, pattern, by, option], frame) =>
      replaced(frame.run.pattern(text(pattern), ignoresCase(option)), text(value), by ?? '', frame),
    split: ([value, pattern], { run }) =>
      splitBy(
        text(value),
        [...matchesOf(run.pattern(text(pattern), false), text(value))].map(({ index, end }) => [index, end]),
      ),
  },
  array: {
    reverse: ([list]) => (Array.isArray(list) && (list as Value[]).reverse(), null),
    sort: ([list]) => (Array.isArray(list) && (list as Value[]).sort((a, b) => order(a, b)), null),
    indexof: ([list, item]) => toList(list ?? null).findIndex((one) => toText(one) === text(item)),
  },
  environment: {
    getenvironmentvariable: ([name], { run }) =>
      Object.entries(run.session.options.environment ?? {}).find(([key]) => key.toLowerCase() === text(name).toLowerCase())?.[1] ?? null,
  },
  file: {
    readallbytes: ([path], frame) => files(frame).readBytes(text(path), { signal: frame.run.signal }),
    readalltext: ([path], frame) => readAll(path, frame),
    readalllines: async ([path], frame) => (await readAll(path, frame)).replace(/\r?\n$/, '').split(/\r?\n/),
    writeallbytes: async ([path, content], frame) => (
      await files(frame).writeBytes(text(path), bytes(content), { signal: frame.run.signal }),
      null
    ),
    writealltext: async ([path, content], frame) => (
      await files(frame).writeText(text(path), pieces(text(content)), { signal: frame.run.signal }),
      null
    ),
    exists: ([path], frame) => files(frame).exists(text(path)),
  },
  path: {
    getfilename: ([path]) => text(path).split(/[\\/]/).at(-1)!,
    getextension: ([path]) => /\.[^.\\/]*$/.exec(text(path))?.[0] ?? '',
    getfilenamewithoutextension: ([path]) =>
      text(path)
        .split(/[\\/]/)
        .at(-1)!
        .replace(/\.[^.]*$/, ''),
    getdirectoryname: ([path]) => text(path).replace(/[\\/][^\\/]*$/, ''),
    combine: (parts) =>
      parts
        .map((part) => toText(part))
        .join('\\')
        .replaceAll(/\\{2,}(?=.)/g, '\\'),
  },
}

function fromBase64(value: string): Uint8Array {
  const clean = value.replaceAll(/\s/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(clean) || clean.length % 4 !== 0) {
    throw new ScriptError('The input is not a valid Base-64 string.', { id: 'FormatException', exception: 'System.FormatException' })
  }
  return Uint8Array.fromBase64(clean)
}

function splitBy(value: string, cuts: readonly (readonly number[])[]): string[] {
  const found: string[] = []
  let at = 0
  for (const [index = 0, end = 0] of cuts) {
    found.push(value.slice(at, index))
    at = end
  }
  return [...found, value.slice(at)]
}
