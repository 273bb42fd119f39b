import { z } from 'zod'
import { itemRef } from './references.ts'
import { verb } from './verb.ts'

/** Moves one item of the caller's own mailbox to Deleted Items. */
export const removed = verb(z.object({ item: itemRef.shape.id }), async ({ caller, mailboxes, mailbox }, { item }) => {
  await mailboxes.deleteItem(caller, { mailbox: await mailbox(), id: item }, 'MoveToDeletedItems')
  return {}
})
