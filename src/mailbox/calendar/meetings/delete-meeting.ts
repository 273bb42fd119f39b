import { Refusal, type Body, type Caller } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { DeleteType, FolderRef, ItemRef, MessageDisposition, SendMeetings } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import { deleteItem } from '../../items/delete-item.ts'
import { targetItem } from '../../items/target.ts'
import { accessTo, type Access } from '../../permissions/access.ts'
import { attendeesOf, isOrganizer } from '../derived.ts'
import { occurrenceRow } from '../occurrences.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { accessForCopies, copyFolderFor } from '../../sending/copy-folder.ts'
import type { MeetingOutcome } from './contract.ts'
import { cancelMessage } from './messages.ts'
import { nothing, post, preparePosting, senderOf, type Posting } from './posting.ts'

/** The stored row, as the occurrence where one was named. */
async function rowOf(ctx: MailboxContext, access: Access, ref: ItemRef): Promise<ItemRow> {
  return ctx.store.read(async (tx) => (await targetItem(tx, access, ref)).row)
}

/** The cancellation of what the reference names, for all attendees; nothing when nobody needs to know. */
async function cancellation(ctx: MailboxContext, access: Access, ref: ItemRef, row: ItemRow, keep: boolean, body?: Body): Promise<Posting> {
  const meeting = propertiesOfRow(ref.occurrence === undefined ? row : occurrenceRow(row, ref.occurrence))
  const people = attendeesOf(meeting).map((each) => each.mailbox)
  if (row.kind !== 'calendar' || !isOrganizer(meeting) || people.length === 0 || meeting.isCancelled === true) return nothing
  const sequence = Number(meeting.appointmentSequenceNumber ?? 0) + 1
  const message = cancelMessage({ ...meeting, appointmentSequenceNumber: sequence }, body, people, ctx.clock())
  return preparePosting(ctx, await senderOf(ctx, access), [message], keep)
}

/** [MS-OXWSMTGS] 3.1.4.3 DeleteItem with SendMeetingCancellations. Only the organizer's deletion tells the attendees. */
export async function deleteMeeting(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  type: DeleteType,
  send: SendMeetings,
): Promise<void> {
  if (send === 'SendToNone') return void (await deleteItem(ctx, caller, ref, type))
  const access = await accessTo(ctx, caller, ref.mailbox)
  const row = await rowOf(ctx, access, ref)
  const posting = await cancellation(ctx, access, ref, row, send === 'SendToAllAndSaveCopy')
  await deleteItem(ctx, caller, ref, type, async (tx, stored) => {
    if (stored.change !== row.change) throw new Refusal('IrresolvableConflict', 'The meeting was changed meanwhile; try again.')
    await post(tx, ctx, ref.mailbox, posting)
    if (posting !== nothing) await markCancelled(tx, ctx, ref, row, caller)
  })
}

/** A meeting that its organizer cancelled lies in Deleted Items as cancelled (MS-OXWSMTGS_R740, R1052). */
async function markCancelled(tx: WriteTx, ctx: MailboxContext, ref: ItemRef, row: ItemRow, caller: Caller): Promise<void> {
  if (ref.occurrence !== undefined) return
  await changeItem(tx, ctx, row, { set: { isCancelled: true, legacyFreeBusyStatus: 'Free' }, modifiedBy: caller })
}

/**
 * [MS-OXWSMTGS] 2.2.4.11 CancelCalendarItem: cancels a meeting that the mailbox called, or one occurrence of it, and moves it
 * to Deleted Items. Refuses InvalidItemForOperationCancelItem for anything else.
 */
export async function cancelCalendarItem(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  options: { disposition: MessageDisposition; body?: Body; saveTo?: FolderRef; changeKey?: number },
): Promise<MeetingOutcome> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const copies = await accessForCopies(ctx, access, options.saveTo)
  const row = await rowOf(ctx, access, ref)
  if (row.kind !== 'calendar' || !isOrganizer(row.properties) || attendeesOf(row.properties).length === 0) {
    throw new Refusal('InvalidItemForOperationCancelItem', 'Only the organizer cancels a meeting.')
  }
  if (options.changeKey !== undefined && options.changeKey !== row.change) {
    throw new Refusal('IrresolvableConflict', 'The meeting was changed by someone else.')
  }
  const sends = options.disposition !== 'SaveOnly'
  const posting = sends ? await cancellation(ctx, access, ref, row, options.disposition === 'SendAndSaveCopy', options.body) : nothing
  let response: ItemRow | undefined
  await deleteItem(ctx, caller, ref, 'MoveToDeletedItems', async (tx, stored) => {
    if (stored.change !== row.change) throw new Refusal('IrresolvableConflict', 'The meeting was changed meanwhile; try again.')
    const folder = await copyFolderFor(tx, copies, options.saveTo)
    ;[response] = await post(tx, ctx, ref.mailbox, posting, folder)
    if (posting !== nothing) await markCancelled(tx, ctx, ref, row, caller)
  })
  return { ...(response ? { response } : {}) }
}
