import { bool, dateTime, int, oneOf, optional, string, tokens, treeIn } from '../../kernel/index.ts'
import { EmailAddress } from '../ids.ts'
import { m, t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { ReplyBody, SmtpDomain } from '../raw.ts'
import { responseMessage } from '../response-message.ts'

const Kinds = tokens(
  oneOf(
    'All', 'OutOfOfficeMessage', 'MailboxFullStatus', 'CustomMailTip', 'ExternalMemberCount', 'TotalMemberCount', 'MaxMessageSize',
    'DeliveryRestriction', 'ModerationStatus', 'InvalidRecipient', 'Scope',
  ), // prettier-ignore
)

/** [MS-OXWMT] 3.1.4.1.3 MailTips. */
export const MailTips = t.record({
  RecipientAddress: EmailAddress,
  PendingMailTips: Kinds,
  OutOfOffice: optional(
    t.record({ ReplyBody: optional(ReplyBody), Duration: optional(t.record({ StartTime: dateTime, EndTime: dateTime })) }),
  ),
  MailboxFull: optional(bool),
  CustomMailTip: optional(string),
  TotalMemberCount: optional(int),
  ExternalMemberCount: optional(int),
  MaxMessageSize: optional(int),
  DeliveryRestricted: optional(bool),
  IsModerated: optional(bool),
  InvalidRecipient: optional(bool),
  Scope: optional(int),
})

export const GetMailTips = single('GetMailTips', '[MS-OXWMT] 3.1.4.1', {
  request: { SendingAs: EmailAddress, Recipients: t.list('Mailbox', EmailAddress), MailTipsRequested: Kinds },
  message: {
    ResponseMessages: optional(m.list('MailTipsResponseMessageType', responseMessage({ MailTips: optional(MailTips) }))),
  },
})

const MailTipsConfiguration = t.record({
  MailTipsEnabled: bool,
  MaxRecipientsPerGetMailTipsRequest: int,
  MaxMessageSize: int,
  LargeAudienceThreshold: int,
  ShowExternalRecipientCount: bool,
  InternalDomains: t.list('Domain', SmtpDomain),
  PolicyTipsEnabled: optional(bool),
  LargeAudienceCap: optional(int),
})

export const GetServiceConfiguration = single('GetServiceConfiguration', '[MS-OXWCONFIG] 3.1.4.1', {
  request: {
    ActingAs: optional(EmailAddress),
    RequestedConfiguration: m.list('ConfigurationName', string),
    ConfigurationRequestDetails: optional(treeIn('t', 'ConfigurationRequestDetails')),
  },
  message: {
    ResponseMessages: optional(
      m.list('ServiceConfigurationResponseMessageType', responseMessage({ MailTipsConfiguration: optional(MailTipsConfiguration) })),
    ),
  },
})
