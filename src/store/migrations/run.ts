/** Brings a database to the version of this program, step by step, each in a transaction with its version number. */
import { steps } from './steps.ts'

/** The version that this program writes. */
export const currentVersion = Math.max(...steps.map((step) => step.version))

/** Runs statements of a migration on one connection. */
export interface MigrationConnection {
  engine: 'sqlite' | 'postgres'
  run(statement: string): Promise<void>
  /** Stored version; 0 for an empty database. */
  version(): Promise<number>
  /** Runs the body in one transaction, alone among the programs that open the database. */
  transaction(body: () => Promise<void>): Promise<void>
}

/** Refuses a database that a newer program has written, naming both versions. */
export async function migrate(connection: MigrationConnection): Promise<void> {
  await connection.transaction(async () => {
    const version = await connection.version()
    if (version > currentVersion) {
      throw new Error(
        `the database has version ${version}, this program knows versions up to ${currentVersion}; use the program that wrote it, or a newer one`,
      )
    }
    if (version === 0) await connection.run('create table "meta" ("name" text not null primary key, "value" text not null)')
    for (const step of steps) {
      if (step.version <= version) continue
      for (const statement of step.up(connection)) await connection.run(statement)
    }
    if (version === 0) await connection.run(`insert into "meta" ("name", "value") values ('version', '${currentVersion}')`)
    else if (version < currentVersion) await connection.run(`update "meta" set "value" = '${currentVersion}' where "name" = 'version'`)
  })
}
