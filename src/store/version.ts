import { sql } from 'kysely'
import postgres from 'postgres'
import type { Engine } from './engine.ts'

/** The version of the database: `3.51.0` of SQLite, `17.2` of PostgreSQL. */
export function databaseVersion(engine: Engine): Promise<string> {
  return engine.read(async ({ db }) => {
    const asked = engine.engine === 'sqlite' ? sql<{ version: string }>`select sqlite_version() as version` : sql<{ version: string }>`select current_setting('server_version') as version` // prettier-ignore
    const { rows } = await asked.execute(db)
    return rows[0]?.version ?? ''
  })
}

/** The version of the PostgreSQL at an address, without touching what is in it. */
export async function postgresVersion(url: string): Promise<string> {
  const client = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    const [row] = await client<{ version: string }[]>`select current_setting('server_version') as version`
    return row?.version ?? ''
  } finally {
    await client.end()
  }
}
