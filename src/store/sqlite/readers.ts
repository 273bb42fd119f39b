/** Connections for reading: each read has one for itself and sees one snapshot of what is committed. */
import type { Session } from '../session.ts'
import type { Turns } from './turns.ts'
import { openConnection, type Connection } from './connection.ts'

interface Reader {
  connection: Connection
  session: Session
}

/** Reads at the same time; more wait for their turn. */
const limit = 16

export interface Readers {
  read<T>(body: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createReaders(input: {
  path: string
  sessionOn: (connection: Connection) => Session
  durable: () => Promise<void> | undefined
  turns: Turns
}): Readers {
  const idle: Reader[] = []
  const waiting: ((reader: Reader) => void)[] = []
  let open = 0
  let closed = false

  function acquire(): Reader | Promise<Reader> {
    const reader = idle.pop()
    if (reader) return reader
    if (open >= limit) return new Promise((resolve) => waiting.push(resolve))
    open++
    const connection = openConnection({ path: input.path, readOnly: true, durable: true, cacheKib: 16_384 })
    return { connection, session: input.sessionOn(connection) }
  }

  function release(reader: Reader): void {
    const next = waiting.shift()
    if (next) return next(reader)
    if (!closed) return void idle.push(reader)
    reader.connection.close()
    open--
  }

  return {
    async read(body) {
      if (closed) throw new Error('the store is closed')
      const pause = input.turns.pause()
      if (pause) await pause
      const got = acquire()
      const reader = got instanceof Promise ? await got : got
      try {
        reader.connection.run('begin', [])
        return await body(reader.session)
      } finally {
        // What was seen may be committed and not yet flushed: it is not told before it is on disk.
        const durable = input.durable()
        if (reader.connection.inTransaction) reader.connection.run('commit', [])
        release(reader)
        if (durable) await durable
      }
    },
    async close() {
      closed = true
      for (const reader of idle.splice(0)) {
        reader.connection.close()
        open--
      }
      while (open > 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
