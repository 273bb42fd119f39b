/** An organisation that asks, four that are asked, and the auth service: six sites in this process, joined for every generation of trust. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpReply, HttpRequest, HttpRoute } from '#access'
import type { Generation } from '#hybrid'
import { permissionLevels, systemCaller, type Caller } from '#model'
import { readConfig, seedPeople, seedPerson, startSite, type SeedPersonInput, type Site, type SiteConfigInput } from '#server'
import { accountNamespaceOf, createServicePrincipals, exchangeApplication } from '#trust'

export interface Premises extends AsyncDisposable {
  /** contoso.example: mary, who asks, and rob. */
  asking: Site
  mary: Caller
  password: string
  /** Four, `p1@` to `p25@` each. */
  asked: Partner[]
  /** Which generation the asking site uses from now on. */
  askBy(generation: Generation): Promise<void>
  /** What the whole world's clocks say is that many hours later: every token, endpoint and challenge has ended. Connections are closed. */
  later(hours: number): void
  /** Milliseconds of a network between the organisations. */
  network: { delay: number }
  /** The last request that each path of the asked sites got, with its answer and their clock's time. */
  seen: Map<string, { request: HttpRequest; reply: HttpReply; at: number }>
}

export interface Partner {
  site: Site
  domain: string
  /** Addresses of its 25 people. */
  people: string[]
}

type Cmdlet = (site: Site, cmdlet: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>[]>

const domains = ['fabrikam.example', 'tailspin.example', 'wingtip.example', 'litware.example']
const home = 'contoso.example'
const authHost = 'login.online.example'
const password = 'Bench!2026'
/** The realm that the organisations share for server-to-server tokens. */
const realm = '6f6c0d1e-3a52-4d7e-9a51-2f0b6c1d7e88'
/** Midnight of a Monday. */
export const monday = Date.UTC(2030, 0, 7)
const hour = 3_600_000

const invoke: Cmdlet = async (site, cmdlet, args = {}) =>
  (await Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), cmdlet, args))) as Record<string, unknown>[]

export async function startPremises(): Promise<Premises> {
  await using opened = new AsyncDisposableStack()
  const world = createWorld(opened)
  const auth = await world.start(authHost, { roles: ['authService'], hostName: authHost, publicUrl: `https://${authHost}` })
  const asking = await world.start(home, {}, [
    { address: `mary@${home}`, displayName: 'Mary Jensen' },
    { address: `rob@${home}`, displayName: 'Rob Young' },
  ])
  await fillCalendar(asking, `rob@${home}`)
  const asked: Partner[] = []
  for (const domain of domains) {
    const people = Array.from({ length: 25 }, (_, index) => `p${index + 1}@${domain}`)
    const site = await world.start(domain, {}, [
      ...people.map((address) => ({ address, displayName: address })),
      { address: `forest@${domain}`, displayName: 'Service account of the other forest' },
      { address: `mary@${home}`, displayName: 'Mary Jensen', kind: 'mailUser', externalAddress: `mary@${home}` },
    ])
    await Promise.all(people.map((address) => fillCalendar(site, address)))
    asked.push({ site, domain, people })
  }
  for (const site of [asking, ...asked.map((one) => one.site)]) await trustAuthService(site, auth, world.txt)
  for (const { site, domain } of asked) await relate(asking, site, domain)
  const mary = await callerOf(asking, `mary@${home}`)
  const rest = opened.move()
  return {
    ...{ asking, mary, password, asked, network: world.network, seen: world.seen },
    async askBy(generation) {
      for (const domain of domains) {
        await invoke(asking, 'Set-IntraOrganizationConnector', { Identity: domain, Enabled: generation === 'OAuth' })
        await invoke(asking, 'Set-OrganizationRelationship', { Identity: domain, Enabled: generation !== 'CrossForest' })
      }
    },
    later(hours) {
      world.time.ahead += hours * hour
      asking.hybrid.http.close()
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  }
}

/** What all sites see of each other: one clock, one table of hosts, every other's certificate authority. */
function createWorld(opened: AsyncDisposableStack) {
  const time = { ahead: 0 }
  const network = { delay: 0 }
  const txt = new Map<string, string[]>()
  const hosts = new Map<string, number>()
  const authorities: string[] = []
  const seen: Premises['seen'] = new Map()
  const allow = [authHost, ...[home, ...domains].map((domain) => `mail.${domain}`)]
  async function start(domain: string, more: Partial<SiteConfigInput>, people: SeedPersonInput[] = []): Promise<Site> {
    const data = await mkdtemp(join(tmpdir(), 'isthmus-bench-'))
    opened.defer(() => rm(data, { recursive: true, force: true }))
    const host = more.hostName ?? `mail.${domain}`
    const result = readConfig({
      organisation: { name: domain.split('.')[0] ?? '', domain },
      data,
      partnerUrl: `https://${host}`,
      listeners: { https: { port: 0 } },
      partners: { allow },
      log: { level: 'silent' },
      ...more,
    })
    if ('problems' in result) throw new Error(JSON.stringify(result.problems))
    const around = (route: HttpRoute): HttpRoute => ({
      ...route,
      async handle(request) {
        if (network.delay > 0) await sleep(network.delay)
        const reply = await route.handle(request)
        seen.set(request.path, { request, reply, at: Date.now() + time.ahead })
        return reply
      },
    })
    const outside = {
      clock: () => Date.now() + time.ahead,
      resolver: { mx: async () => [], addresses: async () => [] },
      findHost: async (name: string) => [{ address: '127.0.0.1', port: hosts.get(name) ?? 1 }],
      authorities: () => authorities,
      txt: async (name: string) => txt.get(name) ?? [],
      ...(domain === home ? {} : { around }),
    }
    const seeds = people.map((person) => seedPerson.parse(person))
    const site = await startSite(result.config, {
      outside,
      prepare: async (rooms) => void (await seedPeople(rooms, rooms.organisation.id, seeds, password)),
    })
    opened.use(site)
    hosts.set(host, site.ports.https ?? 0)
    authorities.push(site.ca)
    return site
  }
  return { start, time, network, txt, seen }
}

/** What each site has of the auth service: the federation trust, the AuthServer, a certificate of its own for both. */
async function trustAuthService(site: Site, auth: Site, txt: Map<string, string[]>): Promise<void> {
  const domain = site.organisation.defaultDomain
  const Services = ['Federation', 'ServerToServer']
  const [made] = await invoke(site, 'New-ExchangeCertificate', { SubjectName: `CN=${domain}`, Services })
  const Thumbprint = String(made?.Thumbprint)
  const MetadataUrl = `https://${authHost}/FederationMetadata/2006-12/FederationMetadata.xml`
  await invoke(site, 'New-FederationTrust', { Name: 'Gateway', Thumbprint, MetadataUrl })
  await invoke(site, 'Set-FederatedOrganizationIdentifier', { AccountNamespace: domain, DelegationFederationTrust: 'Gateway' })
  const [proof] = await invoke(site, 'Get-FederatedDomainProof', { DomainName: domain })
  txt.set(domain, [String(proof?.Proof)])
  await invoke(site, 'Add-FederatedDomain', { DomainName: domain })
  await invoke(site, 'New-AuthServer', { Name: 'ACS', AuthMetadataUrl: `https://${authHost}/${realm}/metadata/json/1` })
  await invoke(site, 'Set-AuthConfig', { CertificateThumbprint: Thumbprint })
  await invoke(site, 'Set-AuthConfig', { Realm: realm })
  await invoke(site, 'New-PartnerApplication', { Name: 'Exchange', ApplicationIdentifier: exchangeApplication })
  const principals = createServicePrincipals({ store: auth.store, newId: () => crypto.randomUUID() })
  await principals.change(exchangeApplication, realm, {
    addCertificates: [String(made?.RawData)],
    addResources: [`https://mail.${domain}/`],
  })
}

/** Connector, relationship and address space where it asks; the relationship and the account where it is answered. */
async function relate(asking: Site, site: Site, domain: string): Promise<void> {
  const at = `https://mail.${domain}/autodiscover/autodiscover`
  const relationship = { FreeBusyAccessEnabled: true, FreeBusyAccessLevel: 'LimitedDetails' }
  await invoke(asking, 'New-IntraOrganizationConnector', { Name: domain, TargetAddressDomains: [domain], DiscoveryEndpoint: `${at}.svc` })
  await invoke(asking, 'New-OrganizationRelationship', {
    ...relationship,
    Name: domain,
    DomainNames: [domain],
    TargetApplicationUri: accountNamespaceOf(domain),
    TargetAutodiscoverEpr: `${at}.svc/WSSecurity`,
  })
  await invoke(asking, 'Add-AvailabilityAddressSpace', {
    ForestName: domain,
    AccessMethod: 'OrgWideFB',
    Credentials: { UserName: `forest@${domain}`, Password: password },
    TargetAutodiscoverEpr: `${at}.xml`,
  })
  await invoke(site, 'New-OrganizationRelationship', { ...relationship, Name: home, DomainNames: [home] })
  await invoke(site, 'Set-AvailabilityConfig', { OrgWideAccount: `forest@${domain}` })
}

async function callerOf(site: Site, address: string): Promise<Caller> {
  const recipient = await site.directory.find(address, site.organisation.id)
  if (!recipient) throw new Error(`nobody is called ${address}`)
  return site.directory.callerFor(recipient)
}

/** Four appointments on the day that is asked for, with what they are about for everybody. */
async function fillCalendar(site: Site, address: string): Promise<void> {
  const caller = await callerOf(site, address)
  const mailbox = (await site.directory.find(address, site.organisation.id))?.mailbox ?? ''
  const calendar = { mailbox, kind: 'calendar' }
  for (const start of [9, 11, 13, 16]) {
    const times = { start: monday + start * hour, end: monday + (start + 1) * hour }
    const properties = { subject: `Meeting at ${start}`, location: 'Room 7', ...times, legacyFreeBusyStatus: 'Busy' }
    await site.mailboxes.createItem(caller, calendar, { kind: 'calendar', properties })
  }
  const value = [{ user: 'default', rights: permissionLevels.FreeBusyTimeAndSubjectAndLocation }]
  await site.mailboxes.updateFolder(caller, calendar, [{ op: 'set', path: { property: 'permissionSet' }, value }])
}
