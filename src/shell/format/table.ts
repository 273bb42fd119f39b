import type { Column } from '../contract.ts'
import type { Value } from '../values.ts'
import { coloured, enumerated, heading, shown, tableColumns, valueOf, type FormatOptions } from './columns.ts'
import { grouped } from './group.ts'
import { scalarLines } from './scalar.ts'
import { isObject } from './text.ts'
import { cut, pad, widthOf, windowOf, wrap, type Alignment } from './width.ts'

/** Objects over which the widths of columns are measured; more are shown as they come. */
const measured = 1000
/** Narrowest that a column is made so that more columns fit. */
const narrowest = 4

interface Layout {
  columns: readonly Column[]
  widths: number[]
  alignments: Alignment[]
}

interface Row {
  texts: string[]
  isNumber: boolean[]
}

/**
 * Format-Table. Widths are those of the first 1,000 objects, so a long table begins late but takes no more memory than that. Columns that do not
 * fit are made narrower, the widest first, and their values cut with `…` (or continued on the next line with `wrap`); with `autoSize` none is
 * made narrower, and those at the right that do not fit are left out. Numbers stand at the right. What has no properties stands on lines of its own.
 */
export async function* formatTable(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  if (!options.groupBy) return yield* tables(enumerated(objects), options)
  for await (const { title, members } of grouped(enumerated(objects), options.groupBy, options)) {
    yield ''
    yield title
    yield* tables(members, options)
  }
}

/** One table of objects of one kind; the columns are those of the first. */
export async function* tables(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  let columns: Column[] | undefined
  let layout: Layout | undefined
  let waiting: (Row | string)[] = []
  for await (const object of objects) {
    if (!isObject(object) && !options.columns?.some(({ value }) => value)) {
      if (layout || !columns) yield* scalarLines(object)
      else waiting.push(...scalarLines(object))
      continue
    }
    columns ??= tableColumns(object, options)
    if (!columns.length) continue
    const row = await rowOf(object, columns, options)
    if (layout) yield* lines(row, layout, options)
    else waiting.push(row)
    if (!layout && waiting.length >= measured) {
      layout = measure(columns, waiting, options)
      yield* start(layout, waiting, options)
      waiting = []
    }
  }
  if (!columns?.length) return
  if (!layout) yield* start(measure(columns, waiting, options), waiting, options)
  yield ''
}

async function rowOf(object: Value, columns: readonly Column[], options: FormatOptions): Promise<Row> {
  const row: Row = { texts: [], isNumber: [] }
  for (const column of columns) {
    const given = valueOf(object, column)
    const value = given instanceof Promise ? await given : given
    const text = shown(value, column, options)
    row.texts.push(options.wrap ? text : text.slice(0, windowOf(options.width)).replace(/\n+/g, ' '))
    row.isNumber.push(typeof value === 'number' || typeof value === 'bigint')
  }
  return row
}

function measure(columns: readonly Column[], waiting: readonly (Row | string)[], options: FormatOptions): Layout {
  const rows = waiting.filter((row) => typeof row !== 'string')
  const alignments = columns.map((column, at): Alignment => {
    const filled = rows.filter(({ texts }) => texts[at] !== '')
    return column.alignment ?? (filled.length && filled.every(({ isNumber }) => isNumber[at]) ? 'right' : 'left')
  })
  const wanted = columns.map((column, at) => {
    if (column.width) return column.width
    let width = widthOf(heading(column.name))
    for (const { texts } of rows) for (const line of texts[at]!.split('\n')) width = Math.max(width, widthOf(line))
    return Math.max(1, width)
  })
  const room = Math.max(1, options.width - 1)
  const widths = options.autoSize ? whole(wanted, room) : narrowed(wanted, columns, room)
  return { columns: columns.slice(0, widths.length), widths, alignments }
}

/** The columns that fit as they are; of the first, what fits. */
function whole(wanted: readonly number[], room: number): number[] {
  const widths: number[] = []
  let used = 0
  for (const width of wanted) {
    if (used + width > room && widths.length) {
      if (room - used >= narrowest * 2) widths.push(room - used)
      break
    }
    widths.push(Math.min(width, room))
    used += width + 1
  }
  return widths
}

/** All columns if they fit at all, the widest made narrower alike; columns with a width of their own keep it. */
function narrowed(wanted: readonly number[], columns: readonly Column[], room: number): number[] {
  const most = Math.max(1, Math.floor((room + 1) / (narrowest + 1)))
  const widths = wanted.slice(0, most)
  const under = (cap: number): number[] => widths.map((width, at) => (columns[at]?.width ? width : Math.min(width, cap)))
  const sum = (each: readonly number[]): number => each.reduce((total, width) => total + width + 1, -1)
  let fitting = narrowest
  let tooWide = room + 1
  while (tooWide - fitting > 1) {
    const cap = Math.floor((fitting + tooWide) / 2)
    if (sum(under(cap)) <= room) fitting = cap
    else tooWide = cap
  }
  const shared = under(fitting)
  let left = room - sum(shared)
  for (let at = 0; at < shared.length && left > 0; at++) {
    if (shared[at]! >= widths[at]!) continue
    shared[at]!++
    left--
  }
  return whole(shared, room)
}

function* start(layout: Layout, waiting: readonly (Row | string)[], options: FormatOptions): Generator<string> {
  yield ''
  if (!options.hideHeaders) {
    const heads = layout.columns.map(({ name }, at) => cut(heading(name), layout.widths[at]!))
    yield coloured(joined(heads, layout), options)
    yield coloured(joined(heads.map((head) => '-'.repeat(widthOf(head))), layout), options) // prettier-ignore
  }
  for (const row of waiting) {
    if (typeof row === 'string') yield row
    else yield* lines(row, layout, options)
  }
}

function* lines(row: Row, layout: Layout, options: FormatOptions): Generator<string> {
  if (!options.wrap) {
    const texts = layout.widths.map((width, at) => cut(row.texts[at]!, roomOf(width, at, layout, options)))
    return yield joined(texts, layout)
  }
  const cells = layout.widths.map((width, at) => wrap(row.texts[at]!, width))
  const height = Math.max(...cells.map((cell) => cell.length))
  for (let line = 0; line < height; line++) yield joined(cells.map((cell) => cell[line] ?? ''), layout) // prettier-ignore
}

/** The last column, if it stands at the left, may use the rest of the line. */
function roomOf(width: number, at: number, layout: Layout, options: FormatOptions): number {
  if (at < layout.widths.length - 1 || layout.alignments[at] !== 'left' || layout.columns[at]?.width) return width
  const used = layout.widths.slice(0, at).reduce((sum, each) => sum + each + 1, 0)
  return Math.max(width, options.width - 1 - used)
}

function joined(texts: readonly string[], layout: Layout): string {
  return texts.map((text, at) => pad(text, layout.widths[at]!, layout.alignments[at]!)).join(' ').trimEnd() // prettier-ignore
}
