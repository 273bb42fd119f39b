import { setImmediate } from 'node:timers/promises'
import { Refusal, type Caller } from '#model'
import type { ItemRow } from '#store'
import { calendarLogAge } from '../../audit/auditing.ts'
import type { MailboxContext } from '../../context.ts'
import { accessTo } from '../../permissions/access.ts'
import type { CalendarEntry, CalendarLogQuery, CalendarLogVerbs, CalendarRecord } from './contract.ts'

const pageSize = 500
const mostScanned = 20_000
const most = 1000
const newestFirst = [{ column: 'id' as const, descending: true }]

/** The verbs on what calendars remember of their changes. */
export function createCalendarLog(ctx: MailboxContext): CalendarLogVerbs {
  return { calendarLog: (caller, query) => calendarLog(ctx, caller, query) }
}

/** `calendarLog` of the contract. */
async function calendarLog(ctx: MailboxContext, caller: Caller, query: CalendarLogQuery): Promise<CalendarRecord[]> {
  const { mailbox, of, start = 0, end = Infinity } = query
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'What was changed in a calendar is shown to those the whole mailbox is open to.')
  const oldest = Math.max(start, ctx.clock() - calendarLogAge)
  const found: CalendarRecord[] = []
  for await (const rows of 'uid' in of ? ofMeeting(ctx, mailbox, of.uid, query.limit) : everything(ctx, mailbox)) {
    for (const record of rows.map(recordOf)) {
      if (record.at < oldest || record.at > end || ('subject' in of && !isMeant(record, of))) continue
      found.push(record)
      if (found.length >= Math.min(query.limit, most)) return found.reverse()
    }
  }
  return found.reverse()
}

async function* ofMeeting({ store }: MailboxContext, mailbox: string, uid: string, limit: number): AsyncGenerator<ItemRow[]> {
  yield await store.read(async (tx) => {
    const folder = await tx.folders.byKind(mailbox, 'calendarlogging')
    return folder ? tx.items.byUid(mailbox, folder.id, uid, Math.min(limit, most)) : []
  })
}

/** The newest entries of the mailbox, some at a time; others have their turn between the pages. */
async function* everything({ store }: MailboxContext, mailbox: string): AsyncGenerator<ItemRow[]> {
  for (let scanned = 0, before: number | undefined; scanned < mostScanned; scanned += pageSize) {
    const rows: ItemRow[] = await store.read(async (tx) => {
      const folder = await tx.folders.byKind(mailbox, 'calendarlogging')
      if (!folder) return []
      const after = before === undefined ? {} : { after: [before] }
      return tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: newestFirst, limit: pageSize, ...after })
    })
    yield rows
    before = rows.at(-1)?.id
    if (rows.length < pageSize) return
    await setImmediate()
  }
}

function isMeant({ before }: CalendarEntry, { subject, exact }: { subject: string; exact?: boolean }): boolean {
  const [had, asked] = [String(before.subject ?? '').toLowerCase(), subject.toLowerCase()]
  return exact ? had === asked : had.includes(asked)
}

const recordOf = (row: ItemRow): CalendarRecord => ({
  ...(row.properties.$calendarLog as unknown as CalendarEntry),
  ...{ id: row.id, at: row.received, uid: row.uid },
})
