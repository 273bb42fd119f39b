import { ByteSize, Refusal } from '#model'
import type { TransportContext } from '../contract.ts'
import type { Draft } from './draft.ts'

/**
 * What the organisation takes (Set-TransportConfig -MaxReceiveSize, -MaxRecipientEnvelopeLimit) of others, and lets its own people send
 * (-MaxSendSize): larger → MessageSizeExceeded, more recipients → TooManyRecipients. What the site takes at most is checked before.
 */
export async function checkOrganisationLimits(ctx: TransportContext, draft: Draft, organisation: string): Promise<void> {
  const { limits } = await ctx.rules(organisation)
  if (!limits) return
  const own = draft.caller.kind !== 'anonymous' && draft.caller.organisation === organisation
  const size = ByteSize.parse(own ? limits.MaxSendSize : limits.MaxReceiveSize)
  if (size && draft.bytes.length > size.bytes)
    throw new Refusal('MessageSizeExceeded', `The message is larger than ${size.bytes} bytes.`, { limit: size.bytes })
  const most = limits.MaxRecipientEnvelopeLimit
  if (most !== 'Unlimited' && draft.envelope.recipients.length > most)
    throw new Refusal('TooManyRecipients', `More than ${most} recipients.`, { limit: most })
}
