import type { Directory } from '../contract.ts'
import type { Configuration, ConfigurationObject } from './contract.ts'

/**
 * What is agreed with a domain elsewhere (Set-RemoteDomain): the object for it, else for what it is under, else `Default`. A domain of the
 * organisation's own has what names it alone, such as that of its other premises: `Default` is for strangers. Undefined = nothing is agreed.
 * `domain` in lower case.
 */
export async function remoteDomainOf(
  { directory, configuration }: { directory: Pick<Directory, 'acceptedDomain'>; configuration?: Pick<Configuration, 'list'> },
  organisation: string,
  domain: string,
): Promise<ConfigurationObject<'RemoteDomain'> | undefined> {
  if (!configuration || domain === '') return undefined
  const own = (await directory.acceptedDomain(domain))?.organisation === organisation
  const fitting = (await configuration.list(organisation, 'RemoteDomain')).filter(
    ({ DomainName }) => coversDomain(DomainName, domain) && !(own && DomainName === '*'),
  )
  return fitting.toSorted((a, b) => b.DomainName.length - a.DomainName.length)[0]
}

/** Whether a pattern is for a domain: `*`, `contoso.com` and, for it and all below it, `*.contoso.com`. */
export function coversDomain(pattern: string, domain: string): boolean {
  const wanted = pattern.toLowerCase()
  return (
    wanted === '*' || wanted === domain || (wanted.startsWith('*.') && (domain === wanted.slice(2) || domain.endsWith(wanted.slice(1))))
  )
}
