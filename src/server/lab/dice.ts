/** Numbers that look random and are the same for the same seed, so that every first start makes the same lab. */
export interface Dice {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  chance(probability: number): boolean
}

/** A linear congruential sequence over 2^32 with its upper bits mixed (Numerical Recipes' constants). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state ^ (state >>> 15)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (probability) => next() < probability,
    pick(from) {
      const value = from[below(from.length)]
      if (value === undefined) throw new Error('nothing to pick from')
      return value
    },
  }
}
