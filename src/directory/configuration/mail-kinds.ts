// table
/** Kinds for mail between premises: connectors and remote domains. */
import { kind } from './kind.ts'
import {
  addressRange,
  addressSpace,
  binding,
  byteSize,
  domain,
  flag,
  form,
  kept,
  limit,
  list,
  maybeFlag,
  maybeOneOf,
  needed,
  number,
  oneOf,
  onlyNew,
  onlySet,
  pattern,
  smartHost,
  starting,
  text,
  timeSpan,
  unique,
} from './property.ts'

const tlsLevels = ['EncryptionOnly', 'CertificateValidation', 'DomainValidation'] as const
const connectorTypes = ['OnPremises', 'Partner'] as const
const connectorSources = ['Default', 'Migrated', 'HybridWizard'] as const
const authMechanisms = [
  'None', 'Tls', 'Integrated', 'BasicAuth', 'BasicAuthRequireTLS', 'ExchangeServer', 'ExternalAuthoritative',
] as const // prettier-ignore
const permissionGroups = [
  'None',
  'AnonymousUsers',
  'ExchangeUsers',
  'ExchangeServers',
  'ExchangeLegacyServers',
  'Partners',
  'Custom',
] as const
const certificateName = () => form(/^<I>.+<S>.+$/s, 'a certificate name (<I>issuer<S>subject)')
/** `mail.protection.outlook.com:AcceptCloudServicesMail`. */
const capability = () =>
  form(
    /^([^:\s]|<I>.+<S>.+)[^:]*:\s*(None|AcceptCloudServicesMail|AcceptOorgProtocol|AcceptProxyProtocol|AcceptXAttrProtocol)(\s*,\s*\w+)*$/i,
    'a domain or certificate, a colon and a capability (contoso.com:AcceptCloudServicesMail)',
  )

export const mailKinds = {
  RemoteDomain: kind({
    source: 'New-/Set-RemoteDomain',
    name: 'given',
    builtIn: [{ name: 'Default', values: { DomainName: '*' } }],
    properties: {
      DomainName: onlyNew(needed(unique(pattern(), 'domain'))),
      IsInternal: onlySet(flag(false)),
      TargetDeliveryDomain: onlySet(flag(false)),
      AllowedOOFType: onlySet(oneOf(['External', 'InternalLegacy', 'ExternalLegacy', 'None'], 'External')),
      AutoReplyEnabled: onlySet(flag(true)),
      AutoForwardEnabled: onlySet(flag(true)),
      DeliveryReportEnabled: onlySet(flag(true)),
      NDREnabled: onlySet(flag(true)),
      NDRDiagnosticInfoEnabled: onlySet(kept(flag(true))),
      MeetingForwardNotificationEnabled: onlySet(flag(false)),
      ContentType: onlySet(kept(oneOf(['MimeHtmlText', 'MimeText', 'MimeHtml'], 'MimeHtmlText'))),
      DisplaySenderName: onlySet(kept(flag(true))),
      UseSimpleDisplayName: onlySet(kept(flag(false))),
      TNEFEnabled: onlySet(kept(maybeFlag())),
      TrustedMailInboundEnabled: onlySet(flag(false)),
      TrustedMailOutboundEnabled: onlySet(flag(false)),
      CharacterSet: onlySet(kept(text(64))),
      NonMimeCharacterSet: onlySet(kept(text(64))),
      LineWrapSize: onlySet(kept(starting(form(/^(unlimited|\d{1,3})$/i, 'a number of characters up to 132, or Unlimited'), 'Unlimited'))),
    },
  }),
  SendConnector: kind({
    source: 'New-/Set-SendConnector',
    name: 'given',
    properties: {
      AddressSpaces: needed(list(addressSpace())),
      Enabled: flag(true),
      DNSRoutingEnabled: flag(true),
      SmartHosts: list(smartHost(), 100),
      Port: number(1, 65_535, 25),
      Fqdn: domain(),
      RequireTLS: flag(false),
      IgnoreSTARTTLS: flag(false),
      TlsAuthLevel: maybeOneOf(tlsLevels),
      TlsDomain: pattern(),
      TlsCertificateName: certificateName(),
      CloudServicesMailEnabled: flag(false),
      SourceTransportServers: kept(list(text(256), 200)),
      FrontendProxyEnabled: kept(flag(false)),
      IsScopedConnector: kept(flag(false)),
      ForceHELO: kept(flag(false)),
      MaxMessageSize: byteSize('35 MB'),
      ProtocolLoggingLevel: kept(oneOf(['None', 'Verbose'], 'None')),
      Comment: text(1024),
    },
    complete: (values) => ('SmartHosts' in values ? { DNSRoutingEnabled: !values.SmartHosts?.length, ...values } : values),
    check({ DNSRoutingEnabled, SmartHosts, TlsAuthLevel, TlsDomain, RequireTLS, IgnoreSTARTTLS }) {
      if (!DNSRoutingEnabled && SmartHosts.length === 0) return 'DNSRoutingEnabled False needs SmartHosts'
      if (DNSRoutingEnabled && SmartHosts.length > 0) return 'SmartHosts need DNSRoutingEnabled False'
      if (TlsDomain && TlsAuthLevel !== 'DomainValidation') return 'TlsDomain needs TlsAuthLevel DomainValidation'
      if (TlsAuthLevel && !RequireTLS) return 'TlsAuthLevel needs RequireTLS True'
      if (RequireTLS && IgnoreSTARTTLS) return 'RequireTLS and IgnoreSTARTTLS exclude each other'
      return undefined
    },
  }),
  ReceiveConnector: kind({
    source: 'New-/Set-ReceiveConnector',
    name: 'given',
    properties: {
      Bindings: kept(starting(list(binding(), 100), ['0.0.0.0:25', '[::]:25'])),
      RemoteIPRanges: starting(list(addressRange()), ['0.0.0.0-255.255.255.255', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']),
      Enabled: flag(true),
      TransportRole: onlyNew(kept(oneOf(['FrontendTransport', 'HubTransport'], 'FrontendTransport'))),
      Fqdn: kept(domain()),
      Banner: form(/^220 \S/, 'a greeting that begins with 220 and a space'),
      MaxMessageSize: byteSize('36 MB'),
      MaxRecipientsPerMessage: number(1, 512_000, 200),
      MessageRateLimit: limit('Unlimited'),
      MessageRateSource: oneOf(['None', 'IPAddress', 'User', 'All'], 'IPAddress'),
      ConnectionTimeout: timeSpan('00:10:00'),
      ConnectionInactivityTimeout: timeSpan('00:05:00'),
      MaxInboundConnection: limit(5000),
      MaxInboundConnectionPerSource: limit(20),
      MaxProtocolErrors: limit(5),
      AuthMechanism: kept(starting(list(oneOf(authMechanisms, 'None')), ['Tls'])),
      PermissionGroups: kept(starting(list(oneOf(permissionGroups, 'None')), ['None'])),
      RequireTLS: flag(false),
      TlsCertificateName: kept(certificateName()),
      TlsDomainCapabilities: list(capability(), 100),
      DomainSecureEnabled: kept(flag(false)),
      SuppressXAnonymousTls: kept(flag(false)),
      ProtocolLoggingLevel: kept(oneOf(['None', 'Verbose'], 'None')),
      Comment: text(1024),
    },
  }),
  InboundConnector: kind({
    source: 'New-/Set-InboundConnector',
    name: 'given',
    properties: {
      SenderDomains: needed(list(addressSpace())),
      ConnectorType: oneOf(connectorTypes, 'Partner'),
      ConnectorSource: oneOf(connectorSources, 'Default'),
      Enabled: flag(true),
      RequireTls: flag(false),
      RestrictDomainsToIPAddresses: flag(false),
      RestrictDomainsToCertificate: flag(false),
      SenderIPAddresses: list(addressRange()),
      TlsSenderCertificateName: text(1024),
      CloudServicesMailEnabled: flag(false),
      AssociatedAcceptedDomains: list(domain()),
      TreatMessagesAsInternal: kept(flag(false)),
      Comment: text(1024),
    },
    check({ CloudServicesMailEnabled, ConnectorType, RestrictDomainsToCertificate, TlsSenderCertificateName, TreatMessagesAsInternal }) {
      if (CloudServicesMailEnabled && ConnectorType !== 'OnPremises') return 'CloudServicesMailEnabled needs ConnectorType OnPremises'
      if (CloudServicesMailEnabled && TreatMessagesAsInternal)
        return 'CloudServicesMailEnabled and TreatMessagesAsInternal exclude each other'
      if (RestrictDomainsToCertificate && !TlsSenderCertificateName) return 'RestrictDomainsToCertificate needs TlsSenderCertificateName'
      return undefined
    },
  }),
  OutboundConnector: kind({
    source: 'New-/Set-OutboundConnector',
    name: 'given',
    properties: {
      RecipientDomains: list(pattern()),
      ConnectorType: oneOf(connectorTypes, 'Partner'),
      ConnectorSource: oneOf(connectorSources, 'Default'),
      Enabled: flag(true),
      UseMXRecord: flag(true),
      SmartHosts: list(smartHost(), 100),
      TlsSettings: maybeOneOf(tlsLevels),
      TlsDomain: pattern(),
      CloudServicesMailEnabled: flag(false),
      RouteAllMessagesViaOnPremises: flag(false),
      AllAcceptedDomains: flag(false),
      IsTransportRuleScoped: flag(false),
      SenderRewritingEnabled: kept(flag(false)),
      Comment: text(1024),
    },
    complete: (values) => ('SmartHosts' in values ? { UseMXRecord: !values.SmartHosts?.length, ...values } : values),
    check(values) {
      const { UseMXRecord, SmartHosts, TlsSettings, TlsDomain, ConnectorType, CloudServicesMailEnabled, RouteAllMessagesViaOnPremises } =
        values
      if (!UseMXRecord && SmartHosts.length === 0) return 'UseMXRecord False needs SmartHosts'
      if (UseMXRecord && SmartHosts.length > 0) return 'SmartHosts need UseMXRecord False'
      if ((TlsSettings === 'DomainValidation') !== (TlsDomain !== '')) return 'TlsSettings DomainValidation and TlsDomain need each other'
      if (CloudServicesMailEnabled && ConnectorType !== 'OnPremises') return 'CloudServicesMailEnabled needs ConnectorType OnPremises'
      if (RouteAllMessagesViaOnPremises && ConnectorType !== 'OnPremises')
        return 'RouteAllMessagesViaOnPremises needs ConnectorType OnPremises'
      return undefined
    },
  }),
} as const
