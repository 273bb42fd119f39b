import { sql, type Kysely } from 'kysely'
import { decodeRow, rowNames } from '../items/columns.ts'
import type { Placeholder, Session } from '../session.ts'
import type { Tables } from '../tables.ts'
import type { ConversationReading } from './contract.ts'

type Db = Kysely<Tables>

const byConversation = (db: Db, p: Placeholder<{ mailbox: string; conversation: string; associated: number; limit: number }>) =>
  db
    .selectFrom('items')
    .select(rowNames)
    .where('mailbox', '=', p('mailbox'))
    .where('conversation', '=', p('conversation'))
    // Lets the partial index serve.
    .where(sql<boolean>`"conversation" <> ''`)
    .where('associated', '=', p('associated'))
    .orderBy('received', 'desc')
    .orderBy('id', 'desc')
    .limit(p('limit'))

type Span = { mailbox: string; recurring: number; from: number; id: number; to: number; limit: number }
const byReminder = (db: Db, p: Placeholder<Span>) =>
  db
    .selectFrom('items')
    .select(rowNames)
    .where('mailbox', '=', p('mailbox'))
    .where('isRecurring', '=', p('recurring'))
    .where('reminder', 'is not', null)
    .where(sql<boolean>`("reminder", "id") > (${p('from')}, ${p('id')})`)
    .where('reminder', '<=', p('to'))
    .orderBy('reminder')
    .orderBy('id')
    .limit(p('limit'))

export function readConversations(session: Session): ConversationReading {
  return {
    async byConversation(mailbox, conversation, { associated, limit }) {
      await session.lock(mailbox)
      return (await session.all(byConversation, { mailbox, conversation, associated: associated ? 1 : 0, limit })).map(decodeRow)
    },
    async byReminder(mailbox, { recurring, from, to, after, limit }) {
      await session.lock(mailbox)
      const start = after && after.reminder >= from ? { from: after.reminder, id: after.id } : { from, id: 0 }
      return (await session.all(byReminder, { mailbox, recurring: recurring ? 1 : 0, ...start, to, limit })).map(decodeRow)
    },
  }
}
