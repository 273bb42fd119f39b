import { Refusal } from '#model'
import type { Column, ViewOptions } from '../contract.ts'
import { stoppable } from '../language/runtime.ts'
import { describer, shownLines } from '../language/show.ts'
import { toText } from '../language/convert.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import type { Value } from '../values.ts'
import type { ParameterDescription } from '../cmdlets.ts'
import { inputObject } from './objects.ts'
import { columnOf } from './properties.ts'

type Output = AsyncGenerator<Value, void, undefined>

/** Lines of a view are texts: they can be written, measured and put into a file as they are. */
const view = (name: 'table' | 'list' | 'wide' | 'custom') =>
  async function* ({ given, input, frame }: CommandCall): Output {
    const columns: Column[] = given.list('Property').map((one) => columnOf(one, frame))
    const group = given.get('GroupBy')
    const across = given.number('Column')
    const options: Partial<ViewOptions> = {
      ...(columns.length > 0 ? { columns } : {}),
      ...(group === undefined || group === null ? {} : { groupBy: columnOf(group, frame) }),
      ...(across === undefined ? {} : { across }),
      autoSize: given.is('AutoSize'),
      wrap: given.is('Wrap'),
      hideHeaders: given.is('HideTableHeaders'),
    }
    yield* shownLines(input, frame, name, options)
  }

async function* gridView({ given, input, frame, name }: CommandCall): Output {
  const { terminal } = frame.run.session.options
  if (!terminal.grid) throw new Refusal('NotInLanguage', `${name}: this terminal shows no grid. Format-Table and Where-Object do.`)
  const mode = given.text('OutputMode')?.toLowerCase()
  const choose = mode === 'single' ? 'one' : mode === 'multiple' || given.is('PassThru') ? 'many' : 'none'
  const typed = frame.run.session.history.at(-1)?.command.trim() ?? ''
  // What was typed, as PowerShell has it; of a script's many lines none says what is shown.
  const title = given.text('Title') ?? (/[\r\n]/.test(typed) ? 'Out-GridView' : typed)
  const signal = frame.run.signal
  yield* await terminal.grid(stoppable(input, signal), { title, choose, describe: await describer(frame), signal })
}

async function* outString({ given, input, frame }: CommandCall): Output {
  const width = given.number('Width')
  const lines = shownLines(input, frame, 'default', width === undefined ? {} : { width })
  if (given.is('Stream')) return yield* lines
  let text = ''
  for await (const line of lines) {
    text += `${line}${given.is('NoNewline') ? '' : '\r\n'}`
    if (text.length > frame.run.session.limits.text) throw new Refusal('ScriptLimit', 'Out-String makes a longer text than one operation may. -Stream gives it line by line.', { limit: 'text' }) // prettier-ignore
  }
  yield text
}

async function* outHost({ input, frame }: CommandCall): Output {
  for await (const line of shownLines(input, frame, 'default')) await frame.run.session.options.terminal.write(`${line}\n`)
}

async function* outNull({ input, frame }: CommandCall): Output {
  for await (const _ of input) {
    const pause = frame.run.tick()
    if (pause) await pause
  }
}

async function* writeOutput({ given, input, isPiped }: CommandCall): Output {
  if (isPiped && !given.has('Object')) return yield* input
  const object = given.get('Object') ?? null
  const all = given.rest.length > 0 ? [object, ...given.rest] : [object]
  for (const one of all) {
    if (Array.isArray(one) && !given.is('NoEnumerate')) yield* one as Value[]
    else yield one
  }
}

async function* writeHost({ given, input, isPiped, frame }: CommandCall): Output {
  const { terminal } = frame.run.session.options
  const between = given.has('Separator') ? given.text('Separator')! : ' '
  const [foreground, background] = [given.text('ForegroundColor'), given.text('BackgroundColor')]
  const style = { ...(foreground ? { foreground } : {}), ...(background ? { background } : {}) }
  const shown = (value: Value) => (Array.isArray(value) ? (value as Value[]).map((one) => toText(one)).join(between) : toText(value))
  const write = async (text: string) => {
    await terminal.write(given.is('NoNewline') ? text : `${text}\n`, Object.keys(style).length > 0 ? style : undefined)
  }
  if (isPiped && !given.has('Object')) for await (const item of input) await write(shown(item))
  else await write([given.get('Object') ?? '', ...given.rest].map(shown).join(between))
}

async function* tee({ given, input, frame }: CommandCall): Output {
  const held: Value[] = []
  const path = given.text('FilePath')
  for await (const item of input) {
    held.push(item)
    if (held.length > frame.run.session.limits.elements)
      throw new Refusal('ScriptLimit', 'Tee-Object holds no more objects.', { limit: 'elements' })
    yield item
  }
  const variable = given.text('Variable')
  if (variable !== undefined) frame.scope.set(variable, held.length === 1 ? held[0]! : held)
  if (path !== undefined) {
    const args = [{ kind: 'parameter' as const, name: 'FilePath', hasValue: true, value: path }, { kind: 'parameter' as const, name: 'Append', hasValue: true, value: given.is('Append') }] // prettier-ignore
    yield* frame.run.evaluator.command('Out-File', args, frame, listed(held))
  }
}

async function* listed(values: readonly Value[]): Output {
  yield* values
}

const viewParameters: readonly ParameterDescription[] = [
  { name: 'Property', type: 'property', position: 0, many: true, summary: "Names, wildcards, or @{Label='…'; Expression={…}; Width=…; Alignment='Right'; FormatString='N2'}." },
  { name: 'GroupBy', type: 'property', summary: 'A heading for each value of this property.' },
  { name: 'AutoSize', type: 'switch', summary: 'Columns as wide as what is in them.' },
  { name: 'Wrap', type: 'switch', summary: 'Long values go on in the next line.' },
  { name: 'HideTableHeaders', type: 'switch', summary: 'Without headings.' },
  { name: 'Force', type: 'switch', summary: 'Has no effect here.' },
  { name: 'Expand', type: 'string', summary: 'Has no effect here.' },
  inputObject,
] // prettier-ignore
const listParameters = viewParameters.filter(({ name }) => !['AutoSize', 'Wrap', 'HideTableHeaders'].includes(name))
const colours = ['Black', 'DarkBlue', 'DarkGreen', 'DarkCyan', 'DarkRed', 'DarkMagenta', 'DarkYellow', 'Gray', 'DarkGray', 'Blue', 'Green', 'Cyan', 'Red', 'Magenta', 'Yellow', 'White'] // prettier-ignore

export const showRows: readonly CommandRow[] = [
  {
    name: 'Format-Table',
    aliases: ['ft'],
    summary: 'Shows objects as a table.',
    parameters: viewParameters,
    examples: [{ command: 'Get-Mailbox | Format-Table Name, PrimarySmtpAddress -AutoSize', says: 'Shows two columns.' }],
    run: view('table'),
  },
  {
    name: 'Format-List',
    aliases: ['fl'],
    summary: 'Shows objects as a list of their properties.',
    parameters: listParameters,
    examples: [{ command: 'Get-Mailbox mary | Format-List', says: 'Shows every property.' }],
    run: view('list'),
  },
  {
    name: 'Format-Wide',
    aliases: ['fw'],
    summary: 'Shows one property of objects in several columns.',
    parameters: [...viewParameters, { name: 'Column', type: 'number', summary: 'How many columns.' }],
    run: view('wide'),
  },
  { name: 'Format-Custom', aliases: ['fc'], summary: 'Shows objects with those within them.', parameters: [...listParameters, { name: 'Depth', type: 'number' }], run: view('custom') },
  {
    name: 'Out-GridView',
    aliases: ['ogv'],
    summary: 'Shows objects in a grid that can be filtered.',
    parameters: [
      { name: 'Title', type: 'string', summary: 'Stands over the grid.' },
      { name: 'PassThru', type: 'switch', summary: 'Gives the objects that were chosen.' },
      { name: 'OutputMode', type: 'string', values: ['None', 'Single', 'Multiple'], summary: 'How many can be chosen.' },
      { name: 'Wait', type: 'switch', summary: 'Has no effect here: the shell waits.' },
      inputObject,
    ],
    examples: [{ command: '$movereport.report.baditems | Out-GridView', says: 'Shows the bad items of a move.' }],
    run: gridView,
  },
  {
    name: 'Out-String',
    aliases: ['oss'],
    summary: 'Gives what is shown of objects as text.',
    parameters: [{ name: 'Width', type: 'number' }, { name: 'Stream', type: 'switch' }, { name: 'NoNewline', type: 'switch' }, inputObject],
    run: outString,
  },
  { name: 'Out-Host', aliases: ['oh', 'more'], summary: 'Shows objects now.', parameters: [{ name: 'Paging', type: 'switch', summary: 'Has no effect here.' }, inputObject], run: outHost },
  { name: 'Out-Default', summary: 'Shows objects now.', parameters: [inputObject], run: outHost },
  { name: 'Out-Null', summary: 'Throws objects away.', parameters: [inputObject], run: outNull },
  {
    name: 'Write-Output',
    aliases: ['echo', 'write'],
    summary: 'Gives objects to the pipeline.',
    parameters: [{ name: 'Object', type: 'rest', position: 0 }, { name: 'NoEnumerate', type: 'switch' }, { ...inputObject, name: 'InputObject' }],
    run: writeOutput,
  },
  {
    name: 'Write-Host',
    summary: 'Writes to the screen.',
    parameters: [
      { name: 'Object', type: 'rest', position: 0 },
      { name: 'NoNewline', type: 'switch' },
      { name: 'Separator', type: 'string' },
      { name: 'ForegroundColor', type: 'string', values: colours },
      { name: 'BackgroundColor', type: 'string', values: colours },
    ],
    run: writeHost,
  },
  {
    name: 'Tee-Object',
    aliases: ['tee'],
    summary: 'Keeps objects in a file or variable and passes them on.',
    parameters: [{ name: 'FilePath', type: 'string', position: 0 }, { name: 'Variable', type: 'string' }, { name: 'Append', type: 'switch' }, inputObject],
    run: tee,
  },
] // prettier-ignore
