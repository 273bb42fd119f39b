import { Resolver as DnsResolver } from 'node:dns/promises'
import type { Resolver } from './contract.ts'

/**
 * The resolver of the machine, or of the servers given. Names without records give empty lists; anything else that goes wrong is
 * thrown.
 */
export function createResolver(servers?: string[]): Resolver {
  const dns = new DnsResolver({ timeout: 5000, tries: 2 })
  if (servers) dns.setServers(servers)
  return {
    mx: async (domain) => (await existing(dns.resolveMx(domain))).map(({ exchange, priority }) => ({ host: exchange, priority })),
    addresses: async (host) => [...(await existing(dns.resolve4(host))), ...(await existing(dns.resolve6(host)))],
  }
}

async function existing<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENODATA' || code === 'ENOTFOUND') return []
    throw error
  }
}
