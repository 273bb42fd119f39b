/** Steps over many items of a folder at once; the caller repeats them until nothing is left. */
import type { Kysely, Selectable } from 'kysely'
import { countReferences } from '../blobs.ts'
import { addCounts } from '../folders.ts'
import { padded } from '../in-list.ts'
import { takeChanges } from '../mailboxes.ts'
import type { Placeholder, Session } from '../session.ts'
import { dropText } from '../text/text.ts'
import { removedItem, type Tables } from '../tables.ts'

type Db = Kysely<Tables>
type Key = { mailbox: string; id: number }

/** Changes the read state alone. */
export const markRead = (db: Db, p: Placeholder<Key & { isRead: number; change: number; modified: number }>) =>
  db
    .updateTable('items')
    .set({ isRead: p('isRead'), change: p('change'), modified: p('modified') })
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('id'))

/** Rows of one insert or one `in` list. */
const chunk = 200

/** Sets the read state of up to `limit` items that have the other one; each takes a change number. Answers their ids. */
export async function markAll(session: Session, mailbox: string, folder: number, isRead: boolean, limit: number): Promise<number[]> {
  await session.lock(mailbox)
  const found = await session.db
    .selectFrom('items')
    .select('id')
    .where('mailbox', '=', mailbox)
    .where('folder', '=', folder)
    .where('associated', '=', 0)
    .where('isRead', '=', isRead ? 0 : 1)
    .orderBy('id')
    .limit(limit)
    .execute()
  const ids = found.map(({ id }) => id)
  if (ids.length === 0) return []
  const last = await takeChanges(session, mailbox, ids.length, 0)
  const now = session.clock()
  const first = last - ids.length + 1
  for (let at = 0; at < ids.length; at += chunk) {
    const part = ids.slice(at, at + chunk)
    const isReadNow = isRead ? 1 : 0
    await Promise.all(
      part.map((id, index) => session.run(markRead, { mailbox, id, isRead: isReadNow, change: first + at + index, modified: now })),
    )
  }
  await addCounts(session, mailbox, folder, last, { total: 0, unread: isRead ? -ids.length : ids.length, associatedTotal: 0, size: 0 })
  return ids
}

const removable = ['row', 'id', 'associated', 'isRead', 'size', 'mime', 'body'] as const
type Removable = Pick<Selectable<Tables['items']>, (typeof removable)[number]>

/** Removes up to `limit` items of a folder, associated ones included; each leaves a tombstone. Answers how many. */
export async function removeSome(session: Session, mailbox: string, folder: number, limit: number): Promise<number> {
  await session.lock(mailbox)
  const found = await session.db
    .selectFrom('items')
    .select(removable)
    .where('mailbox', '=', mailbox)
    .where('folder', '=', folder)
    .orderBy('associated')
    .orderBy('id')
    .limit(limit)
    .execute()
  return removeFound(session, mailbox, folder, found)
}

/** Removes those of the items that lie in the folder, as `removeSome` does. */
export async function removeListed(session: Session, mailbox: string, folder: number, ids: number[]): Promise<number> {
  await session.lock(mailbox)
  let count = 0
  for (let at = 0; at < ids.length; at += chunk) {
    const found = await session.db
      .selectFrom('items')
      .select(removable)
      .where('mailbox', '=', mailbox)
      .where('folder', '=', folder)
      .where('id', 'in', padded(ids.slice(at, at + chunk)))
      .orderBy('id')
      .execute()
    count += await removeFound(session, mailbox, folder, found)
  }
  return count
}

async function removeFound(session: Session, mailbox: string, folder: number, found: readonly Removable[]): Promise<number> {
  if (found.length === 0) return 0
  const bytes = found.reduce((sum, item) => sum + item.size, 0)
  const last = await takeChanges(session, mailbox, found.length, -bytes)
  const first = last - found.length + 1
  for (let at = 0; at < found.length; at += chunk) {
    const part = found.slice(at, at + chunk)
    const ids = padded(part.map(({ id }) => id))
    const removed = await session.db
      .deleteFrom('attachments')
      .where('mailbox', '=', mailbox)
      .where('item', 'in', ids)
      .returning('blob')
      .execute()
    await session.db.deleteFrom('items').where('mailbox', '=', mailbox).where('id', 'in', ids).execute()
    const digests = [...part.flatMap((item) => [item.mime, item.body]), ...removed.map(({ blob }) => blob)]
    await countReferences(session, mailbox, digests, -1)
    await session.db
      .insertInto('tombstones')
      .values(part.map((item, index) => ({ mailbox, change: first + at + index, what: removedItem, id: item.id, folder })))
      .execute()
    const rows = part.map(({ row }) => row)
    await session.flavour.removeWords(session, mailbox, rows)
    await dropText(session, mailbox, rows)
  }
  const plain = found.filter((item) => item.associated === 0)
  await addCounts(session, mailbox, folder, last, {
    total: -plain.length,
    unread: -plain.filter((item) => item.isRead === 0).length,
    associatedTotal: plain.length - found.length,
    size: -bytes,
  })
  return found.length
}
