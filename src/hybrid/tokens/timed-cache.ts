import type { Instant } from '#model'

/** Values that are good for a time; who asks for one that is being made waits for it. */
export interface TimedCache<T> {
  /**
   * `fresh` tells whether the value was made just now, by this `make`. Only what was made is shared: when the making that somebody waited
   * for fails, which may be for a reason of whoever began it, they make their own.
   */
  get(key: string, make: () => Promise<Made<T>>): Promise<{ value: T; fresh: boolean }>
  /** Forgets the value, and what is being made; with `value`, only when that is the one that is kept. */
  forget(key: string, value?: T): void
  clear(): void
}

export interface Made<T> {
  value: T
  until: Instant
}

/** Milliseconds after which nobody new waits for a making: longer than anything that is asked for may take. */
const patience = 60_000

/** Keeps at most `most`; the oldest falls out. */
export function createTimedCache<T>({ clock, most }: { clock: () => Instant; most: number }): TimedCache<T> {
  const values = new Map<string, Made<T>>()
  const makings = new Map<string, Made<Promise<Made<T>>>>()

  function current<V>(entries: Map<string, Made<V>>, key: string): V | undefined {
    const entry = entries.get(key)
    if (entry && entry.until > clock()) return entry.value
    entries.delete(key)
    return undefined
  }

  async function making(key: string, make: () => Promise<Made<T>>): Promise<{ value: T; fresh: boolean }> {
    const begun = { value: make(), until: clock() + patience }
    makings.set(key, begun)
    const isCurrent = () => makings.get(key) === begun
    try {
      const made = await begun.value
      if (isCurrent()) {
        values.set(key, made)
        if (values.size > most) values.delete(values.keys().next().value as string)
      }
      return { value: made.value, fresh: true }
    } finally {
      if (isCurrent()) makings.delete(key)
    }
  }

  return {
    async get(key, make) {
      const known = current(values, key)
      if (known !== undefined) return { value: known, fresh: false }
      const another = current(makings, key)
      const made = another && (await another.catch(() => undefined))
      return made ? { value: made.value, fresh: false } : making(key, make)
    },
    forget(key, value) {
      if (value === undefined || values.get(key)?.value === value) {
        values.delete(key)
        makings.delete(key)
      }
    },
    clear() {
      values.clear()
      makings.clear()
    },
  }
}
