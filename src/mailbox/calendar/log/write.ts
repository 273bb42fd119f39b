import { ownerWithin, settingsWithin } from '#directory'
import { ByteSize, type Caller, type Instant, type OccurrenceException, type Properties } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import { calendarLogAge } from '../../audit/auditing.ts'
import { itemKey, placed } from '../../audit/entry.ts'
import { expireEntries, isExpiryDue } from '../../audit/expire.ts'
import type { MailboxContext } from '../../context.ts'
import { storedProperties } from '../../items/columns.ts'
import { recoverableFolder } from '../../recoverable/folder.ts'
import type { CalendarDeed, CalendarEntry } from './contract.ts'

/** The class of entries; behind it stands the deed. */
const entryClass = 'IPM.Isthmus.CalendarLog'

/** What of a calendar item is remembered: when and where it was, of whom, and how it was answered. Neither its text nor its attachments. */
const remembered = [
  'itemClass', 'subject', 'start', 'end', 'startTimeZone', 'endTimeZone', 'isAllDayEvent', 'location', 'legacyFreeBusyStatus', 'sensitivity', 'importance', 'categories',
  'organizer', 'isCancelled', 'myResponseType', 'appointmentReplyTime', 'appointmentSequenceNumber', 'dateTimeStamp', 'meetingRequestWasSent', 'reminderIsSet',
  'reminderMinutesBeforeStart', 'recurrenceId', 'recurrence', 'deletedStarts', 'lastModifiedName',
] as const // prettier-ignore
/** Left out where an entry would be too long. */
const long = ['requiredAttendees', 'optionalAttendees', 'resources', 'exceptions'] as const
/** Characters of an entry, and how many names of what was changed it has. */
const longest = { entry: 64 * 1024, changed: 50, name: 100 }

/** What is done with a calendar item. */
export interface CalendarChange {
  deed: CalendarDeed
  /** The caller; where the server does it on a message's word, the name of whoever sent that. */
  by: Caller | string
  changed?: readonly string[]
  to?: FolderRow
}

/**
 * Remembers a calendar item as it is now, in the write that is about to change, move or delete it, and whose doing that is (Exchange's Calendar
 * Logging). Nothing for other items, for what is changed after it was deleted, and where Set-Mailbox -CalendarVersionStoreDisabled or
 * Set-OrganizationConfig -CalendarVersionStoreEnabled switches it off. Never hinders the change: it has a bound of its own, and the oldest go.
 */
export async function logCalendar(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  row: ItemRow,
  folder: FolderRow,
  change: CalendarChange,
): Promise<void> {
  if (row.kind !== 'calendar' || row.associated) return
  const { mailbox } = row
  // Asked for together: where the database is elsewhere, each costs a way there and back.
  const [isOn, from, known] = await Promise.all([isLogged(tx, mailbox), placed(tx, folder), tx.folders.byKind(mailbox, 'calendarlogging')])
  if (!isOn || (from.place === 'recoverable' && change.deed !== 'Move')) return
  const now = ctx.clock()
  const log = known ?? (await recoverableFolder(tx, mailbox, 'calendarlogging', now))
  const entry = await entryOf(tx, row, from.path, change)
  await tx.items.insert(rowOf(entry, { mailbox, folder: log.id, uid: row.uid, now }), '')
  if (isExpiryDue(log)) await expireEntries(tx, { folder: log, before: now - calendarLogAge, most: await quotaOf(tx, mailbox) })
}

async function isLogged(tx: WriteTx, mailbox: string): Promise<boolean> {
  const organisation = (await tx.mailboxes.get(mailbox))?.organisation ?? ''
  const [owner, settings] = await Promise.all([
    ownerWithin(tx, organisation, mailbox),
    settingsWithin(tx, organisation, 'OrganizationConfig'),
  ])
  if (!owner || owner.kind === 'PublicFolderMailbox') return false
  return owner.kept?.CalendarVersionStoreDisabled !== true && settings?.CalendarVersionStoreEnabled !== false
}

/** Bytes that the log of a mailbox may take (Set-MailboxDatabase -CalendarLoggingQuota), to be held to every few entries. */
async function quotaOf(tx: WriteTx, mailbox: string): Promise<number> {
  const organisation = (await tx.mailboxes.get(mailbox))?.organisation ?? ''
  const given = (await settingsWithin(tx, organisation, 'MailboxDatabase'))?.CalendarLoggingQuota
  const size = ByteSize.parse(String(given ?? '6 GB'))
  return !size || size.isUnlimited ? Infinity : size.bytes
}

async function entryOf(tx: ReadTx, row: ItemRow, folder: string, { deed, by, changed = [], to }: CalendarChange): Promise<CalendarEntry> {
  const person = typeof by === 'string' ? { id: '', address: '', name: by } : { id: by.recipient, address: by.address, name: by.name }
  const caller = typeof by === 'string' ? undefined : by
  const { actor, client, remoteAddress } = caller ?? {}
  const entry: CalendarEntry = {
    ...{ deed, item: row.id, key: itemKey(row), folder, ...(to ? { to: (await placed(tx, to)).path } : {}) },
    who: actor ? { id: actor.recipient, address: actor.address, name: actor.address } : person,
    ...(actor ? { as: person.address } : {}),
    ...(client ? { client: client.slice(0, 2 * longest.name) } : {}),
    ...(remoteAddress ? { remoteAddress } : {}),
    changed: changed.slice(0, longest.changed).map((name) => name.slice(0, longest.name)),
    before: stateOf(row),
  }
  if (JSON.stringify(entry).length <= longest.entry) return entry
  const short = Object.entries(entry.before).filter(([name]) => !(long as readonly string[]).includes(name))
  return { ...entry, before: Object.fromEntries(short), cut: true }
}

function stateOf(row: ItemRow): Properties {
  const all = storedProperties(row)
  const state = Object.fromEntries([...remembered, ...long].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
  if (!Array.isArray(state.exceptions)) return state
  const exceptions = (state.exceptions as unknown as OccurrenceException[]).map((one) => {
    const { body: _, ...properties } = one.properties
    return { ...one, properties }
  })
  return { ...state, exceptions: exceptions as unknown as Properties[string] }
}

/** The entry as an item that no view, search or reminder shows: found by the UID in its folder, its time is `received`. */
function rowOf(entry: CalendarEntry, { mailbox, folder, uid, now }: { mailbox: string; folder: number; uid: string; now: Instant }) {
  const properties = { $calendarLog: entry } as unknown as Properties
  return {
    ...{ mailbox, folder, associated: false, kind: 'item', itemClass: `${entryClass}.${entry.deed}` },
    ...{ created: now, modified: now, received: now, sent: null, size: JSON.stringify(entry).length },
    ...{ isRead: true, isDraft: false, hasAttachments: false, importance: 1, sensitivity: 0, flagStatus: 0 },
    ...{ subject: '', fromName: '', displayTo: '', displayCc: '', messageId: '', conversation: '', uid },
    ...{ start: null, end: null, isRecurring: false, reminder: null },
    ...{ properties, extended: {}, mime: null, mimeSize: 0, body: null },
  }
}
