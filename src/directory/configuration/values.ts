import { Refusal } from '#model'
import type { KindRow } from './kind.ts'
import type { ConfigurationKind } from './kinds.ts'
import type { Property } from './property.ts'

/** Values by property name. */
export type Bag = Record<string, unknown>

const nameForm = /^[^\p{Cc}\p{Cs}]{1,64}$/u
/** What every object has besides the properties of its kind. */
const identityNames = ['Identity', 'Name', 'Guid', 'Organization', 'WhenCreated', 'WhenChanged']

/** The name of an object: at most 64 characters in one line. Anything else → InvalidConfiguration. */
export function checkedName(kind: ConfigurationKind, name: unknown): string {
  const plain = typeof name === 'string' ? name.trim() : ''
  if (!nameForm.test(plain)) throw wrong(kind, 'Name', 'text of 1 to 64 characters in one line', name)
  return plain
}

/**
 * The values given, each checked and in its normal form; null stands for "back to the default".
 * A property that the kind has not, or a value that cannot be → InvalidConfiguration naming it and what is expected.
 */
export function checkedValues(kind: ConfigurationKind, row: KindRow, input: Bag): Bag {
  const checked: Bag = {}
  for (const [name, value] of Object.entries(input)) {
    if (name === 'Name' || value === undefined) continue
    const property = Object.hasOwn(row.properties, name) ? row.properties[name] : undefined
    if (!property) throw unknownProperty(kind, row, name)
    checked[name] = value === null ? null : checkedValue(kind, name, property, value)
  }
  return checked
}

function checkedValue(kind: ConfigurationKind, name: string, property: Property<unknown>, value: unknown): unknown {
  const result = property.schema.safeParse(value)
  if (!result.success) throw wrong(kind, name, property.expected, property.type === 'credential' ? undefined : value)
  return result.data
}

function unknownProperty(kind: ConfigurationKind, row: KindRow, name: string): Refusal {
  const known = identityNames.includes(name) ? 'it is given by the server' : `it has ${Object.keys(row.properties).join(', ')}`
  return new Refusal('InvalidConfiguration', `'${name.slice(0, 100)}' is not a property of ${kind} that can be set: ${known}.`, {
    kind,
    property: name.slice(0, 100),
  })
}

/** What does not fit: a needed property without a value, or properties that contradict each other → InvalidConfiguration. */
export function checkWhole(kind: ConfigurationKind, row: KindRow, values: Bag): void {
  for (const [name, property] of Object.entries(row.properties)) {
    if (property.need === 'needed' && isEmpty(values[name])) throw wrong(kind, name, property.expected, undefined)
  }
  const problem = row.check?.(filled(row, values))
  if (problem) throw new Refusal('InvalidConfiguration', `This ${kind} cannot be: ${problem}.`, { kind })
}

/** Every property of the kind: as stored, or its default. */
export function filled(row: KindRow, stored: Bag): Bag {
  return Object.fromEntries(
    Object.entries(row.properties).map(([name, property]) => [
      name,
      stored[name] ?? (Array.isArray(property.fallback) ? [...property.fallback] : property.fallback),
    ]),
  )
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function wrong(kind: ConfigurationKind, property: string, expected: string, value: unknown): Refusal {
  const given = value === undefined ? '' : `, not ${shown(value)}`
  return new Refusal('InvalidConfiguration', `${property} of ${kind} must be ${expected}${given}.`, { kind, property })
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
