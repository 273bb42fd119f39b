import type { Answer, ItemRef, MeetingOutcome } from '#mailbox'
import { Refusal, type Body, type ItemKind } from '#model'
import type { EwsItem, EwsResponse } from '#schema'
import type { EwsContext } from '../context.ts'
import { itemIdElement } from '../convert/item.ts'
import { changeOf } from '../ids/change-key.ts'
import { itemRefOf } from '../ids/ews-id.ts'
import { dispositionOf, savedFolder, type CreateItemRequest } from '../disposition.ts'

type MeetingResponseName = 'AcceptItem' | 'TentativelyAcceptItem' | 'DeclineItem' | 'CancelCalendarItem' | 'RemoveItem'

const answers: Partial<Record<MeetingResponseName, Answer>> = {
  AcceptItem: 'Accept',
  TentativelyAcceptItem: 'Tentative',
  DeclineItem: 'Decline',
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
 * AcceptItem, TentativelyAcceptItem, DeclineItem, CancelCalendarItem, RemoveItem ([MS-OXWSMTGS] 3.1.4.2). RemoveItem alone
 * needs no MessageDisposition.
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
  const disposition = dispositionOf(request)
  const saveTo = await savedFolder(context, request)
  const body = (response.newBody ?? response.properties.body) as Body | undefined
  const common = { disposition, ...(saveTo ? { saveTo } : {}), ...(body ? { body } : {}) }
  const answer = answers[name]
  if (!answer) return made(await mailboxes.cancelCalendarItem(caller, ref, common))
  const { proposedStart: start, proposedEnd: end } = response
  const proposed = start !== undefined && end !== undefined ? { proposed: { start, end } } : {}
  return made(await mailboxes.respond(caller, ref, answer, { ...common, ...proposed }))
}
