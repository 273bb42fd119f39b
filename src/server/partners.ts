import { readFile } from 'node:fs/promises'
import type { Directory } from '#directory'
import type { Destination, FindHost } from '#hybrid'
import type { FindMailHost, Resolver } from '#transport'
import { readDestination } from './destination.ts'
import { StartProblem } from './start-problem.ts'

/**
 * Finds hosts by the configuration's table first (`"mail.contoso.com": "10.0.0.5:8443"`), then by DNS. A row that leads nowhere is a
 * StartProblem.
 */
export function hostFinder(table: Readonly<Record<string, string>>, resolver: Pick<Resolver, 'addresses'>): FindHost {
  const rows = new Map(Object.entries(table).map(([name, to]) => [name.toLowerCase(), destination(name, to)]))
  return async (host) => {
    const row = rows.get(host.toLowerCase())
    if (row) return [row]
    if (host.includes(':')) return []
    return (await resolver.addresses(host)).map((address) => ({ address }))
  }
}

/**
 * Finds mail servers: by a row of their own (`"mail.contoso.com:25": "10.0.0.5:2525"`), else at the address of the host, on the port that
 * was asked for; a row's port is that of HTTPS.
 */
export function mailHostFinder(findHost: FindHost, resolver: Pick<Resolver, 'addresses'>): FindMailHost {
  return async (host, port) => {
    const own = await findHost(`${host}:${port}`)
    if (own.length > 0) return own
    const found = (await findHost(host)).map(({ address }) => address)
    return (found.length > 0 ? found : await resolver.addresses(host)).map((address) => ({ address }))
  }
}

function destination(name: string, to: string): Destination {
  const found = readDestination(to)
  if (found) return found
  throw new StartProblem(
    `partners.hosts: "${name}" leads to "${to}", which is no address.`,
    'Write "10.0.0.5", "10.0.0.5:8443" or, for IPv6, "[2001:db8::5]:8443".',
  )
}

/** The certificate authorities of the files: other servers are checked by them and by the system's. */
export async function partnerAuthorities(files: readonly string[]): Promise<string[]> {
  const own: string[] = []
  for (const file of files) {
    try {
      own.push(await readFile(file, 'utf8'))
    } catch (error) {
      throw new StartProblem(`partners.ca: ${file} cannot be read: ${(error as Error).message}.`, 'Check the path and its rights.', error)
    }
  }
  return own
}

/**
 * The names that tokens for this server may be made out to: its own, and what Autodiscover is called in the organisation's default domain.
 * Other domains may be shared with the other premises, whose Autodiscover is called so; the configuration names those that are here.
 */
export async function serverNames(
  directory: Pick<Directory, 'organisation'>,
  organisation: string,
  own: readonly string[],
): Promise<string[]> {
  const found = await directory.organisation(organisation)
  return found ? [...own, `autodiscover.${found.defaultDomain}`] : [...own]
}
