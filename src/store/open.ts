/** Opens a store on the engine that the options name. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBlobFiles, type BlobFiles } from './blob-files.ts'
import type { ReadTx, Store, StoreOptions, WriteTx } from './contract.ts'
import { backupStore } from './maintenance/backup.ts'
import { checkStore } from './maintenance/check.ts'
import { sweepBlobs } from './maintenance/sweep.ts'
import { tidyWords } from './maintenance/tidy-words.ts'
import type { Engine } from './engine.ts'
import { createNews, type News } from './news.ts'
import { createKeptObjects } from './objects/kept.ts'
import type { Session } from './session.ts'
import { openPostgres } from './postgres/engine.ts'
import { openSqlite } from './sqlite/engine.ts'
import { readTransaction, writeTransaction } from './transactions.ts'
import { databaseVersion } from './version.ts'

/**
 * Opens the store and brings its tables up to date. Rejects when the database is newer than this program, naming both
 * versions. `path: ':memory:'` makes a store in a temporary folder that is removed at `close`; nothing in it is flushed.
 */
export async function createStore(options: StoreOptions): Promise<Store> {
  const temporary = options.databaseUrl === undefined && options.path === ':memory:' ? mkdtempSync(join(tmpdir(), 'isthmus-')) : undefined
  const folder = temporary ?? options.path
  const durable = temporary === undefined
  const files = createBlobFiles({ folder: folder === undefined ? undefined : join(folder, 'blobs'), durable, clock: options.clock })
  const news = createNews()
  const engine = await openEngine({ folder, durable, files, news, options })
  return storeOn({ engine, files, news, options, temporary })
}

async function openEngine(input: {
  folder: string | undefined
  durable: boolean
  files: BlobFiles
  news: News
  options: StoreOptions
}): Promise<Engine> {
  const { folder, files, news, options } = input
  if (options.databaseUrl !== undefined) return openPostgres({ url: options.databaseUrl, files, news, options })
  if (folder === undefined) throw new Error('the store needs a path or a databaseUrl')
  return openSqlite({ ...input, folder })
}

function storeOn(input: { engine: Engine; files: BlobFiles; news: News; options: StoreOptions; temporary: string | undefined }): Store {
  const { engine, files, news } = input
  // Sessions of the embedded engine live as long as their connection, and so do the transactions over them.
  const reading = new WeakMap<Session, ReadTx>()
  const writing = new WeakMap<Session, WriteTx>()
  const remembered = <T>(known: WeakMap<Session, T>, session: Session, make: (session: Session) => T): T => {
    const tx = known.get(session) ?? make(session)
    known.set(session, tx)
    return tx
  }
  // Checks, backups and sweeps go one after another: a sweep must not take the files that a backup is about to copy.
  let maintenance: Promise<unknown> = Promise.resolve()
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = maintenance.then(work)
    maintenance = done.catch(() => undefined)
    return done
  }
  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    news.close()
    await maintenance
    await engine.close()
    if (input.temporary !== undefined) await rm(input.temporary, { recursive: true, force: true })
  }
  const read: Store['read'] = (body) => engine.read((session) => body(remembered(reading, session, readTransaction)))
  return {
    engine: engine.engine,
    read,
    objects: createKeptObjects({ read, changes: () => news.objectChanges }),
    write: (body) => engine.write((session) => body(remembered(writing, session, writeTransaction))),
    watch: news.watch,
    watchWork: news.watchWork,
    stage: files.stage,
    check: (progress) => alone(() => checkStore({ engine, files, ...(progress && { progress }) })),
    backup: (target, progress) => alone(() => backupStore({ engine, files, target, ...(progress && { progress }) })),
    sweep: (before) =>
      alone(async () => {
        await tidyWords(engine)
        return sweepBlobs({ engine, files, before })
      }),
    metrics: () => ({ ...engine.metrics(), blobBytes: files.stagedBytes }),
    version: () => databaseVersion(engine),
    close() {
      closing ??= close()
      return closing
    },
  }
}
