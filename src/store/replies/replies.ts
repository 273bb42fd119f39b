import type { Kysely } from 'kysely'
import type { Placeholder, Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'
import type { ReplyReading, ReplyWriting } from './contract.ts'

type Db = Kysely<Tables>
interface Key {
  mailbox: string
  kind: string
  about: string
}

const one = (db: Db, p: Placeholder<Key>) =>
  db.selectFrom('replies').select('at').where('mailbox', '=', p('mailbox')).where('kind', '=', p('kind')).where('about', '=', p('about'))
const insert = (db: Db, p: Placeholder<Key & { at: number }>) =>
  db
    .insertInto('replies')
    .values({ mailbox: p('mailbox'), kind: p('kind'), about: p('about'), at: p('at') })
    .onConflict((conflict) => conflict.doNothing())
const removeOld = (db: Db, p: Placeholder<Omit<Key, 'about'> & { before: number }>) =>
  db.deleteFrom('replies').where('mailbox', '=', p('mailbox')).where('kind', '=', p('kind')).where('at', '<', p('before'))

export function readReplies(session: Session): ReplyReading {
  return {
    has: async (mailbox, kind, about, since = Number.MIN_SAFE_INTEGER) =>
      ((await session.first(one, { mailbox, kind, about: clean(about) }))?.at ?? -Infinity) >= since,
  }
}

export function writeReplies(session: Session): ReplyWriting {
  return {
    ...readReplies(session),
    note: async (mailbox, kind, about, at) => (await session.run(insert, { mailbox, kind, about: clean(about), at })) > 0,
    forget: async (mailbox, kind, before = Number.MAX_SAFE_INTEGER) => void (await session.run(removeOld, { mailbox, kind, before })),
  }
}
