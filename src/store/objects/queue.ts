/** The mail queue: messages and their recipients, each waiting for its next hop under a lease. */
import { sql, type Kysely } from 'kysely'
import { countReferences, putBlob, readBlob } from '../blobs.ts'
import type { QueuedRecipient, ReadTx, WriteTx } from '../contract.ts'
import { decodeMessage, decodeRecipient, readQueues, writeQueues } from '../mail-flow/queues.ts'
import type { Placeholder, Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'

type Db = Kysely<Tables>
type Key = { organisation: string; message: string }
type RecipientKey = Key & { address: string }

const messageById = (db: Db, p: Placeholder<{ organisation: string; id: string }>) =>
  db.selectFrom('queueMessages').selectAll().where('organisation', '=', p('organisation')).where('id', '=', p('id'))
const messagePage = (db: Db, p: Placeholder<{ organisation: string; after: string; limit: number }>) =>
  db
    .selectFrom('queueMessages')
    .selectAll()
    .where('organisation', '=', p('organisation'))
    .where('id', '>', p('after'))
    .orderBy('id')
    .limit(p('limit'))
const recipientsOf = (db: Db, p: Placeholder<Key>) =>
  db
    .selectFrom('queueRecipients')
    .selectAll()
    .where('organisation', '=', p('organisation'))
    .where('message', '=', p('message'))
    .orderBy('address')
const waitingOf = (db: Db, p: Placeholder<Key>) =>
  db
    .selectFrom('queueRecipients')
    .select('address')
    .where('organisation', '=', p('organisation'))
    .where('message', '=', p('message'))
    .where('state', '=', sql.lit('waiting'))
    .limit(sql.lit(1))
const insertMessage = (db: Db, p: Placeholder<Tables['queueMessages']>) =>
  db.insertInto('queueMessages').values({
    organisation: p('organisation'),
    id: p('id'),
    accepted: p('accepted'),
    sender: p('sender'),
    blob: p('blob'),
    size: p('size'),
    envelope: p('envelope'),
  })
const insertRecipient = (db: Db, p: Placeholder<RecipientKey & { route: string; due: number; options: string }>) =>
  db
    .insertInto('queueRecipients')
    .values({
      organisation: p('organisation'),
      message: p('message'),
      address: p('address'),
      route: p('route'),
      nextHop: p('route'),
      held: sql.lit(0),
      due: p('due'),
      options: p('options'),
      state: sql.lit('waiting' as const),
      attempts: sql.lit(0),
      holder: sql.lit(''),
      leaseUntil: sql.lit(0),
      lastError: sql.lit(''),
    })
    .onConflict((conflict) => conflict.doNothing())
const leaseOne = (db: Db, p: Placeholder<RecipientKey & { holder: string; until: number }>) =>
  db
    .updateTable('queueRecipients')
    .set({ holder: p('holder'), leaseUntil: p('until') })
    .where('organisation', '=', p('organisation'))
    .where('message', '=', p('message'))
    .where('address', '=', p('address'))
const settleOne = (
  db: Db,
  p: Placeholder<
    RecipientKey & { state: QueuedRecipient['state']; due: number | null; lastError: string; holder: string; nextHop: string | null }
  >,
) =>
  db
    .updateTable('queueRecipients')
    .set({
      state: p('state'),
      due: sql<number>`coalesce(cast(${p('due')} as bigint), "due")`,
      lastError: p('lastError'),
      nextHop: sql<string>`coalesce(cast(${p('nextHop')} as text), "nextHop")`,
      attempts: sql<number>`"attempts" + 1`,
      holder: sql.lit(''),
      leaseUntil: sql.lit(0),
    })
    .where('organisation', '=', p('organisation'))
    .where('message', '=', p('message'))
    .where('address', '=', p('address'))
    .where('state', '=', sql.lit('waiting' as const))
    // An empty holder settles whoever holds the lease.
    .where((where) => where.or([where(sql<string>`cast(${p('holder')} as text)`, '=', ''), where('holder', '=', p('holder'))]))
const removeRecipients = (db: Db, p: Placeholder<Key>) =>
  db.deleteFrom('queueRecipients').where('organisation', '=', p('organisation')).where('message', '=', p('message'))
const removeMessage = (db: Db, p: Placeholder<Key>) =>
  db.deleteFrom('queueMessages').where('organisation', '=', p('organisation')).where('id', '=', p('message')).returning('blob')
// Locks the message, so that the last two recipients to be settled do not each wait for the other's commit.
const touchMessage = (db: Db, p: Placeholder<Key>) =>
  db
    .updateTable('queueMessages')
    .set({ size: sql<number>`"size"` })
    .where('organisation', '=', p('organisation'))
    .where('id', '=', p('message'))

export function readQueue(session: Session): ReadTx['queue'] {
  const { db } = session
  return {
    ...readQueues(session),
    async message(organisation, id) {
      const row = await session.first(messageById, { organisation, id })
      return row && decodeMessage(row)
    },
    async recipients(organisation, message) {
      return (await session.all(recipientsOf, { organisation, message })).map(decodeRecipient)
    },
    async list(organisation, after, limit) {
      return (await session.all(messagePage, { organisation, after, limit })).map(decodeMessage)
    },
    async counts() {
      const { rows } = await sql<{
        route: string
        waiting: number
      }>`select "nextHop" as "route", count(*) as "waiting" from "queueRecipients"
        where "state" = 'waiting' group by "nextHop" order by "nextHop"`.execute(db)
      return rows.map(({ route, waiting }) => ({ route, waiting: Number(waiting) }))
    },
    async nextDue() {
      const { rows } = await sql<{ free: number | null; leased: number | null }>`select
        (select min("due") from "queueRecipients" where "state" = 'waiting' and "holder" = '' and "held" = 0) as "free",
        (select min("leaseUntil") from "queueRecipients" where "state" = 'waiting' and "holder" <> '' and "held" = 0) as "leased"`.execute(
        db,
      )
      const known = [rows[0]?.free, rows[0]?.leased].filter((at) => at !== null && at !== undefined)
      return known.length > 0 ? Math.min(...known) : undefined
    },
    blob: (organisation, digest) => readBlob(session, organisation, digest),
  }
}

export function writeQueue(session: Session): WriteTx['queue'] {
  const { db } = session
  return {
    ...readQueue(session),
    ...writeQueues(session),
    async add(message, blob, recipients) {
      const { organisation, id } = message
      await putBlob(session, organisation, blob)
      await session.run(insertMessage, { ...message, sender: clean(message.sender), envelope: JSON.stringify(message.envelope) })
      await countReferences(session, organisation, [message.blob], 1)
      for (const { address, route, due, options } of recipients) {
        await session.run(insertRecipient, {
          organisation,
          message: id,
          address: clean(address),
          route,
          due,
          options: JSON.stringify(options),
        })
      }
      session.work = true
    },
    async lease(holder, now, until, limit) {
      const found: QueuedRecipient[] = []
      // Two ranges of two indexes: those nobody holds, then those whose holder let the lease run out.
      for (const range of [
        sql`"holder" = '' and "due" <= ${now} order by "due"`,
        sql`"holder" <> '' and "leaseUntil" <= ${now} order by "leaseUntil"`,
      ]) {
        if (found.length >= limit) break
        const { rows } = await sql<
          Tables['queueRecipients']
        >`select * from "queueRecipients" where "state" = 'waiting' and "held" = 0 and ${range}
          limit ${limit - found.length} ${session.flavour.skipLocked}`.execute(db)
        for (const row of rows) {
          await session.run(leaseOne, { organisation: row.organisation, message: row.message, address: row.address, holder, until })
          found.push(decodeRecipient({ ...row, holder, leaseUntil: until }))
        }
      }
      return found
    },
    async settle(organisation, message, address, outcome) {
      await session.run(touchMessage, { organisation, message })
      const settled = await session.run(settleOne, {
        organisation,
        message,
        address,
        state: outcome.state,
        due: outcome.due ?? null,
        lastError: clean(outcome.lastError ?? ''),
        holder: outcome.holder ?? '',
        nextHop: outcome.nextHop ?? null,
      })
      if (settled === 0) return false
      if (outcome.state === 'waiting') session.work = true
      if (await session.first(waitingOf, { organisation, message })) return true
      await session.run(removeRecipients, { organisation, message })
      const gone = await session.first(removeMessage, { organisation, message })
      if (gone) await countReferences(session, organisation, [gone.blob], -1)
      return true
    },
    async release(holder) {
      const result = await db
        .updateTable('queueRecipients')
        .set({ holder: '', leaseUntil: 0 })
        .where('holder', '=', holder)
        .where(sql<boolean>`"state" = 'waiting' and "holder" <> ''`)
        .executeTakeFirst()
      session.work = true
      return Number(result.numUpdatedRows)
    },
  }
}
