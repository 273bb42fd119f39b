import type { EmailAddress } from '#model'
import { isContact } from '../mail-tips/out-of-office.ts'
import { junkEmailOf, names } from '../junk/lists.ts'
import type { DeliveryStep } from './incoming.ts'

/**
 * What a blocked sender sends goes to Junk Email: no rule sees it, nothing answers it, no meeting is made of it. Whoever is trusted is not blocked. Where
 * the trusted lists alone count, so does mail of everybody else but people of the organisation, and contacts if they are trusted.
 */
export const junk: DeliveryStep = async (ctx, incoming) => {
  const { settings, delivery, item, mailbox } = incoming
  const { Enabled = true, ...lists } = junkEmailOf(settings)
  if (!Enabled) return undefined
  const { from, sender } = item.properties
  const author = ((from ?? sender) as EmailAddress | undefined)?.address?.toLowerCase() ?? ''
  if (names(lists.TrustedSendersAndDomains, author)) return undefined
  const isBlocked = [author, delivery.sender].some((one) => names(lists.BlockedSendersAndDomains, one))
  const isKnown = async () =>
    delivery.authAs === 'Internal' || (lists.ContactsTrusted === true && (await ctx.store.read((tx) => isContact(tx, mailbox, author))))
  if (isBlocked || (lists.TrustedListsOnly && !(await isKnown()))) incoming.folder = 'junkemail'
  return undefined
}
