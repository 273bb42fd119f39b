// table
/** Kinds for server-to-server OAuth, the wizard and the settings of what is reached from outside. */
import { kind } from './kind.ts'
import {
  calledBy,
  certificate,
  domain,
  flag,
  guid,
  instant,
  kept,
  list,
  needed,
  number,
  oneOf,
  onlyNew,
  onlySet,
  smartHost,
  starting,
  state,
  switched,
  text,
  thumbprint,
  unique,
  uri,
} from './property.ts'

/** The application that Exchange is, on both sides (source (c)). */
export const exchangeApplication = '00000002-0000-0ff1-ce00-000000000000'

export const hybridFeatures = [
  'FreeBusy', 'MailTips', 'OnlineArchive', 'MessageTracking', 'OWARedirection', 'SecureMail', 'Photos', 'Centralized',
] as const // prettier-ignore

const settings = {
  WSSecurityAuthentication: flag(true),
  OAuthAuthentication: flag(true),
  BasicAuthentication: flag(true),
  /** Negotiate and NTLM, where the site has what they need. */
  WindowsAuthentication: flag(true),
  /** How strictly their sign-ins are held to the TLS connection. Exchange begins with None. */
  ExtendedProtectionTokenChecking: oneOf(['Allow', 'None', 'Require'], 'Allow'),
}

export const oauthKinds = {
  AuthServer: kind({
    source: 'New-/Set-AuthServer; source (c), "The HCW first adds a new AuthServer object"',
    name: 'given',
    properties: {
      AuthMetadataUrl: uri(),
      Type: onlyNew(oneOf(['MicrosoftACS', 'AzureAD', 'ADFS', 'Facebook', 'LinkedIn'], 'MicrosoftACS')),
      Enabled: flag(true),
      Realm: text(256),
      DomainName: list(domain()),
      ApplicationIdentifier: text(256),
      IsDefaultAuthorizationEndpoint: onlySet(flag(false)),
      TrustAnySSLCertificate: switched(),
      /** From the metadata. */
      IssuerIdentifier: state(text(1024)),
      TokenIssuingEndpoint: state(uri()),
      AuthorizationEndpoint: state(uri()),
      CertificateStrings: state(list(certificate(), 50)),
      WhenMetadataRefreshed: state(instant()),
    },
    foremost: 'IsDefaultAuthorizationEndpoint',
  }),
  AuthConfig: kind({
    source: 'Set-AuthConfig; source (c), "All of this is stored in the AuthConfig object"',
    name: 'Auth Configuration',
    singleton: 'always',
    properties: {
      ServiceName: starting(text(256), exchangeApplication),
      Realm: text(256),
      CurrentCertificateThumbprint: calledBy('CertificateThumbprint', thumbprint()),
      PreviousCertificateThumbprint: state(thumbprint()),
      NextCertificateThumbprint: calledBy('NewCertificateThumbprint', thumbprint()),
      NextCertificateEffectiveDate: calledBy('NewCertificateEffectiveDate', instant()),
    },
  }),
  PartnerApplication: kind({
    source: 'New-/Set-PartnerApplication',
    name: 'given',
    properties: {
      ApplicationIdentifier: text(256),
      UseAuthServer: state(flag(true)),
      AuthMetadataUrl: uri(),
      Enabled: flag(true),
      Realm: text(256),
      LinkedAccount: text(256),
      AccountType: oneOf(['OrganizationalAccount', 'ConsumerAccount'], 'OrganizationalAccount'),
      AcceptSecurityIdentifierInformation: flag(false),
      TrustAnySSLCertificate: switched(),
      ActAsPermissions: list(text(128), 100),
      AppOnlyPermissions: list(text(128), 100),
      /** From the application's own metadata. */
      IssuerIdentifier: onlyNew(text(1024)),
      CertificateStrings: state(list(certificate(), 50)),
      WhenMetadataRefreshed: state(instant()),
    },
    complete: (values) => ('AuthMetadataUrl' in values ? { UseAuthServer: !values.AuthMetadataUrl, ...values } : values),
    check: ({ ApplicationIdentifier, UseAuthServer, AuthMetadataUrl }) => {
      if (UseAuthServer && AuthMetadataUrl) return 'UseAuthServer and AuthMetadataUrl exclude each other'
      if (!AuthMetadataUrl && !ApplicationIdentifier) return 'either ApplicationIdentifier or AuthMetadataUrl is needed'
      if (!UseAuthServer && !AuthMetadataUrl) return 'UseAuthServer False needs AuthMetadataUrl'
      return undefined
    },
  }),
  IntraOrganizationConnector: kind({
    source: 'New-/Set-IntraOrganizationConnector; source (c)',
    name: 'given',
    properties: {
      TargetAddressDomains: needed(unique(list(domain()), 'domain')),
      DiscoveryEndpoint: needed(uri()),
      Enabled: flag(true),
      TargetSharingEpr: uri(),
    },
    check: ({ DiscoveryEndpoint }) =>
      /\/wssecurity\/?$/i.test(DiscoveryEndpoint) ? 'DiscoveryEndpoint is the Autodiscover address without /WSSecurity' : undefined,
  }),
  IntraOrganizationConfiguration: kind({
    source: 'Get-IntraOrganizationConfiguration',
    name: 'Intra-Organization Configuration',
    singleton: 'always',
    properties: {
      OnlineDiscoveryEndpoint: state(uri()),
      OnlineTargetAddress: state(domain()),
      OnPremiseDiscoveryEndpoint: state(uri()),
      OnPremiseTargetAddresses: state(list(domain())),
      OnPremiseWebServiceEndpoint: state(uri()),
      DeploymentIsCompleteIOCReady: state(flag(true)),
      HasNonIOCReadyExchangeCASServerVersions: state(flag(false)),
      HasNonIOCReadyExchangeMailboxServerVersions: state(flag(false)),
    },
  }),
  HybridConfiguration: kind({
    source: 'New-/Set-HybridConfiguration',
    name: 'Hybrid Configuration',
    singleton: 'once',
    properties: {
      Domains: list(domain()),
      Features: starting(list(oneOf(hybridFeatures, 'FreeBusy')), [
        'FreeBusy', 'MailTips', 'OnlineArchive', 'MessageTracking', 'OWARedirection', 'SecureMail', 'Photos',
      ]), // prettier-ignore
      OnPremisesSmartHost: smartHost(),
      ClientAccessServers: kept(list(text(256), 200)),
      SendingTransportServers: kept(list(text(256), 200)),
      ReceivingTransportServers: kept(list(text(256), 200)),
      EdgeTransportServers: kept(list(text(256), 200)),
      TlsCertificateName: text(1024),
      ExternalIPAddresses: kept(list(text(64), 200)),
      ServiceInstance: kept(number(0, 100, 0)),
      /** What Exchange knows of its one online service, and of the servers that are listed above. */
      TenantUrl: uri(),
      TenantSmartHost: smartHost(),
      AuthServiceUrl: uri(),
      CoexistenceDomain: domain(),
      OnPremisesUrl: uri(),
      AutodiscoverUrl: uri(),
      FederationEnabled: flag(true),
      OAuthEnabled: flag(true),
    },
    check({ TenantUrl, AuthServiceUrl, OnPremisesUrl, AutodiscoverUrl }) {
      for (const [name, url] of Object.entries({ TenantUrl, AuthServiceUrl, OnPremisesUrl, AutodiscoverUrl })) {
        if (url !== '' && !/^https:\/\/[^/?#@]+\/?$/i.test(url))
          return `${name} is an https address without a path: https://mail.contoso.com`
      }
      return undefined
    },
  }),
  OnPremisesOrganization: kind({
    source: 'New-/Set-OnPremisesOrganization',
    name: 'given',
    properties: {
      OrganizationGuid: onlyNew(unique(needed(guid()), 'organisation')),
      OrganizationName: text(256),
      HybridDomains: needed(list(domain())),
      InboundConnector: needed(text(64)),
      OutboundConnector: needed(text(64)),
      OrganizationRelationship: text(64),
      Comment: text(1024),
    },
  }),
  WebServicesVirtualDirectory: kind({
    source: 'Set-WebServicesVirtualDirectory',
    name: 'EWS (Default Web Site)',
    singleton: 'always',
    properties: settings,
  }),
  AutodiscoverVirtualDirectory: kind({
    source: 'Set-AutodiscoverVirtualDirectory',
    name: 'Autodiscover (Default Web Site)',
    singleton: 'always',
    properties: settings,
  }),
} as const
