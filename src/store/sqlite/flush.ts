/**
 * Makes commits durable away from the event loop. Connections commit with `synchronous = normal`, which in WAL mode writes
 * the frames and does not flush; here the WAL is flushed by `fdatasync` on the thread pool, once for all that was committed.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'

export interface Flusher {
  /** Resolves when everything written to the WAL before the call is on disk. Rejects for good after a failed flush. */
  flush(): Promise<void>
  /** The reason why nothing can be made durable any more. */
  readonly failure: Error | undefined
  readonly seconds: number
  close(): void
}

/** @param wal Path of the WAL; undefined flushes nothing (throw-away stores). */
export function createFlusher(wal: string | undefined): Flusher {
  const descriptor = wal === undefined ? undefined : openSync(wal, 'r')
  let failure: Error | undefined
  let seconds = 0
  return {
    get failure() {
      return failure
    },
    get seconds() {
      return seconds
    },
    async flush() {
      if (descriptor === undefined) return
      if (failure) throw failure
      const started = performance.now()
      await new Promise<void>((resolve, reject) => {
        fdatasync(descriptor, (error) => {
          seconds += (performance.now() - started) / 1000
          if (!error) return resolve()
          // The kernel may have dropped the dirty pages: a second flush would lie. Nothing is acknowledged any more.
          failure = new Error(`the store cannot flush its log: ${error.message}; restart the server`, { cause: error })
          reject(failure)
        })
      })
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}
