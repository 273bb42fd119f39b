import { createLine, type Caller, type Line } from '#model'

/** Each person's share of the server, and each other organisation's. */
export interface Shares {
  /** Does the work when it is the caller's turn; with too much waiting already → ServerBusy. */
  run<T>(caller: Caller, work: () => Promise<T>): Promise<T>
}

/** Lets every caller have `width` requests served at once and `longest` wait, so that nobody takes the server from the others. */
export function createShares(width: number, longest: number): Shares {
  const lines = new Map<string, Line>()
  return {
    async run(caller, work) {
      const key = `${caller.organisation} ${caller.recipient || caller.partner?.domain}`
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
