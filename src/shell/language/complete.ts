import type { CmdletDescription, ParameterDescription } from '../cmdlets.ts'
import type { Completion } from '../contract.ts'
import { Table, Thing, type Value } from '../values.ts'
import { changeParameters, commonParameters } from './bind.ts'
import { describeParameters } from './blocks.ts'
import { getProperty, ownPropertyNames } from './members.ts'
import { methodNames } from './methods.ts'
import type { BlockBody, Session } from './runtime.ts'
import { computedNames } from './variables.ts'

const most = 200
/** Characters before the place that are looked at. */
const reach = 10_000
const keywords = ['if', 'else', 'elseif', 'foreach', 'for', 'while', 'do', 'until', 'switch', 'try', 'catch', 'finally', 'function', 'param', 'return', 'throw', 'break', 'continue', 'exit'] // prettier-ignore

interface Place {
  session: Session
  /** The text before the place, and the word that ends there. */
  before: string
  word: string
  start: number
  end: number
}

/** What can stand at a place of a text: commands, parameters, values, variables, properties. Never refuses. */
export async function complete(session: Session, text: string, position: number): Promise<Completion[]> {
  const end = Math.max(0, Math.min(position, text.length))
  const before = text.slice(Math.max(0, end - reach), end)
  const variable = /\$((?:\w+:)?[\p{L}\p{N}_]*)$/u.exec(before)
  const member = /(\$[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)\.([\p{L}\p{N}_]*)$/u.exec(before)
  const word = /(?:"[^"]*|'[^']*|[^\s|;(){},=]*)$/.exec(before)?.[0] ?? ''
  const place = { session, before, word, start: end - word.length, end }
  if (member) return members({ ...place, word: member[2]!, start: end - member[2]!.length }, member[1]!)
  if (variable) return variables({ ...place, word: variable[1]!, start: end - variable[1]!.length })
  const command = commandAround(before.slice(0, before.length - word.length))
  if (command === undefined) return commands(place)
  return ofCommand(place, command)
}

const starting = (names: Iterable<string>, word: string) => {
  const wanted = word.toLowerCase()
  const found = [...new Set(names)].filter((name) => name.toLowerCase().startsWith(wanted))
  return found.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)).slice(0, most)
}

function offers(
  { word, start, end }: Place,
  names: Iterable<string>,
  kind: Completion['kind'],
  written = (name: string) => name,
): Completion[] {
  return starting(names, word).map((name) => ({ text: written(name), label: name, start, end, kind }))
}

/** The command whose arguments stand before the place; undefined where a command begins. */
function commandAround(before: string): string | undefined {
  const piece = /(?:^|[|;({}\n=&])\s*([^|;({}\n=&]*)$/.exec(before)?.[1] ?? ''
  const words = piece.trim().split(/\s+/)
  return piece.trim() === '' || !/\s/.test(piece) ? undefined : words[0]
}

async function commands(place: Place): Promise<Completion[]> {
  const { session, word } = place
  const server = [...(await session.cmdlets()).values()]
  const says = new Map([...server, ...session.commands.values()].map((row) => [row.name, row.summary]))
  const functions = [...session.global.functions.values()].map(({ name }) => name)
  const found = offers(place, [...says.keys(), ...functions], 'cmdlet').map((one) => ({
    ...one,
    ...(says.get(one.text) ? { says: says.get(one.text)! } : {}),
  }))
  return word === '' ? found : [...found, ...offers(place, keywords, 'keyword')]
}

async function ofCommand(place: Place, name: string): Promise<Completion[]> {
  const { session, before, word } = place
  const described = await commandNamed(session, name)
  if (!described) return []
  const known = [...described.parameters, ...(described.changes ? changeParameters : []), ...commonParameters]
  const dashed = /^[-\u2013-\u2015]([^:]*)$/u.exec(word)
  if (dashed) {
    const inner = { ...place, word: dashed[1]!, start: place.end - dashed[1]!.length - 1 }
    return offers(inner, known.map((one) => one.name), 'parameter', (parameter) => `-${parameter}`).map((one) => withSummary(one, known)) // prettier-ignore
  }
  const last = /\s[-\u2013-\u2015]([\p{L}_][\p{L}\p{N}_]*)(?::\s*|\s+)(?:[^\s-][^\s]*,\s*)*$/u.exec(
    before.slice(0, before.length - word.length),
  )?.[1]
  const parameter = last ? parameterFor(known, last) : known.find(({ position }) => position === 0)
  return parameter ? valuesOf(place, described.name, parameter) : []
}

function withSummary(one: Completion, known: readonly ParameterDescription[]): Completion {
  const says = known.find(({ name }) => name === one.label)?.summary
  return says ? { ...one, says } : one
}

function parameterFor(known: readonly ParameterDescription[], written: string): ParameterDescription | undefined {
  const word = written.toLowerCase()
  const exact = known.find(({ name, aliases }) => name.toLowerCase() === word || aliases?.some((alias) => alias.toLowerCase() === word))
  const like = known.filter(({ name }) => name.toLowerCase().startsWith(word))
  const found = exact ?? (like.length === 1 ? like[0] : undefined)
  return found?.type === 'switch' ? known.find(({ position }) => position === 0) : found
}

async function commandNamed(
  session: Session,
  name: string,
): Promise<Pick<CmdletDescription, 'name' | 'parameters' | 'changes'> | undefined> {
  const key = (session.aliases.get(name.toLowerCase()) ?? name).toLowerCase()
  const own = session.global.function(key)
  if (own) return { name, parameters: describeParameters((own.body as BlockBody).body.parameters), changes: false }
  const row = session.commands.get(key)
  return row ? { ...row, changes: false } : (await session.cmdlets()).get(key)
}

async function valuesOf(place: Place, command: string, { name, type, values }: ParameterDescription): Promise<Completion[]> {
  const bare = place.word.replace(/^['"\u2018\u2019\u201c\u201d]/, '')
  const inner = { ...place, word: bare }
  if (values) return offers(inner, values, 'value', quoted)
  if (type === 'boolean') return offers(inner, ['$true', '$false'], 'value')
  const { identities } = place.session.options
  if (type !== 'identity' || !identities) return []
  return offers(inner, await identities(command, name, bare), 'value', quoted)
}

const quoted = (value: string) => (/^[\p{L}\p{N}_.@\\/:*-]+$/u.test(value) ? value : `'${value.replaceAll("'", "''")}'`)

function variables(place: Place): Completion[] {
  const environment = /^env:(.*)$/i.exec(place.word)
  if (environment) {
    const inner = { ...place, word: environment[1]!, start: place.end - environment[1]!.length }
    return offers(inner, Object.keys(place.session.options.environment ?? {}), 'variable')
  }
  return offers(place, [...[...place.session.global.all()].map(({ name }) => name), ...computedNames], 'variable')
}

/** Properties and methods of what a variable holds, along a path of properties. */
function members(place: Place, path: string): Completion[] {
  const [first = '', ...names] = path.slice(1).split('.')
  let value: Value = place.session.global.find(first)?.value ?? null
  for (const name of names) value = getProperty(value, name)
  const one: Value = Array.isArray(value) && value.length > 0 ? (value[0] as Value) : value
  if (one === null) return []
  const own = one instanceof Thing ? one.names() : one instanceof Table ? [...one.entries.values()].map(([key]) => key) : []
  return [
    ...offers(place, [...own, ...ownPropertyNames(one)], 'property'),
    ...offers(place, methodNames(one), 'property', (name) => `${name}(`),
  ]
}
