/** Worker thread: reads hostile files where they cannot hold up or exhaust the server. */
import { parentPort } from 'node:worker_threads'
import { textOf, type FileToRead } from './extract.ts'
import type { Extracted } from './extractor.ts'

async function read(file: FileToRead): Promise<Extracted> {
  try {
    return { text: await textOf(file) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (file: FileToRead) => void read(file).then((extracted) => parentPort?.postMessage(extracted)))
