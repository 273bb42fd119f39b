import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

/** Writes a file so that whoever reads it at the same time, in whatever process, sees all of it or what was there before. */
export async function writeWhole(path: string, text: string, mode = 0o666): Promise<void> {
  const next = `${path}.${randomUUID()}.new`
  await writeFile(next, text, { mode })
  await rename(next, path)
}
