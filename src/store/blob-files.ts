/** Blobs too large for the database: one file each, named by digest, `blobs/ab/cd/<digest>`. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, statSync, unlinkSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Instant } from '#model'
import type { StagedBlob } from './contract.ts'

/** Blobs up to this many bytes lie in the database. */
export const inlineLimit = 64 * 1024

export interface BlobFiles {
  /** Bytes on disk when it resolves (see the contract). Without a folder every blob is inline. */
  stage(bytes: Uint8Array): Promise<StagedBlob>
  read(digest: string): Promise<Uint8Array | undefined>
  has(digest: string): boolean
  /** Digests of the files last staged before the instant, folder by folder. */
  olderThan(before: Instant): AsyncIterable<string>
  all(): AsyncIterable<string>
  /** Removes a file unless it was staged since; says whether it did. */
  remove(digest: string, before: Instant): boolean
  /** Removes what a crash left half written before the instant. */
  removeLeftovers(before: Instant): Promise<void>
  path(digest: string): string
  /** Bytes staged since the start. */
  readonly stagedBytes: number
}

/** @param folder Where the files lie; undefined keeps every blob in the database. @param durable False skips flushing (tests). */
export function createBlobFiles(input: { folder: string | undefined; durable: boolean; clock: () => Instant }): BlobFiles {
  const { folder, durable, clock } = input
  // When a digest was last staged by this process: what was staged is not removed before the write that names it.
  const staged = new Map<string, Instant>()
  const path = (digest: string) => join(folder ?? '', digest.slice(0, 2), digest.slice(2, 4), digest)

  let stagedBytes = 0

  /** Folder by folder, so that memory does not grow with the number of files. */
  async function* listed(): AsyncGenerator<{ within: string; name: string }> {
    if (folder === undefined || !existsSync(folder)) return
    for (const first of (await readdir(folder)).sort()) {
      if (first.length !== 2) continue
      for (const second of (await readdir(join(folder, first))).sort()) {
        const within = join(folder, first, second)
        for (const name of (await readdir(within)).sort()) yield { within, name }
      }
    }
  }

  async function* all(): AsyncGenerator<string> {
    for await (const { name } of listed()) if (/^[0-9a-f]{64}$/.test(name)) yield name
  }

  return {
    path,
    all,
    get stagedBytes() {
      return stagedBytes
    },
    async removeLeftovers(before) {
      for await (const { within, name } of listed()) {
        if (name.endsWith('.tmp') && (await stat(join(within, name))).mtimeMs < before) await rm(join(within, name), { force: true })
      }
    },
    async stage(bytes) {
      stagedBytes += bytes.length
      const digest = createHash('sha256').update(bytes).digest('hex')
      if (folder === undefined || bytes.length <= inlineLimit) return { digest, size: bytes.length, inline: bytes }
      const now = clock()
      staged.set(digest, now)
      const target = path(digest)
      if (existsSync(target)) {
        await utimes(target, now / 1000, now / 1000)
        // Another stage may have named it just now, and not yet flushed the name.
        if (durable) await syncFolder(dirname(target))
      } else await writeNew(target, bytes, now, durable)
      return { digest, size: bytes.length }
    },
    async read(digest) {
      if (folder === undefined) return undefined
      return readFile(path(digest)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
    },
    has: (digest) => folder !== undefined && existsSync(path(digest)),
    async *olderThan(before) {
      for (const [digest, at] of staged) if (at < before) staged.delete(digest)
      for await (const digest of all()) {
        const known = statSync(path(digest), { throwIfNoEntry: false })
        if (known && known.mtimeMs < before && !staged.has(digest)) yield digest
      }
    },
    remove(digest, before) {
      const known = statSync(path(digest), { throwIfNoEntry: false })
      if (!known || known.mtimeMs >= before || staged.has(digest)) return false
      unlinkSync(path(digest))
      return true
    },
  }
}

/** Writes beside the target, flushes, renames, flushes the folders: the file is whole or not there. */
async function writeNew(target: string, bytes: Uint8Array, now: Instant, durable: boolean): Promise<void> {
  const folder = dirname(target)
  const made = await mkdir(folder, { recursive: true })
  const temporary = join(folder, `${randomUUID()}.tmp`)
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(bytes)
    await file.utimes(now / 1000, now / 1000)
    if (durable) await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, target)
  if (!durable) return
  await syncFolder(folder)
  if (made !== undefined)
    for (let above = dirname(folder); above.length >= dirname(made).length; above = dirname(above)) await syncFolder(above)
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
