import type { Recipient } from '#directory'
import { hour, type Body, type EmailAddress, type Properties } from '#model'
import type { ItemRow, ReadTx, WriteTx } from '#store'
import type { NewItemInput } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { loadBody } from '../../items/stored.ts'
import type { Outgoing } from '../../items/outgoing.ts'
import { deletedStartsOf } from '../series.ts'
import { attendeesOf, isMeeting, isOrganizer } from '../derived.ts'
import { mailboxZone } from '../mailbox-zone.ts'
import { occurrenceRow } from '../occurrences.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { associatedItem } from './associated.ts'
import { requestMessage } from './messages.ts'
import { preparePosting } from './posting.ts'
import { calendarProcessingOf } from './processing.ts'
import { readMeeting } from './read-meeting.ts'

/** Each attendee gets a meeting anew at most once in that time: a program that asks at every answer would go on for ever. */
const pause = hour

/** An answer to a REFRESH, ready to be queued. */
export interface Refreshed {
  outgoing: Outgoing[]
  /** Notes within the write that it is sent; false = it was sent a short time ago, and is not sent again. */
  note(tx: WriteTx): Promise<boolean>
}

/**
 * What an attendee who asks the organizer for the meeting as it is now gets (RFC 5546 3.2.6 REFRESH): the invitation again, its sequence
 * unchanged (2.1.4). It goes to the address that the meeting itself has, and to nobody else, so that no forged question has mail sent to a
 * stranger. Undefined: whoever asks is not invited, the meeting is none of the owner's or cancelled, the calendar is not kept by itself, or it was
 * sent a short time ago.
 */
export async function refreshed(
  ctx: MailboxContext,
  owner: Recipient,
  message: NewItemInput,
  icalendar: string,
): Promise<Refreshed | undefined> {
  const { mailbox } = owner
  const stored = await ctx.store.read((tx) => tx.mailboxes.get(mailbox))
  if (calendarProcessingOf(stored?.settings ?? {}, owner.kind).AutomateProcessing === 'None') return undefined
  const read = await readMeeting(ctx, mailboxZone(stored), icalendar)
  const asker = read?.attendee?.attendee.address?.toLowerCase()
  // Who asks, asks for themselves.
  if (!read || !asker || asker !== (message.properties.from as EmailAddress | undefined)?.address?.toLowerCase()) return undefined
  const { uid, recurrenceId } = read.item.properties
  const about = `${asker} ${String(uid)}`
  const found = await ctx.store.read(async (tx) => {
    // Nothing is composed for who is not answered; the note in the write decides between two who ask at once.
    if (await tx.replies.has(mailbox, 'refresh', about, ctx.clock() - pause)) return undefined
    return meetingOf(tx, { mailbox, uid: String(uid), properties: { recurrenceId } })
  })
  const attendee = found && attendeesOf(found.meeting).find((each) => each.mailbox.address?.toLowerCase() === asker)
  if (!attendee) return undefined
  const from: EmailAddress = { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const request = requestMessage(found.meeting, found.body, [attendee.mailbox], ctx.clock())
  const { outgoing } = await preparePosting(
    ctx,
    { organisation: owner.organisation, mailbox, from, sender: from, submitter: owner.id },
    [{ ...request, headers: ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'] }],
    false,
  )
  return {
    outgoing,
    note: async (tx) => {
      await tx.replies.forget(mailbox, 'refresh', ctx.clock() - pause)
      return tx.replies.note(mailbox, 'refresh', about, ctx.clock())
    },
  }
}

/** The owner's meeting, or the occurrence of it that is asked for; the whole where that one is not there any more. */
async function meetingOf(
  tx: ReadTx,
  asked: Pick<ItemRow, 'mailbox' | 'uid' | 'properties'>,
): Promise<{ meeting: Properties; body: Body | undefined } | undefined> {
  const found = await associatedItem(tx, asked)
  if (!found) return undefined
  const { row, occurrence } = found
  const isThere = occurrence !== undefined && !deletedStartsOf(row.properties).includes(occurrence)
  const meeting = propertiesOfRow(isThere ? occurrenceRow(row, occurrence) : row)
  // Whom the owner has listed and not told yet is told by the owner.
  const isTold = meeting.meetingRequestWasSent === true && meeting.isCancelled !== true
  if (!isTold || !isMeeting(meeting) || !isOrganizer(meeting)) return undefined
  return { meeting, body: (meeting.body as Body | undefined) ?? (await loadBody(tx, row)) }
}
