/** News between processes: NOTIFY after commits, gathered while one is under way; LISTEN wakes the watchers here. */
import { randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { StoreOptions } from '../contract.ts'
import type { News } from '../news.ts'

/** A payload of NOTIFY is at most 8,000 bytes. */
const payloadMailboxes = 150

export interface Notices {
  /** Tells the other processes, soon. */
  send(touched: Iterable<string>, work: boolean): void
  close(): Promise<void>
}

/** Starts to listen on the channel of the schema. */
export async function createNotices(input: { sql: Sql; schema: string; news: News; log: StoreOptions['log'] }): Promise<Notices> {
  const { sql, news } = input
  const channel = `isthmus_${input.schema}`
  const self = randomUUID()
  const touched = new Set<string>()
  let work = false
  let sending: Promise<void> | undefined
  let listenedBefore = false
  let closed = false

  const listening = await sql.listen(
    channel,
    (payload) => {
      const notice = JSON.parse(payload) as { by: string; mailboxes: string[]; work: boolean }
      // Here everybody was told at the commit.
      if (notice.by !== self) news.tell(notice.mailboxes, notice.work)
    },
    () => {
      // Whatever was told while the connection was away is lost: everybody looks again.
      if (listenedBefore) news.wakeAll()
      listenedBefore = true
    },
  )

  async function drain(): Promise<void> {
    while (touched.size > 0 || work) {
      const mailboxes = [...touched].slice(0, payloadMailboxes)
      for (const mailbox of mailboxes) touched.delete(mailbox)
      const payload = JSON.stringify({ by: self, mailboxes, work })
      work = false
      await sql`select pg_notify(${channel}, ${payload})`
    }
  }

  return {
    send(mailboxes, hasWork) {
      for (const mailbox of mailboxes) touched.add(mailbox)
      work ||= hasWork
      if (closed) return
      sending ??= drain()
        .catch((error: Error) => input.log?.warn({ error: error.message }, 'store: other processes could not be told of changes'))
        .finally(() => {
          sending = undefined
        })
    },
    async close() {
      closed = true
      await sending
      await listening.unlisten()
    },
  }
}
