import { ByteSize, Refusal, TimeSpan } from '#model'
import type { Value } from '../values.ts'
import { cellText, isObject, propertiesOf, propertyOf } from './text.ts'
import { heading } from './columns.ts'
import { cut, harmless, pad, widthOf } from './width.ts'

/** What Out-GridView shows: objects as rows, their properties as columns. Everything here is a pure function; nothing changes a grid. */
export interface Grid {
  columns: readonly GridColumn[]
  rows: readonly GridRow[]
}

export interface GridColumn {
  name: string
  /** Numbers stand at the right. */
  isNumber: boolean
  /** Width of its longest text, heading included, in columns of a terminal. */
  width: number
}

export interface GridRow {
  /** What the row was made of, to be passed on (-PassThru). */
  object: Value
  values: readonly Value[]
  texts: readonly string[]
}

export type FilterOperator = (typeof operators)[number]

/** Longest first, so that `does not contain` is not taken for `contain`. */
const operators = [
  'does not contain',
  'does not equal',
  'is greater than',
  'is less than',
  'is not empty',
  'starts with',
  'is empty',
  'ends with',
  'contains',
  'equals',
] as const

/** One condition on a column; without one, a quick filter: every word stands somewhere in the row. */
export type Filter = { column: string; operator: FilterOperator; value: string } | { words: readonly string[] }

export interface GridSort {
  column: string
  descending?: boolean
}

/** Most rows and columns of a grid: it is held whole. */
const mostRows = 100_000
const mostColumns = 256

/**
 * A grid of objects: a column for each property that any of them has, in the order in which they first come; what has no properties is in a column
 * `Value`. `columns` names those to show. Refuses ScriptLimit beyond 100,000 objects or 256 columns.
 */
export function gridOf(objects: Iterable<Value>, columns?: readonly string[]): Grid {
  const list = [...objects]
    .flatMap((object) => (Array.isArray(object) ? (object as readonly Value[]) : [object]))
    .filter((object) => object !== null)
  if (list.length > mostRows) throw tooLarge(`${list.length} objects`, mostRows)
  const names = new Map<string, string>()
  const namesOf = (object: Value): string[] => (isObject(object) ? (propertiesOf(object) ?? []).map(([name]) => name) : ['Value'])
  if (columns?.length) for (const name of columns) names.set(name.toLowerCase(), name)
  else
    for (const object of list) for (const name of namesOf(object)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  if (names.size > mostColumns) throw tooLarge(`${names.size} columns`, mostColumns)
  const heads = [...names.values()]
  const rows = list.map((object) => rowOf(object, heads))
  return { columns: heads.map((name, at) => columnOf(name, at, rows)), rows }
}

function tooLarge(what: string, most: number): Refusal {
  return new Refusal(
    'ScriptLimit',
    `${what} are too many for a grid, which shows at most ${most}; filter them first (Where-Object, Select-Object).`,
  )
}

function rowOf(object: Value, names: readonly string[]): GridRow {
  const values = names.map((name) => (isObject(object) ? propertyOf(object, name) : name === 'Value' ? object : null))
  return { object, values, texts: values.map((value) => harmless(cellText(value)).replace(/[\n\t]+/g, ' ')) }
}

function columnOf(name: string, at: number, rows: readonly GridRow[]): GridColumn {
  const first = rows.find(({ values }) => values[at] !== null)?.values[at]
  const width = rows.reduce((most, { texts }) => Math.max(most, widthOf(texts[at]!)), widthOf(heading(name)))
  return { name, isNumber: typeof first === 'number' || typeof first === 'bigint', width: Math.max(1, width) }
}

/**
 * The filters of a text: conditions such as `Kind does not contain Security`, several with ` and `; a text without an operator is a quick filter.
 * Values with ` and ` in them stand in quotation marks. Never refuses: columns are checked where the filters are applied.
 */
export function parseFilter(text: string): Filter[] {
  return parts(text).flatMap((part) => {
    const condition = conditionOf(part)
    if (condition) return [condition]
    const words = part.toLowerCase().split(/\s+/).filter(Boolean).map(unquoted) // prettier-ignore
    return words.length ? [{ words }] : []
  })
}

/** Pieces between ` and `, outside of quotation marks. */
function parts(text: string): string[] {
  const found: string[] = []
  let from = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (quote) quote = character === quote ? '' : quote
    else if ((character === '"' || character === "'") && /^$|\s/.test(text[at - 1] ?? '')) quote = character
    else if (/\s/.test(character) && /^\sand\s/i.test(text.slice(at, at + 5))) {
      found.push(text.slice(from, at))
      from = at + 5
      at = from - 1
    }
  }
  return [...found, text.slice(from)].map((part) => part.trim()).filter(Boolean)
}

function conditionOf(part: string): Filter | undefined {
  const lower = part.toLowerCase().replace(/\s/g, ' ')
  let best: { at: number; operator: FilterOperator } | undefined
  for (const operator of operators) {
    const at = lower.indexOf(` ${operator}`)
    const end = at + operator.length + 1
    if (at > 0 && (end === lower.length || lower[end] === ' ') && (!best || at < best.at)) best = { at, operator }
  }
  if (!best) return undefined
  const value = unquoted(part.slice(best.at + best.operator.length + 1).trim())
  return { column: unquoted(part.slice(0, best.at).trim()), operator: best.operator, value }
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text
}

/**
 * The rows that every filter lets through, sorted by a column if `sort` is given (numbers, dates and sizes by what they are, texts without regard to
 * case, what is empty first; equal rows stay in their order). Refuses InvalidParameter for a column that is not there, naming those that are.
 */
export function apply(grid: Grid, filters: readonly Filter[], sort?: GridSort): Grid {
  const tests = filters.map((filter) => testOf(grid, filter))
  let rows = tests.length ? grid.rows.filter((row) => tests.every((test) => test(row))) : grid.rows
  if (sort) {
    const at = indexOf(grid, sort.column)
    const sign = sort.descending ? -1 : 1
    rows = rows.toSorted((one, other) => sign * compare(one.values[at]!, one.texts[at]!, other.values[at]!, other.texts[at]!))
  }
  return { columns: grid.columns, rows }
}

function indexOf(grid: Grid, name: string): number {
  const at = grid.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase())
  if (at >= 0) return at
  throw new Refusal('InvalidParameter', `There is no column ${name}; there are: ${grid.columns.map((column) => column.name).join(', ')}.`)
}

function testOf(grid: Grid, filter: Filter): (row: GridRow) => boolean {
  if ('words' in filter) return ({ texts }) => filter.words.every((word) => texts.some((text) => text.toLowerCase().includes(word)))
  const at = indexOf(grid, filter.column)
  const value = filter.value.toLowerCase()
  const onText = (test: (text: string) => boolean) => (row: GridRow) => test(row.texts[at]!.toLowerCase())
  const order = (row: GridRow): number => compareWith(row.values[at]!, row.texts[at]!, filter.value)
  switch (filter.operator) {
    case 'contains':
      return onText((text) => text.includes(value))
    case 'does not contain':
      return onText((text) => !text.includes(value))
    case 'equals':
      return (row) => order(row) === 0
    case 'does not equal':
      return (row) => order(row) !== 0
    case 'starts with':
      return onText((text) => text.startsWith(value))
    case 'ends with':
      return onText((text) => text.endsWith(value))
    case 'is empty':
      return onText((text) => text === '' || text === '{}')
    case 'is not empty':
      return onText((text) => text !== '' && text !== '{}')
    case 'is greater than':
      return (row) => row.texts[at] !== '' && order(row) > 0
    case 'is less than':
      return (row) => row.texts[at] !== '' && order(row) < 0
  }
}

/** What a value is by size; undefined for what has none. */
function sizeOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.getTime()
  if (value instanceof ByteSize) return value.bytes
  return value instanceof TimeSpan ? value.ms : undefined
}

function compareWith(value: Value, text: string, wanted: string): number {
  const size = sizeOf(value)
  const other = size === undefined ? undefined : sizeFrom(value, wanted)
  if (size !== undefined && other !== undefined && !Number.isNaN(other)) return size < other ? -1 : size > other ? 1 : 0
  return compareTexts(text, wanted)
}

/** The size that a text says, of the kind that `like` is. */
function sizeFrom(like: Value, text: string): number | undefined {
  if (like instanceof Date) return new Date(text).getTime()
  if (like instanceof ByteSize) return ByteSize.parse(text)?.bytes
  if (like instanceof TimeSpan) return TimeSpan.parse(text)?.ms
  if (typeof like === 'boolean') return ['false', 'true'].indexOf(text.toLowerCase()) // -1 = less than both
  return text.trim() === '' ? undefined : Number(text.replaceAll(',', ''))
}

const collator = new Intl.Collator('en-US', { sensitivity: 'accent', numeric: true })
const compareTexts = (one: string, other: string): number => collator.compare(one, other)

function compare(one: Value, oneText: string, other: Value, otherText: string): number {
  const [a, b] = [sizeOf(one), sizeOf(other)]
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0
  return compareTexts(oneText, otherText)
}

/**
 * The grid as lines for a window of `width` × `height`: headings, a rule, the rows from `offset` on (empty lines to fill it), and a line that says
 * which of how many they are. Every line fits; columns share the width by what they hold, cut with `…`; those without room are left out at the right.
 */
export function render(grid: Grid, width: number, height: number, offset: number): string[] {
  const room = Math.max(0, height - 3)
  const from = Math.max(0, Math.min(offset, grid.rows.length - 1))
  const rows = grid.rows.slice(from, from + room)
  const widths = share(grid.columns, width)
  const line = (texts: readonly string[]): string =>
    cut(widths.map((each, at) => pad(cut(texts[at]!, each), each, grid.columns[at]!.isNumber ? 'right' : 'left')).join(' '), width).trimEnd() // prettier-ignore
  const names = grid.columns.map(({ name }) => heading(name))
  const lines = [line(names), line(widths.map((each) => '-'.repeat(each))), ...rows.map(({ texts }) => line(texts))]
  while (lines.length < height - 1) lines.push('')
  const left = grid.columns.length - widths.length
  const status = `${rows.length ? from + 1 : 0}–${from + rows.length} of ${grid.rows.length}${left ? `, ${left} more columns` : ''}`
  return [...lines, cut(status, width)].slice(0, Math.max(0, height))
}

/** Narrowest that a column is shown. */
const narrowest = 6

function share(columns: readonly GridColumn[], width: number): number[] {
  const shown = columns.slice(0, Math.max(1, Math.floor((width + 1) / (narrowest + 1))))
  let left = width - (shown.length - 1)
  const byWidth = shown.map((column, at) => ({ at, width: column.width })).toSorted((one, other) => one.width - other.width) // prettier-ignore
  const widths = new Array<number>(shown.length).fill(0)
  byWidth.forEach(({ at, width: wanted }, index) => {
    const given = Math.max(1, Math.min(wanted, Math.floor(left / (shown.length - index))))
    widths[at] = given
    left -= given
  })
  return widths
}

/** The objects of a grid's rows as they were given. */
export const objectsOf = (grid: Grid): Value[] => grid.rows.map(({ object }) => object)
