/** The message tracking log: events of mail flow, appended in the write that makes them true, removed when they are old. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Placeholder, Session } from '../session.ts'
import { asciiLower, clean, type Tables } from '../tables.ts'
import type { TrackingReading, TrackingRow, TrackingWriting } from './contract.ts'

type Db = Kysely<Tables>

const sweptTogether = 500

const insert = (db: Db, p: Placeholder<Tables['tracking']>) =>
  db
    .insertInto('tracking')
    .values({
      organisation: p('organisation'),
      at: p('at'),
      id: p('id'),
      event: p('event'),
      source: p('source'),
      message: p('message'),
      messageId: p('messageId'),
      subject: p('subject'),
      sender: p('sender'),
      recipients: p('recipients'),
      size: p('size'),
      data: p('data'),
    })
    .onConflict((conflict) => conflict.doNothing())

export function readTracking(session: Session): TrackingReading {
  return {
    async scan(organisation, { from, to, event, messageId, message, sender, after, limit }) {
      const wanted: RawBuilder<unknown>[] = [sql`"organisation" = ${organisation}`, sql`"at" <= ${to}`]
      if (after) wanted.push(sql`("at", "id") > (${Math.max(after.at, from)}, ${after.at >= from ? after.id : ''})`)
      else wanted.push(sql`"at" >= ${from}`)
      if (event !== undefined) wanted.push(sql`"event" = ${event}`)
      if (messageId !== undefined) wanted.push(sql`"messageId" = ${messageId}`)
      if (message !== undefined) wanted.push(sql`"message" = ${message}`)
      if (sender !== undefined) wanted.push(sql`lower("sender") = ${asciiLower(sender)}`)
      const statement = sql<Tables['tracking']>`select * from "tracking" where ${sql.join(wanted, sql` and `)}
        order by "at", "id" limit ${limit}`
      return (await session.heavy(statement.compile(session.db))).map(decode)
    },
  }
}

export function writeTracking(session: Session): TrackingWriting {
  const { db } = session
  return {
    ...readTracking(session),
    async add(events) {
      for (const event of events) {
        await session.run(insert, {
          ...event,
          messageId: clean(event.messageId),
          subject: clean(event.subject),
          sender: clean(event.sender),
          recipients: JSON.stringify(event.recipients),
          data: JSON.stringify(event.data),
        })
      }
    },
    async sweep(organisation, before) {
      const { rows } = await sql<{ at: number }>`select "at" from "tracking"
        where "organisation" = ${organisation} and "at" < ${before} order by "at", "id" limit ${sql.lit(sweptTogether)}`.execute(db)
      const last = rows.at(-1)
      if (!last) return false
      await sql`delete from "tracking" where "organisation" = ${organisation} and "at" <= ${last.at} and "at" < ${before}`.execute(db)
      return rows.length === sweptTogether
    },
  }
}

function decode(row: Tables['tracking']): TrackingRow {
  return { ...row, at: Number(row.at), size: Number(row.size), recipients: JSON.parse(row.recipients), data: JSON.parse(row.data) }
}
