import { Refusal } from '#model'
import type { CsvOptions } from '../contract.ts'
import { Thing, type Value } from '../values.ts'
import { textOf, type TextSource } from '../text-source.ts'
import { checkDelimiter } from './write.ts'

export interface CsvReadLimits {
  /** Characters of the whole file: 1 GB. */
  size?: number
  /** Characters of one record: 16 million. */
  record?: number
  /** Columns: 10,000. */
  columns?: number
}

interface Record {
  fields: string[]
  line: number
  /** A line with nothing on it. */
  isBlank: boolean
}

/**
 * The objects of a file of values between delimiters, as Import-Csv gives them: all values are texts, what a line lacks is `$null`, what it has too
 * many is left out, blank lines are passed over, a column without a name is called `H1` by its place. A `#TYPE` line names their type (`CSV:…`). One
 * record is held at a time.
 *
 * Refuses ScriptProblem, with the line, for two columns of one name and for a quoted value without end; ScriptLimit beyond the limits.
 */
export async function* readCsv(source: TextSource, options: CsvOptions, limits: CsvReadLimits = {}): AsyncGenerator<Value> {
  checkDelimiter(options.delimiter)
  let header = options.header?.length ? namesOf([...options.header], 0) : undefined
  let type: string | undefined
  let first = true
  for await (const { fields, line, isBlank } of csvFields(source, options.delimiter, limits)) {
    if (isBlank) continue
    const declared = first ? /^#TYPE\s+(.*)$/i.exec(fields.join(options.delimiter)) : null
    first = false
    if (declared) type = declared[1]!.trim()
    else if (!header) header = namesOf(fields, line)
    else yield new Thing(header.map((name, at) => [name, fields[at] ?? null] as const), type ? [`CSV:${type}`] : []) // prettier-ignore
  }
}

/** The names of the columns of a file, for appending to it; undefined when it is empty. */
export async function csvHeader(source: TextSource, delimiter: string, limits: CsvReadLimits = {}): Promise<string[] | undefined> {
  for await (const { fields, line, isBlank } of csvFields(source, delimiter, limits)) {
    if (!isBlank && !/^#TYPE\s/i.test(fields[0]!)) return namesOf(fields, line)
  }
  return undefined
}

function namesOf(fields: readonly string[], line: number): string[] {
  const names = fields.map((name, at) => name.trim() || `H${at + 1}`)
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name.toLowerCase())) throw problem(`two columns are called ${name.slice(0, 80)}`, line)
    seen.add(name.toLowerCase())
  }
  return names
}

const problem = (why: string, line: number): Refusal =>
  new Refusal('ScriptProblem', `The file is not read as CSV: ${why}${line ? ` (line ${line})` : ''}.`, { line })

type State = 'start' | 'bare' | 'quoted' | 'closed'

async function* csvFields(source: TextSource, delimiter: string, limits: CsvReadLimits): AsyncGenerator<Record> {
  const limit = { size: 1024 ** 3, record: 16_000_000, columns: 10_000, ...limits }
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^-]/g, '\\$&')}]`, 'g')
  let fields: string[] = []
  let field = ''
  let state: State = 'start'
  let line = 1
  let began = 1
  let length = 0
  let afterReturn = false

  const add = (text: string): void => {
    length += text.length
    if (length > limit.record)
      throw new Refusal('ScriptLimit', `A record of the file is longer than ${limit.record} characters (line ${began}).`, { line: began })
    field += text
  }
  const endField = (): void => {
    if (fields.push(field) > limit.columns)
      throw new Refusal('ScriptLimit', `A record of the file has more than ${limit.columns} values (line ${began}).`, { line: began })
    field = ''
    state = 'start'
  }
  const endRecord = (): Record => {
    const isBlank = !fields.length && state === 'start'
    endField()
    const record = { fields, line: began, isBlank }
    fields = []
    length = 0
    began = line
    return record
  }

  for await (const piece of textOf(source, 'The CSV file', limit.size)) {
    let at = 0
    if (afterReturn && piece.startsWith('\n')) at = 1
    if (piece) afterReturn = false
    while (at < piece.length) {
      special.lastIndex = at
      const found = special.exec(piece)?.index ?? piece.length
      if (found > at) {
        add(piece.slice(at, found))
        if (state === 'start') state = 'bare'
      }
      if (found === piece.length) break
      const character = piece[found]!
      at = found + 1
      if (character === '\n' || character === '\r') {
        const both = character === '\r' && piece[at] === '\n'
        if (both) at++
        line++
        afterReturn = state !== 'quoted' && character === '\r' && at === piece.length && !both
        if (state === 'quoted') add(both ? '\r\n' : character)
        else yield endRecord()
      } else if (character === '"') {
        if (state === 'start') state = 'quoted'
        else if (state === 'quoted') state = 'closed'
        else if (state === 'closed') {
          add('"')
          state = 'quoted'
        } else add('"')
      } else if (state === 'quoted') add(character)
      else endField()
    }
  }
  if (state === ('quoted' as State)) throw problem('a value in quotation marks has no end', began)
  if (fields.length || state !== 'start') yield endRecord()
}
