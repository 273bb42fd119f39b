import { createHash } from 'node:crypto'
import type { Instant } from '#model'

/** Remembers what has been used already. */
export interface ReplayCache {
  /** True the first time; false while it is remembered, which is until `until`. */
  firstSeen(key: string, until: Instant): boolean
}

/**
 * A replay cache in memory of at most `most` entries; when it is full the oldest go first. Only messages whose signature was
 * good get in, so that nobody without a token can push others out.
 */
export function createReplayCache({ clock, most = 100_000 }: { clock: () => Instant; most?: number }): ReplayCache {
  const seen = new Map<string, Instant>()
  return {
    firstSeen(key, until) {
      const now = clock()
      for (const [old, end] of seen) {
        if (end > now && seen.size < most) break
        seen.delete(old)
      }
      const name = createHash('sha256').update(key).digest('base64')
      const known = seen.get(name)
      if (known !== undefined && known > now) return false
      seen.set(name, until)
      return true
    },
  }
}
