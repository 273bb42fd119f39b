import type { Caller } from '#model'
import { domainOf, type Directory, type Recipient } from '#directory'

/** Somebody with a mailbox here, with what Autodiscover tells about them. */
export interface Person {
  recipient: Recipient
  /** Mailboxes that the *caller* sees beside the own one; empty when asking for somebody else. */
  alternates: Recipient[]
}

/** An archive that the person's client opens beside their mailbox. */
export interface Archive {
  owner: Recipient
  archive: NonNullable<Recipient['archive']>
}

/** The person's own archive, and those of the mailboxes that are told of. */
export function archivesOf({ recipient, alternates }: Person): Archive[] {
  return [recipient, ...alternates].flatMap((owner) => (owner.archive ? [{ owner, archive: owner.archive }] : []))
}

export type Lookup = { person: Person } | { redirectTo: string } | { unknown: 'user' | 'domain' }

/**
 * Finds whom an address, UPN or legacyExchangeDN means, within the caller's organisation. Somebody whose mailbox is
 * elsewhere answers with the address to ask for instead ([MS-OXDSCLI] 3.1.5.4).
 */
export async function lookUp(directory: Directory, caller: Caller, identity: string): Promise<Lookup> {
  const recipient = await directory.find(identity, caller.organisation)
  if (!recipient) {
    const domain = identity.includes('@') ? await directory.acceptedDomain(domainOf(identity)) : undefined
    return { unknown: !identity.includes('@') || domain?.organisation === caller.organisation ? 'user' : 'domain' }
  }
  if (recipient.mailbox) {
    const alternates = recipient.id === caller.recipient ? await directory.mailboxesOpenTo(recipient) : []
    return { person: { recipient, alternates } }
  }
  if (recipient.externalAddress) return { redirectTo: recipient.externalAddress }
  return { unknown: 'user' }
}
