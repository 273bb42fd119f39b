import { groupKinds } from '#directory'
import type { QueuedRecipient } from '#store'
import type { TransportContext } from '../contract.ts'
import type { Destination } from '../route/resolve.ts'
import type { Parcel } from './to-mailbox.ts'

/** Recipients in one queued message: keeps every write that settles one of them small. */
const mostTogether = 100

/** Addresses that the tracking log names of one expansion. */
const mostTracked = 1000

/** A message may be opened to further recipients this often: forwarding and groups of several sites can form circles. */
export const mostExpansions = 20

/** Replaces one recipient by the many that it leads to, in one write: the message is queued anew for them, and the one is done. */
export async function expand(
  ctx: TransportContext,
  { message, bytes, track }: Parcel,
  recipient: QueuedRecipient,
  to: Destination[],
): Promise<void> {
  const blob = await ctx.store.stage(bytes)
  const expansions = Number(message.envelope['expansions'] ?? 0) + 1
  const group = await ctx.directory.find(recipient.address, message.organisation)
  const event = group && groupKinds.includes(group.kind) ? 'EXPAND' : 'REDIRECT'
  const events = track(
    event,
    'ROUTING',
    message,
    to.slice(0, mostTracked).map(({ address }) => address),
    {
      relatedRecipient: recipient.address,
    },
  )
  await ctx.store.write(async (tx) => {
    const mine = await tx.queue.settle(message.organisation, message.id, recipient.address, {
      state: 'delivered',
      holder: recipient.holder,
    })
    if (!mine) return
    await tx.tracking.add(events)
    for (let at = 0; at < to.length; at += mostTogether) {
      const id = Buffer.from(ctx.random(12)).toString('hex')
      await tx.queue.add(
        { ...message, id, envelope: { ...message.envelope, expansions } },
        blob,
        to.slice(at, at + mostTogether).map((one) => ({
          address: one.address,
          route: one.kind === 'mailbox' ? 'local' : one.kind === 'remote' ? one.route : 'categorise',
          due: message.accepted,
          options: {
            ...recipient.options,
            originalRecipient: recipient.options['originalRecipient'] ?? `rfc822;${recipient.address}`,
            ...(one.kind === 'remote' && one.passes ? { passes: true } : {}),
            ...(one.kind === 'remote' && one.forwarded ? { forwarded: one.forwarded } : {}),
          },
        })),
      )
    }
  })
}
