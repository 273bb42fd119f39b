/** Removes the blobs that no row refers to any more: first their rows, then the files that no row names. */
import { sql } from 'kysely'
import type { Instant } from '#model'
import type { BlobFiles } from '../blob-files.ts'
import type { Engine } from '../engine.ts'
import { padded } from '../in-list.ts'

const page = 200

/**
 * Removes unreferenced blobs staged before the instant; answers how many. What a write has staged since stays, and so does
 * what a concurrent write refers to: the row is looked at again under its lock.
 */
export async function sweepBlobs(input: { engine: Engine; files: BlobFiles; before: Instant }): Promise<number> {
  const { engine, files, before } = input
  let removed = 0
  for (;;) {
    const gone = await engine.write(async ({ db }) => {
      const found = await db
        .selectFrom('blobs')
        .select(['owner', 'digest', 'content'])
        .where('refs', '=', sql.lit(0))
        .where('staged', '<', before)
        .limit(page)
        .execute()
      let inline = 0
      for (const { owner, digest, content } of found) {
        const { numDeletedRows } = await db
          .deleteFrom('blobs')
          .where('owner', '=', owner)
          .where('digest', '=', digest)
          .where('refs', '=', sql.lit(0))
          .where('staged', '<', before)
          .executeTakeFirst()
        if (numDeletedRows > 0n && content !== null) inline++
      }
      return { found: found.length, inline }
    })
    removed += gone.inline
    if (gone.found < page) break
  }

  let batch: string[] = []
  const flush = async () => {
    const digests = batch
    batch = []
    if (digests.length === 0) return
    const named = await engine.read(({ db }) =>
      db.selectFrom('blobs').select('digest').distinct().where('content', 'is', null).where('digest', 'in', padded(digests)).execute(),
    )
    const kept = new Set(named.map(({ digest }) => digest))
    for (const digest of digests) if (!kept.has(digest) && files.remove(digest, before)) removed++
  }
  for await (const digest of files.olderThan(before)) {
    if (batch.push(digest) === page) await flush()
  }
  await flush()
  await files.removeLeftovers(before)
  return removed
}
