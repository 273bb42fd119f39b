import type { Instant } from '#model'

/** For so many milliseconds what was read is taken to hold, and so many answers are remembered. */
const holds = 5000
const most = 10_000

/** Reads by key what every request needs and seldom changes; a change is felt within five seconds. What fails is not remembered. */
export function remembered<T>(clock: () => Instant): (key: string, read: () => Promise<T>) => Promise<T> {
  const known = new Map<string, { value: Promise<T>; until: Instant }>()
  return (key, read) => {
    const found = known.get(key)
    if (found && found.until > clock()) return found.value
    if (known.size >= most) known.clear()
    const value = read()
    known.set(key, { value, until: clock() + holds })
    value.catch(() => known.delete(key))
    return value
  }
}
