import { Refusal } from '#model'
import type { Element } from '../registry/bind.ts'
import { createReader, type Reader } from './reader.ts'

export interface CommandLine {
  name: string
  elements: Element[]
}

const mostCharacters = 65_536
const deepest = 8
const dashes = '-\u2013\u2014\u2015'
const singleQuotes = "'\u2018\u2019\u201a\u201b"
const doubleQuotes = '"\u201c\u201d\u201e'
/** Where a word without quotes ends. */
const wordEnds = new Set([...' \t,;|&(){}<>`#\r\n', ...singleQuotes, ...doubleQuotes])
/** What the shell language has and one command has not, by the characters it begins with. */
const notHere: readonly [RegExp, string][] = [
  [/^\$\(/, 'an expression'],
  [/^\$/, 'a variable'],
  [/^\|/, 'a pipeline'],
  [/^;|^\r|^\n/, 'a second command'],
  [/^&/, 'a call operator'],
  [/^[<>]/, 'a redirection'],
  [/^`/, 'an escape'],
  [/^\(/, 'an expression'],
  [/^[{}]/, 'a script block'],
  [/^#/, 'a comment'],
  [/^@/, 'a splatted variable'],
]

/**
 * Reads one command: its name, `-Parameter value`, `-Switch`, `-Switch:$false`, values that stand alone. A value is a word, 'text', "text",
 * a list (`a, b` or `@(a, b)`), `@{Add=…; Remove=…}`, `$true`, `$false` or `$null`. Everything else of the shell language is refused by its
 * name with its position (InvalidRequest). Typographic dashes and quotes are taken, as PowerShell does.
 */
export function parseLine(line: string): CommandLine {
  if (line.length > mostCharacters) {
    throw new Refusal('InvalidRequest', `A command has at most ${mostCharacters} characters; this one has ${line.length}.`)
  }
  const reader = createReader(line.trimEnd())
  reader.skipSpace()
  const name = reader.takeWhile((character) => /[\p{L}\p{N}_\u2013\u2014\u2015-]/u.test(character))
  if (name === '') throw strange(reader, 'the name of a cmdlet')
  betweenWords(reader)
  const elements: Element[] = []
  while (!reader.done()) {
    elements.push(element(reader))
    betweenWords(reader)
  }
  return { name: name.replaceAll(/[\u2013\u2014\u2015]/g, '-'), elements }
}

/** Between two pieces is a space, or the end. */
function betweenWords(reader: Reader): void {
  if (!reader.done() && !reader.skipSpace()) throw strange(reader, 'a space')
}

function element(reader: Reader): Element {
  if (!dashes.includes(reader.peek()) || /^\d/.test(reader.rest(1))) return { value: value(reader, 0) }
  reader.take()
  const parameter = reader.takeWhile((character) => /[\p{L}\p{N}_]/u.test(character))
  if (parameter === '') throw strange(reader, 'the name of a parameter')
  if (reader.peek() !== ':') return { parameter }
  reader.take()
  reader.skipSpace()
  if (reader.done()) throw strange(reader, `a value of -${parameter}`)
  return { parameter, value: value(reader, 0) }
}

/** One value, or several with commas between them. */
function value(reader: Reader, depth: number): unknown {
  const first = item(reader, depth)
  const values = [first]
  for (;;) {
    const mark = reader.position()
    reader.skipSpace()
    if (reader.peek() !== ',') {
      reader.back(mark)
      return values.length === 1 ? first : values
    }
    reader.take()
    reader.skipSpace()
    values.push(item(reader, depth))
  }
}

function item(reader: Reader, depth: number): unknown {
  if (depth > deepest) throw problem(`more than ${deepest} lists within each other`, reader.position(), reader)
  const next = reader.peek()
  if (next !== '' && singleQuotes.includes(next)) return quoted(reader, singleQuotes, false)
  if (next !== '' && doubleQuotes.includes(next)) return quoted(reader, doubleQuotes, true)
  if (next === '@' && reader.rest(1).startsWith('(')) return array(reader, depth)
  if (next === '@' && reader.rest(1).startsWith('{')) return hash(reader, depth)
  if (next === '$') return constant(reader)
  if (next === '@') throw strange(reader, 'a value')
  const word = reader.takeWhile((character) => !wordEnds.has(character) && character !== '$')
  if (word === '') throw strange(reader, 'a value')
  return word
}

function constant(reader: Reader): boolean | null {
  const found = /^\$(true|false|null)(?![\p{L}\p{N}_:.[])/iu.exec(reader.rest())
  if (!found) throw strange(reader, 'a value')
  reader.skip(found[0].length)
  const word = found[1]!.toLowerCase()
  return word === 'null' ? null : word === 'true'
}

/** Text in quotes; the quote doubled stands for itself. In double quotes the shell would replace variables: those are refused. */
function quoted(reader: Reader, quotes: string, replaces: boolean): string {
  const start = reader.position()
  reader.take()
  let text = ''
  for (;;) {
    if (reader.done()) throw problem('the quote is not closed', start, reader)
    if (replaces && reader.peek() === '`') throw strange(reader, 'plain text')
    if (replaces && /^\$[\p{L}_{(:?^$]/u.test(reader.rest())) throw strange(reader, 'plain text')
    const next = reader.take()
    if (!quotes.includes(next)) text += next
    else if (quotes.includes(reader.peek()) && !reader.done()) text += reader.take()
    else return text
  }
}

function array(reader: Reader, depth: number): unknown[] {
  const start = reader.position()
  reader.skip(2)
  reader.skipSpace()
  const values: unknown[] = []
  while (reader.peek() !== ')') {
    if (reader.done()) throw problem('the list is not closed', start, reader)
    values.push(value(reader, depth + 1))
    reader.skipSpace()
    if (reader.peek() !== ')') throw reader.done() ? problem('the list is not closed', start, reader) : strange(reader, 'a comma')
  }
  reader.take()
  return values.flat()
}

function hash(reader: Reader, depth: number): Record<string, unknown> {
  const start = reader.position()
  reader.skip(2)
  const pairs = new Map<string, unknown>()
  for (;;) {
    while (reader.skipSpace() || reader.peek() === ';') if (reader.peek() === ';') reader.take()
    if (reader.done()) throw problem('the table is not closed', start, reader)
    if (reader.peek() === '}') break
    const at = reader.position()
    const name = key(reader)
    if (pairs.has(name.toLowerCase())) throw problem(`'${name.slice(0, 40)}' is there twice`, at, reader)
    reader.skipSpace()
    if (reader.peek() !== '=') throw strange(reader, `= after '${name.slice(0, 40)}'`)
    reader.take()
    reader.skipSpace()
    pairs.set(name.toLowerCase(), [name, value(reader, depth + 1)])
    reader.skipSpace()
    if (!['}', ';'].includes(reader.peek()) && !reader.done()) throw strange(reader, '; or }')
  }
  reader.take()
  return Object.fromEntries([...pairs.values()] as [string, unknown][])
}

function key(reader: Reader): string {
  const next = reader.peek()
  if (singleQuotes.includes(next)) return quoted(reader, singleQuotes, false)
  if (doubleQuotes.includes(next)) return quoted(reader, doubleQuotes, true)
  const name = reader.takeWhile((character) => /[\p{L}\p{N}_]/u.test(character))
  if (name === '') throw strange(reader, 'a name')
  return name
}

/** What stands here is not what is expected; what the language has for it is named. */
function strange(reader: Reader, expected: string): Refusal {
  if (reader.done()) return problem(`${expected} is missing`, reader.position(), reader)
  const found = notHere.find(([form]) => form.test(reader.rest()))
  const what = found
    ? `${found[1]} ('${reader.peek()}') is not part of one command`
    : `'${reader.peek()}' stands where ${expected} is expected`
  return problem(what, reader.position(), reader)
}

function problem(what: string, position: number, reader: Reader): Refusal {
  const near = reader.text.slice(Math.max(0, position - 20), position)
  const after = near ? ` after '${near}'` : ''
  return new Refusal('InvalidRequest', `The command cannot be read at character ${position + 1}${after}: ${what}.`, {
    position: position + 1,
  })
}
