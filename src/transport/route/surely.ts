import { domainWithin, recipientAtWithin, type AcceptedDomain, type Recipient } from '#directory'
import type { TransportContext } from '../contract.ts'

type Needs = Pick<TransportContext, 'store' | 'directory'>

/**
 * Who has an address. Who is known may be remembered; nobody is answered by the store alone, with one question, for mail is refused and returned
 * for good by it, and what another process wrote may not have been heard of.
 */
export async function findSurely({ store, directory }: Needs, organisation: string, address: string): Promise<Recipient | undefined> {
  return (await directory.find(address, organisation)) ?? store.read((tx) => recipientAtWithin(tx, organisation, address))
}

/** Whose a domain is, asked in the same way. */
export async function acceptedDomainSurely({ store, directory }: Needs, domain: string): Promise<AcceptedDomain | undefined> {
  return (await directory.acceptedDomain(domain)) ?? store.read((tx) => domainWithin(tx, domain))
}
