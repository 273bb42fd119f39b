import type { MailboxContext } from '../context.ts'

/** A new Message-ID (RFC 5322 3.6.4). The right side names no host: it is random, as the left. */
export function newMessageId(ctx: MailboxContext, domain = 'isthmus.invalid'): string {
  return `<${Buffer.from(ctx.random(16)).toString('hex')}@${domain}>`
}
