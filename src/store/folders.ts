/** Folder rows: the tree of a mailbox, its names and its counters. */
import { sql, type Kysely } from 'kysely'
import { Refusal } from '#model'
import type { FolderRow, ReadTx, Tombstone, WriteTx } from './contract.ts'
import { takeChanges } from './mailboxes.ts'
import type { Placeholder, Session } from './session.ts'
import { clean, removedFolder, type Tables } from './tables.ts'

type Db = Kysely<Tables>
type Key = { mailbox: string; id: number }

const byId = (db: Db, p: Placeholder<Key>) =>
  db.selectFrom('folders').selectAll().where('mailbox', '=', p('mailbox')).where('id', '=', p('id'))
// The literal lets the partial index on kinds serve.
const byKind = (db: Db, p: Placeholder<{ mailbox: string; kind: string }>) =>
  db
    .selectFrom('folders')
    .selectAll()
    .where('mailbox', '=', p('mailbox'))
    .where('kind', '=', p('kind'))
    .where(sql<boolean>`"kind" <> ''`)
    .orderBy(sql`"id" + 0`)
    .limit(sql.lit(1))
const childNamed = (db: Db, p: Placeholder<{ mailbox: string; parent: number; nameKey: string }>) =>
  db
    .selectFrom('folders')
    .selectAll()
    .where('mailbox', '=', p('mailbox'))
    .where('parent', '=', p('parent'))
    .where('nameKey', '=', p('nameKey'))
const children = (db: Db, p: Placeholder<{ mailbox: string; parent: number }>) =>
  db.selectFrom('folders').selectAll().where('mailbox', '=', p('mailbox')).where('parent', '=', p('parent')).orderBy('nameKey')
const everyFolder = (db: Db, p: Placeholder<{ mailbox: string }>) =>
  db.selectFrom('folders').selectAll().where('mailbox', '=', p('mailbox')).orderBy('nameKey')
const changed = (db: Db, p: Placeholder<{ mailbox: string; change: number; limit: number }>) =>
  db
    .selectFrom('folders')
    .selectAll()
    .where('mailbox', '=', p('mailbox'))
    .where('change', '>', p('change'))
    .orderBy('change')
    .limit(p('limit'))
const removed = (db: Db, p: Placeholder<{ mailbox: string; change: number; limit: number }>) =>
  db
    .selectFrom('tombstones')
    .select(['id', 'folder', 'change'])
    .where('mailbox', '=', p('mailbox'))
    .where('what', '=', sql.lit(removedFolder))
    .where('change', '>', p('change'))
    .orderBy('change')
    .limit(p('limit'))
const insert = (db: Db, p: Placeholder<Tables['folders']>) =>
  db.insertInto('folders').values({
    mailbox: p('mailbox'),
    id: p('id'),
    parent: p('parent'),
    kind: p('kind'),
    name: p('name'),
    nameKey: p('nameKey'),
    folderClass: p('folderClass'),
    hidden: p('hidden'),
    created: p('created'),
    modified: p('modified'),
    change: p('change'),
    contentChange: p('contentChange'),
    total: p('total'),
    unread: p('unread'),
    associatedTotal: p('associatedTotal'),
    children: p('children'),
    size: p('size'),
    properties: p('properties'),
    extended: p('extended'),
    permissions: p('permissions'),
  })
const countChildren = (db: Db, p: Placeholder<Key & { children: number }>) =>
  db
    .updateTable('folders')
    .set((column) => ({ children: column('children', '+', p('children')) }))
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('id'))
const countItems = (db: Db, p: Placeholder<Key & Counts & { change: number }>) =>
  db
    .updateTable('folders')
    .set((column) => ({
      total: column('total', '+', p('total')),
      unread: column('unread', '+', p('unread')),
      associatedTotal: column('associatedTotal', '+', p('associatedTotal')),
      size: column('size', '+', p('size')),
      contentChange: p('change'),
    }))
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('id'))
const remove = (db: Db, p: Placeholder<Key>) => db.deleteFrom('folders').where('mailbox', '=', p('mailbox')).where('id', '=', p('id'))
const bury = (db: Db, p: Placeholder<Tables['tombstones']>) =>
  db.insertInto('tombstones').values({ mailbox: p('mailbox'), change: p('change'), what: p('what'), id: p('id'), folder: p('folder') })

/** What one step adds to a folder's counters. */
export interface Counts {
  total: number
  unread: number
  associatedTotal: number
  size: number
}

/** Adds to a folder's counters and moves its content change number. Refuses FolderNotFound. */
export async function addCounts(session: Session, mailbox: string, id: number, change: number, counts: Counts): Promise<void> {
  if ((await session.run(countItems, { mailbox, id, change, ...counts })) === 0) throw noFolder(mailbox, id)
}

/** Leaves a mark that something went, for those who synchronise. */
export async function leaveTombstone(session: Session, row: Tables['tombstones']): Promise<void> {
  await session.run(bury, row)
}

function noFolder(mailbox: string, folder: number): Refusal {
  return new Refusal('FolderNotFound', `There is no folder ${folder} in mailbox ${mailbox}.`, { mailbox, folder })
}

/** Names of siblings compare without regard to case. */
function nameKey(name: string): string {
  return clean(name).normalize('NFC').toLowerCase()
}

function decode(row: Tables['folders']): FolderRow {
  return {
    mailbox: row.mailbox,
    id: row.id,
    parent: row.parent,
    kind: row.kind,
    name: row.name,
    folderClass: row.folderClass,
    hidden: row.hidden === 1,
    created: row.created,
    modified: row.modified,
    change: row.change,
    contentChange: row.contentChange,
    total: row.total,
    unread: row.unread,
    associatedTotal: row.associatedTotal,
    children: row.children,
    size: row.size,
    properties: JSON.parse(row.properties),
    extended: JSON.parse(row.extended),
    permissions: JSON.parse(row.permissions),
  }
}

export function readFolders(session: Session): ReadTx['folders'] {
  return {
    async get(mailbox, id) {
      await session.lock(mailbox)
      const row = await session.first(byId, { mailbox, id })
      return row && decode(row)
    },
    async byKind(mailbox, kind) {
      await session.lock(mailbox)
      const row = kind === '' ? undefined : await session.first(byKind, { mailbox, kind })
      return row && decode(row)
    },
    async childNamed(mailbox, parent, name) {
      await session.lock(mailbox)
      const row = await session.first(childNamed, { mailbox, parent, nameKey: nameKey(name) })
      return row && decode(row)
    },
    async children(mailbox, parent) {
      await session.lock(mailbox)
      return (await session.all(children, { mailbox, parent })).map(decode)
    },
    async tree(mailbox, root) {
      await session.lock(mailbox)
      const byParent = Map.groupBy(await session.all(everyFolder, { mailbox }), (row) => row.parent)
      const found: FolderRow[] = []
      let level = byParent.get(root) ?? []
      while (level.length > 0) {
        found.push(...level.map(decode))
        level = level.flatMap((row) => byParent.get(row.id) ?? [])
      }
      return found
    },
    async changedSince(mailbox, change, limit) {
      await session.lock(mailbox)
      return (await session.all(changed, { mailbox, change, limit })).map(decode)
    },
    async removedSince(mailbox, change, limit) {
      await session.lock(mailbox)
      return (await session.all(removed, { mailbox, change, limit })).map((row): Tombstone => ({ ...row }))
    },
  }
}

export function writeFolders(session: Session): WriteTx['folders'] {
  const reads = readFolders(session)

  async function nameIsFree(mailbox: string, parent: number, name: string, self: number): Promise<void> {
    const taken = await reads.childNamed(mailbox, parent, name)
    if (taken && taken.id !== self) {
      throw new Refusal('FolderExists', `A folder named "${name}" is there already.`, { mailbox, folder: taken.id })
    }
  }

  /** A folder cannot lie in itself: walks up from the new parent. */
  async function isNotBelow(mailbox: string, id: number, parent: number): Promise<void> {
    for (let above = parent; above !== 0;) {
      if (above === id) throw new Refusal('MoveCopyFailed', 'A folder cannot be moved into itself or below itself.', { folder: id })
      const row = await reads.get(mailbox, above)
      if (!row) throw noFolder(mailbox, above)
      above = row.parent
    }
  }

  return {
    ...reads,
    async insert(row) {
      const id = await takeChanges(session, row.mailbox, 1, 0)
      await nameIsFree(row.mailbox, row.parent, row.name, 0)
      const stored = {
        mailbox: row.mailbox,
        id,
        parent: row.parent,
        kind: row.kind,
        name: clean(row.name),
        nameKey: nameKey(row.name),
        folderClass: row.folderClass,
        hidden: row.hidden ? 1 : 0,
        created: row.created,
        modified: row.created,
        change: id,
        contentChange: id,
        total: 0,
        unread: 0,
        associatedTotal: 0,
        children: 0,
        size: 0,
        properties: JSON.stringify(row.properties ?? {}),
        extended: JSON.stringify(row.extended ?? {}),
        permissions: JSON.stringify(row.permissions ?? []),
      }
      await session.run(insert, stored)
      if (row.parent !== 0) {
        const counted = await session.run(countChildren, { mailbox: row.mailbox, id: row.parent, children: row.hidden ? 0 : 1 })
        if (counted === 0) throw noFolder(row.mailbox, row.parent)
      }
      return decode(stored)
    },
    async update(mailbox, id, changes) {
      const change = await takeChanges(session, mailbox, 1, 0)
      const old = await reads.get(mailbox, id)
      if (!old) throw noFolder(mailbox, id)
      const now: FolderRow = { ...old, ...withoutUndefined(changes), change }
      if (now.parent !== old.parent || now.name !== old.name) await nameIsFree(mailbox, now.parent, now.name, id)
      if (now.parent !== old.parent) await isNotBelow(mailbox, id, now.parent)
      await session.db
        .updateTable('folders')
        .set({
          parent: now.parent,
          name: clean(now.name),
          nameKey: nameKey(now.name),
          folderClass: now.folderClass,
          hidden: now.hidden ? 1 : 0,
          modified: now.modified,
          change,
          properties: JSON.stringify(now.properties),
          extended: JSON.stringify(now.extended),
          permissions: JSON.stringify(now.permissions),
        })
        .where('mailbox', '=', mailbox)
        .where('id', '=', id)
        .execute()
      if (now.parent !== old.parent || now.hidden !== old.hidden) {
        if (old.parent !== 0 && !old.hidden) await session.run(countChildren, { mailbox, id: old.parent, children: -1 })
        if (now.parent !== 0 && !now.hidden) await session.run(countChildren, { mailbox, id: now.parent, children: 1 })
      }
      const saved = await reads.get(mailbox, id)
      if (!saved) throw noFolder(mailbox, id)
      return saved
    },
    async remove(mailbox, id) {
      const change = await takeChanges(session, mailbox, 1, 0)
      const row = await reads.get(mailbox, id)
      if (!row) throw noFolder(mailbox, id)
      if (row.total + row.associatedTotal > 0 || (await reads.children(mailbox, id)).length > 0) {
        throw new Refusal('CannotDeleteObject', `Folder ${id} still holds items or folders.`, { mailbox, folder: id })
      }
      await session.run(remove, { mailbox, id })
      if (row.parent !== 0 && !row.hidden) await session.run(countChildren, { mailbox, id: row.parent, children: -1 })
      await leaveTombstone(session, { mailbox, change, what: removedFolder, id, folder: row.parent })
    },
  }
}

/** Drops the keys whose value is undefined: they change nothing. */
export function withoutUndefined<T extends object>(changes: T): T {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T
}
