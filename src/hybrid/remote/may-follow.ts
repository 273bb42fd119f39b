import { getDomain } from 'tldts'

/** The part of a host name that one owner registered: `autodiscover.contoso.com` → `contoso.com`; a name without one is its own. */
function registrable(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host
}

/**
 * True when an address that another organisation gave may be called: https, on a host of the same registrable domain as one of those
 * that an administrator of ours has written down (or that very host). A hostile answer leads nowhere else.
 */
export function mayFollow(url: string, trusted: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' && trusted.some((host) => host === hostname || registrable(host) === registrable(hostname))
}

/** The host names of addresses and domains that are written down. */
export function hostsOf(...namesOrUrls: readonly (string | undefined)[]): string[] {
  return namesOrUrls.flatMap((one) => (!one ? [] : URL.canParse(one) ? [new URL(one).hostname] : [one.toLowerCase()]))
}
