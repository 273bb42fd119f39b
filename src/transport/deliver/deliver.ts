import type { QueuedRecipient } from '#store'
import { parseMime } from '#wire'
import { domainOf } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import { takeGuarded } from '../cross-premises/header-firewall.ts'
import { hasPassed } from '../cross-premises/leaving.ts'
import type { Attempt } from '../queue/outcome.ts'
import { settle } from '../queue/settle.ts'
import { barredFrom } from '../route/automatic-mail.ts'
import { resolveAddress, type Destination, type Forwarded } from '../route/resolve.ts'
import { findSurely } from '../route/surely.ts'
import { copyFailureEvents } from '../tracking/copy-failures.ts'
import { trackFor } from '../tracking/track.ts'
import { expand, mostExpansions } from './expand.ts'
import type { RelayTo } from './relay.ts'
import type { Addressed } from './send-by-smtp.ts'
import { deliverToMailbox, type Parcel } from './to-mailbox.ts'

interface Outward extends Addressed {
  route: string
}

/**
 * Works on some recipients of one queued message: finds where each one leads, files into mailboxes here, opens groups and forwarding,
 * keeps back automatic mail that a foreign domain does not take, and notes how each ended. What goes to other servers is under way in `relaying` when this resolves. Rejects only when the store
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
      if (parcel.suspended.has(recipient.nextHop)) return void attempts.push(heldIn(recipient, recipient.nextHop))
      const [first, ...others] = await destinations(ctx, parcel, recipient)
      if (!first || others.length > 0) return expandTo(ctx, parcel, recipient, first ? [first, ...others] : [], attempts)
      const barred = first.kind === 'remote' ? await barredFrom(ctx, parcel, recipient, first) : undefined
      if (barred) attempts.push({ ...leadingTo(recipient, first.address), outcome: barred })
      else if (first.kind === 'remote' && !goesInCircles(parcel, first)) outward.push({ recipient, ...first })
      else attempts.push(await endHere(ctx, parcel, recipient, first))
    }),
  )
  await settle(ctx, parcel.message, attempts)
  if (outward.length === 0) return {}
  const { message } = parcel
  const byRoute = [...Map.groupBy(outward, (one) => one.route)]
  const each = byRoute.map(async ([route, all]) => settle(ctx, message, await sendOut(parcel, relay, route, all)))
  return { relaying: Promise.all(each).then(() => undefined) }
}

const heldIn = (recipient: QueuedRecipient, nextHop: string): Attempt => ({ recipient, outcome: { kind: 'held' }, nextHop })

/** Hands what goes to one next hop to the relay; what waits again waits there. */
async function sendOut({ message, suspended }: Parcel, relay: RelayTo, route: string, all: Outward[]): Promise<Attempt[]> {
  if (suspended.has(route)) return all.map(({ recipient }) => heldIn(recipient, route))
  const addresses = new Map(all.map(({ recipient, address }) => [recipient, address]))
  return (await relay(message, route, all)).map((attempt) => {
    const address = addresses.get(attempt.recipient) ?? attempt.recipient.address
    return { ...attempt, nextHop: route, ...leadingTo(attempt.recipient, address) }
  })
}

/** A recipient, and the address that it leads to when that is another. */
function leadingTo(recipient: QueuedRecipient, address: string): Pick<Attempt, 'recipient' | 'resolved'> {
  return { recipient, ...(address.toLowerCase() === recipient.address.toLowerCase() ? {} : { resolved: address }) }
}

/** A recipient whose way ends here: in a mailbox, or nowhere. */
async function endHere(ctx: TransportContext, parcel: Parcel, recipient: QueuedRecipient, to: Destination): Promise<Attempt> {
  const failed = (status: string, text: string): Attempt => ({ recipient, outcome: { kind: 'failed', status, text } })
  if (to.kind === 'nowhere') return failed(to.status, to.reason)
  if (to.kind === 'remote') return failed('5.4.6', circle(to.address))
  if (parcel.suspended.has('local')) return heldIn(recipient, 'local')
  return { recipient, outcome: await deliverToMailbox(ctx, parcel, recipient, to), nextHop: 'local' }
}

function goesInCircles({ bytes, message }: Parcel, to: Destination & { kind: 'remote' }): boolean {
  return to.passes === true && hasPassed(bytes, message.organisation, to.address)
}

function circle(address: string): string {
  return `The message went to ${address} before and came back: it is going in circles.`
}

/** Header fields that only servers may write go, where the message came into the queue by another way than `accept`. */
async function loadParcel(ctx: TransportContext, recipient: QueuedRecipient | undefined): Promise<Parcel | undefined> {
  if (!recipient) return undefined
  const { organisation } = recipient
  const track = await trackFor(ctx, organisation)
  const parcel = await ctx.store.read(async (tx) => {
    const message = await tx.queue.message(organisation, recipient.message)
    if (!message) return undefined
    const stored = await tx.queue.blob(organisation, message.blob)
    const bytes = message.envelope['authAs'] === undefined ? takeGuarded(stored).bytes : stored
    return { message, bytes, parsed: parseMime(bytes), suspended: await tx.queue.suspensions(organisation), track }
  })
  if (parcel && recipient.attempts === 0 && recipient.route === 'categorise') await trackSubmission(ctx, parcel)
  return parcel
}

/** What a mailbox here has sent came into the queue with its copy in Sent Items; the log hears of it when it is first worked on. */
async function trackSubmission(ctx: TransportContext, { message, track }: Parcel): Promise<void> {
  const { trace, origin, expansions } = message.envelope
  if (trace !== undefined || origin === 'report' || expansions !== undefined) return
  await ctx.store.write(async (tx) => {
    const recipients = (await tx.queue.recipients(message.organisation, message.id)).map(({ address }) => address)
    await tx.tracking.add(track('SUBMIT', 'STOREDRIVER', message, recipients, { clientHostname: ctx.config.hostname }))
    await tx.tracking.add(copyFailureEvents(track, message, message.envelope['copyFailures']))
  })
}

/**
 * `categorise` is found out; `local` was, and is not opened again; any other route is a domain already known to be foreign. How a recipient's
 * address was come by stays with it, also when its way is found anew (Retry-Queue -Resubmit).
 */
async function destinations(ctx: TransportContext, { message }: Parcel, recipient: QueuedRecipient): Promise<Destination[]> {
  const { address, route, options } = recipient
  const { passes, forwarded } = options
  // Who wrote `true` said nothing of a copy: rather one report too many.
  const as: Forwarded = forwarded === 'beside' ? 'beside' : 'instead'
  const come = { ...(passes ? { passes: true } : {}), ...(forwarded ? { forwarded: as } : {}) }
  if (route === 'categorise') {
    const found = await resolveAddress(ctx, message.organisation, address)
    return found.map((one) => (one.kind === 'remote' ? { ...one, ...come } : one))
  }
  if (route !== 'local') return [{ kind: 'remote', address, route: route || domainOf(address), ...come }]
  const found = await findSurely(ctx, message.organisation, address)
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
