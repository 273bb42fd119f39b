import { TimeSpan } from '#model'
import { getProperty } from '../language/members.ts'
import { Thing, type Value } from '../values.ts'
import { defaultsOf, enumerated, mostForTable, type FormatOptions } from './columns.ts'
import { lists } from './list.ts'
import { scalarLines } from './scalar.ts'
import { tables } from './table.ts'
import { isObject } from './text.ts'

/**
 * What a pipeline shows at its end: texts, numbers and dates on lines of their own; objects as a table if their type has default columns or they
 * have no more than four properties, else as a list. Objects of another kind begin a view of their own, so that none is shown in the columns of another.
 */
export async function* formatDefault(objects: AsyncIterable<Value>, options: FormatOptions): AsyncGenerator<string> {
  const source = enumerated(objects)
  try {
    let held = await source.next()
    while (!held.done) {
      const first = held.value
      const kind = kindOf(first)
      if (kind === undefined) {
        yield* first instanceof TimeSpan ? lists(once(partsOf(first)), options) : scalarLines(first)
        held = await source.next()
        continue
      }
      const members = async function* (): AsyncGenerator<Value> {
        while (!held.done && kindOf(held.value) === kind) {
          yield held.value
          held = await source.next()
        }
      }
      yield* isTable(first, options) ? tables(members(), options) : lists(members(), options)
    }
  } finally {
    await source.return(undefined)
  }
}

async function* once(value: Value): AsyncGenerator<Value> {
  yield value
}

/** A length of time that stands alone is shown in all its parts. */
const partsOf = (span: TimeSpan) => new Thing(spanParts.map((name) => [name, getProperty(span, name)] as const)) // prettier-ignore
const spanParts = ['Days', 'Hours', 'Minutes', 'Seconds', 'Milliseconds', 'Ticks', 'TotalDays', 'TotalHours', 'TotalMinutes', 'TotalSeconds', 'TotalMilliseconds'] // prettier-ignore

/** Objects of one type, or without one of the same properties, are of a kind; what has no properties is of none. */
function kindOf(value: Value): string | undefined {
  if (!(value instanceof Thing) || !isObject(value)) return undefined
  const type = value.types[0]
  // A line that Select-String found.
  if (type === 'Microsoft.PowerShell.Commands.MatchInfo') return undefined
  return type && !type.endsWith('PSCustomObject') ? type : `@{${[...value.properties.keys()].join(';')}}`
}

function isTable(object: Value, options: FormatOptions): boolean {
  return defaultsOf(object, options) !== undefined || (object instanceof Thing && object.properties.size <= mostForTable)
}
