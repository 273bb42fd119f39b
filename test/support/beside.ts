import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import postgres from 'postgres'
import type { StoreOptions } from '#store'

/** Runs statements beside the store, as a fault or an older program would. */
export async function runBeside(options: StoreOptions, statements: string[]): Promise<void> {
  if (options.databaseUrl !== undefined) {
    const sql = postgres(options.databaseUrl, { max: 1, connection: { search_path: options.databaseSchema ?? '' } })
    for (const statement of statements) await sql.unsafe(statement)
    await sql.end()
    return
  }
  const database = new DatabaseSync(join(options.path ?? '', 'isthmus.db'))
  for (const statement of statements) database.exec(statement)
  database.close()
}
