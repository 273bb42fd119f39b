import {
  extendedKey,
  mapiAlias,
  properties as propertyRows,
  propertiesOf,
  propertyRow,
  type EmailAddress,
  type Flag,
  type ItemKind,
  type Properties,
  type PropertyRow,
} from '#model'
import type { ItemHead, ItemRow } from '#store'

/** The numbers of flag states in the column: those of MAPI's PidTagFlagStatus ([MS-OXOFLAG] 2.2.1.1). */
export const flagNumbers = { NotFlagged: 0, Complete: 1, Flagged: 2 } as const

/** The value of a property that is a column, from the row; a choice by its name. */
export function columnValue(row: PropertyRow, head: ItemHead): unknown {
  if (!row.column) return undefined
  const value = head[row.column]
  if (value === null || value === '') return undefined
  return row.kind === 'choice' && row.choices ? row.choices[Number(value)] : value
}

/** All stored properties of an item by dictionary name: its bag and what is promoted to columns. The server's own (`$…`) are left out. */
export function storedProperties(row: ItemRow): Properties {
  const all: Properties = {}
  for (const property of propertiesOf(row.kind as ItemKind)) {
    if (property.from !== 'column') continue
    const value = columnValue(property, row)
    if (value !== undefined) all[property.name] = value as Properties[string]
  }
  for (const [name, value] of Object.entries(row.properties)) if (!name.startsWith('$') && !isOutdated(name, value)) all[name] = value
  return all
}

const clockDays = new Set(propertyRows.filter(({ kind }) => kind === 'wallClock').map(({ name }) => name))

/** A day by the clock that was stored as an instant, before 2026-11: what it says in whose zone nobody knows. */
const isOutdated = (name: string, value: unknown): boolean => typeof value === 'number' && clockDays.has(name)

/** What was stored as a mere MAPI property before the property was known to be the same; a change of it takes that away. */
function storedBefore(row: ItemRow, { name, mapi, mapiBefore }: PropertyRow): unknown {
  const old = mapiBefore && mapi && row.extended[extendedKey(mapi)]
  const value = old && mapiAlias(mapi, row.kind as ItemKind)?.write?.(old.value, () => undefined)[name]
  return Number.isNaN(value) ? undefined : value
}

/** One of them. A calendar item's own times lie in its bag, since the columns span the series. */
export function storedProperty(row: ItemRow, name: string): unknown {
  if (name.startsWith('$')) return undefined
  const property = propertyRow(name)
  if (property.from !== 'column') {
    const value = row.properties[name]
    return isOutdated(name, value) ? undefined : (value ?? storedBefore(row, property))
  }
  const inBag = property.column === 'start' || property.column === 'end' ? row.properties[name] : undefined
  return inBag ?? columnValue(property, row)
}

/** The bag of an item: what is neither a column, nor content, nor computed. Calendar times stay in it, since their columns span the series. */
export function bagOf(kind: ItemKind, properties: Properties): Properties {
  const bag: Properties = {}
  const rows = new Map(propertiesOf(kind).map((row) => [row.name, row]))
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue
    const row = rows.get(name)
    const time = name === 'start' || name === 'end'
    if (!row || row.from === 'bag' || (row.from === 'column' && time)) bag[name] = value
  }
  delete bag.body
  return bag
}

/** The choice's number in its column. */
export function choiceNumber(choices: readonly string[], value: unknown, otherwise: number): number {
  const index = choices.indexOf(String(value))
  return index < 0 ? otherwise : index
}

/** How a person stands in DisplayTo: the name, else the address. */
export function displayName(person: EmailAddress | undefined): string {
  return person?.name || person?.address || ''
}

/** `DisplayTo` and `DisplayCc`: names separated by semicolons ([MS-OXWSCORE] 2.2.4.24). */
export function displayNames(people: readonly EmailAddress[] | undefined): string {
  return (people ?? []).map(displayName).filter(Boolean).join('; ')
}

/** The flag's number in its column. */
export function flagNumber(flag: unknown): number {
  const status = (flag as Flag | undefined)?.status
  return status ? flagNumbers[status] : flagNumbers.NotFlagged
}
