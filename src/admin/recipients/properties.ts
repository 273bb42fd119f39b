// table
import { domainOf, recipientTypeOf, usesDatabaseQuotas, type Recipient } from '#directory'
import { ByteSize, Refusal } from '#model'
import { holdProperties } from '../holds/mailbox-properties.ts'
import * as take from '../registry/parameter.ts'
import { emailAddresses, outsideAddress, primaryAddress } from './addresses.ts'
import { auditProperties } from './auditing.ts'
import { nameOf } from './find.ts'
import { mailTip, mailTipTranslations } from './mail-tips.ts'
import type { Noun } from './nouns.ts'
import { archiveProperties } from './archive.ts'
import { retentionPolicy } from './retention-policy.ts'
import {
  actingFlag,
  actingInstant,
  entry,
  flag,
  keptCount,
  keptFlag,
  keptList,
  keptSize,
  keptName,
  keptText,
  keptWord,
  plainText,
  reference,
  references,
  shown,
  size,
  text,
  textList,
  type RecipientProperty,
} from './property.ts'

const everybody: readonly Noun[] = ['Mailbox', 'User', 'MailUser', 'RemoteMailbox', 'MailContact', 'Contact', 'DistributionGroup', 'Group', 'CASMailbox', 'Recipient'] // prettier-ignore
const mail: readonly Noun[] = ['Mailbox', 'MailUser', 'RemoteMailbox', 'MailContact', 'DistributionGroup']
const elsewhere: readonly Noun[] = ['MailUser', 'RemoteMailbox', 'MailContact']
const person: readonly Noun[] = ['User', 'Contact']
const box: readonly Noun[] = ['Mailbox']
const made = ['Mailbox', 'User', 'MailUser', 'RemoteMailbox', 'MailContact', 'DistributionGroup'] as const
const listed = { shown: ['Recipient'] } as const
const accounts = ['Mailbox', 'User', 'MailUser', 'RemoteMailbox'] as const

const alias: RecipientProperty = {
  name: 'Alias',
  nouns: mail,
  made: ['Mailbox', 'MailUser', 'RemoteMailbox', 'MailContact', 'DistributionGroup'],
  shown: ['Recipient', 'User', 'Contact', 'Group', 'CASMailbox'],
  parameter: take.optional(take.string()),
  get: ({ alias: one }) => one,
  set: (value) => {
    const written = plainText('Alias', value, 64)
    if (!/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(written)) {
      throw new Refusal('InvalidParameter', `-Alias must be letters, digits and . - _ without spaces: '${written}' is not.`, { parameter: 'Alias' }) // prettier-ignore
    }
    return () => ({ alias: written })
  },
}

const named = (name: 'Name' | 'DisplayName', field: 'name' | 'displayName', nouns: readonly Noun[]): RecipientProperty => ({
  ...text(name, field, { nouns, shown: everybody.filter((noun) => !nouns.includes(noun)), ...(name === 'DisplayName' ? { made } : {}) }),
  parameter: take.optional(take.string()),
  get: (recipient) => (field === 'name' ? nameOf(recipient) : recipient.displayName),
  set: (value) => {
    const written = plainText(name, value, name === 'Name' ? 64 : 256)
    if (written === '') throw new Refusal('InvalidParameter', `-${name} must not be empty.`, { parameter: name })
    return () => ({ [field]: written })
  },
})

/** Kept with the mailbox's recipient, where delivery, sending and Get-MailboxStatistics find them (`mailbox/settings/quotas`). */
const limits = (names: readonly [string, 'issueWarning' | 'prohibitSend' | 'prohibitSendReceive'][]): RecipientProperty[] =>
  names.map(([name, key]) => {
    const put = ({ quotas }: Pick<Recipient, 'quotas'>, bytes: number | undefined) => {
      const { [key]: _, ...others } = quotas ?? {}
      return { quotas: bytes === undefined ? others : { ...others, [key]: bytes } }
    }
    return size(name, { nouns: box }, ({ quotas }) => quotas?.[key], put)
  })

/** Kept by name, where deleting finds them (`mailbox/recoverable/keeping`): their own where set, Unlimited too, else the database's. */
const recoverableLimit = (name: 'RecoverableItemsWarningQuota' | 'RecoverableItemsQuota'): RecipientProperty => ({
  ...size(
    name,
    { nouns: box },
    ({ kept }) => ByteSize.parse(String(kept?.[name] ?? ''))?.bytes,
    () => ({}),
  ),
  set:
    (value) =>
    ({ kept }) => {
      const { [name]: _, ...others } = kept ?? {}
      return { kept: value instanceof ByteSize ? { ...others, [name]: value.toString() } : others }
    },
})

const instant = (value: number | undefined) => (value === undefined ? null : new Date(value))
const receivers: readonly Noun[] = mail

/** One row a property, in the order in which it is shown. */
export const recipientProperties: readonly RecipientProperty[] = [
  shown('Identity', everybody, nameOf),
  named('Name', 'name', ['Mailbox', 'User', 'MailUser', 'RemoteMailbox', 'MailContact', 'Contact', 'DistributionGroup', 'Group']),
  named('DisplayName', 'displayName', ['Mailbox', 'User', 'MailUser', 'RemoteMailbox', 'MailContact', 'Contact', 'DistributionGroup', 'Group']), // prettier-ignore
  alias,
  shown('SamAccountName', [...accounts, 'CASMailbox', 'DistributionGroup', 'Group'], ({ alias: one }) => one),
  shown('RecipientType', everybody, (recipient) => recipientTypeOf(recipient).type),
  shown('RecipientTypeDetails', everybody, (recipient) => recipientTypeOf(recipient).details),
  primaryAddress('PrimarySmtpAddress', { nouns: mail, made: ['Mailbox', 'MailUser', 'RemoteMailbox', 'MailContact', 'DistributionGroup'], shown: ['Recipient', 'CASMailbox'] }), // prettier-ignore
  primaryAddress('WindowsEmailAddress', { nouns: [...mail, 'User', 'Contact', 'Group'] }),
  emailAddresses({ nouns: mail, shown: ['Recipient', 'CASMailbox'] }),
  keptFlag('EmailAddressPolicyEnabled', { nouns: mail, ...listed }),
  outsideAddress('ExternalEmailAddress', 'externalAddress', { nouns: ['MailUser', 'MailContact'], shown: ['Recipient', 'RemoteMailbox'] }),
  outsideAddress('RemoteRoutingAddress', 'externalAddress', { nouns: ['RemoteMailbox'] }, true),
  {
    ...text('UserPrincipalName', 'userPrincipalName', { nouns: accounts }),
    parameter: take.optional(take.string()),
    set: (value) => {
      const name = plainText('UserPrincipalName', value, 320).toLowerCase()
      if (domainOf(name) === '') throw new Refusal('InvalidParameter', `-UserPrincipalName must be as name@domain: '${name}' is not.`, { parameter: 'UserPrincipalName' }) // prettier-ignore
      return () => ({ userPrincipalName: name })
    },
  },
  text('FirstName', 'firstName', { nouns: person, made, ...listed }, 64),
  text('LastName', 'lastName', { nouns: person, made, ...listed }, 64),
  text('Initials', 'initials', { nouns: person, made }, 6),
  text('SimpleDisplayName', 'simpleDisplayName', { nouns: [...mail, 'User', 'Contact', 'Group'] }),
  text('Title', 'title', { nouns: person, ...listed }, 128),
  text('Department', 'department', { nouns: person, ...listed }, 64),
  text('Company', 'company', { nouns: person, ...listed }, 64),
  reference('Manager', 'manager', { nouns: person, ...listed }),
  text('Office', 'office', { nouns: [...person, 'Mailbox'], ...listed }, 128),
  text('StreetAddress', 'street', { nouns: person }, 1024, true),
  text('City', 'city', { nouns: person, ...listed }, 128),
  text('StateOrProvince', 'state', { nouns: person, ...listed }, 128),
  text('PostalCode', 'postalCode', { nouns: person, ...listed }, 40),
  text('CountryOrRegion', 'country', { nouns: person, ...listed }, 64),
  entry('Phone', 'phones', 'BusinessPhone', { nouns: person, ...listed }),
  entry('MobilePhone', 'phones', 'MobilePhone', { nouns: person }),
  entry('HomePhone', 'phones', 'HomePhone', { nouns: person }),
  entry('Fax', 'phones', 'BusinessFax', { nouns: person }),
  entry('Pager', 'phones', 'Pager', { nouns: person }),
  text('AssistantName', 'assistant', { nouns: person }),
  text('WebPage', 'webPage', { nouns: person }, 2048),
  text('Notes', 'notes', { nouns: [...person, 'DistributionGroup', 'Group'], made: ['DistributionGroup'], ...listed }, 1024, true),
  flag('HiddenFromAddressListsEnabled', 'hiddenFromAddressLists', { nouns: mail, ...listed }),
  reference('ForwardingAddress', 'forwardTo', { nouns: box }),
  outsideAddress('ForwardingSmtpAddress', 'forwardingAddress', { nouns: box }),
  flag('DeliverToMailboxAndForward', 'deliverAndForward', { nouns: box }),
  references('GrantSendOnBehalfTo', 'sendOnBehalf', { nouns: ['Mailbox', 'MailUser', 'DistributionGroup', 'RemoteMailbox'] }),
  references('AcceptMessagesOnlyFromSendersOrMembers', 'acceptMessagesOnlyFrom', { nouns: receivers }),
  references('AcceptMessagesOnlyFrom', 'acceptMessagesOnlyFrom', { nouns: receivers }, 'people'),
  references('AcceptMessagesOnlyFromDLMembers', 'acceptMessagesOnlyFrom', { nouns: receivers }, 'groups'),
  references('RejectMessagesFromSendersOrMembers', 'rejectMessagesFrom', { nouns: receivers }),
  references('RejectMessagesFrom', 'rejectMessagesFrom', { nouns: receivers }, 'people'),
  references('RejectMessagesFromDLMembers', 'rejectMessagesFrom', { nouns: receivers }, 'groups'),
  flag('RequireSenderAuthenticationEnabled', 'requireSenderAuthentication', { nouns: receivers, made: ['DistributionGroup'] }),
  flag('ModerationEnabled', 'moderationEnabled', { nouns: ['DistributionGroup'] }),
  mailTip({ nouns: mail }),
  mailTipTranslations({ nouns: mail }),
  keptSize('MaxSendSize', { nouns: mail }),
  size('MaxReceiveSize', { nouns: mail }, ({ maxReceiveSize }) => maxReceiveSize, (_, bytes) => ({ maxReceiveSize: bytes })), // prettier-ignore
  ...limits([
    ['IssueWarningQuota', 'issueWarning'],
    ['ProhibitSendQuota', 'prohibitSend'],
    ['ProhibitSendReceiveQuota', 'prohibitSendReceive'],
  ]),
  recoverableLimit('RecoverableItemsWarningQuota'),
  recoverableLimit('RecoverableItemsQuota'),
  {
    ...shown('UseDatabaseQuotaDefaults', box, usesDatabaseQuotas),
    readOnly: false,
    parameter: take.optional(take.boolean(), {
      summary: 'It goes by the quotas of its database; so it does unless it has some of its own.',
    }),
    set: (value) => () => ({ databaseQuotas: value === true }),
  },
  ...Array.from({ length: 15 }, (_, index) => `CustomAttribute${index + 1}`).map((name) => entry(name, 'customAttributes', name, { nouns: mail, ...listed })), // prettier-ignore
  ...Array.from({ length: 5 }, (_, index) => `ExtensionCustomAttribute${index + 1}`).map((name) => textList(name, { nouns: mail, ...listed })), // prettier-ignore
  {
    ...shown('ResourceCapacity', box, ({ capacity }) => capacity ?? null),
    readOnly: false,
    made: box,
    parameter: take.optional(take.nullable(take.number())),
    set: (value) => {
      if (value !== null && (Number(value) < 0 || Number(value) > 1_000_000)) {
        throw new Refusal('InvalidParameter', '-ResourceCapacity must be a number from 0 to 1000000.', { parameter: 'ResourceCapacity' })
      }
      return () => ({ capacity: value === null ? undefined : Number(value) })
    },
  },
  shown('IsResource', box, ({ kind }) => kind === 'RoomMailbox' || kind === 'EquipmentMailbox'),
  shown('IsShared', box, ({ kind }) => kind === 'SharedMailbox'),
  shown('IsMailboxEnabled', box, ({ mailbox, publicFolders }) => mailbox !== '' || publicFolders !== undefined),
  shown('IsRootPublicFolderMailbox', box, ({ publicFolderRoot }) => publicFolderRoot === true),
  flag('AccountDisabled', 'accountDisabled', { nouns: box, shown: ['User', 'MailUser'] }),
  text('RoleAssignmentPolicy', 'roleAssignmentPolicy', { nouns: box, made: box }, 64),
  text('AuthenticationPolicy', 'authenticationPolicy', { nouns: ['User'] }, 64),
  keptFlag('ResetPasswordOnNextLogon', { nouns: ['User'], made: ['Mailbox', 'MailUser', 'RemoteMailbox'] }),
  actingFlag('MessageCopyForSentAsEnabled', { nouns: box }),
  actingFlag('MessageCopyForSendOnBehalfEnabled', { nouns: box }),
  ...auditProperties,
  ...holdProperties,
  keptText('RetentionComment', { nouns: box }),
  keptText('RetentionUrl', { nouns: box }),
  retentionPolicy({ nouns: box, made: box }),
  actingFlag('RetentionHoldEnabled', { nouns: box }, 'Retention policies wait: nothing is moved or deleted by its age.'),
  actingInstant('StartDateForRetentionHold', { nouns: box }, 'From when the retention hold holds; absent = at once.'),
  actingInstant('EndDateForRetentionHold', { nouns: box }, 'Until when it holds; absent = until it is taken away.'),
  ...archiveProperties(box),
  actingFlag('CalendarVersionStoreDisabled', { nouns: box }, 'The mailbox does not remember changes of its calendar items.'),
  keptName('AddressBookPolicy', { nouns: box }),
  keptName('ThrottlingPolicy', { nouns: [...box, 'CASMailbox'] }),
  keptCount('RecipientLimits', { nouns: ['Mailbox', 'MailUser'] }),
  keptCount('RulesQuota', { nouns: box }),
  keptList('Languages', { nouns: box }),
  keptFlag('UseMapiRichTextFormat', { nouns: elsewhere }),
  keptFlag('RemotePowerShellEnabled', { nouns: ['User'], made: [] }, true),
  references('ManagedBy', 'managedBy', { nouns: ['DistributionGroup', 'Group'], made: ['DistributionGroup'], ...listed }),
  keptWord('MemberJoinRestriction', { nouns: ['DistributionGroup'], made: ['DistributionGroup'] }, ['Closed', 'Open', 'ApprovalRequired']),
  keptWord('MemberDepartRestriction', { nouns: ['DistributionGroup'], made: ['DistributionGroup'] }, ['Open', 'Closed']),
  keptFlag('ReportToManagerEnabled', { nouns: ['DistributionGroup'] }),
  keptFlag('ReportToOriginatorEnabled', { nouns: ['DistributionGroup'] }, true),
  keptFlag('SendOofMessageToOriginatorEnabled', { nouns: ['DistributionGroup'] }),
  shown('GroupType', ['DistributionGroup', 'Group'], ({ security }) => (security ? 'Universal, SecurityEnabled' : 'Universal')),
  shown('Members', ['Group'], async ({ members }, { directory, organisation }) => {
    const found = await Promise.all(members.slice(0, 1000).map((id) => directory.recipient(organisation, id)))
    return found.flatMap((one) => (one ? [nameOf(one)] : []))
  }),
  flag('EwsEnabled', 'ewsDisabled', { nouns: ['CASMailbox'] }, true),
  ...['ActiveSyncEnabled', 'OWAEnabled', 'PopEnabled', 'ImapEnabled', 'MAPIEnabled', 'OWAforDevicesEnabled'].map((name) => keptFlag(name, { nouns: ['CASMailbox'] }, true)), // prettier-ignore
  keptList('EwsAllowList', { nouns: ['CASMailbox'] }),
  keptList('EwsBlockList', { nouns: ['CASMailbox'] }),
  keptWord('EwsApplicationAccessPolicy', { nouns: ['CASMailbox'] }, ['', 'EnforceAllowList', 'EnforceBlockList']),
  keptName('ActiveSyncMailboxPolicy', { nouns: ['CASMailbox'] }, 'Default'),
  keptName('OwaMailboxPolicy', { nouns: ['CASMailbox'] }, 'Default'),
  shown('ExchangeGuid', ['Mailbox', 'Recipient'], ({ mailbox, publicFolders }) => publicFolders ?? mailbox),
  shown('Sid', accounts, ({ sid }) => sid),
  shown('LegacyExchangeDN', [...mail, 'User', 'CASMailbox'], ({ legacyExchangeDn }) => legacyExchangeDn),
  shown('Guid', everybody, ({ id }) => id),
  shown('ExternalDirectoryObjectId', ['Mailbox', 'User', 'MailUser', 'Recipient'], ({ id }) => id),
  shown('WhenCreated', everybody, ({ created }) => instant(created)),
  shown('WhenChanged', everybody, ({ changed }) => instant(changed)),
  shown('WhenMailboxCreated', box, ({ created }) => instant(created)),
  shown('Organization', everybody, ({ organisation }) => organisation),
]

const shownOf = new Map<Noun, readonly RecipientProperty[]>()
/** The rows that a noun shows. */
export function shownBy(noun: Noun): readonly RecipientProperty[] {
  const known = shownOf.get(noun)
  if (known) return known
  const rows = recipientProperties.filter((row) => row.nouns.includes(noun) || row.shown?.includes(noun))
  shownOf.set(noun, rows)
  return rows
}
/** The rows that Set- of a noun takes. */
export const setBy = (noun: Noun): RecipientProperty[] => recipientProperties.filter((row) => !row.readOnly && row.nouns.includes(noun))
/** The rows that New- or Enable- of a noun takes. */
export const madeBy = (noun: Noun): RecipientProperty[] => recipientProperties.filter((row) => row.made?.includes(noun))
