import type { EmailAddress } from '#model'
import { blockedSenders } from '../junk/mark-as-junk.ts'
import type { DeliveryStep } from './incoming.ts'

/** What a blocked sender sends goes to Junk Email: no rule sees it, nothing answers it, no meeting is made of it. */
export const junk: DeliveryStep = async (_ctx, incoming) => {
  const blocked = blockedSenders(incoming.settings)
  if (blocked.length === 0) return undefined
  const { from, sender } = incoming.item.properties
  const author = ((from ?? sender) as EmailAddress | undefined)?.address?.toLowerCase() ?? ''
  if (blocked.includes(author) || blocked.includes(incoming.delivery.sender.toLowerCase())) incoming.folder = 'junkemail'
  return undefined
}
