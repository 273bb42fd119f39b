/** Attachment rows. Their numbers come from a counter of the item and are never given twice. */
import { sql, type Kysely } from 'kysely'
import { Refusal } from '#model'
import { countReferences } from './blobs.ts'
import type { AttachmentRow, ReadTx, WriteTx } from './contract.ts'
import { withoutUndefined } from './folders.ts'
import { padded } from './in-list.ts'
import type { Placeholder, Session } from './session.ts'
import { queueText } from './text/text.ts'
import { clean, type Tables } from './tables.ts'

type Db = Kysely<Tables>
type Key = { mailbox: string; item: number; number: number }

const ofItem = (db: Db, p: Placeholder<{ mailbox: string; item: number }>) =>
  db.selectFrom('attachments').selectAll().where('mailbox', '=', p('mailbox')).where('item', '=', p('item')).orderBy('number')
const byKey = (db: Db, p: Placeholder<Key>) =>
  db
    .selectFrom('attachments')
    .selectAll()
    .where('mailbox', '=', p('mailbox'))
    .where('item', '=', p('item'))
    .where('number', '=', p('number'))
const nextNumber = (db: Db, p: Placeholder<{ mailbox: string; item: number }>) =>
  db
    .updateTable('items')
    .set({ lastAttachment: sql<number>`"lastAttachment" + 1` })
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('item'))
    .returning('lastAttachment')
const insert = (db: Db, p: Placeholder<Tables['attachments']>) =>
  db.insertInto('attachments').values({
    mailbox: p('mailbox'),
    item: p('item'),
    number: p('number'),
    kind: p('kind'),
    name: p('name'),
    contentType: p('contentType'),
    contentId: p('contentId'),
    contentLocation: p('contentLocation'),
    inline: p('inline'),
    size: p('size'),
    modified: p('modified'),
    blob: p('blob'),
    photo: p('photo'),
  })
const remove = (db: Db, p: Placeholder<Key>) =>
  db.deleteFrom('attachments').where('mailbox', '=', p('mailbox')).where('item', '=', p('item')).where('number', '=', p('number'))

function decode(row: Tables['attachments']): AttachmentRow {
  return { ...row, inline: row.inline === 1, photo: row.photo === 1 }
}

function encode(row: AttachmentRow): Tables['attachments'] {
  return {
    mailbox: row.mailbox,
    item: row.item,
    number: row.number,
    kind: row.kind,
    name: clean(row.name),
    contentType: clean(row.contentType),
    contentId: clean(row.contentId),
    contentLocation: clean(row.contentLocation),
    inline: row.inline ? 1 : 0,
    size: row.size,
    modified: row.modified,
    blob: row.blob,
    photo: row.photo ? 1 : 0,
  }
}

export function readAttachments(session: Session): ReadTx['attachments'] {
  return {
    async list(mailbox, item) {
      await session.lock(mailbox)
      return (await session.all(ofItem, { mailbox, item })).map(decode)
    },
    async listMany(mailbox, items) {
      if (items.length === 0) return []
      await session.lock(mailbox)
      const rows = await session.db
        .selectFrom('attachments')
        .selectAll()
        .where('mailbox', '=', mailbox)
        .where('item', 'in', padded(items))
        .orderBy('item')
        .orderBy('number')
        .execute()
      return rows.map(decode)
    },
    async get(mailbox, item, number) {
      await session.lock(mailbox)
      const row = await session.first(byKey, { mailbox, item, number })
      return row && decode(row)
    },
  }
}

export function writeAttachments(session: Session): WriteTx['attachments'] {
  const reads = readAttachments(session)

  async function known(mailbox: string, item: number, number: number): Promise<AttachmentRow> {
    const row = await reads.get(mailbox, item, number)
    if (!row) throw new Refusal('InvalidAttachmentId', `Item ${item} has no attachment ${number}.`, { mailbox, item, number })
    return row
  }

  return {
    ...reads,
    async insert(row) {
      await session.lock(row.mailbox)
      const next = await session.first(nextNumber, { mailbox: row.mailbox, item: row.item })
      if (!next) throw new Refusal('ItemNotFound', `There is no item ${row.item} in mailbox ${row.mailbox}.`, { item: row.item })
      const stored = encode({ ...row, number: next.lastAttachment })
      await session.run(insert, stored)
      await countReferences(session, row.mailbox, [row.blob], 1)
      await queueText(session, row.mailbox, row.item)
      return decode(stored)
    },
    async update(mailbox, item, number, changes) {
      await session.lock(mailbox)
      const old = await known(mailbox, item, number)
      const now = encode({ ...old, ...withoutUndefined(changes), mailbox, item, number })
      await session.db
        .updateTable('attachments')
        .set(now)
        .where('mailbox', '=', mailbox)
        .where('item', '=', item)
        .where('number', '=', number)
        .execute()
      if (now.blob === old.blob) return
      await countReferences(session, mailbox, [now.blob], 1)
      await countReferences(session, mailbox, [old.blob], -1)
      await queueText(session, mailbox, item)
    },
    async remove(mailbox, item, number) {
      await session.lock(mailbox)
      const old = await known(mailbox, item, number)
      await session.run(remove, { mailbox, item, number })
      await countReferences(session, mailbox, [old.blob], -1)
      await queueText(session, mailbox, item)
    },
  }
}
