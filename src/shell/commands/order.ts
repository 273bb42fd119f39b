import { bound } from '../language/operators.ts'
import { anyOrder, groupKey } from '../language/compare.ts'
import { toNumber, toText } from '../language/convert.ts'
import { collect } from '../language/evaluate.ts'
import { getProperty } from '../language/members.ts'
import { ScriptError } from '../language/problem.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import type { Frame } from '../language/runtime.ts'
import { Table, Thing, type Value } from '../values.ts'
import { unfit } from '../language/bind.ts'
import { inputObject, uniqueKey } from './objects.ts'
import { propertyOf } from './properties.ts'

type Output = AsyncGenerator<Value, void, undefined>

async function* sort({ given, input, frame }: CommandCall): Output {
  const properties = given.list('Property').map((one) => propertyOf(one, frame))
  const rows: { item: Value; keys: Value[] }[] = []
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    const keys: Value[] = properties.length === 0 ? [item] : []
    for (const property of properties) keys.push(await property.value(item))
    bound(rows.push({ item, keys }), 'elements', frame.run.session.limits)
  }
  const exact = given.is('CaseSensitive')
  const signs = (properties.length === 0 ? [undefined] : properties.map((one) => one.descending)).map((own) =>
    (own ?? given.is('Descending')) ? -1 : 1,
  )
  const compare = (a: Value[], b: Value[]) =>
    signs.reduce((found, sign, at) => found || sign * anyOrder(a[at] ?? null, b[at] ?? null, exact), 0)
  const sorted = await inOrder(rows, (a, b) => compare(a.keys, b.keys), frame)
  const most = given.number('Top') ?? Number.POSITIVE_INFINITY
  let [last, count]: [Value[] | undefined, number] = [undefined, 0]
  for (const { item, keys } of sorted) {
    if (count >= most) return
    if (given.is('Unique') && last && compare(last, keys) === 0) continue
    last = keys
    count++
    yield item
  }
}

const run = 4096

/** Sorts in runs and joins them, so that others have their turn and cancelling is heard. */
async function inOrder<T>(items: readonly T[], compare: (a: T, b: T) => number, frame: Frame): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += run) {
    const pause = frame.run.tick()
    if (pause) await pause
    runs.push(items.slice(at, at + run).sort(compare))
  }
  while (runs.length > 1) {
    const joined: T[][] = []
    for (let at = 0; at < runs.length; at += 2)
      joined.push(runs[at + 1] ? await merged(runs[at]!, runs[at + 1]!, compare, frame) : runs[at]!)
    runs = joined
  }
  return runs[0] ?? []
}

async function merged<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number, frame: Frame): Promise<T[]> {
  const all: T[] = []
  let [a, b] = [0, 0]
  while (a < left.length || b < right.length) {
    const pause = frame.run.tick()
    if (pause) await pause
    const isLeft = b >= right.length || (a < left.length && compare(left[a]!, right[b]!) <= 0)
    all.push(isLeft ? left[a++]! : right[b++]!)
  }
  return all
}

async function* group({ given, input, frame }: CommandCall): Output {
  const properties = given.list('Property').map((one) => propertyOf(one, frame))
  const groups = new Map<string, { values: Value[]; items: Value[]; count: number }>()
  const exact = given.is('CaseSensitive')
  let held = 0
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    const values: Value[] = properties.length === 0 ? [item] : []
    for (const property of properties) values.push(await property.value(item))
    const key = JSON.stringify(values.map((value) => groupKey(value, exact)))
    const found = groups.get(key) ?? { values, items: [], count: 0 }
    groups.set(key, found)
    found.count++
    if (!given.is('NoElement')) found.items.push(item)
    bound(++held, 'elements', frame.run.session.limits)
  }
  const named = (values: Value[]) => values.map((value) => toText(value)).join(', ')
  if (given.is('AsHashTable')) return yield new Table([...groups.values()].map(({ values, items }) => [named(values), items]))
  for (const { values, items, count } of groups.values()) {
    const element: [string, Value][] = given.is('NoElement') ? [] : [['Group', items]]
    yield new Thing([['Count', count], ['Name', named(values)], ...element, ['Values', values]], [given.is('NoElement') ? 'Microsoft.PowerShell.Commands.GroupInfoNoElement' : 'Microsoft.PowerShell.Commands.GroupInfo']) // prettier-ignore
  }
}

interface Sum {
  count: number
  sum: number
  numbers: number
  squares: number
  least: Value
  most: Value
  lines: number
  words: number
  characters: number
}
const noSum = (): Sum => ({ count: 0, sum: 0, numbers: 0, squares: 0, least: null, most: null, lines: 0, words: 0, characters: 0 })

async function* measure({ given, input, frame }: CommandCall): Output {
  const names = given.list('Property').map((one) => toText(one))
  const sums = new Map((names.length === 0 ? [''] : names).map((name) => [name, noSum()]))
  const wants = (...options: string[]) => options.some((one) => given.is(one) || given.is('AllStats'))
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    for (const [name, sum] of sums) {
      const value = name === '' ? item : getProperty(item, name)
      if (value === null) continue
      sum.count++
      if (wants('Line', 'Word', 'Character')) countText(sum, toText(value))
      if (wants('Minimum', 'Maximum') && (sum.least === null || anyOrder(value, sum.least) < 0)) sum.least = value
      if (wants('Minimum', 'Maximum') && (sum.most === null || anyOrder(value, sum.most) > 0)) sum.most = value
      if (wants('Sum', 'Average', 'StandardDeviation')) addNumber(sum, value)
    }
  }
  for (const [name, sum] of sums)
    yield wants('Line', 'Word', 'Character') && !given.is('AllStats') ? textMeasure(sum) : numberMeasure(name, sum, wants)
}

function countText(sum: Sum, text: string): void {
  sum.lines += text === '' ? 0 : text.split('\n').length
  sum.words += text.trim() === '' ? 0 : text.trim().split(/\s+/).length
  sum.characters += text.length
}

function addNumber(sum: Sum, value: Value): void {
  const number = Number(toNumber(value))
  sum.numbers++
  sum.sum += number
  sum.squares += number * number
}

function textMeasure({ lines, words, characters }: Sum): Thing {
  return new Thing([['Lines', lines], ['Words', words], ['Characters', characters], ['Property', null]], ['Microsoft.PowerShell.Commands.TextMeasureInfo']) // prettier-ignore
}

function numberMeasure(name: string, sum: Sum, wants: (...options: string[]) => boolean): Thing {
  const average = sum.numbers > 0 ? sum.sum / sum.numbers : null
  const spread = sum.numbers > 1 ? Math.sqrt(Math.max(0, (sum.squares - (sum.sum * sum.sum) / sum.numbers) / (sum.numbers - 1))) : 0
  return new Thing(
    [
      ['Count', sum.count],
      ['Average', wants('Average') ? average : null],
      ['Sum', wants('Sum') ? sum.sum : null],
      ['Maximum', wants('Maximum') ? sum.most : null],
      ['Minimum', wants('Minimum') ? sum.least : null],
      ...(wants('StandardDeviation') ? [['StandardDeviation', spread] as const] : []),
      ['Property', name === '' ? null : name],
    ],
    ['Microsoft.PowerShell.Commands.GenericMeasureInfo'],
  )
}

async function* compare({ given, input, isPiped, frame }: CommandCall): Output {
  const properties = given.list('Property').map((one) => propertyOf(one, frame))
  const difference = isPiped && !given.has('DifferenceObject') ? await collect(input, frame) : given.list('DifferenceObject')
  const keyOf = async (item: Value) => {
    const values: Value[] = properties.length === 0 ? [item] : []
    for (const property of properties) values.push(await property.value(item))
    return { key: JSON.stringify(values.map((value) => groupKey(value, given.is('CaseSensitive')))), values }
  }
  const left = new Map<string, { values: Value[]; items: Value[] }>()
  for (const item of given.list('ReferenceObject')) {
    const { key, values } = await keyOf(item)
    const found = left.get(key) ?? { values, items: [] }
    found.items.push(item)
    left.set(key, found)
  }
  const shown = (item: Value, values: Value[], side: string) => {
    if (given.is('PassThru')) return item
    const pairs: [string, Value][] =
      properties.length === 0 ? [['InputObject', item]] : properties.map(({ name }, at) => [name, values[at] ?? null])
    return new Thing([...pairs, ['SideIndicator', side]])
  }
  const wantsDifferent = !given.is('ExcludeDifferent')
  for (const item of difference) {
    const { key, values } = await keyOf(item)
    const match = left.get(key)
    if (match && match.items.length > 0) {
      match.items.shift()
      if (given.is('IncludeEqual')) yield shown(item, values, '==')
    } else if (wantsDifferent) yield shown(item, values, '=>')
  }
  if (wantsDifferent) for (const { values, items } of left.values()) for (const item of items) yield shown(item, values, '<=')
}

async function* unique({ input, given }: CommandCall): Output {
  let last: string | undefined
  for await (const item of input) {
    const key = given.is('AsString') ? toText(item) : uniqueKey(item)
    if (key !== last) yield item
    last = key
  }
}

async function* random({ given, input, isPiped, frame }: CommandCall): Output {
  const next = frame.run.session.options.random ?? Math.random
  const items = isPiped ? await collect(input, frame) : undefined
  if (items) {
    const count = Math.min(given.number('Count') ?? 1, items.length)
    for (let taken = 0; taken < count; taken++) yield items.splice(Math.floor(next() * items.length), 1)[0]!
    return
  }
  const [least, most] = [given.number('Minimum') ?? 0, given.number('Maximum') ?? 2 ** 31 - 1]
  if (least >= most) throw new ScriptError(`The Minimum value (${least}) cannot be greater than or equal to the Maximum value (${most}).`, { id: 'MinGreaterThanOrEqualMax' }) // prettier-ignore
  yield Number.isInteger(least) && Number.isInteger(most) ? least + Math.floor(next() * (most - least)) : least + next() * (most - least)
}

async function* addMember({ given, input }: CommandCall): Output {
  const table = given.get('NotePropertyMembers')
  // `NoteProperty Name Value` or `Name Value`.
  const loose = given.rest.length > 2 || /^noteproperty$/i.test(toText(given.rest[0] ?? '')) ? given.rest.slice(1) : given.rest
  const name = given.text('NotePropertyName') ?? given.text('Name') ?? (loose.length > 0 ? toText(loose[0]!) : undefined)
  const value =
    given.get('NotePropertyValue') ?? given.get('Value') ?? loose.at(given.has('Name') || given.has('NotePropertyName') ? 0 : 1) ?? null
  if (name === undefined && !(table instanceof Table)) throw unfit('Add-Member', 'Name', 'Add-Member needs a name and a value.')
  for await (const item of input) {
    if (!(item instanceof Thing) && !(item instanceof Table))
      throw new ScriptError('Properties are added to objects only.', { id: 'AddMember' })
    const pairs: [string, Value][] = table instanceof Table ? [...table.entries.values()] : [[name ?? '', value]] // prettier-ignore
    for (const [key, value] of pairs) {
      if (item.has(key) && !given.is('Force')) throw new ScriptError(`Cannot add a member with the name "${key}" because a member with that name already exists. -Force replaces it.`, { id: 'MemberAlreadyExists' }) // prettier-ignore
      item.set(key, value)
    }
    if (given.is('PassThru')) yield item
  }
}

const property = { name: 'Property', type: 'property', position: 0, many: true, summary: 'Names, script blocks, or @{Expression={…}}.' }
const caseSensitive = { name: 'CaseSensitive', type: 'switch', summary: 'Upper and lower case are not the same.' }

export const orderRows: readonly CommandRow[] = [
  {
    name: 'Sort-Object',
    aliases: ['sort'],
    summary: 'Puts objects in order.',
    parameters: [
      property,
      { name: 'Descending', type: 'switch', summary: 'The greatest first.' },
      { name: 'Unique', type: 'switch', summary: 'Of those that are alike only the first.' },
      { name: 'Top', type: 'number', summary: 'So many from the beginning.' },
      caseSensitive,
      inputObject,
    ],
    examples: [{ command: 'Get-Mailbox | Sort-Object DisplayName', says: 'Shows mailboxes by name.' }],
    run: sort,
  },
  {
    name: 'Group-Object',
    aliases: ['group'],
    summary: 'Groups objects that have the same values.',
    parameters: [
      property,
      { name: 'NoElement', type: 'switch', summary: 'Counts only.' },
      { name: 'AsHashTable', type: 'switch', aliases: ['AHT'], summary: 'Gives one table, by the values.' },
      { name: 'AsString', type: 'switch', summary: 'The keys of the table are texts, as they are here in any case.' },
      caseSensitive,
      inputObject,
    ],
    examples: [{ command: 'Get-Recipient | Group-Object RecipientType -NoElement', says: 'Counts recipients by type.' }],
    run: group,
  },
  {
    name: 'Measure-Object',
    aliases: ['measure'],
    summary: 'Counts objects, and sums up their properties or texts.',
    parameters: [
      { ...property, type: 'string' },
      ...['Sum', 'Average', 'Maximum', 'Minimum', 'StandardDeviation', 'AllStats', 'Line', 'Word', 'Character'].map((name) => ({ name, type: 'switch' })),
      inputObject,
    ],
    examples: [{ command: 'Get-MailboxStatistics | Measure-Object ItemCount -Sum', says: 'Counts all items.' }],
    run: measure,
  },
  {
    name: 'Compare-Object',
    aliases: ['compare', 'diff'],
    summary: 'Shows what one of two lists has and the other has not.',
    parameters: [
      { name: 'ReferenceObject', type: 'object', many: true, mandatory: true, position: 0 },
      { name: 'DifferenceObject', type: 'object', many: true, position: 1 },
      { ...property, position: 2 },
      { name: 'IncludeEqual', type: 'switch' },
      { name: 'ExcludeDifferent', type: 'switch' },
      { name: 'PassThru', type: 'switch' },
      caseSensitive,
      inputObject,
    ],
    run: compare,
  },
  { name: 'Get-Unique', aliases: ['gu'], summary: 'Leaves out what is like the object before it.', parameters: [{ name: 'AsString', type: 'switch' }, inputObject], run: unique },
  {
    name: 'Get-Random',
    summary: 'Gives a random number, or some of the objects.',
    parameters: [{ name: 'Maximum', type: 'number', position: 0 }, { name: 'Minimum', type: 'number' }, { name: 'Count', type: 'number' }, inputObject],
    run: random,
  },
  {
    name: 'Add-Member',
    summary: 'Adds properties to objects.',
    parameters: [
      { name: 'MemberType', type: 'string', values: ['NoteProperty'], aliases: ['Type'] },
      { name: 'NotePropertyName', type: 'string' },
      { name: 'NotePropertyValue', type: 'rest' },
      { name: 'NotePropertyMembers', type: 'object' },
      { name: 'Name', type: 'string' },
      { name: 'Value', type: 'object' },
      { name: 'PassThru', type: 'switch' },
      { name: 'Force', type: 'switch' },
      inputObject,
    ],
    run: addMember,
  },
] // prettier-ignore
