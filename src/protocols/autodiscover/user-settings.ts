import { serverVersion, type Endpoints } from './endpoints.ts'
import type { Person } from './look-up.ts'

/** A setting's value in one of the forms of [MS-OXWSADISC] 2.2.4.37 ff. */
export type SettingValue =
  | { string: string }
  | { connections: { encryption: string; host: string; port: number }[] }
  | { mailboxes: { displayName: string; legacyDn: string; server: string; address: string }[] }

type Give = (person: Person, endpoints: Endpoints) => SettingValue | undefined

const string = (give: (person: Person, endpoints: Endpoints) => string): Give => {
  return (person, endpoints) => ({ string: give(person, endpoints) })
}
const host: Give = (_, { base }) => ({ string: new URL(base).hostname })
const ews = string((_, endpoints) => endpoints.ews)
const smtp: Give = (_, endpoints) =>
  endpoints.smtp && { connections: [{ encryption: 'TLS', host: endpoints.smtp.host, port: endpoints.smtp.port }] }

/** One row a setting that this server can give ([MS-OXWSADISC] 3.1.4.2.3); the others are not available, and say so. */
export const userSettings: ReadonlyMap<string, Give> = new Map<string, Give>([
  ['UserDisplayName', string(({ recipient }) => recipient.displayName)],
  ['UserDN', string(({ recipient }) => recipient.legacyExchangeDn)],
  ['UserDeploymentId', string(({ recipient }) => recipient.organisation)],
  ['AutoDiscoverSMTPAddress', string(({ recipient }) => recipient.address)],
  ['UserMSOnline', string(() => 'False')],
  ['MailboxDN', string(({ recipient }) => recipient.legacyExchangeDn)],
  ['InternalMailboxServer', host],
  ['ExternalMailboxServer', host],
  ['ExternalMailboxServerRequiresSSL', string((_, { base }) => (base.startsWith('https:') ? 'True' : 'False'))],
  ['ExternalMailboxServerAuthenticationMethods', string(() => 'Basic')],
  ['InternalEwsUrl', ews],
  ['ExternalEwsUrl', ews],
  ['ExternalEwsVersion', string(() => serverVersion)],
  ['CasVersion', string(() => serverVersion)],
  ['EwsSupportedSchemas', string(() => 'Exchange2007, Exchange2007_SP1, Exchange2010, Exchange2010_SP1, Exchange2010_SP2, Exchange2013, Exchange2013_SP1, Exchange2016')],
  ['EwsPartnerUrl', ews],
  ['InternalSmtpConnections', smtp],
  ['ExternalSmtpConnections', smtp],
  ['MobileSyncServer', string((_, { activeSync }) => activeSync)],
  ['AlternateMailboxes', ({ alternates }, { base }) => ({
    mailboxes: alternates.map((one) => ({
      displayName: one.displayName,
      legacyDn: one.legacyExchangeDn,
      server: new URL(base).hostname,
      address: one.address,
    })),
  })],
]) // prettier-ignore

/** Settings of a domain ([MS-OXWSADISC] 3.1.4.1.3). */
export const domainSettings: ReadonlyMap<string, (endpoints: Endpoints) => string> = new Map([
  ['ExternalEwsUrl', (endpoints: Endpoints) => endpoints.ews],
  ['ExternalEwsVersion', () => serverVersion],
])
