import type { Column } from '../contract.ts'
import { Thing, type Value } from '../values.ts'
import { coloured, columnsOf, enumerated, heading, shown, valueOf, type FormatOptions } from './columns.ts'
import { grouped } from './group.ts'
import { scalarLines } from './scalar.ts'
import { isObject, propertiesOf } from './text.ts'
import { pad, widthOf, wrap } from './width.ts'

/**
 * Format-List: each property of each object on a line (`Name : value`), names as wide as the longest, long values continued under themselves.
 * Without columns it shows every property. One object is held at a time.
 */
export async function* formatList(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  if (!options.groupBy) return yield* lists(enumerated(objects), options)
  for await (const { title, members } of grouped(enumerated(objects), options.groupBy, options)) {
    yield ''
    yield title
    yield* lists(members, options)
  }
}

export async function* lists(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  let any = false
  for await (const object of objects) {
    if (!isObject(object) && !options.columns?.some(({ value }) => value)) {
      yield* scalarLines(object)
      continue
    }
    const columns = listColumns(object, options)
    if (!columns.length) continue
    yield ''
    yield* listOf(object, columns, options)
    any = true
  }
  if (any) yield ''
}

/** A list does not show the default columns of a type but everything. */
function listColumns(object: Value, options: FormatOptions): Column[] {
  if (options.columns?.length) return columnsOf(object, options, true) ?? []
  return (propertiesOf(object) ?? []).map(([name]) => ({ name }))
}

async function* listOf(object: Value, columns: readonly Column[], options: FormatOptions): AsyncGenerator<string> {
  const half = Math.max(1, Math.floor(options.width / 2))
  const names = Math.min(half, Math.max(...columns.map(({ name }) => widthOf(heading(name)))))
  for (const column of columns) {
    const text = shown(await valueOf(object, column), column, options)
    const [first = '', ...rest] = wrap(text, options.width - names - 4)
    yield `${coloured(`${pad(heading(column.name), names, 'left')} :`, options)} ${first}`.trimEnd()
    for (const line of rest) yield `${' '.repeat(names + 3)}${line}`.trimEnd()
  }
}

/** Deepest that Format-Custom goes into objects within objects. */
const deepest = 5

/** Format-Custom: objects as classes with their members, those within them too, five deep. */
export async function* formatCustom(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  let any = false
  for await (const object of enumerated(objects)) {
    if (!isObject(object)) yield* scalarLines(object)
    else {
      yield ''
      yield* classOf(object, '', 0, options)
      any = true
    }
  }
  if (any) yield ''
}

async function* classOf(object: Value, indent: string, level: number, options: FormatOptions): AsyncGenerator<string> {
  const type = object instanceof Thing ? (object.types[0] ?? 'PSCustomObject') : 'DictionaryEntry'
  yield `${indent}class ${heading(type.split('.').at(-1)!)}`
  yield `${indent}{`
  const inner = `${indent}  `
  for (const column of level ? (propertiesOf(object) ?? []).map(([name]) => ({ name })) : listColumns(object, options)) {
    const value = await valueOf(object, column)
    if (isObject(value) && level < deepest) {
      yield `${inner}${heading(column.name)} = `
      yield* classOf(value, `${inner}  `, level + 1, options)
    } else if (Array.isArray(value) && level < deepest) {
      yield `${inner}${heading(column.name)} = `
      yield `${inner}  [`
      yield* elements(value, `${inner}    `, level + 1, options)
      yield `${inner}  ]`
    } else yield `${inner}${heading(column.name)} = ${shown(value, column, options).replace(/\n/g, `\n${inner}  `)}`
  }
  yield `${indent}}`
}

async function* elements(values: readonly Value[], indent: string, level: number, options: FormatOptions): AsyncGenerator<string> {
  const most = options.enumerationLimit < 0 ? values.length : options.enumerationLimit
  for (const value of values.slice(0, most)) {
    if (isObject(value)) yield* classOf(value, indent, level, options)
    else yield indent + scalarLines(value).join(' ')
  }
  if (values.length > most) yield `${indent}…`
}
