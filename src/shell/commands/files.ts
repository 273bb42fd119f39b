import { Refusal } from '#model'
import type { Files } from '../contract.ts'
import { toText } from '../language/convert.ts'
import { collect } from '../language/evaluate.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import { stoppable } from '../language/runtime.ts'
import { refuseFiles, shownLines } from '../language/show.ts'
import { Thing, type Value } from '../values.ts'
import type { ParameterDescription } from '../cmdlets.ts'
import { unfit } from '../language/bind.ts'
import { inputObject } from './objects.ts'
import { fromJson, toJson } from '../formats.ts'

type Output = AsyncGenerator<Value, void, undefined>

function filesOf({ frame }: CommandCall): Files {
  const { files } = frame.run.session.options
  if (!files) throw refuseFiles()
  return files
}

function pathOf({ given, name }: CommandCall): string {
  const path = given.text('LiteralPath') ?? given.text('Path') ?? given.text('FilePath')
  if (path === undefined || path === '') throw unfit(name, 'Path', `${name} needs -Path.`)
  return path
}

const encodingOf = ({ given }: CommandCall) => (given.has('Encoding') ? { encoding: given.text('Encoding')! } : {})
const writing = (call: CommandCall) => ({
  ...encodingOf(call),
  append: call.given.is('Append'),
  noClobber: call.given.is('NoClobber'),
  signal: call.frame.run.signal,
})

async function* ended(lines: AsyncIterable<string>, end = '\r\n'): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield line + end
}

function read(call: CommandCall, path = pathOf(call)): AsyncIterable<string> {
  const { signal } = call.frame.run
  return stoppable(filesOf(call).readText(path, { ...encodingOf(call), signal }), signal)
}

async function* outFile(call: CommandCall): Output {
  const { given, input, frame } = call
  const width = given.number('Width')
  const lines = shownLines(input, frame, 'default', width === undefined ? {} : { width })
  await filesOf(call).writeText(pathOf(call), ended(lines, given.is('NoNewline') ? '' : '\r\n'), writing(call))
  yield* []
}

const setContent = (append: boolean) =>
  async function* (call: CommandCall): Output {
    const { given, input, isPiped } = call
    const end = given.is('NoNewline') ? '' : '\r\n'
    const texts = async function* () {
      if (isPiped && !given.has('Value')) for await (const item of input) yield toText(item) + end
      else for (const item of given.list('Value')) yield toText(item) + end
    }
    const value = given.get('Value')
    if (value instanceof Uint8Array || isBytes(call))
      await filesOf(call).writeBytes(pathOf(call), await bytesOf(call), { signal: call.frame.run.signal })
    else await filesOf(call).writeText(pathOf(call), texts(), { ...writing(call), append })
    if (given.is('PassThru')) yield* given.list('Value')
  }

const isBytes = ({ given }: CommandCall) => given.text('Encoding')?.toLowerCase() === 'byte' || given.is('AsByteStream')

async function bytesOf({ given, input, isPiped, frame }: CommandCall): Promise<Uint8Array> {
  const values = isPiped && !given.has('Value') ? await collect(input, frame) : given.list('Value')
  return Uint8Array.from(values, Number)
}

async function* getContent(call: CommandCall): Output {
  const { given } = call
  if (isBytes(call)) {
    const bytes = await filesOf(call).readBytes(pathOf(call), { signal: call.frame.run.signal })
    return yield* given.is('Raw') || given.number('ReadCount') === 0 ? [bytes] : bytes
  }
  if (given.is('Raw')) return yield await whole(call)
  const [first, last] = [given.number('TotalCount') ?? Number.POSITIVE_INFINITY, given.number('Tail')]
  const tail: string[] = []
  let count = 0
  for await (const line of linesOf(read(call), call)) {
    if (count++ >= first) break
    if (last === undefined) yield line
    else if (tail.push(line) > last) tail.shift()
  }
  yield* tail
}

async function whole(call: CommandCall): Promise<string> {
  let text = ''
  for await (const piece of read(call)) text = longer(text, piece, call)
  return text
}

function longer(text: string, piece: string, { frame }: CommandCall): string {
  const most = frame.run.session.limits.text
  if (text.length + piece.length > most)
    throw new Refusal('ScriptLimit', `A text read at once has at most ${most} characters.`, { limit: 'text' })
  return text + piece
}

/** Lines of pieces that are cut anywhere. */
async function* linesOf(pieces: AsyncIterable<string>, call: CommandCall): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = longer(rest, piece, call).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.replace(/\r$/, '')
  }
  if (rest !== '') yield rest.replace(/\r$/, '')
}

async function* testPath(call: CommandCall): Output {
  yield await filesOf(call).exists(pathOf(call))
}

function csvOptions({ given, name }: CommandCall) {
  const delimiter = given.text('Delimiter') ?? (given.is('UseCulture') ? ';' : ',')
  if (delimiter.length !== 1) throw unfit(name, 'Delimiter', `-Delimiter of ${name} must be one character.`)
  const quotes = given.text('UseQuotes') as 'Always' | 'AsNeeded' | 'Never' | undefined
  return {
    delimiter,
    typeInformation: given.is('IncludeTypeInformation'),
    ...(given.has('Header') ? { header: given.list('Header').map((one) => toText(one)) } : {}),
    ...(quotes ? { quotes } : {}),
  }
}

async function* exportCsv(call: CommandCall): Output {
  const { formats } = call.frame.run.session.options
  const existing = call.given.is('Append') ? await columnsThere(call) : undefined
  const options = { ...csvOptions(call), ...(existing ? { existing, force: call.given.is('Force') } : {}) }
  await filesOf(call).writeText(pathOf(call), ended(formats.csv.write(call.input, options)), writing(call))
  yield* []
}

/** Columns of the file that is to be written on. */
async function columnsThere(call: CommandCall): Promise<readonly string[] | undefined> {
  if (!(await filesOf(call).exists(pathOf(call)))) return undefined
  return call.frame.run.session.options.formats.csv.header(read(call), csvOptions(call).delimiter)
}

async function* importCsv(call: CommandCall): Output {
  yield* call.frame.run.session.options.formats.csv.read(read(call), csvOptions(call))
}

async function* toCsv(call: CommandCall): Output {
  yield* call.frame.run.session.options.formats.csv.write(call.input, csvOptions(call))
}

async function* fromCsv(call: CommandCall): Output {
  const texts = async function* () {
    for await (const item of call.input) yield `${toText(item)}\n`
  }
  yield* call.frame.run.session.options.formats.csv.read(texts(), csvOptions(call))
}

/** PowerShell's 2 and what the types of Exchange ask for beyond it (SerializationDepth), so that the report of a move is kept whole. */
const wholeReports = 5

async function* exportClixml(call: CommandCall): Output {
  const { formats } = call.frame.run.session.options
  const depth = call.given.number('Depth') ?? wholeReports
  await filesOf(call).writeText(pathOf(call), formats.clixml.write(call.input, { depth }), writing(call))
  yield* []
}

async function* importClixml(call: CommandCall): Output {
  yield* call.frame.run.session.options.formats.clixml.read(read(call))
}

async function* convertToJson({ given, input, frame }: CommandCall): Output {
  const values = await collect(input, frame)
  const depth = given.number('Depth') ?? 2
  const value = values.length === 1 && !given.is('AsArray') ? values[0]! : values
  const warnings: string[] = []
  const text = toJson(value, {
    depth,
    compress: given.is('Compress'),
    most: frame.run.session.limits.text,
    warn: (said) => void warnings.push(said),
  })
  for (const one of warnings) await frame.streams.say('warning', one)
  yield text
}

async function* convertFromJson({ input, frame, given }: CommandCall): Output {
  let text = ''
  for await (const item of input) text = longer(text, `${toText(item)}\n`, { frame, given } as CommandCall)
  const value = fromJson(text, { asHashtable: given.is('AsHashtable'), most: frame.run.session.limits.text })
  yield* Array.isArray(value) ? (value as Value[]) : [value]
}

async function* location({ frame }: CommandCall): Output {
  const path = frame.run.session.options.files?.location ?? ''
  yield new Thing([['Path', path]], ['System.Management.Automation.PathInfo'], path) // prettier-ignore
}

const refused = (why: string) =>
  async function* ({ name }: CommandCall): Output {
    yield* []
    throw new Refusal('NotInLanguage', `${name} is not part of this shell: ${why}`)
  }

const path: ParameterDescription = { name: 'Path', type: 'string', position: 0, summary: 'The file.' }
const literalPath: ParameterDescription = {
  name: 'LiteralPath',
  type: 'string',
  aliases: ['PSPath'],
  summary: 'The file, its name taken as it stands.',
}
const encoding: ParameterDescription = { name: 'Encoding', type: 'string', summary: 'UTF8, Unicode, ASCII, Default; else UTF-8.' }
const append: ParameterDescription = { name: 'Append', type: 'switch', summary: 'At the end of what is there.' }
const noClobber: ParameterDescription = { name: 'NoClobber', type: 'switch', aliases: ['NoOverwrite'], summary: 'Does not replace a file.' }
const force: ParameterDescription = { name: 'Force', type: 'switch', summary: 'Has no effect here.' }
const csvForm: ParameterDescription[] = [
  { name: 'Delimiter', type: 'string', position: 1, summary: 'Stands between the values; a comma.' },
  { name: 'UseCulture', type: 'switch', summary: 'A semicolon between the values.' },
]
const csvWritten: ParameterDescription[] = [
  ...csvForm,
  { name: 'NoTypeInformation', type: 'switch', aliases: ['NTI'], summary: 'Without the line #TYPE, as is usual here.' },
  { name: 'IncludeTypeInformation', type: 'switch', summary: 'With the line #TYPE.' },
  { name: 'UseQuotes', type: 'string', values: ['Always', 'AsNeeded', 'Never'], summary: 'Which values stand in quotes.' },
]
const header: ParameterDescription = {
  name: 'Header',
  type: 'string',
  many: true,
  summary: 'Names of the columns, when the first line has none.',
}
const written = [path, literalPath, encoding, noClobber, force]

export const fileRows: readonly CommandRow[] = [
  {
    name: 'Out-File',
    summary: 'Writes what is shown of objects into a file.',
    parameters: [{ ...path, name: 'FilePath', aliases: ['Path'] }, literalPath, { ...encoding, position: 1 }, append, noClobber, force, { name: 'Width', type: 'number' }, { name: 'NoNewline', type: 'switch' }, inputObject],
    examples: [{ command: 'Get-Mailbox | Out-File c:\\temp\\mailboxes.txt', says: 'Writes the table into a file.' }],
    run: outFile,
  },
  { name: 'Set-Content', aliases: ['sc'], summary: 'Writes texts into a file.', parameters: [...written, { name: 'Value', type: 'object', position: 1, many: true }, { name: 'NoNewline', type: 'switch' }, { name: 'PassThru', type: 'switch' }, { name: 'AsByteStream', type: 'switch' }], run: setContent(false) },
  { name: 'Add-Content', aliases: ['ac'], summary: 'Adds texts to a file.', parameters: [...written, { name: 'Value', type: 'object', position: 1, many: true }, { name: 'NoNewline', type: 'switch' }, { name: 'PassThru', type: 'switch' }], run: setContent(true) },
  {
    name: 'Get-Content',
    aliases: ['gc', 'cat', 'type'],
    summary: 'Reads a file, line by line.',
    parameters: [path, literalPath, encoding, { name: 'Raw', type: 'switch', summary: 'As one text.' }, { name: 'TotalCount', type: 'number', aliases: ['First', 'Head'] }, { name: 'Tail', type: 'number', aliases: ['Last'] }, { name: 'ReadCount', type: 'number' }, { name: 'AsByteStream', type: 'switch' }],
    examples: [{ command: 'Get-Content users.txt | Get-Mailbox', says: 'Shows the mailboxes that a file names.' }],
    run: getContent,
  },
  { name: 'Test-Path', summary: 'Says whether a file is there.', parameters: [path, literalPath, { name: 'PathType', type: 'string', values: ['Any', 'Leaf'] }], run: testPath },
  {
    name: 'Export-Csv',
    aliases: ['epcsv'],
    summary: 'Writes objects into a CSV file.',
    parameters: [...written, append, ...csvWritten, inputObject],
    examples: [{ command: 'Get-Mailbox | Export-Csv c:\\temp\\mailboxes.csv -NoTypeInformation', says: 'Writes every mailbox as a line.' }],
    run: exportCsv,
  },
  {
    name: 'Import-Csv',
    aliases: ['ipcsv'],
    summary: 'Reads objects from a CSV file.',
    parameters: [path, literalPath, encoding, header, ...csvForm],
    examples: [{ command: 'Import-Csv users.csv | ForEach-Object { Get-Mailbox $_.Alias }', says: 'Shows the mailbox of each line.' }],
    run: importCsv,
  },
  { name: 'ConvertTo-Csv', summary: 'Gives objects as lines of CSV.', parameters: [...csvWritten, inputObject], run: toCsv },
  { name: 'ConvertFrom-Csv', summary: 'Makes objects of lines of CSV.', parameters: [header, ...csvForm, inputObject], run: fromCsv },
  {
    name: 'Export-Clixml',
    aliases: ['epxml'],
    summary: 'Writes objects with their types into an XML file.',
    parameters: [...written, { name: 'Depth', type: 'number', summary: 'Objects within objects; 5.' }, inputObject],
    examples: [{ command: 'Get-MoveRequestStatistics mary -IncludeReport | Export-CliXml c:\\temp\\movereport.xml', says: 'Keeps the report of a move.' }],
    run: exportClixml,
  },
  {
    name: 'Import-Clixml',
    aliases: ['ipxml'],
    summary: 'Reads objects from an XML file of Export-Clixml.',
    parameters: [path, literalPath],
    examples: [{ command: '$movereport = Import-CliXml c:\\temp\\movereport.xml', says: 'Brings the report back.' }],
    run: importClixml,
  },
  {
    name: 'ConvertTo-Json',
    summary: 'Gives objects as JSON.',
    parameters: [{ name: 'Depth', type: 'number', summary: 'Objects within objects; 2.' }, { name: 'Compress', type: 'switch' }, { name: 'AsArray', type: 'switch' }, { ...inputObject, position: 0 }],
    run: convertToJson,
  },
  { name: 'ConvertFrom-Json', summary: 'Makes objects of JSON.', parameters: [{ name: 'AsHashtable', type: 'switch' }, { ...inputObject, position: 0 }], run: convertFromJson },
  { name: 'Get-Location', aliases: ['gl', 'pwd'], summary: 'Shows where relative names of files start.', parameters: [], run: location },
  { name: 'Set-Location', aliases: ['cd', 'sl', 'chdir'], summary: 'Refused: write whole paths.', parameters: [path, literalPath], run: refused('write whole paths of files.') },
  { name: 'Get-ChildItem', aliases: ['dir', 'ls', 'gci'], summary: 'Refused: files are read and written by their names.', parameters: [path, literalPath, { name: 'Filter', type: 'string' }, { name: 'Recurse', type: 'switch' }], run: refused('files are read and written by their names, and not listed.') },
] // prettier-ignore
