import type { Attendee, EmailAddress, Instant, MeetingResponse, Properties, PropertyValue } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { changeItem } from '../../items/change.ts'
import { changeOccurrence } from '../change-occurrence.ts'
import { deletedStartsOf } from '../series.ts'
import { knownMeeting } from './file-meeting.ts'

const lists = ['requiredAttendees', 'optionalAttendees', 'resources'] as const

/** An answer as it came: who answered what, when. */
export interface Answered {
  attendee: EmailAddress
  response: MeetingResponse
  at: Instant
  proposed?: { start: Instant; end: Instant }
}

/**
 * Records an answer with the attendee on the organizer's item, or on the occurrence it is about. Somebody who was not invited
 * becomes an optional attendee. Answers the item, or undefined: not the organizer's, out of date, or already answered later.
 */
export async function fileResponse(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  message: Properties,
  answered: Answered,
): Promise<{ item?: ItemRow; outOfDate: boolean }> {
  const known = await knownMeeting(tx, mailbox, message)
  if (!known || known.properties.myResponseType !== 'Organizer') return { outOfDate: false }
  if (Number(message.appointmentSequenceNumber ?? 0) < Number(known.properties.appointmentSequenceNumber ?? 0)) return { outOfDate: true }
  const changed = withAnswer(known.properties, answered)
  if (!changed) return { outOfDate: false }
  const modifiedBy = answered.attendee.name ?? answered.attendee.address ?? ''
  if (known.occurrence === undefined)
    return { item: await changeItem(tx, ctx, known.item, { set: changed, unversioned: true, modifiedBy }), outOfDate: false }
  if (deletedStartsOf(known.item.properties).includes(known.occurrence)) return { outOfDate: true }
  const set = { ...changeOccurrence(known.item, known.occurrence, changed) }
  return { item: await changeItem(tx, ctx, known.item, { set, unversioned: true, modifiedBy }), outOfDate: false }
}

function withAnswer(properties: Properties, { attendee, response, at, proposed }: Answered): Record<string, PropertyValue> | undefined {
  const address = attendee.address?.toLowerCase()
  for (const name of lists) {
    const people = (properties[name] as Attendee[] | undefined) ?? []
    const found = people.find((each) => each.mailbox.address?.toLowerCase() === address)
    if (!found) continue
    if (found.lastResponse !== undefined && found.lastResponse > at) return undefined
    return { [name]: people.map((each) => (each === found ? update(each, response, at, proposed) : each)) }
  }
  const optional = (properties.optionalAttendees as Attendee[] | undefined) ?? []
  return { optionalAttendees: [...optional, update({ mailbox: attendee }, response, at, proposed)] }
}

function update(attendee: Attendee, response: MeetingResponse, at: Instant, proposed: Answered['proposed']): Attendee {
  const { proposedStart: _, proposedEnd: __, ...rest } = attendee
  return { ...rest, response, lastResponse: at, ...(proposed ? { proposedStart: proposed.start, proposedEnd: proposed.end } : {}) }
}
