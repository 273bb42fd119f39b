/** What one request holds of the memory for bodies. */
export interface Holding {
  /** Whose it is from now on; until then it is a stranger's. */
  belongsTo(owner: string): void
  /** Takes room for so many bytes more; false when there is none. */
  take(bytes: number): boolean
  /** Gives all of it back. */
  release(): void
}

/** Of the whole, what one person, and what all strangers together, may hold: nobody takes the room of everybody. */
const share = 1 / 4
const strangers = ''

/** Bounds the bytes of bodies held at once, of all connections together: what is beyond is refused rather than kept. */
export function createIntake(limit: number): () => Holding {
  let held = 0
  const byOwner = new Map<string, number>()
  return () => {
    let mine = 0
    let owner = strangers
    const add = (bytes: number) => {
      held += bytes
      mine += bytes
      const theirs = (byOwner.get(owner) ?? 0) + bytes
      if (theirs > 0) byOwner.set(owner, theirs)
      else byOwner.delete(owner)
    }
    return {
      belongsTo(name) {
        const bytes = mine
        add(-bytes)
        owner = name
        add(bytes)
      },
      take(bytes) {
        if (held + bytes > limit || (byOwner.get(owner) ?? 0) + bytes > limit * share) return false
        add(bytes)
        return true
      },
      release: () => add(-mine),
    }
  }
}
