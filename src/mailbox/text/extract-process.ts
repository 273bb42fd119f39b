/** A process of its own that reads hostile files, where they cannot hold up, exhaust or end the server. */
import { writeFileSync } from 'node:fs'
import { textOf, type FileToRead } from './extract.ts'
import type { Extracted } from './extractor.ts'

const [, , scoreOfMemory = ''] = process.argv
try {
  // Where memory runs out, this process is the first to go.
  writeFileSync(scoreOfMemory, '1000')
} catch (error) {
  // Other systems than Linux have no such file: there the other bounds hold.
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

async function read(file: FileToRead): Promise<Extracted> {
  try {
    return { text: await textOf(file) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', (file: FileToRead) => void read(file).then((extracted) => process.send?.(extracted)))
// Nobody is left to read for.
process.on('disconnect', () => process.exit())
