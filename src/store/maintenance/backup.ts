/** Copies a running embedded store to a folder that opens as a store again. */
import { copyFile, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '#model'
import { createBlobFiles, syncFolder, type BlobFiles } from '../blob-files.ts'
import type { Engine } from '../engine.ts'

const page = 500

/** The database is of one moment; the files that it names are copied after it (files never change, and none is swept meanwhile). */
export async function backupStore(input: {
  engine: Engine
  files: BlobFiles
  target: string
  progress?: (done: number, total: number) => void
}): Promise<void> {
  const { engine, files, target, progress } = input
  await mkdir(target, { recursive: true })
  if ((await readdir(target)).length > 0) throw new Refusal('InvalidArgument', `The folder ${target} is not empty.`)
  await engine.copyTo(target, (done, total) => progress?.(done, total))

  const copies = createBlobFiles({ folder: join(target, 'blobs'), durable: true, clock: () => 0 })
  const folders = new Set<string>([target])
  // The newest state names at least the files of the copied one, because none is swept until this ends.
  let after = ''
  for (;;) {
    const found = await engine.read(({ db }) =>
      db
        .selectFrom('blobs')
        .select('digest')
        .distinct()
        .where('content', 'is', null)
        .where('digest', '>', after)
        .orderBy('digest')
        .limit(page)
        .execute(),
    )
    for (const { digest } of found) {
      const to = copies.path(digest)
      await mkdir(dirname(to), { recursive: true })
      await copyFile(files.path(digest), to)
      await flushFile(to)
      folders.add(dirname(to)).add(dirname(dirname(to)))
      after = digest
    }
    if (found.length < page) break
  }
  for (const folder of folders) await syncFolder(folder)
}

async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
