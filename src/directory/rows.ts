import type { ObjectRow, WriteTx } from '#store'
import type { AcceptedDomain, Organisation, Recipient, RecipientKind } from './contract.ts'
import { facetsOf } from './filter/facets.ts'
import { filterVersion } from './filter/properties.ts'
import { splitProxy, wordsOf } from './names.ts'

export const recipientKinds = [
  'UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox', 'MailUser', 'MailContact', 'DistributionGroup', 'RoomList',
  'User', 'Contact', 'Group', 'PublicFolderMailbox', 'DiscoveryMailbox',
] as const satisfies readonly RecipientKind[] // prettier-ignore

/** Mailboxes that are somebody's: those of public folders are not among them. */
export const mailboxKinds: readonly RecipientKind[] = [
  'UserMailbox',
  'SharedMailbox',
  'RoomMailbox',
  'EquipmentMailbox',
  'DiscoveryMailbox',
]
export const groupKinds: readonly RecipientKind[] = ['DistributionGroup', 'RoomList']

/** What the root of an organisation's public folders is found by: keys are unique, so that there is never a second. */
export const publicFolderRootKey = 'publicfolders:root'

type SavedObject = Parameters<WriteTx['objects']['save']>[0]

/** Those without mail: found by their name and account, never by an address. */
export const mailless: readonly RecipientKind[] = ['User', 'Contact', 'Group']

/** The recipient's stored form: its unique keys, search tokens and references. */
export function recipientObject(recipient: Recipient, version?: number): SavedObject {
  const { id, organisation, kind, ...data } = recipient
  return {
    organisation,
    kind,
    id,
    name: recipient.displayName,
    data,
    ...(version === undefined ? {} : { version }),
    keys: keysOf(recipient),
    search: searchTokens(recipient),
    references: {
      member: recipient.members,
      manager: recipient.manager ? [recipient.manager] : [],
      fullAccess: recipient.fullAccess,
      sendAs: recipient.sendAs,
      sendOnBehalf: recipient.sendOnBehalf,
    },
    facets: { version: filterVersion, values: facetsOf(recipient) },
  }
}

function keysOf(recipient: Recipient): string[] {
  const keys = new Set([`recipient:${recipient.id}`, `sid:${recipient.sid.toLowerCase()}`])
  if (recipient.alias) keys.add(`alias:${recipient.alias.toLowerCase()}`)
  if (recipient.mailbox) keys.add(`mailbox:${recipient.mailbox}`)
  if (recipient.publicFolders) keys.add(`mailbox:${recipient.publicFolders}`)
  if (recipient.publicFolderRoot) keys.add(publicFolderRootKey)
  if (recipient.archive) keys.add(`mailbox:${recipient.archive.mailbox}`)
  if (recipient.userPrincipalName) keys.add(`upn:${recipient.userPrincipalName.toLowerCase()}`)
  keys.add(`legacydn:${recipient.legacyExchangeDn.toLowerCase()}`)
  for (const proxy of recipient.proxyAddresses) {
    const { type, value } = splitProxy(proxy)
    if (type === 'smtp') keys.add(`address:${value.toLowerCase()}`)
    else if (type === 'x500') keys.add(`legacydn:${value.toLowerCase()}`)
  }
  return [...keys]
}

/** What name resolution looks at: words of the names, the alias and every SMTP address. Hidden recipients have none. */
export function searchTokens(recipient: Recipient): string[] {
  if (recipient.hiddenFromAddressLists || mailless.includes(recipient.kind)) return []
  const texts = [recipient.displayName, recipient.firstName, recipient.lastName, recipient.alias, recipient.address]
  for (const proxy of recipient.proxyAddresses) {
    const { type, value } = splitProxy(proxy)
    if (type === 'smtp') texts.push(value)
  }
  return [...new Set(texts.flatMap((text) => (text ? wordsOf(text) : [])))]
}

export function recipientOf(row: ObjectRow): Recipient {
  return { ...(row.data as unknown as Omit<Recipient, 'id' | 'organisation' | 'kind'>), ...identityOf(row) }
}

function identityOf(row: ObjectRow): Pick<Recipient, 'id' | 'organisation' | 'kind'> {
  return { id: row.id, organisation: row.organisation, kind: row.kind as RecipientKind }
}

export function isRecipient(row: ObjectRow | undefined): row is ObjectRow {
  return row !== undefined && (recipientKinds as readonly string[]).includes(row.kind)
}

export function organisationObject(organisation: Organisation, sid: string): SavedObject {
  return {
    organisation: organisation.id,
    kind: 'Organization',
    id: organisation.id,
    name: organisation.name,
    data: {
      legacyDn: organisation.legacyDn,
      defaultDomain: organisation.defaultDomain,
      settings: organisation.settings,
      sid,
    },
    keys: [`organisation:${organisation.name.toLowerCase()}`],
    globalKeys: [`organisation:${organisation.name.toLowerCase()}`],
  }
}

export function organisationOf(row: ObjectRow): Organisation {
  const data = row.data as Pick<Organisation, 'legacyDn' | 'defaultDomain' | 'settings'>
  return { id: row.id, name: row.name, legacyDn: data.legacyDn, defaultDomain: data.defaultDomain, settings: data.settings }
}

export function domainObject(domain: AcceptedDomain, id: string): SavedObject {
  const key = `domain:${domain.domain}`
  return {
    organisation: domain.organisation,
    kind: 'AcceptedDomain',
    id,
    name: domain.domain,
    data: { type: domain.type },
    keys: [key],
    globalKeys: [key],
  }
}

export function domainRowOf(row: ObjectRow): AcceptedDomain {
  return { organisation: row.organisation, domain: row.name, type: row.data.type as AcceptedDomain['type'] }
}
