import { Refusal, type Caller, type Instant } from '#model'
import type { MailboxEvent } from '#mailbox'
import { guidOfSubscription, subscriptionId } from './subscription-id.ts'

/** A subscription for events of one mailbox ([MS-OXWSNTIF] 3.1.4.3). Kept in memory: after a restart clients subscribe anew. */
export interface Subscription {
  readonly id: string
  readonly kind: 'pull' | 'streaming'
  /** Recipient GUID of who subscribed. */
  readonly owner: string
  readonly mailbox: string
  /** Folder ids; absent = every folder. */
  readonly folders?: readonly number[]
  readonly events: readonly MailboxEvent['kind'][]
  /** Streaming: events up to this change number have been sent. */
  watermark: number
  /** How long it lives unused, in milliseconds. */
  readonly timeout: number
  used: Instant
}

export interface SubscriptionsDeps {
  clock: () => Instant
  /** Makes a GUID. */
  newId: () => string
  /** How many subscriptions one caller may have. */
  perCaller: number
  /** How many there may be altogether. */
  total: number
}

export interface Subscriptions {
  /** Refuses ExceededSubscriptionCount beyond the bounds. */
  add(
    caller: Caller,
    input: Pick<Subscription, 'kind' | 'mailbox' | 'folders' | 'events' | 'watermark' | 'timeout'>,
    most?: number,
  ): Subscription
  /** Refuses InvalidSubscription, SubscriptionNotFound, ExpiredSubscription, SubscriptionAccessDenied. Counts as a use. */
  get(caller: Caller, id: string): Subscription
  remove(caller: Caller, id: string): void
  count(): number
}

/** The subscriptions of this server. Expired ones go whenever another is added. */
export function createSubscriptions({ clock, newId, perCaller, total }: SubscriptionsDeps): Subscriptions {
  const byId = new Map<string, Subscription>()
  const counts = new Map<string, number>()

  const drop = (subscription: Subscription): void => {
    byId.delete(subscription.id)
    const left = (counts.get(subscription.owner) ?? 1) - 1
    if (left > 0) counts.set(subscription.owner, left)
    else counts.delete(subscription.owner)
  }
  const expired = (subscription: Subscription): boolean => subscription.used + subscription.timeout < clock()
  let lastSweep = 0
  const sweep = (): void => {
    if (clock() - lastSweep < 60_000 && byId.size < total) return
    lastSweep = clock()
    for (const subscription of byId.values()) if (expired(subscription)) drop(subscription)
  }

  const get = (caller: Caller, id: string): Subscription => {
    if (guidOfSubscription(id) === undefined) throw new Refusal('InvalidSubscription', 'The subscription id is not one of this server.')
    const subscription = byId.get(id)
    if (!subscription) throw new Refusal('SubscriptionNotFound', 'There is no such subscription; subscribe again.')
    if (subscription.owner !== caller.recipient) throw new Refusal('SubscriptionAccessDenied', 'The subscription belongs to someone else.')
    if (expired(subscription)) {
      drop(subscription)
      throw new Refusal('ExpiredSubscription', 'The subscription was not used for too long; subscribe again.')
    }
    subscription.used = clock()
    return subscription
  }

  return {
    add(caller, input, most = perCaller) {
      sweep()
      const limit = Math.min(most, perCaller)
      const mine = counts.get(caller.recipient) ?? 0
      if (mine >= limit || byId.size >= total) {
        throw new Refusal('ExceededSubscriptionCount', `There are ${mine} subscriptions of yours; end some first.`, { limit })
      }
      const subscription: Subscription = { ...input, id: subscriptionId(newId()), owner: caller.recipient, used: clock() }
      byId.set(subscription.id, subscription)
      counts.set(subscription.owner, mine + 1)
      return subscription
    },
    get,
    remove: (caller, id) => drop(get(caller, id)),
    count: () => byId.size,
  }
}
