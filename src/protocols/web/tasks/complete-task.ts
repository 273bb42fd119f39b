import { z } from 'zod'
import { itemRef } from '../references.ts'
import { verb } from '../verb.ts'

/** Marks a task as done, or as not done again. Of one that recurs the next stands in its place. */
export const completeTask = verb(
  z.object({ item: itemRef.shape.id, complete: z.boolean() }),
  async ({ caller, mailboxes, mailbox }, { item, complete }) => {
    const status = { op: 'set' as const, path: { property: 'status' }, value: complete ? 'Completed' : 'NotStarted' }
    await mailboxes.updateItem(caller, { mailbox: await mailbox(), id: item }, [status], { conflict: 'AlwaysOverwrite' })
    return {}
  },
)
