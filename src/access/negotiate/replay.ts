import type { Instant } from '#model'

/** Authenticators that have come, so that none is good a second time (RFC 4120 3.2.3). */
export interface ReplayCache {
  /** `new`, and from now on not; `full` = nothing more can be remembered, so that it must not be taken. */
  add(mark: string): 'new' | 'seen' | 'full'
}

/** Remembers at most `most` marks for `holds` ms: twice the clock skew that is allowed. */
export function createReplayCache({ clock, holds, most = 200_000 }: { clock: () => Instant; holds: number; most?: number }): ReplayCache {
  // In the order of their time, the oldest first.
  const seen = new Map<string, Instant>()
  return {
    add(mark) {
      for (const [old, until] of seen) {
        if (until > clock()) break
        seen.delete(old)
      }
      if (seen.has(mark)) return 'seen'
      if (seen.size >= most) return 'full'
      seen.set(mark, clock() + holds)
      return 'new'
    },
  }
}
