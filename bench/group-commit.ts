import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What the disk allows: `together` messages of `size` bytes appended and flushed at once, over and over. Messages a second. */
export async function groupCommitLimit(folder: string, size: number, together: number, seconds: number): Promise<number> {
  const path = join(folder, 'group-commit')
  const file = await open(path, 'w')
  const batch = Buffer.alloc(size * together, 'x')
  const began = performance.now()
  let flushes = 0
  while (performance.now() < began + seconds * 1000) {
    await file.write(batch)
    await file.datasync()
    flushes++
  }
  const took = (performance.now() - began) / 1000
  await file.close()
  await rm(path)
  return (flushes * together) / took
}
