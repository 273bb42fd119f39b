import type { Recipient } from '#directory'
import type { Body, EmailAddress } from '#model'
import { prependHeaders } from '#wire'
import { stageAutomatic } from '../automatic/message.ts'
import { originalOf, quotedBody } from '../automatic/quote.ts'
import type { MailboxContext } from '../context.ts'
import type { Incoming } from '../delivery/incoming.ts'
import type { Outgoing } from '../items/outgoing.ts'
import { namesOf } from '../items/outgoing.ts'
import { loopHeader } from './conditions.ts'

/** A message may be sent on by the rules of so many mailboxes. */
const mostHops = 10

const headerName = 'X-MS-Exchange-Inbox-Rules-Loop'

/**
 * True when the mailbox's rules sent the message on before, or those of too many others did: then no rule sends it on again ([MS-OXORULE]
 * 3.2.5.1.1: forward and redirect must not loop).
 */
export function goesInCircles({ parsed }: Incoming, mine: ReadonlySet<string>): boolean {
  const passed = parsed.headers.filter(({ key }) => key === loopHeader)
  return passed.length >= mostHops || passed.some(({ value }) => mine.has(value.trim().toLowerCase()))
}

/** Where the message has been by rules, this mailbox last: goes along with every message that a rule makes of it. */
function trail({ parsed }: Incoming, owner: Recipient): string[] {
  const passed = parsed.headers.filter(({ key }) => key === loopHeader).map(({ value }) => value.replace(/[^\x21-\x7e]+/g, ''))
  return [owner.address, ...passed.slice(0, mostHops)].map((address) => `${headerName}: ${address}`)
}

/** The message as it came, to others: it stays from whoever wrote it, who hears too when it cannot be delivered (RFC 5321 3.9.1). */
export async function redirected(
  ctx: MailboxContext,
  incoming: Incoming,
  owner: Recipient,
  to: readonly EmailAddress[],
): Promise<Outgoing> {
  const { organisation, delivery, item } = incoming
  const lines = [`${headerName}: ${owner.address}`, ...(delivery.trace ? [delivery.trace] : [])]
  return {
    automatic: 'autoForward',
    organisation,
    sender: delivery.sender,
    recipients: addressesIn(to),
    blob: await ctx.store.stage(prependHeaders(delivery.mime, lines)),
    // What it is to the organisation stays as it was judged when it came.
    envelope: { origin: 'rule', mailbox: incoming.mailbox, authAs: delivery.authAs ?? 'Anonymous', ...namesOf(item.properties) },
  }
}

/** A message from the owner that shows this one below a line with its facts, or has it attached. */
export async function forwarded(
  ctx: MailboxContext,
  incoming: Incoming,
  owner: Recipient,
  to: readonly EmailAddress[],
  asAttachment: boolean,
): Promise<Outgoing> {
  const { item, delivery } = incoming
  const subject = String(item.properties.subject ?? '')
  const original = originalOf(item.properties, (at) => new Date(at).toUTCString())
  const body: Body = asAttachment ? { type: 'Text', value: '' } : quotedBody(undefined, original)
  const whole = { kind: 'item' as const, name: subject.slice(0, 200) || 'message', item: { ...item, mime: delivery.mime } }
  return stageAutomatic(ctx, {
    automatic: 'autoForward',
    owner,
    to,
    properties: { subject: `FW: ${subject}`, body },
    attachments: asAttachment ? [whole] : (item.attachments ?? []),
    headers: [...trail(incoming, owner), 'Auto-Submitted: auto-generated'],
    // A report that comes back must not be sent on to come back again.
    sender: delivery.sender === '' ? '' : owner.address,
  })
}

const addressesIn = (people: readonly EmailAddress[]): string[] => people.flatMap(({ address }) => (address ? [address] : []))
