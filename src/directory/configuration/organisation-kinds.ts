// table
/** Kinds for the organisation as a whole: what holds for all of it, its mailbox database, its web addresses. */
import { ByteSize } from '#model'
import { quotasOutOfOrder } from '../quotas-in-order.ts'
import { kind } from './kind.ts'
import { byteSize, flag, kept, list, maybeFlag, maybeOneOf, number, oneOf, onlySet, starting, text, timeSpan, uri } from './property.ts'

function outOfOrderIn<K extends string>(values: Readonly<Record<K, string>>, names: readonly K[]): string | undefined {
  return quotasOutOfOrder(names.map((name) => [name, ByteSize.parse(values[name])?.bytes]))
}

const keptFlag = (fallback: boolean) => onlySet(kept(flag(fallback)))
const keptSize = (fallback: string) => onlySet(kept(byteSize(fallback)))
const keptSpan = (fallback: string) => onlySet(kept(timeSpan(fallback)))
const keptText = (most = 1024) => onlySet(kept(text(most)))

/** The only mailbox database of a site: its store. */
export const mailboxDatabaseName = 'Mailbox Database'

/** Where clients are told to go; nothing here acts on them, for the site knows its own addresses. */
const addresses = { InternalUrl: onlySet(kept(uri())), ExternalUrl: onlySet(kept(uri())) }
const authenticationMethods = ['Basic', 'Fba', 'Ntlm', 'Digest', 'WindowsIntegrated', 'WSSecurity', 'OAuth', 'Negotiate', 'Certificate', 'Adfs'] as const // prettier-ignore
const browserDirectory = {
  ...addresses,
  BasicAuthentication: keptFlag(true),
  FormsAuthentication: keptFlag(true),
  WindowsAuthentication: keptFlag(false),
  DigestAuthentication: keptFlag(false),
  AdfsAuthentication: keptFlag(false),
  GzipLevel: onlySet(kept(oneOf(['Off', 'Low', 'High', 'Error'], 'Low'))),
  ExternalAuthenticationMethods: onlySet(kept(starting(list(oneOf(authenticationMethods, 'Fba')), ['Fba']))),
}

export const organisationKinds = {
  OrganizationConfig: kind({
    source: 'Set-OrganizationConfig',
    name: 'OrganizationConfig',
    singleton: 'always',
    properties: {
      MailTipsAllTipsEnabled: onlySet(flag(true)),
      MailTipsExternalRecipientsTipsEnabled: onlySet(flag(false)),
      MailTipsGroupMetricsEnabled: onlySet(flag(true)),
      MailTipsLargeAudienceThreshold: onlySet(number(0, 1000, 25)),
      MailTipsMailboxSourcedTipsEnabled: onlySet(flag(true)),
      /** Null = allowed. */
      EwsEnabled: onlySet(maybeFlag()),
      EwsApplicationAccessPolicy: onlySet(maybeOneOf(['EnforceAllowList', 'EnforceBlockList'])),
      EwsAllowList: onlySet(list(text(256), 200)),
      EwsBlockList: onlySet(list(text(256), 200)),
      EwsAllowEntourage: onlySet(kept(maybeFlag())),
      EwsAllowMacOutlook: onlySet(kept(maybeFlag())),
      EwsAllowOutlook: onlySet(kept(maybeFlag())),
      OAuth2ClientProfileEnabled: keptFlag(true),
      DefaultAuthenticationPolicy: onlySet(text(64)),
      MapiHttpEnabled: keptFlag(true),
      AppsForOfficeEnabled: keptFlag(true),
      ActivityBasedAuthenticationTimeoutEnabled: keptFlag(true),
      ActivityBasedAuthenticationTimeoutInterval: keptSpan('06:00:00'),
      PublicFoldersEnabled: onlySet(oneOf(['None', 'Local', 'Remote'], 'Local')),
      RemotePublicFolderMailboxes: onlySet(kept(list(text(256), 200))),
      DefaultPublicFolderAgeLimit: keptText(32),
      DefaultPublicFolderDeletedItemRetention: keptSpan('30.00:00:00'),
      DefaultPublicFolderMovedItemRetention: keptSpan('7.00:00:00'),
      DefaultPublicFolderIssueWarningQuota: keptSize('Unlimited'),
      DefaultPublicFolderProhibitPostQuota: keptSize('Unlimited'),
      DefaultPublicFolderMaxItemSize: keptSize('Unlimited'),
      CalendarVersionStoreEnabled: onlySet(flag(true)),
      ReadTrackingEnabled: keptFlag(false),
      DistributionGroupNamingPolicy: keptText(),
      DistributionGroupNameBlockedWordsList: onlySet(kept(list(text(64)))),
      HierarchicalAddressBookRoot: keptText(256),
      MicrosoftExchangeRecipientReplyRecipient: keptText(256),
      SCLJunkThreshold: onlySet(kept(number(0, 9, 4))),
    },
  }),
  MailboxDatabase: kind({
    source: 'Set-MailboxDatabase',
    name: mailboxDatabaseName,
    singleton: 'always',
    properties: {
      IssueWarningQuota: onlySet(byteSize('1.9 GB (2,040,109,466 bytes)')),
      ProhibitSendQuota: onlySet(byteSize('2 GB')),
      ProhibitSendReceiveQuota: onlySet(byteSize('2.3 GB (2,469,606,195 bytes)')),
      RecoverableItemsWarningQuota: onlySet(byteSize('20 GB')),
      RecoverableItemsQuota: onlySet(byteSize('30 GB')),
      CalendarLoggingQuota: onlySet(byteSize('6 GB')),
      DeletedItemRetention: onlySet(timeSpan('14.00:00:00')),
      MailboxRetention: keptSpan('30.00:00:00'),
      RetainDeletedItemsUntilBackup: keptFlag(false),
      IsExcludedFromProvisioning: keptFlag(false),
      IsSuspendedFromProvisioning: keptFlag(false),
      MountAtStartup: keptFlag(true),
      CircularLoggingEnabled: keptFlag(false),
      IndexEnabled: keptFlag(true),
    },
    check: (values) =>
      outOfOrderIn(values, ['IssueWarningQuota', 'ProhibitSendQuota', 'ProhibitSendReceiveQuota']) ??
      outOfOrderIn(values, ['RecoverableItemsWarningQuota', 'RecoverableItemsQuota']),
  }),
  ActiveSyncVirtualDirectory: kind({
    source: 'Set-ActiveSyncVirtualDirectory',
    name: 'Microsoft-Server-ActiveSync (Default Web Site)',
    singleton: 'always',
    properties: {
      ...addresses,
      ActiveSyncServer: onlySet(kept(uri())),
      BasicAuthEnabled: keptFlag(true),
      WindowsAuthEnabled: keptFlag(false),
      ClientCertAuth: onlySet(kept(oneOf(['Ignore', 'Accepted', 'Required'], 'Ignore'))),
      CompressionEnabled: keptFlag(false),
      MobileClientCertificateProvisioningEnabled: keptFlag(false),
      MobileClientCertTemplateName: keptText(256),
      BadItemReportingEnabled: keptFlag(true),
      SendWatsonReport: keptFlag(false),
      ExternalAuthenticationMethods: onlySet(kept(list(oneOf(authenticationMethods, 'Basic')))),
    },
  }),
  OwaVirtualDirectory: kind({
    source: 'Set-OwaVirtualDirectory',
    name: 'owa (Default Web Site)',
    singleton: 'always',
    properties: {
      ...browserDirectory,
      LogonFormat: onlySet(kept(oneOf(['FullDomain', 'PrincipalName', 'UserName'], 'FullDomain'))),
      DefaultDomain: keptText(256),
      DefaultTheme: keptText(64),
      CalendarEnabled: keptFlag(true),
      ContactsEnabled: keptFlag(true),
      TasksEnabled: keptFlag(true),
      NotesEnabled: keptFlag(true),
      PublicFoldersEnabled: keptFlag(true),
      RulesEnabled: keptFlag(true),
      RecoverDeletedItemsEnabled: keptFlag(true),
      DelegateAccessEnabled: keptFlag(true),
      ChangePasswordEnabled: keptFlag(true),
      DirectFileAccessOnPublicComputersEnabled: keptFlag(true),
      DirectFileAccessOnPrivateComputersEnabled: keptFlag(true),
    },
  }),
  EcpVirtualDirectory: kind({
    source: 'Set-EcpVirtualDirectory',
    name: 'ecp (Default Web Site)',
    singleton: 'always',
    properties: { ...browserDirectory, AdminEnabled: keptFlag(true), OwaOptionsEnabled: keptFlag(true) },
  }),
} as const
