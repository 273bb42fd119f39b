import type { Recipient } from '#directory'
import { Refusal, type Attendee, type Body, type Caller, type EmailAddress, type Properties } from '#model'
import type { ReadTx, WriteTx } from '#store'
import { stageAutomatic } from '../../automatic/message.ts'
import type { FolderRef, ItemRef, NewItemInput } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import { enqueueOutgoing, type Outgoing } from '../../items/outgoing.ts'
import { prepareItem, type PreparedItem } from '../../items/prepare.ts'
import { insertItem } from '../../items/stored.ts'
import { seenItem } from '../../items/target.ts'
import { accessTo, type Access } from '../../permissions/access.ts'
import { gaugeFor } from '../../quotas/gauge.ts'
import { accessForCopies, copyFolderFor } from '../../sending/copy-folder.ts'
import { quotasFor, type QuotasOf } from '../../settings/quotas.ts'
import { changeOccurrence } from '../change-occurrence.ts'
import { attendeesOf, isMeeting, isOrganizer } from '../derived.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { knownMeeting } from './file-meeting.ts'
import { requestMessage } from './messages.ts'
import { maySendFor, post, preparePosting, senderOf, type MeetingMessage } from './posting.ts'
import { calendarProcessingOf } from './processing.ts'

/** Attendees that a meeting is given by forwards, at most. */
const mostAttendees = 1000

/**
 * Passes a meeting on as an invitation ([MS-OXOCAL] 3.1.4.6 Forwarding): `message` says to whom and with what text. Its organizer is told
 * ([MS-OXOCAL] 2.2.11 Meeting Forward Notification): one who is here has the new people among the optional attendees, so that updates reach
 * them; one elsewhere gets mail, where their domain takes it (Set-RemoteDomain -MeetingForwardNotificationEnabled). Answers false, and does
 * nothing, for an item that is no meeting. Refuses like sending, and MissingRecipients.
 */
export async function forwardMeeting(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  message: NewItemInput,
  options: { saveTo?: FolderRef },
): Promise<boolean> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const copies = await accessForCopies(ctx, access, options.saveTo)
  const meeting = await ctx.store.read((tx) => meetingAt(tx, access, ref))
  // Who reads somebody's calendar and does not send for them passes on a message that shows the meeting.
  if (!meeting || !maySendFor(access)) return false
  const people = (['toRecipients', 'ccRecipients', 'bccRecipients'] as const).flatMap(
    (name) => (message.properties[name] ?? []) as EmailAddress[],
  )
  if (people.length === 0) throw new Refusal('MissingRecipients', 'Say to whom the meeting is to be forwarded.')
  const sender = await senderOf(ctx, access)
  const posting = await preparePosting(ctx, sender, [forwarded(meeting, message, people, ctx.clock())], options.saveTo !== undefined)
  const notice = await noticeFor(ctx, access, meeting, people)
  await ctx.store.write(async (tx) => {
    const folder = await copyFolderFor(tx, copies, options.saveTo)
    await post(tx, ctx, ref.mailbox, posting, folder)
    if (notice && 'mail' in notice) await enqueueOutgoing(tx, ctx, notice.mail)
    else if (notice) await tellOrganizer(tx, ctx, notice, meeting, people)
  })
  return true
}

async function meetingAt(tx: ReadTx, access: Access, ref: ItemRef): Promise<Properties | undefined> {
  const { row } = await seenItem(tx, access, ref)
  const properties = propertiesOfRow(row)
  if (row.kind !== 'meetingRequest' && (row.kind !== 'calendar' || !isMeeting(properties))) return undefined
  return properties.uid ? properties : undefined
}

function forwarded(meeting: Properties, message: NewItemInput, people: EmailAddress[], now: number): MeetingMessage {
  const busy = meeting.myResponseType === 'Organizer' ? meeting.legacyFreeBusyStatus : meeting.intendedFreeBusyStatus
  const passedOn: Properties = { ...meeting, legacyFreeBusyStatus: busy ?? 'Busy' }
  const request = requestMessage(passedOn, message.properties.body as Body | undefined, people, now)
  const { subject, toRecipients = [], ccRecipients = [], bccRecipients = [] } = message.properties
  return {
    ...request,
    properties: { ...request.properties, subject, toRecipients, ccRecipients, bccRecipients },
    ...(message.attachments ? { attachments: message.attachments } : {}),
  }
}

/** What an organizer here is told. */
interface Notice {
  organizer: Recipient
  /** Who passed the meeting on. */
  by: EmailAddress
  prepared: PreparedItem
  quotasOf: QuotasOf
}

/** The organizer as the meeting names them: somebody's primary address, where it is one of theirs that is known here. */
function addressOf({ name, address }: EmailAddress, known: Recipient | undefined): EmailAddress | undefined {
  if (known) return { name: known.displayName, address: known.address, routingType: 'SMTP' }
  return address?.includes('@') ? { ...(name ? { name } : {}), address, routingType: 'SMTP' } : undefined
}

async function noticeFor(
  ctx: MailboxContext,
  { owner }: Access,
  meeting: Properties,
  people: readonly EmailAddress[],
): Promise<Notice | { mail: Outgoing } | undefined> {
  const named = meeting.organizer as EmailAddress | undefined
  if (!owner || !named?.address) return undefined
  const organizer = await ctx.directory.find(named.address, owner.organisation)
  const to = addressOf(named, organizer)
  if (!to || organizer?.id === owner.id) return undefined
  const by: EmailAddress = { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const names = people.map((one) => (one.name && one.name !== one.address ? `${one.name} <${one.address ?? ''}>` : (one.address ?? '')))
  const value = `${owner.displayName} has forwarded your meeting request to additional recipients.\r\n\r\nMeeting: ${String(meeting.subject ?? '')}\r\nRecipients: ${names.join('; ')}\r\n`
  const told: Properties = {
    subject: `Meeting Forward Notification: ${String(meeting.subject ?? '')}`,
    body: { type: 'Text', value },
  }
  if (!organizer?.mailbox) {
    const headers = ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All']
    return { mail: await stageAutomatic(ctx, { automatic: 'meetingForwardNotification', owner, to: [to], properties: told, headers, sender: '' }) } // prettier-ignore
  }
  const properties: Properties = {
    ...told,
    itemClass: 'IPM.Schedule.Meeting.Notification.Forward',
    from: by,
    sender: by,
    toRecipients: [to],
    uid: meeting.uid,
    ...(typeof meeting.$occurrence === 'number' ? { recurrenceId: meeting.$occurrence } : {}),
    dateTimeReceived: ctx.clock(),
    dateTimeSent: ctx.clock(),
    isRead: false,
    isDraft: false,
    isDelegated: false,
    isOutOfDate: false,
    hasBeenProcessed: true,
    responseType: 'Unknown',
  }
  return {
    organizer,
    by,
    prepared: await prepareItem(ctx, { kind: 'meetingMessage', properties }, { creator: '', modifiedBy: by.name ?? '' }),
    quotasOf: await quotasFor(ctx, organizer),
  }
}

/** Files the notice; people join the meeting when one who is invited passed it on. A meeting that the organizer does not have is not theirs to hear of. */
async function tellOrganizer(
  tx: WriteTx,
  ctx: MailboxContext,
  { organizer, by, prepared, quotasOf }: Notice,
  meeting: Properties,
  people: readonly EmailAddress[],
): Promise<void> {
  const known = await knownMeeting(tx, organizer.mailbox, { ...meeting, recurrenceId: meeting.recurrenceId ?? meeting.$occurrence })
  if (!known || !isOrganizer(known.properties)) return
  const row = await tx.mailboxes.get(organizer.mailbox)
  const { RemoveForwardedMeetingNotifications } = calendarProcessingOf(row?.settings ?? {}, organizer.kind)
  const folder = await tx.folders.byKind(organizer.mailbox, RemoveForwardedMeetingNotifications ? 'deleteditems' : 'inbox')
  const gauge = await gaugeFor(tx, ctx, organizer.mailbox, quotasOf)
  // Who joins stands in the meeting all the same.
  if (folder && (await gauge.fits(prepared.row.size))) {
    await gauge.take(prepared.row.size)
    await insertItem(tx, organizer.mailbox, folder.id, prepared)
  }
  const has = new Set(attendeesOf(known.properties).map((each) => each.mailbox.address?.toLowerCase()))
  const isInvited = has.has(by.address?.toLowerCase())
  const added = people.filter(({ address }) => address && address.toLowerCase() !== organizer.address && !has.has(address.toLowerCase()))
  if (!isInvited || added.length === 0 || has.size + added.length > mostAttendees) return
  const optional = (known.properties.optionalAttendees as Attendee[] | undefined) ?? []
  const optionalAttendees = [...optional, ...added.map((mailbox): Attendee => ({ mailbox, response: 'Unknown' }))]
  const set =
    known.occurrence === undefined ? { optionalAttendees } : { ...changeOccurrence(known.item, known.occurrence, { optionalAttendees }) }
  await changeItem(tx, ctx, known.item, { set, modifiedBy: by.name ?? '' })
}
