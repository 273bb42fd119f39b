import { z } from 'zod'
import { Refusal, type Attendee, type Body, type EmailAddress, type MeetingResponse, type Recurrence, type Zone } from '#model' // prettier-ignore
import { itemRef, plainRef } from '../references.ts'
import { verb } from '../verb.ts'
import { factNames, factsOf } from './facts.ts'
import { ownZone, wallClockOf } from './zone.ts'

const shown = [...factNames, 'sensitivity', 'calendarItemType', 'isCancelled', 'myResponseType', 'organizer', 'reminderIsSet', 'reminderMinutesBeforeStart', 'requiredAttendees', 'optionalAttendees', 'resources', 'recurrence', 'body', 'allowNewTimeProposal'] // prettier-ignore

/** One appointment or meeting with everything that its form shows; without `occurrence` of a series, the series. */
export const event = verb(z.object({ item: itemRef }), async (context, { item: ref }) => {
  const zone = await ownZone(context)
  const [item] = await context.mailboxes.getItems(context.caller, [plainRef(ref)], {
    shape: 'ids',
    paths: shown.map((property) => ({ property })),
    bodyType: 'Text',
    maxBodySize: 200_000,
  })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The appointment is not there any more.')
  const { properties, head, rights } = item
  const people = (name: string) => ((properties[name] ?? []) as Attendee[]).map((one) => attendeeOf(one, zone))
  return {
    ref: plainRef(item.ref),
    change: head.change,
    ...factsOf(properties, zone),
    isPrivate: properties.sensitivity === 'Private',
    /** Minutes before the start; absent = none. */
    reminder: properties.reminderIsSet === true ? ((properties.reminderMinutesBeforeStart as number | undefined) ?? 15) : undefined,
    body: (properties.body as Body | undefined)?.value ?? '',
    recurrence: properties.recurrence as Recurrence | undefined,
    type: properties.calendarItemType as 'Single' | 'Occurrence' | 'Exception' | 'RecurringMaster' | undefined,
    isCancelled: properties.isCancelled === true,
    myResponse: properties.myResponseType as MeetingResponse | undefined,
    organizer: properties.organizer as EmailAddress | undefined,
    required: people('requiredAttendees'),
    optional: people('optionalAttendees'),
    resources: people('resources'),
    mayPropose: properties.allowNewTimeProposal !== false,
    rights: { modify: rights.modify, delete: rights.delete },
  }
})

function attendeeOf({ mailbox, response, proposedStart, proposedEnd }: Attendee, zone: Zone) {
  return {
    name: mailbox.name ?? mailbox.address ?? '',
    address: mailbox.address ?? '',
    response: response ?? 'Unknown',
    ...(proposedStart !== undefined && proposedEnd !== undefined
      ? { proposed: { start: wallClockOf(proposedStart, zone), end: wallClockOf(proposedEnd, zone) } }
      : {}),
  }
}
