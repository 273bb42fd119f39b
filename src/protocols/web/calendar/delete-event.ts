import { z } from 'zod'
import { itemRef, plainRef } from '../references.ts'
import { verb } from '../verb.ts'

const input = z.object({
  /** Without `occurrence`, of a series all of it. */
  item: itemRef,
  /** The organizer's attendees hear of it. */
  send: z.boolean(),
  /** What they read. */
  comment: z.string().max(10_000).optional(),
})

/** Deletes an appointment, an occurrence or a series; of a meeting that the caller organises, cancels it. */
export const deleteEvent = verb(input, async ({ caller, mailboxes }, { item, send, comment }) => {
  const ref = plainRef(item)
  if (send && comment) {
    const body = { type: 'Text', value: comment } as const
    await mailboxes.cancelCalendarItem(caller, ref, { disposition: 'SendAndSaveCopy', body })
  } else await mailboxes.deleteMeeting(caller, ref, 'MoveToDeletedItems', send ? 'SendToAllAndSaveCopy' : 'SendToNone')
})
