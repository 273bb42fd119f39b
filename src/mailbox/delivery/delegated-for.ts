import type { Recipient } from '#directory'
import type { EmailAddress, Properties } from '#model'
import { headerNamed, prependHeaders, type ParsedMessage } from '#wire'
import type { MailboxContext } from '../context.ts'
import { namesOf, type Outgoing } from '../items/outgoing.ts'
import type { Incoming } from './incoming.ts'

/**
 * Whose meeting message a delegate gets a copy of, when the two have their mailboxes on different premises: the owner's address. Behind the
 * header firewall only the organisation itself writes such fields, on whichever premises.
 */
const fieldName = 'X-MS-Exchange-Organization-Delegated-For'

/** The owner whom the copy is for, as the other premises named them; undefined for any other message. */
export function delegatedFor({ headers }: ParsedMessage): string | undefined {
  const address = headerNamed(headers, fieldName.toLowerCase())?.value.trim().toLowerCase()
  return address && address.length <= 320 && /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? address : undefined
}

/** What makes a message such a copy: it is answered in the owner's calendar, which is not here. */
export async function delegatedProperties(ctx: MailboxContext, organisation: string, address: string): Promise<Properties> {
  const owner = await ctx.directory.find(address, organisation)
  const representing: EmailAddress = { ...(owner ? { name: owner.displayName } : {}), address, routingType: 'SMTP' }
  return { isDelegated: true, hasBeenProcessed: false, receivedRepresenting: representing }
}

/** The message as it came, to delegates whose mailboxes are elsewhere. Its owner hears when it cannot be delivered. */
export async function copiesElsewhere(
  ctx: MailboxContext,
  { organisation, mailbox, delivery, item }: Incoming,
  owner: Recipient,
  delegates: readonly Recipient[],
): Promise<Outgoing> {
  const lines = [`${fieldName}: ${owner.address}`, ...(delivery.trace ? [delivery.trace] : [])]
  return {
    organisation,
    sender: owner.address,
    recipients: delegates.map(({ address }) => address),
    blob: await ctx.store.stage(prependHeaders(delivery.mime, lines)),
    // What it is to the organisation stays as it was judged when it came.
    envelope: { origin: 'delegates', mailbox, authAs: delivery.authAs ?? 'Anonymous', ...namesOf(item.properties) },
  }
}
