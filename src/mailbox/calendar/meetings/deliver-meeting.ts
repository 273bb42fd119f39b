import type { Recipient } from '#directory'
import type { Body, EmailAddress, Properties } from '#model'
import type { WriteTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import type { NewItemInput } from '../../contract.ts'
import { createDisposer } from '../../recoverable/dispose.ts'
import { prepareBody, type PreparedBody, type PreparedItem } from '../../items/prepare.ts'
import { mailboxZone } from '../mailbox-zone.ts'
import { answerInWrite, bookRoom, keptOf, roomFor, type Room } from './book-room.ts'
import type { Resource } from './booking-rules.ts'
import { changeHighlights } from './change-highlights.ts'
import { fileCancellation, fileRequest, isOlder, knownMeeting, type Filed } from './file-meeting.ts'
import { fileResponse, type Answered } from './file-response.ts'
import { insertCalendarItem } from './insert.ts'
import { post } from './posting.ts'
import { calendarProcessingOf, isResource, type CalendarProcessing } from './processing.ts'
import { messageProperties, readMeeting, settled, speaksForThemselves } from './read-meeting.ts'

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
  const kind = message.kind
  const now = ctx.clock()
  const meeting = settled(ctx, item, message)
  if (!meeting) return undefined
  // Those who are invited do not see what is booked (MS-OXWSMTGS_R191, R319).
  if (!isResource(owner?.kind) && kind !== 'meetingResponse') delete meeting.resources
  const body = message.properties.body as Body | undefined
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
  if (room && answer?.answer === 'Decline') {
    // Declined as changed, a booking is none any more: its old time is free again.
    if (known?.occurrence === undefined && known && addressOf(known.properties) === addressOf(meeting))
      await createDisposer(tx, ctx, mailbox).release(known.item)
    await post(tx, ctx, mailbox, room.verdict.answer === 'Decline' ? room.answers.verdict : room.answers.conflict)
    return { hasBeenProcessed: true, responseType: 'Decline', myResponseType: 'Decline' }
  }
  // Before it is filed: what was there is what it is held against.
  const highlights = changeHighlights(known, meeting)
  const filed = await fileIncoming(tx, ctx, incoming, calendar.id, prepared)
  if (room && filed.item && answer) await bookRoom(tx, ctx, filed.item, meeting, room, answer.without)
  return {
    hasBeenProcessed: filed.type !== 'None',
    meetingRequestType: filed.type,
    ...(filed.type === 'Outdated' ? { isOutOfDate: true } : {}),
    ...(filed.item && answer ? { responseType: answer.answer, myResponseType: answer.answer } : {}),
    ...highlights,
  }
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

async function processCancellation(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  owner: Recipient | undefined,
  meeting: Properties,
): Promise<Properties> {
  const item = await fileCancellation(tx, ctx, mailbox, meeting)
  // A room has no use for cancelled meetings.
  if (item && isResource(owner?.kind) && meeting.recurrenceId === undefined) await createDisposer(tx, ctx, mailbox).release(item)
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
