import { Refusal, type Vouched } from '#model'
import { guidOfSubscription, subscriptionId } from '../subscription-id.ts'
import type { PushJob, PushJobs, Pushes, PushState } from './contract.ts'
import { stepPush, type PushNeeds } from './step.ts'

/** The kind of the jobs. */
export const pushKind = 'EwsPushSubscription'
/** Longer than the posts of a step can take, and not much: whoever is killed holds a subscription up so long. */
const lease = 30_000
const atOnce = 64
/** How long a notification may take that is on its way when the server stops. */
const grace = 2000

/** Push subscriptions that a site has at most. */
const mostPushes = 10_000

/** What the job clock runs for each push subscription. */
export function pushJob(needs: PushNeeds, ended: (id: string) => void) {
  return {
    kind: pushKind,
    lease,
    atOnce,
    async run({ organisation, id, state }: { organisation: string; id: string; state: Record<string, unknown> }) {
      const next = await stepPush(needs, { organisation, id, state: state as unknown as PushState })
      if (!next) ended(id)
      return next && { state: { ...next.state }, due: next.due }
    },
  }
}

/** A subscription is to outlive the token that made it: what goes on is the application's. */
function lasting(via: Vouched): Vouched {
  if (!via.token) return via
  const { expires: _, ...token } = via.token
  return { ...via, token }
}

interface Needs extends Omit<PushNeeds, 'ending'> {
  newId: () => string
}

/**
 * The push subscriptions of a site: kept as jobs, one watcher a mailbox, however many subscriptions it has. `row` is the kind of job that
 * the clock behind `jobs` has to know.
 */
export function createPushes(needs: Needs): Pushes & { row: ReturnType<typeof pushJob>; runBy(jobs: PushJobs): void } {
  const { mailboxes, clock, newId, log } = needs
  const all = new Map<string, PushJob>()
  const watchers = new Map<string, { stop: AbortController; ids: Set<string>; done: Promise<void> }>()
  const owned = new Map<string, number>()
  let clockwork: PushJobs | undefined
  let isRunning = false
  let ending = new AbortController()
  const jobs = (): PushJobs => {
    if (!clockwork) throw new Error('push subscriptions were asked for before anything could run them')
    return clockwork
  }

  const watch = async (mailbox: string, ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> => {
    try {
      for await (const _ of mailboxes.watch(mailbox, signal)) {
        for (const id of ids) {
          const job = all.get(id)
          if (job) await jobs().hurry(job.organisation, id)
        }
      }
    } catch (err) {
      if (!signal.aborted) log.error({ event: 'push', mailbox, err }, 'a mailbox is not watched any more; its push subscriptions go on by their times alone') // prettier-ignore
    }
  }
  const hold = (job: PushJob): void => {
    const { mailbox, owner } = job.state
    all.set(job.id, job)
    owned.set(owner, (owned.get(owner) ?? 0) + 1)
    const known = watchers.get(mailbox)
    if (known) return void known.ids.add(job.id)
    const stop = new AbortController()
    const ids = new Set([job.id])
    watchers.set(mailbox, { stop, ids, done: watch(mailbox, ids, stop.signal) })
  }
  const drop = (id: string): void => {
    const job = all.get(id)
    if (!job) return
    all.delete(id)
    const left = (owned.get(job.state.owner) ?? 1) - 1
    if (left > 0) owned.set(job.state.owner, left)
    else owned.delete(job.state.owner)
    const watcher = watchers.get(job.state.mailbox)
    watcher?.ids.delete(id)
    if (watcher?.ids.size !== 0) return
    watchers.delete(job.state.mailbox)
    watcher.stop.abort()
  }

  return {
    row: pushJob({ ...needs, ending: () => ending.signal }, drop),
    runBy: (given) => void (clockwork = given),
    async add(caller, input, most) {
      const mine = owned.get(caller.recipient) ?? 0
      if (!isRunning) throw new Refusal('ServerBusy', 'Nothing is pushed at the moment; subscribe again in a minute.')
      if (mine >= most || all.size >= mostPushes) {
        throw new Refusal('ExceededSubscriptionCount', `There are ${mine} push subscriptions of yours; end some first.`, { limit: most })
      }
      const { organisation, recipient: owner, actor, signedIn, via } = caller
      const shown = { ...(signedIn ? { signedIn } : {}), ...(via ? { via: lasting(via) } : {}) }
      const who = { owner, ...(actor ? { actor: actor.recipient } : {}), ...shown }
      const job: PushJob = { organisation, id: newId(), state: { ...input, ...who, sent: 0, failures: 0, failing: 0, retry: 0 } }
      hold(job)
      try {
        await jobs().save({ organisation, id: job.id, kind: pushKind, due: clock(), state: { ...job.state } })
      } catch (error) {
        drop(job.id)
        throw error
      }
      return subscriptionId(job.id)
    },
    async remove(caller, id) {
      const job = all.get(guidOfSubscription(id) ?? '')
      if (!job) throw new Refusal('SubscriptionNotFound', 'There is no such subscription; subscribe again.')
      if (job.state.owner !== caller.recipient) throw new Refusal('SubscriptionAccessDenied', 'The subscription belongs to someone else.')
      await jobs().remove(job.organisation, job.id)
      drop(job.id)
    },
    async start(organisations) {
      isRunning = true
      ending = new AbortController()
      for (const organisation of organisations) {
        for (const { id, state } of await jobs().list(organisation, pushKind)) {
          if (!all.has(id)) hold({ organisation, id, state: state as unknown as PushState })
        }
      }
    },
    async close() {
      isRunning = false
      const last = ending
      // What is on its way may arrive; a listener that does not answer holds nobody up.
      setTimeout(() => last.abort(), grace).unref()
      for (const { stop } of watchers.values()) stop.abort()
      await Promise.all([...watchers.values()].map(({ done }) => done))
      for (const map of [watchers, all, owned]) map.clear()
    },
    count: () => all.size,
  }
}
