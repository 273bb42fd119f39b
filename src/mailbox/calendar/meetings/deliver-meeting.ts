import type { Recipient } from '#directory'
import {
  Refusal,
  type Body,
  type EmailAddress,
  type Instant,
  type ItemKind,
  type MeetingResponse,
  type Properties,
  type PropertyValue,
  type Zone,
} from '#model'
import type { ItemRow, WriteTx } from '#store'
import { parseICalendar } from '#wire'
import type { MailboxContext } from '../../context.ts'
import type { NewItemInput } from '../../contract.ts'
import { changeItem } from '../../items/change.ts'
import { removeItem } from '../../items/stored.ts'
import { prepareBody, type PreparedBody, type PreparedItem } from '../../items/prepare.ts'
import { checkCalendarItem } from '../check-item.ts'
import { personOf, readICalendar, responsesByStatus, type ReadItem } from '../from-icalendar.ts'
import { mailboxZone } from '../mailbox-zone.ts'
import { carriedProperties } from './messages.ts'
import { verdictOf, type Booking, type Resource, type Verdict } from './booking-rules.ts'
import { fileCancellation, fileRequest, isOlder, knownMeeting, type Filed } from './file-meeting.ts'
import { fileResponse, type Answered } from './file-response.ts'
import { insertCalendarItem } from './insert.ts'
import { isFree, roomAnswers, type RoomAnswers } from './room.ts'
import { post } from './posting.ts'
import { calendarProcessingOf, isResource, type CalendarProcessing } from './processing.ts'

/** A meeting message on its way into a mailbox. */
export interface MeetingDelivery {
  /** The message with what its iCalendar says of the meeting; to be prepared and inserted in place of the one given. */
  input: NewItemInput
  /**
   * Processes the message within the write that inserts it, before the insertion: files or changes the calendar item, records
   * answers, lets a room answer. Answers properties to be added to the bag of the message's row.
   */
  process(tx: WriteTx, prepared: PreparedItem): Promise<Properties>
}

/**
 * Reads a meeting message that is being delivered ([MS-OXOCAL] 3.1.4.8–3.1.4.9, RFC 5546). Undefined when its iCalendar cannot
 * be read or is about no meeting: the message is then delivered as it is. To be called before the write.
 */
export async function meetingDelivery(
  ctx: MailboxContext,
  organisation: string,
  mailbox: string,
  message: NewItemInput,
  icalendar: string,
  isExternal = false,
): Promise<MeetingDelivery | undefined> {
  const owner = await ctx.directory.recipientOfMailbox(organisation, mailbox)
  const stored = await ctx.store.read((tx) => tx.mailboxes.get(mailbox))
  const zone = mailboxZone(stored)
  const processing = calendarProcessingOf(stored?.settings ?? {}, owner?.kind)
  const read = await readMeeting(ctx, zone, icalendar)
  if (!read) return undefined
  const { item, attendee } = read
  const now = ctx.clock()
  const meeting = settled(ctx, item, message)
  if (!meeting) return undefined
  const body = message.properties.body as Body | undefined
  const kind = message.kind
  const speaker = kind === 'meetingResponse' ? attendee?.attendee : (meeting.organizer as EmailAddress | undefined)
  const trusted = await speaksForThemselves(ctx, organisation, speaker, message)
  const input: NewItemInput = { ...message, properties: { ...message.properties, ...messageProperties(kind, meeting, attendee, message) } }
  const untouched =
    processing.AutomateProcessing === 'None' || (isResource(owner?.kind) && isExternal && !processing.ProcessExternalMeetingMessages)
  const answers =
    kind === 'meetingRequest' && !untouched && owner && isResource(owner.kind) && processing.AutomateProcessing === 'AutoAccept'
  const hours = stored?.settings.workingHours as Resource['hours']
  // Policies are for whoever sends: not for a colleague whom somebody names as the organizer.
  const author = trusted ? speaker : (message.properties.from as EmailAddress | undefined)
  const requester = isExternal ? undefined : author?.address
  const room = answers ? await roomFor(ctx, { owner, processing, zone, hours }, { meeting, requester, now }) : undefined
  const preparedBody = body && (await prepareBody(ctx, body))
  return {
    input,
    async process(tx, row) {
      if (untouched) return { hasBeenProcessed: false }
      switch (kind) {
        case 'meetingRequest':
          return processRequest(tx, ctx, { mailbox, owner, meeting, now, trusted, body: preparedBody, room, processing }, row)
        case 'meetingCancellation':
          if (!trusted) return { hasBeenProcessed: false }
          return processCancellation(tx, ctx, mailbox, owner, meeting)
        case 'meetingResponse':
          if (!trusted) return { hasBeenProcessed: false }
          return processResponse(tx, ctx, mailbox, meeting, attendee)
        default:
          return {}
      }
    },
  }
}

/**
 * True unless the message is from somebody else than the colleague in whose name its iCalendar speaks: who may send is checked of
 * colleagues' mail, so nobody cancels, changes or answers a meeting for another. Of people elsewhere nothing is known.
 */
async function speaksForThemselves(
  ctx: MailboxContext,
  organisation: string,
  speaker: EmailAddress | undefined,
  { properties }: NewItemInput,
): Promise<boolean> {
  const colleague = speaker?.address ? await ctx.directory.find(speaker.address, organisation) : undefined
  if (!colleague) return true
  const author = (properties.from as EmailAddress | undefined)?.address?.toLowerCase()
  return author === colleague.address || colleague.proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${author}`)
}

/** A resource with what it says to a booking. */
interface Room extends Resource {
  verdict: Verdict
  answers: RoomAnswers
}

async function roomFor(ctx: MailboxContext, resource: Resource, booking: Booking): Promise<Room> {
  const verdict = await verdictOf(ctx, resource, booking)
  return { ...resource, verdict, answers: await roomAnswers(ctx, resource, booking.meeting, verdict) }
}

async function readMeeting(
  ctx: MailboxContext,
  zone: Zone,
  text: string,
): Promise<{ item: ReadItem; attendee: Answered | undefined } | undefined> {
  const reading = parseICalendar(text)
  if ('problem' in reading) return undefined
  const item = readICalendar(text, zone).items.find((each) => each.kind === 'calendar')
  if (!item?.properties.uid) return undefined
  const [event] = reading.calendar.events
  const [person] = event?.attendees ?? []
  if (!person) return { item, attendee: undefined }
  const response: MeetingResponse = responsesByStatus[person.status ?? ''] ?? 'Unknown'
  const at = typeof item.properties.dateTimeStamp === 'number' ? item.properties.dateTimeStamp : ctx.clock()
  const { start, end } = item.properties
  const counter = reading.calendar.method === 'COUNTER' && typeof start === 'number' && typeof end === 'number'
  const attendee: Answered = {
    attendee: personOf(person),
    response: counter && response === 'Unknown' ? 'Tentative' : response,
    at,
    ...(counter ? { proposed: { start, end } } : {}),
  }
  return { item, attendee }
}

/** The meeting's properties checked as a calendar item's are; undefined when they cannot be one. */
function settled(ctx: MailboxContext, item: ReadItem, message: NewItemInput): Properties | undefined {
  const organizer = (item.properties.organizer ?? message.properties.from) as EmailAddress | undefined
  const intended = item.properties.intendedFreeBusyStatus ?? item.properties.legacyFreeBusyStatus
  const properties: Properties = { ...item.properties, organizer, intendedFreeBusyStatus: intended, myResponseType: 'NoResponseReceived' }
  delete properties.body
  // An update without a summary of its own keeps the message's subject.
  properties.subject ??= message.properties.subject
  try {
    return checkCalendarItem(properties, undefined, { owner: undefined, now: ctx.clock(), random: ctx.random })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** What a delivered message says of its meeting. */
function messageProperties(
  kind: ItemKind,
  meeting: Properties,
  attendee: Answered | undefined,
  message: NewItemInput,
): Record<string, PropertyValue> {
  const common = {
    ...carriedProperties(meeting),
    recurrenceId: meeting.recurrenceId,
    dateTimeStamp: meeting.dateTimeStamp,
    isDelegated: false,
    isOutOfDate: false,
  }
  for (const name of ['importance', 'sensitivity', 'categories'] as const)
    if (message.properties[name] !== undefined) delete common[name as keyof typeof common]
  switch (kind) {
    case 'meetingRequest':
      return {
        ...common,
        legacyFreeBusyStatus: 'Tentative',
        intendedFreeBusyStatus: meeting.intendedFreeBusyStatus,
        myResponseType: 'NoResponseReceived',
        responseType: 'NoResponseReceived',
        isResponseRequested: meeting.calendarIsResponseRequested !== false,
        meetingRequestType: 'NewMeetingRequest',
      }
    case 'meetingResponse':
      return {
        ...common,
        responseType: attendee?.response ?? 'Unknown',
        ...(attendee?.proposed ? { proposedStart: attendee.proposed.start, proposedEnd: attendee.proposed.end } : {}),
      }
    default:
      return { ...common, isCancelled: true }
  }
}

interface Incoming {
  mailbox: string
  owner: Recipient | undefined
  meeting: Properties
  now: number
  /** The message is from whom it says the meeting is from. */
  trusted: boolean
  body: PreparedBody | undefined
  room: Room | undefined
  processing: CalendarProcessing
}

const addressOf = (properties: Properties) => (properties.organizer as EmailAddress | undefined)?.address?.toLowerCase()

async function processRequest(tx: WriteTx, ctx: MailboxContext, incoming: Incoming, prepared: PreparedItem): Promise<Properties> {
  const { mailbox, owner, meeting, room, now, trusted, processing } = incoming
  // One's own invitation, come back by a list one is on.
  if (owner && addressOf(meeting) === owner.address.toLowerCase()) return { hasBeenProcessed: false, meetingRequestType: 'None' }
  const calendar = await tx.folders.byKind(mailbox, 'calendar')
  if (!calendar) return { hasBeenProcessed: false }
  const known = await knownMeeting(tx, mailbox, meeting)
  // Anybody may pass an invitation on; changing one that is known is the organizer's.
  if (!trusted && known) return { hasBeenProcessed: false, meetingRequestType: 'None' }
  if (!room && !known && !processing.AddNewRequestsTentatively) return { hasBeenProcessed: false }
  const isNews = !known || !isOlder(meeting, known.properties)
  const answer = room && isNews ? await answerInWrite(tx, mailbox, room, meeting, now) : undefined
  if (room && answer === 'Decline') {
    // Declined as changed, a booking is none any more: its old time is free again.
    if (known?.occurrence === undefined && known && addressOf(known.properties) === addressOf(meeting)) await removeItem(tx, known.item)
    await post(tx, ctx, mailbox, room.verdict.answer === 'Decline' ? room.answers.verdict : room.answers.conflict)
    return { hasBeenProcessed: true, responseType: 'Decline', myResponseType: 'Decline' }
  }
  const filed = await fileIncoming(tx, ctx, incoming, calendar.id, prepared)
  if (room && filed.item && answer) await bookRoom(tx, ctx, filed.item, meeting, room)
  return {
    hasBeenProcessed: filed.type !== 'None',
    meetingRequestType: filed.type,
    ...(filed.type === 'Outdated' ? { isOutOfDate: true } : {}),
    ...(filed.item && answer ? { responseType: answer, myResponseType: answer } : {}),
  }
}

async function answerInWrite(tx: WriteTx, mailbox: string, room: Room, meeting: Properties, now: Instant): Promise<Verdict['answer']> {
  const { verdict, processing } = room
  if (verdict.answer === 'Decline' || processing.AllowConflicts) return verdict.answer
  return (await isFree(tx, mailbox, meeting, now, processing.BookingWindowInDays)) ? verdict.answer : 'Decline'
}

async function fileIncoming(
  tx: WriteTx,
  ctx: MailboxContext,
  incoming: Incoming,
  calendar: number,
  prepared: PreparedItem,
): Promise<Filed> {
  const { mailbox, room, processing } = incoming
  const meeting = room ? keptOf(processing, incoming.meeting) : incoming.meeting
  const body = room && processing.DeleteComments ? undefined : incoming.body
  if (body) await tx.blobs.put(mailbox, body.blob)
  const message = { mailbox, body: body ? prepared.row.body : null, properties: body ? prepared.row.properties : {} }
  const insert = (properties: Properties) => insertCalendarItem(tx, ctx, message, calendar, properties, body?.body)
  return fileRequest(tx, ctx, mailbox, meeting, body, insert)
}

/** What of a booking a resource's calendar keeps. */
function keptOf({ DeleteSubject, AddOrganizerToSubject, RemovePrivateProperty }: CalendarProcessing, meeting: Properties): Properties {
  const organizer = meeting.organizer as EmailAddress | undefined
  const name = AddOrganizerToSubject ? (organizer?.name ?? organizer?.address ?? '') : ''
  const subject = [name, DeleteSubject ? '' : String(meeting.subject ?? '')].filter((part) => part !== '').join(' ')
  return { ...meeting, subject, ...(RemovePrivateProperty && meeting.sensitivity === 'Private' ? { sensitivity: 'Normal' } : {}) }
}

async function bookRoom(tx: WriteTx, ctx: MailboxContext, item: ItemRow, meeting: Properties, room: Room): Promise<void> {
  const { verdict, processing, answers, owner } = room
  const waiting = processing.TentativePendingApproval ? 'Tentative' : 'Free'
  const set = {
    myResponseType: verdict.answer,
    legacyFreeBusyStatus: verdict.answer === 'Accept' ? (meeting.intendedFreeBusyStatus ?? 'Busy') : waiting,
    appointmentReplyTime: ctx.clock(),
  }
  await changeItem(tx, ctx, item, { set, modifiedBy: owner.displayName })
  await post(tx, ctx, item.mailbox, answers.verdict)
  await post(tx, ctx, item.mailbox, answers.delegates)
}

async function processCancellation(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  owner: Recipient | undefined,
  meeting: Properties,
): Promise<Properties> {
  const item = await fileCancellation(tx, ctx, mailbox, meeting)
  // A room has no use for cancelled meetings.
  if (item && isResource(owner?.kind) && meeting.recurrenceId === undefined) await removeItem(tx, item)
  return { hasBeenProcessed: item !== undefined }
}

async function processResponse(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  meeting: Properties,
  attendee: Answered | undefined,
): Promise<Properties> {
  if (!attendee) return { hasBeenProcessed: false }
  const { item, outOfDate } = await fileResponse(tx, ctx, mailbox, meeting, attendee)
  return { hasBeenProcessed: item !== undefined, isOutOfDate: outOfDate }
}
