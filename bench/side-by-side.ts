export interface Times {
  count: number
  /** Milliseconds of one. */
  p50: number
  p99: number
}

/** `cpu`: milliseconds of processor that one costs on average, whichever thread had it. */
export type CostedTimes = Times & { cpu: number }

/**
 * Does each of the works in turn, one call at a time, for that many milliseconds: what disturbs the machine disturbs all alike. A third of
 * that time before, unmeasured, lets the compiler settle.
 */
export async function sideBySide<K extends string>(works: Record<K, () => Promise<unknown>>, ms: number): Promise<Record<K, CostedTimes>> {
  const names = Object.keys(works) as K[]
  const measured = new Map(names.map((name) => [name, { times: [] as number[], cpu: 0 }]))
  for (const until = performance.now() + ms / 3; performance.now() < until;) for (const name of names) await works[name]()
  const end = performance.now() + ms
  while (performance.now() < end) {
    for (const [name, sum] of measured) {
      const began = performance.now()
      const before = process.cpuUsage()
      await works[name]()
      sum.times.push(performance.now() - began)
      const { user, system } = process.cpuUsage(before)
      sum.cpu += (user + system) / 1000
    }
  }
  return Object.fromEntries(
    [...measured].map(([name, { times, cpu }]) => [name, { ...timesOf(times), cpu: cpu / times.length }]),
  ) as Record<K, CostedTimes>
}

export function timesOf(measured: readonly number[]): Times {
  const sorted = measured.toSorted((a, b) => a - b)
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) }
}

/** Calls a second with that many under way at once. */
export async function together(work: () => Promise<unknown>, at: number, ms: number): Promise<number> {
  let count = 0
  const began = performance.now()
  const one = async (): Promise<void> => {
    while (performance.now() < began + ms) {
      await work()
      count++
    }
  }
  await Promise.all(Array.from({ length: at }, one))
  return count / ((performance.now() - began) / 1000)
}

export const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`
