// table
/**
 * The management roles and role groups that Exchange ships, without Unified Messaging and what belongs to Microsoft's own applications
 * (Exchange 2013 Help, "Built-in management roles", "Built-in role groups"). Which cmdlets a role has follows from the cmdlets' own rows.
 */

/** Whose data a role reads or changes by itself. `MyGAL` = whoever is in the address lists; `MyDistributionGroups` = groups one manages. */
export type ImplicitScope = 'Organization' | 'MyGAL' | 'Self' | 'MyDistributionGroups' | 'None'

export interface BuiltInRole {
  readonly name: string
  readonly description: string
  /** Role groups that have it, beside Organization Management. */
  readonly groups: readonly BuiltInGroupName[]
  /** Organization Management may give it to others and does not have it itself. */
  readonly delegatingOnly: boolean
  readonly read: ImplicitScope
  readonly write: ImplicitScope
  /** For users' own options, by a role assignment policy. */
  readonly endUser: boolean
  /** In the Default Role Assignment Policy. */
  readonly byDefault: boolean
}

export type BuiltInGroupName = keyof typeof builtInGroups

export const organizationManagement = 'Organization Management'
export const defaultPolicyName = 'Default Role Assignment Policy'
export const roleManagement = 'Role Management'
export const applicationImpersonation = 'ApplicationImpersonation'

export const builtInGroups = {
  'Organization Management': 'Administers the whole organisation and gives rights to others.',
  'View-Only Organization Management': 'Sees the properties of every object of the organisation.',
  'Recipient Management': 'Creates and changes recipients.',
  'Help Desk': 'Sees recipients and changes the options that users have themselves.',
  'Hygiene Management': 'Configures the antispam and antimalware features.',
  'Compliance Management': 'Configures compliance settings by the policy of the organisation.',
  'Records Management': 'Configures retention, journaling and transport rules, and reads the audit logs.',
  'Discovery Management': 'Searches mailboxes and puts them on legal hold.',
  'Public Folder Management': 'Administers public folders.',
  'Server Management': 'Configures servers: transport, client access, certificates, queues, virtual directories.',
  'Delegated Setup': 'Deploys servers that have been provisioned before.',
} as const

type Words = Partial<Pick<BuiltInRole, 'groups' | 'delegatingOnly' | 'read' | 'write' | 'byDefault'>>
const role = (name: string, description: string, words: Words = {}): BuiltInRole => ({
  ...{ name, description, groups: [], delegatingOnly: false, read: 'Organization', write: 'Organization', byDefault: false },
  ...words,
  endUser: false,
})
const my = (name: string, description: string, words: Words = {}): BuiltInRole => ({
  ...role(name, description, { delegatingOnly: true, read: 'Self', write: 'Self', byDefault: true, ...words }),
  endUser: true,
})
const hygiene = 'Hygiene Management'
const server = 'Server Management'
const recipients = 'Recipient Management'
const records = 'Records Management'
const compliance = 'Compliance Management'
const discovery = 'Discovery Management'
const publicFolders = 'Public Folder Management'
const viewOnly = 'View-Only Organization Management'
const kept = { delegatingOnly: true } as const

// prettier-ignore
export const builtInRoles: readonly BuiltInRole[] = [
  role('Active Directory Permissions', 'Changes permissions of objects in the directory.'),
  role('Address Lists', 'Administers address lists, global address lists and offline address books.'),
  role(applicationImpersonation, 'Lets an application act as other users of the organisation.', { ...kept, groups: [hygiene] }),
  role('Audit Logs', 'Administers the audit logs of administrators and mailboxes.', { groups: [records] }),
  role('Cmdlet Extension Agents', 'Administers agents that extend cmdlets.'),
  role('Data Loss Prevention', 'Administers policies against the loss of data.', { groups: [compliance] }),
  role('Database Availability Groups', 'Administers groups of mailbox databases.'),
  role('Database Copies', 'Administers copies of mailbox databases.', { groups: [server] }),
  role('Databases', 'Administers mailbox databases.', { groups: [server] }),
  role('Disaster Recovery', 'Recovers mailboxes and databases.'),
  role('Distribution Groups', 'Creates and changes distribution groups and their members.', { groups: [recipients] }),
  role('E-Mail Address Policies', 'Administers e-mail address policies.'),
  role('Edge Subscriptions', 'Administers subscriptions of Edge servers.'),
  role('Exchange Connectors', 'Administers delivery agent connectors.', { groups: [server] }),
  role('Exchange Server Certificates', 'Administers certificates.', { groups: [server] }),
  role('Exchange Servers', 'Administers servers.', { groups: [server] }),
  role('Exchange Virtual Directories', 'Administers the virtual directories of client protocols.', { groups: [server] }),
  role('Federated Sharing', 'Administers sharing with other organisations.'),
  role('Information Rights Management', 'Administers protection of messages by rights.', { groups: [compliance] }),
  role('Journaling', 'Administers journaling.', { groups: [records] }),
  role('Legal Hold', 'Puts mailboxes on legal hold.', { groups: [discovery] }),
  role('Mail Enabled Public Folders', 'Administers the mail settings of public folders.', { groups: [publicFolders] }),
  role('Mail Recipient Creation', 'Creates mailboxes, mail users and mail contacts.', { groups: [recipients] }),
  role('Mail Recipients', 'Changes mailboxes, mail users and mail contacts that exist.', { groups: [recipients] }),
  role('Mail Tips', 'Administers MailTips.'),
  role('Mailbox Import Export', 'Imports and exports the content of mailboxes.', kept),
  role('Mailbox Search', 'Searches the content of mailboxes.', { ...kept, groups: [discovery] }),
  role('Message Tracking', 'Tracks messages.', { groups: [recipients, records] }),
  role('Migration', 'Migrates mailboxes and their content.', { groups: [recipients] }),
  role('Monitoring', 'Watches services and their health.', { groups: [viewOnly, server] }),
  role('Move Mailboxes', 'Moves mailboxes.', { groups: [recipients] }),
  role('Org Custom Apps', 'Administers custom apps of the organisation.'),
  role('Org Marketplace Apps', 'Administers marketplace apps of the organisation.'),
  role('Organization Client Access', 'Administers client access settings of the organisation.'),
  role('Organization Configuration', 'Administers settings of the whole organisation.'),
  role('Organization Transport Settings', 'Administers transport settings of the whole organisation.'),
  role('POP3 and IMAP4 Protocols', 'Administers POP3 and IMAP4.', { groups: [server] }),
  role('Public Folders', 'Administers public folders.', { groups: [publicFolders] }),
  role('Receive Connectors', 'Administers Receive connectors.', { groups: [hygiene, server] }),
  role('Recipient Policies', 'Administers policies for recipients.', { groups: [recipients] }),
  role('Remote and Accepted Domains', 'Administers remote and accepted domains.'),
  role('Reset Password', 'Sets the passwords of users.', kept),
  role('Retention Management', 'Administers retention policies.', { groups: [records, compliance] }),
  role(roleManagement, 'Administers role groups, role assignment policies and roles.'),
  role('Security Group Creation and Membership', 'Creates security groups and changes their members.'),
  role('Send Connectors', 'Administers Send connectors.'),
  role('Support Diagnostics', 'Runs diagnostics for support.', kept),
  role('Team Mailboxes', 'Administers team mailboxes.', { groups: [recipients] }),
  role('Transport Agents', 'Administers transport agents.', { groups: [hygiene] }),
  role('Transport Hygiene', 'Administers antispam and antimalware features.', { groups: [hygiene] }),
  role('Transport Queues', 'Administers transport queues and the messages in them.', { groups: [server] }),
  role('Transport Rules', 'Administers transport rules.', { groups: [records] }),
  role('User Options', 'Sees and changes the options that users have themselves.', { groups: ['Help Desk'] }),
  role('View-Only Audit Logs', 'Searches the audit logs.', { write: 'None', groups: [compliance] }),
  role('View-Only Configuration', 'Sees the configuration of the organisation.', { write: 'None', groups: [viewOnly, hygiene, compliance, 'Delegated Setup'] }),
  role('View-Only Recipients', 'Sees recipients.', { write: 'None', groups: [viewOnly, hygiene, compliance, 'Help Desk'] }),
  role('WorkloadManagement', 'Administers throttling policies.'),
  my('MyBaseOptions', 'Sees and changes the basic settings of the own mailbox.'),
  my('MyContactInformation', 'Changes the own contact information: addresses and phone numbers.'),
  my('MyProfileInformation', 'Changes the own name.', { byDefault: false }),
  my('MyTextMessaging', 'Changes the own settings for text messages.'),
  my('MyDistributionGroups', 'Creates and changes distribution groups that one manages.', { read: 'MyGAL', write: 'MyDistributionGroups', byDefault: false }),
  my('MyDistributionGroupMembership', 'Sees and changes the own membership in distribution groups.', { read: 'MyGAL', write: 'MyGAL' }),
]
