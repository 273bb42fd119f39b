import { groupKinds, type Recipient } from '#directory'
import { domainOf, envelopeAddress } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import { acceptedDomainSurely, findSurely } from './surely.ts'

/** Where a message to one address goes. */
export type Destination =
  | { kind: 'mailbox'; mailbox: string; address: string }
  /**
   * `passes`: a recipient here, or one of a domain here, leads there; mail that comes back from there would go in circles. `forwarded`: a
   * mailbox's forwarding to an address (Set-Mailbox -ForwardingSmtpAddress) leads there, and nothing else does.
   */
  | { kind: 'remote'; address: string; route: string; passes?: boolean; forwarded?: Forwarded }
  | { kind: 'nowhere'; address: string; status: string; reason: string }

/** A forward goes out beside the copy that its mailbox keeps, or instead of it (-DeliverToMailboxAndForward). */
export type Forwarded = 'beside' | 'instead'

/** What most depends on the mail going there: where it was sent to, then a forward that is all there is. */
const weightOf = (forwarded: Forwarded | undefined): number => (forwarded === undefined ? 2 : forwarded === 'instead' ? 1 : 0)
const forwardedOf = (one: Destination): Forwarded | undefined => (one.kind === 'remote' ? one.forwarded : undefined)

/** Forwarding leads at most this far. */
const furthest = 10

/**
 * Opens an address to its destinations: groups to their members (nested, once each), forwarding, external addresses of mail users and
 * contacts, mailboxes here, foreign domains. Each destination once; circles end. An address nobody has is a destination `nowhere`, and so is what
 * leads to none because of forwarding.
 */
export async function resolveAddress(ctx: TransportContext, organisation: string, address: string): Promise<Destination[]> {
  const found = new Map<string, Destination>()
  /** Recipients opened, and the weight of what led to them. */
  const seen = new Map<string, number>()
  let isForwarded = false
  const add = (one: Destination): void => {
    const key = one.kind === 'mailbox' ? one.mailbox : one.address.toLowerCase()
    const known = found.get(key)
    // Where mail goes anyway, it is not forwarded to.
    if (!known || weightOf(forwardedOf(one)) >= weightOf(forwardedOf(known))) found.set(key, one)
  }

  async function follow(at: string, depth: number): Promise<void> {
    const known = await ctx.directory.find(at, organisation)
    if (known) return open(known, depth)
    const domain = await acceptedDomainSurely(ctx, domainOf(at))
    if (domain?.type === 'Authoritative' && domain.organisation === organisation) {
      const recipient = await findSurely(ctx, organisation, at)
      if (recipient) return open(recipient, depth)
      const { postmaster } = ctx.config
      if (/^postmaster@/i.test(at) && postmaster && postmaster.toLowerCase() !== at.toLowerCase() && depth < furthest)
        return follow(postmaster, depth + 1)
      add({ kind: 'nowhere', address: at, status: '5.1.1', reason: 'There is no such recipient here.' })
    } else add(outward(at, domain?.organisation === organisation))
  }

  async function open(recipient: Recipient, depth: number, forwarded?: Forwarded): Promise<void> {
    if ((seen.get(recipient.id) ?? -1) >= weightOf(forwarded)) return
    seen.set(recipient.id, weightOf(forwarded))
    if (groupKinds.includes(recipient.kind)) {
      for (const member of await ctx.directory.expand(recipient, ctx.config.maxGroupMembers)) await open(member, depth + 1, forwarded)
    } else if (recipient.kind === 'DiscoveryMailbox') {
      add({ kind: 'nowhere', address: recipient.address, status: '5.7.1', reason: 'The recipient takes no mail.' })
    } else if (recipient.mailbox) {
      const target = recipient.forwardTo && depth < furthest ? await ctx.directory.recipient(organisation, recipient.forwardTo) : undefined
      // A recipient of ours goes before an address (Set-Mailbox, -ForwardingAddress).
      const foreign = !target && depth < furthest ? recipient.forwardingAddress : undefined
      if ((!target && !foreign) || recipient.deliverAndForward)
        add({ kind: 'mailbox', mailbox: recipient.mailbox, address: recipient.address })
      isForwarded ||= target !== undefined
      if (target) await open(target, depth + 1, forwarded)
      else if (foreign) await outside(foreign, recipient, depth, recipient.deliverAndForward ? 'beside' : 'instead')
    } else if (recipient.externalAddress && depth < furthest) {
      await outside(envelopeAddress(recipient.externalAddress.replace(/^smtp:/i, '')), recipient, depth, forwarded)
    } else
      add({ kind: 'nowhere', address: recipient.address, status: '5.1.1', reason: 'The recipient has no mailbox and no external address.' })
  }

  /**
   * A target address: another recipient of ours, or a foreign one. One that is the recipient's own goes out, for its domain is shared
   * with others.
   */
  async function outside(address: string, recipient: Recipient, depth: number, forwarded: Forwarded | undefined): Promise<void> {
    const other = await ctx.directory.find(address, organisation)
    if (other && other.id !== recipient.id) await open(other, depth + 1, forwarded)
    else add({ ...outward(address, true), ...(forwarded ? { forwarded } : {}) })
  }

  await follow(address, 0)
  if (found.size === 0 && isForwarded)
    return [
      {
        kind: 'nowhere',
        address,
        status: '5.4.6',
        reason: 'Forwarding leads in circles, or to nobody, and no mailbox on the way keeps a copy.',
      },
    ]
  return [...found.values()]
}

function outward(address: string, passes: boolean): Destination {
  return { kind: 'remote', address, route: domainOf(address), ...(passes ? { passes } : {}) }
}
