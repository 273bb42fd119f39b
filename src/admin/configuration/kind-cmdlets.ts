// table
import type { ConfigurationKind } from '#directory'

export type ConfigurationVerb = 'Get' | 'New' | 'Add' | 'Set' | 'Remove'

/** The cmdlets of one kind of configuration object that follow from its row. */
export interface KindCmdlets {
  kind: ConfigurationKind
  verbs: readonly ConfigurationVerb[]
  roles: readonly string[]
  /** What one is called in summaries. */
  words: string
  /** `Get-` and `Set-` take no `-Identity`: there is one in the organisation, and Exchange has no such parameter. */
  unnamed?: boolean
  /** Says who gets in: changing it asks for a second factor shown not long ago. A list = with one of these parameters alone. */
  dangerous?: boolean | readonly string[]
}

const every = ['Get', 'New', 'Set', 'Remove'] as const

/** One row a kind. `Set-AuthConfig` and others that do more than set have files of their own. */
export const kindCmdlets: readonly KindCmdlets[] = [
  { kind: 'FederationTrust', verbs: ['Get', 'Remove'], roles: ['Federated Sharing'], words: 'federation trust' },
  { kind: 'FederatedOrganizationIdentifier', verbs: ['Get'], roles: ['Federated Sharing'], words: 'federated organisation identifier' },
  { kind: 'OrganizationRelationship', verbs: every, roles: ['Federated Sharing'], words: 'organisation relationship' },
  { kind: 'SharingPolicy', verbs: every, roles: ['Federated Sharing'], words: 'sharing policy' },
  { kind: 'AvailabilityAddressSpace', verbs: ['Get', 'Add', 'Set', 'Remove'], roles: ['Federated Sharing', 'Organization Configuration'], words: 'availability address space' },
  { kind: 'AvailabilityConfig', verbs: ['Get', 'Set'], roles: ['Organization Configuration', 'Federated Sharing'], words: 'availability configuration', unnamed: true },
  { kind: 'AuthServer', verbs: every, roles: ['Organization Client Access'], words: 'authorization server', dangerous: true },
  { kind: 'AuthConfig', verbs: ['Get'], roles: ['Organization Client Access'], words: 'authorization configuration', unnamed: true },
  { kind: 'PartnerApplication', verbs: every, roles: ['Organization Client Access'], words: 'partner application', dangerous: true },
  { kind: 'IntraOrganizationConnector', verbs: every, roles: ['Federated Sharing', 'Organization Configuration'], words: 'intra-organisation connector' },
  { kind: 'IntraOrganizationConfiguration', verbs: ['Get'], roles: ['Federated Sharing', 'Organization Configuration'], words: 'intra-organisation configuration', unnamed: true },
  { kind: 'RemoteDomain', verbs: every, roles: ['Remote and Accepted Domains'], words: 'remote domain' },
  { kind: 'HybridConfiguration', verbs: every, roles: ['Organization Configuration', 'Federated Sharing'], words: 'hybrid configuration' },
  { kind: 'OnPremisesOrganization', verbs: every, roles: ['Organization Configuration', 'Remote and Accepted Domains'], words: 'on-premises organisation' },
  { kind: 'SendConnector', verbs: every, roles: ['Send Connectors'], words: 'Send connector' },
  { kind: 'ReceiveConnector', verbs: every, roles: ['Receive Connectors'], words: 'Receive connector' },
  { kind: 'InboundConnector', verbs: every, roles: ['Remote and Accepted Domains'], words: 'inbound connector' },
  { kind: 'OutboundConnector', verbs: every, roles: ['Remote and Accepted Domains'], words: 'outbound connector' },
  { kind: 'AuthenticationPolicy', verbs: every, roles: ['Organization Client Access'], words: 'authentication policy', dangerous: true },
  { kind: 'WebServicesVirtualDirectory', verbs: ['Get', 'Set'], roles: ['Exchange Virtual Directories'], words: 'settings of EWS' },
  { kind: 'AutodiscoverVirtualDirectory', verbs: ['Get', 'Set'], roles: ['Exchange Virtual Directories'], words: 'settings of Autodiscover' },
  { kind: 'TransportService', verbs: ['Get', 'Set'], roles: ['Transport Hygiene', 'Organization Transport Settings'], words: 'transport service' },
  { kind: 'TransportConfig', verbs: ['Get', 'Set'], roles: ['Organization Transport Settings'], words: 'transport configuration of the organisation' },
  { kind: 'OrganizationConfig', verbs: ['Set'], roles: ['Organization Configuration', 'Organization Client Access'], words: 'configuration of the organisation', unnamed: true, dangerous: ['DefaultAuthenticationPolicy'] },
  { kind: 'MailboxDatabase', verbs: ['Get', 'Set'], roles: ['Databases'], words: 'mailbox database' },
  { kind: 'ThrottlingPolicy', verbs: every, roles: ['Recipient Policies', 'WorkloadManagement'], words: 'throttling policy' },
  { kind: 'RetentionPolicyTag', verbs: ['New', 'Remove'], roles: ['Retention Management'], words: 'retention tag' },
  { kind: 'ActiveSyncVirtualDirectory', verbs: ['Get', 'Set'], roles: ['Exchange Virtual Directories'], words: 'settings of ActiveSync' },
  { kind: 'OwaVirtualDirectory', verbs: ['Get', 'Set'], roles: ['Exchange Virtual Directories'], words: 'settings of web mail' },
  { kind: 'EcpVirtualDirectory', verbs: ['Get', 'Set'], roles: ['Exchange Virtual Directories'], words: 'settings of the admin centre' },
] // prettier-ignore
