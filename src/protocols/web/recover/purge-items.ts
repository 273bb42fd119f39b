import { z } from 'zod'
import { Refusal } from '#model'
import { verb } from '../verb.ts'
import { chosenItems } from './chosen-items.ts'

/** Deletes recoverable items for good, as far as their owner sees: what single item recovery or a hold keeps, is kept. One outcome an item. */
export const purgeItems = verb(z.object({ items: chosenItems }), async ({ caller, mailboxes, mailbox }, { items }) => {
  const own = await mailbox()
  const refused: { item: number; refused: string }[] = []
  for (const item of items) {
    try {
      await mailboxes.deleteItem(caller, { mailbox: own, id: item }, 'HardDelete')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ item, refused: error.message })
    }
  }
  return { purged: items.length - refused.length, refused }
})
