import { z } from 'zod'
import { itemRef, plainRef } from '../references.ts'
import { verb } from '../verb.ts'
import { instantOf, ownZone, wallClock } from './zone.ts'

const input = z.object({
  item: itemRef,
  answer: z.enum(['Accept', 'Tentative', 'Decline']),
  comment: z.string().max(10_000).optional(),
  /** Another time, with Tentative and Decline. */
  proposed: z.object({ start: wallClock, end: wallClock }).optional(),
})

/** Answers an invitation from the calendar; its organizer hears. Refuses as `respond`. */
export const answerEvent = verb(input, async (context, { item, answer, comment, proposed }) => {
  const zone = await ownZone(context)
  await context.mailboxes.respond(context.caller, plainRef(item), answer, {
    disposition: 'SendAndSaveCopy',
    ...(comment ? { body: { type: 'Text', value: comment } as const } : {}),
    ...(proposed ? { proposed: { start: instantOf(proposed.start, zone), end: instantOf(proposed.end, zone) } } : {}),
  })
})
