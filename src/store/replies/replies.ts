import type { Kysely } from 'kysely'
import type { Placeholder, Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'
import type { ReplyReading, ReplyWriting } from './contract.ts'

type Db = Kysely<Tables>
interface Key {
  mailbox: string
  sender: string
}

const one = (db: Db, p: Placeholder<Key>) =>
  db.selectFrom('replies').select('at').where('mailbox', '=', p('mailbox')).where('sender', '=', p('sender'))
const insert = (db: Db, p: Placeholder<Key & { at: number }>) =>
  db
    .insertInto('replies')
    .values({ mailbox: p('mailbox'), sender: p('sender'), at: p('at') })
    .onConflict((conflict) => conflict.doNothing())
const removeAll = (db: Db, p: Placeholder<{ mailbox: string }>) => db.deleteFrom('replies').where('mailbox', '=', p('mailbox'))

export function readReplies(session: Session): ReplyReading {
  return { has: async (mailbox, sender) => (await session.first(one, { mailbox, sender: clean(sender) })) !== undefined }
}

export function writeReplies(session: Session): ReplyWriting {
  return {
    ...readReplies(session),
    note: async (mailbox, sender, at) => (await session.run(insert, { mailbox, sender: clean(sender), at })) > 0,
    forget: async (mailbox) => void (await session.run(removeAll, { mailbox })),
  }
}
