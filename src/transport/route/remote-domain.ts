import type { ConfigurationObject } from '#directory'
import type { TransportContext } from '../contract.ts'

/** What is agreed with a foreign domain (Set-RemoteDomain): the object for it, else for what it is under, else `Default`. Undefined for a domain of ours. */
export async function remoteDomainOf(
  ctx: TransportContext,
  organisation: string,
  domain: string,
): Promise<ConfigurationObject<'RemoteDomain'> | undefined> {
  if (!ctx.configuration || domain === '' || (await ctx.directory.acceptedDomain(domain))?.organisation === organisation) return undefined
  const fitting = (await ctx.configuration.list(organisation, 'RemoteDomain')).filter(({ DomainName }) => covers(DomainName, domain))
  return fitting.toSorted((a, b) => b.DomainName.length - a.DomainName.length)[0]
}

/** `*`, `contoso.com` and, for it and all below it, `*.contoso.com`. */
export function covers(pattern: string, domain: string): boolean {
  const wanted = pattern.toLowerCase()
  return (
    wanted === '*' || wanted === domain || (wanted.startsWith('*.') && (domain === wanted.slice(2) || domain.endsWith(wanted.slice(1))))
  )
}
