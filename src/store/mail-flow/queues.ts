/** The mail queue as administrators see it: by next hop. The work itself is done by lease and settle (`objects/queue`). */
import { sql, type Kysely, type SqlBool } from 'kysely'
import type { QueuedMessage, QueuedRecipient } from '../contract.ts'
import { padded } from '../in-list.ts'
import type { Placeholder, Session } from '../session.ts'
import type { Tables } from '../tables.ts'
import { heldMessage, heldQueue, type QueueReading, type QueueSummary, type QueueWriting } from './contract.ts'

type Db = Kysely<Tables>

const mostEntries = 50
const waiting = sql<SqlBool>`"state" = 'waiting'`

const suspendedOf = (db: Db, p: Placeholder<{ organisation: string }>) =>
  db.selectFrom('queueSuspensions').select('nextHop').where('organisation', '=', p('organisation'))

interface Counted {
  nextHop: string
  messages: number
  recipients: number
  active: number | null
  fresh: number | null
  nextRetry: number | null
  lastError: string | null
}

export function decodeMessage(row: Tables['queueMessages']): QueuedMessage {
  return { ...row, envelope: JSON.parse(row.envelope) }
}

export function decodeRecipient(row: Tables['queueRecipients']): QueuedRecipient {
  return { ...row, options: JSON.parse(row.options) }
}

export function readQueues(session: Session): QueueReading {
  const { db } = session

  async function suspensions(organisation: string): Promise<Set<string>> {
    return new Set((await session.all(suspendedOf, { organisation })).map(({ nextHop }) => nextHop))
  }

  async function counted(organisation: string, hops: readonly string[]): Promise<Map<string, Counted>> {
    if (hops.length === 0) return new Map()
    const statement = sql<Counted>`select "nextHop", count(distinct "message") as "messages", count(*) as "recipients",
      sum(case when "holder" <> '' then 1 else 0 end) as "active",
      sum(case when "holder" = '' and "lastError" = '' and "held" = 0 then 1 else 0 end) as "fresh",
      min(case when "holder" = '' and "lastError" <> '' and "held" = 0 then "due" end) as "nextRetry",
      max(case when "lastError" <> '' then "lastError" end) as "lastError"
      from "queueRecipients" where "organisation" = ${organisation} and ${waiting} and "nextHop" in (${sql.join(padded(hops))})
      group by "nextHop"`
    return new Map((await session.heavy(statement.compile(db))).map((row) => [row.nextHop, row]))
  }

  async function summarised(organisation: string, hops: readonly string[], suspended: Set<string>): Promise<QueueSummary[]> {
    const found = await counted(organisation, hops)
    return hops.flatMap((nextHop) => {
      const row = found.get(nextHop)
      if (!row && !suspended.has(nextHop)) return []
      return {
        nextHop,
        messages: Number(row?.messages ?? 0),
        recipients: Number(row?.recipients ?? 0),
        active: Number(row?.active ?? 0),
        fresh: Number(row?.fresh ?? 0),
        nextRetry: row?.nextRetry === null || row === undefined ? null : Number(row.nextRetry),
        lastError: row?.lastError ?? '',
        suspended: suspended.has(nextHop),
      }
    })
  }

  /** The next hops in use, each found by one step in the index. */
  async function hopsAfter(organisation: string, after: string, limit: number): Promise<string[]> {
    const found: string[] = []
    for (let last = after; found.length < limit;) {
      const { rows } = await sql<{ nextHop: string | null }>`select min("nextHop") as "nextHop" from "queueRecipients"
        where "organisation" = ${organisation} and ${waiting} and "nextHop" > ${last}`.execute(db)
      const next = rows[0]?.nextHop
      if (next === null || next === undefined) break
      found.push(next)
      last = next
    }
    return found
  }

  return {
    suspensions,
    async summaries(organisation, after, limit) {
      const suspended = await suspensions(organisation)
      const used = await hopsAfter(organisation, after, limit)
      const hops = [...new Set([...used, ...[...suspended].filter((hop) => hop > after)])].sort(byCode).slice(0, limit)
      return summarised(organisation, hops, suspended)
    },
    async summary(organisation, nextHop) {
      return (await summarised(organisation, [nextHop], await suspensions(organisation)))[0]
    },
    async entries(organisation, { nextHop, message, after, limit }) {
      const { rows } = await sql<{ nextHop: string; message: string }>`select distinct "nextHop", "message" from "queueRecipients"
        where "organisation" = ${organisation} and ${waiting} and ("nextHop", "message") > (${after.nextHop}, ${after.message})
        ${nextHop === undefined ? sql`` : sql`and "nextHop" = ${nextHop}`} ${message === undefined ? sql`` : sql`and "message" = ${message}`}
        order by "nextHop", "message" limit ${Math.min(limit, mostEntries)}`.execute(db)
      if (rows.length === 0) return []
      const ids = padded([...new Set(rows.map((row) => row.message))])
      const messages = await db
        .selectFrom('queueMessages')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('id', 'in', ids)
        .execute()
      const recipients = await db
        .selectFrom('queueRecipients')
        .selectAll()
        .where('organisation', '=', organisation)
        .where('message', 'in', ids)
        .where(waiting)
        .orderBy('address')
        .execute()
      const byId = new Map(messages.map((row) => [row.id, decodeMessage(row)]))
      const waitingThere = Map.groupBy(recipients, (one) => `${one.nextHop} ${one.message}`)
      return rows.flatMap((row) => {
        const of = byId.get(row.message)
        const there = waitingThere.get(`${row.nextHop} ${row.message}`)
        return of && there ? { nextHop: row.nextHop, message: of, recipients: there.map(decodeRecipient) } : []
      })
    },
  }
}

/** As both engines order text. */
function byCode(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export function writeQueues(session: Session): QueueReading & QueueWriting {
  const { db } = session
  const changed = async (statement: ReturnType<typeof sql>): Promise<number> => {
    session.work = true
    return Number((await statement.execute(db)).numAffectedRows ?? 0)
  }
  return {
    ...readQueues(session),
    async suspend(organisation, nextHop, now) {
      await db
        .insertInto('queueSuspensions')
        .values({ organisation, nextHop, since: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async resume(organisation, nextHop) {
      await db.deleteFrom('queueSuspensions').where('organisation', '=', organisation).where('nextHop', '=', nextHop).execute()
      await changed(sql`update "queueRecipients" set "held" = "held" - ${sql.lit(heldQueue)}
        where "organisation" = ${organisation} and ${waiting} and "nextHop" = ${nextHop} and "held" >= ${sql.lit(heldQueue)}`)
    },
    async hold(organisation, message, address, { nextHop, holder }) {
      // The suspension stays locked until the commit, so that whoever resumes the queue finds this recipient.
      const lock = session.flavour.engine === 'postgres' ? sql`for share` : sql``
      const { rows } = await sql`select 1 from "queueSuspensions"
        where "organisation" = ${organisation} and "nextHop" = ${nextHop} ${lock}`.execute(db)
      const bit = rows.length > 0 ? heldQueue : 0
      await changed(sql`update "queueRecipients" set "nextHop" = ${nextHop}, "holder" = '', "leaseUntil" = 0,
        "held" = case when "held" >= ${sql.lit(heldQueue)} then "held" else "held" + ${sql.lit(bit)} end
        where "organisation" = ${organisation} and "message" = ${message} and "address" = ${address} and "holder" = ${holder} and ${waiting}`)
    },
    holdMessage(organisation, message, nextHop, held) {
      const change = held ? sql`"held" + ${sql.lit(heldMessage)}` : sql`"held" - ${sql.lit(heldMessage)}`
      const now = held ? sql`(0, ${sql.lit(heldQueue)})` : sql`(${sql.lit(heldMessage)}, ${sql.lit(heldMessage + heldQueue)})`
      return changed(sql`update "queueRecipients" set "held" = ${change}
        where "organisation" = ${organisation} and "message" = ${message} and ${waiting} and "held" in ${now}
        ${nextHop === undefined ? sql`` : sql`and "nextHop" = ${nextHop}`}`)
    },
    retry(organisation, nextHop, now, categorise = false) {
      const anew = categorise ? sql`, "route" = 'categorise', "nextHop" = 'categorise'` : sql``
      return changed(sql`update "queueRecipients" set "due" = ${now} ${anew}
        where "organisation" = ${organisation} and "nextHop" = ${nextHop} and ${waiting} and "holder" = ''`)
    },
  }
}
