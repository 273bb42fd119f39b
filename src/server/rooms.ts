import {
  createAccess,
  createEwsPolicy,
  createSubmissions,
  createThrottling,
  createFederatedRequests,
  createProxyRequests,
  createRoles,
  createServerTokens,
  defaultLockout,
  type Access,
  type EwsPolicy,
  type Throttling,
  type FederatedRequests,
  type CodeSender,
  type HttpRoute,
  type ProxyRequests,
  type Roles,
  type SignInEvent,
  type SignInRules,
} from '#access'
import {
  auditSearchJob,
  createAdmin,
  createAuditReader,
  mailboxAuditSearchJob,
  mailboxSearchJob,
  type Admin,
  type JobKind,
  type SiteAdministration,
} from '#admin'
import {
  createConfiguration,
  createDirectory,
  newGuid,
  type Configuration,
  type Directory,
  type Organisation,
  type RandomBytes,
} from '#directory'
import { createHybrid, createRemoteHttp, type FindHost, type Hybrid, type PublishProof } from '#hybrid'
import {
  createAssistant,
  createAssistantSchedule,
  createDeferredSends,
  createMailboxes,
  createQuotaJobs,
  createTextIndex,
  scheduleAssistant,
  startQuotaSweeps,
  type Mailboxes,
} from '#mailbox'
import type { Instant } from '#model'
import { createStore, type Store } from '#store'
import { createTransport, type Resolver, type Transport, type TransportConfig } from '#transport'
import { createKeyRing, openVault, type KeyRing, type Vault } from '#trust'
import { createPushes, type Pushes } from '#protocols/ews'
import { cmdletsOf } from './cmdlets.ts'
import type { SiteConfig } from './config.ts'
import type { SiteLog } from './log.ts'
import { createJobClock, type JobClock } from './job-clock.ts'
import { openOrganisation, openTenants } from './organisation.ts'
import { hostFinder, mailHostFinder, partnerAuthorities, serverNames } from './partners.ts'
import { openSignIn, signInPolicyOf } from './sign-in.ts'
import { StartProblem } from './start-problem.ts'
import { openWindows } from './windows.ts'
import type { Installed } from './supportability/installed.ts'

/** What a site takes from outside. */
export interface SiteOutside {
  clock: () => Instant
  random: RandomBytes
  /** Sleeps; used for the delays after failed sign-ins. */
  wait: (ms: number) => Promise<void>
  resolver: Resolver
  /** Where hosts of other organisations lead; by the configuration's table and DNS when left out. */
  findHost?: FindHost
  /** PEM of certificate authorities trusted for other organisations' servers, beside the system's and the configuration's. */
  authorities?: () => readonly string[]
  /** TXT records of a domain, the strings of each joined; by DNS when left out. */
  txt?: (domain: string) => Promise<string[]>
  /** Publishes a TXT record of a domain of the site's own organisation; where nothing can, administrators are told to. */
  publishTxt?: PublishProof
  /** Providers of text messages and calls, for codes to sign in with. */
  codeSenders?: readonly CodeSender[]
  /** What is installed, instead of what this machine has. */
  installed?: () => Promise<Installed>
  /** Stands between the listener and each route: sees every request and every answer of a protocol. */
  around?: (route: HttpRoute) => HttpRoute
}

/** The rooms of a site, wired: what the seed and tests work with. */
export interface Rooms {
  organisation: Organisation
  /** Further organisations of the configuration. */
  tenants: Organisation[]
  /** True at the first start. */
  isNew: boolean
  store: Store
  directory: Directory
  configuration: Configuration
  keyRing: KeyRing
  mailboxes: Mailboxes
  transport: Transport
  access: Access
  signIn: SignInRules
  roles: Roles
  throttling: Throttling
  ewsPolicy: EwsPolicy
  proxyRequests: ProxyRequests
  federatedRequests: FederatedRequests
  hybrid: Hybrid
  admin: Admin
  /** Work that waits for its time. */
  jobs: JobClock
  /** What is told to programs that wait for it at addresses of their own. */
  pushes: Pushes
}

/** Opens the store of the configuration. What hinders it becomes a StartProblem. */
export async function openStore(config: SiteConfig, { clock }: SiteOutside, { logger }: SiteLog): Promise<Store> {
  try {
    return await createStore({
      path: config.data ?? ':memory:',
      ...(config.database ? { databaseUrl: config.database } : {}),
      ...(config.databaseSchema ? { databaseSchema: config.databaseSchema } : {}),
      clock,
      log: logger,
    })
  } catch (error) {
    const where = config.database ? 'The database' : `The data in ${config.data ?? 'memory'}`
    const advice = config.database
      ? 'Check the address, that PostgreSQL runs, and that the user may make tables.'
      : 'Check the folder and its rights, and that no other Isthmus uses it. Data of a newer version needs that version.'
    throw new StartProblem(`${where} cannot be opened: ${(error as Error).message}`, advice, error)
  }
}

function openDirectory(
  { passwordCost, signIn }: SiteConfig,
  { vault, ...needs }: Pick<SiteOutside, 'clock' | 'random'> & { store: Store; vault: Vault },
): Directory {
  return createDirectory({ ...needs, ...(passwordCost ? { passwordCost } : {}), ...(signIn.ntlm ? { ntHashes: vault } : {}) })
}

/** Wires the rooms above a store, lowest first. */
export async function openRooms(
  config: SiteConfig,
  { clock, random, wait, resolver, ...outside }: SiteOutside,
  store: Store,
  { logger: log }: SiteLog,
  signedIn: (event: SignInEvent) => void,
  /** Hosts that this site is reached at, as far as they are known: with the port where it is not 443. */
  hosts: () => string[],
  /** The certificate of the site's listeners as it is now. */
  certificate: () => { cert: string; key: string },
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
): Promise<Rooms> {
  const vault = await openVault({ ...(config.data ? { folder: config.data } : {}), random })
  const directory = openDirectory(config, { store, clock, random, vault })
  const { organisation, isNew } = await openOrganisation(directory, config.organisation)
  const tenants = await openTenants(directory, config.organisations)
  const keyRing = createKeyRing({ store, vault, clock })
  const configuration = createConfiguration({ store, clock, random, seal: vault.seal, open: vault.open })
  const throttling = createThrottling({ configuration, clock })
  const submissions = createSubmissions({ throttling, clock })
  const mailboxes = createMailboxes({
    ...{ store, directory, configuration, submissions, clock, random, log },
    maxMessageSize: config.smtp.maxMessageSize,
  })
  const partners = await partnerAuthorities(config.partners.ca)
  const authorities = () => [...partners, ...(outside.authorities?.() ?? [])]
  const findHost = outside.findHost ?? hostFinder(config.partners.hosts, resolver)
  const transport = createTransport({
    ...{ store, directory, mailboxes, clock, random, resolver, log, configuration, submissions, keyRing, authorities, certificate },
    findHost: mailHostFinder(findHost, resolver),
    serverOrganisation: organisation.id,
    config: transportConfig(config),
  })
  const roles = createRoles({ store, directory, clock, random })
  const lockout = { ...defaultLockout, ...config.lockout }
  const signIn = openSignIn({
    ...{ store, directory, configuration, vault, clock, random, wait, lockout, roles, log, senders: outside.codeSenders ?? [] },
    identityKeyDays: config.signIn.identityKeyDays,
  })
  const names = (id: string) => serverNames(directory, id, hosts())
  const access = createAccess({
    ...{ directory, configuration, roles, clock, wait, lockout, rules: signIn, audit: signedIn },
    windows: await openWindows(config, { directory, clock, random, organisation }),
    realm: organisation.defaultDomain,
    defaultOrganisation: organisation.id,
    serverTokens: createServerTokens({ directory, configuration, clock, hosts: names }),
  })
  const proxyRequests = createProxyRequests({ directory, configuration })
  const federatedRequests = createFederatedRequests({
    ...{ directory, configuration, keyRing, clock, random, wait },
    hosts: names,
    audit: signedIn,
  })
  const hybrid = createHybrid({
    ...{ directory, configuration, mailboxes, keyRing, clock, random, findHost, federatedRequests },
    ewsUrl: async (id) =>
      `${(config.partnerUrl ?? config.publicUrl ?? `https://${(await names(id))[0] ?? ''}`).replace(/\/+$/, '')}/EWS/Exchange.asmx`,
    allow: config.partners.allow.map((host) => host.toLowerCase()),
    ca: authorities,
    deadline: config.partners.deadline,
  })
  const below = { organisation, tenants, isNew, store, directory, configuration, keyRing }
  const published = outside.publishTxt ? { publishTxt: outside.publishTxt } : {}
  // What people name is not what the administrator trusts as partners.
  const pushHosts = new Set(config.push.allow.map((host) => host.toLowerCase()))
  const pushHttp = createRemoteHttp({ findHost, allowed: (host) => pushHosts.has(host), ca: authorities })
  const pushes = createPushes({ mailboxes, directory, access, clock, log, newId: () => newGuid(random), http: pushHttp })
  const { admin, jobs } = openAdministration(
    config,
    { ...below, ...{ hybrid, mailboxes, transport, signIn, roles, clock, random, log }, ...published },
    administration,
    [pushes.row],
  )
  pushes.runBy(jobs)
  await startQuotaSweeps({ store, clock }, [organisation, ...tenants])
  for (const { id } of [organisation, ...tenants]) await scheduleAssistant({ store, clock }, id)
  const ewsPolicy = createEwsPolicy({ configuration, clock })
  const above = { throttling, ewsPolicy, proxyRequests, federatedRequests, hybrid, admin, jobs, pushes }
  return { ...below, mailboxes, transport, access, signIn, roles, ...above }
}

type AdministrationNeeds = Pick<
  Rooms,
  'organisation' | 'store' | 'directory' | 'configuration' | 'keyRing' | 'hybrid' | 'mailboxes' | 'transport' | 'signIn' | 'roles'
> &
  Pick<SiteOutside, 'clock' | 'random' | 'publishTxt'> & { log: SiteLog['logger'] }

/** The cmdlets of the whole site, and the clock of the work that they leave for later. */
function openAdministration(
  config: SiteConfig,
  { publishTxt, log, ...rooms }: AdministrationNeeds,
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
  kinds: readonly JobKind[],
): Pick<Rooms, 'admin' | 'jobs'> {
  const { store, directory, configuration, keyRing, roles, mailboxes, transport, signIn, clock, random } = rooms
  const read = createAuditReader({ store, configuration, clock })
  const jobs = createJobClock({ store, clock, random, log }, [
    auditSearchJob({ directory, configuration, transport, read, clock }),
    mailboxAuditSearchJob({ directory, configuration, transport, mailboxes, clock }),
    mailboxSearchJob({ mailboxes, directory, roles, clock }),
    createTextIndex({ store, clock, log }),
    ...createQuotaJobs({ store, mailboxes: rooms.mailboxes, clock, log }),
    createAssistant({ store, directory, configuration, clock, random, log }),
    createAssistantSchedule({ store, clock }),
    createDeferredSends({ store, directory, mailboxes, clock, log }),
    ...kinds,
  ])
  const later = { store, random, wake: jobs.wake }
  const more = cmdletsOf(config, { ...rooms, ...(publishTxt ? { publishTxt } : {}) }, administration, later)
  const admin = createAdmin({
    ...{ store, directory, configuration, keyRing, roles, clock, random, more },
    signInPolicy: signInPolicyOf(signIn, directory),
    audit: (entry) => log.info(entry),
  })
  return { admin, jobs }
}

function transportConfig({ smtp, hostName, organisation }: SiteConfig): Partial<TransportConfig> {
  return {
    hostname: hostName ?? `mail.${organisation.domain}`,
    maxMessageSize: smtp.maxMessageSize,
    postmaster: `postmaster@${organisation.domain}`,
    routes: smtp.routes.map(({ auth, ...route }) => (auth ? { ...route, auth } : route)),
  }
}
