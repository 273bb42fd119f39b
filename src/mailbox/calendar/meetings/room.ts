import type { Recipient } from '#directory'
import { day, type EmailAddress, type Instant, type Properties } from '#model'
import type { ReadTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { occurrencesBetween, rowsBetween } from '../occurrences.ts'
import type { Answer } from './contract.ts'
import { replyMessage } from './messages.ts'
import { preparePosting, type Posting } from './posting.ts'

/** How far ahead a room can be booked, and how many occurrences of a series are looked at. */
const bookingWindow = 180 * day
const most = 500

/** True for mailboxes that answer invitations themselves. */
export function answersItself(recipient: Recipient | undefined): recipient is Recipient {
  return recipient?.kind === 'RoomMailbox' || recipient?.kind === 'EquipmentMailbox'
}

/** True when nobody else has the room at any time of the meeting within the booking window. */
export async function isFree(tx: ReadTx, mailbox: string, meeting: Properties, now: Instant): Promise<boolean> {
  const calendar = await tx.folders.byKind(mailbox, 'calendar')
  if (!calendar || typeof meeting.start !== 'number') return false
  const end = typeof meeting.end === 'number' ? meeting.end : meeting.start
  const times = meeting.recurrence
    ? occurrencesBetween({ properties: meeting }, Math.max(now, meeting.start), Math.max(now, meeting.start) + bookingWindow, most)
    : [{ start: meeting.start, end }]
  const [first, last] = [times[0], times.at(-1)]
  if (!first || !last) return true
  const stored = await tx.items.overlapping(mailbox, calendar.id, first.start, Math.max(last.end, first.start + 1), 10_000)
  const taken = stored
    .filter((row) => row.kind === 'calendar' && row.uid !== meeting.uid)
    .flatMap((row) => rowsBetween(row, first.start, last.end, most))
    .filter((row) => row.properties.isCancelled !== true && row.properties.legacyFreeBusyStatus !== 'Free')
  return !times.some((time) => taken.some((row) => row.start! < time.end && (row.end ?? row.start!) > time.start))
}

/** Both answers that a room may give, ready to be sent: which one it is, is decided in the write. */
export async function roomAnswers(
  ctx: MailboxContext,
  room: Recipient,
  meeting: Properties,
): Promise<Record<'Accept' | 'Decline', Posting>> {
  const from: EmailAddress = { name: room.displayName, address: room.address, routingType: 'SMTP' }
  const sender = { organisation: room.organisation, mailbox: room.mailbox, from, sender: from, submitter: room.id }
  const answer = (which: Answer, text: string) =>
    preparePosting(ctx, sender, [replyMessage(meeting, which, from, ctx.clock(), { body: { type: 'Text', value: text } })], false)
  return {
    Accept: await answer('Accept', 'Your request was accepted.'),
    Decline: await answer('Decline', 'Your request was declined because there are conflicts.'),
  }
}
