import { domainOf, remoteDomainOf } from '#directory'
import { stageAutomatic } from '../automatic/message.ts'
import { isAddressed, replyAddress } from '../automatic/reply-to.ts'
import { outOfOfficeTip } from '../mail-tips/out-of-office.ts'
import type { MailboxContext } from '../context.ts'
import type { DeliveryStep } from './incoming.ts'

/**
 * The automatic reply of a mailbox whose owner is away ([MS-OXWOOF] 2.2.4.3): the internal text to the organisation, the external one to whom
 * the audience says, to each sender once until the replies are set anew. None to programs, lists, reports and mail that does not name the owner
 * (RFC 3834 2). It is queued with the filing, so that a server that dies never answers twice; none is sent for what goes to Junk Email.
 */
export const outOfOffice: DeliveryStep = async (ctx, incoming) => {
  const { owner, mailbox, settings, organisation, item, parsed } = incoming
  if (!owner || settings.outOfOffice === undefined || incoming.folder === 'junkemail') return undefined
  const to = replyAddress(incoming)
  const sender = to?.address?.toLowerCase()
  if (!to || !sender || !isAddressed(incoming)) return undefined
  // Whoever is not vouched for may write any address: it gets what strangers get.
  const getsInternalReply = incoming.delivery.authAs === 'Internal' && (await isInternal(ctx, organisation, domainOf(sender)))
  const reply = await ctx.store.read(async (tx) => {
    if (await tx.replies.has(mailbox, 'away', sender)) return undefined
    return (await outOfOfficeTip(tx, { mailbox, settings }, { address: sender, getsInternalReply }, ctx.clock())).reply
  })
  if (!reply) return undefined
  const { messageId } = parsed
  const references = [parsed.references, messageId].filter(Boolean).join(' ')
  const outgoing = await stageAutomatic(ctx, {
    automatic: getsInternalReply ? 'internalOutOfOffice' : 'externalOutOfOffice',
    owner,
    to: [to],
    properties: {
      subject: `Automatic reply: ${String(item.properties.subject ?? '')}`,
      body: { type: 'HTML', value: reply.message },
      ...(messageId ? { inReplyTo: messageId, references } : {}),
    },
    headers: [
      'Auto-Submitted: auto-replied',
      'X-Auto-Response-Suppress: All',
      ...(reply.language && /^[A-Za-z0-9-]{1,35}$/.test(reply.language) ? [`Content-Language: ${reply.language}`] : []),
    ],
    sender: '',
  })
  return async (tx, writing) => {
    if (await tx.replies.note(mailbox, 'away', sender, ctx.clock())) writing.outgoing.push(outgoing)
  }
}

/** True for a domain of the organisation, here or where an administrator says that it counts as such (Set-RemoteDomain -IsInternal). */
async function isInternal(ctx: MailboxContext, organisation: string, domain: string): Promise<boolean> {
  if ((await ctx.directory.acceptedDomain(domain))?.organisation === organisation) return true
  return (await remoteDomainOf(ctx, organisation, domain))?.IsInternal ?? false
}
