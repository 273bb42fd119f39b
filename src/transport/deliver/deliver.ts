import type { QueuedRecipient } from '#store'
import { parseMime } from '#wire'
import { domainOf } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import { takeGuarded } from '../cross-premises/header-firewall.ts'
import { hasPassed } from '../cross-premises/leaving.ts'
import type { Attempt } from '../queue/outcome.ts'
import { settle } from '../queue/settle.ts'
import { resolveAddress, type Destination } from '../route/resolve.ts'
import { expand, mostExpansions } from './expand.ts'
import type { RelayTo } from './relay.ts'
import type { Addressed } from './send-by-smtp.ts'
import { deliverToMailbox, type Parcel } from './to-mailbox.ts'

interface Outward extends Addressed {
  route: string
}

/**
 * Works on some recipients of one queued message: finds where each one leads, files into mailboxes here, opens groups and forwarding,
 * and notes how each ended. What goes to other servers is under way in `relaying` when this resolves. Rejects only when the store
 * fails.
 */
export async function deliverParcel(
  ctx: TransportContext,
  relay: RelayTo,
  recipients: QueuedRecipient[],
): Promise<{ relaying?: Promise<void> }> {
  const parcel = await loadParcel(ctx, recipients[0])
  if (!parcel) return {}
  const outward: Outward[] = []
  const attempts: Attempt[] = []
  await Promise.all(
    recipients.map(async (recipient) => {
      const [first, ...others] = await destinations(ctx, parcel, recipient)
      if (!first || others.length > 0) await expandTo(ctx, parcel, recipient, first ? [first, ...others] : [], attempts)
      else if (first.kind === 'mailbox')
        attempts.push({ recipient, outcome: await deliverToMailbox(ctx, parcel, recipient, first.mailbox) })
      else if (first.kind === 'remote' && first.passes && hasPassed(parcel.bytes, parcel.message.organisation, first.address))
        attempts.push({ recipient, outcome: { kind: 'failed', status: '5.4.6', text: circle(first.address) } })
      else if (first.kind === 'remote') outward.push({ recipient, ...first })
      else attempts.push({ recipient, outcome: { kind: 'failed', status: first.status, text: first.reason } })
    }),
  )
  await settle(ctx, parcel.message, attempts)
  if (outward.length === 0) return {}
  const { message } = parcel
  const byRoute = [...Map.groupBy(outward, (one) => one.route)]
  const each = byRoute.map(async ([route, all]) => settle(ctx, message, await relay(message, route, all)))
  return { relaying: Promise.all(each).then(() => undefined) }
}

function circle(address: string): string {
  return `The message went to ${address} before and came back: it is going in circles.`
}

/** Header fields that only servers may write go, where the message came into the queue by another way than `accept`. */
async function loadParcel(ctx: TransportContext, recipient: QueuedRecipient | undefined): Promise<Parcel | undefined> {
  if (!recipient) return undefined
  return ctx.store.read(async (tx) => {
    const message = await tx.queue.message(recipient.organisation, recipient.message)
    if (!message) return undefined
    const stored = await tx.queue.blob(message.organisation, message.blob)
    const bytes = message.envelope['authAs'] === undefined ? takeGuarded(stored).bytes : stored
    return { message, bytes, parsed: parseMime(bytes) }
  })
}

/** `categorise` is found out; `local` was, and is not opened again; any other route is a domain already known to be foreign. */
async function destinations(ctx: TransportContext, { message }: Parcel, recipient: QueuedRecipient): Promise<Destination[]> {
  const { address, route } = recipient
  if (route === 'categorise') return resolveAddress(ctx, message.organisation, address)
  if (route !== 'local')
    return [{ kind: 'remote', address, route: route || domainOf(address), ...(recipient.options['passes'] ? { passes: true } : {}) }]
  const found = await ctx.directory.find(address, message.organisation)
  if (found?.mailbox) return [{ kind: 'mailbox', mailbox: found.mailbox, address }]
  return [{ kind: 'nowhere', address, status: '5.1.1', reason: 'The mailbox no longer exists.' }]
}

async function expandTo(
  ctx: TransportContext,
  parcel: Parcel,
  recipient: QueuedRecipient,
  to: Destination[],
  attempts: Attempt[],
): Promise<void> {
  if (Number(parcel.message.envelope['expansions'] ?? 0) < mostExpansions) return expand(ctx, parcel, recipient, to)
  attempts.push({ recipient, outcome: { kind: 'failed', status: '5.4.6', text: 'Groups and forwarding lead in circles.' } })
}
