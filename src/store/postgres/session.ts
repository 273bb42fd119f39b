/** A session in one PostgreSQL transaction. */
import { CompiledQuery, sql, type Kysely, type Transaction } from 'kysely'
import type { Instant } from '#model'
import type { BlobFiles } from '../blob-files.ts'
import { prepare, type Placeholder, type Prepared, type Query, type Session } from '../session.ts'
import type { Tables } from '../tables.ts'
import { postgresFlavour } from './flavour.ts'

const lockMailbox = (db: Kysely<Tables>, p: Placeholder<{ mailbox: string }>) => ({
  compile: () => sql`select 1 from "mailboxes" where "mailbox" = ${p('mailbox')} for update`.compile(db),
})

/** @param writes True for a transaction that writes: then whatever it reads of a mailbox is read under the mailbox's lock. */
export function createSession(input: {
  db: Transaction<Tables>
  files: BlobFiles
  clock: () => Instant
  compiled: Map<unknown, Prepared>
  writes: boolean
}): Session {
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

  const session: Session = {
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
    lock(mailbox) {
      if (!input.writes) return undefined
      const known = locks.get(mailbox)
      if (known) return known
      const locked = session.run(lockMailbox, { mailbox }).then(() => undefined)
      locks.set(mailbox, locked)
      return locked
    },
  }
  return session
}
