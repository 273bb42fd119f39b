import type { Instant } from '#model'

/** Values that are good for a time; who asks for one that is being made waits for it. */
export interface TimedCache<T> {
  /** `fresh` tells whether the value was made just now. A making that fails is forgotten, and its error goes to all who waited. */
  get(key: string, make: () => Promise<{ value: T; until: Instant }>): Promise<{ value: T; fresh: boolean }>
  peek(key: string): T | undefined
  forget(key: string): void
  clear(): void
}

/** Keeps at most `most`; the oldest falls out. */
export function createTimedCache<T>({ clock, most }: { clock: () => Instant; most: number }): TimedCache<T> {
  const entries = new Map<string, { made: Promise<{ value: T; until: Instant }>; until: Instant; value?: T }>()
  const current = (key: string) => {
    const entry = entries.get(key)
    if (entry && entry.until > clock()) return entry
    entries.delete(key)
    return undefined
  }
  return {
    async get(key, make) {
      const known = current(key)
      if (known) return { value: (await known.made).value, fresh: false }
      const entry: { made: Promise<{ value: T; until: Instant }>; until: Instant; value?: T } = { made: make(), until: Infinity }
      entries.set(key, entry)
      if (entries.size > most) entries.delete(entries.keys().next().value as string)
      try {
        const made = await entry.made
        entry.until = made.until
        entry.value = made.value
        return { value: made.value, fresh: true }
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key)
        throw error
      }
    },
    peek: (key) => current(key)?.value,
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
