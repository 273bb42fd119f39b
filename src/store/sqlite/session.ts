/** A session on one SQLite connection. */
import type { CompiledQuery } from 'kysely'
import type { Instant } from '#model'
import type { BlobFiles } from '../blob-files.ts'
import { prepare, type Prepared, type Query, type Session } from '../session.ts'
import type { Connection } from './connection.ts'
import { kyselyOver } from './dialect.ts'
import { sqliteFlavour } from './flavour.ts'

/** @param compiled Fixed statements compiled so far, shared by the connections of a store. */
export function createSession(input: {
  connection: Connection
  files: BlobFiles
  clock: () => Instant
  compiled: Map<unknown, Prepared>
  /** Runs a long reading elsewhere; absent where it must see what this connection has written. */
  elsewhere?: (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>
}): Session {
  const { connection, compiled } = input
  const db = kyselyOver(connection)

  function preparedFor<P, R>(query: Query<P, R>): Prepared {
    const known = compiled.get(query)
    if (known) return known
    const made = prepare(db, query)
    compiled.set(query, made)
    return made
  }

  return {
    db,
    flavour: sqliteFlavour,
    files: input.files,
    clock: input.clock,
    touched: new Set(),
    work: false,
    async all<P, R>(query: Query<P, R>, parameters: P) {
      const { sql, bind } = preparedFor(query)
      return connection.all(sql, bind(parameters as Record<string, unknown>)) as R[]
    },
    async first<P, R>(query: Query<P, R>, parameters: P) {
      const { sql, bind } = preparedFor(query)
      return connection.all(sql, bind(parameters as Record<string, unknown>))[0] as R | undefined
    },
    async run<P, R>(query: Query<P, R>, parameters: P) {
      const { sql, bind } = preparedFor(query)
      return connection.execute(sql, bind(parameters as Record<string, unknown>)).changed
    },
    async heavy<R>(query: CompiledQuery<R>) {
      const rows = input.elsewhere ? input.elsewhere(query.sql, query.parameters) : connection.all(query.sql, query.parameters)
      return (await rows) as R[]
    },
    async values(query, heavy) {
      const { sql, parameters } = query
      if (!heavy || !input.elsewhere) return connection.values(sql, parameters)
      return (await input.elsewhere(sql, parameters)).map((row) => Object.values(row as object))
    },
    lock: () => undefined,
  }
}
