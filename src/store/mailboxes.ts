/** Mailbox rows: change numbers, size, settings. */
import { Refusal } from '#model'
import type { MailboxRow, ReadTx, WriteTx } from './contract.ts'
import type { Placeholder, Session } from './session.ts'
import { sql, type Kysely } from 'kysely'
import type { Tables } from './tables.ts'

type Db = Kysely<Tables>

const byId = (db: Db, p: Placeholder<{ mailbox: string }>) => db.selectFrom('mailboxes').selectAll().where('mailbox', '=', p('mailbox'))
const page = (db: Db, p: Placeholder<{ organisation: string; after: string; limit: number }>) =>
  db
    .selectFrom('mailboxes')
    .selectAll()
    .where('organisation', '=', p('organisation'))
    .where('mailbox', '>', p('after'))
    .orderBy('mailbox')
    .limit(p('limit'))
const insert = (db: Db, p: Placeholder<{ mailbox: string; organisation: string; created: number; settings: string }>) =>
  db
    .insertInto('mailboxes')
    .values({
      mailbox: p('mailbox'),
      organisation: p('organisation'),
      change: sql<number>`0`,
      size: sql<number>`0`,
      created: p('created'),
      settings: p('settings'),
    })
    .onConflict((conflict) => conflict.doNothing())
const advance = (db: Db, p: Placeholder<{ mailbox: string; count: number; bytes: number }>) =>
  db
    .updateTable('mailboxes')
    .set((column) => ({ change: column('change', '+', p('count')), size: column('size', '+', p('bytes')) }))
    .where('mailbox', '=', p('mailbox'))
    .returning('change')
const setSettings = (db: Db, p: Placeholder<{ mailbox: string; settings: string }>) =>
  db
    .updateTable('mailboxes')
    .set({ settings: p('settings') })
    .where('mailbox', '=', p('mailbox'))

function decode(row: Tables['mailboxes']): MailboxRow {
  return {
    mailbox: row.mailbox,
    organisation: row.organisation,
    change: row.change,
    size: row.size,
    created: row.created,
    settings: JSON.parse(row.settings),
  }
}

/**
 * Takes `count` change numbers and the mailbox's write lock, and adds to its size. Answers the last number taken; the
 * others are those just below it. Refuses NonExistentMailbox.
 */
export async function takeChanges(session: Session, mailbox: string, count: number, bytes: number): Promise<number> {
  await session.lock(mailbox)
  session.touched.add(mailbox)
  const row = await session.first(advance, { mailbox, count, bytes })
  if (!row) throw new Refusal('NonExistentMailbox', `There is no mailbox ${mailbox}.`, { mailbox })
  return row.change
}

export function readMailboxes(session: Session): ReadTx['mailboxes'] {
  return {
    async get(mailbox) {
      await session.lock(mailbox)
      const row = await session.first(byId, { mailbox })
      return row && decode(row)
    },
    async list(organisation, after, limit) {
      return (await session.all(page, { organisation, after, limit })).map(decode)
    },
  }
}

export function writeMailboxes(session: Session): WriteTx['mailboxes'] {
  return {
    ...readMailboxes(session),
    async create(row) {
      const made = await session.run(insert, {
        mailbox: row.mailbox,
        organisation: row.organisation,
        created: row.created,
        settings: JSON.stringify(row.settings),
      })
      if (made === 0) throw new Refusal('NameTaken', `The mailbox ${row.mailbox} exists already.`, { key: row.mailbox })
    },
    nextChange: (mailbox) => takeChanges(session, mailbox, 1, 0),
    async saveSettings(mailbox, settings) {
      const changed = await session.run(setSettings, { mailbox, settings: JSON.stringify(settings) })
      if (changed === 0) throw new Refusal('NonExistentMailbox', `There is no mailbox ${mailbox}.`, { mailbox })
      session.touched.add(mailbox)
    },
    async remove(mailbox) {
      await session.lock(mailbox)
      const { db } = session
      const rows = await db.selectFrom('items').select('row').where('mailbox', '=', mailbox).execute()
      await session.flavour.removeWords(
        session,
        mailbox,
        rows.map(({ row }) => row),
      )
      for (const table of ['attachments', 'items', 'tombstones', 'folders', 'replies', 'mailboxes'] as const) {
        await db.deleteFrom(table).where('mailbox', '=', mailbox).execute()
      }
      // Their bytes go with the next sweep.
      await db.updateTable('blobs').set({ refs: 0 }).where('owner', '=', mailbox).execute()
      session.touched.add(mailbox)
    },
  }
}
