import { day, type EmailAddress, type Instant, type Properties } from '#model'
import type { Recipient } from '#directory'
import type { ReadTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { newMessageId } from '../../items/message-id.ts'
import { mimeFromItem } from '../../mime/index.ts'
import { occurrencesBetween, rowsBetween, type ListedOccurrence } from '../occurrences.ts'
import type { Resource, Verdict } from './booking-rules.ts'
import { addressOf } from './delegated.ts'
import { replyMessage } from './messages.ts'
import { nothing, preparePosting, type Posting, type Sender } from './posting.ts'

/** How many occurrences of a series are looked at. */
const most = 500

type Time = Pick<ListedOccurrence, 'originalStart' | 'start' | 'end'>

/** The times of a meeting from now on: of a series those that begin before `until`. */
export function timesAhead(meeting: Properties, now: Instant, until: Instant): Time[] {
  if (typeof meeting.start !== 'number') return []
  if (!meeting.recurrence) {
    const end = typeof meeting.end === 'number' ? meeting.end : meeting.start
    return [{ originalStart: meeting.start, start: meeting.start, end }]
  }
  return occurrencesBetween({ properties: meeting }, Math.max(now, meeting.start), until, most)
}

/** The times of a meeting ahead, and those that somebody else has. */
export interface Conflicts {
  /** Original starts of occurrences; of a single meeting its start. */
  taken: Instant[]
  /** How many times were looked at. */
  of: number
}

/** When of the meeting, within the booking window, somebody else has the room. A mailbox without a calendar is always taken. */
export async function conflictsOf(
  tx: ReadTx,
  mailbox: string,
  meeting: Properties,
  now: Instant,
  windowInDays: number,
): Promise<Conflicts> {
  const calendar = await tx.folders.byKind(mailbox, 'calendar')
  if (!calendar || typeof meeting.start !== 'number') return { taken: [Number(meeting.start ?? 0)], of: 1 }
  const times = timesAhead(meeting, now, Math.max(now, meeting.start) + Math.max(windowInDays, 1) * day)
  const [first, last] = [times[0], times.at(-1)]
  if (!first || !last) return { taken: [], of: 0 }
  const stored = await tx.items.overlapping(mailbox, calendar.id, first.start, Math.max(last.end, first.start + 1), 10_000)
  const others = stored
    .filter((row) => row.kind === 'calendar' && row.uid !== meeting.uid)
    .flatMap((row) => rowsBetween(row, first.start, last.end, most))
    .filter((row) => row.properties.isCancelled !== true && row.properties.legacyFreeBusyStatus !== 'Free')
  const isTaken = (time: Time) => others.some((row) => row.start! < time.end && (row.end ?? row.start!) > time.start)
  return { taken: times.filter(isTaken).map((time) => time.originalStart), of: times.length }
}

/** What a room may have to send: which of it, is decided in the write. */
export interface RoomAnswers {
  /** By its rules. */
  verdict: Posting
  /** When somebody else has it. */
  conflict: Posting
  /** To those who decide, for what waits for them. */
  delegates: Posting
}

function senderFor(owner: Recipient): { from: EmailAddress; sender: Sender } {
  const from = addressOf(owner)
  return { from, sender: { organisation: owner.organisation, mailbox: owner.mailbox, from, sender: from, submitter: owner.id } }
}

/** What a room says of one occurrence of a series that somebody else has, ready to be sent. */
export async function declineOf(ctx: MailboxContext, { owner }: Resource, meeting: Properties, at: Instant): Promise<Posting> {
  const { from, sender } = senderFor(owner)
  const length = Number(meeting.end) - Number(meeting.start)
  const occurrence: Properties = { ...meeting, start: at, end: at + length, $occurrence: at }
  for (const name of ['recurrence', 'exceptions', 'deletedStarts']) delete occurrence[name]
  const body = { type: 'Text', value: conflictText } as const
  return preparePosting(ctx, sender, [replyMessage(occurrence, 'Decline', from, ctx.clock(), { body })], false)
}

const conflictText = 'Your request was declined because there are conflicts.'

/** The answers of a room to a booking, ready to be sent. */
export async function roomAnswers(ctx: MailboxContext, resource: Resource, meeting: Properties, verdict: Verdict): Promise<RoomAnswers> {
  const { owner, processing } = resource
  const { from, sender } = senderFor(owner)
  const more = processing.AddAdditionalResponse && processing.AdditionalResponse ? `\r\n\r\n${processing.AdditionalResponse}` : ''
  const answer = ({ answer: which, text }: Verdict) =>
    preparePosting(
      ctx,
      sender,
      [replyMessage(meeting, which, from, ctx.clock(), { body: { type: 'Text', value: `${text}${more}` } })],
      false,
    )
  const waits = verdict.answer === 'Tentative' && processing.ForwardRequestsToDelegates
  return {
    verdict: await answer(verdict),
    conflict: await answer({ answer: 'Decline', text: conflictText }),
    delegates: waits ? await askDelegates(ctx, sender, processing.ResourceDelegates, meeting) : nothing,
  }
}

/** A message to those who decide for a room: who asks for what. They answer in the room's calendar. */
async function askDelegates(ctx: MailboxContext, sender: Sender, delegates: readonly string[], meeting: Properties): Promise<Posting> {
  const people: EmailAddress[] = []
  for (const id of delegates) {
    const found = await ctx.directory.recipient(sender.organisation, id)
    if (found) people.push({ name: found.displayName, address: found.address, routingType: 'SMTP' })
  }
  if (people.length === 0) return nothing
  const organizer = meeting.organizer as EmailAddress | undefined
  const room = sender.from.name ?? ''
  const from = typeof meeting.start === 'number' ? new Date(meeting.start).toISOString() : ''
  const value = `${organizer?.name ?? organizer?.address ?? 'Somebody'} asks for ${room} at ${from}: accept or decline the meeting in the calendar of ${room}.`
  const messageId = newMessageId(ctx, sender.from.address?.split('@')[1])
  const properties: Properties = {
    itemClass: 'IPM.Note',
    subject: `Request for approval: ${String(meeting.subject ?? '')}`,
    body: { type: 'Text', value },
    from: sender.from,
    sender: sender.sender,
    toRecipients: people,
    internetMessageId: messageId,
  }
  const mime = await mimeFromItem({ kind: 'message', properties }, { date: ctx.clock(), messageId, withoutBcc: true })
  return {
    outgoing: [
      {
        organisation: sender.organisation,
        sender: sender.from.address ?? '',
        recipients: people.flatMap(({ address }) => (address ? [address] : [])),
        blob: await ctx.store.stage(mime),
        envelope: { mailbox: sender.mailbox, submitter: sender.submitter },
      },
    ],
    copies: [],
  }
}
