import { createLine, type Caller, type Line } from '#model'

/** Each person's share of the server, and each other organisation's. */
export interface Shares {
  /** Does the work when it is the caller's turn, at most `width` of theirs at once; with too much waiting already → ServerBusy. */
  run<T>(caller: Caller, work: () => Promise<T>, width?: number): Promise<T>
}

/** Lets every caller have `most` requests served at once and `longest` wait, so that nobody takes the server from the others. */
export function createShares(most: number, longest: number): Shares {
  const lines = new Map<string, Line>()
  return {
    async run(caller, work, wanted = most) {
      const width = Math.max(1, Math.min(wanted, most))
      const key = `${caller.organisation} ${caller.recipient || caller.partner?.domain} ${width}`
      let line = lines.get(key)
      if (!line) lines.set(key, (line = createLine(width, longest, `You have ${width + longest} requests under way. Try again later.`)))
      try {
        return await line.run(work)
      } finally {
        if (line.idle) lines.delete(key)
      }
    },
  }
}
