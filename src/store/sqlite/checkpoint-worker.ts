/** Worker thread: moves the WAL into the database file on a connection of its own, so that its flushes block nobody. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { CheckpointAnswer } from './checkpoint.ts'

const database = new DatabaseSync((workerData as { path: string }).path, { timeout: 10_000 })
database.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0')

parentPort?.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  let answer: CheckpointAnswer
  try {
    const row = database.prepare('pragma wal_checkpoint(passive)').get() as { log: number; checkpointed: number }
    answer = { log: row.log, checkpointed: row.checkpointed }
  } catch (error) {
    answer = { log: -1, checkpointed: -1, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer)
})
