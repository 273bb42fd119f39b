import { nearest, Refusal } from '#model'
import type { CmdletDescription, ParameterDescription } from '../cmdlets.ts'
import { changeParameters, commonParameters } from '../language/bind.ts'
import { describeParameters } from '../language/blocks.ts'
import { toText } from '../language/convert.ts'
import { typeName } from '../language/types.ts'
import { methodNames } from '../language/methods.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import type { BlockBody, Frame } from '../language/runtime.ts'
import { wildcard } from '../language/wildcard.ts'
import { Table, Thing, type Value } from '../values.ts'
import { inputObject } from './objects.ts'
import { propertiesOf } from './properties.ts'

type Output = AsyncGenerator<Value, void, undefined>

/** Every command as help and completion know it. */
export interface Known {
  name: string
  kind: 'Alias' | 'Function' | 'Cmdlet'
  summary: string
  parameters: readonly ParameterDescription[]
  examples: readonly { command: string; says: string }[]
  changes: boolean
  source: string
  definition: string
  returns: string | undefined
}

/** Aliases, functions, the shell's commands and the server's cmdlets, by name. */
export async function knownCommands(frame: Frame): Promise<Known[]> {
  const { session } = frame.run
  const known: Known[] = []
  const own = [...session.commands.values()].map((row) => describedAs('Cmdlet', row, 'Shell'))
  const server = [...(await session.cmdlets()).values()].map((row) => describedAs('Cmdlet', row, 'Server'))
  for (const [name, definition] of session.aliases) known.push({ ...blank, name, kind: 'Alias', definition, source: 'Shell' })
  for (const { name, block } of frame.scope.top.functions.values()) {
    known.push({
      ...blank,
      name,
      kind: 'Function',
      definition: block.source,
      source: 'Session',
      parameters: describeParameters((block.body as BlockBody).body.parameters),
    })
  }
  return [...known, ...own, ...server].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

const blank = { summary: '', parameters: [], examples: [], changes: false, source: '', definition: '', returns: undefined }

function describedAs(kind: Known['kind'], row: CommandRow | CmdletDescription, source: string): Known {
  const changes = 'changes' in row && row.changes
  return {
    name: row.name,
    kind,
    summary: row.summary,
    parameters: row.parameters,
    examples: row.examples ?? [],
    changes,
    source,
    definition: row.name,
    returns: 'returns' in row ? row.returns : undefined,
  }
}

async function* getCommand({ given, frame }: CommandCall): Output {
  const names = given.has('Name') ? given.list('Name').map((one) => toText(one)) : ['*']
  const [verb, noun] = [wildcard(given.text('Verb') ?? '*'), wildcard(given.text('Noun') ?? '*')]
  const isExact = names.every((name) => !/[*?[]/.test(name))
  const kind = given.text('CommandType')?.toLowerCase()
  const fits = names.map((name) => wildcard(name))
  let count = 0
  for (const one of await knownCommands(frame)) {
    const [ownVerb = '', ownNoun = ''] = one.name.split('-')
    if (!fits.some((fit) => fit(one.name)) || !verb(ownVerb) || !noun(ownNoun)) continue
    if (kind ? kind !== one.kind.toLowerCase() : one.kind === 'Alias' && !isExact) continue
    if ((given.has('Noun') || given.has('Verb')) && !one.name.includes('-')) continue
    count++
    if (given.is('Syntax')) yield syntaxOf(one)
    else yield new Thing([['CommandType', one.kind], ['Name', one.name], ['Source', one.source], ['Definition', one.definition], ['Parameters', one.parameters.map(({ name }) => name)]], ['System.Management.Automation.CmdletInfo'], one.name) // prettier-ignore
  }
  const [first] = names
  if (count === 0 && isExact && given.has('Name') && first !== undefined) throw await unknown(first, frame)
}

async function unknown(name: string, frame: Frame): Promise<Refusal> {
  const near = nearest(name, (await knownCommands(frame)).map((one) => one.name)) // prettier-ignore
  return new Refusal(
    'CmdletNotFound',
    `There is no command '${name.slice(0, 100)}'.${near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''}`,
  )
}

const typeShown = ({ type, many, values }: ParameterDescription) =>
  values && values.length <= 8 ? `{${values.join(' | ')}}` : `<${type}${many ? '[]' : ''}>`

/** `Get-Mailbox [[-Identity] <identity>] [-ResultSize <count>]` */
export function syntaxOf({ name, parameters, changes }: Known): string {
  const pieces = [...parameters, ...(changes ? changeParameters : [])].map((one) => {
    const word = one.position === undefined ? `-${one.name}` : `[-${one.name}]`
    const whole = one.type === 'switch' ? word : `${word} ${typeShown(one)}`
    return one.mandatory ? whole : `[${whole}]`
  })
  return [name, ...pieces, '[<CommonParameters>]'].join(' ')
}

async function* getHelp({ given, frame }: CommandCall): Output {
  const topic = given.text('Name')
  if (topic === undefined) return yield general
  const commands = await knownCommands(frame)
  const meant = frame.run.session.aliases.get(topic.toLowerCase()) ?? topic
  const found = commands.find((one) => one.kind !== 'Alias' && one.name.toLowerCase() === meant.toLowerCase())
  if (!found) {
    const like = commands.filter((one) => one.kind !== 'Alias' && wildcard(/[*?]/.test(topic) ? topic : `*${topic}*`)(one.name))
    if (like.length === 0) throw await unknown(topic, frame)
    for (const { name, summary } of like) yield new Thing([['Name', name], ['Synopsis', summary]], ['HelpInfoShort'], name) // prettier-ignore
    return
  }
  if (given.has('Parameter')) return yield* parameterHelp(found, given.text('Parameter')!)
  yield helpText(found, { examples: given.is('Examples'), full: given.is('Full') || given.is('Detailed') })
}

const general = `TOPIC
    The shell

    Commands have the form Verb-Noun -Parameter value. With | the objects of one
    go to the next. Useful to begin with:

    Get-Command *mailbox*             commands by name
    Get-Help Get-Mailbox -Examples    what a command does
    Get-Mailbox | Get-Member          what objects have
`

async function* parameterHelp({ name, parameters, changes }: Known, pattern: string): Output {
  const fits = wildcard(pattern)
  const found = [...parameters, ...(changes ? changeParameters : []), ...commonParameters].filter((one) => fits(one.name))
  if (found.length === 0) throw new Refusal('InvalidParameter', `${name} has no parameter -${pattern.slice(0, 60)}.`, { cmdlet: name })
  for (const one of found) yield parameterText(one)
}

function parameterText(one: ParameterDescription): string {
  const facts: [string, string][] = [
    ['Required?', one.mandatory ? 'true' : 'false'],
    ['Position?', one.position === undefined ? 'Named' : String(one.position + 1)],
    ['Accepts pipeline input?', one.pipeline ? 'true' : 'false'],
    ...(one.default === undefined ? [] : ([['Default value', one.default]] as [string, string][])),
    ...(one.aliases && one.aliases.length > 0 ? ([['Aliases', one.aliases.join(', ')]] as [string, string][]) : []),
  ]
  const lines = facts.map(([name, value]) => `        ${name.padEnd(28)}${value}`)
  return [
    `    -${one.name}${one.type === 'switch' ? '' : ` ${typeShown(one)}`}`,
    ...(one.summary ? [`        ${one.summary}`] : []),
    '',
    ...lines,
    '',
  ].join('\n')
}

function helpText(found: Known, { examples, full }: { examples: boolean; full: boolean }): string {
  const parts = [`NAME\n    ${found.name}\n\nSYNOPSIS\n    ${found.summary}\n`]
  if (!examples) parts.push(`SYNTAX\n    ${syntaxOf(found)}\n`)
  if (full) parts.push(`PARAMETERS\n${[...found.parameters, ...(found.changes ? changeParameters : [])].map(parameterText).join('\n')}`)
  if (full && found.returns) parts.push(`OUTPUTS\n    ${found.returns}\n`)
  if (examples || full) {
    const shown = found.examples.map(
      ({ command, says }, at) => `    -------- Example ${at + 1} --------\n\n    ${command}\n\n    ${says}\n`,
    )
    parts.push(shown.length > 0 ? `EXAMPLES\n${shown.join('\n')}` : 'EXAMPLES\n    There are none.\n')
  }
  return parts.join('\n')
}

async function* getMember({ given, input, isPiped }: CommandCall): Output {
  const fits = wildcard(given.text('Name') ?? '*')
  const wanted = given.has('MemberType') ? given.list('MemberType').map((one) => toText(one).toLowerCase()) : undefined
  const seen = new Set<string>()
  if (!isPiped)
    throw new Refusal('InvalidParameter', 'Get-Member needs an object: through the pipeline, or -InputObject.', { cmdlet: 'Get-Member' })
  for await (const item of input) {
    if (item === null) continue
    const type = typeName(item)
    if (seen.has(type)) continue
    seen.add(type)
    for (const member of membersOf(item, type)) {
      const kind = toText(member.get('MemberType') ?? '').toLowerCase()
      if (
        fits(toText(member.get('Name') ?? '')) &&
        (!wanted || wanted.some((one) => one === 'all' || kind === one || (one === 'properties' && kind.endsWith('property'))))
      )
        yield member
    }
  }
}

function membersOf(item: Value, type: string): Thing[] {
  const member = (name: string, kind: string, definition: string) => new Thing([['TypeName', type], ['Name', name], ['MemberType', kind], ['Definition', definition]], ['Microsoft.PowerShell.Commands.MemberDefinition'], name) // prettier-ignore
  const methods = [...new Set(methodNames(item))].map((name) => member(name, 'Method', `${name}(…)`))
  const isMade = item instanceof Thing && (item.types.length === 0 || /^Selected\.|PSCustomObject$/.test(item.types[0]!))
  const kind = isMade ? 'NoteProperty' : 'Property'
  const pairs = item instanceof Table ? [] : propertiesOf(item)
  const properties = pairs.map(([name, value]) =>
    member(
      name,
      kind,
      value === null ? `object ${name}=null` : `${typeName(value).split('.').at(-1)} ${name}=${toText(value).slice(0, 60)}`,
    ),
  )
  return [...methods, ...properties].toSorted((a, b) => (toText(a) < toText(b) ? -1 : 1))
}

const name: ParameterDescription = { name: 'Name', type: 'string', position: 0 }

export const helpRows: readonly CommandRow[] = [
  {
    name: 'Get-Command',
    aliases: ['gcm'],
    summary: 'Lists commands.',
    parameters: [{ ...name, many: true }, { name: 'Verb', type: 'string' }, { name: 'Noun', type: 'string' }, { name: 'CommandType', type: 'string', aliases: ['Type'] }, { name: 'Syntax', type: 'switch' }, { name: 'Module', type: 'string', summary: 'Has no effect here.' }, { name: 'All', type: 'switch' }],
    examples: [{ command: 'Get-Command *mailbox*', says: 'Commands that have to do with mailboxes.' }],
    run: getCommand,
  },
  {
    name: 'Get-Help',
    aliases: ['help', 'man'],
    summary: 'Shows what a command does and takes.',
    parameters: [name, { name: 'Examples', type: 'switch' }, { name: 'Full', type: 'switch' }, { name: 'Detailed', type: 'switch' }, { name: 'Online', type: 'switch', summary: 'Has no effect here.' }, { name: 'Parameter', type: 'string' }],
    examples: [{ command: 'Get-Help Get-Mailbox -Examples', says: 'Shows how it is used.' }],
    run: getHelp,
  },
  {
    name: 'Get-Member',
    aliases: ['gm'],
    summary: 'Shows the properties and methods of objects.',
    parameters: [{ ...name, many: false }, { name: 'MemberType', type: 'string', many: true, aliases: ['Type'] }, { name: 'Force', type: 'switch' }, inputObject],
    examples: [{ command: 'Get-Mailbox mary | Get-Member', says: 'What a mailbox has.' }],
    run: getMember,
  },
] // prettier-ignore
