import { Refusal, type Caller } from '#model'
import { domainOf, isAddress } from '../addresses.ts'
import type { Origin, TransportContext } from '../contract.ts'
import { relayedFor } from '../cross-premises/partner.ts'
import { acceptedDomainSurely, findSurely } from '../route/surely.ts'

/**
 * Refuses an address that mail from the caller cannot go to: one that is none (InvalidSmtpAddress); one of an authoritative domain that
 * nobody has (UnknownRecipient); one of a foreign domain, from a caller who has not signed in and is not an organisation's other premises
 * (RelayDenied: no open relay). Gives the organisation in which the message is then queued.
 */
export async function checkRecipient(ctx: TransportContext, caller: Caller, address: string, origin?: Origin): Promise<string> {
  if (!isAddress(address)) throw new Refusal('InvalidSmtpAddress', `'${address.slice(0, 100)}' is not an SMTP address.`)
  let domain = await ctx.directory.acceptedDomain(domainOf(address))
  if (!domain) {
    // What is relayed finds its way when it is delivered.
    const organisation = caller.kind === 'anonymous' ? origin && (await relayedFor(ctx, origin)) : caller.organisation
    if (organisation) return organisation
    domain = await acceptedDomainSurely(ctx, domainOf(address))
    if (!domain) throw new Refusal('RelayDenied', `Mail to ${address} is not relayed here.`, { address })
  }
  if (domain.type === 'Authoritative' && !(await isKnown(ctx, domain.organisation, address))) {
    throw new Refusal('UnknownRecipient', `There is no recipient ${address}.`, { address })
  }
  return domain.organisation
}

async function isKnown(ctx: TransportContext, organisation: string, address: string): Promise<boolean> {
  const found = await findSurely(ctx, organisation, address)
  // What takes no mail is nobody to whoever sends some.
  if (found) return found.kind !== 'DiscoveryMailbox'
  const { postmaster } = ctx.config
  return /^postmaster@/i.test(address) && postmaster !== undefined && (await findSurely(ctx, organisation, postmaster)) !== undefined
}
