import type { Instant } from '#model'
import type { People } from '../mailbox/people.ts'

/** Delivers all mail that waits, to the mailboxes of its recipients, until none is left; answers how many messages arrived. */
export async function deliverPost(site: People): Promise<number> {
  let delivered = 0
  for (let round = 0; round < 20; round++) {
    const until: Instant = site.clock.now + 60_000
    const leased = await site.store.write((tx) => tx.queue.lease('test', site.clock.now, until, 100))
    if (leased.length === 0) return delivered
    for (const { organisation, message, address } of leased) {
      const mime = await site.store.read(async (tx) => tx.queue.blob(organisation, (await tx.queue.message(organisation, message))!.blob))
      const recipient = await site.directory.find(address, organisation)
      if (recipient?.mailbox) {
        const delivery = { mime, recipient: address, sender: '', receivedAt: site.clock.now }
        await site.mailboxes.deliver(organisation, recipient.mailbox, delivery)
        delivered++
      }
      await site.store.write((tx) => tx.queue.settle(organisation, message, address, { state: 'delivered' }))
    }
  }
  throw new Error('mail goes round and round')
}
