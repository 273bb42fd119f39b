import type { Answer, ItemRef, MeetingOutcome } from '#mailbox'
import { Refusal, type Body, type ItemKind } from '#model'
import type { EwsItem, EwsResponse, ResponseObjectName } from '#schema'
import type { EwsContext } from '../context.ts'
import { itemIdElement } from '../convert/item.ts'
import { changeOf } from '../ids/change-key.ts'
import { itemRefOf } from '../ids/ews-id.ts'
import { dispositionOf, savedFolder, type CreateItemRequest } from '../disposition.ts'

type MeetingResponseName = Extract<
  ResponseObjectName,
  'AcceptItem' | 'TentativelyAcceptItem' | 'DeclineItem' | 'CancelCalendarItem' | 'RemoveItem' | 'AddItemToMyCalendar' | 'ProposeNewTime'
>

const answers: Partial<Record<MeetingResponseName, Answer>> = {
  AcceptItem: 'Accept',
  TentativelyAcceptItem: 'Tentative',
  DeclineItem: 'Decline',
  // Another time is proposed with a tentative answer ([MS-OXOCAL] 3.1.4.8.4.2).
  ProposeNewTime: 'Tentative',
}

/** The items that an answer names: the calendar item, the invitation, the copy of the answer ([MS-OXWSMTGS] 3.1.4.2). */
function made({ calendarItem, occurrence, message, response }: MeetingOutcome): { Items: EwsItem[] } {
  const Items: EwsItem[] = []
  for (const row of [calendarItem, message, response]) {
    if (!row) continue
    const at = row === calendarItem && occurrence !== undefined ? { occurrence } : {}
    const itemId = itemIdElement({ mailbox: row.mailbox, id: row.id, ...at }, row.change)
    Items.push({ kind: row.kind as ItemKind, properties: { itemId } })
  }
  return { Items }
}

/**
 * The answers to meetings ([MS-OXWSMTGS] 3.1.4.2, 2.2.4.2, 2.2.4.24). RemoveItem and AddItemToMyCalendar, which send nothing, need no
 * MessageDisposition; ProposeNewTime without times → InvalidArgument.
 */
export async function respondToMeeting(
  context: EwsContext,
  request: CreateItemRequest,
  response: EwsResponse,
  name: MeetingResponseName,
): Promise<{ Items: EwsItem[] }> {
  const id = response.referenceItemId
  if (!id) throw new Refusal('InvalidReferenceItem', `${name}/ReferenceItemId: it must be there`)
  const ref: ItemRef = itemRefOf(id.Id)
  // A key of another mailbox is wrong; an old one is not: an attendee's answer must not hinder the organizer.
  if (id.ChangeKey) changeOf(ref.mailbox, id.ChangeKey)
  const { caller, mailboxes } = context
  if (name === 'RemoveItem') return made(await mailboxes.removeCancelled(caller, ref))
  if (name === 'AddItemToMyCalendar') return made(await mailboxes.addToCalendar(caller, ref, await context.ownMailbox()))
  const disposition = dispositionOf(request)
  const saveTo = await savedFolder(context, request)
  const body = (response.newBody ?? response.properties.body) as Body | undefined
  const common = { disposition, ...(saveTo ? { saveTo } : {}), ...(body ? { body } : {}) }
  const answer = answers[name]
  if (!answer) return made(await mailboxes.cancelCalendarItem(caller, ref, common))
  const { proposedStart: start, proposedEnd: end } = response
  if (name === 'ProposeNewTime' && (start === undefined || end === undefined)) {
    throw new Refusal('InvalidArgument', 'ProposeNewTime/ProposedStart, ProposedEnd: both must be there')
  }
  const proposed = start !== undefined && end !== undefined ? { proposed: { start, end } } : {}
  return made(await mailboxes.respond(caller, ref, answer, { ...common, ...proposed }))
}
