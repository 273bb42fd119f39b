import { z } from 'zod'
import { Refusal } from '#model'
import { verb } from '../verb.ts'
import { chosenItems } from './chosen-items.ts'

/** Brings items back to where they were: what became of each, in the order asked. */
export const restoreItems = verb(z.object({ items: chosenItems }), async ({ caller, mailboxes, mailbox }, { items }) => {
  const outcomes = await mailboxes.restoreItems(caller, await mailbox(), items)
  return {
    outcomes: outcomes.map((outcome, at) =>
      outcome instanceof Refusal
        ? { item: items[at]!, refused: outcome.message }
        : { item: items[at]!, to: outcome.folder.path, folder: outcome.folder.id, why: outcome.why },
    ),
  }
})
