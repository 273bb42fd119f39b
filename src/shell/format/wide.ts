import type { Value } from '../values.ts'
import { columnsOf, enumerated, shown, valueOf, type FormatOptions } from './columns.ts'
import { grouped } from './group.ts'
import { isObject, propertiesOf } from './text.ts'
import { cut, pad, widthOf } from './width.ts'

/** Texts over which the number of columns is found with -AutoSize. */
const measured = 1000

/** Format-Wide: one property of each object (Name, or the first), several beside each other: two, `across`, or as many as fit with `autoSize`. */
export async function* formatWide(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  if (!options.groupBy) return yield* wide(enumerated(objects), options)
  for await (const { title, members } of grouped(enumerated(objects), options.groupBy, options)) {
    yield ''
    yield title
    yield* wide(members, options)
  }
}

async function* wide(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  let waiting: string[] = []
  let across = options.autoSize ? 0 : Math.max(1, options.across ?? 2)
  let begun = false
  for await (const object of objects) {
    if (!begun) yield ''
    begun = true
    waiting.push((await textOf(object, options)).replace(/[\n\t]+/g, ' '))
    if (!across && waiting.length >= measured) across = thatFit(waiting, options.width)
    while (across && waiting.length >= across) yield row(waiting.splice(0, across), across, options.width)
  }
  across ||= thatFit(waiting, options.width)
  while (waiting.length) {
    yield row(waiting.slice(0, across), across, options.width)
    waiting = waiting.slice(across)
  }
  if (begun) yield ''
}

async function textOf(object: Value, options: FormatOptions): Promise<string> {
  const [asked] = options.columns?.length ? (columnsOf(object, options) ?? []) : []
  const names = propertiesOf(object)?.map(([name]) => name) ?? []
  const name = names.find((each) => each.toLowerCase() === 'name') ?? columnsOf(object, options)?.[0]?.name ?? names[0]
  const column = asked ?? (isObject(object) && name !== undefined ? { name } : undefined)
  return column ? shown(await valueOf(object, column), column, options) : shown(object, { name: '' }, options)
}

function thatFit(texts: readonly string[], width: number): number {
  const longest = texts.reduce((most, text) => Math.max(most, widthOf(text)), 1)
  return Math.max(1, Math.floor((width + 1) / (longest + 1)))
}

function row(texts: readonly string[], across: number, width: number): string {
  const each = Math.max(1, Math.floor((width - across) / across))
  return texts
    .map((text) => pad(cut(text, each), each, 'left'))
    .join(' ')
    .trimEnd()
}
