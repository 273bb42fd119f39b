import type { QueuedRecipient } from '#store'
import { prependHeaders } from '#wire'
import type { Route, TransportContext } from '../contract.ts'
import type { Attempt, Outcome } from '../queue/outcome.ts'
import { routeFor } from '../route/next-hop.ts'
import { findHosts, type Host } from '../route/hosts.ts'
import { createLanes } from './lanes.ts'
import { sendBySmtp } from './send-by-smtp.ts'
import type { Parcel } from './to-mailbox.ts'

/** Hands a message for several recipients of one route to another server; tells how each ended. */
export type RelayTo = (parcel: Parcel, domain: string, to: { recipient: QueuedRecipient; address: string }[]) => Promise<Attempt[]>

const direct: Pick<Route, 'tls'> = { tls: 'opportunistic' }
/** Recipients in one transaction; every server takes 100 (RFC 5321 4.5.3.1.8). */
const mostTogether = 100

/**
 * Relaying: the hosts of the route, else of the domain's MX, are tried in order until one answers for good. No more than the route's
 * number of connections at once.
 */
export function createRelay(ctx: TransportContext): RelayTo {
  const lanes = createLanes()
  return async (parcel, domain, to) => {
    const route = routeFor(ctx.config, domain)
    const lane = route ? `route:${route.hosts.join(',')}:${route.port}` : domain
    return lanes.run(lane, route?.connections ?? ctx.config.connectionsPerRoute, async () => {
      const found = await findHosts(ctx, domain, route)
      if (!Array.isArray(found)) return to.map(({ recipient }) => ({ recipient, outcome: found }))
      const attempts: Attempt[] = []
      for (let at = 0; at < to.length; at += mostTogether)
        attempts.push(...(await tryHosts(ctx, parcel, found, route, to.slice(at, at + mostTogether))))
      return attempts
    })
  }
}

async function tryHosts(
  ctx: TransportContext,
  parcel: Parcel,
  hosts: Host[],
  route: Route | undefined,
  to: { recipient: QueuedRecipient; address: string }[],
): Promise<Attempt[]> {
  const trace = parcel.message.envelope['trace']
  const bytes = typeof trace === 'string' ? prependHeaders(parcel.bytes, [trace]) : parcel.bytes
  const done: Attempt[] = []
  let open = to
  let last = new Map<QueuedRecipient, Outcome>()
  for (const host of hosts) {
    last = await sendBySmtp(ctx, { host, route: { ...direct, ...route }, message: parcel.message, bytes, to: open })
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
