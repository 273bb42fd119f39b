import type { Recipient } from '../contract.ts'
import { recipientTypeOf } from '../recipient-types.ts'

/** `recipient`: GUIDs of other recipients, written by any of their identities. `proxy`: addresses with their type before them. */
export type FilterType = 'text' | 'flag' | 'instant' | 'size' | 'guid' | 'proxy' | 'recipient' | 'group'

/** One property that filters compare and lists are sorted by. */
export interface FilterProperty {
  readonly name: string
  readonly type: FilterType
  readonly many: boolean
  /** Under which the store keeps it. */
  readonly facet: string
  /** Of `group` nothing is kept with the recipient. */
  readonly get: (recipient: Recipient) => string | number | boolean | readonly string[] | undefined
}

type Get = FilterProperty['get']
const row = (name: string, type: FilterType, get: Get, facet = name): FilterProperty => ({ name, type, many: false, facet, get })
const list = (name: string, type: FilterType, get: (recipient: Recipient) => readonly string[] | undefined): FilterProperty => ({ name, type, many: true, facet: name, get }) // prettier-ignore
const text = (name: string, get: Get, facet?: string) => row(name, 'text', get, facet)
const flag = (name: string, get: (recipient: Recipient) => boolean | undefined) => row(name, 'flag', (one) => get(one) === true)
const proxy = (address: string | undefined) => (address ? `smtp:${address}` : undefined)
const keptText = (name: string) => text(name, ({ kept }) => (typeof kept?.[name] === 'string' ? kept[name] : undefined))
const keptFlag = (name: string) => flag(name, ({ kept }) => kept?.[name] === true)
const custom = Array.from({ length: 15 }, (_, index) => `CustomAttribute${index + 1}`)
const extension = Array.from({ length: 5 }, (_, index) => `ExtensionCustomAttribute${index + 1}`)

/** Raise it when a property comes, goes or gets another meaning: then what is stored is brought up to date at the first search. */
export const filterVersion = 1

/** What Get-Recipient, Get-Mailbox, Get-User and their like filter by ("Filterable properties for the Filter parameter", Exchange's reference). */
export const filterProperties: readonly FilterProperty[] = [
  text('Name', ({ name, displayName }) => name ?? displayName, 'name'),
  text('DisplayName', ({ displayName }) => displayName, 'displayName'),
  text('Alias', ({ alias }) => alias, 'alias'),
  text('PrimarySmtpAddress', ({ address }) => address, 'address'),
  text('WindowsEmailAddress', ({ address }) => address, 'address'),
  list('EmailAddresses', 'proxy', ({ proxyAddresses }) => proxyAddresses),
  text('UserPrincipalName', ({ userPrincipalName }) => userPrincipalName),
  text('SamAccountName', ({ alias }) => alias, 'alias'),
  text('SimpleDisplayName', ({ simpleDisplayName }) => simpleDisplayName),
  text('FirstName', ({ firstName }) => firstName),
  text('LastName', ({ lastName }) => lastName),
  text('Initials', ({ initials }) => initials),
  text('Title', ({ title }) => title),
  text('Department', ({ department }) => department),
  text('Company', ({ company }) => company),
  text('Office', ({ office }) => office),
  text('StreetAddress', ({ street }) => street),
  text('City', ({ city }) => city),
  text('StateOrProvince', ({ state }) => state),
  text('PostalCode', ({ postalCode }) => postalCode),
  text('CountryOrRegion', ({ country }) => country),
  text('Phone', ({ phones }) => phones?.BusinessPhone),
  text('MobilePhone', ({ phones }) => phones?.MobilePhone),
  text('HomePhone', ({ phones }) => phones?.HomePhone),
  text('Fax', ({ phones }) => phones?.BusinessFax),
  text('Pager', ({ phones }) => phones?.Pager),
  text('AssistantName', ({ assistant }) => assistant),
  text('WebPage', ({ webPage }) => webPage),
  text('Notes', ({ notes }) => notes),
  row('Manager', 'recipient', ({ manager }) => manager),
  { name: 'MemberOfGroup', type: 'group', many: true, facet: 'member', get: () => undefined },
  list('ManagedBy', 'recipient', ({ managedBy }) => managedBy),
  list('GrantSendOnBehalfTo', 'recipient', ({ sendOnBehalf }) => sendOnBehalf),
  list('AcceptMessagesOnlyFromSendersOrMembers', 'recipient', ({ acceptMessagesOnlyFrom }) => acceptMessagesOnlyFrom),
  list('RejectMessagesFromSendersOrMembers', 'recipient', ({ rejectMessagesFrom }) => rejectMessagesFrom),
  text('RecipientType', (recipient) => recipientTypeOf(recipient).type),
  text('RecipientTypeDetails', (recipient) => recipientTypeOf(recipient).details),
  flag('HiddenFromAddressListsEnabled', ({ hiddenFromAddressLists }) => hiddenFromAddressLists),
  row('ForwardingAddress', 'recipient', ({ forwardTo }) => forwardTo),
  row('ForwardingSmtpAddress', 'proxy', ({ forwardingAddress }) => proxy(forwardingAddress)),
  flag('DeliverToMailboxAndForward', ({ deliverAndForward }) => deliverAndForward),
  row('ExternalEmailAddress', 'proxy', ({ externalAddress }) => proxy(externalAddress)),
  row('RemoteRoutingAddress', 'proxy', ({ externalAddress, remoteMailbox }) => proxy(remoteMailbox && externalAddress)),
  ...custom.map((name) => text(name, ({ customAttributes }) => customAttributes?.[name])),
  ...extension.map((name) => list(name, 'text', ({ extensionAttributes }) => extensionAttributes?.[name])),
  row('WhenCreated', 'instant', ({ created }) => created),
  row('WhenCreatedUTC', 'instant', ({ created }) => created, 'WhenCreated'),
  row('WhenMailboxCreated', 'instant', ({ created, mailbox }) => (mailbox ? created : undefined)),
  row('WhenChanged', 'instant', ({ changed }) => changed),
  row('WhenChangedUTC', 'instant', ({ changed }) => changed, 'WhenChanged'),
  row('Guid', 'guid', ({ id }) => id),
  row('ExternalDirectoryObjectId', 'guid', ({ id }) => id, 'Guid'),
  row('ExchangeGuid', 'guid', ({ mailbox, publicFolders }) => publicFolders ?? mailbox),
  text('Sid', ({ sid }) => sid),
  text('LegacyExchangeDN', ({ legacyExchangeDn }) => legacyExchangeDn),
  row('IssueWarningQuota', 'size', ({ quotas, mailbox }) => (mailbox ? (quotas?.issueWarning ?? unlimited) : undefined)),
  row('ProhibitSendQuota', 'size', ({ quotas, mailbox }) => (mailbox ? (quotas?.prohibitSend ?? unlimited) : undefined)),
  row('ProhibitSendReceiveQuota', 'size', ({ quotas, mailbox }) => (mailbox ? (quotas?.prohibitSendReceive ?? unlimited) : undefined)),
  row('MaxReceiveSize', 'size', ({ maxReceiveSize }) => maxReceiveSize ?? unlimited),
  flag('RequireSenderAuthenticationEnabled', ({ requireSenderAuthentication }) => requireSenderAuthentication),
  flag('ModerationEnabled', ({ moderationEnabled }) => moderationEnabled),
  flag('AccountDisabled', ({ accountDisabled }) => accountDisabled),
  flag('IsMailboxEnabled', ({ mailbox, publicFolders }) => mailbox !== '' || publicFolders !== undefined),
  flag('IsShared', ({ kind }) => kind === 'SharedMailbox'),
  flag('IsResource', ({ kind }) => kind === 'RoomMailbox' || kind === 'EquipmentMailbox'),
  flag('EwsEnabled', ({ mailbox, ewsDisabled }) => mailbox !== '' && ewsDisabled !== true),
  text('ResourceType', ({ kind }) => (kind === 'RoomMailbox' ? 'Room' : kind === 'EquipmentMailbox' ? 'Equipment' : undefined)),
  row('ResourceCapacity', 'size', ({ capacity }) => capacity),
  text('MailTip', ({ mailTip }) => mailTip),
  text('RoleAssignmentPolicy', ({ roleAssignmentPolicy }) => roleAssignmentPolicy),
  text('AuthenticationPolicy', ({ authenticationPolicy }) => authenticationPolicy),
  ...['LitigationHoldEnabled', 'AuditEnabled', 'SingleItemRecoveryEnabled', 'RetentionHoldEnabled', 'CalendarVersionStoreDisabled'].map(
    keptFlag,
  ),
  ...['RetentionPolicy', 'LitigationHoldOwner', 'AddressBookPolicy', 'RetentionComment', 'ThrottlingPolicy'].map(keptText),
]

/** Without limit, as a number that is larger than every size. */
export const unlimited = Number.MAX_SAFE_INTEGER

const byName = new Map(filterProperties.map((property) => [property.name.toLowerCase(), property]))

/** The property of this name, in whatever case. */
export function filterProperty(name: string): FilterProperty | undefined {
  return byName.get(name.toLowerCase())
}
