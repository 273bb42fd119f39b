import { z } from 'zod'
import type { MailTips, Person } from '#mailbox'
import { Refusal, type EmailEntries } from '#model'
import { htmlToText } from '#wire'
import { verb } from '../verb.ts'

const mostFound = 15

/** People whom the words name: the caller's contacts and the directory. */
export const findRecipients = verb(z.object({ words: z.string().min(1).max(200) }), async ({ caller, mailboxes, mailbox }, { words }) => {
  const where = { own: await mailbox() }
  const { people } = await mailboxes.findPeople(caller, { where, words, offset: 0, limit: mostFound })
  return { people: people.flatMap(addressesOf).slice(0, mostFound) }
})

function addressesOf({ recipient, contacts }: Person): { name: string; address: string; title: string }[] {
  if (recipient) return [{ name: recipient.displayName, address: recipient.address, title: recipient.title ?? recipient.department ?? '' }]
  return contacts.flatMap(({ properties }) =>
    Object.values((properties.emailAddresses ?? {}) as EmailEntries).flatMap(({ address }) =>
      address ? [{ name: String(properties.displayName ?? properties.subject ?? address), address, title: '' }] : [],
    ),
  )
}

const mostAsked = 50

/** What is to be known of recipients before a message goes to them, of other premises too. Of whom nothing is to be had, nothing is said. */
export const recipientTips = verb(
  z.object({ addresses: z.array(z.string().min(1).max(320)).min(1).max(mostAsked), from: z.string().max(320).optional() }),
  async ({ caller, hybrid, request }, { addresses, from }) => {
    const { outcomes, trace } = await hybrid.mailTips(
      caller,
      addresses,
      ['OutOfOfficeMessage', 'MailboxFullStatus', 'CustomMailTip', 'ExternalMemberCount', 'TotalMemberCount', 'DeliveryRestriction', 'ModerationStatus', 'InvalidRecipient'],
      from ? { sendingAs: from } : {},
    ) // prettier-ignore
    if (trace) request.log.trace = trace.id
    return { tips: outcomes.flatMap((one, at) => (one instanceof Refusal ? [] : [tipOf(one, addresses[at] ?? '')])) }
  },
)

const tipOf = (tips: MailTips, address: string) => ({
  address,
  away: tips.outOfOffice?.reply ? htmlToText(tips.outOfOffice.reply.message).trim().slice(0, 2000) : undefined,
  full: tips.mailboxFull === true,
  custom: tips.customMailTip ? htmlToText(tips.customMailTip).trim() : undefined,
  members: tips.totalMemberCount,
  outside: tips.externalMemberCount,
  restricted: tips.deliveryRestricted === true,
  moderated: tips.isModerated === true,
  unknown: tips.invalidRecipient === true,
})
