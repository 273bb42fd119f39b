/** Jobs: rows with a lease. */
import { sql, type Kysely, type SqlBool } from 'kysely'
import { Refusal } from '#model'
import type { JobRow, ReadTx, WriteTx } from '../contract.ts'
import type { Placeholder, Session } from '../session.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>

const byId = (db: Db, p: Placeholder<{ organisation: string; id: string }>) =>
  db.selectFrom('jobs').selectAll().where('organisation', '=', p('organisation')).where('id', '=', p('id'))
const ofKind = (db: Db, p: Placeholder<{ organisation: string; kind: string }>) =>
  db.selectFrom('jobs').selectAll().where('organisation', '=', p('organisation')).where('kind', '=', p('kind')).orderBy('due').orderBy('id')
const upsert = (db: Db, p: Placeholder<Omit<Tables['jobs'], 'holder' | 'leaseUntil'>>) =>
  db
    .insertInto('jobs')
    .values({
      organisation: p('organisation'),
      id: p('id'),
      kind: p('kind'),
      due: p('due'),
      state: p('state'),
      holder: sql<string>`''`,
      leaseUntil: sql<number>`0`,
    })
    .onConflict((conflict) =>
      conflict.columns(['organisation', 'id']).doUpdateSet((row) => ({
        kind: row.ref('excluded.kind'),
        due: row.ref('excluded.due'),
        state: row.ref('excluded.state'),
      })),
    )

function decode(row: Tables['jobs']): JobRow {
  return { ...row, state: JSON.parse(row.state) }
}

export function readJobs(session: Session): ReadTx['jobs'] {
  return {
    async get(organisation, id) {
      const row = await session.first(byId, { organisation, id })
      return row && decode(row)
    },
    async list(organisation, kind) {
      return (await session.all(ofKind, { organisation, kind })).map(decode)
    },
  }
}

export function writeJobs(session: Session): WriteTx['jobs'] {
  const { db } = session
  return {
    ...readJobs(session),
    async save(job) {
      await session.run(upsert, {
        organisation: job.organisation,
        id: job.id,
        kind: job.kind,
        due: job.due,
        state: JSON.stringify(job.state),
      })
      session.work = true
    },
    async hurry(organisation, id, due) {
      // One statement: what runs the job may write down its state in the same moment.
      await sql`update "jobs" set "due" = ${due} where "organisation" = ${organisation} and "id" = ${id} and "due" > ${due}`.execute(db)
      session.work = true
    },
    async remove(organisation, id) {
      await sql`delete from "jobs" where "organisation" = ${organisation} and "id" = ${id}`.execute(db)
    },
    async lease(kinds, holder, now, until, limit) {
      if (kinds.length === 0 || limit <= 0) return []
      const due = await sql<Tables['jobs']>`select * from "jobs"
        where "kind" in (${sql.join(kinds)}) and "due" <= ${now} and "leaseUntil" <= ${now}
        order by "due", "organisation", "id" limit ${limit} ${session.flavour.skipLocked}`.execute(db)
      for (const row of due.rows) {
        await db
          .updateTable('jobs')
          .set({ holder, leaseUntil: until })
          .where('organisation', '=', row.organisation)
          .where('id', '=', row.id)
          .execute()
      }
      return due.rows.map((row) => decode({ ...row, holder, leaseUntil: until }))
    },
    async release(organisation, id, holder, state, due) {
      const mine = sql<SqlBool>`"organisation" = ${organisation} and "id" = ${id} and "holder" = ${holder}`
      const { numAffectedRows } =
        due === null
          ? await sql`delete from "jobs" where ${mine}`.execute(db)
          : await sql`update "jobs" set "state" = ${JSON.stringify(state)}, "due" = ${due}, "holder" = '', "leaseUntil" = 0 where ${mine}`.execute(
              db,
            )
      if (Number(numAffectedRows ?? 0) === 0) throw new Refusal('StaleObject', `The lease of ${holder} on job ${id} is over.`, { id })
      session.work = true
    },
  }
}
