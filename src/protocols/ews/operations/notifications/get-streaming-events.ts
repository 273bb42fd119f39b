import { Refusal } from '#model'
import { failure, GetStreamingEvents, success, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { newsOf, type NotificationElement } from '../../notify/notification.ts'
import type { Subscription } from '../../notify/subscriptions.ts'
import { wakes } from '../../notify/wakes.ts'
import { failed, verb } from '../../verb.ts'

type Answer = Infer<typeof GetStreamingEvents.response>

/** Events in one piece of the stream. */
const mostEvents = 200

/** The subscriptions of a connection; those that cannot be streamed are named together with the first one's refusal. */
function opened(context: EwsContext, ids: string[]): { subscriptions: Subscription[]; wrong: string[]; refusal?: Refusal } {
  const subscriptions: Subscription[] = []
  const wrong: string[] = []
  let refusal: Refusal | undefined
  for (const id of new Set(ids)) {
    try {
      const subscription = context.subscriptions.get(context.caller, id)
      if (subscription.kind !== 'streaming') throw new Refusal('InvalidSubscription', 'The subscription is for pulling.')
      subscriptions.push(subscription)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusal ??= error
      wrong.push(id)
    }
  }
  return { subscriptions, wrong, ...(refusal ? { refusal } : {}) }
}

/** The events of one subscription that the connection has not told yet. */
async function* newsOfOne(context: EwsContext, subscription: Subscription): AsyncGenerator<NotificationElement> {
  for (let more = true; more;) {
    const news = await newsOf(context, subscription, subscription.watermark, mostEvents)
    subscription.watermark = news.watermark
    more = news.more
    if (news.events.length > 0) yield { SubscriptionId: subscription.id, Events: news.events }
  }
}

/** What happened in the mailboxes that changed; for all it is a use. A subscription that has ended is named and left out from then on; the others go on. */
async function* newsOfAll(context: EwsContext, open: Map<string, Subscription>, changed: ReadonlySet<string>): AsyncGenerator<Answer> {
  const now = { ...context, caller: await context.stillAsking() }
  for (const subscription of [...open.values()]) {
    try {
      context.subscriptions.get(context.caller, subscription.id)
      if (!changed.has(subscription.mailbox)) continue
      for await (const notification of newsOfOne(now, subscription)) yield [success({ Notifications: [notification] })]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      open.delete(subscription.id)
      yield [
        { ...failed(context, error), ErrorSubscriptionIds: [subscription.id], ...(open.size === 0 ? { ConnectionStatus: 'Closed' } : {}) },
      ]
    }
  }
}

/**
 * Events as they happen, for some minutes ([MS-OXWSNTIF] 3.1.4.2): at once a sign that the connection is open, then each
 * notification by itself, a sign of life when it is quiet, and `Closed` at the end. Only subscriptions of mailboxes that changed are looked at.
 */
async function* stream(
  { SubscriptionIds, ConnectionTimeout }: Infer<typeof GetStreamingEvents.request>,
  context: EwsContext,
): AsyncGenerator<Answer> {
  using _ = context.streams.open(context.caller, context.throttle.ewsConcurrency)
  const { subscriptions, wrong, refusal } = opened(context, SubscriptionIds)
  if (refusal) {
    context.count(`Error${refusal.code}`)
    yield [{ ...failure(refusal, 'ErrorInvalidSubscription'), ErrorSubscriptionIds: wrong, ConnectionStatus: 'Closed' }]
    return
  }
  const signal = AbortSignal.any([context.http.signal, AbortSignal.timeout(ConnectionTimeout * 60_000)])
  context.count('NoError')
  yield [success({ ConnectionStatus: 'OK' as const })]
  const open = new Map(subscriptions.map((subscription) => [subscription.id, subscription]))
  const mailboxes = subscriptions.map(({ mailbox }) => mailbox)
  try {
    for await (const changed of wakes(context.mailboxes, mailboxes, context.heartbeat, signal)) {
      yield* newsOfAll(context, open, changed)
      if (open.size === 0) return
      if (changed.size === 0) yield [success({ ConnectionStatus: 'OK' as const })]
    }
  } catch (error) {
    yield [{ ...failed(context, error), ConnectionStatus: 'Closed' }]
    return
  }
  yield [success({ ConnectionStatus: 'Closed' as const })]
}

export const getStreamingEvents = verb(GetStreamingEvents, stream)
