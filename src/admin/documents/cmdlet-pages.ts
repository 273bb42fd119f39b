import { builtInRoles } from '#access'
import type { CmdletDescription, ParameterDescription } from '#shell'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { describe } from '../registry/describe.ts'
import { isShellOwn, syntaxOf, typeName } from './syntax.ts'

/** The pages about cmdlets, by file name: one each, and `README.md`, the index by noun. Markdown. */
export function cmdletPages(cmdlets: readonly Cmdlet[]): Map<string, string> {
  const described = cmdlets.map((cmdlet) => describe(cmdlet))
  const stepUps = cmdlets.flatMap((cmdlet) => stepUp(cmdlet) ?? [])
  return new Map([
    ['README.md', index(described, stepUps)],
    ...cmdlets.map((cmdlet) => [`${cmdlet.name}.md`, page(describe(cmdlet), stepUp(cmdlet) !== undefined)] as const),
  ])
}

/** How a cmdlet is written that asks for a second factor shown not long ago: with the parameters alone that ask, where not all do. */
function stepUp({ name, dangerous = false }: Cmdlet): string | undefined {
  if (dangerous === false || (typeof dangerous !== 'boolean' && dangerous.length === 0)) return undefined
  const only = dangerous === true ? '' : ` with ${listed(dangerous.map((parameter) => `\`-${parameter}\``))}`
  return `[${name}](${name}.md)${only}`
}

function index(described: readonly CmdletDescription[], stepUps: readonly string[]): string {
  const byNoun = Map.groupBy(described, ({ name }) => name.slice(name.indexOf('-') + 1))
  const nouns = [...byNoun].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const rows = nouns.map(([noun, some]) => `| ${noun} | ${some.map(({ name }) => `[${name}](${name}.md)`).join(', ')} |`)
  return [
    '# The cmdlets',
    '',
    `${described.length} cmdlets, by what they are about. They run in the shell (\`isthmus shell\`), over REST and in PowerShell with the module`,
    'that every site serves at `/adminapi/module`. These pages are written from the registry.',
    '',
    '| noun | cmdlets |',
    '| --- | --- |',
    ...rows,
    '',
    '## Those that ask for the second factor again',
    '',
    'They change who may do what, or open somebody’s mail: the factor must have been shown within the policy’s `StepUpMinutes`, and app',
    'passwords do not run them.',
    '',
    ...stepUps.map((each) => `- ${each}`),
    '',
  ].join('\n')
}

function page(cmdlet: CmdletDescription, asksAgain: boolean): string {
  const { name, summary, parameters, changes, destroys, examples = [], roles = [] } = cmdlet
  const own = parameters.filter((parameter) => !(changes && isShellOwn(parameter)))
  const notes = [
    ...(destroys ? ['It takes something away: the shell asks before.'] : []),
    ...(asksAgain ? ['It asks for a [second factor](../sign-in.md) shown not long ago.'] : []),
    ...(changes ? ['`-WhatIf` says what would be done; `-Confirm` asks before.'] : []),
  ]
  return [
    `# ${name}`,
    '',
    markdown(summary),
    '',
    '```powershell',
    syntaxOf(cmdlet),
    '```',
    '',
    ...(notes.length ? [notes.join(' '), ''] : []),
    ...(own.length ? ['## Parameters', '', '| parameter | type | what |', '| --- | --- | --- |', ...own.map(row), ''] : []),
    '## Output',
    '',
    output(cmdlet),
    '',
    '## Roles',
    '',
    holders(roles),
    '',
    ...(examples.length ? ['## Examples', '', ...examples.flatMap(({ command, says }) => [markdown(says), '', '```powershell', command, '```', '']) ] : []),
  ].join('\n') // prettier-ignore
}

/** Roles that Organization Management gives to others and does not have itself. */
const givenAlone = new Set(builtInRoles.filter(({ delegatingOnly }) => delegatingOnly).map(({ name }) => name))

function holders(roles: readonly string[]): string {
  if (roles.length === 0 || !roles.every((name) => givenAlone.has(name))) {
    return `Whoever holds ${listed([...new Set(['Organization Management', ...roles])])}.`
  }
  return `Whoever holds ${listed([...roles])}. Organization Management can give it, and does not hold it.`
}

function row(parameter: ParameterDescription): string {
  const { name, values, mandatory, position, pipeline, nullable, changes, aliases, range, summary = '', default: fallback } = parameter
  const facts = [
    ...(mandatory ? ['Mandatory.'] : []),
    ...(position === undefined ? [] : [`Position ${position}.`]),
    ...(pipeline ? ['Takes the pipeline.'] : []),
    ...(values ? [`One of ${values.map((value) => `\`${value}\``).join(', ')}.`] : []),
    ...(range ? [`${[range.least && `From ${range.least}`, range.most && `up to ${range.most}`].filter(Boolean).join(' ')}.`] : []),
    ...(changes ? ['Takes `@{Add=…; Remove=…}`.'] : []),
    ...(nullable ? ['`$null` brings the default back.'] : []),
    ...(fallback === undefined ? [] : [`Left out: \`${fallback}\`.`]),
    ...(aliases?.length ? [`Also ${aliases.map((alias) => `\`-${alias}\``).join(', ')}.`] : []),
  ]
  return `| \`-${name}\` | ${typeName(parameter)} | ${cell([markdown(summary), ...facts].filter(Boolean).join(' '))} |`
}

function output({ returns, columns }: CmdletDescription): string {
  if (returns === undefined) return 'None.'
  return `${returns}${columns ? `, shown with ${listed(columns.map((column) => `\`${column}\``))}` : ''}.`
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`.replace(/^(`.*`) or (`)/, '$1 and $2')
}

/** Plain text in Markdown: what would be a mark there is text. */
const markdown = (text: string) => text.replace(/[\\`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ')
const cell = (text: string) => text.replaceAll('|', '\\|')
