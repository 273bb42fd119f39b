import { Refusal, TimeSpan } from '#model'
import type { QueueEntry, QueueSummary, TrackingRow, TrackingScan } from '#store'
import type { TransportContext } from '../contract.ts'
import type { Attempt } from '../queue/outcome.ts'
import { settle } from '../queue/settle.ts'
import { routesOf } from '../route/connectors.ts'
import { routeFor } from '../route/next-hop.ts'

/** A queue, and how mail leaves it. */
export interface Queue extends QueueSummary {
  /** Name of the connector that carries it; absent where none does. */
  connector?: string
  /** The servers that it is handed to; empty = by MX. */
  smartHosts: readonly string[]
}

/** Queues and the tracking log of an organisation, for who looks after its mail flow. A queue is named by its next hop, `categorise` and `local` included. */
export interface MailFlow {
  /** By next hop after the one given. */
  queues(organisation: string, after: string, limit: number): Promise<Queue[]>
  queue(organisation: string, nextHop: string): Promise<Queue | undefined>
  /** Nothing leaves a suspended queue until it is resumed, whoever restarts; what is being sent at this moment is sent. */
  suspendQueue(organisation: string, nextHop: string): Promise<void>
  resumeQueue(organisation: string, nextHop: string): Promise<void>
  /** Tries what waits at once; `resubmit` = and finds its way anew. Returns how many recipients. */
  retryQueue(organisation: string, nextHop: string, resubmit?: boolean): Promise<number>
  /** By next hop and message id after the key given; at most 50. */
  messages(
    organisation: string,
    of: { nextHop?: string; message?: string; after: { nextHop: string; message: string }; limit: number },
  ): Promise<QueueEntry[]>
  /** Suspends or resumes a message in one queue. */
  holdMessage(organisation: string, entry: QueueEntry, held: boolean): Promise<void>
  /**
   * Takes a message out of one queue; with `report` its sender is told. One that is being sent at this moment is suspended instead, so that it
   * is not tried again → ServerBusy.
   */
  removeMessage(organisation: string, entry: QueueEntry, report: boolean): Promise<void>
  /** The bytes of the message. */
  messageBytes(organisation: string, entry: QueueEntry): Promise<Uint8Array>
  /** Events by time, oldest first. */
  events(organisation: string, scan: TrackingScan): Promise<TrackingRow[]>
  /** Removes events older than each organisation keeps them, in small steps. Returns when none is left. */
  sweepTracking(): Promise<void>
}

const day = 86_400_000

export function createMailFlow(ctx: TransportContext): MailFlow {
  const { store } = ctx
  async function withRoutes(organisation: string, summaries: readonly QueueSummary[]): Promise<Queue[]> {
    const { routes } = await routesOf(ctx, organisation)
    return summaries.map((summary) => {
      const route = summary.nextHop === 'local' || summary.nextHop === 'categorise' ? undefined : routeFor(routes, summary.nextHop)
      return { ...summary, smartHosts: route?.hosts ?? [], ...(route?.name ? { connector: route.name } : {}) }
    })
  }
  const still = async (organisation: string, { nextHop, message }: QueueEntry): Promise<QueueEntry | undefined> => {
    const entries = await store.read((tx) =>
      tx.queue.entries(organisation, { nextHop, message: message.id, after: { nextHop: '', message: '' }, limit: 1 }),
    )
    return entries[0]
  }
  return {
    async queues(organisation, after, limit) {
      return withRoutes(organisation, await store.read((tx) => tx.queue.summaries(organisation, after, limit)))
    },
    async queue(organisation, nextHop) {
      const found = await store.read((tx) => tx.queue.summary(organisation, nextHop))
      return found && (await withRoutes(organisation, [found]))[0]
    },
    suspendQueue: (organisation, nextHop) => store.write((tx) => tx.queue.suspend(organisation, nextHop, ctx.clock())),
    resumeQueue: (organisation, nextHop) => store.write((tx) => tx.queue.resume(organisation, nextHop)),
    retryQueue: (organisation, nextHop, resubmit = false) =>
      store.write((tx) => tx.queue.retry(organisation, nextHop, ctx.clock(), resubmit)),
    messages: (organisation, of) => store.read((tx) => tx.queue.entries(organisation, of)),
    async holdMessage(organisation, { message, nextHop }, held) {
      await store.write((tx) => tx.queue.holdMessage(organisation, message.id, nextHop, held))
    },
    async removeMessage(organisation, entry, report) {
      await store.write((tx) => tx.queue.holdMessage(organisation, entry.message.id, entry.nextHop, true))
      const now = await still(organisation, entry)
      if (!now) return
      if (now.recipients.some(({ holder, leaseUntil }) => holder !== '' && leaseUntil > ctx.clock()))
        throw new Refusal('ServerBusy', 'The message is being sent at this moment; it is suspended now. Remove it when that has ended.')
      const outcome = { kind: 'failed' as const, status: '5.3.0', text: 'The message was removed from the queue by an administrator.' }
      const attempts = now.recipients.map((recipient): Attempt => ({ recipient, outcome }))
      await settle(ctx, now.message, attempts, { reports: report, source: 'ADMIN' })
    },
    messageBytes: (organisation, { message }) => store.read((tx) => tx.queue.blob(organisation, message.blob)),
    events: (organisation, scan) => store.read((tx) => tx.tracking.scan(organisation, scan)),
    async sweepTracking() {
      for (const { id } of await ctx.directory.organisations()) {
        const { service } = await ctx.rules(id)
        const age = (service && TimeSpan.parse(service.MessageTrackingLogMaxAge)?.ms) ?? 30 * day
        while (await store.write((tx) => tx.tracking.sweep(id, ctx.clock() - age)));
      }
    },
  }
}
