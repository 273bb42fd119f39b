/** One SQLite connection: prepared statements kept by their text, plain values in and out. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

export type Row = Record<string, SQLOutputValue>

export interface Connection {
  all(sql: string, parameters: readonly unknown[]): Row[]
  /** Rows as values in the order of their columns. */
  values(sql: string, parameters: readonly unknown[]): SQLOutputValue[][]
  /** Runs a statement without rows; the number of rows changed. */
  run(sql: string, parameters: readonly unknown[]): number
  /** Rows of a statement that returns some, else the number changed. */
  execute(sql: string, parameters: readonly unknown[]): { rows: Row[]; changed: number }
  readonly inTransaction: boolean
  close(): void
}

/** Statements kept ready; those of varying shape (`in` lists, restrictions) push out the least recently used. */
const keptStatements = 400

export interface ConnectionOptions {
  path: string
  readOnly: boolean
  /** False for throw-away stores: nothing is flushed. */
  durable: boolean
  cacheKib: number
}

/** Opens the database with the settings of every connection of the store. */
export function openConnection(options: ConnectionOptions): Connection {
  const database = new DatabaseSync(options.path, { readOnly: options.readOnly, timeout: 10_000 })
  const statements = new Map<string, { statement: StatementSync; returns: boolean; arrays: boolean }>()
  if (!options.readOnly) database.exec('pragma journal_mode = wal')
  // NORMAL: a commit does not flush; the flusher makes it durable before anybody hears of it. See docs/decisions.
  database.exec(`pragma synchronous = ${options.durable ? 'normal' : 'off'}`)
  database.exec(`pragma wal_autocheckpoint = 0; pragma temp_store = memory; pragma cache_size = -${options.cacheKib}`)

  function prepared(sql: string, arrays = false) {
    let entry = statements.get(sql)
    if (entry) statements.delete(sql)
    else {
      const statement = database.prepare(sql)
      entry = { statement, returns: statement.columns().length > 0, arrays: false }
      // FTS5 leaves a "last row" beyond 2^53, which `run` would refuse to give as a number.
      if (!entry.returns) statement.setReadBigInts(true)
    }
    if (entry.arrays !== arrays) entry.statement.setReturnArrays((entry.arrays = arrays))
    statements.set(sql, entry)
    if (statements.size > keptStatements) statements.delete(statements.keys().next().value as string)
    return entry
  }

  return {
    all: (sql, parameters) => prepared(sql).statement.all(...(parameters as SQLInputValue[])) as Row[],
    values: (sql, parameters) => prepared(sql, true).statement.all(...(parameters as SQLInputValue[])) as unknown as SQLOutputValue[][],
    run: (sql, parameters) => Number(prepared(sql).statement.run(...(parameters as SQLInputValue[])).changes),
    execute(sql, parameters) {
      const { statement, returns } = prepared(sql)
      if (!returns) return { rows: [], changed: Number(statement.run(...(parameters as SQLInputValue[])).changes) }
      const rows = statement.all(...(parameters as SQLInputValue[])) as Row[]
      return { rows, changed: rows.length }
    },
    get inTransaction() {
      return database.isTransaction
    },
    close() {
      statements.clear()
      database.close()
    },
  }
}
