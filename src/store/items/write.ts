/** Writing items: each step keeps the counters, blob references, tombstones and the text index in its own transaction. */
import { sql, type Kysely } from 'kysely'
import { Refusal } from '#model'
import { countReferences, readBlob } from '../blobs.ts'
import type { ItemRow, NewItem, SearchText, WriteTx } from '../contract.ts'
import { addCounts, leaveTombstone, withoutUndefined, type Counts } from '../folders.ts'
import { takeChanges } from '../mailboxes.ts'
import type { Placeholder, Session } from '../session.ts'
import { removedItem, type Tables } from '../tables.ts'
import { decodeRow, encodeRow, rowNames, type EncodedItem } from './columns.ts'
import { markAll, markRead, removeListed, removeSome } from './many.ts'
import { readItems } from './read.ts'
import { dropText, queueText } from '../text/text.ts'
import { tokensOf, wordsOfItem } from './words.ts'
import { withoutMarkup } from './without-markup.ts'

type Db = Kysely<Tables>
type Key = { mailbox: string; id: number }

const withRow = (db: Db, p: Placeholder<Key>) =>
  db
    .selectFrom('items')
    .select([...rowNames, 'row', 'lastAttachment'])
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('id'))
const insert = (db: Db, p: Placeholder<EncodedItem & { lastAttachment: number }>) => {
  const names = [...rowNames, 'lastAttachment'] as const
  return db
    .insertInto('items')
    .values(Object.fromEntries(names.map((name) => [name, p(name)])) as unknown as EncodedItem)
    .returning('row')
}
const remove = (db: Db, p: Placeholder<Key>) => db.deleteFrom('items').where('mailbox', '=', p('mailbox')).where('id', '=', p('id'))
const blobsOf = (db: Db, p: Placeholder<{ mailbox: string; item: number }>) =>
  db.selectFrom('attachments').select('blob').where('mailbox', '=', p('mailbox')).where('item', '=', p('item'))
const namesOf = (db: Db, p: Placeholder<{ mailbox: string; item: number }>) =>
  db.selectFrom('attachments').select('name').where('mailbox', '=', p('mailbox')).where('item', '=', p('item'))
const removeAttachments = (db: Db, p: Placeholder<{ mailbox: string; item: number }>) =>
  db.deleteFrom('attachments').where('mailbox', '=', p('mailbox')).where('item', '=', p('item'))
const moveAttachments = (db: Db, p: Placeholder<{ mailbox: string; from: number; to: number }>) =>
  db
    .updateTable('attachments')
    .set({ item: p('to') })
    .where('mailbox', '=', p('mailbox'))
    .where('item', '=', p('from'))

/** What the item adds to its folder's counters. */
function countsOf(item: Pick<ItemRow, 'associated' | 'isRead' | 'size'>, step: 1 | -1): Counts {
  const plain = item.associated ? 0 : step
  return { total: plain, unread: item.isRead ? 0 : plain, associatedTotal: item.associated ? step : 0, size: step * item.size }
}

/** The words by which an item is found. */
function wordsOf(item: ItemRow, given: SearchText | string): string[] {
  return tokensOf(item.mailbox, wordsOfItem(item, typeof given === 'string' ? { body: given } : given))
}

function noItem(mailbox: string, id: number): Refusal {
  return new Refusal('ItemNotFound', `There is no item ${id} in mailbox ${mailbox}.`, { mailbox, item: id })
}

export function writeItems(session: Session): WriteTx['items'] {
  async function known(mailbox: string, id: number): Promise<{ item: ItemRow; row: number; lastAttachment: number }> {
    await session.lock(mailbox)
    const found = await session.first(withRow, { mailbox, id })
    if (!found) throw noItem(mailbox, id)
    return { item: decodeRow(found), row: found.row, lastAttachment: found.lastAttachment }
  }

  async function store(item: ItemRow, lastAttachment: number): Promise<number> {
    const stored = await session.first(insert, { ...encodeRow(item), lastAttachment })
    if (!stored) throw new Error('an insert gave no row')
    return stored.row
  }

  async function attachmentBlobs(mailbox: string, item: number): Promise<string[]> {
    return (await session.all(blobsOf, { mailbox, item })).map(({ blob }) => blob)
  }

  return {
    ...readItems(session),
    async insert(input, text) {
      const change = await takeChanges(session, input.mailbox, 1, input.size)
      const item = storedShape({ ...input, id: change, change, contentChange: change })
      await addCounts(session, item.mailbox, item.folder, change, countsOf(item, 1))
      const row = await store(item, 0)
      await countReferences(session, item.mailbox, [item.mime, item.body], 1)
      await session.flavour.saveWords(session, item.mailbox, row, wordsOf(item, text), false)
      return item
    },

    async update(mailbox, id, changes, text) {
      const given = withoutUndefined(changes)
      const { item: old, row, lastAttachment } = await known(mailbox, id)
      if (given.folder !== undefined && given.folder !== old.folder) throw new Error('items change folder by move')
      const change = await takeChanges(session, mailbox, 1, (given.size ?? old.size) - old.size)
      const readOnly = Object.keys(given).every((name) => name === 'isRead' || name === 'modified') && text === undefined
      const contentChange = readOnly && given.isRead !== undefined ? old.contentChange : change
      const item = storedShape({ ...old, ...given, mailbox, id, change, contentChange })
      if (readOnly && contentChange === old.contentChange) {
        await session.run(markRead, { mailbox, id, isRead: item.isRead ? 1 : 0, change, modified: item.modified })
      } else {
        await session.db.updateTable('items').set(encodeRow(item)).where('mailbox', '=', mailbox).where('id', '=', id).execute()
      }
      const before = countsOf(old, -1)
      const after = countsOf(item, 1)
      await addCounts(session, mailbox, item.folder, change, {
        total: before.total + after.total,
        unread: before.unread + after.unread,
        associatedTotal: before.associatedTotal + after.associatedTotal,
        size: before.size + after.size,
      })
      await exchangeReferences(session, old, item)
      if (text !== undefined) {
        await session.flavour.saveWords(session, mailbox, row, wordsOf(item, text), true)
        if (lastAttachment > 0) await queueText(session, mailbox, id)
      }
      return item
    },

    async move(mailbox, id, folder, modified, changed) {
      const { item: old } = await known(mailbox, id)
      const properties = changed?.(old.properties)
      const change = await takeChanges(session, mailbox, 1, 0)
      const item: ItemRow = { ...old, id: change, folder, modified, change, contentChange: change, ...(properties ? { properties } : {}) }
      await addCounts(session, mailbox, folder, change, countsOf(item, 1))
      await addCounts(session, mailbox, old.folder, change, countsOf(old, -1))
      await session.db
        .updateTable('items')
        .set({
          ...{ id: change, folder, modified, change, contentChange: change },
          ...(properties ? { properties: encodeRow(item).properties } : {}),
        })
        .where('mailbox', '=', mailbox)
        .where('id', '=', id)
        .execute()
      await session.run(moveAttachments, { mailbox, from: id, to: change })
      await leaveTombstone(session, { mailbox, change, what: removedItem, id, folder: old.folder })
      return item
    },

    async copy(mailbox, id, folder, created) {
      const { item: source, lastAttachment } = await known(mailbox, id)
      const change = await takeChanges(session, mailbox, 1, source.size)
      const item: ItemRow = { ...source, id: change, folder, created, modified: created, change, contentChange: change }
      await addCounts(session, mailbox, folder, change, countsOf(item, 1))
      const row = await store(item, lastAttachment)
      const blobs = await attachmentBlobs(mailbox, id)
      await sql`insert into "attachments" ("mailbox", "item", "number", "kind", "name", "contentType", "contentId", "contentLocation", "inline", "size", "modified", "blob", "photo")
        select "mailbox", cast(${change} as bigint), "number", "kind", "name", "contentType", "contentId", "contentLocation", "inline", "size", "modified", "blob", "photo"
        from "attachments" where "mailbox" = ${mailbox} and "item" = ${id}`.execute(session.db)
      await countReferences(session, mailbox, [item.mime, item.body, ...blobs], 1)
      await session.flavour.saveWords(session, mailbox, row, wordsOf(item, await storedText(session, item)), false)
      await queueText(session, mailbox, change)
      return item
    },

    async remove(mailbox, id) {
      const { item, row } = await known(mailbox, id)
      const change = await takeChanges(session, mailbox, 1, -item.size)
      const blobs = await attachmentBlobs(mailbox, id)
      if (blobs.length > 0) await session.run(removeAttachments, { mailbox, item: id })
      await session.run(remove, { mailbox, id })
      await countReferences(session, mailbox, [item.mime, item.body, ...blobs], -1)
      await session.flavour.removeWords(session, mailbox, [row])
      await dropText(session, mailbox, [row])
      await addCounts(session, mailbox, item.folder, change, countsOf(item, -1))
      await leaveTombstone(session, { mailbox, change, what: removedItem, id, folder: item.folder })
    },

    markAll: (mailbox, folder, isRead, limit) => markAll(session, mailbox, folder, isRead, limit),
    removeSome: (mailbox, folder, limit) => removeSome(session, mailbox, folder, limit),
    removeListed: (mailbox, folder, ids) => removeListed(session, mailbox, folder, ids),
  }
}

/** The row as a later read gives it: exactly the contract's fields, values that JSON drops dropped. */
function storedShape(item: NewItem & Pick<ItemRow, 'id' | 'change' | 'contentChange'>): ItemRow {
  return decodeRow(encodeRow(item) as Parameters<typeof decodeRow>[0])
}

/** The text of an item that is copied, from what is stored of it: its body without markup, and its attachments' names. */
async function storedText(session: Session, item: ItemRow): Promise<SearchText> {
  const names = (await session.all(namesOf, { mailbox: item.mailbox, item: item.id })).map(({ name }) => name)
  const body = item.body === null ? '' : Buffer.from(await readBlob(session, item.mailbox, item.body)).toString('utf8')
  const plain = item.properties.bodyType === 'HTML' ? withoutMarkup(body) : body
  return { body: plain, attachment: names.join('\n') }
}

async function exchangeReferences(session: Session, old: ItemRow, item: ItemRow): Promise<void> {
  const gained: (string | null)[] = []
  const lost: (string | null)[] = []
  for (const name of ['mime', 'body'] as const) {
    if (item[name] === old[name]) continue
    gained.push(item[name])
    lost.push(old[name])
  }
  await countReferences(session, item.mailbox, gained, 1)
  await countReferences(session, item.mailbox, lost, -1)
}
