// table
/** The pages of the admin centre: one row a page. What a caller may not run is not shown. */
import type { TextName } from '../app/text-names.ts'
import type { Parameters } from './cmdlets.ts'

export const sections = ['recipients', 'permissions', 'mailFlow', 'organisation', 'servers', 'audit', 'compliance'] as const
export type Section = (typeof sections)[number]

export interface AdminPage {
  /** In the address. */
  key: string
  section: Section
  name: Extract<TextName, `admin.${string}`>
  /** The cmdlet that lists, and what it is always given. */
  list: string
  with?: Parameters
  columns: readonly string[]
  /** Parameters that the list can be asked with, beside its filter and size. */
  asks?: readonly string[]
  /** The list is first asked from so long ago, in hours: it gives the oldest first. */
  hours?: number
  /** The property that names an object to other cmdlets, and the parameter that takes it; absent = `Identity`, both. */
  identity?: string
  identityParameter?: string
  /** Shows all of one; absent = what the list gave is all. */
  detail?: string
  create?: string
  /** What a new one is always given, and what is asked first. */
  createWith?: Parameters
  createFirst?: readonly string[]
  edit?: string
  editFirst?: readonly string[]
  remove?: string
  /** Other cmdlets about chosen objects. */
  actions?: readonly string[]
}

const newMailbox = ['Name', 'UserPrincipalName', 'Password', 'Alias', 'DisplayName', 'FirstName', 'LastName', 'ResetPasswordOnNextLogon']
const editMailbox = ['DisplayName', 'EmailAddresses', 'ProhibitSendQuota', 'HiddenFromAddressListsEnabled', 'CustomAttribute1']
const mailbox = {
  section: 'recipients',
  list: 'Get-Mailbox',
  detail: 'Get-Mailbox',
  create: 'New-Mailbox',
  edit: 'Set-Mailbox',
  editFirst: editMailbox,
  remove: 'Remove-Mailbox',
} as const
const room = { ...mailbox, createFirst: ['Name', 'Alias', 'PrimarySmtpAddress', 'DisplayName', 'ResourceCapacity'], actions: ['Set-CalendarProcessing', 'Add-MailboxPermission'] } as const // prettier-ignore

export const pages: readonly AdminPage[] = [
  { ...mailbox, key: 'mailboxes', name: 'admin.mailboxes', with: { RecipientTypeDetails: ['UserMailbox'] }, columns: ['DisplayName', 'PrimarySmtpAddress', 'Alias', 'ProhibitSendQuota', 'WhenCreated'], createFirst: newMailbox, actions: ['Get-MailboxStatistics', 'Set-CASMailbox', 'Set-User', 'Add-MailboxPermission', 'Add-RecipientPermission', 'Set-MailboxAutoReplyConfiguration', 'Enable-Mailbox', 'Disable-Mailbox', 'Start-ManagedFolderAssistant', 'Get-SecondFactor', 'Remove-SecondFactor', 'Revoke-SignIn'] },
  { key: 'groups', section: 'recipients', name: 'admin.groups', list: 'Get-DistributionGroup', detail: 'Get-DistributionGroup', columns: ['DisplayName', 'PrimarySmtpAddress', 'RecipientTypeDetails', 'ManagedBy'], create: 'New-DistributionGroup', createFirst: ['Name', 'Alias', 'PrimarySmtpAddress', 'Members', 'ManagedBy', 'Type', 'RoomList'], edit: 'Set-DistributionGroup', remove: 'Remove-DistributionGroup', actions: ['Get-DistributionGroupMember', 'Add-DistributionGroupMember', 'Remove-DistributionGroupMember', 'Update-DistributionGroupMember'] },
  { key: 'contacts', section: 'recipients', name: 'admin.contacts', list: 'Get-MailContact', detail: 'Get-MailContact', columns: ['DisplayName', 'ExternalEmailAddress', 'Alias'], create: 'New-MailContact', createFirst: ['Name', 'ExternalEmailAddress', 'Alias', 'FirstName', 'LastName'], edit: 'Set-MailContact', remove: 'Remove-MailContact' },
  { key: 'mail-users', section: 'recipients', name: 'admin.mailUsers', list: 'Get-MailUser', detail: 'Get-MailUser', columns: ['DisplayName', 'ExternalEmailAddress', 'PrimarySmtpAddress'], create: 'New-MailUser', createFirst: ['Name', 'ExternalEmailAddress', 'Password', 'Alias'], edit: 'Set-MailUser', remove: 'Remove-MailUser' },
  { key: 'remote-mailboxes', section: 'recipients', name: 'admin.remoteMailboxes', list: 'Get-RemoteMailbox', detail: 'Get-RemoteMailbox', columns: ['DisplayName', 'PrimarySmtpAddress', 'RemoteRoutingAddress'], create: 'New-RemoteMailbox', createFirst: ['Name', 'UserPrincipalName', 'Password', 'RemoteRoutingAddress'], edit: 'Set-RemoteMailbox', remove: 'Remove-RemoteMailbox' },
  { ...mailbox, key: 'shared', name: 'admin.shared', with: { RecipientTypeDetails: ['SharedMailbox'] }, columns: ['DisplayName', 'PrimarySmtpAddress', 'Alias', 'GrantSendOnBehalfTo'], createWith: { Shared: true }, createFirst: ['Name', 'Alias', 'PrimarySmtpAddress', 'DisplayName'], actions: ['Get-MailboxPermission', 'Add-MailboxPermission', 'Add-RecipientPermission'] },
  { ...room, key: 'rooms', name: 'admin.rooms', with: { RecipientTypeDetails: ['RoomMailbox'] }, columns: ['DisplayName', 'PrimarySmtpAddress', 'ResourceCapacity', 'Office'], createWith: { Room: true } },
  { ...room, key: 'equipment', name: 'admin.equipment', with: { RecipientTypeDetails: ['EquipmentMailbox'] }, columns: ['DisplayName', 'PrimarySmtpAddress', 'ResourceCapacity'], createWith: { Equipment: true } },

  { key: 'role-groups', section: 'permissions', name: 'admin.roleGroups', list: 'Get-RoleGroup', detail: 'Get-RoleGroup', columns: ['Name', 'Description', 'Roles', 'Members'], create: 'New-RoleGroup', createFirst: ['Name', 'Roles', 'Members', 'Description'], edit: 'Set-RoleGroup', remove: 'Remove-RoleGroup', actions: ['Get-RoleGroupMember', 'Add-RoleGroupMember', 'Remove-RoleGroupMember'] },
  { key: 'roles', section: 'permissions', name: 'admin.roles', list: 'Get-ManagementRole', detail: 'Get-ManagementRole', columns: ['Name', 'RoleType', 'Parent'], create: 'New-ManagementRole', createFirst: ['Name', 'Parent'], remove: 'Remove-ManagementRole' },
  { key: 'assignments', section: 'permissions', name: 'admin.assignments', list: 'Get-ManagementRoleAssignment', columns: ['Name', 'Role', 'RoleAssigneeName', 'RoleAssigneeType'], asks: ['Role', 'RoleAssignee'], create: 'New-ManagementRoleAssignment', createFirst: ['Role', 'SecurityGroup', 'User', 'Policy'], edit: 'Set-ManagementRoleAssignment', remove: 'Remove-ManagementRoleAssignment' },
  { key: 'scopes', section: 'permissions', name: 'admin.scopes', list: 'Get-ManagementScope', columns: ['Name', 'ScopeRestrictionType', 'RecipientFilter', 'Exclusive'], create: 'New-ManagementScope', edit: 'Set-ManagementScope', remove: 'Remove-ManagementScope' },
  { key: 'user-roles', section: 'permissions', name: 'admin.userRoles', list: 'Get-RoleAssignmentPolicy', columns: ['Name', 'IsDefault', 'AssignedRoles'], create: 'New-RoleAssignmentPolicy', edit: 'Set-RoleAssignmentPolicy', remove: 'Remove-RoleAssignmentPolicy' },
  { key: 'sign-in-policies', section: 'permissions', name: 'admin.signInPolicies', list: 'Get-AuthenticationPolicy', columns: ['Name', 'Identity', 'WhenChanged'], create: 'New-AuthenticationPolicy', edit: 'Set-AuthenticationPolicy', remove: 'Remove-AuthenticationPolicy' },
  { key: 'sign-in-keys', section: 'permissions', name: 'admin.signInKeys', list: 'Get-SignInKey', columns: ['Identity', 'WhenCreated', 'SignsFrom', 'PublishedUntil'], create: 'New-SignInKey' },
  { key: 'throttling', section: 'permissions', name: 'admin.throttling', list: 'Get-ThrottlingPolicy', columns: ['Name', 'ThrottlingPolicyScope', 'IsServiceAccount'], create: 'New-ThrottlingPolicy', edit: 'Set-ThrottlingPolicy', remove: 'Remove-ThrottlingPolicy' },

  { key: 'queues', section: 'mailFlow', name: 'admin.queues', list: 'Get-Queue', columns: ['Identity', 'DeliveryType', 'Status', 'MessageCount', 'NextHopDomain', 'LastError'], actions: ['Retry-Queue', 'Suspend-Queue', 'Resume-Queue'] },
  { key: 'messages', section: 'mailFlow', name: 'admin.messages', list: 'Get-Message', columns: ['Identity', 'FromAddress', 'Subject', 'Status', 'Queue', 'DateReceived'], asks: ['Queue'], remove: 'Remove-Message', actions: ['Suspend-Message', 'Resume-Message'] },
  { key: 'trace', section: 'mailFlow', name: 'admin.trace', list: 'Get-MessageTrackingLog', columns: ['Timestamp', 'EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'], asks: ['Sender', 'Recipients', 'MessageSubject', 'EventId', 'Start', 'End'], hours: 24, identity: 'MessageId' },
  { key: 'accepted-domains', section: 'mailFlow', name: 'admin.acceptedDomains', list: 'Get-AcceptedDomain', columns: ['Name', 'DomainName', 'DomainType', 'Default'], create: 'New-AcceptedDomain', createFirst: ['Name', 'DomainName', 'DomainType'], edit: 'Set-AcceptedDomain', remove: 'Remove-AcceptedDomain' },
  { key: 'remote-domains', section: 'mailFlow', name: 'admin.remoteDomains', list: 'Get-RemoteDomain', columns: ['Name', 'DomainName', 'AllowedOOFType'], create: 'New-RemoteDomain', createFirst: ['Name', 'DomainName'], edit: 'Set-RemoteDomain', remove: 'Remove-RemoteDomain' },
  { key: 'send-connectors', section: 'mailFlow', name: 'admin.sendConnectors', list: 'Get-SendConnector', columns: ['Name', 'AddressSpaces', 'SmartHosts', 'Enabled'], create: 'New-SendConnector', createFirst: ['Name', 'AddressSpaces', 'SmartHosts'], edit: 'Set-SendConnector', remove: 'Remove-SendConnector' },
  { key: 'receive-connectors', section: 'mailFlow', name: 'admin.receiveConnectors', list: 'Get-ReceiveConnector', columns: ['Name', 'Bindings', 'RemoteIPRanges', 'Enabled'], create: 'New-ReceiveConnector', edit: 'Set-ReceiveConnector', remove: 'Remove-ReceiveConnector' },
  { key: 'inbound-connectors', section: 'mailFlow', name: 'admin.inboundConnectors', list: 'Get-InboundConnector', columns: ['Name', 'SenderDomains', 'SenderIPAddresses', 'Enabled'], create: 'New-InboundConnector', edit: 'Set-InboundConnector', remove: 'Remove-InboundConnector' },
  { key: 'outbound-connectors', section: 'mailFlow', name: 'admin.outboundConnectors', list: 'Get-OutboundConnector', columns: ['Name', 'RecipientDomains', 'SmartHosts', 'Enabled'], create: 'New-OutboundConnector', edit: 'Set-OutboundConnector', remove: 'Remove-OutboundConnector' },
  { key: 'transport', section: 'mailFlow', name: 'admin.transport', list: 'Get-TransportConfig', columns: ['Identity', 'MaxSendSize', 'MaxReceiveSize', 'WhenChanged'], edit: 'Set-TransportConfig' },

  { key: 'organisation', section: 'organisation', name: 'admin.organisationSettings', list: 'Get-OrganizationConfig', columns: ['Name', 'DisplayName', 'WhenChanged'], edit: 'Set-OrganizationConfig', identityParameter: '' },
  { key: 'relationships', section: 'organisation', name: 'admin.relationships', list: 'Get-OrganizationRelationship', columns: ['Name', 'DomainNames', 'FreeBusyAccessEnabled', 'Enabled'], create: 'New-OrganizationRelationship', createFirst: ['Name', 'DomainNames', 'FreeBusyAccessEnabled', 'FreeBusyAccessLevel', 'TargetAutodiscoverEpr', 'TargetApplicationUri'], edit: 'Set-OrganizationRelationship', remove: 'Remove-OrganizationRelationship', actions: ['Test-OrganizationRelationship'] },
  { key: 'sharing-policies', section: 'organisation', name: 'admin.sharingPolicies', list: 'Get-SharingPolicy', columns: ['Name', 'Domains', 'Enabled', 'Default'], create: 'New-SharingPolicy', createFirst: ['Name', 'Domains', 'Enabled', 'Default'], edit: 'Set-SharingPolicy', remove: 'Remove-SharingPolicy' },
  { key: 'intra-connectors', section: 'organisation', name: 'admin.intraConnectors', list: 'Get-IntraOrganizationConnector', columns: ['Name', 'TargetAddressDomains', 'DiscoveryEndpoint', 'Enabled'], create: 'New-IntraOrganizationConnector', edit: 'Set-IntraOrganizationConnector', remove: 'Remove-IntraOrganizationConnector' },
  { key: 'address-spaces', section: 'organisation', name: 'admin.addressSpaces', list: 'Get-AvailabilityAddressSpace', columns: ['Name', 'ForestName', 'AccessMethod', 'ProxyUrl'], create: 'Add-AvailabilityAddressSpace', edit: 'Set-AvailabilityAddressSpace', remove: 'Remove-AvailabilityAddressSpace', actions: ['Test-AvailabilityAddressSpace'] },
  { key: 'federation-trusts', section: 'organisation', name: 'admin.federationTrusts', list: 'Get-FederationTrust', columns: ['Name', 'ApplicationUri', 'TokenIssuerUri', 'TokenIssuerMetadataEpr'], edit: 'Set-FederationTrust', remove: 'Remove-FederationTrust' },
  { key: 'auth-servers', section: 'organisation', name: 'admin.authServers', list: 'Get-AuthServer', columns: ['Name', 'Type', 'AuthMetadataUrl', 'IssuerIdentifier', 'Enabled'], create: 'New-AuthServer', createFirst: ['Name', 'AuthMetadataUrl'], edit: 'Set-AuthServer', remove: 'Remove-AuthServer' },
  { key: 'partner-applications', section: 'organisation', name: 'admin.partnerApplications', list: 'Get-PartnerApplication', columns: ['Name', 'ApplicationIdentifier', 'AccountType', 'Enabled'], create: 'New-PartnerApplication', createFirst: ['Name', 'ApplicationIdentifier', 'AuthMetadataUrl'], edit: 'Set-PartnerApplication', remove: 'Remove-PartnerApplication' },
  { key: 'traces', section: 'organisation', name: 'admin.traces', list: 'Get-FreeBusyTrace', columns: ['Identity', 'role', 'what', 'from', 'ms'] },

  { key: 'servers', section: 'servers', name: 'admin.servers', list: 'Get-ExchangeServer', columns: ['Name', 'Fqdn', 'ServerRole', 'Edition', 'AdminDisplayVersion'] },
  { key: 'services', section: 'servers', name: 'admin.services', list: 'Get-Service', columns: ['DisplayName', 'Name', 'Status'], identity: 'Name', identityParameter: 'Name', actions: ['Start-Service', 'Stop-Service', 'Restart-Service'] },
  { key: 'service-health', section: 'servers', name: 'admin.serviceHealth', list: 'Test-ServiceHealth', columns: ['Role', 'RequiredServicesRunning', 'ServicesRunning', 'ServicesNotRunning'], identity: 'Role' },
  { key: 'health', section: 'servers', name: 'admin.health', list: 'Get-HealthReport', columns: ['HealthSet', 'State', 'AlertValue', 'LastTransitionTime', 'MonitorCount'], asks: ['HealthSet'], identity: 'HealthSet' },
  { key: 'monitors', section: 'servers', name: 'admin.monitors', list: 'Get-ServerHealth', columns: ['Name', 'HealthSetName', 'State', 'AlertValue'], asks: ['HealthSet'], identity: 'Name' },
  { key: 'supportability', section: 'servers', name: 'admin.supportability', list: 'Test-Supportability', columns: ['Component', 'Installed', 'Supported', 'Status'], identity: 'Component' },
  { key: 'support-matrix', section: 'servers', name: 'admin.supportMatrix', list: 'Get-SupportabilityMatrix', columns: ['Component', 'Supported', 'Advice', 'Release'], identity: 'Component' },
  { key: 'client-access', section: 'servers', name: 'admin.clientAccess', list: 'Get-ClientAccessService', columns: ['Name', 'Fqdn', 'OutlookAnywhereEnabled'] },
  { key: 'transport-service', section: 'servers', name: 'admin.transportService', list: 'Get-TransportService', columns: ['Name', 'MessageTrackingLogEnabled', 'MessageTrackingLogSubjectLoggingEnabled', 'MessageTrackingLogMaxAge'], edit: 'Set-TransportService' },
  { key: 'web-services', section: 'servers', name: 'admin.webServices', list: 'Get-WebServicesVirtualDirectory', columns: ['Name', 'BasicAuthentication', 'WindowsAuthentication', 'OAuthAuthentication', 'WSSecurityAuthentication', 'ExtendedProtectionTokenChecking'], edit: 'Set-WebServicesVirtualDirectory' },
  { key: 'databases', section: 'servers', name: 'admin.databases', list: 'Get-MailboxDatabase', columns: ['Name', 'Server', 'ProhibitSendQuota', 'DeletedItemRetention'], edit: 'Set-MailboxDatabase' },
  { key: 'certificates', section: 'servers', name: 'admin.certificates', list: 'Get-ExchangeCertificate', columns: ['Subject', 'Services', 'NotAfter', 'Thumbprint'], identity: 'Thumbprint', create: 'New-ExchangeCertificate' },

  { key: 'admin-audit', section: 'audit', name: 'admin.adminAudit', list: 'Search-AdminAuditLog', columns: ['RunDate', 'Caller', 'CmdletName', 'ObjectModified', 'Succeeded', 'Error'], asks: ['Cmdlets', 'UserIds', 'ObjectIds', 'StartDate', 'EndDate', 'IsSuccess'] },
  { key: 'mailbox-audit', section: 'audit', name: 'admin.mailboxAudit', list: 'Search-MailboxAuditLog', columns: ['LastAccessed', 'MailboxOwnerUPN', 'Operation', 'LogonUserDisplayName', 'LogonType', 'FolderPathName'], asks: ['Identity', 'ShowDetails', 'Operations', 'LogonTypes', 'StartDate', 'EndDate'] },
  { key: 'audit-searches', section: 'audit', name: 'admin.auditSearches', list: 'Get-AuditLogSearch', columns: ['Name', 'Type', 'StartDateUtc', 'EndDateUtc', 'CreatedBy'], asks: ['Type'], create: 'New-AdminAuditLogSearch' },
  { key: 'audit-settings', section: 'audit', name: 'admin.auditSettings', list: 'Get-AdminAuditLogConfig', columns: ['Identity', 'AdminAuditLogEnabled', 'AdminAuditLogAgeLimit'], edit: 'Set-AdminAuditLogConfig', identityParameter: '' },

  { key: 'holds', section: 'compliance', name: 'admin.holds', list: 'Get-MailboxSearch', columns: ['Name', 'Status', 'InPlaceHoldEnabled', 'SourceMailboxes', 'SearchQuery'], create: 'New-MailboxSearch', createFirst: ['Name', 'SourceMailboxes', 'SearchQuery', 'InPlaceHoldEnabled', 'EstimateOnly', 'TargetMailbox'], edit: 'Set-MailboxSearch', remove: 'Remove-MailboxSearch', actions: ['Start-MailboxSearch', 'Stop-MailboxSearch'] },
  { key: 'retention-policies', section: 'compliance', name: 'admin.retentionPolicies', list: 'Get-RetentionPolicy', columns: ['Name', 'RetentionPolicyTagLinks', 'IsDefault'], create: 'New-RetentionPolicy', createFirst: ['Name', 'RetentionPolicyTagLinks'], edit: 'Set-RetentionPolicy', remove: 'Remove-RetentionPolicy' },
  { key: 'retention-tags', section: 'compliance', name: 'admin.retentionTags', list: 'Get-RetentionPolicyTag', columns: ['Name', 'Type', 'RetentionEnabled', 'RetentionAction', 'AgeLimitForRetention'], create: 'New-RetentionPolicyTag', createFirst: ['Name', 'Type', 'AgeLimitForRetention', 'RetentionAction', 'RetentionEnabled'], edit: 'Set-RetentionPolicyTag', remove: 'Remove-RetentionPolicyTag' },
] // prettier-ignore
