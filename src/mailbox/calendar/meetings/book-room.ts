import type { EmailAddress, Instant, Properties } from '#model'
import type { ItemRow, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import { seriesOf } from '../series.ts'
import { verdictOf, type Booking, type Resource, type Verdict } from './booking-rules.ts'
import { nothing, post, type Posting } from './posting.ts'
import type { CalendarProcessing } from './processing.ts'
import { conflictsOf, declineOf, roomAnswers, type Conflicts, type RoomAnswers } from './room.ts'

/** A resource with what it says to a booking. */
export interface Room extends Resource {
  verdict: Verdict
  answers: RoomAnswers
  /** For each occurrence of a series that somebody else had when the booking came: what it says of that one alone, by its original start. */
  declines: Map<Instant, Posting>
}

/** What a resource says to a booking in the write. */
export interface RoomAnswer {
  answer: Verdict['answer']
  /** Occurrences of an accepted series that somebody else has. */
  without: Instant[]
}

/** What a resource may say to a booking, ready to be sent; which of it, is decided in the write. */
export async function roomFor(ctx: MailboxContext, resource: Resource, booking: Booking): Promise<Room> {
  const { meeting, now } = booking
  const { owner, processing } = resource
  const verdict = await verdictOf(ctx, resource, booking)
  const declines = new Map<Instant, Posting>()
  if (verdict.answer !== 'Decline' && !processing.AllowConflicts && seriesOf(meeting)) {
    const conflicts = await ctx.store.read((tx) => conflictsOf(tx, owner.mailbox, meeting, now, processing.BookingWindowInDays))
    if (bearable(conflicts, processing)) {
      for (const at of conflicts.taken) declines.set(at, await declineOf(ctx, resource, meeting, at))
    }
  }
  return { ...resource, verdict, answers: await roomAnswers(ctx, resource, meeting, verdict), declines }
}

/** True for a series of which so few occurrences are taken that the others are booked (Set-CalendarProcessing). */
function bearable({ taken, of }: Conflicts, processing: CalendarProcessing): boolean {
  const { MaximumConflictInstances, ConflictPercentageAllowed } = processing
  return taken.length <= MaximumConflictInstances && taken.length * 100 <= ConflictPercentageAllowed * of && taken.length < of
}

/** What the rules say, unless somebody else has the resource then. */
export async function answerInWrite(tx: ReadTx, mailbox: string, room: Room, meeting: Properties, now: Instant): Promise<RoomAnswer> {
  const { verdict, processing } = room
  if (verdict.answer === 'Decline' || processing.AllowConflicts) return { answer: verdict.answer, without: [] }
  const conflicts = await conflictsOf(tx, mailbox, meeting, now, processing.BookingWindowInDays)
  if (conflicts.taken.length === 0) return { answer: verdict.answer, without: [] }
  // One that came in between has no answer ready: then the whole is declined.
  const ready = seriesOf(meeting) !== undefined && conflicts.taken.every((at) => room.declines.has(at))
  return ready && bearable(conflicts, processing)
    ? { answer: verdict.answer, without: conflicts.taken }
    : { answer: 'Decline', without: [] }
}

/** What of a booking a resource's calendar keeps. */
export function keptOf(
  { DeleteSubject, AddOrganizerToSubject, RemovePrivateProperty }: CalendarProcessing,
  meeting: Properties,
): Properties {
  const organizer = meeting.organizer as EmailAddress | undefined
  const name = AddOrganizerToSubject ? (organizer?.name ?? organizer?.address ?? '') : ''
  const subject = [name, DeleteSubject ? '' : String(meeting.subject ?? '')].filter((part) => part !== '').join(' ')
  return { ...meeting, subject, ...(RemovePrivateProperty && meeting.sensitivity === 'Private' ? { sensitivity: 'Normal' } : {}) }
}

/** Books a filed meeting: the resource's answers go out, of a series one for each occurrence that it cannot have too. */
export async function bookRoom(
  tx: WriteTx,
  ctx: MailboxContext,
  item: ItemRow,
  meeting: Properties,
  room: Room,
  without: readonly Instant[],
): Promise<void> {
  const { verdict, processing, answers, owner } = room
  const waiting = processing.TentativePendingApproval ? 'Tentative' : 'Free'
  const deleted = (item.properties.deletedStarts as Instant[] | undefined) ?? []
  const set = {
    myResponseType: verdict.answer,
    legacyFreeBusyStatus: verdict.answer === 'Accept' ? (meeting.intendedFreeBusyStatus ?? 'Busy') : waiting,
    appointmentReplyTime: ctx.clock(),
    ...(without.length > 0 ? { deletedStarts: [...new Set([...deleted, ...without])].sort((a, b) => a - b) } : {}),
  }
  // Filed in this very write: as it was before, it is in Versions already.
  await changeItem(tx, ctx, item, { set, follows: true, modifiedBy: owner.displayName })
  await post(tx, ctx, item.mailbox, answers.verdict)
  for (const at of without) await post(tx, ctx, item.mailbox, room.declines.get(at) ?? nothing)
  await post(tx, ctx, item.mailbox, answers.delegates)
}
