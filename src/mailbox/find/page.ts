import type { FindItems } from '../contract.ts'

/** The most that one page gives ([MS-OXWSSRCH]: the server's own limit). */
export const largestPage = 1000

/** Which part of `total` entries a view asks for, in the order of the view, and what the answer says of it. */
export interface Slice {
  start: number
  count: number
  nextOffset: number
  includesLast: boolean
}

/** [MS-OXWSSRCH] 2.2.4.1: paging by index from either end, or from a fraction. */
export function sliceOf(view: Extract<FindItems['view'], { kind: 'indexed' | 'fractional' }>, total: number): Slice {
  const limit = Math.max(0, Math.min(view.limit, largestPage))
  if (view.kind === 'fractional') {
    const start = view.denominator === 0 ? 0 : Math.min(total, Math.floor((total * view.numerator) / view.denominator))
    return fromStart(start, limit, total)
  }
  if (view.from === 'Beginning') return fromStart(Math.min(view.offset, total), limit, total)
  const end = Math.max(0, total - view.offset)
  const start = Math.max(0, end - limit)
  return { start, count: end - start, nextOffset: Math.min(total, view.offset + (end - start)), includesLast: start === 0 }
}

function fromStart(start: number, limit: number, total: number): Slice {
  const count = Math.min(limit, total - start)
  return { start, count, nextOffset: start + count, includesLast: start + count >= total }
}
