/** Kysely over one open SQLite connection. Transactions are the engine's business, not Kysely's. */
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Connection } from './connection.ts'

/** A Kysely that runs everything on the connection, in the order asked. */
export function kyselyOver(connection: Connection): Kysely<Tables> {
  const own: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      const { rows, changed } = connection.execute(query.sql, query.parameters)
      return { rows: rows as R[], numAffectedRows: BigInt(changed) }
    },
    streamQuery: async function* () {
      throw new Error('the store reads in pages; it does not stream')
    },
  }
  const notHere = async () => {
    throw new Error('transactions are opened by the engine')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => own,
    releaseConnection: async () => {},
    beginTransaction: notHere,
    commitTransaction: notHere,
    rollbackTransaction: notHere,
    destroy: async () => {},
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}
