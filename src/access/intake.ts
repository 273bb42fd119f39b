/** What one request holds of the memory for bodies. */
export interface Holding {
  /** Takes room for so many bytes more; false when there is none. */
  take(bytes: number): boolean
  /** Gives all of it back. */
  release(): void
}

/** Bounds the bytes of bodies held at once, of all connections together: what is beyond is refused rather than kept. */
export function createIntake(limit: number): () => Holding {
  let held = 0
  return () => {
    let mine = 0
    return {
      take(bytes) {
        if (held + bytes > limit) return false
        held += bytes
        mine += bytes
        return true
      },
      release() {
        held -= mine
        mine = 0
      },
    }
  }
}
