import { Refusal } from '#model'
import { elementsOf, toBoolean, toList, toText } from '../language/convert.ts'
import { equal, groupKey } from '../language/compare.ts'
import { quickExpression, quickValue } from '../language/blocks.ts'
import { isMatch } from '../language/match-operators.ts'
import { getProperty } from '../language/members.ts'
import { callMethod } from '../language/methods.ts'
import { operators, bound } from '../language/operators.ts'
import { ScriptError } from '../language/problem.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import { Block, Table, Thing, type Value } from '../values.ts'
import { unfit } from '../language/bind.ts'
import { matching, propertyOf } from './properties.ts'

type Output = AsyncGenerator<Value, void, undefined>
export const inputObject = {
  name: 'InputObject',
  type: 'object',
  pipeline: true,
  summary: 'The objects, when they do not come through the pipeline.',
}

async function* forEach({ given, input, frame }: CommandCall): Output {
  const { evaluator } = frame.run
  if (given.has('Parallel'))
    throw new Refusal(
      'NotInLanguage',
      'ForEach-Object -Parallel is not part of this shell: there are no jobs. -Process does the same, one by one.',
    )
  const blocks = given.list('Process').filter((one) => one !== null)
  const member = blocks.find((one) => !(one instanceof Block)) ?? given.get('MemberName')
  if (member !== undefined && member !== null) return yield* eachMember(toText(member), { given, input, frame })
  // Of several blocks without names the first begins and the last ends.
  const all = [...blocks, ...given.rest, ...given.list('RemainingScripts')] as Block[]
  const loose = given.has('Begin') || all.length < 2 ? all : all.slice(1)
  const begin = (given.get('Begin') as Block | undefined) ?? (all.length > 1 ? all[0] : undefined)
  const end = (given.get('End') as Block | undefined) ?? (loose.length > 1 ? loose.pop() : undefined)
  if (!all.every((one) => one instanceof Block))
    throw unfit('ForEach-Object', 'Process', 'ForEach-Object takes script blocks { … }, or the name of one member.')
  // A block that only computes a value is spared the way through statements.
  const pure = new Map(loose.map((block) => [block, quickExpression(block)]))
  if (begin) yield* evaluator.block(begin, frame, { sameScope: true })
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    for (const block of loose) {
      const quick = pure.get(block)
      const value = quick && (await quickValue(quick, { ...frame, item }))
      if (!quick) yield* evaluator.block(block, frame, { item, sameScope: true })
      else if (Array.isArray(value)) yield* value as Value[]
      else if (value !== undefined) yield value
    }
  }
  if (end) yield* evaluator.block(end, frame, { sameScope: true })
}

async function* eachMember(name: string, { given, input, frame }: Pick<CommandCall, 'given' | 'input' | 'frame'>): Output {
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    const isProperty = (item instanceof Thing || item instanceof Table) && item.has(name)
    const value = getProperty(item, name)
    const found = isProperty || value !== null ? value : await memberCall(item, name, [...given.list('ArgumentList'), ...given.rest], frame)
    if (found !== null) yield* elementsOf(found)
  }
}

async function memberCall(item: Value, name: string, args: readonly Value[], frame: CommandCall['frame']): Promise<Value> {
  try {
    return await callMethod(item, name, args, frame)
  } catch (thrown) {
    if (thrown instanceof ScriptError && args.length === 0 && thrown.record.get('FullyQualifiedErrorId') === 'MethodNotFound') return null
    throw thrown
  }
}

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'notlike', 'match', 'notmatch', 'contains', 'notcontains', 'in', 'notin', 'is', 'isnot'] // prettier-ignore
const caseForms = comparisons.filter((one) => !one.startsWith('is')).flatMap((one) => [`c${one}`, `i${one}`])

async function* where(call: CommandCall): Output {
  const { given, input, frame } = call
  const filter = given.get('FilterScript')
  const passes =
    filter instanceof Block ? (item: Value) => frame.run.evaluator.blockValue(filter, frame, { item, sameScope: true }) : simpleTest(call)
  for await (const item of input) {
    const pause = frame.run.tick()
    if (pause) await pause
    if (toBoolean(await passes(item))) yield item
  }
}

/** `Where-Object Kind -ne 'Security'`. */
function simpleTest({ given, frame }: CommandCall): (item: Value) => Promise<Value> {
  const property = given.text('Property')
  if (property === undefined)
    throw unfit('Where-Object', 'FilterScript', 'Where-Object needs a script block { … }, or a property with a comparison.')
  const used = [...comparisons, ...caseForms].filter((one) => given.has(one.toUpperCase()))
  if (used.length > 1) throw unfit('Where-Object', used[1]!, `Where-Object takes one comparison; there are -${used.join(' and -')}.`)
  const [word] = used
  const value = given.get('Value') ?? null
  if (given.is('Not')) return async (item) => !toBoolean(getProperty(item, property))
  if (word === undefined)
    return async (item) => (given.has('Value') ? equal(getProperty(item, property), value) : getProperty(item, property))
  const exact = word.startsWith('c') && !comparisons.includes(word)
  const operator = comparisons.includes(word) ? word : word.slice(1)
  if (operator === 'match' || operator === 'notmatch')
    return async (item) => isMatch(getProperty(item, property), value, exact, operator === 'notmatch', frame)
  return async (item) => operators[operator]!(getProperty(item, property), value, exact, frame.run.session.limits)
}

async function* select(call: CommandCall): Output {
  const { given, input, frame } = call
  const properties = given.list('Property').map((one) => propertyOf(one, frame))
  const excluded = given.list('ExcludeProperty').map((one) => toText(one))
  const expand = given.text('ExpandProperty')
  const seen = new Set<string>()
  const isNew = (value: Value) => {
    const key = uniqueKey(value)
    if (seen.has(key)) return false
    bound(seen.add(key).size, 'elements', frame.run.session.limits)
    return true
  }
  for await (const item of picked(call, input)) {
    const made = properties.length > 0 || excluded.length > 0 ? await selected(item, properties, excluded) : item
    const values = expand === undefined ? [made] : expanded(item, expand, properties.length > 0 && made instanceof Thing ? made : undefined)
    for (const value of values) if (!given.is('Unique') || isNew(value)) yield value
  }
}

export function uniqueKey(value: Value): string {
  if (value instanceof Thing && value.text === undefined)
    return [...value.properties.values()].map(([name, one]) => `${name}=${groupKey(one, true)}`).join('\0')
  return groupKey(value, true)
}

async function selected(item: Value, properties: readonly ReturnType<typeof propertyOf>[], excluded: readonly string[]): Promise<Thing> {
  const types = item instanceof Thing ? item.types.map((type) => (type.startsWith('Selected.') ? type : `Selected.${type}`)) : []
  const made = new Thing([], types)
  for (const property of properties.length > 0 ? properties : [allProperties]) {
    if (!property.isWild) made.set(property.isCalculated ? property.name : nameIn(item, property.name), await property.value(item))
    else for (const [name, value] of matching(item, property.name)) made.set(name, value)
  }
  for (const pattern of excluded) for (const [name] of matching(made, pattern)) made.properties.delete(name.toLowerCase())
  return made
}
/** As the object itself writes the name. */
function nameIn(item: Value, name: string): string {
  const own = item instanceof Thing ? item.properties : item instanceof Table ? item.entries : undefined
  return own?.get(name.toLowerCase())?.[0] ?? name
}

const allProperties = { name: '*', isWild: true, isCalculated: false, descending: undefined, value: async () => null, table: undefined }

function* expanded(item: Value, name: string, made: Thing | undefined): Generator<Value, void, undefined> {
  const isThere =
    item instanceof Thing || item instanceof Table ? item.has(name) || matching(item, name).length > 0 : getProperty(item, name) !== null
  if (!isThere)
    throw new ScriptError(`Property "${name.slice(0, 100)}" cannot be found.`, {
      id: 'ExpandPropertyNotFound',
      category: 'InvalidArgument',
      target: item,
    })
  for (const value of toList(getProperty(item, name))) {
    if (made && value instanceof Thing)
      yield new Thing([...value.properties.values(), ...made.properties.values()], value.types, value.text)
    else yield value
  }
}

/** -First, -Last, -Skip, -SkipLast and -Index; what comes after the last wanted object is not asked for. */
async function* picked({ given, frame }: CommandCall, input: AsyncIterable<Value>): Output {
  const [first, last, skip = 0, skipLast = 0] = ['First', 'Last', 'Skip', 'SkipLast'].map((name) => given.number(name))
  const indexes = given.has('Index') ? new Set(given.list('Index').map(Number)) : undefined
  const highest = indexes ? Math.max(...indexes) : Number.POSITIVE_INFINITY
  const held: Value[] = []
  let [at, count] = [-1, 0]
  if (first === 0) return
  for await (const item of input) {
    at++
    if (indexes) {
      if (indexes.has(at)) yield item
      if (at >= highest) return
      continue
    }
    if (last !== undefined || skipLast > 0) {
      held.push(item)
      const most = last === undefined ? skipLast : last + skip
      bound(held.length - 1, 'elements', frame.run.session.limits)
      if (held.length > most) {
        const out = held.shift()!
        if (last === undefined) yield out
      }
      continue
    }
    if (at < skip) continue
    yield item
    if (++count === first) return
  }
  if (last !== undefined) yield* held.slice(0, Math.max(0, held.length - skip))
}

export const objectRows: readonly CommandRow[] = [
  {
    name: 'ForEach-Object',
    aliases: ['foreach', '%'],
    summary: 'Runs a script block for each object of the pipeline, or reads a member of each.',
    parameters: [
      {
        name: 'Process',
        type: 'property',
        position: 0,
        many: true,
        summary: 'Runs for each object, which is $_; or the name of a member.',
      },
      {
        name: 'RemainingScripts',
        type: 'rest',
        many: true,
        summary: 'Further blocks: of several the first begins and the last ends.',
      },
      { name: 'Begin', type: 'block', summary: 'Runs once, before the objects.' },
      { name: 'End', type: 'block', summary: 'Runs once, after the objects.' },
      { name: 'Parallel', type: 'block', summary: 'Refused: there are no jobs.' },
      { name: 'ThrottleLimit', type: 'number', summary: 'Has no effect here.' },
      { name: 'MemberName', type: 'string', summary: 'A property or method of each object.' },
      { name: 'ArgumentList', type: 'object', many: true, aliases: ['Args'], summary: 'Arguments of the method.' },
      inputObject,
    ],
    examples: [{ command: 'Get-Mailbox | ForEach-Object { $_.PrimarySmtpAddress }', says: 'Shows the address of each mailbox.' }],
    run: forEach,
  },
  {
    name: 'Where-Object',
    aliases: ['where', '?'],
    summary: 'Passes on the objects that meet a condition.',
    parameters: [
      { name: 'FilterScript', type: 'block', position: 0, summary: 'Gives $true for the objects that are passed on.' },
      { name: 'Property', type: 'string', position: 0, summary: 'The property that is compared.' },
      { name: 'Value', type: 'object', position: 1, summary: 'What it is compared with.' },
      { name: 'Not', type: 'switch', summary: 'The property is empty, zero or false.' },
      ...[...comparisons, ...caseForms].map((one) => ({ name: one.toUpperCase(), type: 'switch' })),
      inputObject,
    ],
    examples: [{ command: "Get-Mailbox | Where-Object RecipientTypeDetails -eq 'SharedMailbox'", says: 'Shows the shared mailboxes.' }],
    run: where,
  },
  {
    name: 'Select-Object',
    aliases: ['select'],
    summary: 'Takes properties of objects, or some of the objects.',
    parameters: [
      { name: 'Property', type: 'property', position: 0, many: true, summary: "Names, wildcards, or @{Name='…'; Expression={…}}." },
      { name: 'ExcludeProperty', type: 'string', many: true, summary: 'Properties that are left out.' },
      { name: 'ExpandProperty', type: 'string', summary: 'Gives the values of this property alone.' },
      { name: 'First', type: 'number', summary: 'So many from the beginning.' },
      { name: 'Last', type: 'number', summary: 'So many from the end.' },
      { name: 'Skip', type: 'number', summary: 'Leaves out so many.' },
      { name: 'SkipLast', type: 'number', summary: 'Leaves out so many at the end.' },
      { name: 'Index', type: 'number', many: true, summary: 'The objects at these places, from 0.' },
      { name: 'Unique', type: 'switch', summary: 'Each only once.' },
      { name: 'Wait', type: 'switch', summary: 'Has no effect here.' },
      inputObject,
    ],
    examples: [
      { command: 'Get-Mailbox | Select-Object Name, PrimarySmtpAddress -First 10', says: 'Shows two properties of ten mailboxes.' },
    ],
    run: select,
  },
]
