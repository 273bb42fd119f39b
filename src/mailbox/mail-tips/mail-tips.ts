import { domainOf, type Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import { askerFor, type Asker } from './asker.ts'
import { mostRecipients, setupOf, type Setup } from './configuration.ts'
import type { MailTipKind, MailTips, MailTipsConfiguration, MailTipsOptions, MailTipsVerbs } from './contract.ts'
import { countMembers, isExternal, isGroup, mostMembersLookedAt, type Allowance } from './members.ts'
import { usedOf } from '../quotas/usage.ts'
import { quotasFor } from '../settings/quotas.ts'
import { outOfOfficeTip } from './out-of-office.ts'

/** Answers what is to be known of recipients before a message is sent to them ([MS-OXWMT] 3.1.4.1), of those that are here. */
export function createMailTips(ctx: MailboxContext): MailTipsVerbs {
  return {
    mailTips: (caller, recipients, wanted, options) => mailTips(ctx, caller, recipients, wanted, options),
    mailTipsConfiguration: (caller, options) => mailTipsConfiguration(ctx, caller, options),
  }
}

/** One request: who asks, what for, and what it may still cost. */
interface Question {
  organisation: string
  asker: Asker
  setup: Setup
  wanted: ReadonlySet<MailTipKind>
  culture?: string
  allowance: Allowance
}

async function mailTips(
  ctx: MailboxContext,
  caller: Caller,
  recipients: readonly string[],
  wanted: readonly MailTipKind[],
  { sendingAs, culture }: MailTipsOptions = {},
): Promise<(MailTips | Refusal)[]> {
  const setup = await setupOf(ctx, caller.organisation)
  const asker = await askerFor(ctx, caller, setup, sendingAs?.trim())
  if (!setup.enabled) throw new Refusal('MailTipsDisabled', 'MailTips are switched off in this organisation.')
  if (recipients.length > mostRecipients) {
    throw new Refusal('ExceededFindCountLimit', `At most ${mostRecipients} recipients can be asked for at once.`)
  }
  const question: Question = {
    organisation: caller.organisation,
    asker,
    setup,
    wanted: new Set(wanted.filter((kind) => asker.allowed.has(kind))),
    ...(culture ? { culture } : {}),
    allowance: { members: mostMembersLookedAt },
  }
  const answers: (MailTips | Refusal)[] = []
  for (const address of recipients) {
    try {
      answers.push(await tipsOf(ctx, question, address))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answers.push(error)
    }
  }
  return answers
}

async function mailTipsConfiguration(
  ctx: MailboxContext,
  caller: Caller,
  { sendingAs }: Pick<MailTipsOptions, 'sendingAs'> = {},
): Promise<MailTipsConfiguration> {
  const setup = await setupOf(ctx, caller.organisation)
  await askerFor(ctx, caller, setup, sendingAs?.trim())
  const { enabled, maxMessageSize, largeAudienceThreshold, largeAudienceCap, showExternalRecipientCount, internalDomains } = setup
  return { enabled, mostRecipients, maxMessageSize, largeAudienceThreshold, largeAudienceCap, showExternalRecipientCount, internalDomains }
}

async function tipsOf(ctx: MailboxContext, question: Question, address: string): Promise<MailTips> {
  const identity = address.trim()
  if (!identity) throw new Refusal('MissingEmailAddress', 'The recipient has no address.')
  const recipient = await ctx.directory.find(identity, question.organisation)
  if (!recipient) return { address, pending: [], ...tipsOfStranger(question, identity) }
  const { setup, asker, wanted } = question
  const restricted = wanted.has('DeliveryRestriction') ? { deliveryRestricted: isRestricted(recipient, asker) } : {}
  const moderated = wanted.has('ModerationStatus') ? { isModerated: isModerated(recipient, asker) } : {}
  return {
    address,
    pending: [],
    ...(await personalTips(ctx, question, recipient)),
    ...(await memberTips(ctx, question, recipient)),
    ...(wanted.has('MaxMessageSize') ? { maxMessageSize: maxMessageSize(recipient, setup) } : {}),
    ...restricted,
    ...moderated,
    ...(wanted.has('InvalidRecipient') ? { invalidRecipient: false } : {}),
  }
}

/**
 * Somebody that the directory does not know: nobody, where the address is no address or its domain is ours alone (Authoritative); else
 * one person outside. What another premises or organisation knows of them is not to be had here.
 */
function tipsOfStranger({ wanted, setup }: Question, identity: string): Partial<MailTips> {
  const type = setup.domains.get(domainOf(identity))
  const isNobody = !/^[^\s@]+@[^\s@]+$/.test(identity) || type === 'Authoritative'
  const outside = setup.isInternal(domainOf(identity)) ? 0 : 1
  return {
    ...(wanted.has('TotalMemberCount') && !isNobody ? { totalMemberCount: 1 } : {}),
    ...(wanted.has('ExternalMemberCount') && !isNobody ? { externalMemberCount: outside } : {}),
    ...(wanted.has('MaxMessageSize') ? { maxMessageSize: setup.maxMessageSize } : {}),
    ...(wanted.has('DeliveryRestriction') ? { deliveryRestricted: false } : {}),
    ...(wanted.has('ModerationStatus') ? { isModerated: false } : {}),
    ...(wanted.has('InvalidRecipient') ? { invalidRecipient: isNobody } : {}),
  }
}

/** What a relationship's scope holds back from whoever is not in its group; of distribution groups it holds back nothing (hybrid reference 7). */
async function personalTips(ctx: MailboxContext, question: Question, recipient: Recipient): Promise<Partial<MailTips>> {
  const { asker, wanted, setup, organisation, culture } = question
  const { scope } = asker
  const inScope = !scope || isGroup(recipient) || (await ctx.directory.groupsOf(organisation, recipient.id)).includes(scope)
  if (!inScope) return {}
  const text = wanted.has('CustomMailTip') ? customText(recipient, culture) : undefined
  const custom = text ? { customMailTip: text } : {}
  const asksMailbox = wanted.has('OutOfOfficeMessage') || wanted.has('MailboxFullStatus')
  if (!asksMailbox || !setup.fromMailboxes || !recipient.mailbox) return custom
  const quotasOf = await quotasFor(ctx, recipient)
  return ctx.store.read(async (tx) => {
    const row = await tx.mailboxes.get(recipient.mailbox)
    if (!row) return custom
    const { prohibitSendReceive: most = Infinity } = quotasOf(row)
    return {
      ...custom,
      ...(wanted.has('OutOfOfficeMessage') ? { outOfOffice: await outOfOfficeTip(tx, row, asker, ctx.clock()) } : {}),
      // As delivery sees it.
      ...(wanted.has('MailboxFullStatus') ? { mailboxFull: (await usedOf(tx, row, most)) >= most } : {}),
    }
  })
}

/** The text in the language wanted, by its whole name or its first part, else the usual one. */
function customText({ mailTip, mailTipTranslations = {} }: Recipient, culture: string | undefined): string | undefined {
  const texts = new Map(Object.entries(mailTipTranslations).map(([name, text]) => [name.toLowerCase(), text]))
  const name = culture?.toLowerCase() ?? ''
  return texts.get(name) ?? texts.get(name.split('-', 1)[0] ?? '') ?? mailTip
}

async function memberTips(ctx: MailboxContext, question: Question, recipient: Recipient): Promise<Partial<MailTips>> {
  const { wanted, setup, allowance } = question
  const asked = (['TotalMemberCount', 'ExternalMemberCount'] as const).filter((kind) => wanted.has(kind))
  if (asked.length === 0) return {}
  if (isGroup(recipient) && !setup.fromGroups) return {}
  const { total, external } = isGroup(recipient)
    ? await countMembers(ctx.directory, recipient, setup, allowance)
    : { total: 1, external: isExternal(recipient, setup) ? 1 : 0 }
  const counts = { TotalMemberCount: total, ExternalMemberCount: external }
  const pending = asked.filter((kind) => counts[kind] === undefined)
  return {
    ...(pending.length > 0 ? { pending } : {}),
    ...(wanted.has('TotalMemberCount') && total !== undefined ? { totalMemberCount: total } : {}),
    ...(wanted.has('ExternalMemberCount') && external !== undefined ? { externalMemberCount: external } : {}),
  }
}

/** The recipient's own limit, else the organisation's; never more than the transport takes. */
function maxMessageSize({ maxReceiveSize }: Recipient, setup: Setup): number {
  return Math.min(maxReceiveSize ?? setup.maxMessageSize, setup.largestTaken)
}

/** True when the recipient takes no mail of the sender's: who is refused stays refused, even when accepted by another entry. */
function isRestricted(recipient: Recipient, { names, isInternal }: Asker): boolean {
  const { acceptMessagesOnlyFrom = [], rejectMessagesFrom = [], requireSenderAuthentication } = recipient
  if (requireSenderAuthentication && !isInternal) return true
  const isNamed = (id: string): boolean => names.has(id)
  if (recipient.kind === 'DiscoveryMailbox') return true
  return rejectMessagesFrom.some(isNamed) || (acceptMessagesOnlyFrom.length > 0 && !acceptMessagesOnlyFrom.some(isNamed))
}

/** Mail of those who manage a group, and so moderate it, goes through at once. */
function isModerated({ moderationEnabled, managedBy }: Recipient, { names }: Asker): boolean {
  return moderationEnabled === true && !managedBy.some((id) => names.has(id))
}
