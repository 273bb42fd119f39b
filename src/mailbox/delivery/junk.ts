import type { EmailAddress } from '#model'
import { isContact } from '../mail-tips/out-of-office.ts'
import { junkEmailOf, names, namesItself } from '../junk/lists.ts'
import type { DeliveryStep } from './incoming.ts'

/**
 * What a blocked sender sends goes to Junk Email: no rule sees it, nothing answers it, no meeting is made of it. Whoever is trusted is not blocked,
 * unless by their domain alone while their own address is blocked. Where the trusted lists alone count, mail of everybody else but people of the
 * organisation, and contacts if they are trusted, goes there too.
 */
export const junk: DeliveryStep = async (ctx, incoming) => {
  const { settings, delivery, item, mailbox } = incoming
  const { Enabled = true, ...lists } = junkEmailOf(settings)
  if (!Enabled) return undefined
  const { from, sender } = item.properties
  const author = ((from ?? sender) as EmailAddress | undefined)?.address?.toLowerCase() ?? ''
  const { TrustedSendersAndDomains: trusted, BlockedSendersAndDomains: blocked } = lists
  const isTrusted = namesItself(blocked, author) ? namesItself(trusted, author) : names(trusted, author)
  if (isTrusted) return undefined
  const isBlocked = [author, delivery.sender].some((one) => names(blocked, one))
  const isKnown = async () =>
    delivery.authAs === 'Internal' || (lists.ContactsTrusted === true && (await ctx.store.read((tx) => isContact(tx, mailbox, author))))
  if (isBlocked || (lists.TrustedListsOnly && !(await isKnown()))) incoming.folder = 'junkemail'
  return undefined
}
