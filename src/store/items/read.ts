/** Reading items: by id, by scan, by change, by what names them. */
import { sql, type Kysely } from 'kysely'
import type { ColumnCondition, ItemHead, ItemRow, ReadTx, Tombstone } from '../contract.ts'
import { readConversations } from '../conversations/read.ts'
import { padded } from '../in-list.ts'
import type { Placeholder, Session } from '../session.ts'
import { removedItem, type Tables } from '../tables.ts'
import { decodeHead, decodeRow, headNames, rowNames, someColumns, type StoredHead, type StoredRow } from './columns.ts'
import { isHeavy, scanKey, scanRows, scanValues, scanWhere } from './scan.ts'

type Db = Kysely<Tables>
type Since = { mailbox: string; change: number; limit: number }

const byId = (db: Db, p: Placeholder<{ mailbox: string; id: number }>) =>
  db.selectFrom('items').select(rowNames).where('mailbox', '=', p('mailbox')).where('id', '=', p('id'))
const changedInFolder = (db: Db, p: Placeholder<Since & { folder: number }>) =>
  db
    .selectFrom('items')
    .select(headNames)
    .where('mailbox', '=', p('mailbox'))
    .where('folder', '=', p('folder'))
    .where('change', '>', p('change'))
    .orderBy('change')
    .limit(p('limit'))
const removedFromFolder = (db: Db, p: Placeholder<Since & { folder: number }>) =>
  db
    .selectFrom('tombstones')
    .select(['id', 'folder', 'change'])
    .where('mailbox', '=', p('mailbox'))
    .where('what', '=', sql.lit(removedItem))
    .where('folder', '=', p('folder'))
    .where('change', '>', p('change'))
    .orderBy('change')
    .limit(p('limit'))
const changedInMailbox = (db: Db, p: Placeholder<Since>) =>
  db
    .selectFrom('items')
    .select(headNames)
    .where('mailbox', '=', p('mailbox'))
    .where('change', '>', p('change'))
    .orderBy('change')
    .limit(p('limit'))
const removedFromMailbox = (db: Db, p: Placeholder<Since>) =>
  db
    .selectFrom('tombstones')
    .select(['id', 'folder', 'change'])
    .where('mailbox', '=', p('mailbox'))
    .where('change', '>', p('change'))
    .where('what', '=', sql.lit(removedItem))
    .orderBy('change')
    .limit(p('limit'))
type Span = { mailbox: string; folder: number; from: number; to: number; limit: number }
const started = (db: Db, p: Placeholder<Span>) =>
  db
    .selectFrom('items')
    .select(rowNames)
    .where('mailbox', '=', p('mailbox'))
    .where('folder', '=', p('folder'))
    // Lets the partial index serve.
    .where('start', 'is not', null)
    .where('start', '<', p('to'))
// Two ranges of one index: those that end, and those that never do.
const overlapping = (db: Db, p: Placeholder<Span>) =>
  started(db, p)
    .where('end', '>', p('from'))
    .unionAll(started(db, p).where('end', 'is', null))
    .orderBy('start')
    .orderBy('id')
    .limit(p('limit'))
// Sorted by an expression, so that SQLite does not walk the mailbox in the order of ids instead of using the index.
const plainId = sql<number>`"id" + 0`
const byUid = (db: Db, p: Placeholder<{ mailbox: string; folder: number; uid: string; limit: number }>) =>
  db
    .selectFrom('items')
    .select(rowNames)
    .where('mailbox', '=', p('mailbox'))
    .where('folder', '=', p('folder'))
    .where('uid', '=', p('uid'))
    .where(sql<boolean>`"uid" <> ''`)
    .orderBy(plainId, 'desc')
    .limit(p('limit'))
const byMessageId = (db: Db, p: Placeholder<{ mailbox: string; messageId: string; after: number; limit: number }>) =>
  db
    .selectFrom('items')
    .select(headNames)
    .where('mailbox', '=', p('mailbox'))
    .where('messageId', '=', p('messageId'))
    .where(sql<boolean>`"messageId" <> ''`)
    .where(plainId, '>', p('after'))
    .orderBy(plainId)
    .limit(p('limit'))

/** True for the one condition that a folder's counter answers. */
function isUnread(where: ColumnCondition): boolean {
  return 'is' in where && where.column === 'isRead' && where.is === '=' && where.value === false
}

export function readItems(session: Session): ReadTx['items'] {
  const items: ReadTx['items'] = {
    ...readConversations(session),
    async get(mailbox, id) {
      await session.lock(mailbox)
      const row = await session.first(byId, { mailbox, id })
      return row && decodeRow(row)
    },
    async getMany(mailbox, ids) {
      if (ids.length === 0) return []
      await session.lock(mailbox)
      const rows = await session.db
        .selectFrom('items')
        .select(rowNames)
        .where('mailbox', '=', mailbox)
        .where('id', 'in', padded(ids))
        .execute()
      const byRowId = new Map(rows.map((row) => [row.id, row]))
      return ids.flatMap((id) => {
        const row = byRowId.get(id)
        return row ? [decodeRow(row)] : []
      })
    },
    async heads(scan) {
      return (await scanRows<StoredHead>(session, scan, headNames)).map(decodeHead)
    },
    async rows(scan) {
      if (scan.columns) {
        const { names, decode } = someColumns(scan.mailbox, scan.columns)
        return (await scanValues(session, scan, names)).map(decode)
      }
      return (await scanRows<StoredRow>(session, scan, rowNames)).map(decodeRow)
    },
    scanKey,
    async count(scan) {
      const folders = [...new Set(scan.folders)]
      if (folders.length === 0) return 0
      await session.lock(scan.mailbox)
      const counter = scan.where === undefined ? 'total' : isUnread(scan.where) && !scan.associated ? 'unread' : undefined
      if (counter) {
        const column = counter === 'total' && scan.associated ? 'associatedTotal' : counter
        const row = await session.db
          .selectFrom('folders')
          .select((select) => select.fn.sum<number | null>(column).as('count'))
          .where('mailbox', '=', scan.mailbox)
          .where('id', 'in', padded(folders))
          .executeTakeFirst()
        return Number(row?.count ?? 0)
      }
      const statement = sql<{ count: number }>`select count(*) as "count" from "items" where ${scanWhere(session, scan, folders)}`
      const rows = (await isHeavy(session, scan))
        ? await session.heavy(statement.compile(session.db))
        : (await statement.execute(session.db)).rows
      return Number(rows[0]?.count ?? 0)
    },
    async changedSince(mailbox, folder, change, limit) {
      await session.lock(mailbox)
      return (await session.all(changedInFolder, { mailbox, folder, change, limit })).map(decodeHead)
    },
    async removedSince(mailbox, folder, change, limit) {
      await session.lock(mailbox)
      return (await session.all(removedFromFolder, { mailbox, folder, change, limit })).map(decodeTombstone)
    },
    async mailboxChangesSince(mailbox, change, limit): Promise<ItemHead[]> {
      await session.lock(mailbox)
      return (await session.all(changedInMailbox, { mailbox, change, limit })).map(decodeHead)
    },
    async mailboxRemovalsSince(mailbox, change, limit) {
      await session.lock(mailbox)
      return (await session.all(removedFromMailbox, { mailbox, change, limit })).map(decodeTombstone)
    },
    async overlapping(mailbox, folder, from, to, limit): Promise<ItemRow[]> {
      await session.lock(mailbox)
      return (await session.all(overlapping, { mailbox, folder, from, to, limit })).map(decodeRow)
    },
    async byUid(mailbox, folder, uid, limit) {
      await session.lock(mailbox)
      return (await session.all(byUid, { mailbox, folder, uid, limit })).map(decodeRow)
    },
    async byMessageId(mailbox, messageId, limit, after = 0) {
      await session.lock(mailbox)
      return (await session.all(byMessageId, { mailbox, messageId, after, limit })).map(decodeHead)
    },
  }
  return items
}

function decodeTombstone(row: Tombstone): Tombstone {
  return { id: row.id, folder: row.folder, change: row.change }
}
