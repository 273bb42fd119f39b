import { Refusal } from '#model'
import { unfit } from '../language/bind.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import { toText } from '../language/convert.ts'
import { matchesOf, matchThing } from '../language/match-operators.ts'
import { refuseFiles } from '../language/show.ts'
import { cultureText } from '../formats.ts'
import { Thing, type Value } from '../values.ts'
import { inputObject } from './objects.ts'
import { propertiesOf, propertyOf, type PropertyOf } from './properties.ts'

type Output = AsyncGenerator<Value, void, undefined>

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|#\s]/g, '\\$&')

/** Texts, or lines of files, in which a pattern is found. */
async function* selectString(call: CommandCall): Output {
  const { given, frame } = call
  const all = given.list('Pattern').map((one) => toText(one))
  if (all.length === 0) throw unfit('Select-String', 'Pattern', 'Select-String needs -Pattern.')
  const patterns = all.map((one) => frame.run.pattern(given.is('SimpleMatch') ? escaped(one) : one, !given.is('CaseSensitive')))
  let any = false
  for await (const { line, number, path } of searched(call)) {
    const pause = frame.run.tick()
    if (pause) await pause
    const found = patterns.find((pattern) => pattern.match(line))
    if (Boolean(found) === given.is('NotMatch')) continue
    if (given.is('Quiet')) return yield true
    if (given.is('List') && any) continue
    any = true
    const matches = found ? (given.is('AllMatches') ? [...matchesOf(found, line)] : [found.match(line)!]).map(matchThing) : []
    const shown = path === '' ? line : `${path}:${number}:${line}`
    yield new Thing([['Line', line], ['LineNumber', number], ['Path', path || 'InputStream'], ['Filename', path.split(/[\\/]/).at(-1) || 'InputStream'], ['Pattern', all[0]!], ['Matches', matches]], ['Microsoft.PowerShell.Commands.MatchInfo'], shown) // prettier-ignore
  }
  if (given.is('Quiet')) yield false
}

async function* searched({ given, input, frame }: CommandCall): AsyncGenerator<{ line: string; number: number; path: string }> {
  const paths = [...given.list('Path'), ...given.list('LiteralPath')].map((one) => toText(one))
  let number = 0
  if (paths.length === 0) for await (const item of input) yield { line: toText(item), number: ++number, path: '' }
  for (const path of paths) {
    if (!frame.run.session.options.files) throw refuseFiles()
    number = 0
    const args = [{ kind: 'value' as const, value: path }]
    for await (const line of frame.run.evaluator.command('Get-Content', args, frame)) yield { line: toText(line), number: ++number, path }
  }
}

/** How long a block takes; what it gives is thrown away. */
async function* measureCommand({ given, frame, input, isPiped }: CommandCall): Output {
  const block = given.get('Expression')
  const { clock } = frame.run.session.options
  const started = clock()
  const args = [{ kind: 'value' as const, value: block ?? null }]
  const output = isPiped ? frame.run.evaluator.command('ForEach-Object', args, frame, input) : frame.run.evaluator.command('ForEach-Object', args, frame, once()) // prettier-ignore
  for await (const _ of output);
  yield* frame.run.evaluator.command('New-TimeSpan', [{ kind: 'parameter', name: 'Seconds', hasValue: true, value: (clock() - started) / 1000 }], frame) // prettier-ignore
}

async function* once(): AsyncGenerator<Value> {
  yield null
}

const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'

/** A page, or with -Fragment a table alone, of objects. Values are escaped; -Head, -Body, -PreContent and -PostContent stand as they are. */
async function* toHtml(call: CommandCall): Output {
  const { given, input, frame } = call
  const own = (name: string) => given.list(name).map((one) => toText(one))
  if (!given.is('Fragment')) {
    const head = given.has('Head') ? own('Head') : [`<title>${html(given.text('Title') ?? 'HTML TABLE')}</title>`]
    const link = given.has('CssUri') ? [`<link rel="stylesheet" type="text/css" href="${html(given.text('CssUri')!)}" />`] : []
    yield* [doctype, '<html xmlns="http://www.w3.org/1999/xhtml">', '<head>', ...head, ...link, '</head><body>', ...own('Body')]
  }
  yield* own('PreContent')
  const asked = given.list('Property').map((one) => propertyOf(one, frame))
  yield* given.text('As')?.toLowerCase() === 'list' ? listOf(input, asked) : tableOf(input, asked)
  yield* own('PostContent')
  if (!given.is('Fragment')) yield '</body></html>'
}

/** The columns: those asked for, or every property of the first object; a text is its own. */
function columnsFor(item: Value, asked: readonly PropertyOf[]): readonly { name: string; value(object: Value): Promise<Value> | Value }[] {
  const all = asked.length > 0 ? asked : undefined
  if (typeof item === 'string' && !all) return [{ name: '*', value: (object) => object }]
  return (all ?? propertiesOf(item).map(([name]) => named(name))).flatMap((one) =>
    'isWild' in one && one.isWild ? propertiesOf(item).map(([name]) => named(name)) : [one],
  )
}
const named = (name: string) => ({ name, value: (object: Value) => propertiesOf(object).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1] ?? null }) // prettier-ignore

async function* tableOf(input: AsyncIterable<Value>, asked: readonly PropertyOf[]): Output {
  let columns: ReturnType<typeof columnsFor> | undefined
  yield '<table>'
  for await (const item of input) {
    if (!columns) {
      columns = columnsFor(item, asked)
      yield '<colgroup>' + '<col/>'.repeat(columns.length) + '</colgroup>'
      yield `<tr>${columns.map(({ name }) => `<th>${html(name)}</th>`).join('')}</tr>`
    }
    let row = ''
    for (const column of columns) row += `<td>${html(cultureText(await column.value(item)))}</td>`
    yield `<tr>${row}</tr>`
  }
  yield '</table>'
}

async function* listOf(input: AsyncIterable<Value>, asked: readonly PropertyOf[]): Output {
  yield '<table>'
  let isFirst = true
  for await (const item of input) {
    if (!isFirst) yield '<tr><td><hr></td></tr>'
    isFirst = false
    for (const { name, value } of columnsFor(item, asked))
      yield `<tr><td>${html(name)}:</td><td>${html(cultureText(await value(item)))}</td></tr>`
  }
  yield '</table>'
}

async function* pause({ frame }: CommandCall): Output {
  const args = [{ kind: 'value' as const, value: 'Press Enter to continue...' }]
  for await (const _ of frame.run.evaluator.command('Read-Host', args, frame)) break
  yield* []
}

async function* transcript({ name }: CommandCall): Output {
  yield* []
  throw new Refusal('NotInLanguage', `${name} is not part of this shell: there are no transcripts. isthmus shell script.ps1 > file keeps what a script shows; Tee-Object and Out-File keep what a command gives.`) // prettier-ignore
}

const texts = (name: string) => ({ name, type: 'object', many: true })
const on = (name: string) => ({ name, type: 'switch' })

export const textRows: readonly CommandRow[] = [
  {
    name: 'Select-String',
    aliases: ['sls'],
    summary: 'Finds a pattern in texts or in the lines of files.',
    parameters: [{ name: 'Pattern', type: 'string', position: 0, many: true }, { name: 'Path', type: 'string', position: 1, many: true }, { name: 'LiteralPath', type: 'string', many: true }, ...['SimpleMatch', 'CaseSensitive', 'Quiet', 'NotMatch', 'AllMatches', 'List'].map(on), inputObject],
    examples: [{ command: "Select-String -Path c:\\temp\\log.txt -Pattern 'failed'", says: 'Shows the lines with the word in them.' }],
    run: selectString,
  },
  { name: 'Measure-Command', summary: 'Says how long a script block takes.', parameters: [{ name: 'Expression', type: 'block', position: 0, mandatory: true }, inputObject], run: measureCommand },
  {
    name: 'ConvertTo-Html',
    summary: 'Gives objects as a page of HTML.',
    parameters: [{ name: 'Property', type: 'property', position: 0, many: true }, texts('Head'), { name: 'Title', type: 'string' }, texts('Body'), texts('PreContent'), texts('PostContent'), { name: 'CssUri', type: 'string' }, { name: 'As', type: 'string', values: ['Table', 'List'] }, on('Fragment'), inputObject],
    examples: [{ command: "Get-Mailbox | ConvertTo-Html Name, PrimarySmtpAddress -Title 'Mailboxes' | Out-File c:\\temp\\mailboxes.html", says: 'Writes a page with a table.' }],
    run: toHtml,
  },
  { name: 'pause', summary: 'Waits until Enter is pressed.', parameters: [], run: pause },
  { name: 'Start-Transcript', summary: 'Refused: there are no transcripts.', parameters: [{ name: 'Path', type: 'string', position: 0 }, on('Append'), on('Force'), on('NoClobber'), on('IncludeInvocationHeader')], run: transcript },
  { name: 'Stop-Transcript', summary: 'Has no effect here: there are no transcripts.', parameters: [], run: async function* () { yield* [] } },
] // prettier-ignore
