import { readFilterText, type FilterTree, type FilterValue, type Operator } from '#directory'
import { ByteSize, nearest, Refusal } from '#model'
import { matches } from '../registry/matches.ts'

type Bag = Readonly<Record<string, unknown>>
type Test = (object: Bag) => boolean

/**
 * Reads a filter on queues and messages (`Status -eq 'Retry' -and MessageCount -gt 10`) as filters on recipients are read, into a test of one
 * shown object; of a property with many values some one must be so. A property that is not one of `properties` → InvalidParameter.
 */
export function readFilter(text: string, properties: readonly string[]): Test {
  return testOf(readFilterText(text), properties)
}

function testOf(tree: FilterTree, properties: readonly string[]): Test {
  if ('not' in tree) {
    const test = testOf(tree.not, properties)
    return (object) => !test(object)
  }
  if ('property' in tree) return comparison(tree, properties)
  const tests = ('and' in tree ? tree.and : tree.or).map((part) => testOf(part, properties))
  return 'and' in tree ? (object) => tests.every((test) => test(object)) : (object) => tests.some((test) => test(object))
}

function comparison({ property, operator, value }: Extract<FilterTree, { property: string }>, properties: readonly string[]): Test {
  const known = properties.find((one) => one.toLowerCase() === property.toLowerCase())
  if (!known) {
    const near = nearest(property, properties)
    const hint = near.length ? `near it: ${near.join(', ')}` : `there are ${properties.join(', ')}`
    const message = `-Filter cannot be read: there is no property '${property.slice(0, 60)}' to filter by; ${hint}.`
    throw new Refusal('InvalidParameter', message, { parameter: 'Filter' })
  }
  const compare = comparisons[operator]
  return (object) => {
    const found = object[known]
    return Array.isArray(found) ? found.some((one) => compare(one, value)) : compare(found, value)
  }
}

const comparisons: Record<Operator, (value: unknown, other: FilterValue) => boolean> = {
  eq: (value, other) => order(value, other) === 0,
  ne: (value, other) => order(value, other) !== 0,
  gt: (value, other) => order(value, other) > 0,
  ge: (value, other) => order(value, other) >= 0,
  lt: (value, other) => order(value, other) < 0,
  le: (value, other) => order(value, other) <= 0,
  like: (value, other) => matches(String(value ?? ''), String(other ?? '')),
  notlike: (value, other) => !matches(String(value ?? ''), String(other ?? '')),
}

/** Less than, equal to or greater than 0; NaN where the two cannot be compared. */
function order(value: unknown, other: FilterValue): number {
  const written = String(other ?? '')
  if (value === null || value === undefined) return written === '' ? 0 : Number.NaN
  if (value instanceof Date) return value.getTime() - Date.parse(written)
  if (value instanceof ByteSize) return value.bytes - (ByteSize.parse(written)?.bytes ?? Number.NaN)
  if (typeof value === 'number') return value - Number(written)
  if (typeof value === 'boolean') return Number(value) - Number(/^true$/i.test(written))
  const [a, b] = [String(value).toLowerCase(), written.toLowerCase()]
  return a < b ? -1 : a > b ? 1 : 0
}
