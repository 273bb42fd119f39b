/** A session in one PostgreSQL transaction. */
import { CompiledQuery, sql, type Kysely, type Transaction } from 'kysely'
import type { Instant } from '#model'
import type { BlobFiles } from '../blob-files.ts'
import { prepare, type Placeholder, type Prepared, type Query, type Session } from '../session.ts'
import type { Tables } from '../tables.ts'
import { postgresFlavour } from './flavour.ts'

const lockAtOnce = (db: Kysely<Tables>, p: Placeholder<{ mailbox: string }>) => ({
  compile: () => sql`select 1 from "mailboxes" where "mailbox" = ${p('mailbox')} for update nowait`.compile(db),
})
const lockMailbox = (db: Kysely<Tables>, p: Placeholder<{ mailbox: string }>) => ({
  compile: () => sql`select 1 from "mailboxes" where "mailbox" = ${p('mailbox')} for update`.compile(db),
})

export interface PostgresSession extends Session {
  /** Locks mailboxes in one order, before anything else, so that writers that do so never wait crosswise. */
  lockAll(mailboxes: Iterable<string>): Promise<void>
  /** Mailboxes locked, or about to be when the transaction failed. */
  wanted(): string[]
}

/** @param writes True for a transaction that writes: then whatever it reads of a mailbox is read under the mailbox's lock. */
export function createSession(input: {
  db: Transaction<Tables>
  files: BlobFiles
  clock: () => Instant
  compiled: Map<unknown, Prepared>
  writes: boolean
}): PostgresSession {
  const { db, compiled } = input
  const locks = new Map<string, Promise<void>>()

  function bound<P, R>(query: Query<P, R>, parameters: P): CompiledQuery<R> {
    let prepared = compiled.get(query)
    if (!prepared) {
      prepared = prepare(db, query)
      compiled.set(query, prepared)
    }
    return CompiledQuery.raw(prepared.sql, prepared.bind(parameters as Record<string, unknown>)) as CompiledQuery<R>
  }

  const session: PostgresSession = {
    db,
    flavour: postgresFlavour,
    files: input.files,
    clock: input.clock,
    touched: new Set(),
    work: false,
    all: async (query, parameters) => (await db.executeQuery(bound(query, parameters))).rows,
    first: async (query, parameters) => (await db.executeQuery(bound(query, parameters))).rows[0],
    async run(query, parameters) {
      const { numAffectedRows, rows } = await db.executeQuery(bound(query, parameters))
      return numAffectedRows === undefined ? rows.length : Number(numAffectedRows)
    },
    heavy: async (query) => (await db.executeQuery(query)).rows,
    values: async (query) => (await db.executeQuery(query)).rows.map((row) => Object.values(row as object)),
    async lockAll(mailboxes) {
      for (const mailbox of [...mailboxes].sort()) await session.lock(mailbox)
    },
    wanted: () => [...locks.keys()],
    lock(mailbox) {
      if (!input.writes) return undefined
      const known = locks.get(mailbox)
      if (known) return known
      // Out of order nobody waits: the transaction fails, and its next attempt takes its locks in order.
      const inOrder = [...locks.keys()].every((held) => held < mailbox)
      const locked = session.run(inOrder ? lockMailbox : lockAtOnce, { mailbox }).then(() => undefined)
      locks.set(mailbox, locked)
      return locked
    },
  }
  return session
}
