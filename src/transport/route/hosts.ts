import { isIP } from 'node:net'
import type { Route, TransportContext } from '../contract.ts'
import type { Outcome } from '../queue/outcome.ts'

/** A server to connect to. */
export interface Host {
  name: string
  address: string
  port: number
}

/** Addresses tried for one message in one attempt (RFC 5321 5.1 lets a limit). */
const mostAddresses = 8

/**
 * The servers for a domain in the order to try (RFC 5321 5.1): the route's hosts, else by MX preference, else the domain's own address.
 * Answers an outcome instead when there are none: a domain that does not exist or takes no mail (RFC 7505) is final.
 */
export async function findHosts(ctx: TransportContext, domain: string, route: Route | undefined): Promise<Host[] | Outcome> {
  const named = route && route.hosts.length > 0
  try {
    const names = named ? route.hosts : await exchangers(ctx, domain)
    if (names.length === 0) return { kind: 'failed', status: '5.1.10', text: `${domain} takes no mail.` }
    const hosts: Host[] = []
    for (const name of names) {
      hosts.push(...(await hostsOf(ctx, name, route?.port ?? ctx.config.port)))
      if (hosts.length >= mostAddresses) break
    }
    if (hosts.length > 0) return hosts.slice(0, mostAddresses)
    return named
      ? { kind: 'deferred', status: '4.4.4', text: `The next hop ${names.join(', ')} has no address.` }
      : { kind: 'failed', status: '5.1.2', text: `The domain ${domain} does not exist or has no mail server.` }
  } catch (error) {
    return {
      kind: 'deferred',
      status: '4.4.3',
      text: `The name service did not answer for ${domain}: ${error instanceof Error ? error.message : ''}`,
    }
  }
}

async function hostsOf(ctx: TransportContext, name: string, port: number): Promise<Host[]> {
  if (isIP(name)) return [{ name, address: name, port }]
  const found = ctx.findHost ? await ctx.findHost(name, port) : (await ctx.resolver.addresses(name)).map((address) => ({ address }))
  return found.map((at: { address: string; port?: number }) => ({ name, address: at.address, port: at.port ?? port }))
}

/** Host names by preference; empty for a null MX; the domain itself when it has no MX. */
async function exchangers(ctx: TransportContext, domain: string): Promise<string[]> {
  if (/^\[.*\]$/.test(domain)) return [domain.slice(1, -1).replace(/^IPv6:/i, '')]
  const records = await ctx.resolver.mx(domain)
  if (records.length === 0) return [domain]
  return records
    .toSorted((a, b) => a.priority - b.priority)
    .map((record) => record.host.replace(/\.$/, ''))
    .filter((host) => host !== '')
}
