import { hasNoYear } from '#mailbox'
import type { WebContext } from '../verb.ts'
import type { Seen, ShownEvent } from './find-events.ts'

const mostFolders = 50
const mostContacts = 1000
/** How long they are looked for. */
const mostTime = 10_000

/**
 * The birthdays of the caller's contacts between two times of the mailbox's clock, as events of whole days. Nothing of them is kept: they are made
 * of the contacts whenever they are asked for. Contacts that were deleted with their folder have none; of more than 1,000 contacts with a birthday
 * the rest is left out. What takes more than ten seconds to find → TimeoutExpired.
 */
export async function birthdays({ caller, mailboxes, mailbox, clock }: WebContext, window: { start: string; end: string }): Promise<Seen> {
  const { items: folders } = await mailboxes.findFolders(caller, {
    parents: [{ mailbox: await mailbox(), kind: 'msgfolderroot' }],
    traversal: 'Deep',
    page: { offset: 0, limit: 2000, from: 'Beginning' },
  })
  const deleted = new Set<number>()
  // Each folder comes after the one that it is in.
  for (const { row } of folders) if (row.kind === 'deleteditems' || deleted.has(row.parent)) deleted.add(row.id)
  const ofContacts = folders.filter(({ row }) => row.folderClass === 'IPF.Contact' && !deleted.has(row.id)).slice(0, mostFolders)
  const { items, includesLast } = await mailboxes.findItems(caller, {
    folders: ofContacts.map(({ row }) => ({ mailbox: row.mailbox, id: row.id })),
    traversal: 'Shallow',
    restriction: { exists: { property: 'birthday' } },
    view: { kind: 'indexed', offset: 0, limit: mostContacts, from: 'Beginning' },
    wanted: { shape: 'ids', paths: ['birthdayLocal', 'displayName', 'fileAs', 'subject'].map((property) => ({ property })) },
    until: clock() + mostTime,
  })
  const events = items.flatMap(({ properties }) => {
    const name = [properties.displayName, properties.fileAs, properties.subject].find((one) => typeof one === 'string' && one !== '')
    return typeof properties.birthdayLocal === 'string' ? eventsOf(String(name ?? ''), properties.birthdayLocal, window) : []
  })
  return { events, isCut: !includesLast }
}

/** The birthdays of one person in a stretch of time; of the 29th of February, on the 28th where there is none. */
function eventsOf(name: string, born: string, { start, end }: { start: string; end: string }): ShownEvent[] {
  const [year, month, day] = born.slice(0, 10).split('-').map(Number) as [number, number, number]
  const years = Array.from({ length: Number(end.slice(0, 4)) - Number(start.slice(0, 4)) + 1 }, (_, at) => Number(start.slice(0, 4)) + at)
  const isYearKnown = !hasNoYear(born)
  return years.flatMap((now) => {
    const isLeap = new Date(Date.UTC(now, 1, 29)).getUTCDate() === 29
    const at = Date.UTC(now, month - 1, month === 2 && day === 29 && !isLeap ? 28 : day)
    const [first, next] = [at, at + 86_400_000].map((time) => new Date(time).toISOString().slice(0, 16)) as [string, string]
    const isShown = first < end && next > start && (!isYearKnown || now >= year)
    return isShown ? [birthday(name, first, next, isYearKnown ? now - year : undefined)] : []
  })
}

function birthday(subject: string, start: string, end: string, age: number | undefined): ShownEvent {
  return {
    ...{ subject, location: '', start, end, isAllDay: true, busy: 'Free', isMeeting: false, isOrganizer: false, mayModify: false },
    birthday: age === undefined ? {} : { age },
  }
}
