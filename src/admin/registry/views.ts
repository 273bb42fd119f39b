// table
/** What `Format-Table` shows of a kind of object by default, or that it is shown as a list. */
type View = readonly string[] | 'list'

/** By kind, as the shell of Exchange shows them; kinds that Exchange does not have, by what tells one from another. */
const views: Readonly<Record<string, View>> = {
  // Recipients and mailboxes
  CalendarProcessing: ['Identity', 'AutomateProcessing', 'AllowConflicts', 'BookingWindowInDays', 'MaximumDurationInMinutes'],
  CASMailbox: ['Name', 'ActiveSyncEnabled', 'OWAEnabled', 'PopEnabled', 'ImapEnabled', 'MapiEnabled'],
  Contact: ['Name', 'RecipientType'],
  DistributionGroup: ['Name', 'DisplayName', 'GroupType', 'PrimarySmtpAddress'],
  DistributionGroupMember: ['Name', 'RecipientType'],
  DynamicDistributionGroup: ['Name', 'ManagedBy'],
  Group: ['Name', 'DisplayName', 'SamAccountName', 'GroupType'],
  MailContact: ['Name', 'Alias', 'RecipientType'],
  MailUser: ['Name', 'RecipientType'],
  Mailbox: ['Name', 'Alias', 'ServerName', 'ProhibitSendQuota'],
  MailboxAutoReplyConfiguration: 'list',
  MailboxCalendarConfiguration: 'list',
  MailboxFolder: ['Name', 'FolderClass', 'HasSubfolders'],
  MailboxFolderPermission: ['FolderName', 'User', 'AccessRights', 'SharingPermissionFlags'],
  MailboxFolderStatistics: ['Name', 'FolderPath', 'FolderType', 'ItemsInFolder', 'FolderSize'],
  MailboxJunkEmailConfiguration: 'list',
  MailboxMessageConfiguration: 'list',
  MailboxPermission: ['Identity', 'User', 'AccessRights', 'IsInherited', 'Deny'],
  MailboxPlan: ['DisplayName', 'IsDefault', 'ProhibitSendReceiveQuota'],
  MailboxRegionalConfiguration: ['Identity', 'Language', 'DateFormat', 'TimeFormat', 'TimeZone'],
  MailboxStatistics: ['DisplayName', 'ItemCount', 'StorageLimitStatus', 'LastLogonTime'],
  Recipient: ['Name', 'RecipientType'],
  RecipientPermission: ['Identity', 'Trustee', 'AccessControlType', 'AccessRights', 'Inherited'],
  RemoteMailbox: ['Name', 'RecipientTypeDetails', 'RemoteRecipientType'],
  User: ['Name', 'RecipientType'],
  UserPhoto: 'list',
  // Organisation
  AcceptedDomain: ['Name', 'DomainName', 'DomainType', 'Default'],
  OrganizationConfig: 'list',
  RemoteDomain: ['Name', 'DomainName', 'AllowedOOFType'],
  ThrottlingPolicy: ['Name', 'ThrottlingPolicyScope', 'IsServiceAccount'],
  ThrottlingPolicyAssociation: ['Name', 'ThrottlingPolicyId'],
  // Mail flow
  InboundConnector: ['Name', 'SenderDomains', 'SenderIPAddresses', 'Enabled'],
  MailboxFile: 'list',
  MailboxSearch: ['Name', 'InPlaceHoldEnabled', 'SourceMailboxes', 'SearchQuery', 'ItemHoldPeriod'],
  MailboxSearchResult: 'list',
  Message: ['Identity', 'FromAddress', 'Status', 'Queue', 'Subject'],
  MessageFile: 'list',
  MessageTrackingEvent: ['EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'],
  MessageTrackingLog: ['EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'],
  OutboundConnector: ['Name', 'RecipientDomains', 'SmartHosts', 'Enabled'],
  Queue: ['Identity', 'DeliveryType', 'Status', 'MessageCount', 'NextHopDomain'],
  QueueDigest: ['GroupByValue', 'MessageCount', 'DeferredMessageCount', 'LockedMessageCount', 'Details'],
  ReceiveConnector: ['Identity', 'Bindings', 'Enabled'],
  SendConnector: ['Identity', 'AddressSpaces', 'Enabled'],
  TransportConfig: 'list',
  TransportService: ['Name', 'MessageTrackingLogEnabled', 'MessageTrackingLogMaxAge'],
  // Trust with other organisations
  AuthConfig: 'list',
  AuthServer: ['Name', 'IssuerIdentifier', 'Type', 'Enabled'],
  AvailabilityAddressSpace: ['ForestName', 'UserName', 'UseServiceAccount', 'AccessMethod', 'ProxyUrl', 'Name'],
  AvailabilityConfig: 'list',
  ExchangeCertificate: ['Thumbprint', 'Services', 'Subject'],
  FederatedDomainProof: ['DomainName', 'Name', 'Thumbprint', 'Proof'],
  FederatedOrganizationIdentifier: 'list',
  FederationInformation: 'list',
  FederationTrust: ['Name', 'ApplicationIdentifier', 'ApplicationUri'],
  FreeBusyTrace: ['Identity', 'role', 'what', 'from', 'ms'],
  HybridChange: ['Side', 'Command'],
  HybridConfiguration: 'list',
  IntraOrganizationConfiguration: 'list',
  IntraOrganizationConnector: ['Name', 'TargetAddressDomains', 'DiscoveryEndpoint', 'Enabled'],
  OnPremisesOrganization: ['Name', 'OrganizationGuid', 'HybridDomains'],
  OrganizationRelationship: ['Name', 'DomainNames', 'FreeBusyAccessEnabled', 'Enabled'],
  PartnerApplication: ['Name', 'ApplicationIdentifier', 'Enabled'],
  ServicePrincipal: 'list',
  SharingPolicy: ['Name', 'Domains', 'Enabled', 'Default'],
  TestResult: ['Id', 'Type', 'Message'],
  // Client access
  ActiveSyncVirtualDirectory: ['Name', 'Server', 'InternalUrl'],
  AutodiscoverVirtualDirectory: ['Name', 'Server', 'InternalUrl'],
  ClientAccessService: ['Name', 'AutoDiscoverServiceInternalUri'],
  EcpVirtualDirectory: ['Name', 'Server', 'InternalUrl'],
  OwaVirtualDirectory: ['Name', 'Server', 'OwaVersion'],
  WebServicesVirtualDirectory: ['Name', 'Server', 'InternalUrl'],
  // Roles and audit
  AdminAuditLogConfig: 'list',
  AdminAuditLogEvent: 'list',
  AdminAuditLogSearch: ['Name', 'StartDateUtc', 'EndDateUtc', 'CreatedBy'],
  ManagementRole: ['Name', 'RoleType'],
  ManagementRoleAssignment: ['Name', 'Role', 'RoleAssigneeName', 'RoleAssigneeType', 'AssignmentMethod', 'EffectiveUserName'],
  ManagementRoleEntry: ['Name', 'Role', 'Parameters'],
  ManagementScope: ['Name', 'ScopeRestrictionType', 'Exclusive', 'RecipientRoot', 'RecipientFilter', 'ServerFilter'],
  RoleAssignmentPolicy: ['Name', 'IsDefault', 'AssignedRoles'],
  RoleGroup: ['Name', 'AssignedRoles', 'RoleAssignments', 'ManagedBy'],
  RoleGroupMember: ['Name', 'RecipientType'],
  // Signing in
  AppPassword: 'list',
  AuthenticationPolicy: 'list',
  SecondFactor: 'list',
  SignInKey: ['Identity', 'WhenCreated', 'SignsFrom', 'PublishedUntil'],
  // Servers and services
  ExchangeServer: ['Name', 'Site', 'ServerRole', 'Edition', 'AdminDisplayVersion'],
  HealthReport: ['Server', 'State', 'HealthSet', 'AlertValue', 'LastTransitionTime', 'MonitorCount'],
  MailboxDatabase: ['Name', 'Server', 'Recovery', 'ReplicationType'],
  ServerHealth: ['Server', 'State', 'Name', 'HealthSetName', 'AlertValue'],
  Service: ['Status', 'Name', 'DisplayName'],
  ServiceHealth: 'list',
  SupportabilityFinding: ['Component', 'Installed', 'Supported', 'Status'],
  SupportabilityRow: ['Component', 'Supported', 'Release'],
}

/** The columns of a kind of object; none for a kind that is shown as a list, and for one that is not known. */
export function columnsOf(type: string): readonly string[] | undefined {
  const view = Object.hasOwn(views, type) ? views[type] : undefined
  return view === 'list' ? undefined : view
}

/** Whether it is said how objects of this kind are shown. */
export const hasView = (type: string): boolean => Object.hasOwn(views, type)
