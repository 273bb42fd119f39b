import type { Column, ViewOptions } from '../contract.ts'
import { Table, Thing, type Value } from '../values.ts'
import { formatted } from './format-string.ts'
import { cellText, isCompound, propertiesOf, propertyOf } from './text.ts'
import { harmless } from './width.ts'

/** Options of a view, with what the contract leaves to this room. */
export interface FormatOptions extends ViewOptions {
  /** Headers and names in colour (ANSI): for a terminal, never for a file. */
  colour?: boolean
}

/** Properties from which on an object is shown as a list by default. */
export const mostForTable = 4
const dictionaryEntry = 'System.Collections.DictionaryEntry'
/** Columns of the types that the shell makes itself. */
const ownColumns: Readonly<Record<string, readonly string[]>> = {
  [dictionaryEntry]: ['Name', 'Value'],
  'Microsoft.PowerShell.Commands.GroupInfo': ['Count', 'Name', 'Group'],
  'Microsoft.PowerShell.Commands.GroupInfoNoElement': ['Count', 'Name'],
}

/** Columns of a table made of the first properties, when nothing else is known. */
const firstProperties = 10

/** True where `name` fits the pattern of a property: `*` and `?`, without regard to case. Takes time as name × pattern at most. */
export function fits(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = name.toLowerCase()
  let at = 0
  let star = -1
  let retry = 0
  let index = 0
  while (index < given.length) {
    if (wanted[at] === '*') {
      star = at++
      retry = index
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++retry
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}

/**
 * The columns to show of an object: those asked for, wildcards resolved by its properties and names spelt as it spells them; else those of
 * its type; else undefined. With `known`, names that the object does not have are left out, as Format-List does.
 */
export function columnsOf(object: Value, options: ViewOptions, known = false): Column[] | undefined {
  const asked: readonly Column[] | undefined = options.columns?.length ? options.columns : defaultsOf(object, options)
  if (!asked) return undefined
  const names = propertiesOf(object)?.map(([name]) => name) ?? []
  const taken = new Set<string>()
  return asked.flatMap((column) => {
    if (column.value) return [column]
    const found = names.filter((name) => fits(column.name, name))
    const isPattern = /[*?]/.test(column.name)
    if (!found.length && !isPattern && !known) found.push(column.name)
    const fresh = found.filter((name) => !isPattern || !taken.has(name.toLowerCase()))
    for (const name of fresh) taken.add(name.toLowerCase())
    return fresh.map((name) => ({ ...column, name }))
  })
}

/** Default columns of an object's type, `Deserialized.` or not. What Select-Object made (`Selected.`) shows what was selected. */
export function defaultsOf(object: Value, options: ViewOptions): Column[] | undefined {
  if (!(object instanceof Thing)) return undefined
  for (const type of object.types) {
    const own = ownColumns[type]
    if (own) return own.map((name) => ({ name, ...(type === dictionaryEntry ? { alignment: 'left' } : {}) }))
    const columns = options.describe(type.replace(/^Deserialized\./, ''))?.columns
    if (columns?.length) return columns.map((name) => ({ name }))
  }
  return undefined
}

/** Columns of a table when none are asked for: of the type, or the first properties. */
export function tableColumns(object: Value, options: ViewOptions): Column[] {
  return columnsOf(object, options) ?? (propertiesOf(object) ?? []).slice(0, firstProperties).map(([name]) => ({ name }))
}

/** A column's value of an object. */
export function valueOf(object: Value, column: Column): Value | Promise<Value> {
  return column.value ? column.value(object) : propertyOf(object, column.name)
}

/** A name as a heading: on one line, and harmless, since names come from files too. */
export const heading = (name: string): string => harmless(name).replace(/[\n\t]+/g, ' ')

/** A value as a column shows it; more than one line where the value has them. */
export function shown(value: Value, column: Column, options: ViewOptions): string {
  const text =
    column.format && value !== null && !isCompound(value) ? formatted(value, column.format) : cellText(value, options.enumerationLimit)
  return harmless(text).replaceAll('\t', '    ')
}

/** The objects to show: elements of arrays and the entries of `@{…}` one by one, nothing for `$null`. */
export async function* enumerated(objects: AsyncIterable<Value>): AsyncGenerator<Exclude<Value, null>> {
  for await (const value of objects) {
    for (const element of Array.isArray(value) ? (value as readonly Value[]) : [value]) {
      if (element instanceof Table) for (const [Name, Value] of element.entries.values()) yield entry(Name, Value)
      else if (element !== null) yield element
    }
  }
}

function entry(name: string, value: Value): Thing {
  return new Thing([['Name', name], ['Value', value]], [dictionaryEntry]) // prettier-ignore
}

/** Text in the colour of headers, if colours are on. */
export function coloured(text: string, options: FormatOptions): string {
  return options.colour && text.trim() ? `\u001b[32;1m${text}\u001b[0m` : text
}
