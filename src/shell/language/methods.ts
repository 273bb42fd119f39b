import { ByteSize, nearest, TimeSpan } from '#model'
import { Block, GenericList, PropertyList, SecureText, Table, Thing, type Value } from '../values.ts'
import { equal, order } from './compare.ts'
import { elementsOf, isRegex, toBoolean, toDate, toList, toPlainNumber, toText, toTimeSpan, toWhole } from './convert.ts'
import { typeName } from './types.ts'
import { at as dateAt, dateFrom, fieldsOf, formatDate, UtcDate } from './dates.ts'
import { formatValue } from './format-text.ts'
import { getProperty, midnight } from './members.ts'
import { bound } from './operators.ts'
import { encodingMethods, encodingType } from './encodings.ts'
import { uiMethods, uiType } from './host.ts'
import { ScriptError } from './problem.ts'
import { PsCmdlet, psCmdletMethods } from './ps-cmdlet.ts'
import { callStatic } from './statics.ts'
import type { Frame } from './runtime.ts'
import { wildcard } from './wildcard.ts'

type Method<T> = (self: T, args: readonly Value[], frame: Frame) => Value | Promise<Value>
type Methods<T> = Readonly<Record<string, Method<T>>>

/** Calls a method by its name without case. Unknown → a script error with the names near it. */
export async function callMethod(object: Value, name: string, args: readonly Value[], frame: Frame): Promise<Value> {
  if (object === null)
    throw new ScriptError('You cannot call a method on a null-valued expression.', {
      id: 'InvokeMethodOnNull',
      category: 'InvalidOperation',
    })
  const key = name.toLowerCase()
  const own = object instanceof Thing || object instanceof Table ? object.get(name) : undefined
  if (own instanceof Block)
    return frame.run.evaluator.blockValue(own, frame, {
      args: args.map((value) => ({ kind: 'value', value })),
      variables: { this: object },
    })
  const tables = methodsOf(object)
  for (const table of tables) if (Object.hasOwn(table, key)) return table[key]!(object, args, frame)
  if (Array.isArray(object)) return eachOf(object as readonly Value[], name, args, frame)
  const near = nearest(name, tables.flatMap((table) => Object.keys(table))) // prettier-ignore
  throw new ScriptError(
    `There is no method '${name.slice(0, 60)}' on [${typeName(object)}].${near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''}`,
    {
      id: 'MethodNotFound',
      category: 'InvalidOperation',
    },
  )
}

/** A method of the elements, called on each. */
async function eachOf(list: readonly Value[], name: string, args: readonly Value[], frame: Frame): Promise<Value> {
  const found: Value[] = []
  for (const item of list) {
    const pause = frame.run.tick()
    if (pause) await pause
    const one = Array.isArray(item) ? null : await callMethod(item, name, args, frame)
    if (one !== null) found.push(...elementsOf(one))
  }
  return found.length === 0 ? null : found.length === 1 ? found[0]! : found
}

/** Names of the methods of a value, for Get-Member and completion. */
export function methodNames(value: Value): string[] {
  return methodsOf(value).flatMap((table) => Object.keys(table).map((name) => shownNames[name] ?? name))
}

function methodsOf(value: Value): Methods<Value>[] {
  const tables: Methods<never>[] = []
  if (typeof value === 'string') tables.push(textMethods)
  else if (value instanceof Date) tables.push(dateMethods)
  else if (value instanceof TimeSpan) tables.push(spanMethods)
  else if (value instanceof ByteSize) tables.push(sizeMethods)
  else if (value instanceof Table) tables.push(tableMethods)
  else if (value instanceof PropertyList) tables.push(propertyMethods, listMethods)
  else if (Array.isArray(value) || value instanceof Uint8Array) tables.push(listMethods)
  else if (value instanceof Block) tables.push(blockMethods)
  else if (isRegex(value)) tables.push(regexMethods)
  else if (value instanceof PsCmdlet) tables.push(psCmdletMethods)
  else if (value instanceof Thing && value.types[0] === uiType) tables.push(uiMethods)
  else if (value instanceof Thing && value.types[0] === encodingType) tables.push(encodingMethods)
  else if (value instanceof Thing && value.get('Password') instanceof SecureText) tables.push(credentialMethods)
  return [...tables, anyMethods] as Methods<Value>[]
}

const number = (value: Value | undefined, otherwise = 0) => (value === undefined ? otherwise : Number(toWhole(value)))
const text = (value: Value | undefined) => (value === undefined ? '' : toText(value))
const outside = () =>
  new ScriptError('The index or length lies outside the text or list.', {
    id: 'ArgumentOutOfRange',
    category: 'InvalidArgument',
    exception: 'System.ArgumentOutOfRangeException',
  })

/** What a list says of itself is its type; its elements stand in a text (`"$list"`). */
const ownText = (self: Value) => (Array.isArray(self) ? typeName(self) : toText(self))

const anyMethods: Methods<Value> = {
  tostring: (self, [format]) => (format === undefined ? ownText(self) : formatValue(self, toText(format))),
  equals: (self, [other]) => equal(self, other ?? null, true),
  gettype: (self) => {
    const full = typeName(self)
    return new Thing([['Name', full.replace(/(?<=`\d)\[.*$/, '').split('.').at(-1)!], ['FullName', full]], ['System.RuntimeType'], full) // prettier-ignore
  },
  gethashcode: (self) => [...toText(self)].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7),
  compareto: (self, [other]) => (toText(self) < text(other) ? -1 : toText(self) > text(other) ? 1 : 0),
}

const ignoresCase = (mode: Value | undefined) => mode !== undefined && (mode === true || /ignorecase/i.test(toText(mode)))
const folded = (value: string, mode: Value | undefined) => (ignoresCase(mode) ? value.toLowerCase() : value)

function letters(self: string, _: readonly Value[], { run }: Frame): Value {
  bound(self.length, 'elements', run.session.limits)
  return self.split('')
}

function trimmed(self: string, sets: readonly Value[], start: boolean, end: boolean): string {
  const letters = sets.flatMap((set) => toList(set).map((item) => toText(item))).join('')
  const isCut = (letter: string) => (letters === '' ? /\s/.test(letter) : letters.includes(letter))
  let [from, to] = [0, self.length]
  while (start && from < to && isCut(self[from]!)) from++
  while (end && to > from && isCut(self[to - 1]!)) to--
  return self.slice(from, to)
}

function piece(self: string, from: number, length: number): string {
  if (from < 0 || length < 0 || from + length > self.length) throw outside()
  return self.slice(from, from + length)
}

function padded(self: string, width: number, letter: string, frame: Frame, atStart: boolean): string {
  bound(width, 'text', frame.run.session.limits)
  return atStart ? self.padStart(width, letter) : self.padEnd(width, letter)
}

/** `Split(',')`, `Split(',;')` at any of the characters; `RemoveEmptyEntries` and a number of pieces behind them. */
function splitAt(self: string, args: readonly Value[], { run }: Frame): Value[] {
  const isOption = (value: Value) => typeof value === 'string' && /^(removeemptyentries|none|trimentries)$/i.test(value)
  const separators = args
    .filter((value) => !isOption(value) && typeof value !== 'number')
    .flatMap((value) => toList(value).flatMap((one) => [...toText(one)]))
  const limit = args.find((value) => typeof value === 'number')
  const isCut = (letter: string) => (separators.length === 0 ? /\s/.test(letter) : separators.includes(letter))
  const pieces: string[] = []
  let start = 0
  for (let at = 0; at < self.length && !(limit !== undefined && pieces.length >= Number(limit) - 1); at++) {
    if (!isCut(self[at]!)) continue
    bound(pieces.push(self.slice(start, at)), 'elements', run.session.limits)
    start = at + 1
  }
  pieces.push(self.slice(start))
  return args.some((value) => isOption(value) && /^remove/i.test(toText(value))) ? pieces.filter((one) => one !== '') : pieces
}

const textMethods: Methods<string> = {
  toupper: (self) => self.toUpperCase(),
  tolower: (self) => self.toLowerCase(),
  toupperinvariant: (self) => self.toUpperCase(),
  tolowerinvariant: (self) => self.toLowerCase(),
  trim: (self, args) => trimmed(self, args, true, true),
  trimstart: (self, args) => trimmed(self, args, true, false),
  trimend: (self, args) => trimmed(self, args, false, true),
  split: splitAt,
  replace: (self, [from, to], { run }) => {
    if (text(from) === '')
      throw new ScriptError('String cannot be of zero length.', { id: 'ArgumentException', exception: 'System.ArgumentException' })
    const count = self.split(text(from)).length - 1
    bound(self.length + count * (text(to).length - text(from).length), 'text', run.session.limits)
    return self.replaceAll(text(from), () => text(to))
  },
  contains: (self, [part, mode]) => folded(self, mode).includes(folded(text(part), mode)),
  startswith: (self, [part, mode]) => folded(self, mode).startsWith(folded(text(part), mode)),
  endswith: (self, [part, mode]) => folded(self, mode).endsWith(folded(text(part), mode)),
  substring: (self, [from, length]) => piece(self, number(from), length === undefined ? self.length - number(from) : number(length)),
  indexof: (self, [part, from]) => self.indexOf(text(part), typeof from === 'number' ? from : 0),
  lastindexof: (self, [part]) => self.lastIndexOf(text(part)),
  indexofany: (self, [set]) => [...self].findIndex((letter) => toList(set ?? '').some((one) => toText(one).includes(letter))),
  padleft: (self, [width, letter], frame) => padded(self, number(width), text(letter ?? ' '), frame, true),
  padright: (self, [width, letter], frame) => padded(self, number(width), text(letter ?? ' '), frame, false),
  insert: (self, [at, part], { run }) => {
    bound(self.length + text(part).length, 'text', run.session.limits)
    return piece(self, 0, number(at)) + text(part) + self.slice(number(at))
  },
  remove: (self, [from, count]) => {
    const length = count === undefined ? self.length - number(from) : number(count)
    piece(self, number(from), length)
    return self.slice(0, number(from)) + self.slice(number(from) + length)
  },
  tochararray: letters,
  chars: (self, [at]) => piece(self, number(at), 1),
  normalize: (self) => self.normalize(),
  compareto: (self, [other]) => (self === text(other) ? 0 : self.localeCompare(text(other), 'en') < 0 ? -1 : 1),
  equals: (self, [other, mode]) => folded(self, mode) === folded(text(other), mode),
  getenumerator: letters,
}

function moved(self: Date, ms: number): Date {
  const date = dateAt(self.getTime() + ms, self)
  if (!date) throw outside()
  return date
}

function movedMonths(self: Date, count: number): Date {
  const { year, month, day, hour, minute, second, ms } = fieldsOf(self)
  const months = year * 12 + month - 1 + count
  const [newYear, newMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1]
  for (let shorter = 0; shorter < 4; shorter++) {
    const date = dateFrom(newYear, newMonth, day - shorter, hour, minute, second, ms, self instanceof UtcDate)
    if (date) return date
  }
  throw outside()
}

const dateMethods: Methods<Date> = {
  addmilliseconds: (self, [by]) => moved(self, toPlainNumber(by ?? 0)),
  addseconds: (self, [by]) => moved(self, toPlainNumber(by ?? 0) * 1000),
  addminutes: (self, [by]) => moved(self, toPlainNumber(by ?? 0) * 60_000),
  addhours: (self, [by]) => moved(self, toPlainNumber(by ?? 0) * 3_600_000),
  // A day is a day of the calendar where the clock is put forward.
  adddays: (self, [by]) => {
    const days = toPlainNumber(by ?? 0)
    const { year, month, day, hour, minute, second, ms } = fieldsOf(self)
    if (!Number.isInteger(days) || self instanceof UtcDate) return moved(self, days * 86_400_000)
    const date = new Date(year, month - 1, day + days, hour, minute, second, ms)
    if (Number.isNaN(date.getTime())) throw outside()
    return date
  },
  addmonths: (self, [by]) => movedMonths(self, number(by)),
  addyears: (self, [by]) => movedMonths(self, number(by) * 12),
  addticks: (self, [by]) => moved(self, toPlainNumber(by ?? 0) / 10_000),
  add: (self, [span]) => moved(self, toTimeSpan(span ?? null).ms),
  subtract: (self, [other]) =>
    other instanceof Date ? new TimeSpan(self.getTime() - other.getTime()) : moved(self, -toTimeSpan(other ?? null).ms),
  touniversaltime: (self) => new UtcDate(self),
  tolocaltime: (self) => new Date(self.getTime()),
  tostring: (self, [format]) => (format === undefined ? toText(self) : formatDate(self, toText(format))),
  toshortdatestring: (self) => formatDate(self, 'd'),
  tolongdatestring: (self) => formatDate(self, 'D'),
  toshorttimestring: (self) => formatDate(self, 't'),
  tolongtimestring: (self) => formatDate(self, 'T'),
  tofiletimeutc: (self) => BigInt(self.getTime() + 11_644_473_600_000) * 10_000n,
  tofiletime: (self) => BigInt(self.getTime() + 11_644_473_600_000) * 10_000n,
  tooadate: (self) => midnight(self).getTime() / 86_400_000 + 25_569,
  compareto: (self, [other]) => Math.sign(self.getTime() - toDate(other ?? null).getTime()),
  isdaylightsavingtime: (self) =>
    self.getTimezoneOffset() <
    Math.max(new Date(self.getFullYear(), 0, 1).getTimezoneOffset(), new Date(self.getFullYear(), 6, 1).getTimezoneOffset()),
}

const spanMethods: Methods<TimeSpan> = {
  add: (self, [other]) => new TimeSpan(self.ms + toTimeSpan(other ?? null).ms),
  subtract: (self, [other]) => new TimeSpan(self.ms - toTimeSpan(other ?? null).ms),
  negate: (self) => new TimeSpan(-self.ms),
  duration: (self) => new TimeSpan(Math.abs(self.ms)),
  compareto: (self, [other]) => Math.sign(self.ms - toTimeSpan(other ?? null).ms),
}

const sizeMethods: Methods<ByteSize> = {
  tobytes: (self) => self.bytes,
  tokb: (self) => Math.floor(self.bytes / 2 ** 10),
  tomb: (self) => Math.floor(self.bytes / 2 ** 20),
  togb: (self) => Math.floor(self.bytes / 2 ** 30),
  totb: (self) => Math.floor(self.bytes / 2 ** 40),
  compareto: (self, [other]) => Math.sign(self.bytes - toPlainNumber(other ?? 0)),
}

const tableMethods: Methods<Table> = {
  add: (self, [key, value]) => {
    if (self.has(text(key)))
      throw new ScriptError(`Item has already been added. Key in dictionary: '${text(key)}'.`, {
        id: 'ArgumentException',
        exception: 'System.ArgumentException',
      })
    self.set(text(key), value ?? null)
    return null
  },
  set_item: (self, [key, value]) => (self.set(text(key), value ?? null), null),
  get_item: (self, [key]) => self.get(text(key)) ?? null,
  remove: (self, [key]) => (self.delete(text(key)), null),
  clear: (self) => (self.entries.clear(), null),
  contains: (self, [key]) => self.has(text(key)),
  containskey: (self, [key]) => self.has(text(key)),
  containsvalue: (self, [value]) => [...self.entries.values()].some(([, one]) => equal(one, value ?? null, true)),
  clone: (self) => new Table(self.entries.values(), self.ordered),
  getenumerator: (self) =>
    [...self.entries.values()].map(
      ([key, value]) =>
        new Thing(
          [
            ['Name', key],
            ['Key', key],
            ['Value', value],
          ],
          ['System.Collections.DictionaryEntry'],
        ),
    ),
}

/** Of a list that grows: what is added is held by every variable that holds the list. */
const listMethods: Methods<Value[]> = {
  add: (self, [item], { run }) => {
    bound(self.length + 1, 'elements', run.session.limits)
    const at = self.push(item ?? null) - 1
    return self instanceof GenericList ? null : at
  },
  addrange: (self, [items], { run }) => {
    bound(self.length + toList(items ?? null).length, 'elements', run.session.limits)
    for (const item of toList(items ?? null)) self.push(item)
    return null
  },
  remove: (self, [item]) => {
    const at = self.findIndex((one) => equal(one, item ?? null, true))
    if (at >= 0) self.splice(at, 1)
    return self instanceof GenericList ? at >= 0 : null
  },
  removeat: (self, [at]) => (self.splice(number(at), 1), null),
  insert: (self, [at, item]) => (self.splice(number(at), 0, item ?? null), null),
  clear: (self) => (self.splice(0), null),
  contains: (self, [item]) => self.some((one) => equal(one, item ?? null, true)),
  indexof: (self, [item]) => self.findIndex((one) => equal(one, item ?? null, true)),
  toarray: (self) => [...self],
  reverse: (self) => (self.reverse(), null),
  sort: (self) => (self.sort((a, b) => order(a, b)), null),
  getenumerator: (self) => [...self],
  getlength: (self) => self.length,
  getvalue: (self, [at]) => self[number(at)] ?? null,
  clone: (self) => [...self],
  foreach: async (self, [block], frame) => {
    const found: Value[] = []
    for (const item of self) {
      if (block instanceof Block) found.push(...toList(await frame.run.evaluator.blockValue(block, frame, { item, sameScope: true })))
      else found.push(...toList(getProperty(item, text(block)) ?? (await callMethod(item, text(block), [], frame))))
      bound(found.length, 'elements', frame.run.session.limits)
    }
    return found
  },
  where: async (self, [block, mode, most], frame) => {
    if (!(block instanceof Block)) throw new ScriptError('Where takes a script block.', { id: 'MethodArgument' })
    const found: Value[] = []
    const limit = mode !== undefined && /^first$/i.test(toText(mode)) ? number(most, 1) : Number.POSITIVE_INFINITY
    for (const item of self) {
      if (found.length >= limit) break
      if (toBoolean(await frame.run.evaluator.blockValue(block, frame, { item, sameScope: true }))) found.push(item)
    }
    return mode !== undefined && /^last$/i.test(toText(mode)) ? found.slice(-number(most, 1)) : found
  },
}

/** Of `$object.PSObject.Properties`. */
const propertyMethods: Methods<PropertyList> = {
  remove: (self, [name]) => (self.owner?.properties.delete(text(name).toLowerCase()), null),
  match: (self, [pattern]) => self.filter((one) => wildcard(text(pattern))(toText(getProperty(one, 'Name')))),
  add: (self, [property]) => {
    if (property instanceof Thing) self.owner?.set(toText(property.get('Name') ?? ''), property.get('Value') ?? null)
    return null
  },
}

/** Of `[regex]'…'`: those of the type, with the pattern. */
const regexMethods: Methods<Thing> = Object.fromEntries(
  ['match', 'matches', 'ismatch', 'replace', 'split'].map((name) => [
    name,
    (self: Thing, [input, ...more]: readonly Value[], frame: Frame) =>
      callStatic('regex', name, [input ?? '', toText(self), ...more], frame),
  ]),
)

const asArguments = (args: readonly Value[]) => args.map((value) => ({ kind: 'value' as const, value }))
const blockMethods: Methods<Block> = {
  invoke: (self, args, frame) => frame.run.evaluator.blockValue(self, frame, { args: asArguments(args) }),
  invokereturnasis: (self, args, frame) => frame.run.evaluator.blockValue(self, frame, { args: asArguments(args) }),
  getnewclosure: (self) => self,
}

const credentialMethods: Methods<Thing> = {
  getnetworkcredential: (self) => {
    const [, domain = '', user = toText(self.get('UserName') ?? '')] = /^([^\\]*)\\(.*)$/s.exec(toText(self.get('UserName') ?? '')) ?? []
    const secret = self.get('Password') as SecureText
    return new Thing([['UserName', user], ['Domain', domain], ['Password', secret.reveal()], ['SecurePassword', secret]], ['System.Net.NetworkCredential'], 'System.Net.NetworkCredential') // prettier-ignore
  },
}

/** As .NET writes the names that the tables hold in lower case. */
const shownNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'ToString', 'Equals', 'GetType', 'GetHashCode', 'CompareTo', 'ToUpper', 'ToLower', 'ToUpperInvariant', 'ToLowerInvariant', 'Trim', 'TrimStart',
    'TrimEnd', 'Split', 'Replace', 'Contains', 'StartsWith', 'EndsWith', 'Substring', 'IndexOf', 'LastIndexOf', 'IndexOfAny', 'PadLeft', 'PadRight',
    'Insert', 'Remove', 'ToCharArray', 'Chars', 'Normalize', 'GetEnumerator', 'AddMilliseconds', 'AddSeconds', 'AddMinutes', 'AddHours', 'AddDays',
    'AddMonths', 'AddYears', 'AddTicks', 'Add', 'Subtract', 'ToUniversalTime', 'ToLocalTime', 'ToShortDateString', 'ToLongDateString',
    'ToShortTimeString', 'ToLongTimeString', 'ToFileTimeUtc', 'ToFileTime', 'ToOADate', 'IsDaylightSavingTime', 'Negate', 'Duration', 'ToBytes',
    'ToKB', 'ToMB', 'ToGB', 'ToTB', 'Clear', 'ContainsKey', 'ContainsValue', 'Clone', 'AddRange', 'RemoveAt', 'ToArray', 'Reverse', 'GetLength',
    'GetValue', 'ForEach', 'Where', 'Sort', 'Invoke', 'InvokeReturnAsIs', 'GetNewClosure', 'GetNetworkCredential',
  ].map((name) => [name.toLowerCase(), name]),
) // prettier-ignore
