/** Worker thread: reads hostile files where they cannot hold up or exhaust the server. */
import { parentPort } from 'node:worker_threads'
import { textOf, type FileToRead } from './extract.ts'

parentPort?.on('message', (file: FileToRead) => {
  try {
    parentPort?.postMessage({ text: textOf(file) })
  } catch (error) {
    parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) })
  }
})
