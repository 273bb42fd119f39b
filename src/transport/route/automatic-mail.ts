import { remoteDomainOf, type ConfigurationObject } from '#directory'
import type { AutomaticMail, QueuedMessage, QueuedRecipient } from '#store'
import { headerNamed, type ParsedMessage } from '#wire'
import { domainOf, originalAddress } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import type { Outcome } from '../queue/outcome.ts'
import type { Forwarded } from './resolve.ts'

type RemoteDomain = ConfigurationObject<'RemoteDomain'>
type Setting = 'AllowedOOFType' | { [N in keyof RemoteDomain]: RemoteDomain[N] extends boolean ? N : never }[keyof RemoteDomain]

/** What each kind of automatic mail is called, and which values of which setting let it go to a domain (PSDOC Set-RemoteDomain). */
const limits: Record<AutomaticMail, { words: string; setting: Setting; when: readonly unknown[] }> = {
  internalOutOfOffice: { words: 'internal out-of-office replies', setting: 'AllowedOOFType', when: ['InternalLegacy'] },
  externalOutOfOffice: { words: 'external out-of-office replies', setting: 'AllowedOOFType', when: ['External', 'ExternalLegacy'] },
  autoReply: { words: 'automatic replies', setting: 'AutoReplyEnabled', when: [true] },
  autoForward: { words: 'automatic forwards', setting: 'AutoForwardEnabled', when: [true] },
  deliveryReport: { words: 'delivery reports and receipts', setting: 'DeliveryReportEnabled', when: [true] },
  nonDeliveryReport: { words: 'non-delivery reports', setting: 'NDREnabled', when: [true] },
  meetingForwardNotification: { words: 'meeting forward notifications', setting: 'MeetingForwardNotificationEnabled', when: [true] },
}

/** What the author of a message hears that was to be forwarded (Exchange Online's 5.7.520): not where to, which is the recipient's business. */
const noForwarding =
  'Access denied, the organization does not allow forwarding to other organizations (Set-RemoteDomain -AutoForwardEnabled).'

/**
 * What becomes of a message that does not go to an address elsewhere: it is automatic, and the remote domain lets none of its kind in. Undefined =
 * it goes. Exchange applies remote domains in the same place, where a recipient's domain is known, and deletes what is not let in. So does this,
 * unless the forward is all that there is of a message: that goes back to whoever sent it.
 */
export async function barredFrom(
  ctx: TransportContext,
  { message, parsed }: { message: QueuedMessage; parsed: ParsedMessage },
  recipient: QueuedRecipient,
  { address, forwarded }: { address: string; forwarded?: Forwarded },
): Promise<Outcome | undefined> {
  const stated = kindOf(message, parsed)
  const kinds: AutomaticMail[] = [...(stated ? [stated] : []), ...(forwarded ? ['autoForward' as const] : [])]
  const remote = kinds.length > 0 ? await remoteDomainOf(ctx, message.organisation, domainOf(address)) : undefined
  if (!remote) return undefined
  const limit = kinds.map((kind) => limits[kind]).find(({ setting, when }) => !when.includes(remote[setting]))
  if (!limit) return undefined
  const isForward = limit === limits.autoForward
  // What the server makes without a sender is nobody's to hear of.
  const ofForwarding = forwarded === 'instead' && (stated === undefined || message.sender !== '')
  const isAll = isForward && (ofForwarding || (stated === 'autoForward' && message.envelope['onlyCopy'] === true))
  if (isAll) return { kind: 'failed', status: '5.7.520', text: noForwarding, shownAs: await writtenTo(ctx, message, recipient) }
  const value = remote[limit.setting]
  const shown = typeof value === 'boolean' ? (value ? '$true' : '$false') : value
  const text = `The remote domain '${remote.Name}' takes no ${limit.words} (Set-RemoteDomain -${limit.setting} is ${shown}).`
  return { kind: 'dropped', text }
}

/** The address that the author of a forward knows: the mailbox's whose rule sent it on, else what was opened on the way. */
async function writtenTo(
  ctx: TransportContext,
  { organisation, envelope }: QueuedMessage,
  { address, options }: QueuedRecipient,
): Promise<string> {
  const { origin, mailbox } = envelope
  const owner = origin === 'rule' && typeof mailbox === 'string' ? await ctx.directory.recipientOfMailbox(organisation, mailbox) : undefined
  return owner?.address ?? originalAddress(options) ?? address
}

/** What the message is: as its envelope says, else, of what people's own programs hand in, by its header. */
function kindOf({ envelope, sender }: QueuedMessage, parsed: ParsedMessage): AutomaticMail | undefined {
  const { automatic, origin } = envelope
  if (typeof automatic === 'string' && Object.hasOwn(limits, automatic)) return automatic as AutomaticMail
  // The server's own, without a sender, was queued before it said what it is.
  if (origin !== 'submission' && (origin !== 'mailbox' || sender === '')) return undefined
  // RFC 8098 3.
  const reports = parsed.contentType === 'multipart/report' ? parsed.contentParams['report-type']?.toLowerCase() : undefined
  if (reports === 'disposition-notification') return 'deliveryReport'
  // RFC 3834 5.
  return /^auto-replied\b/i.test(headerNamed(parsed.headers, 'auto-submitted')?.value.trim() ?? '') ? 'autoReply' : undefined
}
