/** Rows of organisations that point at rows that are not there. */
import { sql } from 'kysely'
import type { Check } from './check.ts'

const listed = 100

export async function checkOrganisations(check: Check): Promise<void> {
  const { session, find } = check
  const { db } = session
  for (const table of ['objectKeys', 'globalKeys', 'objectTokens', 'objectReferences', 'objectFacets'] as const) {
    const { rows } = await sql<{
      organisation: string
      kind: string
      id: string
    }>`select "organisation", "kind", "id" from ${sql.table(table)} as "side"
      where not exists (select 1 from "objects" where "objects"."organisation" = "side"."organisation"
        and "objects"."kind" = "side"."kind" and "objects"."id" = "side"."id") limit ${listed}`.execute(db)
    for (const row of rows) find(`${table} names an object that is not there`, `organisation ${row.organisation}, ${row.kind} ${row.id}`)
  }
  const strays = await sql<{
    organisation: string
    message: string
    address: string
  }>`select "organisation", "message", "address" from "queueRecipients"
    where not exists (select 1 from "queueMessages" where "queueMessages"."organisation" = "queueRecipients"."organisation"
      and "queueMessages"."id" = "queueRecipients"."message") limit ${listed}`.execute(db)
  for (const row of strays.rows)
    find(`${row.address} waits for a message that is not there`, `organisation ${row.organisation}, queued message ${row.message}`)
  const idle = await sql<{ organisation: string; id: string }>`select "organisation", "id" from "queueMessages"
    where not exists (select 1 from "queueRecipients" where "queueRecipients"."organisation" = "queueMessages"."organisation"
      and "queueRecipients"."message" = "queueMessages"."id" and "queueRecipients"."state" = 'waiting') limit ${listed}`.execute(db)
  for (const row of idle.rows) find('nobody waits for it', `organisation ${row.organisation}, queued message ${row.id}`)
}
