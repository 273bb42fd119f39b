import { z } from 'zod'
import { Refusal } from '#model'
import { verb } from '../verb.ts'
import { act, action } from './act-on-messages.ts'
import { listed, searchOf } from './find-messages.ts'
import { itemNumber } from './rows.ts'

/** Messages of one step, and how long it takes at most; whoever asked goes on with the next. */
const mostItems = 100
const mostTime = 2000
/** How long the messages of one step are looked for. */
const mostSearched = 20_000

const input = listed.extend({
  action,
  /** Where the step before ended. */
  below: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
})

/**
 * Does one thing to all messages of a list, step by step: those that came last first, and none that came, or was moved there, since the first step. Answers
 * how many it was done to, why others refused, and where to go on; nothing to go on with = all is done. What takes too long to find → TimeoutExpired.
 */
export const actOnList = verb(input, async (context, asked) => {
  const search = await searchOf(context, asked)
  const before = asked.below === undefined ? undefined : ({ compare: itemNumber, is: '<', with: { value: String(asked.below) } } as const)
  const parts = [search.restriction, before].filter((one) => one !== undefined)
  const { items, includesLast } = await context.mailboxes.findItems(context.caller, {
    ...search,
    ...(parts.length > 0 ? { restriction: { and: parts } } : {}),
    sort: [{ path: itemNumber, descending: true }],
    view: { kind: 'first', limit: mostItems },
    wanted: { shape: 'ids' },
    until: context.clock() + mostSearched,
  })
  const until = context.clock() + mostTime
  const refused = new Map<string, { message: string; count: number }>()
  let [seen, done] = [0, 0]
  for (const { ref } of items) {
    if (seen > 0 && context.clock() >= until) break
    seen++
    try {
      await act(context, ref, asked.action)
      done++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(error.code, { message: error.message, count: (refused.get(error.code)?.count ?? 0) + 1 })
    }
  }
  const last = items[seen - 1]
  return {
    done,
    refused: [...refused].map(([code, { message, count }]) => ({ code, message, count })),
    ...(last && (seen < items.length || !includesLast) ? { next: last.ref.id } : {}),
  }
})
