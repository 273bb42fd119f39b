import { Refusal } from '#model'
import type { ParameterDescription } from '../cmdlets.ts'
import { unfit } from '../language/bind.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import { toText } from '../language/convert.ts'
import { refuseFiles } from '../language/show.ts'
import { Thing, type Value } from '../values.ts'
import { inputObject } from './objects.ts'

/** Names of files, put together and taken apart; nothing is read. */
type Output = AsyncGenerator<Value, void, undefined>

async function* joinPath({ given, input, isPiped }: CommandCall): Output {
  const children = [...given.list('ChildPath'), ...given.list('AdditionalChildPath'), ...given.rest].map((one) => toText(one))
  const joined = (path: string) => children.reduce((whole, child) => `${whole.replace(/[\\/]+$/, '')}\\${child.replace(/^[\\/]+/, '')}`, path) // prettier-ignore
  if (isPiped && !given.has('Path')) for await (const item of input) yield joined(toText(item))
  else for (const path of given.list('Path')) yield joined(toText(path))
}

async function* splitPath({ given, input, isPiped }: CommandCall): Output {
  const part = (path: string): Value => {
    const [, parent = '', leaf = ''] = /^(?:([\s\S]*)[\\/])?([^\\/]*)$/.exec(path.replace(/(?<=[^:\\/])[\\/]+$/, '')) ?? []
    const isRoot = /^[a-z]:$/i.test(parent)
    if (given.is('Leaf')) return leaf
    if (given.is('LeafBase')) return leaf.replace(/\.[^.]*$/, '')
    if (given.is('Extension')) return /\.[^.]*$/.exec(leaf)?.[0] ?? ''
    if (given.is('Qualifier')) return /^[a-z]+:/i.exec(path)?.[0] ?? ''
    if (given.is('NoQualifier')) return path.replace(/^[a-z]+:/i, '')
    if (given.is('IsAbsolute')) return /^([a-z]:)?[\\/]/i.test(path)
    return isRoot ? `${parent}\\` : parent
  }
  if (isPiped && !given.has('Path')) for await (const item of input) yield part(toText(item))
  else for (const path of [...given.list('Path'), ...given.list('LiteralPath')]) yield part(toText(path))
}

async function* text(value: string): AsyncGenerator<string, void, undefined> {
  yield value
}

/** A folder comes into being with the first file in it; a file is written, empty or with its value. */
async function* newItem({ given, frame, name }: CommandCall): Output {
  const { files } = frame.run.session.options
  if (!files) throw refuseFiles()
  const [kind, own] = [given.text('ItemType') ?? 'File', given.text('Name')]
  const folder = given.text('Path') ?? '.'
  const path = own === undefined ? folder : `${folder.replace(/[\\/]+$/, '')}\\${own}`
  if (own === undefined && !given.has('Path')) throw unfit(name, 'Path', `${name} needs -Path.`)
  if (kind === 'File')
    await files.writeText(path, text(given.text('Value') ?? ''), { noClobber: !given.is('Force'), signal: frame.run.signal })
  else if (kind !== 'Directory')
    throw new Refusal('NotInLanguage', `${name} -ItemType ${kind} is not part of this shell: it makes a File or a Directory.`)
  yield new Thing([['Name', path.split(/[\\/]/).at(-1)!], ['FullName', path]], [kind === 'File' ? 'System.IO.FileInfo' : 'System.IO.DirectoryInfo'], path) // prettier-ignore
}

const path: ParameterDescription = { name: 'Path', type: 'string', position: 0, many: true, pipeline: true, summary: 'A name.' }
const on = (name: string): ParameterDescription => ({ name, type: 'switch' })
const input = { ...inputObject, name: 'InputObject' }

export const pathRows: readonly CommandRow[] = [
  {
    name: 'Join-Path',
    summary: 'Puts the names of a folder and what is in it together.',
    parameters: [{ ...path, aliases: ['PSPath'] }, { name: 'ChildPath', type: 'string', position: 1, many: true }, { name: 'AdditionalChildPath', type: 'rest', many: true }, on('Resolve'), input],
    examples: [{ command: "Join-Path c:\\temp 'mailboxes.csv'", says: 'Gives c:\\temp\\mailboxes.csv.' }],
    run: joinPath,
  },
  { name: 'Split-Path', summary: 'Gives a part of the name of a file: its folder, unless another is asked for.', parameters: [path, { ...path, name: 'LiteralPath', position: 9 }, ...['Parent', 'Leaf', 'LeafBase', 'Extension', 'Qualifier', 'NoQualifier', 'IsAbsolute'].map(on), input], run: splitPath },
  {
    name: 'New-Item',
    aliases: ['ni'],
    summary: 'Writes an empty file, or one with a text; folders come into being with the files in them.',
    parameters: [{ name: 'Path', type: 'string', position: 0 }, { name: 'Name', type: 'string' }, { name: 'ItemType', type: 'string', aliases: ['Type'], values: ['File', 'Directory', 'SymbolicLink', 'Junction', 'HardLink'] }, { name: 'Value', type: 'string' }, on('Force')],
    run: newItem,
  },
] // prettier-ignore
