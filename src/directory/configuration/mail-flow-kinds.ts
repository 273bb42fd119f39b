/** Kinds for mail flow as a whole: how much, how far, and what is told of it; and how much of the server one person may take. */
import { kind } from './kind.ts'
import {
  address,
  addressRange,
  byteSize,
  domain,
  flag,
  guid,
  kept,
  limit,
  list,
  needed,
  oneOf,
  onlySet,
  switched,
  text,
  timeSpan,
  unique,
  type Limit,
} from './property.ts'

const keptFlag = (fallback: boolean) => onlySet(kept(flag(fallback)))
const keptLimit = (fallback: Limit) => kept(limit(fallback))

export const mailFlowKinds = {
  TransportConfig: kind({
    source: 'Set-TransportConfig',
    name: 'Transport Settings',
    singleton: 'always',
    properties: {
      /** Unlimited = as much as the site takes. */
      MaxSendSize: onlySet(byteSize('Unlimited')),
      MaxReceiveSize: onlySet(byteSize('Unlimited')),
      MaxRecipientEnvelopeLimit: onlySet(limit(500)),
      /** Who reports of failed mail come from; empty = postmaster at the default domain. */
      ExternalPostmasterAddress: onlySet(address()),
      InternalSMTPServers: onlySet(kept(list(addressRange()))),
      TLSReceiveDomainSecureList: onlySet(kept(list(domain()))),
      TLSSendDomainSecureList: onlySet(kept(list(domain()))),
      GenerateCopyOfDSNFor: onlySet(kept(list(text(16), 100))),
      JournalingReportNdrTo: onlySet(kept(address())),
      ExternalDelayDsnEnabled: keptFlag(true),
      InternalDelayDsnEnabled: keptFlag(true),
      ExternalDsnSendHtml: keptFlag(true),
      InternalDsnSendHtml: keptFlag(true),
      Rfc2231EncodingEnabled: keptFlag(false),
      AddressBookPolicyRoutingEnabled: keptFlag(false),
      ConvertDisclaimerWrapperToEml: keptFlag(false),
      VerifySecureSubmitEnabled: keptFlag(false),
      VoicemailJournalingEnabled: keptFlag(true),
      ShadowRedundancyEnabled: keptFlag(true),
      SafetyNetHoldTime: onlySet(kept(timeSpan('2.00:00:00'))),
    },
  }),
  TransportService: kind({
    source: 'Set-TransportService',
    name: 'TransportService',
    singleton: 'always',
    properties: {
      MessageTrackingLogEnabled: onlySet(flag(true)),
      MessageTrackingLogSubjectLoggingEnabled: onlySet(flag(true)),
      MessageTrackingLogMaxAge: onlySet(timeSpan('30.00:00:00')),
    },
  }),
  ThrottlingPolicy: kind({
    source: 'New-/Set-ThrottlingPolicy',
    name: 'given',
    builtIn: [{ name: 'GlobalThrottlingPolicy', values: { ThrottlingPolicyScope: 'Global' } }],
    properties: {
      ThrottlingPolicyScope: oneOf(['Regular', 'Organization', 'Global'], 'Regular'),
      IsServiceAccount: kept(switched()),
      EwsMaxConcurrency: limit(27),
      EwsMaxSubscriptions: limit(5000),
      EwsFindCountLimit: limit(1000),
      EwsMaxBurst: limit(300_000),
      EwsRechargeRate: limit(900_000),
      EwsCutoffBalance: limit(3_000_000),
      EasMaxConcurrency: keptLimit(10),
      EasMaxDevices: keptLimit(100),
      ImapMaxConcurrency: keptLimit('Unlimited'),
      PopMaxConcurrency: keptLimit(20),
      OwaMaxConcurrency: keptLimit(20),
      RcaMaxConcurrency: keptLimit(40),
      DiscoveryMaxConcurrency: keptLimit(2),
      PowerShellMaxConcurrency: keptLimit(18),
      PowerShellMaxTenantConcurrency: keptLimit('Unlimited'),
      PowerShellMaxCmdlets: keptLimit('Unlimited'),
      MessageRateLimit: limit('Unlimited'),
      RecipientRateLimit: limit('Unlimited'),
      ForwardeeLimit: keptLimit('Unlimited'),
    },
  }),
  /** Which policy holds for one person; without it that of the organisation, else the one for everybody. */
  ThrottlingPolicyAssociation: kind({
    source: 'Set-ThrottlingPolicyAssociation',
    name: 'Recipient',
    properties: { Recipient: needed(unique(guid(), 'recipient')), ThrottlingPolicyId: needed(guid()) },
  }),
} as const
