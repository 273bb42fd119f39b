import { Refusal, type Caller } from '#model'
import { domainOf, isAddress } from '../addresses.ts'
import type { Origin, TransportContext } from '../contract.ts'
import { relayedFor } from '../cross-premises/partner.ts'

/**
 * Refuses an address that mail from the caller cannot go to: one that is none (InvalidSmtpAddress); one of an authoritative domain that
 * nobody has (UnknownRecipient); one of a foreign domain, from a caller who has not signed in and is not an organisation's other premises
 * (RelayDenied: no open relay). Gives the organisation in which the message is then queued.
 */
export async function checkRecipient(ctx: TransportContext, caller: Caller, address: string, origin?: Origin): Promise<string> {
  if (!isAddress(address)) throw new Refusal('InvalidSmtpAddress', `'${address.slice(0, 100)}' is not an SMTP address.`)
  const domain = await ctx.directory.acceptedDomain(domainOf(address))
  if (!domain) {
    const organisation = caller.kind === 'anonymous' ? origin && (await relayedFor(ctx, origin)) : caller.organisation
    if (!organisation) throw new Refusal('RelayDenied', `Mail to ${address} is not relayed here.`, { address })
    return organisation
  }
  if (domain.type === 'Authoritative' && !(await isKnown(ctx, domain.organisation, address))) {
    throw new Refusal('UnknownRecipient', `There is no recipient ${address}.`, { address })
  }
  return domain.organisation
}

async function isKnown(ctx: TransportContext, organisation: string, address: string): Promise<boolean> {
  if (await ctx.directory.find(address, organisation)) return true
  const { postmaster } = ctx.config
  return /^postmaster@/i.test(address) && postmaster !== undefined && (await ctx.directory.find(postmaster, organisation)) !== undefined
}
