import { domainOf, remoteDomainOf } from '#directory'
import type { MailboxContext } from '../context.ts'
import type { Incoming } from '../delivery/incoming.ts'

/**
 * True when rules send a message on to where it may not be let out (Set-RemoteDomain -AutoForwardEnabled), and whoever wrote it would not hear:
 * a forward is the mailbox's own message, whose report comes back here to be deleted by the same rule. Then the message is not to leave
 * nothing. Of a redirect its author hears, but for what has none.
 */
export async function mayBeLost(ctx: MailboxContext, { organisation, delivery, outgoing }: Incoming): Promise<boolean> {
  const unheard = outgoing.filter(({ automatic, sender }) => automatic === 'autoForward' && (sender === '' || sender !== delivery.sender))
  for (const address of new Set(unheard.flatMap(({ recipients }) => recipients))) {
    if (await mayBeBarred(ctx, organisation, address)) return true
  }
  return false
}

/** Whether a forward to an address might meet a remote domain that takes none: what a recipient here leads to is known to the transport alone. */
async function mayBeBarred(ctx: MailboxContext, organisation: string, address: string): Promise<boolean> {
  const recipient = await ctx.directory.find(address, organisation)
  if (!recipient) return (await remoteDomainOf(ctx, organisation, domainOf(address)))?.AutoForwardEnabled === false
  if (recipient.mailbox && !recipient.forwardTo && !recipient.forwardingAddress) return false
  const remotes = (await ctx.configuration?.list(organisation, 'RemoteDomain')) ?? []
  return remotes.some(({ AutoForwardEnabled }) => !AutoForwardEnabled)
}
