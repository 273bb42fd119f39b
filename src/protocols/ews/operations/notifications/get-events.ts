import { Refusal } from '#model'
import { GetEvents } from '#schema'
import { newsOf, pulledNotification } from '../../notify/notification.ts'
import { changeOfWatermark } from '../../notify/watermark.ts'
import { answerOne, verb } from '../../verb.ts'

/** Events in one answer. */
const mostEvents = 500

/** What happened since a watermark, for a pull subscription ([MS-OXWSNTIF] 3.1.4.1). A streaming one → InvalidPullSubscriptionId. */
export const getEvents = verb(GetEvents, async ({ SubscriptionId, Watermark }, context) => [
  await answerOne(context, async () => {
    const subscription = context.subscriptions.get(context.caller, SubscriptionId)
    if (subscription.kind !== 'pull') throw new Refusal('InvalidPullSubscriptionId', 'The subscription is for streaming.')
    const from = changeOfWatermark(subscription.mailbox, Watermark)
    const news = await newsOf(context, subscription, from, mostEvents)
    subscription.watermark = news.watermark
    return { Notification: pulledNotification(subscription, from, news) }
  }),
])
