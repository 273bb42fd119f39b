/**
 * Lets the event loop turn. Statements of SQLite end at once, so a chain of reads or writes runs in microtasks alone and nothing
 * else on the server would get a word in.
 */
export interface Turns {
  /** Undefined while this turn of the event loop is young, else a promise of the next turn. */
  pause(): Promise<void> | undefined
}

/** Milliseconds that one turn may spend in the database. */
const slice = 8

export function createTurns(): Turns {
  let started: number | undefined
  return {
    pause() {
      if (started === undefined) {
        started = performance.now()
        setImmediate(() => {
          started = undefined
        })
        return undefined
      }
      return performance.now() - started > slice ? new Promise((resolve) => setImmediate(resolve)) : undefined
    },
  }
}
