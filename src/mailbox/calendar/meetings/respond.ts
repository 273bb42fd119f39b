import { folderRights, Refusal, type Body, type Caller, type EmailAddress, type Instant, type Properties, type RefusalCode } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { ItemRef } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { audit } from '../../audit/audit.ts'
import { relocate } from '../../recoverable/relocate.ts'
import { changeItem } from '../../items/change.ts'
import { auditCreated } from '../../items/create-item.ts'
import { disposeItem } from '../../items/delete-item.ts'
import { loadBody } from '../../items/stored.ts'
import { seenItem, targetItem } from '../../items/target.ts'
import { accessTo, itemRights, requireRights, type Access } from '../../permissions/access.ts'
import { changeOccurrence, deleteOccurrence } from '../change-occurrence.ts'
import { attendeesOf } from '../derived.ts'
import { occurrenceRow } from '../occurrences.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { associatedItem } from './associated.ts'
import type { Answer, AnswerOptions, MeetingOutcome } from './contract.ts'
import { refuseDelegated } from './delegated.ts'
import { meetingProperties } from './file-meeting.ts'
import { insertCalendarItem } from './insert.ts'
import { replyMessage } from './messages.ts'
import { accessForCopies, copyFolderFor } from '../../sending/copy-folder.ts'
import { nothing, post, preparePosting, senderOf } from './posting.ts'

const codes = {
  Accept: {
    organizer: 'CalendarIsOrganizerForAccept',
    delegated: 'CalendarIsDelegatedForAccept',
    cancelled: 'CalendarIsCancelledForAccept',
    unfit: 'InvalidItemForOperationAcceptItem',
  },
  Tentative: {
    organizer: 'CalendarIsOrganizerForTentative',
    delegated: 'CalendarIsDelegatedForTentative',
    cancelled: 'CalendarIsCancelledForTentative',
    unfit: 'InvalidItemForOperationTentative',
  },
  Decline: {
    organizer: 'CalendarIsOrganizerForDecline',
    delegated: 'CalendarIsDelegatedForDecline',
    cancelled: 'CalendarIsCancelledForDecline',
    unfit: 'InvalidItemForOperationDeclineItem',
  },
} as const satisfies Record<Answer, Record<string, RefusalCode>>

/** What is answered: the invitation, if one was named, and the calendar item, if it is there, with the occurrence meant. */
interface Question {
  request: ItemRow | undefined
  item: ItemRow | undefined
  occurrence: Instant | undefined
  /** The meeting as it is answered. */
  meeting: Properties
}

async function questionOf(ctx: MailboxContext, access: Access, ref: ItemRef, answer: Answer): Promise<Question> {
  return ctx.store.read(async (tx) => {
    const { row } = await seenItem(tx, access, ref)
    const stored = ref.occurrence === undefined ? row : (await targetItem(tx, access, ref)).row
    const isRequest = row.kind === 'meetingRequest'
    if (isRequest) refuseDelegated(row, codes[answer].delegated)
    if (!isRequest && row.kind !== 'calendar') throw new Refusal(codes[answer].unfit, 'Only invitations and meetings are answered.')
    const found = isRequest
      ? await associatedItem(tx, row)
      : { row: stored, ...(ref.occurrence === undefined ? {} : { occurrence: ref.occurrence }) }
    const shown = found && (found.occurrence === undefined ? found.row : occurrenceRow(found.row, found.occurrence))
    const meeting = isRequest
      ? { ...propertiesOfRow(row), ...(shown ? { isCancelled: shown.properties.isCancelled } : {}) }
      : propertiesOfRow(row)
    return { request: isRequest ? row : undefined, item: found?.row, occurrence: found?.occurrence, meeting }
  })
}

function checkAnswerable(question: Question, answer: Answer, owner: string): void {
  const { meeting, request } = question
  const organizer = (meeting.organizer as EmailAddress | undefined)?.address?.toLowerCase()
  const isMeeting = request !== undefined || attendeesOf(meeting).length > 0 || meeting.myResponseType !== 'Organizer'
  if (!isMeeting) throw new Refusal(codes[answer].unfit, 'The item is an appointment without attendees.')
  const calledByOwner = request ? organizer === owner : meeting.myResponseType === 'Organizer' || meeting.myResponseType === undefined
  if (calledByOwner) throw new Refusal(codes[answer].organizer, 'The organizer of a meeting does not answer it.')
  if (meeting.isCancelled === true) throw new Refusal(codes[answer].cancelled, 'The meeting was cancelled.')
  if (request?.properties.isOutOfDate === true) throw new Refusal('CalendarMeetingRequestIsOutOfDate', 'A newer invitation has come since.')
}

/** What an answer makes of the calendar item ([MS-OXOCAL] 3.1.4.8.4). */
function answered(meeting: Properties, answer: Answer, now: Instant): Properties {
  const intended = meeting.intendedFreeBusyStatus ?? 'Busy'
  return {
    myResponseType: answer,
    legacyFreeBusyStatus: answer === 'Tentative' ? 'Tentative' : answer === 'Decline' ? 'Free' : intended,
    appointmentReplyTime: now,
  }
}

/**
 * [MS-OXWSMTGS] 2.2.4.2 AcceptItem, 2.2.4.36 TentativelyAcceptItem, 2.2.4.12 DeclineItem: the calendar item takes the answer
 * (declined, it goes to Deleted Items), the organizer is told unless nothing is to be sent, the invitation goes to Deleted
 * Items. All in one write.
 */
export async function respond(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  answer: Answer,
  options: AnswerOptions,
): Promise<MeetingOutcome> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const copies = await accessForCopies(ctx, access, options.saveTo)
  const question = await questionOf(ctx, access, ref, answer)
  checkAnswerable(question, answer, access.owner?.address.toLowerCase() ?? '')
  if (options.proposed && options.proposed.end < options.proposed.start) {
    throw new Refusal('CalendarEndDateIsEarlierThanStartDate', 'The time proposed ends before it starts.')
  }
  // MS-OXWSMTGS_R745
  if (options.proposed && question.meeting.allowNewTimeProposal === false) {
    throw new Refusal(codes[answer].unfit, 'The organizer of this meeting takes no proposals of another time.')
  }
  const now = ctx.clock()
  let posting = nothing
  if (options.disposition !== 'SaveOnly') {
    const sender = await senderOf(ctx, access)
    const extra = { ...(options.body ? { body: options.body } : {}), ...(options.proposed ? { proposed: options.proposed } : {}) }
    const message = replyMessage(question.meeting, answer, sender.from, now, extra)
    posting = await preparePosting(ctx, sender, [message], options.disposition === 'SendAndSaveCopy')
  }
  return ctx.store.write(async (tx) => {
    const outcome: MeetingOutcome = {}
    const item = await currentItem(tx, ctx, access, question, answer)
    if (item) Object.assign(outcome, await takeAnswer(tx, ctx, access, item, question, answer, now))
    if (question.request) outcome.message = await settleRequest(tx, ctx, access, question.request, { appointmentReplyTime: now })
    const folder = await copyFolderFor(tx, copies, options.saveTo)
    const [response] = await post(tx, ctx, ref.mailbox, posting, folder)
    return { ...outcome, ...(response ? { response } : {}) }
  })
}

/** The calendar item as it is now; one that is gone is made again from the invitation. */
async function currentItem(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  question: Question,
  answer: Answer,
): Promise<ItemRow | undefined> {
  const { item, request } = question
  const stored = item && (await tx.items.get(item.mailbox, item.id))
  if (stored || !request) {
    if (!stored) throw new Refusal('ItemNotFound', 'The meeting is not in the calendar any more.')
    const folder = await tx.folders.get(stored.mailbox, stored.folder)
    const needed = answer === 'Decline' ? folderRights.editAny | folderRights.deleteAny : folderRights.editAny
    if (folder) requireRights(access, folder, needed)
    return stored
  }
  const calendar = await tx.folders.byKind(request.mailbox, 'calendar')
  if (!calendar) return undefined
  requireRights(access, calendar, folderRights.create, 'CreateItemAccessDenied')
  const body: Body | undefined = await loadBody(tx, request)
  const made = await insertCalendarItem(tx, ctx, request, calendar.id, meetingProperties(propertiesOfRow(request)), body)
  await auditCreated(tx, ctx, access, made, calendar)
  return made
}

async function takeAnswer(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  item: ItemRow,
  { occurrence, meeting }: Question,
  answer: Answer,
  now: Instant,
): Promise<MeetingOutcome> {
  const set = answered(meeting, answer, now)
  if (occurrence !== undefined) {
    const change = answer === 'Decline' ? deleteOccurrence(item, occurrence) : changeOccurrence(item, occurrence, set)
    const calendarItem = await changeCalendar(tx, ctx, access, item, { ...change })
    return { calendarItem, ...(answer === 'Decline' ? {} : { occurrence }) }
  }
  const changed = await changeCalendar(tx, ctx, access, item, set)
  if (answer !== 'Decline') return { calendarItem: changed }
  const folder = await tx.folders.get(item.mailbox, item.folder)
  if (folder) await disposeItem(tx, ctx, access, { row: changed, folder }, 'MoveToDeletedItems')
  return {}
}

/** Changes a calendar item, and writes down who did. */
async function changeCalendar(tx: WriteTx, ctx: MailboxContext, access: Access, item: ItemRow, set: Properties): Promise<ItemRow> {
  const row = await changeItem(tx, ctx, item, { set, modifiedBy: access.caller })
  const folder = await tx.folders.get(row.mailbox, row.folder)
  await audit(tx, ctx, access, { operation: 'Update', item: row, changed: Object.keys(set), ...(folder ? { folder } : {}) })
  return row
}

/** An invitation that was answered is read, processed, and goes to Deleted Items; one that the caller may only read stays as it is. */
async function settleRequest(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  request: ItemRow,
  more: { appointmentReplyTime?: Instant } = {},
): Promise<ItemRow> {
  const stored = await tx.items.get(request.mailbox, request.id)
  const folder = stored && (await tx.folders.get(stored.mailbox, stored.folder))
  if (!stored || !folder) throw new Refusal('ItemNotFound', 'The invitation is gone.')
  const rights = itemRights(access, folder, stored)
  if (!rights.modify || !rights.delete) return stored
  const changed = await changeItem(tx, ctx, stored, {
    set: { hasBeenProcessed: true, isRead: true, ...more },
    keepMime: true,
    modifiedBy: access.caller,
  })
  const deleted = await tx.folders.byKind(request.mailbox, 'deleteditems')
  if (!deleted || deleted.id === changed.folder) return changed
  return relocate(tx, ctx, changed, folder, deleted, access)
}

/** [MS-OXWSMTGS] 2.2.4.33 RemoveItem: takes a cancelled meeting out of the calendar, its cancellation along. */
export async function removeCancelled(ctx: MailboxContext, caller: Caller, ref: ItemRef): Promise<MeetingOutcome> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.write(async (tx) => {
    const { row: message } = await targetItem(tx, access, ref)
    if (message.kind !== 'meetingCancellation') {
      throw new Refusal('InvalidItemForOperationRemoveItem', 'Only cancelled meetings are removed by their cancellation.')
    }
    refuseDelegated(message, 'CalendarIsDelegatedForRemove')
    const found = await associatedItem(tx, message)
    const folder = found && (await tx.folders.get(found.row.mailbox, found.row.folder))
    if (found && folder) {
      requireRights(access, folder, folderRights.deleteAny)
      if (found.row.properties.myResponseType === 'Organizer') {
        throw new Refusal('CalendarIsOrganizerForRemove', 'The organizer of a meeting cancels it instead.')
      }
      if (found.occurrence === undefined) await disposeItem(tx, ctx, access, { row: found.row, folder }, 'MoveToDeletedItems')
      else await changeCalendar(tx, ctx, access, found.row, { ...deleteOccurrence(found.row, found.occurrence) })
    }
    return { message: await settleRequest(tx, ctx, access, message) }
  })
}
