/** How SQLite says what the engines say differently: words in FTS5, no row locks. */
import { sql, type Kysely, type SqlBool } from 'kysely'
import type { TextQuery } from '../items/words.ts'
import type { Flavour, Placeholder } from '../session.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>

// FTS5 has no shape that Kysely knows: its statements are written out.
const insert = (db: Db, p: Placeholder<{ row: number; words: string }>) => ({
  compile: () => sql`insert into "itemWords" ("rowid", "words") values (${p('row')}, ${p('words')})`.compile(db),
})
const remove = (db: Db, p: Placeholder<{ row: number }>) => ({
  compile: () => sql`delete from "itemWords" where "rowid" = ${p('row')}`.compile(db),
})

/** Pages that one piece of tidying writes: a few milliseconds. */
const pagesOfOneMerge = 32

/** A question in the language of FTS5. Tokens are letters, digits and marks; each is quoted all the same. */
function matchOf(query: TextQuery): string {
  if ('token' in query) return `"${query.token}"${query.prefix ? '*' : ''}`
  if ('or' in query) return `(${query.or.map(matchOf).join(' OR ')})`
  const all = `(${query.and.map(matchOf).join(' AND ')})`
  return query.without ? `(${[all, ...query.without.map(matchOf)].join(' NOT ')})` : all
}

export const sqliteFlavour: Flavour = {
  engine: 'sqlite',
  matches: (_mailbox, query) => sql<SqlBool>`"items"."row" in (select "rowid" from "itemWords" where "itemWords" match ${matchOf(query)})`,
  async saveWords(session, _mailbox, row, tokens, replaces) {
    if (replaces) await session.run(remove, { row })
    if (tokens.length > 0) await session.run(insert, { row, words: tokens.join(' ') })
  },
  async removeWords(session, _mailbox, rows) {
    for (const row of rows) await session.run(remove, { row })
  },
  hasWords: sql`exists (select 1 from "itemWords" where "itemWords"."rowid" = "items"."row")`,
  async tidyWords({ db }) {
    const changes = async () => (await sql<{ n: number }>`select total_changes() as "n"`.execute(db)).rows[0]?.n ?? 0
    await sql`insert into "itemWords" ("itemWords", "rank") values ('deletemerge', 10)`.execute(db)
    const before = await changes()
    await sql`insert into "itemWords" ("itemWords", "rank") values ('merge', ${sql.lit(pagesOfOneMerge)})`.execute(db)
    // FTS5 counts a merge that found nothing as one change.
    const isWork = (await changes()) - before > 1
    await sql`insert into "itemWords" ("itemWords", "rank") values ('deletemerge', 0)`.execute(db)
    return isWork
  },
  async orphanWords(session, limit) {
    const statement = sql<{ row: number }>`select "rowid" as "row" from "itemWords"
      where not exists (select 1 from "items" where "items"."row" = "itemWords"."rowid") limit ${limit}`
    return (await session.heavy(statement.compile(session.db))).map(({ row }) => row)
  },
  skipLocked: sql``,
}
