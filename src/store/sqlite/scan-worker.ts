/** Worker thread: long readings on a connection of its own, so that the event loop goes on. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { ScanAnswer, ScanQuestion } from './scans.ts'

const database = new DatabaseSync((workerData as { path: string }).path, { readOnly: true, timeout: 10_000 })
database.exec('pragma cache_size = -65536; pragma temp_store = memory')

parentPort?.on('message', (question: ScanQuestion | 'close') => {
  if (question === 'close') {
    database.close()
    parentPort?.close()
    return
  }
  let answer: ScanAnswer
  try {
    answer = { id: question.id, rows: database.prepare(question.sql).all(...(question.parameters as SQLInputValue[])) }
  } catch (error) {
    answer = { id: question.id, rows: [], error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer)
})
