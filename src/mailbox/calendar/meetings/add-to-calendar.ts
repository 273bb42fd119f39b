import { Refusal, type Body, type Caller, type Properties } from '#model'
import type { ItemRef } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { auditCreated, makerOf, requireCreate } from '../../items/create-item.ts'
import { prepareItem } from '../../items/prepare.ts'
import { insertItem, loadBody } from '../../items/stored.ts'
import { seenItem } from '../../items/target.ts'
import { accessTo } from '../../permissions/access.ts'
import { takingInto } from '../../quotas/gauge.ts'
import { isMeeting } from '../derived.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { calendarItemOf } from './associated.ts'
import type { MeetingOutcome } from './contract.ts'
import { meetingProperties } from './file-meeting.ts'

/**
 * [MS-OXWSMTGS] 2.2.4.2 AddItemToMyCalendar: what the caller sees in another calendar, or an invitation, stands in the calendar of `mailbox`
 * too; a meeting unanswered. One that is there already is answered as it is. Refuses InvalidItemForOperationCreateItem for other items.
 */
export async function addToCalendar(ctx: MailboxContext, caller: Caller, ref: ItemRef, mailbox: string): Promise<MeetingOutcome> {
  const [from, to] = [await accessTo(ctx, caller, ref.mailbox), await accessTo(ctx, caller, mailbox)]
  const seen = await ctx.store.read(async (tx) => {
    const { row } = await seenItem(tx, from, ref)
    if (row.kind !== 'calendar' && row.kind !== 'meetingRequest') {
      throw new Refusal('InvalidItemForOperationCreateItem', 'Only appointments, meetings and invitations are added to a calendar.')
    }
    return { row, body: await loadBody(tx, row) }
  })
  const prepared = await prepareItem(
    ctx,
    { kind: 'calendar', properties: ownProperties(propertiesOfRow(seen.row), seen.body) },
    makerOf(to),
  )
  const take = await takingInto(ctx, to)
  return ctx.store.write(async (tx) => {
    const known = await calendarItemOf(tx, mailbox, seen.row.uid)
    if (known) return { calendarItem: known }
    const calendar = await tx.folders.byKind(mailbox, 'calendar')
    if (!calendar) throw new Refusal('FolderNotFound', 'The mailbox has no calendar.')
    requireCreate(to, calendar, 'calendar', false)
    await take(tx, prepared.row.size, calendar)
    const row = await insertItem(tx, mailbox, calendar.id, prepared)
    await auditCreated(tx, ctx, to, row, calendar)
    return { calendarItem: row }
  })
}

function ownProperties(seen: Properties, body: Body | undefined): Properties {
  const { $occurrence: _, $exception: __, ...whole } = seen
  const own: Properties = isMeeting(whole) || whole.recurrenceId !== undefined ? meetingProperties(whole) : { ...whole }
  // Its owner's business, not the reader's.
  for (const name of ['reminderIsSet', 'reminderNextTime', 'reminderDueBy', 'categories', 'lastModifiedName', '$creator']) delete own[name]
  return { ...own, ...(body ? { body } : {}) }
}
