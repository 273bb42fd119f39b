/** Sizes of a query: `100`, `5KB`, `1..2MB`, `*..10KB`, or a word for a range of them. */
import type { Span } from './dates.ts'

const units: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }
const kilobyte = 1024
const named: Readonly<Record<string, Span>> = {
  empty: [0, 1],
  tiny: [0, 10 * kilobyte],
  small: [10 * kilobyte, 25 * kilobyte],
  medium: [25 * kilobyte, 100 * kilobyte],
  large: [100 * kilobyte, 500 * kilobyte],
  verylarge: [500 * kilobyte, 1024 * kilobyte],
  huge: [1024 * kilobyte, undefined],
}

/** The bytes that a size of a query says, from (included) to (excluded); undefined = it is none. */
export function sizesOf(text: string): Span | undefined {
  const word = named[text.toLowerCase().replace(/\s+/g, '')]
  if (word) return word
  const [first = '', last, ...more] = text.split('..')
  if (last === undefined) {
    const bytes = bytesOf(first)
    return bytes === undefined ? undefined : [bytes, bytes + 1]
  }
  const open = (part: string) => part === '' || part === '*'
  // Of `1..2MB` the unit is that of both.
  const unit = /[a-z]*$/i.exec(last)?.[0] ?? ''
  const from = open(first) ? 0 : bytesOf(/[a-z]$/i.test(first) ? first : first + unit)
  const to = open(last) ? undefined : bytesOf(last)
  if (from === undefined || more.length > 0 || (to === undefined && !open(last))) return undefined
  return [from, to === undefined ? undefined : to + 1]
}

function bytesOf(text: string): number | undefined {
  const parts = /^(\d{1,12}(?:\.\d{1,3})?)\s*(b|kb|mb|gb)?$/i.exec(text)
  return parts ? Math.round(Number(parts[1]) * (units[(parts[2] ?? '').toLowerCase()] ?? 1)) : undefined
}
