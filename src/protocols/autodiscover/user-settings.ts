import type { UserSetting } from '#schema'
import { serverVersionText, type Endpoints } from './endpoints.ts'
import { archivesOf, type Person } from './look-up.ts'

type Give = (person: Person, endpoints: Endpoints) => UserSetting | undefined

const string = (Name: string, give: (person: Person, endpoints: Endpoints) => string): [string, Give] => [
  Name,
  (person, endpoints) => ({ is: 'StringSetting', value: { Name, Value: give(person, endpoints) } }),
]
const smtp = (Name: string): [string, Give] => [
  Name,
  (_, endpoints) =>
    endpoints.smtp && {
      is: 'ProtocolConnectionCollectionSetting',
      value: { Name, ProtocolConnections: [{ EncryptionMethod: 'TLS', Hostname: endpoints.smtp.host, Port: endpoints.smtp.port }] },
    },
]
const host = (_: Person, { base }: Endpoints) => new URL(base).hostname
const ews = (_: Person, endpoints: Endpoints) => endpoints.ews
const version = serverVersionText
const schemas =
  'Exchange2007, Exchange2007_SP1, Exchange2010, Exchange2010_SP1, Exchange2010_SP2, Exchange2013, Exchange2013_SP1, Exchange2016'

/** One row a setting that this server can give ([MS-OXWSADISC] 3.1.4.2); the others are not available, and say so. */
export const userSettings: ReadonlyMap<string, Give> = new Map<string, Give>([
  string('UserDisplayName', ({ recipient }) => recipient.displayName),
  string('UserDN', ({ recipient }) => recipient.legacyExchangeDn),
  string('UserDeploymentId', ({ recipient }) => recipient.organisation),
  string('AutoDiscoverSMTPAddress', ({ recipient }) => recipient.address),
  string('UserMSOnline', () => 'False'),
  string('MailboxDN', ({ recipient }) => recipient.legacyExchangeDn),
  string('InternalMailboxServer', host),
  string('ExternalMailboxServer', host),
  string('ExternalMailboxServerRequiresSSL', (_, { base }) => (base.startsWith('https:') ? 'True' : 'False')),
  string('ExternalMailboxServerAuthenticationMethods', () => 'Basic'),
  string('InternalEwsUrl', ews),
  string('ExternalEwsUrl', ews),
  string('EwsPartnerUrl', ews),
  string('ExternalEwsVersion', version),
  string('CasVersion', version),
  string('EwsSupportedSchemas', () => schemas),
  string('MobileSyncServer', (_, { activeSync }) => activeSync),
  smtp('InternalSmtpConnections'),
  smtp('ExternalSmtpConnections'),
  ['AlternateMailboxes', alternateMailboxes],
])

function alternateMailboxes(person: Person, { base }: Endpoints): UserSetting {
  const Server = new URL(base).hostname
  const archives = archivesOf(person).map(({ owner, archive }) => ({
    DisplayName: archive.name,
    LegacyDN: `${owner.legacyExchangeDn}/guid=${archive.mailbox}`,
    OwnerSmtpAddress: owner.address,
    Server,
    Type: 'Archive',
  }))
  const others = person.alternates.map(({ displayName, legacyExchangeDn, address }) => ({
    DisplayName: displayName,
    LegacyDN: legacyExchangeDn,
    OwnerSmtpAddress: address,
    Server,
    SmtpAddress: address,
    Type: 'Delegate',
  }))
  const AlternateMailboxes = [...archives, ...others]
  return { is: 'AlternateMailboxCollectionSetting', value: { Name: 'AlternateMailboxes', AlternateMailboxes } }
}

/** Settings of a domain ([MS-OXWSADISC] 3.1.4.1). */
export const domainSettings: ReadonlyMap<string, (endpoints: Endpoints) => string> = new Map([
  ['ExternalEwsUrl', (endpoints: Endpoints) => endpoints.ews],
  ['ExternalEwsVersion', version],
])
