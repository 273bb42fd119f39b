import { readFile } from 'node:fs/promises'
import type { Directory } from '#directory'
import type { FindHost } from '#hybrid'
import type { FindMailHost, Resolver } from '#transport'
import { StartProblem } from './start-problem.ts'

/** Finds hosts by the configuration's table first (`"mail.contoso.com": "10.0.0.5:8443"`), then by DNS. */
export function hostFinder(table: Readonly<Record<string, string>>, resolver: Pick<Resolver, 'addresses'>): FindHost {
  const rows = new Map(Object.entries(table).map(([name, to]) => [name.toLowerCase(), destination(to)]))
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

function destination(text: string): { address: string; port?: number } {
  const match = /^\[?([^\]]+?)\]?(?::(\d{1,5}))?$/.exec(text)
  const [, address = text, port] = match ?? []
  return { address, ...(port ? { port: Number(port) } : {}) }
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

/** The names that tokens for this server may be made out to: its own, and what Autodiscover is called in the organisation's domain. */
export async function serverNames(
  directory: Pick<Directory, 'organisation'>,
  organisation: string,
  own: readonly string[],
): Promise<string[]> {
  const found = await directory.organisation(organisation)
  return [...own, ...(found ? [`autodiscover.${found.defaultDomain}`] : [])]
}
