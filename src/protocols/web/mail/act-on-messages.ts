import { z } from 'zod'
import { Refusal, type Flag } from '#model'
import type { ItemRef, PropertyChange } from '#mailbox'
import { folderRef, itemRef, plainRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { pinning } from './pinned.ts'

const mostItems = 200

/** What can be done to messages. */
export const action = z.discriminatedUnion('do', [
  /** To Deleted Items, or for good: out of sight, where it can be recovered for a while. */
  z.object({ do: z.literal('delete'), forGood: z.boolean() }),
  z.object({ do: z.literal('move'), to: folderRef }),
  z.object({ do: z.literal('copy'), to: folderRef }),
  z.object({ do: z.literal('read'), isRead: z.boolean() }),
  z.object({ do: z.literal('flag'), status: z.enum(['NotFlagged', 'Flagged', 'Complete']) }),
  z.object({ do: z.literal('categorize'), categories: z.array(z.string().min(1).max(255)).max(25) }),
  z.object({ do: z.literal('importance'), importance: z.enum(['Low', 'Normal', 'High']) }),
  /** To the top of its folder, or not any more. */
  z.object({ do: z.literal('pin'), isPinned: z.boolean() }),
  /** To Junk Email or back, and its sender is blocked from then on, or not any more. */
  z.object({ do: z.literal('junk'), junk: z.boolean() }),
])
type Action = z.output<typeof action>

/** Does one thing to several messages: an outcome for each, in their order, with `now`, where it lies afterwards. What one refuses keeps nothing from the others. */
export const actOnMessages = verb(z.object({ items: z.array(itemRef).min(1).max(mostItems), action }), async (context, asked) => {
  const outcomes: { item: ItemRef; now?: ItemRef; error?: { code: string; message: string } }[] = []
  for (const one of asked.items) {
    const item = plainRef(one)
    try {
      const now = await act(context, item, asked.action)
      outcomes.push(now ? { item, now } : { item })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      outcomes.push({ item, error: { code: error.code, message: error.message } })
    }
  }
  return { outcomes }
})

/** Does it to one. Where it lies now; undefined = it is gone. */
export async function act({ caller, mailboxes, clock }: WebContext, item: ItemRef, asked: Action): Promise<ItemRef | undefined> {
  const update = async (changes: PropertyChange[]) => {
    const { ref } = await mailboxes.updateItem(caller, item, changes, { conflict: 'AlwaysOverwrite' })
    return ref
  }
  const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
  switch (asked.do) {
    case 'delete':
      return mailboxes.deleteItem(caller, item, asked.forGood ? 'HardDelete' : 'MoveToDeletedItems')
    case 'move':
      return (await mailboxes.moveItem(caller, item, asked.to)).ref
    case 'copy':
      return (await mailboxes.copyItem(caller, item, asked.to)).ref
    case 'read':
      return update([set('isRead', asked.isRead)])
    case 'flag':
      return update([set('flag', flagOf(asked.status, clock()))])
    case 'categorize':
      return update([
        asked.categories.length > 0 ? set('categories', asked.categories) : { op: 'delete', path: { property: 'categories' } },
      ])
    case 'importance':
      return update([set('importance', asked.importance)])
    case 'pin':
      return update(pinning(asked.isPinned))
    case 'junk':
      return (await mailboxes.markAsJunk(caller, item, { junk: asked.junk, move: true })).ref
  }
}

const flagOf = (status: Flag['status'], now: number): Flag => (status === 'Complete' ? { status, complete: now } : { status })
