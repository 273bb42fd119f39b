/** Blobs of mailboxes and organisations: rows with a count of the rows that refer to them, bytes inline or in a file. */
import { sql, type Kysely } from 'kysely'
import { Refusal } from '#model'
import type { StagedBlob } from './contract.ts'
import type { Placeholder, Session } from './session.ts'
import type { Tables } from './tables.ts'

type Db = Kysely<Tables>
type Key = { owner: string; digest: string }

const content = (db: Db, p: Placeholder<Key>) =>
  db.selectFrom('blobs').select(['content', 'size']).where('owner', '=', p('owner')).where('digest', '=', p('digest'))
const put = (db: Db, p: Placeholder<Key & { size: number; staged: number; content: Uint8Array | null }>) =>
  db
    .insertInto('blobs')
    .values({ owner: p('owner'), digest: p('digest'), size: p('size'), refs: sql<number>`0`, staged: p('staged'), content: p('content') })
    .onConflict((conflict) => conflict.columns(['owner', 'digest']).doUpdateSet((row) => ({ staged: row.ref('excluded.staged') })))
const refer = (db: Db, p: Placeholder<Key & { refs: number }>) =>
  db
    .updateTable('blobs')
    .set((column) => ({ refs: column('refs', '+', p('refs')) }))
    .where('owner', '=', p('owner'))
    .where('digest', '=', p('digest'))

/** The bytes; ItemCorrupt when they are not there. */
export async function readBlob(session: Session, owner: string, digest: string): Promise<Uint8Array> {
  const row = await session.first(content, { owner, digest })
  const bytes = row && (row.content ?? (await session.files.read(digest)))
  if (!bytes) throw new Refusal('ItemCorrupt', `The blob ${digest} of ${owner} is not there; run "isthmus store check".`, { owner, digest })
  return bytes
}

/** Makes a staged blob part of the mailbox or organisation, without a reference yet. */
export async function putBlob(session: Session, owner: string, blob: StagedBlob): Promise<void> {
  if (!blob.inline && !session.files.has(blob.digest)) throw new Error(`the blob ${blob.digest} was not staged`)
  await session.run(put, { owner, digest: blob.digest, size: blob.size, staged: session.clock(), content: blob.inline ?? null })
}

/** Counts references up or down, given as digests with repetition; nulls are left out. */
export async function countReferences(session: Session, owner: string, digests: (string | null)[], step: 1 | -1): Promise<void> {
  const counts = new Map<string, number>()
  for (const digest of digests) if (digest !== null) counts.set(digest, (counts.get(digest) ?? 0) + step)
  // In one order everywhere, so that writers do not wait for each other crosswise.
  const ordered = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  await Promise.all(
    ordered.map(async ([digest, refs]) => {
      const found = await session.run(refer, { owner, digest, refs })
      if (found === 0) throw new Error(`the blob ${digest} was not put before the row of ${owner} that names it`)
    }),
  )
}
