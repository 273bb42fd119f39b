import { domainOf, type Directory } from '#directory'

/** Where the mailbox of a person asked for is. */
export type Home =
  | { is: 'here' }
  /** `target` is the address that the other organisation knows them by. */
  | { is: 'elsewhere'; target: string; domain: string }

/**
 * Finds where people live: those with a mailbox, groups and unknown names of our domains are our own business; contacts and mail
 * users are where their external address leads; everybody else where their address says.
 */
export async function homeOf(directory: Pick<Directory, 'find' | 'acceptedDomain'>, organisation: string, address: string): Promise<Home> {
  const recipient = await directory.find(address, organisation)
  if (recipient) {
    const target = recipient.mailbox ? undefined : recipient.externalAddress?.replace(/^smtp:/i, '').toLowerCase()
    return target ? { is: 'elsewhere', target, domain: domainOf(target) } : { is: 'here' }
  }
  const domain = domainOf(address).toLowerCase()
  if (!domain) return { is: 'here' }
  const ours = await directory.acceptedDomain(domain)
  // A domain that is shared with the other premises may have people there whom nobody here knows.
  const whole = ours?.organisation === organisation && ours.type === 'Authoritative'
  return whole ? { is: 'here' } : { is: 'elsewhere', target: address.toLowerCase(), domain }
}
