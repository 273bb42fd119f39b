/** How PostgreSQL says what the engines say differently: words in a `tsvector`, rows leased past locked ones. */
import { sql, type Kysely, type SqlBool } from 'kysely'
import type { TextQuery } from '../items/words.ts'
import type { Flavour, Placeholder } from '../session.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>

const save = (db: Db, p: Placeholder<{ mailbox: string; row: number; words: string }>) => ({
  compile: () =>
    sql`insert into "itemWords" ("mailbox", "row", "words")
      values (${p('mailbox')}, ${p('row')}, array_to_tsvector(string_to_array(cast(${p('words')} as text), ' ')))
      on conflict ("mailbox", "row") do update set "words" = excluded."words"`.compile(db),
})
const remove = (db: Db, p: Placeholder<{ mailbox: string; row: number }>) => ({
  compile: () => sql`delete from "itemWords" where "mailbox" = ${p('mailbox')} and "row" = ${p('row')}`.compile(db),
})

/** A question as a tsquery. Tokens are letters, digits and marks; each is quoted all the same. */
function queryOf(query: TextQuery): string {
  if ('token' in query) return `'${query.token}'${query.prefix ? ':*' : ''}`
  if ('or' in query) return `(${query.or.map(queryOf).join(' | ')})`
  return `(${[...query.and.map(queryOf), ...(query.without ?? []).map((one) => `!${queryOf(one)}`)].join(' & ')})`
}

export const postgresFlavour: Flavour = {
  engine: 'postgres',
  // The cast takes the tokens as they are, without a dictionary.
  // As an array the rows found are known first; otherwise the planner likes to walk the folder and ask for each item.
  matches: (mailbox, query) =>
    sql<SqlBool>`"items"."row" = any(array(select "row" from "itemWords" where "mailbox" = ${mailbox}
      and "words" @@ cast(cast(${queryOf(query)} as text) as tsquery)))`,
  async saveWords(session, mailbox, row, tokens, replaces) {
    if (tokens.length > 0 || replaces) await session.run(save, { mailbox, row, words: tokens.join(' ') })
  },
  async removeWords(session, mailbox, rows) {
    await Promise.all(rows.map((row) => session.run(remove, { mailbox, row })))
  },
  hasWords: sql`exists (select 1 from "itemWords" where "itemWords"."mailbox" = "items"."mailbox" and "itemWords"."row" = "items"."row")`,
  // Autovacuum does it.
  tidyWords: async () => false,
  async orphanWords(session, limit) {
    const { rows } = await sql<{ row: number }>`select "row" from "itemWords" where not exists (select 1 from "items"
      where "items"."mailbox" = "itemWords"."mailbox" and "items"."row" = "itemWords"."row") limit ${limit}`.execute(session.db)
    return rows.map(({ row }) => row)
  },
  skipLocked: sql`for update skip locked`,
}
