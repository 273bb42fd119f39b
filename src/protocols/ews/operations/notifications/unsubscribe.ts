import { Unsubscribe } from '#schema'
import { answerOne, verb } from '../../verb.ts'

/** Ends a subscription ([MS-OXWSNTIF] 3.1.4.5). */
export const unsubscribe = verb(Unsubscribe, async ({ SubscriptionId }, context) => [
  await answerOne(context, async () => {
    context.subscriptions.remove(context.caller, SubscriptionId)
    return {}
  }),
])
