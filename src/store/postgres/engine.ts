/** The PostgreSQL engine: transactions under the mailbox's row lock, retried when the server chose them to fail. */
import { Kysely, sql as raw, CompiledQuery } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import postgres from 'postgres'
import { Refusal } from '#model'
import type { BlobFiles } from '../blob-files.ts'
import type { StoreOptions } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { migrate } from '../migrations/run.ts'
import type { News } from '../news.ts'
import type { Prepared, Session } from '../session.ts'
import type { Tables } from '../tables.ts'
import { createNotices } from './notices.ts'
import { createSession } from './session.ts'

/** serialization_failure, deadlock_detected, lock_not_available: to be tried again. */
const retried = new Set(['40001', '40P01', '55P03'])
const attempts = 8

/** Opens the schema named, creating it when it is not there. */
export async function openPostgres(input: { url: string; files: BlobFiles; news: News; options: StoreOptions }): Promise<Engine> {
  const { url, files, options } = input
  const schema = options.databaseSchema ?? 'isthmus'
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) throw new Error(`"${schema}" cannot name a schema: lower-case letters, digits and _ only`)
  const sql = postgres(url, {
    max: 16,
    onnotice: () => undefined,
    connection: { search_path: schema, application_name: 'isthmus' },
    types: {
      // All whole numbers of the store are below 2^53.
      bigint: { to: 20, from: [20, 1700], serialize: String, parse: Number },
    },
  })
  const db = new Kysely<Tables>({ dialect: new PostgresJSDialect({ postgres: sql }) })
  const notices = await start().catch(async (error: unknown) => {
    await sql.end({ timeout: 1 })
    throw error
  })

  async function start() {
    await sql`create schema if not exists ${sql(schema)}`.catch((error: { code?: string }) => {
      // Two processes that create it at once: one of them is told that it is there.
      if (error.code !== '23505' && error.code !== '42P06') throw error
    })
    await migrateOn(db, schema)
    return createNotices({ sql, schema, news: input.news, log: options.log })
  }

  const compiled = new Map<unknown, Prepared>()
  let commits = 0
  let closed = false

  /** The driver would connect anew after its end. */
  function isOpen(): void {
    if (closed) throw new Error('the store is closed')
  }

  /** One attempt. `wanted` gathers the mailboxes it locked: the next attempt locks them first, in order. */
  async function once<T>(body: (session: Session) => Promise<T>, wanted: Set<string>): Promise<T> {
    const { value, session } = await db.transaction().execute(async (trx) => {
      const session = createSession({ db: trx, files, clock: options.clock, compiled, writes: true })
      await session.lockAll(wanted)
      try {
        return { value: await body(session), session }
      } catch (error) {
        for (const mailbox of session.wanted()) wanted.add(mailbox)
        throw error
      }
    })
    commits++
    input.news.tell(session.touched, session.work)
    if (session.touched.size > 0 || session.work) notices.send(session.touched, session.work)
    return value
  }

  return {
    engine: 'postgres',
    async read(body) {
      isOpen()
      return db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((trx) => body(createSession({ db: trx, files, clock: options.clock, compiled, writes: false })))
    },
    async write(body) {
      isOpen()
      const wanted = new Set<string>()
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(body, wanted)
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? String(error.code) : ''
          if (!retried.has(code) || attempt === attempts) throw error
          options.log?.warn({ code, attempt }, 'store: a transaction is tried again')
        }
      }
    },
    async copyTo() {
      throw new Refusal(
        'InvalidOperation',
        'A store on PostgreSQL is backed up with pg_dump, and its blob folder by copying it afterwards.',
      )
    },
    integrity: async () => [],
    metrics: () => ({ commits, writes: commits, flushSeconds: 0 }),
    async close() {
      closed = true
      await notices.close()
      await sql.end({ timeout: 5 })
    },
  }
}

async function migrateOn(db: Kysely<Tables>, schema: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    const run = (statement: string) => connection.executeQuery(CompiledQuery.raw(statement))
    await migrate({
      engine: 'postgres',
      run: async (statement) => void (await run(statement)),
      async version() {
        const { rows } = await raw<{ known: number }>`select count(*) as "known" from "information_schema"."tables"
          where "table_schema" = ${schema} and "table_name" = 'meta'`.execute(connection)
        if (Number(rows[0]?.known ?? 0) === 0) return 0
        const row = await connection.selectFrom('meta').select('value').where('name', '=', 'version').executeTakeFirst()
        return Number(row?.value ?? 0)
      },
      async transaction(body) {
        await run('begin')
        try {
          await raw`select pg_advisory_xact_lock(hashtext(${`isthmus ${schema}`}))`.execute(connection)
          await body()
          await run('commit')
        } catch (error) {
          await run('rollback')
          throw error
        }
      },
    })
  })
}
