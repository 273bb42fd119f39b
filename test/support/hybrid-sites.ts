/** Two premises and the auth service in one process, each a whole site on ports of its own, calling each other over TLS. */
import type { HttpRoute } from '#access'
import { setUpHybrid, type Destination, type HybridPlan, type Side, type WizardChange, type WizardRun } from '#hybrid'
import { systemCaller } from '#model'
import { readConfig, seedPeople, seedPerson, startSite, type SeedPersonInput, type Site, type SiteConfigInput } from '#server'
import { authorityOrganisation, createServicePrincipals, exchangeApplication } from '#trust'
import { engines, type TestEngine } from './engines.ts'
import { testPassword } from './site.ts'

export interface HybridSites extends AsyncDisposable {
  /** contoso.com: mary, rob, administrator; joe lives online. */
  onPremises: Site
  /** contoso.online.example with joe and zoe, fabrikam.online.example with fay. */
  online: Site
  auth: Site
  /** Milliseconds by which the clocks of all three go fast, and that of one beside the others. */
  clock: { skew: number; apart: Record<Place, number> }
  /** Where host names lead; tests break it. */
  zone: Map<string, Destination>
  /** TXT records by domain. */
  txt: Map<string, string[]>
  /** PEM of the authorities that all three trust; read at every request that a site sends. */
  authorities: string[]
}

export type Place = 'onPremises' | 'online' | 'auth'

export interface HybridSitesInput {
  engine?: TestEngine
  /** People beside the usual ones, all with the test's password. */
  people?: Partial<Record<'onPremises' | 'online', SeedPersonInput[]>>
  /** Milliseconds that another organisation has for a lookup. */
  deadline?: number
  /** Further hosts that may be on this machine. */
  allow?: string[]
  /** Whether the wizard's cmdlet publishes TXT records itself; otherwise it says what is to be published. */
  publishes?: boolean
  /** Sees every request and answer of each of the three. */
  around?: (place: Place, route: HttpRoute) => HttpRoute
  /** Where the site of a place logs to; nowhere when left out. */
  log?: (place: Place) => NonNullable<SiteConfigInput['log']>
}

export const names = {
  onPremises: { mail: 'mail.contoso.com', autodiscover: 'autodiscover.contoso.com', domain: 'contoso.com' },
  online: { mail: 'outlook.online.example', domain: 'contoso.online.example', fabrikam: 'fabrikam.online.example' },
  auth: 'login.online.example',
}

const user = (address: string, displayName: string, more: Partial<SeedPersonInput> = {}): SeedPersonInput => ({
  address,
  displayName,
  ...more,
})
const contoso: SeedPersonInput[] = [
  user('mary@contoso.com', 'Mary Jensen'),
  user('rob@contoso.com', 'Rob Young'),
  user('administrator@contoso.com', 'Administrator', { rights: { roles: ['Organization Management'] } }),
  user('joe@contoso.com', 'Joe Healy', {
    kind: 'mailUser',
    externalAddress: 'joe@contoso.online.example',
    aliases: ['joe@contoso.online.example'],
  }),
]
const contosoOnline: SeedPersonInput[] = [
  user('joe@contoso.com', 'Joe Healy', { aliases: ['joe@contoso.online.example'] }),
  user('zoe@contoso.online.example', 'Zoe Hall'),
  user('mary@contoso.com', 'Mary Jensen', { kind: 'mailUser', externalAddress: 'mary@contoso.com' }),
  user('rob@contoso.com', 'Rob Young', { kind: 'mailUser', externalAddress: 'rob@contoso.com' }),
]
const fabrikam: SeedPersonInput[] = [user('fay@fabrikam.online.example', 'Fay Nix')]

/** Starts the three; nothing is configured between them yet. Both premises use the engine, each a database of its own. */
export async function startHybridSites(input: HybridSitesInput = {}): Promise<HybridSites> {
  const { engine = engines[0]!, people = {}, deadline = 5000, allow = [], around = (_place, route) => route } = input
  const { log = () => ({ level: 'silent' }), publishes = true } = input
  const zone = new Map<string, Destination>()
  const txt = new Map<string, string[]>()
  const clock = { skew: 0, apart: { onPremises: 0, online: 0, auth: 0 } }
  const started: Site[] = []
  const authorities: string[] = []
  const outside = {
    wait: async () => {},
    resolver: { mx: async () => [], addresses: async () => [] },
    authorities: () => authorities,
    txt: async (domain: string) => txt.get(domain) ?? [],
    ...(publishes ? { publishTxt: async ({ domain, text }: { domain: string; text: string }) => void txt.set(domain, [text]) } : {}),
    findHost: async (host: string) => (zone.has(host) ? [zone.get(host)!] : []),
  }
  await using opened = new AsyncDisposableStack()
  const start = async (
    place: Place,
    input: Omit<SiteConfigInput, 'listeners'>,
    storage: Partial<SiteConfigInput>,
    prepare: Parameters<typeof startSite>[1] = {},
  ) => {
    const result = readConfig({
      listeners: { https: { port: 0 }, smtp: { port: 0 } },
      passwordCost: { memory: 64, passes: 1 },
      log: log(place),
      partners: { allow: [names.onPremises.mail, names.onPremises.autodiscover, names.online.mail, names.auth, ...allow], deadline },
      ...storage,
      ...input,
    })
    if ('problems' in result) throw new Error(JSON.stringify(result.problems))
    const own = {
      ...outside,
      clock: () => Date.now() + clock.skew + clock.apart[place],
      around: (route: HttpRoute) => around(place, route),
    }
    const site = await startSite(result.config, { outside: own, ...prepare })
    opened.use(site)
    started.push(site)
    authorities.push(site.ca)
    return site
  }
  const seeds = (list: SeedPersonInput[]) => list.map((one) => seedPerson.parse(one))
  const onPremises = await start(
    'onPremises',
    { organisation: { name: 'Contoso', domain: names.onPremises.domain }, partnerUrl: `https://${names.onPremises.mail}` },
    await storageOf(engine),
    {
      prepare: async (rooms) =>
        void (await seedPeople(rooms, rooms.organisation.id, seeds([...contoso, ...(people.onPremises ?? [])]), testPassword)),
    },
  )
  const online = await start(
    'online',
    {
      organisation: { name: 'Contoso Online', domain: names.online.domain, domains: ['contoso.com'] },
      organisations: [{ name: 'Fabrikam', domain: names.online.fabrikam }],
      onlineService: true,
      hostName: names.online.mail,
      publicUrl: `https://${names.online.mail}`,
    },
    await storageOf(engine),
    {
      prepare: async (rooms) => {
        await seedPeople(rooms, rooms.organisation.id, seeds([...contosoOnline, ...(people.online ?? [])]), testPassword)
        await seedPeople(rooms, rooms.tenants[0]!.id, seeds(fabrikam), testPassword)
      },
    },
  )
  const auth = await start(
    'auth',
    {
      organisation: { name: 'Auth', domain: names.auth },
      roles: ['authService'],
      hostName: names.auth,
      publicUrl: `https://${names.auth}`,
      listeners: { https: { port: 0 } },
    } as SiteConfigInput,
    {},
  )
  const at = (site: Site): Destination => ({ address: '127.0.0.1', port: site.ports.https! })
  for (const host of [names.onPremises.mail, names.onPremises.autodiscover]) zone.set(host, at(onPremises))
  for (const host of [names.online.mail, `autodiscover.${names.online.domain}`, `autodiscover.${names.online.fabrikam}`])
    zone.set(host, at(online))
  zone.set(names.auth, at(auth))
  await registerOnlineService(online, auth)
  const rest = opened.move()
  return { onPremises, online, auth, clock, zone, txt, authorities, [Symbol.asyncDispose]: () => rest.disposeAsync() }
}

async function storageOf(engine: TestEngine): Promise<Partial<SiteConfigInput>> {
  if (engine.name === 'sqlite') return {}
  const { path, databaseUrl, databaseSchema } = await engine.options()
  return { data: path, ...(databaseUrl ? { database: databaseUrl } : {}), ...(databaseSchema ? { databaseSchema } : {}) }
}

/** What the auth service's configuration would name the online service's certificate file for. */
async function registerOnlineService(online: Site, auth: Site): Promise<void> {
  const { CurrentCertificateThumbprint } = await online.configuration.get(authorityOrganisation, 'AuthConfig')
  const { certificate } = await online.keyRing.pair(authorityOrganisation, CurrentCertificateThumbprint)
  const principals = createServicePrincipals({ store: auth.store, newId: () => crypto.randomUUID() })
  await principals.change(exchangeApplication, '*', {
    addCertificates: [certificate.raw.toString('base64')],
    addResources: [`https://${names.online.mail}/`],
  })
}

/** One premises as the wizard works on it, without a network between. */
export function sideOf(site: Site, name: string, organisation = site.organisation.id): Side {
  return {
    name,
    invoke: async (cmdlet, args) =>
      (await Array.fromAsync(site.admin.invoke(systemCaller(organisation), cmdlet, args))) as Record<string, unknown>[],
  }
}

export const plan: HybridPlan = {
  domains: [names.onPremises.domain],
  onlineDomain: names.online.domain,
  authService: `https://${names.auth}`,
  onPremises: { url: `https://${names.onPremises.mail}`, autodiscover: `https://${names.onPremises.autodiscover}` },
  online: { url: `https://${names.online.mail}` },
  features: ['FreeBusy', 'MailTips', 'SecureMail'],
  federation: true,
  oauth: true,
}

/** Runs the wizard between the two premises; the zone gets its TXT records at once. */
export function connectSites({ onPremises, online, txt }: HybridSites, more: Partial<WizardRun> = {}): Promise<WizardChange[]> {
  return setUpHybrid({
    plan,
    onPremises: sideOf(onPremises, 'on-premises'),
    online: sideOf(online, 'online'),
    publish: async ({ domain, text }) => void txt.set(domain, [text]),
    ...more,
  })
}
