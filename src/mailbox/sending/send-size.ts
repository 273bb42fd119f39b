import { ByteSize, Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'

/** Bytes of a message that people of the caller's organisation may send (Set-TransportConfig -MaxSendSize) and the site takes. */
export async function sendLimit(ctx: MailboxContext, { organisation }: Pick<Caller, 'organisation'>): Promise<number> {
  const policy = await ctx.configuration?.get(organisation, 'TransportConfig')
  return Math.min(ByteSize.parse(policy?.MaxSendSize ?? 'Unlimited')?.bytes ?? Infinity, ctx.maxMessageSize ?? Infinity)
}

/** Refuses a message that is larger than may be sent (`sendLimit`) → MessageSizeExceeded. */
export async function checkSendSize(ctx: MailboxContext, organisation: string, size: number): Promise<void> {
  const limit = await sendLimit(ctx, { organisation })
  if (size <= limit) return
  throw new Refusal('MessageSizeExceeded', `The message has ${size} bytes, and ${limit} may be sent. Leave out attachments, or send them by themselves.`, { limit }) // prettier-ignore
}
