/**
 * The one writer of the embedded store. Bodies queue up; a batch of them shares one transaction, each in a savepoint of its
 * own, and one flush. While a batch is being flushed the next one already runs; it commits when the flush has ended.
 */
import type { Session } from '../session.ts'
import type { Connection } from './connection.ts'
import type { Checkpoints } from './checkpoint.ts'
import type { Flusher } from './flush.ts'
import type { Turns } from './turns.ts'

interface Waiting {
  body: (session: Session) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

interface Done {
  waiting: Waiting
  value: unknown
}

/** A batch ends after so many bodies or milliseconds. */
const batchLimit = 256
const batchMilliseconds = 50

export interface Writer {
  write<T>(body: (session: Session) => Promise<T>): Promise<T>
  /** Resolves when all that was committed before the call is on disk; undefined when it is already. */
  durable(): Promise<void> | undefined
  readonly commits: number
  readonly writes: number
  /** Refuses further writes and waits for those under way. */
  close(): Promise<void>
}

export function createWriter(input: {
  connection: Connection
  session: Session
  flusher: Flusher
  turns: Turns
  checkpoints: Checkpoints | undefined
  committed: (touched: Set<string>, work: boolean) => void
}): Writer {
  const { connection, session, flusher } = input
  const queue: Waiting[] = []
  let flushing: Promise<void> | undefined
  let running = false
  let arrival: (() => void) | undefined
  let closed = false
  let commits = 0
  let writes = 0

  /** Runs one body in a savepoint. What it touched is added to `touched` only if it stands. */
  async function runOne(waiting: Waiting, done: Done[], touched: Set<string>): Promise<boolean> {
    session.touched.clear()
    session.work = false
    try {
      connection.run('savepoint body', [])
      const value = await waiting.body(session)
      connection.run('release body', [])
      done.push({ waiting, value })
      for (const mailbox of session.touched) touched.add(mailbox)
      return session.work
    } catch (error) {
      waiting.reject(error)
      // A full disk ends the whole transaction; then the batch is lost and says so below.
      if (!connection.inTransaction) throw new Error('the transaction was ended by the database', { cause: error })
      connection.run('rollback to body', [])
      connection.run('release body', [])
      return false
    }
  }

  /** One transaction. Resolves when it is committed; its flush goes on. */
  async function runBatch(): Promise<void> {
    const done: Done[] = []
    const touched = new Set<string>()
    let work = false
    let count = 0
    const started = performance.now()
    try {
      connection.run('begin immediate', [])
      for (;;) {
        const waiting = queue.shift()
        if (waiting) {
          count++
          if (await runOne(waiting, done, touched)) work = true
          const pause = input.turns.pause()
          if (pause) await pause
        }
        if (count >= batchLimit || performance.now() - started > batchMilliseconds) break
        if (queue.length > 0) continue
        if (!flushing) break
        await Promise.race([flushing, new Promise<void>((resolve) => (arrival = resolve))])
        arrival = undefined
      }
      if (flushing) await flushing
      connection.run('commit', [])
    } catch (error) {
      for (const { waiting } of done) waiting.reject(error)
      // A transaction that cannot begin fails those who wait, one by one, instead of trying for ever.
      if (count === 0) queue.shift()?.reject(error)
      if (connection.inTransaction) connection.run('rollback', [])
      return
    }
    commits++
    writes += done.length
    const flushed = flusher.flush().then(
      () => {
        flushing = undefined
        input.committed(touched, work)
        for (const { waiting, value } of done) waiting.resolve(value)
      },
      (error: unknown) => {
        flushing = undefined
        for (const { waiting } of done) waiting.reject(error)
      },
    )
    flushing = flushed
  }

  async function loop(): Promise<void> {
    running = true
    try {
      while (queue.length > 0) {
        if (flusher.failure) throw flusher.failure
        await runBatch()
        const crowded = input.checkpoints?.afterCommit()
        if (crowded) await crowded
      }
    } catch (error) {
      for (const waiting of queue.splice(0)) waiting.reject(error)
    } finally {
      running = false
    }
  }

  return {
    write: <T>(body: (session: Session) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (closed) return reject(new Error('the store is closed'))
        queue.push({ body, resolve: resolve as (value: unknown) => void, reject })
        arrival?.()
        if (!running) void loop()
      }),
    durable: () => flushing,
    get commits() {
      return commits
    },
    get writes() {
      return writes
    },
    async close() {
      closed = true
      while (running || flushing) await (flushing ?? new Promise((resolve) => setImmediate(resolve)))
    },
  }
}
