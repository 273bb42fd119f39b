import type { Body, EmailAddress, Instant, OccurrenceException, Properties } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import type { PreparedBody } from '../../items/prepare.ts'
import { changeOccurrence } from '../change-occurrence.ts'
import { exceptionsOf, isSeriesOccurrence } from '../series.ts'
import { calendarItemOf } from './associated.ts'
import { carriedProperties } from './messages.ts'

/** What of a meeting message becomes the calendar item of an attendee, unanswered ([MS-OXOCAL] 3.1.4.8.1). */
export function meetingProperties(message: Properties): Properties {
  const intended = message.intendedFreeBusyStatus ?? 'Busy'
  const unanswered: Properties = {
    ...carriedProperties(message),
    itemClass: 'IPM.Appointment',
    subject: String(message.subject ?? ''),
    myResponseType: 'NoResponseReceived',
    meetingRequestWasSent: true,
    calendarIsResponseRequested: message.isResponseRequested !== false,
    intendedFreeBusyStatus: intended,
    legacyFreeBusyStatus: intended === 'Free' ? 'Free' : 'Tentative',
    isCancelled: false,
  }
  for (const name of [
    'exceptions',
    'deletedStarts',
    'dateTimeStamp',
    'reminderIsSet',
    'reminderMinutesBeforeStart',
    'icalendarExtensions',
  ]) {
    if (message[name] !== undefined) unanswered[name] = message[name]
  }
  return unanswered
}

const addressOf = (properties: Properties) => (properties.organizer as EmailAddress | undefined)?.address?.toLowerCase() ?? ''

/** A message older than what the calendar already knows: a lower sequence, or the same one stamped earlier (RFC 5546 2.1.5). */
export function isOlder(message: Properties, item: Properties): boolean {
  const [mine, theirs] = [Number(item.appointmentSequenceNumber ?? 0), Number(message.appointmentSequenceNumber ?? 0)]
  if (theirs !== mine) return theirs < mine
  return Number(message.dateTimeStamp ?? Infinity) < Number(item.dateTimeStamp ?? -Infinity)
}

const timing = (item: Properties) => JSON.stringify([item.start, item.end, item.recurrence ?? null, item.isAllDayEvent === true])

/** What the mailbox knows of the meeting that a message is about. */
export interface Known {
  item: ItemRow
  /** The occurrence of it that the message is about. */
  occurrence: Instant | undefined
  /** The item's properties, or the exception's over them. */
  properties: Properties
}

export async function knownMeeting(tx: WriteTx, mailbox: string, message: Properties): Promise<Known | undefined> {
  const recurrenceId = typeof message.recurrenceId === 'number' ? message.recurrenceId : undefined
  const item = await calendarItemOf(tx, mailbox, String(message.uid ?? ''), recurrenceId)
  if (!item) return undefined
  if (recurrenceId === undefined || item.properties.recurrenceId === recurrenceId)
    return { item, occurrence: undefined, properties: item.properties }
  // What is said of an occurrence is never said of the whole (RFC 5546 3.2.5).
  if (!isSeriesOccurrence(item.properties, recurrenceId)) return undefined
  const exception = exceptionsOf(item.properties).find((each) => each.originalStart === recurrenceId)
  return { item, occurrence: recurrenceId, properties: { ...item.properties, ...exception?.properties } }
}

/** How an invitation was filed. */
export interface Filed {
  type: 'NewMeetingRequest' | 'FullUpdate' | 'InformationalUpdate' | 'Outdated' | 'None'
  item?: ItemRow
}

/**
 * Files an invitation in the attendee's calendar: new as unanswered, an update of time or recurrence as unanswered again, any
 * other update with the answer kept. Older ones and those of another organizer change nothing.
 */
export async function fileRequest(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  message: Properties,
  body: PreparedBody | undefined,
  insert: (properties: Properties) => Promise<ItemRow | undefined>,
): Promise<Filed> {
  const known = await knownMeeting(tx, mailbox, message)
  if (!known) {
    const item = await insert(meetingProperties(message))
    return item ? { type: 'NewMeetingRequest', item } : { type: 'None' }
  }
  if (known.properties.myResponseType === 'Organizer' || addressOf(known.properties) !== addressOf(message)) return { type: 'None' }
  if (isOlder(message, known.properties)) return { type: 'Outdated' }
  const full = timing({ ...known.properties, ...timesOfKnown(known) }) !== timing(message) && !sameOccurrenceTimes(known, message)
  const fresh = meetingProperties(message)
  if (!full) for (const name of ['myResponseType', 'legacyFreeBusyStatus'] as const) fresh[name] = known.properties[name]
  const item =
    known.occurrence === undefined
      ? await replaceItem(tx, ctx, known.item, fresh, body, full)
      : await replaceOccurrence(tx, ctx, known, fresh, body)
  // Who has not accepted yet is asked again, whatever changed (MS-OXWSMTGS_R485, R587).
  const answered = known.properties.myResponseType === 'Accept' || known.properties.myResponseType === 'Tentative'
  return { type: full || !answered ? 'FullUpdate' : 'InformationalUpdate', item }
}

/** When the occurrence known of a series is; nothing for a whole item, which says so itself. */
export function timesOfKnown({ item, occurrence, properties }: Known): Properties {
  if (occurrence === undefined) return {}
  const length = Number(item.properties.end) - Number(item.properties.start)
  const exception = exceptionsOf(item.properties).find((each) => each.originalStart === occurrence)
  const start = exception?.properties.start ?? occurrence
  return { start, end: exception?.properties.end ?? Number(start) + length, recurrence: undefined, isAllDayEvent: properties.isAllDayEvent }
}

function sameOccurrenceTimes(known: Known, message: Properties): boolean {
  const times = timesOfKnown(known)
  return known.occurrence !== undefined && times.start === message.start && times.end === message.end
}

/** Replaces all that the organizer decides; the attendee's own (reminder, categories) stays. */
async function replaceItem(
  tx: WriteTx,
  ctx: MailboxContext,
  item: ItemRow,
  fresh: Properties,
  body: PreparedBody | undefined,
  full: boolean,
): Promise<ItemRow> {
  const set: Properties = { ...fresh }
  for (const name of ['location', 'recurrence', 'isAllDayEvent', 'requiredAttendees', 'optionalAttendees', 'resources', 'sensitivity'])
    set[name] ??= null
  for (const name of ['categories', 'reminderIsSet', 'reminderMinutesBeforeStart'] as const)
    if (item.properties[name] !== undefined) delete set[name]
  // A changed series begins anew; otherwise what the message does not mention stays as it is.
  if (full) for (const name of ['exceptions', 'deletedStarts']) set[name] ??= null
  return changeItem(tx, ctx, item, { set, body: body ?? null, modifiedBy: organizerName(fresh) })
}

const ofOccurrence = [
  'subject', 'location', 'start', 'end', 'isAllDayEvent', 'sensitivity', 'importance', 'requiredAttendees', 'optionalAttendees', 'resources', 'isCancelled',
  'appointmentSequenceNumber', 'dateTimeStamp', 'myResponseType', 'legacyFreeBusyStatus', 'intendedFreeBusyStatus',
] as const // prettier-ignore

async function replaceOccurrence(
  tx: WriteTx,
  ctx: MailboxContext,
  known: Known,
  fresh: Properties,
  body: PreparedBody | undefined,
): Promise<ItemRow> {
  const properties: Properties = {}
  for (const name of ofOccurrence) if (fresh[name] !== undefined) properties[name] = fresh[name]
  if (body) properties.body = body.body as Body & Properties
  const occurrence = known.occurrence as Instant
  const others = exceptionsOf(known.item.properties).filter((each) => each.originalStart !== occurrence)
  const exception: OccurrenceException = { originalStart: occurrence, properties }
  // The organizer's word: it is not refused for reaching into a neighbour.
  const exceptions = [...others, exception].sort((a, b) => a.originalStart - b.originalStart)
  const deletedStarts = ((known.item.properties.deletedStarts as Instant[] | undefined) ?? []).filter((each) => each !== occurrence)
  return changeItem(tx, ctx, known.item, { set: { exceptions, deletedStarts }, modifiedBy: organizerName(fresh) })
}

function organizerName(properties: Properties): string {
  const organizer = properties.organizer as EmailAddress | undefined
  return organizer?.name ?? organizer?.address ?? ''
}

const asCancelled = (subject: string) => ({
  isCancelled: true,
  subject: /^Canceled: /.test(subject) ? subject : `Canceled: ${subject}`,
  legacyFreeBusyStatus: 'Free',
})

/** An exception of a series that is cancelled as a whole: what it has of its own does not keep it alive. */
function withoutLife(exception: OccurrenceException, subject: string): OccurrenceException {
  return { ...exception, properties: { ...exception.properties, ...asCancelled(String(exception.properties.subject ?? subject)) } }
}

/** Marks the attendee's meeting as cancelled ([MS-OXOCAL] 3.1.4.9.1). Answers the item, or undefined when nothing was changed. */
export async function fileCancellation(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  message: Properties,
): Promise<ItemRow | undefined> {
  const known = await knownMeeting(tx, mailbox, message)
  if (!known || known.properties.myResponseType === 'Organizer' || addressOf(known.properties) !== addressOf(message)) return undefined
  if (Number(message.appointmentSequenceNumber ?? 0) < Number(known.properties.appointmentSequenceNumber ?? 0)) return undefined
  const set: Properties = {
    ...asCancelled(String(known.properties.subject ?? known.item.subject)),
    appointmentSequenceNumber: Number(message.appointmentSequenceNumber ?? 0),
  }
  const modifiedBy = organizerName(message)
  if (known.occurrence === undefined) {
    const exceptions = exceptionsOf(known.item.properties).map((each) => withoutLife(each, known.item.subject))
    return changeItem(tx, ctx, known.item, { set: exceptions.length > 0 ? { ...set, exceptions } : set, modifiedBy })
  }
  const deleted = (known.item.properties.deletedStarts as Instant[] | undefined) ?? []
  if (deleted.includes(known.occurrence)) return undefined
  return changeItem(tx, ctx, known.item, { set: { ...changeOccurrence(known.item, known.occurrence, set) }, modifiedBy })
}
