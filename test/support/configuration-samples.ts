/** A fitting value for every property of every kind of configuration object, other than its default. */
import { configurationKinds, kindRow, type ConfigurationKind, type Property } from '#directory'

/** Properties whose text has a form. */
const special: Record<string, unknown> = {
  'SharingPolicy.Domains': ['fabrikam.com: CalendarSharingFreeBusyDetail, ContactsSharing', 'Anonymous:CalendarSharingFreeBusySimple'],
  'SendConnector.AddressSpaces': ['SMTP:contoso.mail.onmicrosoft.com;1', '*'],
  'SendConnector.TlsAuthLevel': 'DomainValidation',
  'SendConnector.DNSRoutingEnabled': false,
  'SendConnector.RequireTLS': true,
  'SendConnector.IgnoreSTARTTLS': false,
  'SendConnector.TlsCertificateName': '<I>CN=Contoso CA<S>CN=mail.contoso.com',
  'SendConnector.MaxMessageSize': '25 MB (26,214,400 bytes)',
  'ReceiveConnector.Bindings': ['10.1.2.3:25', '[::]:587'],
  'ReceiveConnector.RemoteIPRanges': ['10.0.0.0/8', '192.168.1.1-192.168.1.9', '::1'],
  'ReceiveConnector.TlsCertificateName': '<I>CN=Contoso CA<S>CN=mail.contoso.com',
  'ReceiveConnector.TlsDomainCapabilities': ['mail.protection.outlook.com:AcceptCloudServicesMail'],
  'ReceiveConnector.MaxMessageSize': 'Unlimited',
  'ReceiveConnector.Banner': '220 Contoso',
  'InboundConnector.SenderDomains': ['smtp:*;1'],
  'InboundConnector.ConnectorType': 'OnPremises',
  'InboundConnector.TreatMessagesAsInternal': false,
  'InboundConnector.SenderIPAddresses': ['10.0.0.0/24'],
  'OutboundConnector.ConnectorType': 'OnPremises',
  'OutboundConnector.TlsSettings': 'DomainValidation',
  'OutboundConnector.UseMXRecord': false,
  'TransportConfig.InternalSMTPServers': ['10.0.0.0/24'],
  'RemoteDomain.LineWrapSize': '132',
  'HybridConfiguration.TlsCertificateName': '<I>CN=Contoso CA<S>CN=mail.contoso.com',
  ...Object.fromEntries(
    ['TenantUrl', 'AuthServiceUrl', 'OnPremisesUrl', 'AutodiscoverUrl'].map((name) => [`HybridConfiguration.${name}`, `https://${name.toLowerCase()}.contoso.com`]),
  ), // prettier-ignore
  'RetentionPolicyTag.RetentionAction': 'PermanentlyDelete',
  'RetentionPolicyTag.LocalizedComment': ['de-DE: Nach einer Woche weg'],
  'RetentionPolicyTag.LocalizedRetentionPolicyTagName': ['de: 1 Woche', 'fr-FR: 1 semaine'],
  'RetentionPolicy.RetentionPolicyTagLinks': ['1 Week Delete', 'Never Delete'],
  'AvailabilityAddressSpace.AccessMethod': 'PerUserFB',
  'AvailabilityAddressSpace.UseServiceAccount': false,
  'AdminAuditLogConfig.AdminAuditLogAgeLimit': '30.00:00:00',
  'PartnerApplication.UseAuthServer': false,
  'FederatedOrganizationIdentifier.DefaultDomain': 'sample.contoso.com',
  'FederatedOrganizationIdentifier.Domains': ['sample.contoso.com', 'contoso.com'],
}

/** A value for one property; `mark` tells one sample from another. */
export function sampleValue(kind: ConfigurationKind, name: string, property: Property<unknown>, mark = 'sample'): unknown {
  const given = special[`${kind}.${name}`]
  if (given !== undefined) return given
  const one = sampleOne(property, mark)
  return property.many ? [one] : one
}

function sampleOne({ type, values, fallback, many }: Property<unknown>, mark: string): unknown {
  switch (type) {
    case 'text':
      return `${mark}-host`
    case 'flag':
      return !fallback
    case 'enum':
      return values?.find((value) => many || value !== fallback)
    case 'number':
      return Number(fallback) + 1
    case 'limit':
      return fallback === 'Unlimited' ? 17 : Number(fallback) + 1
    case 'bytes':
      return '25 MB (26,214,400 bytes)'
    case 'timeSpan':
      return '3.04:05:06'
    case 'uri':
      return `https://${mark}.contoso.com/path`
    case 'guid':
      return '8b1c2d3e-4f50-4617-8a90-abcdef012345'
    case 'domain':
      return `${mark}.contoso.com`
    case 'address':
      return `${mark}@contoso.com`
    case 'thumbprint':
      return 'AB'.repeat(20)
    case 'certificate':
      return Buffer.from(mark).toString('base64')
    case 'instant':
      return 1_500_000_000_000
    case 'credential':
      return { UserName: `contoso\\${mark}`, Password: `secret of ${mark}` }
  }
}

/** Every property of a kind with a sample. */
export function sampleValues(kind: ConfigurationKind, mark = 'sample'): Record<string, unknown> {
  const entries = Object.entries(kindRow(kind).properties)
  return Object.fromEntries(entries.map(([name, property]) => [name, sampleValue(kind, name, property, mark)]))
}

export const allKinds = Object.keys(configurationKinds) as ConfigurationKind[]
