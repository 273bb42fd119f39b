import { Refusal } from '#model'
import { Unsubscribe } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'

/** True when the id is that of a push subscription of the caller, which has ended. */
async function endedPush({ pushes, caller }: EwsContext, id: string): Promise<boolean> {
  try {
    await pushes.remove(caller, id)
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'SubscriptionNotFound') return false
    throw error
  }
}

/** Ends a subscription of any kind ([MS-OXWSNTIF] 3.1.4.5). */
export const unsubscribe = verb(Unsubscribe, async ({ SubscriptionId }, context) => [
  await answerOne(context, async () => {
    if (!(await endedPush(context, SubscriptionId))) context.subscriptions.remove(context.caller, SubscriptionId)
    return {}
  }),
])
