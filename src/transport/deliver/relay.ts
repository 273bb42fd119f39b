import type { QueuedMessage, QueuedRecipient } from '#store'
import { prependHeaders } from '#wire'
import type { Route, TransportContext } from '../contract.ts'
import type { Attempt, Outcome } from '../queue/outcome.ts'
import { routeFor } from '../route/next-hop.ts'
import { findHosts, type Host } from '../route/hosts.ts'
import { createLanes } from './lanes.ts'
import { sendBySmtp } from './send-by-smtp.ts'

/** Hands a message for several recipients of one route to another server; tells how each ended. */
export type RelayTo = (message: QueuedMessage, domain: string, to: { recipient: QueuedRecipient; address: string }[]) => Promise<Attempt[]>

const direct: Pick<Route, 'tls'> = { tls: 'opportunistic' }
/** Recipients in one transaction; every server takes 100 (RFC 5321 4.5.3.1.8). */
const mostTogether = 100
/** Messages that wait their turn on one route; further ones are tried later. */
const mostWaiting = 1000

/**
 * Relaying: the hosts of the route, else of the domain's MX, are tried in order until one answers for good. No more than the route's
 * number of connections at once; a message whose turn comes when half its lease is over is left to whoever leases it next.
 */
export function createRelay(ctx: TransportContext): RelayTo {
  const lanes = createLanes()
  return async (message, domain, to) => {
    const same = (outcome: Outcome): Attempt[] => to.map(({ recipient }) => ({ recipient, outcome }))
    const route = routeFor(ctx.config, domain)
    const lane = route ? `route:${route.hosts.join(',')}:${route.port}` : domain
    if (lanes.waiting(lane) >= mostWaiting) return same({ kind: 'deferred', status: '4.4.5', text: `Too much mail waits for ${domain}.` })
    return lanes.run(lane, route?.connections ?? ctx.config.connectionsPerRoute, async () => {
      const leaseUntil = Math.min(...to.map(({ recipient }) => recipient.leaseUntil))
      if (ctx.clock() > leaseUntil - ctx.config.lease / 2) return same({ kind: 'gone' })
      const found = await findHosts(ctx, domain, route)
      if (!Array.isArray(found)) return same(found)
      const bytes = await outgoingBytes(ctx, message)
      const attempts: Attempt[] = []
      for (let at = 0; at < to.length; at += mostTogether)
        attempts.push(...(await tryHosts(ctx, message, bytes, found, route, to.slice(at, at + mostTogether))))
      return attempts
    })
  }
}

/** The message as it leaves: with the trace of its way here in front (RFC 5321 4.4). */
async function outgoingBytes(ctx: TransportContext, message: QueuedMessage): Promise<Uint8Array> {
  const bytes = await ctx.store.read((tx) => tx.queue.blob(message.organisation, message.blob))
  const trace = message.envelope['trace']
  return typeof trace === 'string' ? prependHeaders(bytes, [trace]) : bytes
}

async function tryHosts(
  ctx: TransportContext,
  message: QueuedMessage,
  bytes: Uint8Array,
  hosts: Host[],
  route: Route | undefined,
  to: { recipient: QueuedRecipient; address: string }[],
): Promise<Attempt[]> {
  const done: Attempt[] = []
  let open = to
  let last = new Map<QueuedRecipient, Outcome>()
  for (const host of hosts) {
    last = await sendBySmtp(ctx, { host, route: { ...direct, ...route }, message, bytes, to: open })
    for (const { recipient } of open) {
      const outcome = last.get(recipient)
      if (outcome && outcome.kind !== 'deferred') done.push({ recipient, outcome })
    }
    open = open.filter(({ recipient }) => last.get(recipient)?.kind === 'deferred')
    if (open.length === 0) return done
  }
  const unanswered: Outcome = { kind: 'deferred', status: '4.4.1', text: 'No server of the domain could be reached.' }
  return [...done, ...open.map(({ recipient }) => ({ recipient, outcome: last.get(recipient) ?? unanswered }))]
}
