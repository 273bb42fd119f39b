import type { AcceptedDomain } from '#directory'
import { ByteSize } from '#model'
import type { MailboxContext } from '../context.ts'
import type { MailTipsConfiguration } from './contract.ts'

/** The most recipients of one question, and the most members of a group that are counted ([MS-OXWCONFIG] 3.1.4.1.3.27 LargeAudienceCap). */
export const mostRecipients = 100
export const largestAudience = 1000

/** Set-OrganizationConfig -MailTipsLargeAudienceThreshold where nobody set it. */
const usualThreshold = 25
/** What the transport takes where the site says nothing else. */
const usualMaxMessageSize = 36 * 1024 * 1024

/** How an organisation has set up MailTips, and the facts about it that every tip needs. */
export interface Setup extends MailTipsConfiguration {
  /** Tips that come out of mailboxes: out of office, mailbox full. */
  fromMailboxes: boolean
  /** Counts of members. */
  fromGroups: boolean
  /** Bytes that the transport takes, whatever a recipient would. */
  largestTaken: number
  domains: ReadonlyMap<string, AcceptedDomain['type']>
  isInternal(domain: string): boolean
}

/**
 * Reads the setup out of OrganizationConfig (MailTips…) and TransportConfig (MaxReceiveSize). Domains that are only relayed to the outside
 * (ExternalRelay) are not internal.
 */
export async function setupOf(
  ctx: Pick<MailboxContext, 'directory' | 'configuration' | 'maxMessageSize'>,
  organisation: string,
): Promise<Setup> {
  const own = await ctx.configuration?.get(organisation, 'OrganizationConfig')
  const mail = await ctx.configuration?.get(organisation, 'TransportConfig')
  const accepted = await ctx.directory.acceptedDomains(organisation)
  const internal = new Set(accepted.filter(({ type }) => type !== 'ExternalRelay').map(({ domain }) => domain))
  const largestTaken = ctx.maxMessageSize ?? usualMaxMessageSize
  return {
    enabled: own?.MailTipsAllTipsEnabled ?? true,
    fromMailboxes: own?.MailTipsMailboxSourcedTipsEnabled ?? true,
    fromGroups: own?.MailTipsGroupMetricsEnabled ?? true,
    showExternalRecipientCount: own?.MailTipsExternalRecipientsTipsEnabled ?? false,
    largeAudienceThreshold: own?.MailTipsLargeAudienceThreshold ?? usualThreshold,
    largeAudienceCap: largestAudience,
    mostRecipients,
    largestTaken,
    maxMessageSize: Math.min(ByteSize.parse(mail?.MaxReceiveSize ?? 'Unlimited')?.bytes ?? largestTaken, largestTaken),
    internalDomains: [...internal],
    domains: new Map(accepted.map(({ domain, type }) => [domain, type])),
    isInternal: (domain) => internal.has(domain),
  }
}
