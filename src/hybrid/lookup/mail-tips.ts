import { mostRecipients, type MailTipKind, type MailTips, type MailTipsOptions } from '#mailbox'
import { Refusal, type Caller } from '#model'
import { LookupFailure } from '../failure.ts'
import { givenKinds, readMailTipsAnswer, writeMailTipsRequest } from '../remote/mail-tips-message.ts'
import type { LookupTrace } from '../trace/trace.ts'
import { lookUp, type LookupContext } from './lookup.ts'
import type { Route } from './route.ts'

/** What the own directory says of people too whose mailbox is elsewhere. */
const ofDirectory: readonly MailTipKind[] = [
  'CustomMailTip',
  'ExternalMemberCount',
  'MaxMessageSize',
  'DeliveryRestriction',
  'ModerationStatus',
]

/**
 * What is to be known of recipients before a message is sent to them, of those elsewhere too ([MS-OXWMT] 3.1.4.1; source R4: the same way
 * as free/busy). People that no way leads to are answered out of the own directory. One outcome for each, in the order asked; refuses for
 * all as `mailboxes.mailTips`.
 */
export async function mailTips(
  ctx: LookupContext,
  caller: Caller,
  recipients: readonly string[],
  wanted: readonly MailTipKind[],
  options: MailTipsOptions,
): Promise<{ outcomes: (MailTips | Refusal)[]; trace?: LookupTrace }> {
  const { mailboxes } = ctx
  // So many are refused: nobody is looked for.
  if (recipients.length > mostRecipients) return { outcomes: await mailboxes.mailTips(caller, recipients, wanted, options) }
  const people = recipients.map((address) => address.trim())
  return lookUp<MailTips>(ctx, caller, people, {
    what: 'mailTips',
    looks: 'look into the mailboxes and the directory that are here',
    strangers: 'here',
    here: (some) => mailboxes.mailTips(caller, some, wanted, options),
    async there(away, send, requester) {
      const addresses = away.map(({ address }) => address)
      const targets = away.map(({ target }) => target)
      const sender = options.sendingAs?.trim() || requester.address
      const kinds = ofDirectory.filter((kind) => wanted.includes(kind))
      const ours = await mailboxes.mailTips(caller, addresses, kinds, options)
      const what = `ask EWS for the MailTips of ${targets.join(', ').slice(0, 200)}`
      const body = writeMailTipsRequest(targets, sender, wanted)
      const { culture } = options
      const theirs = readMailTipsAnswer(await send({ name: 'GetMailTips', what, body, ...(culture ? { culture } : {}) }), targets)
      return theirs.map((one, at) => joined(ours[at], one))
    },
    barred,
    told: (tips) => ({ view: givenKinds(tips).join(' '), cause: '' }),
  })
}

/** A relationship that is not for MailTips is not asked by (Set-OrganizationRelationship); connectors and address spaces are for all. */
function barred(route: Route): LookupFailure | undefined {
  if (route.generation !== 'DAuth' || route.relationship.MailTipsAccessEnabled) return undefined
  return new LookupFailure(
    'MailTipsDisabled',
    `The organisation relationship '${route.relationship.Name}' is not for MailTips.`,
    'Run Set-OrganizationRelationship -MailTipsAccessEnabled.',
  )
}

/**
 * A message passes the rules of both sides: the stricter one holds, and a tip that an administrator wrote here goes before theirs. Who is
 * outside is for the asking side to say: of another organisation, all of them.
 */
function joined(ours: MailTips | Refusal | undefined, theirs: MailTips | Refusal): MailTips | Refusal {
  if (theirs instanceof Refusal || !ours || ours instanceof Refusal) return theirs
  const { externalMemberCount: outside = 0, customMailTip, maxMessageSize = Infinity, deliveryRestricted, isModerated } = ours
  const external = outside > 0 && !theirs.invalidRecipient ? (theirs.totalMemberCount ?? outside) : theirs.externalMemberCount
  const size = Math.min(maxMessageSize, theirs.maxMessageSize ?? Infinity)
  return {
    ...theirs,
    ...(external === undefined ? {} : { externalMemberCount: external }),
    ...(customMailTip === undefined ? {} : { customMailTip }),
    ...(size === Infinity ? {} : { maxMessageSize: size }),
    ...(deliveryRestricted ? { deliveryRestricted } : {}),
    ...(isModerated ? { isModerated } : {}),
  }
}
