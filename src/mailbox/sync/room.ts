import { weightOf } from '#model'
import type { Item, Wanted } from '../contract.ts'

/** Tells when an answer has as much as it may hold. */
export function roomFor({ mostBytes = Infinity }: Wanted): { isFull(item: Item): boolean } {
  let room = mostBytes
  return {
    isFull(item) {
      if (room === Infinity) return false
      room -= weightOf(item.properties) + weightOf(item.extended)
      return room <= 0
    },
  }
}
