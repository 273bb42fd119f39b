// table
/** Kinds for the federation trust, sharing with other organisations and cross-forest availability. */
import { kind } from './kind.ts'
import {
  address,
  calledBy,
  certificate,
  credential,
  domain,
  flag,
  guid,
  instant,
  list,
  maybeOneOf,
  needed,
  oneOf,
  onlyNew,
  onlySet,
  sharingDomain,
  state,
  switched,
  text,
  thumbprint,
  unique,
  uri,
  uriName,
} from './property.ts'

export const freeBusyLevels = ['None', 'AvailabilityOnly', 'LimitedDetails'] as const
export const mailTipsLevels = ['None', 'Limited', 'All'] as const
export const accessMethods = ['PerUserFB', 'OrgWideFB', 'OrgWideFBToken', 'InternalProxy', 'PublicFolder'] as const

export const federationKinds = {
  FederationTrust: kind({
    source: 'New-/Set-FederationTrust; source (b), "The trust is established by …"',
    name: 'given',
    properties: {
      ApplicationUri: uriName(),
      ApplicationIdentifier: onlyNew(text(256)),
      AdministratorProvisioningId: onlyNew(text(1024)),
      SkipNamespaceProviderProvisioning: onlyNew(switched()),
      UseLegacyProvisioningService: onlyNew(switched()),
      /** The organisation's certificates, and the thumbprints by which the key ring has their keys. */
      OrgCertificate: state(certificate()),
      OrgPrevCertificate: state(certificate()),
      OrgNextCertificate: state(certificate()),
      OrgPrivCertificate: onlyNew(calledBy('Thumbprint', thumbprint())),
      OrgPrevPrivCertificate: state(thumbprint()),
      OrgNextPrivCertificate: onlySet(calledBy('Thumbprint', thumbprint())),
      TokenIssuerUri: state(uriName()),
      TokenIssuerEpr: state(uri()),
      TokenIssuerMetadataEpr: calledBy('MetadataUrl', uri()),
      TokenIssuerCertificate: state(certificate()),
      TokenIssuerPrevCertificate: state(certificate()),
      TokenIssuerNextCertificate: state(certificate()),
      WebRequestorRedirectEpr: state(uri()),
      /** The delegation service of the issuer, where the organisation and its domains are registered. */
      NamespaceProvisionerEpr: state(uri()),
      WhenMetadataRefreshed: state(instant()),
    },
    check: ({ SkipNamespaceProviderProvisioning, ApplicationUri, ApplicationIdentifier, AdministratorProvisioningId }) =>
      SkipNamespaceProviderProvisioning && !(ApplicationUri && ApplicationIdentifier && AdministratorProvisioningId)
        ? 'SkipNamespaceProviderProvisioning needs ApplicationUri, ApplicationIdentifier and AdministratorProvisioningId'
        : undefined,
  }),
  FederatedOrganizationIdentifier: kind({
    source: 'Set-FederatedOrganizationIdentifier',
    name: 'Federation',
    singleton: 'always',
    properties: {
      AccountNamespace: uriName(),
      DefaultDomain: domain(),
      /** Name of the federation trust; empty = the organisation is not federated. */
      DelegationTrustLink: calledBy('DelegationFederationTrust', text(64)),
      Domains: state(list(domain())),
      Enabled: flag(true),
      OrganizationContact: address(),
    },
    check: ({ DefaultDomain, Domains }) =>
      DefaultDomain && !Domains.includes(DefaultDomain) ? `DefaultDomain must be one of Domains, and ${DefaultDomain} is not` : undefined,
  }),
  OrganizationRelationship: kind({
    source: 'New-/Set-OrganizationRelationship; source (b), the two printed relationships',
    name: 'given',
    properties: {
      DomainNames: needed(unique(list(domain(), 238), 'domain')),
      Enabled: flag(true),
      FreeBusyAccessEnabled: flag(false),
      FreeBusyAccessLevel: oneOf(freeBusyLevels, 'None'),
      /** A group: its members alone are shown. GUID or address. */
      FreeBusyAccessScope: text(256),
      MailboxMoveEnabled: flag(false),
      MailboxMoveDirection: onlySet(oneOf(['None', 'Inbound', 'Outbound'], 'None')),
      MailboxMoveCapability: maybeOneOf(['None', 'Inbound', 'Outbound', 'RemoteInbound', 'RemoteOutbound']),
      MailboxMovePublishedScopes: list(text(256), 100),
      DeliveryReportEnabled: flag(false),
      MailTipsAccessEnabled: flag(false),
      MailTipsAccessLevel: oneOf(mailTipsLevels, 'None'),
      MailTipsAccessScope: text(256),
      PhotosEnabled: flag(false),
      ArchiveAccessEnabled: flag(false),
      OrganizationContact: address(),
      OAuthApplicationId: text(256),
      TargetApplicationUri: uriName(),
      /** EWS of the other side. Set, it is used as it stands and Autodiscover is not asked. */
      TargetSharingEpr: uri(),
      TargetOwaURL: uri(),
      TargetAutodiscoverEpr: uri(),
    },
  }),
  SharingPolicy: kind({
    source: 'New-/Set-SharingPolicy',
    name: 'given',
    builtIn: [
      {
        name: 'Default Sharing Policy',
        values: { Domains: ['Anonymous:CalendarSharingFreeBusyReviewer', '*:CalendarSharingFreeBusySimple'], Default: true },
      },
    ],
    properties: {
      Domains: needed(list(sharingDomain())),
      Enabled: flag(true),
      Default: switched(),
    },
    foremost: 'Default',
  }),
  AvailabilityAddressSpace: kind({
    source: 'Add-/Set-AvailabilityAddressSpace; source (a)',
    name: 'ForestName',
    properties: {
      ForestName: needed(unique(domain(), 'domain')),
      AccessMethod: needed(oneOf(accessMethods, 'OrgWideFB')),
      Credentials: credential(),
      UseServiceAccount: flag(false),
      TargetAutodiscoverEpr: uri(),
      ProxyUrl: uri(),
      TargetTenantId: guid(),
      TargetServiceEpr: maybeOneOf(['outlook.office.com', 'partner.outlook.cn', 'outlook.office365.us']),
    },
    check(values) {
      const { AccessMethod, Credentials, UseServiceAccount, ProxyUrl, TargetTenantId, TargetServiceEpr } = values
      if (AccessMethod === 'PublicFolder')
        return 'AccessMethod PublicFolder is not offered: nobody keeps free/busy in public folders any more'
      if (Credentials && UseServiceAccount) return 'Credentials and UseServiceAccount exclude each other'
      if ((AccessMethod === 'PerUserFB' || AccessMethod === 'OrgWideFB') && !Credentials && !UseServiceAccount)
        return `AccessMethod ${AccessMethod} needs Credentials or UseServiceAccount`
      if (AccessMethod === 'InternalProxy' && !ProxyUrl) return 'AccessMethod InternalProxy needs ProxyUrl'
      if (AccessMethod === 'OrgWideFBToken' && !(TargetTenantId && TargetServiceEpr))
        return 'AccessMethod OrgWideFBToken needs TargetTenantId and TargetServiceEpr'
      return undefined
    },
  }),
  AvailabilityConfig: kind({
    source: 'Set-AvailabilityConfig; source (a)',
    name: 'Availability Configuration',
    singleton: 'always',
    properties: {
      /** Recipients (address, alias or GUID) who may ask for another organisation: for everybody's default, or as each of its people. */
      OrgWideAccount: text(256),
      PerUserAccount: text(256),
      AllowedTenantIds: list(guid(), 25),
    },
  }),
} as const
