import { Refusal } from '#model'
import { GetServiceConfiguration, success } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerEach, verb } from '../../verb.ts'

/** The sections that the documents name beside MailTips; none of these services is here. */
const others = new Set(['UnifiedMessagingConfiguration', 'ProtectionRules', 'PolicyNudges', 'SharePointURLs'])
const mostSections = 20
const largestInt = 2 ** 31 - 1

/** [MS-OXWCONFIG] 3.1.4.1.3.27 MailTipsServiceConfiguration. */
async function mailTipsSection(context: EwsContext, actingAs: string | undefined) {
  const configuration = await context.mailboxes.mailTipsConfiguration(context.caller, actingAs ? { sendingAs: actingAs } : {})
  return {
    MailTipsEnabled: configuration.enabled,
    MaxRecipientsPerGetMailTipsRequest: configuration.mostRecipients,
    MaxMessageSize: Math.min(configuration.maxMessageSize, largestInt),
    LargeAudienceThreshold: configuration.largeAudienceThreshold,
    ShowExternalRecipientCount: configuration.showExternalRecipientCount,
    InternalDomains: configuration.internalDomains.map((Name) => ({ Name, IncludeSubdomains: false })),
    PolicyTipsEnabled: false,
    LargeAudienceCap: configuration.largeAudienceCap,
  }
}

/**
 * How services are set up ([MS-OXWCONFIG] 3.1.4.1): a message for each section named, in order. MailTips alone is here; the others that the
 * documents know → UnknownOperation (ErrorInvalidRequest), any other name → InvalidArgument; more than 20 sections → InvalidArgument.
 */
export const getServiceConfiguration = verb(GetServiceConfiguration, async ({ ActingAs, RequestedConfiguration }, context) => {
  if (RequestedConfiguration.length > mostSections) {
    throw new Refusal('InvalidArgument', `GetServiceConfiguration/RequestedConfiguration: expected at most ${mostSections} sections`)
  }
  const ResponseMessages = await answerEach(context, RequestedConfiguration, async (name) => {
    if (name === 'MailTips') return { MailTipsConfiguration: await mailTipsSection(context, ActingAs?.EmailAddress) }
    if (others.has(name)) throw new Refusal('UnknownOperation', `The service '${name}' is not served here.`)
    throw new Refusal('InvalidArgument', `There is no service configuration '${name.slice(0, 80)}'.`)
  })
  return success({ ResponseMessages })
})
