/** What can be wrong between two premises, one setting at a time, and what is to be seen of it. */
import type { HttpReply } from '#access'
import type { Generation } from '#hybrid'
import type { HybridSites, Place } from '../support/hybrid-sites.ts'
import { connectSites, names, sideOf } from '../support/hybrid-sites.ts'
import { showCalendar } from './calendars.ts'
import { endsOf, type Direction } from './routes.ts'

export interface Broken {
  sites: HybridSites
  /** What a place answers at a protocol in place of the service. */
  instead: Map<`${Place} ${string}`, HttpReply>
  /** A port where nothing listens. */
  deadPort: number
}

/** One row a fault. */
export interface Fault {
  /** The setting that is broken. */
  setting: string
  by: Generation
  direction: Direction
  /** Breaks it, and gives what mends it. */
  breaks(broken: Broken): Promise<() => unknown>
  /** What the client sees. */
  code: string
  /** Words of the traces of the two sides. */
  cause: RegExp
  /** The generation that asks, when it is another one. */
  asks?: Generation | 'none'
}

const minutes = 60_000
const day = 86_400_000
export const page: HttpReply = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><html><p>Welcome<br></html>' }

/** Changes an object by its Set- cmdlet, and back. */
function set(end: 'from' | 'to', direction: Direction, noun: string, args: Record<string, unknown>, identity?: string): Fault['breaks'] {
  return async ({ sites }) => {
    const { side, relationship } = endsOf(sites, direction)[end]
    const named = noun === 'OrganizationRelationship' ? relationship : identity
    const Identity = named === undefined ? {} : { Identity: named }
    const [was = {}] = await side.invoke(`Get-${noun}`, Identity)
    await side.invoke(`Set-${noun}`, { ...Identity, ...args })
    const before = Object.fromEntries(Object.keys(args).map((name) => [name, was[name] === '' ? null : was[name]]))
    return () => side.invoke(`Set-${noun}`, { ...Identity, ...before })
  }
}

function clockOf(place: Place, apart: number): Fault['breaks'] {
  return async ({ sites }) => {
    expireTokens(sites)
    sites.clock.apart[place] = apart
    return () => (sites.clock.apart[place] = 0)
  }
}

function hostLeads(host: string): Fault['breaks'] {
  return async ({ sites, deadPort }) => {
    const was = sites.zone.get(host)
    sites.zone.set(host, { address: '127.0.0.1', port: deadPort })
    return () => was && sites.zone.set(host, was)
  }
}

function answers(place: Place, protocol: string, reply: HttpReply): Fault['breaks'] {
  return async ({ instead }) => {
    instead.set(`${place} ${protocol}`, reply)
    return () => instead.delete(`${place} ${protocol}`)
  }
}

/** Tokens that were got before are not good any more. */
function expireTokens({ clock }: HybridSites): void {
  clock.skew += 2 * 60 * minutes
}

/** Takes something from what the auth service knows of on-premises. */
async function principal({ sites }: Broken, remove: Record<string, unknown>, add: Record<string, unknown>) {
  const { invoke } = sideOf(sites.online, 'online')
  expireTokens(sites)
  await invoke('Set-ServicePrincipal', remove)
  return () => invoke('Set-ServicePrincipal', add)
}

const service = (status: number): HttpReply => ({ status, headers: { 'content-type': 'text/plain' }, body: 'No.' })
const refused = 'ErrorProxyRequestProcessingFailed'
const undiscovered = 'ErrorAutoDiscoverFailed'

const dauth: Fault[] = [
  {
    setting: 'TargetApplicationUri of the relationship: nobody’s',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'OrganizationRelationship', { TargetApplicationUri: 'FYDIBOHF25SPDLT.wrong.example' }),
    code: refused,
    cause: /auth service refused the token \(500\).*scope.*ApplicationUri is not registered: compare TargetApplicationUri/,
  },
  {
    setting: 'TargetApplicationUri of the relationship: another organisation’s',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'OrganizationRelationship', { TargetApplicationUri: 'FYDIBOHF25SPDLT.contoso.com' }),
    code: undiscovered,
    cause:
      /Autodiscover answered with a fault, \S*InvalidSecurity: An error occurred when verifying security for the message[^]*decrypt: the token is encrypted to a certificate that is not ours/,
  },
  {
    setting: 'Enabled of the relationship on the answering side',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('to', 'to online', 'OrganizationRelationship', { Enabled: false }),
    code: 'ErrorNoFreeBusyAccess',
    cause: /The organisation relationship 'Online to on-premises' is disabled/,
  },
  {
    setting: 'Enabled of the relationship on the asking side',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'OrganizationRelationship', { Enabled: false }),
    code: 'ErrorAddressSpaceNotFound',
    cause: /Configuration information for forest\/domain contoso\.online\.example could not be found.*Hybrid Configuration Wizard/,
    asks: 'none',
  },
  {
    setting: 'FreeBusyAccessLevel of the relationship on the answering side: None',
    by: 'DAuth',
    direction: 'to on-premises',
    breaks: set('to', 'to on-premises', 'OrganizationRelationship', { FreeBusyAccessLevel: 'None' }),
    code: 'ErrorNoFreeBusyAccess',
    cause: /'On-premises to online' lets contoso\.online\.example not see free\/busy: its level is None/,
  },
  {
    setting: 'FreeBusyAccessEnabled of the relationship on the answering side',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('to', 'to online', 'OrganizationRelationship', { FreeBusyAccessEnabled: false }),
    code: 'ErrorInvalidOrganizationRelationshipForFreeBusy',
    cause: /Free\/busy is not enabled in the organisation relationship 'Online to on-premises'/,
  },
  {
    setting: 'DomainNames of the relationship on the answering side: the asking domain is missing',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('to', 'to online', 'OrganizationRelationship', { DomainNames: ['other.example'] }),
    code: 'ErrorNoFreeBusyAccess',
    cause: /No organisation relationship here is for the domain contoso\.com/,
  },
  {
    setting: 'the clock of the asking side, behind the auth service',
    by: 'DAuth',
    direction: 'to online',
    breaks: clockOf('onPremises', -10 * minutes),
    code: refused,
    cause: /auth service refused the token.*message has expired.*Set the clocks/,
  },
  {
    setting: 'the clock of the answering side, behind the auth service',
    by: 'DAuth',
    direction: 'to online',
    breaks: clockOf('online', -10 * minutes),
    code: undiscovered,
    cause:
      /Autodiscover answered with a fault, \S*MessageExpired: An error occurred when verifying[^]*time: the message was created 600 s in the future/,
  },
  {
    setting: 'the federation certificate: expired',
    by: 'DAuth',
    direction: 'to online',
    async breaks({ sites }) {
      const { side, site } = endsOf(sites, 'to online').from
      const rollOver = async (days?: number) => {
        const { id } = site.organisation
        const made = await site.keyRing.make(id, { subject: 'Federation', services: ['Federation'], ...(days ? { days } : {}) })
        const [trust] = await side.invoke('Get-FederationTrust', {})
        await side.invoke('Set-FederationTrust', { Identity: trust?.Name, Thumbprint: made.thumbprint })
        await side.invoke('Set-FederationTrust', { Identity: trust?.Name, PublishFederationCertificate: true })
      }
      await rollOver(1)
      sites.clock.skew += 3 * day
      return () => rollOver()
    },
    code: 'ErrorInvalidFederatedOrganizationId',
    cause: /The federation certificate [0-9A-F]{40} expired on \d{4}-\d\d-\d\d\. Roll it over: Set-FederationTrust -Thumbprint/,
  },
  {
    setting: 'Autodiscover of the other side: nothing listens',
    by: 'DAuth',
    direction: 'to on-premises',
    breaks: hostLeads(names.onPremises.autodiscover),
    code: undiscovered,
    cause: /Unable to connect to autodiscover\.contoso\.com \(ECONNREFUSED\).*firewalls let TCP 443 through/,
  },
  {
    setting: 'EWS of the other side: 503',
    by: 'DAuth',
    direction: 'to online',
    breaks: answers('online', 'ews', service(503)),
    code: refused,
    cause: /EWS answered 503\. The other side is down or busy/,
  },
  {
    setting: 'TargetSharingEpr of the relationship: a page for people',
    by: 'DAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'OrganizationRelationship', { TargetSharingEpr: 'https://pages.online.example/EWS/Exchange.asmx' }),
    code: refused,
    cause: /EWS gave no SOAP answer \(200\): the response is not valid XML.*a proxy, or the address is wrong/,
  },
]

const oauth: Fault[] = [
  {
    setting: 'Enabled of the connector: the relationship is used instead',
    by: 'OAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'IntraOrganizationConnector', { Enabled: false }, 'HybridIOC'),
    code: 'NoError',
    cause: /^$/,
    asks: 'DAuth',
  },
  {
    setting: 'the service principal names of on-premises at the auth service: missing',
    by: 'OAuth',
    direction: 'to on-premises',
    breaks: (broken) => principal(broken, { RemoveResource: addresses }, { AddResource: addresses }),
    code: refused,
    cause:
      /refused a token for https:\/\/autodiscover\.contoso\.com\/: invalid_resource.*Register https:\/\/autodiscover\.contoso\.com\/ as a service principal name/,
  },
  {
    setting: 'the auth certificate at the auth service: not there',
    by: 'OAuth',
    direction: 'to online',
    async breaks(broken) {
      const { invoke } = sideOf(broken.sites.onPremises, 'on-premises')
      const [config] = await invoke('Get-AuthConfig', {})
      const Thumbprint = String(config?.CurrentCertificateThumbprint)
      const [certificate] = await invoke('Get-ExchangeCertificate', { Thumbprint })
      return principal(broken, { RemoveCertificate: [Thumbprint] }, { AddCertificate: [certificate?.RawData] })
    },
    code: refused,
    cause: /invalid_client.*The key was not found.*Upload the current auth certificate/,
  },
  {
    setting: 'the auth certificate: expired',
    by: 'OAuth',
    direction: 'to online',
    async breaks({ sites }) {
      const { site, side } = endsOf(sites, 'to online').from
      const { thumbprint } = await site.keyRing.make(site.organisation.id, { subject: 'Auth', services: ['ServerToServer'], days: 1 })
      await side.invoke('Set-AuthConfig', { CertificateThumbprint: thumbprint })
      sites.clock.skew += 3 * day
      // As the remedy has it: another one, then the wizard.
      return async () => {
        const [made] = await side.invoke('New-ExchangeCertificate', { SubjectName: 'CN=Auth', Services: ['ServerToServer'] })
        const NewCertificateEffectiveDate = new Date(Date.now() + sites.clock.skew)
        await side.invoke('Set-AuthConfig', { NewCertificateThumbprint: made?.Thumbprint, NewCertificateEffectiveDate })
        await side.invoke('Set-AuthConfig', { PublishCertificate: true })
        await connectSites(sites)
      }
    },
    code: refused,
    cause: /The auth certificate [0-9A-F]{40} expired on \d{4}-\d\d-\d\d\. Make a new one/,
  },
  {
    setting: 'the clock of the asking side, before the auth service',
    by: 'OAuth',
    direction: 'to online',
    breaks: clockOf('onPremises', 10 * minutes),
    code: refused,
    cause: /invalid_client.*AADSTS50012: The assertion is not valid at this time.*check the clock/,
  },
  {
    setting: 'the clock of the answering side, behind the auth service',
    by: 'OAuth',
    direction: 'to on-premises',
    breaks: clockOf('onPremises', -10 * minutes),
    code: undiscovered,
    cause: /refused the token, invalid_lifetime.*Set the clocks/,
  },
  {
    setting: 'Autodiscover of the other side: nothing listens',
    by: 'OAuth',
    direction: 'to on-premises',
    breaks: hostLeads(names.onPremises.autodiscover),
    code: undiscovered,
    cause: /Unable to connect to autodiscover\.contoso\.com \(ECONNREFUSED\)/,
  },
  {
    setting: 'EWS of the other side: 503',
    by: 'OAuth',
    direction: 'to online',
    breaks: answers('online', 'ews', service(503)),
    code: refused,
    cause: /EWS answered 503\. The other side is down or busy/,
  },
  {
    setting: 'the calendar’s Default permission: None, and nothing for the person',
    by: 'OAuth',
    direction: 'to online',
    async breaks({ sites }) {
      await showCalendar(sites, 'joe', 'mary', { byDefault: 'None' })
      return () => showCalendar(sites, 'joe', 'mary', {})
    },
    code: 'ErrorNoFreeBusyAccess',
    cause: /You may not see when Joe Healy is free/,
  },
  {
    setting: 'TargetSharingEpr of the connector: a page for people',
    by: 'OAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'IntraOrganizationConnector', { TargetSharingEpr: 'https://pages.online.example/EWS/Exchange.asmx' }, 'HybridIOC'), // prettier-ignore
    code: undiscovered,
    cause: /answered 200 without a Bearer challenge: OAuth is off there, or something stands before it/,
  },
  {
    setting: 'Enabled of the partner application on the answering side',
    by: 'OAuth',
    direction: 'to online',
    breaks: set('to', 'to online', 'PartnerApplication', { Enabled: false }, 'Exchange Online'),
    code: undiscovered,
    cause: /refused the token, invalid_grant.*disabled.*Enable the partner application/,
  },
  {
    setting: 'Realm of AuthConfig on the answering side',
    by: 'OAuth',
    direction: 'to on-premises',
    breaks: set('to', 'to on-premises', 'AuthConfig', { Realm: '11111111-2222-3333-4444-555555555555' }),
    code: undiscovered,
    cause: /refused the token, invalid_tenant.*compare AuthConfig’s Realm on both sides/,
  },
  {
    setting: 'Enabled of the AuthServer on the asking side',
    by: 'OAuth',
    direction: 'to online',
    breaks: set('from', 'to online', 'AuthServer', { Enabled: false }, 'ACS'),
    code: refused,
    cause: /No enabled AuthServer is one of those that the other side trusts \(.*enabled here: none\)/,
  },
]

const addresses = [`https://${names.onPremises.autodiscover}/`, `https://${names.onPremises.mail}/`]

const crossForest: Fault[] = [
  {
    setting: 'Credentials of the address space: a wrong password',
    by: 'CrossForest',
    direction: 'to online',
    async breaks({ sites }) {
      const { from, forest, account } = endsOf(sites, 'to online')
      const give = (Password: string) =>
        from.side.invoke('Set-AvailabilityAddressSpace', { Identity: forest, Credentials: { UserName: account, Password } })
      await give('wrong')
      return () => give('Isthmus!2026')
    },
    code: 'ErrorInvalidCrossForestCredentials',
    cause: /did not take the service account's name and password/,
  },
  {
    setting: 'OrgWideAccount of AvailabilityConfig on the answering side',
    by: 'CrossForest',
    direction: 'to on-premises',
    breaks: set('to', 'to on-premises', 'AvailabilityConfig', { OrgWideAccount: null }),
    code: refused,
    cause: /fault, ErrorProxyRequestNotAllowed: forest@contoso\.com may not ask on behalf of another forest; Set-AvailabilityConfig/,
  },
  {
    setting: 'Autodiscover of the other side: nothing listens',
    by: 'CrossForest',
    direction: 'to on-premises',
    breaks: hostLeads(names.onPremises.autodiscover),
    code: undiscovered,
    cause: /Unable to connect to autodiscover\.contoso\.com \(ECONNREFUSED\)/,
  },
  {
    setting: 'TargetAutodiscoverEpr of the address space: a page for people',
    by: 'CrossForest',
    direction: 'to online',
    async breaks({ sites }) {
      const { from, forest, pox } = endsOf(sites, 'to online')
      const lead = (TargetAutodiscoverEpr: string) => from.side.invoke('Set-AvailabilityAddressSpace', { Identity: forest, TargetAutodiscoverEpr }) // prettier-ignore
      await lead('https://pages.online.example/autodiscover.xml')
      return () => lead(pox)
    },
    code: undiscovered,
    cause: /Autodiscover gave no answer that can be read.*Check that TargetAutodiscoverEpr is the POX address/,
  },
]

export const faults: readonly Fault[] = [...dauth, ...oauth, ...crossForest]
