import { domainOf } from '#directory'
import type { XmlElement } from '#wire'
import { LookupFailure, UnknownThere } from '../failure.ts'
import { mayFollow } from './may-follow.ts'
import { readWhereIsEws } from './user-settings.ts'

const mostRedirects = 10
/** People of one question that are tried when the other side does not know the first. */
const mostTried = 5

/**
 * Does the work for one of the addresses: the first that the other side knows. Whom it does not know spoils nobody else's answer; when
 * it knows none of those tried → UnknownThere.
 */
export async function forAnyKnown<T>(addresses: readonly string[], work: (address: string) => Promise<T>): Promise<T> {
  const tried = addresses.slice(0, mostTried)
  for (const [index, address] of tried.entries()) {
    try {
      return await work(address)
    } catch (error) {
      if (!(error instanceof UnknownThere) || index === tried.length - 1) throw error
    }
  }
  throw new Error('a question about nobody')
}

/**
 * Finds another organisation's EWS address by SOAP Autodiscover, following its redirects (at most 10; https alone; to addresses of
 * `domains` and hosts of `trusted`). `ask` sends one request about an address to an endpoint and gives the answer's body. One that the
 * other side knows of `addresses` is enough.
 */
export async function discoverEws(input: {
  endpoint: string
  addresses: readonly string[]
  /** Domains that the other organisation has, and hosts of addresses that are written down. */
  domains: readonly string[]
  trusted: readonly string[]
  ask: (endpoint: string, address: string) => Promise<XmlElement>
}): Promise<string> {
  const { endpoint, addresses, domains, ask } = input
  const trusted = [...input.trusted, ...domains]
  return forAnyKnown(addresses, (address) => discoverFor({ endpoint, address, domains, trusted, ask }))
}

async function discoverFor(input: {
  endpoint: string
  address: string
  domains: readonly string[]
  trusted: readonly string[]
  ask: (endpoint: string, address: string) => Promise<XmlElement>
}): Promise<string> {
  const { domains, trusted, ask } = input
  let { endpoint, address } = input
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const found = readWhereIsEws(await ask(endpoint, address), address)
    if ('ewsUrl' in found) return followed(found.ewsUrl, trusted, 'EWS address')
    if ('redirectUrl' in found) endpoint = followed(found.redirectUrl, trusted, 'redirect')
    else {
      address = found.redirectAddress.replace(/^smtp:/i, '').toLowerCase()
      if (!domains.includes(domainOf(address))) {
        throw new LookupFailure(
          'AutoDiscoverFailed',
          `Autodiscover leads on to ${address}, whose domain is not one of that organisation.`,
          'Add the domain to the connector or relationship if the mailbox is really there.',
        )
      }
    }
  }
  throw new LookupFailure('AutoDiscoverFailed', `Autodiscover led on more than ${mostRedirects} times.`)
}

/** An address of another organisation's answer, or a refusal to go there. */
export function followed(url: string, trusted: readonly string[], what: string): string {
  if (mayFollow(url, trusted)) return url
  throw new LookupFailure(
    'AutoDiscoverFailed',
    `Autodiscover gave the ${what} ${url.slice(0, 300)}, which is not https on a host of that organisation; it is not called.`,
    'If that host is right, write it down as TargetSharingEpr.',
  )
}
