/** The embedded engine: one writer with group commit, readers on snapshots, flushes and checkpoints off the event loop. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, type BlobFiles } from '../blob-files.ts'
import type { StoreOptions } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { migrate } from '../migrations/run.ts'
import type { News } from '../news.ts'
import type { Prepared } from '../session.ts'
import { createCheckpoints } from './checkpoint.ts'
import { openConnection, type Connection } from './connection.ts'
import { createFlusher } from './flush.ts'
import { createReaders } from './readers.ts'
import { createScans } from './scans.ts'
import { createSession } from './session.ts'
import { createTurns } from './turns.ts'
import { createWriter } from './writer.ts'

/** Name of the database file in the store's folder. */
export const databaseFile = 'isthmus.db'

/** @param durable False for throw-away stores: nothing is flushed. */
export async function openSqlite(input: {
  folder: string
  durable: boolean
  files: BlobFiles
  news: News
  options: StoreOptions
}): Promise<Engine> {
  const { folder, durable, files, options } = input
  await mkdir(folder, { recursive: true })
  const path = join(folder, databaseFile)
  const connection = openConnection({ path, readOnly: false, durable, cacheKib: 65_536 })
  try {
    await migrateOn(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  // A write makes the WAL exist; its name and the database's are made durable with their folder.
  connection.run(`update "meta" set "value" = "value" where "name" = 'version'`, [])
  if (durable) await syncFolder(folder)

  const compiled = new Map<unknown, Prepared>()
  const base = { files, clock: options.clock, compiled }
  const scans = createScans(path)
  const turns = createTurns()
  const flusher = createFlusher(durable ? `${path}-wal` : undefined)
  const checkpoints = createCheckpoints(path, connection, options.log)
  const writer = createWriter({
    connection,
    session: createSession({ ...base, connection }),
    flusher,
    turns,
    checkpoints,
    committed: (touched, work) => input.news.tell(touched, work),
  })
  const readers = createReaders({
    path,
    sessionOn: (on) => createSession({ ...base, connection: on, elsewhere: scans.run }),
    durable: writer.durable,
    turns,
  })

  return {
    engine: 'sqlite',
    read: readers.read,
    write: writer.write,
    async copyTo(target, progress) {
      const { backup, DatabaseSync } = await import('node:sqlite')
      const source = new DatabaseSync(path, { readOnly: true })
      try {
        // One read transaction over all steps: the copy is of one moment, whatever is written meanwhile.
        source.exec('begin')
        source.prepare('select count(*) from "meta"').get()
        await backup(source, join(target, databaseFile), {
          rate: 256,
          progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
        })
        source.exec('commit')
      } finally {
        source.close()
      }
    },
    async integrity() {
      const rows = (await scans.run('pragma quick_check(20)', [])) as { quick_check: string }[]
      return rows.map((row) => row.quick_check).filter((line) => line !== 'ok')
    },
    metrics: () => ({ commits: writer.commits, writes: writer.writes, flushSeconds: flusher.seconds }),
    async close() {
      await writer.close()
      await checkpoints.close()
      await readers.close()
      await scans.close()
      connection.close()
      flusher.close()
    },
  }
}

async function migrateOn(connection: Connection): Promise<void> {
  await migrate({
    engine: 'sqlite',
    run: async (statement) => void connection.execute(statement, []),
    async version() {
      const known = connection.all(`select 1 from "sqlite_master" where "type" = 'table' and "name" = 'meta'`, []).length > 0
      if (!known) return 0
      const [row] = connection.all(`select "value" from "meta" where "name" = 'version'`, [])
      return Number(row?.value ?? 0)
    },
    async transaction(body) {
      connection.run('begin immediate', [])
      try {
        await body()
        connection.run('commit', [])
      } catch (error) {
        if (connection.inTransaction) connection.run('rollback', [])
        throw error
      }
    },
  })
}
