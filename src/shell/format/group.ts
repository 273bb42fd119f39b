import type { Column } from '../contract.ts'
import type { Value } from '../values.ts'
import { heading, shown, valueOf, type FormatOptions } from './columns.ts'

export interface Group {
  /** `   Name: value`. */
  title: string
  members: AsyncIterable<Value>
}

/**
 * Runs of objects with equal values of a column (-GroupBy; equal as they are shown), as they come: one object is held, no more. The members of a
 * group must be read to their end before the next group is asked for.
 */
export async function* grouped(objects: AsyncIterable<Value>, by: Column, options: FormatOptions): AsyncGenerator<Group> {
  const source = objects[Symbol.asyncIterator]()
  const next = async (): Promise<{ object: Value; key: string } | undefined> => {
    const { done, value } = await source.next()
    return done ? undefined : { object: value, key: shown(await valueOf(value, by), by, options) }
  }
  try {
    let held = await next()
    while (held) {
      const { key } = held
      const members = (async function* (): AsyncGenerator<Value> {
        while (held?.key === key) {
          const { object } = held
          held = undefined
          yield object
          held = await next()
        }
      })()
      yield { title: `   ${heading(by.name)}: ${key.replace(/\n+/g, ' ')}`, members }
    }
  } finally {
    await source.return?.()
  }
}
