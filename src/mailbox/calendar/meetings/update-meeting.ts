import { Refusal, type Attendee, type Body, type Caller, type EmailAddress, type Instant, type Properties } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { ConflictResolution, Item, ItemRef, PropertyChange, SendMeetings } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import { getItems } from '../../items/get-items.ts'
import { loadBody } from '../../items/stored.ts'
import { updateItem } from '../../items/update-item.ts'
import { accessTo, type Access } from '../../permissions/access.ts'
import { changeOccurrence } from '../change-occurrence.ts'
import { attendeesOf, isOrganizer } from '../derived.ts'
import { occurrenceRow } from '../occurrences.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { cancelMessage, requestMessage } from './messages.ts'
import { post, preparePosting, senderOf, type MeetingMessage, type Posting } from './posting.ts'

/** Undoes a write whose outcome was only to be seen. */
class Rehearsal extends Error {}

interface Rehearsed {
  before: ItemRow
  after: ItemRow
  body: Body | undefined
}

const attempts = 5

/**
 * [MS-OXWSMTGS] 3.1.4.9 UpdateItem with SendMeetingInvitationsOrCancellations. What is to be sent follows from the item as it
 * will be, and must be on disk before the write: the update is rehearsed, its messages made, then it is done together with
 * them, anew if the item changed in between.
 */
export async function updateMeeting(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  changes: PropertyChange[],
  options: { conflict: ConflictResolution; changeKey?: number; send: SendMeetings },
): Promise<Item> {
  if (options.send === 'SendToNone') return updateItem(ctx, caller, ref, changes, options)
  const access = await accessTo(ctx, caller, ref.mailbox)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const rehearsed = await rehearse(ctx, caller, ref, changes, options)
    const messages = messagesFor(rehearsed, ref.occurrence, options.send, ctx.clock())
    if (messages.length === 0) return updateItem(ctx, caller, ref, changes, options)
    const keep = options.send === 'SendToAllAndSaveCopy' || options.send === 'SendToChangedAndSaveCopy'
    const posting = await preparePosting(ctx, await senderOf(ctx, access), messages, keep)
    let updated: Item
    try {
      updated = await updateItem(ctx, caller, ref, changes, options, async (tx, after, before) => {
        if (before.change !== rehearsed.before.change) throw new Rehearsal()
        await stampSent(tx, ctx, access, after, before, ref.occurrence, posting)
      })
    } catch (error) {
      if (error instanceof Rehearsal) continue
      throw error
    }
    const [item] = await getItems(ctx, caller, [ref], { shape: 'ids' })
    if (item instanceof Refusal || !item) throw item ?? new Refusal('ItemNotFound', 'There is no such item.')
    return updated.conflicts === undefined ? item : { ...item, conflicts: updated.conflicts }
  }
  throw new Refusal('IrresolvableConflict', 'The meeting keeps being changed by others; try again.')
}

async function rehearse(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  changes: PropertyChange[],
  options: { conflict: ConflictResolution; changeKey?: number },
): Promise<Rehearsed> {
  let seen: Rehearsed | undefined
  try {
    await updateItem(ctx, caller, ref, changes, options, async (tx, after, before) => {
      seen = { before, after, body: await loadBody(tx, after) }
      throw new Rehearsal()
    })
  } catch (error) {
    if (!(error instanceof Rehearsal)) throw error
  }
  if (!seen) throw new Error('an update ended without its rehearsal')
  return seen
}

/** The meeting's own properties, or those of the occurrence, before and after. */
function views({ before, after }: Rehearsed, occurrence: Instant | undefined): { old: Properties; now: Properties } {
  const view = (row: ItemRow) => propertiesOfRow(occurrence === undefined ? row : occurrenceRow(row, occurrence))
  return { old: view(before), now: view(after) }
}

const keyOf = (person: EmailAddress) => person.address?.toLowerCase() ?? ''

function messagesFor(rehearsed: Rehearsed, occurrence: Instant | undefined, send: SendMeetings, now: Instant): MeetingMessage[] {
  const { old, now: meeting } = views(rehearsed, occurrence)
  if (!isOrganizer(meeting)) return []
  const body = (meeting.body as Body | undefined) ?? rehearsed.body
  const people = attendeesOf(meeting).map((each) => each.mailbox)
  const had = new Set(attendeesOf(old).map((each) => keyOf(each.mailbox)))
  const has = new Set(people.map(keyOf))
  const gone = attendeesOf(old).map((each) => each.mailbox).filter((each) => !has.has(keyOf(each))) // prettier-ignore
  const onlyChanged = send === 'SendOnlyToChanged' || send === 'SendToChangedAndSaveCopy'
  const invited = onlyChanged ? people.filter((each) => !had.has(keyOf(each))) : people
  const sequenced = { ...meeting, appointmentSequenceNumber: nextSequence(old, meeting) }
  return [
    ...(invited.length > 0 ? [requestMessage(sequenced, body, invited, now)] : []),
    ...(gone.length > 0 ? [cancelMessage({ ...old, appointmentSequenceNumber: nextSequence(old, meeting) }, undefined, gone, now)] : []),
  ]
}

const timing = (item: Properties) => JSON.stringify([item.start, item.end, item.recurrence, item.isAllDayEvent])

/** The sequence number grows when the meeting's time does ([MS-OXOCAL] 3.1.4.5.3, RFC 5546 2.1.4). */
function nextSequence(old: Properties, now: Properties): number {
  const sequence = Number(old.appointmentSequenceNumber ?? 0)
  return timing(old) === timing(now) ? sequence : sequence + 1
}

/** The lists of attendees without the times that they proposed: a new time answers them. */
function withoutProposals(meeting: Properties): Record<string, Attendee[]> {
  const lists = ['requiredAttendees', 'optionalAttendees', 'resources'].flatMap((name): [string, Attendee[]][] => {
    const people = (meeting[name] ?? []) as Attendee[]
    if (people.every(({ proposedStart }) => proposedStart === undefined)) return []
    return [[name, people.map(({ proposedStart: _, proposedEnd: __, ...rest }) => rest)]]
  })
  return Object.fromEntries(lists)
}

/** Records on the item that its messages went out, and queues them; its version was kept in this write by the change that they tell of. */
async function stampSent(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  after: ItemRow,
  before: ItemRow,
  occurrence: Instant | undefined,
  posting: Posting,
): Promise<void> {
  const { old, now } = views({ before, after, body: undefined }, occurrence)
  const appointmentSequenceNumber = nextSequence(old, now)
  const modifiedBy = access.caller
  const isMoved = appointmentSequenceNumber !== Number(old.appointmentSequenceNumber ?? 0)
  const settled = isMoved ? withoutProposals(now) : {}
  if (occurrence === undefined) {
    const set = { meetingRequestWasSent: true, appointmentSequenceNumber, dateTimeStamp: ctx.clock(), ...settled }
    await changeItem(tx, ctx, after, { set, follows: true, modifiedBy })
  } else if (isMoved) {
    const set = { ...changeOccurrence(after, occurrence, { appointmentSequenceNumber, ...settled }) }
    await changeItem(tx, ctx, after, { set, follows: true, modifiedBy })
  }
  await post(tx, ctx, after.mailbox, posting)
}
