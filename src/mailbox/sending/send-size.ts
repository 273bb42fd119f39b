import { ByteSize, Refusal } from '#model'
import type { MailboxContext } from '../context.ts'

/** Refuses a message that is larger than people of the organisation may send (Set-TransportConfig -MaxSendSize), or the site takes → MessageSizeExceeded. */
export async function checkSendSize(ctx: MailboxContext, organisation: string, size: number): Promise<void> {
  const policy = await ctx.configuration?.get(organisation, 'TransportConfig')
  const limit = Math.min(ByteSize.parse(policy?.MaxSendSize ?? 'Unlimited')?.bytes ?? Infinity, ctx.maxMessageSize ?? Infinity)
  if (size <= limit) return
  throw new Refusal('MessageSizeExceeded', `The message has ${size} bytes, and ${limit} may be sent. Leave out attachments, or send them by themselves.`, { limit }) // prettier-ignore
}
