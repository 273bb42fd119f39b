import type { QueuedMessage, QueuedRecipient } from '#store'
import { prependHeaders } from '#wire'
import type { Route, TransportContext } from '../contract.ts'
import { leavingBytes, originatorOrgOf, passageMark } from '../cross-premises/leaving.ts'
import type { Attempt, Outcome } from '../queue/outcome.ts'
import { routesOf } from '../route/connectors.ts'
import { routeFor } from '../route/next-hop.ts'
import { findHosts, type Host } from '../route/hosts.ts'
import { clientCertificateFor, type ClientCertificate } from './client-certificate.ts'
import { createLanes } from './lanes.ts'
import { sendBySmtp, type Addressed } from './send-by-smtp.ts'

/** Hands a message for several recipients of one route to another server; tells how each ended. */
export type RelayTo = (message: QueuedMessage, domain: string, to: Addressed[]) => Promise<Attempt[]>

/** What all transactions of a message on one route have in common. */
interface Passage {
  message: QueuedMessage
  bytes: Uint8Array
  hosts: Host[]
  route: Route | undefined
  certificate?: ClientCertificate
  originatorOrg?: string
}

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
    const route = await chooseRoute(ctx, message.organisation, domain)
    if (route && 'kind' in route) return same(route)
    if (route?.maxMessageSize !== undefined && message.size > route.maxMessageSize)
      return same({ kind: 'failed', status: '5.3.4', text: tooLarge(route, message.size) })
    const lane = route?.hosts.length ? `route:${route.hosts.join(',')}:${route.port}` : domain
    if (lanes.waiting(lane) >= mostWaiting) return same({ kind: 'deferred', status: '4.4.5', text: `Too much mail waits for ${domain}.` })
    return lanes.run(lane, route?.connections ?? ctx.config.connectionsPerRoute, async () => {
      const leaseUntil = Math.min(...to.map(({ recipient }) => recipient.leaseUntil))
      if (ctx.clock() > leaseUntil - ctx.config.lease / 2) return same({ kind: 'gone' })
      if ((await ctx.store.read((tx) => tx.queue.suspensions(message.organisation))).has(domain)) return same({ kind: 'held' })
      const passage = await prepare(ctx, message, domain, route)
      if ('kind' in passage) return same(passage)
      const attempts: Attempt[] = []
      for (let at = 0; at < to.length; at += mostTogether) attempts.push(...(await tryHosts(ctx, passage, to.slice(at, at + mostTogether))))
      return route?.name ? attempts.map((attempt) => ({ ...attempt, connector: route.name! })) : attempts
    })
  }
}

function tooLarge({ name = '', maxMessageSize = 0 }: Route, size: number): string {
  return `The message has ${size} bytes; the connector '${name}' carries up to ${maxMessageSize}.`
}

/** The route of a domain as it is configured now. Where a connector for it is switched off and no other carries it, the mail waits. */
async function chooseRoute(ctx: TransportContext, organisation: string, domain: string): Promise<Route | Outcome | undefined> {
  const { routes, disabled } = await routesOf(ctx, organisation)
  const route = routeFor(routes, domain)
  const off = route ? undefined : routeFor(disabled, domain)
  return off ? { kind: 'deferred', status: '4.4.4', text: `The connector '${off.name ?? ''}' for ${domain} is disabled.` } : route
}

/** Finds what the transactions need, or the outcome that there will be none. */
async function prepare(
  ctx: TransportContext,
  message: QueuedMessage,
  domain: string,
  route: Route | undefined,
): Promise<Passage | Outcome> {
  const hosts = await findHosts(ctx, domain, route)
  if (!Array.isArray(hosts)) return hosts
  const certificate = await clientCertificateFor(ctx, message.organisation, route)
  if (certificate && 'kind' in certificate) return certificate
  const originatorOrg = route?.crossPremises ? await originatorOrgOf(ctx, message) : undefined
  return {
    message,
    bytes: await outgoingBytes(ctx, message, route),
    hosts,
    route,
    ...(certificate ? { certificate } : {}),
    ...(originatorOrg ? { originatorOrg } : {}),
  }
}

/** The message as it leaves: with the trace of its way here in front (RFC 5321 4.4). */
async function outgoingBytes(ctx: TransportContext, message: QueuedMessage, route: Route | undefined): Promise<Uint8Array> {
  const stored = await ctx.store.read((tx) => tx.queue.blob(message.organisation, message.blob))
  const bytes = await leavingBytes(ctx, message, stored, route)
  const trace = message.envelope['trace']
  return typeof trace === 'string' ? prependHeaders(bytes, [trace]) : bytes
}

async function tryHosts(ctx: TransportContext, passage: Passage, to: Addressed[]): Promise<Attempt[]> {
  const { message, route, hosts, certificate, originatorOrg } = passage
  const passed = to.filter(({ passes }) => passes).map(({ address }) => address)
  const mark = passed.length === 0 ? [] : [passageMark(message.organisation, to.length === 1 ? passed : [])]
  const bytes = mark.length > 0 ? prependHeaders(passage.bytes, mark) : passage.bytes
  const done: Attempt[] = []
  let open = to
  let last = new Map<QueuedRecipient, Outcome>()
  for (const host of hosts) {
    last = await sendBySmtp(ctx, {
      host,
      route: { ...direct, ...route },
      message,
      bytes,
      to: open,
      ...(certificate ? { certificate } : {}),
      ...(originatorOrg ? { originatorOrg } : {}),
    })
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
