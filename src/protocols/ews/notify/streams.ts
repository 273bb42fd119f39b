import { Refusal, type Caller } from '#model'

/** The streaming connections that are open. */
export interface Streams {
  /** Counts one more of the caller's until it is disposed of. Refuses ExceededConnectionCount beyond the bound, and beyond `most`. */
  open(caller: Caller, most?: number): Disposable
}

/** Bounds how many streaming connections each caller holds at once ([MS-OXWSNTIF] 3.1.4.2; Exchange allows ten). */
export function createStreams(perCaller: number): Streams {
  const counts = new Map<string, number>()
  return {
    open({ recipient }, most = perCaller) {
      const mine = counts.get(recipient) ?? 0
      if (mine >= Math.min(perCaller, most)) {
        throw new Refusal('ExceededConnectionCount', `You have ${mine} streaming connections open; close some first.`, { limit: perCaller })
      }
      counts.set(recipient, mine + 1)
      let closed = false
      return {
        [Symbol.dispose]() {
          if (closed) return
          closed = true
          const left = (counts.get(recipient) ?? 1) - 1
          if (left > 0) counts.set(recipient, left)
          else counts.delete(recipient)
        },
      }
    },
  }
}
