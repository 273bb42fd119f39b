import { sql, type Kysely } from 'kysely'
import { decodeRow, rowNames } from '../items/columns.ts'
import { wordsOfItem, tokensOf } from '../items/words.ts'
import type { Placeholder, Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'
import { textIndexJob, type TextReading, type TextWriting } from './contract.ts'

type Db = Kysely<Tables>

const enqueue = (_: Db, p: Placeholder<{ mailbox: string; item: number; since: number }>) => ({
  compile: () =>
    sql`insert into "textQueue" ("mailbox", "row", "problem", "since")
      select "mailbox", "row", '', cast(${p('since')} as bigint) from "items" where "mailbox" = ${p('mailbox')} and "id" = ${p('item')}
      on conflict ("mailbox", "row") do update set "problem" = '', "since" = excluded."since"`.compile(_),
})
// One job that nobody holds is enough: whoever holds one may have looked already.
const enqueueJob = (
  _: Db,
  p: Placeholder<{ mailbox: string; id: string; from: string; to: string; kind: string; since: number; state: string }>,
) => ({
  compile: () =>
    sql`insert into "jobs" ("organisation", "id", "kind", "due", "holder", "leaseUntil", "state")
      select "organisation", ${p('id')}, ${p('kind')}, cast(${p('since')} as bigint), '', 0, ${p('state')} from "mailboxes"
      where "mailbox" = ${p('mailbox')} and not exists (select 1 from "jobs" where "jobs"."organisation" = "mailboxes"."organisation"
        and "jobs"."id" >= ${p('from')} and "jobs"."id" < ${p('to')} and "jobs"."holder" = '')
      on conflict ("organisation", "id") do nothing`.compile(_),
})

/** Lets an item wait for its words to be made anew; in the write that changed what they are made from. */
export async function queueText(session: Session, mailbox: string, item: number): Promise<void> {
  const since = session.clock()
  await session.run(enqueue, { mailbox, item, since })
  const from = `text:${mailbox}:`
  await session.run(enqueueJob, {
    mailbox,
    id: `${from}${item}`,
    from,
    to: `text:${mailbox};`,
    kind: textIndexJob,
    since,
    state: JSON.stringify({ mailbox }),
  })
  session.work = true
}

/** Forgets rows that are no more. */
export async function dropText(session: Session, mailbox: string, rows: number[]): Promise<void> {
  const most = 500
  for (let at = 0; at < rows.length; at += most) {
    await session.db
      .deleteFrom('textQueue')
      .where('mailbox', '=', mailbox)
      .where('row', 'in', rows.slice(at, at + most))
      .execute()
  }
}

export function readText(session: Session): TextReading {
  const { db } = session
  return {
    async waiting(mailbox, limit) {
      const rows = await db
        .selectFrom('textQueue')
        .innerJoin('items', (join) => join.onRef('items.mailbox', '=', 'textQueue.mailbox').onRef('items.row', '=', 'textQueue.row'))
        .select(rowNames.map((name) => `items.${name}` as const))
        .where('textQueue.mailbox', '=', mailbox)
        .where('textQueue.problem', '=', '')
        .orderBy('textQueue.row', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => decodeRow(row as never))
    },
    async lag() {
      const row = await sql<{
        waiting: number
        since: number | null
      }>`select count(*) as "waiting", min("since") as "since" from "textQueue"
        where "problem" = ''`.execute(db)
      const [found] = row.rows
      return { waiting: Number(found?.waiting ?? 0), since: found?.since == null ? undefined : Number(found.since) }
    },
    async problems(mailbox, after, limit) {
      const rows = await db
        .selectFrom('textQueue')
        .innerJoin('items', (join) => join.onRef('items.mailbox', '=', 'textQueue.mailbox').onRef('items.row', '=', 'textQueue.row'))
        .select(['items.id as item', 'textQueue.row', 'textQueue.problem', 'textQueue.since'])
        .where('textQueue.mailbox', '=', mailbox)
        .where('textQueue.problem', '<>', '')
        .where('textQueue.row', '>', after)
        .orderBy('textQueue.row')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...row, row: Number(row.row), since: Number(row.since) }))
    },
    async countProblems(mailbox) {
      const found = await db
        .selectFrom('textQueue')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('mailbox', '=', mailbox)
        .where('problem', '<>', '')
        .executeTakeFirst()
      return Number(found?.count ?? 0)
    },
    async isWhole(mailbox, item) {
      const found = await db
        .selectFrom('items')
        .innerJoin('textQueue', (join) => join.onRef('items.mailbox', '=', 'textQueue.mailbox').onRef('items.row', '=', 'textQueue.row'))
        .select('items.id')
        .where('items.mailbox', '=', mailbox)
        .where('items.id', '=', item)
        .executeTakeFirst()
      return found === undefined
    },
  }
}

export function writeText(session: Session): TextWriting {
  const { db } = session
  return {
    ...readText(session),
    async index({ mailbox, id, change }, text, problem) {
      await session.lock(mailbox)
      const row = await db
        .selectFrom('items')
        .select([...rowNames, 'row'])
        .where('mailbox', '=', mailbox)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row || Number(row.change) !== change) return
      const queued = db
        .updateTable('textQueue')
        .set({ problem: clean(problem) })
        .where('mailbox', '=', mailbox)
        .where('row', '=', row.row)
      await session.flavour.saveWords(session, mailbox, row.row, tokensOf(mailbox, wordsOfItem(decodeRow(row as never), text)), true)
      if (problem) await queued.execute()
      else await db.deleteFrom('textQueue').where('mailbox', '=', mailbox).where('row', '=', row.row).execute()
    },
    async isDone(mailbox) {
      await session.lock(mailbox)
      const found = await db
        .selectFrom('textQueue')
        .select('row')
        .where('mailbox', '=', mailbox)
        .where('problem', '=', '')
        .limit(1)
        .execute()
      return found.length === 0
    },
  }
}
