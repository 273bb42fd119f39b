import { createAccess, defaultLockout, type Access, type HttpRoute, type SignInEvent } from '#access'
import { createDirectory, type Directory, type Organisation, type RandomBytes } from '#directory'
import { createMailboxes, type Mailboxes } from '#mailbox'
import type { Instant } from '#model'
import { createStore, type Store } from '#store'
import { createTransport, type Resolver, type Transport, type TransportConfig } from '#transport'
import type { SiteConfig } from './config.ts'
import type { SiteLog } from './log.ts'
import { openOrganisation } from './organisation.ts'
import { StartProblem } from './start-problem.ts'

/** What a site takes from outside. */
export interface SiteOutside {
  clock: () => Instant
  random: RandomBytes
  /** Sleeps; used for the delays after failed sign-ins. */
  wait: (ms: number) => Promise<void>
  resolver: Resolver
  /** Stands between the listener and each route: sees every request and every answer of a protocol. */
  around?: (route: HttpRoute) => HttpRoute
}

/** The rooms of a site, wired: what the seed and tests work with. */
export interface Rooms {
  organisation: Organisation
  /** True at the first start. */
  isNew: boolean
  store: Store
  directory: Directory
  mailboxes: Mailboxes
  transport: Transport
  access: Access
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

/** Wires the rooms above a store, lowest first. */
export async function openRooms(
  config: SiteConfig,
  { clock, random, wait, resolver }: SiteOutside,
  store: Store,
  { logger: log }: SiteLog,
  signedIn: (event: SignInEvent) => void,
): Promise<Rooms> {
  const directory = createDirectory({ store, clock, random, ...(config.passwordCost ? { passwordCost: config.passwordCost } : {}) })
  const { organisation, isNew } = await openOrganisation(directory, config.organisation)
  const mailboxes = createMailboxes({ store, directory, clock, random, log })
  const transport = createTransport({ store, directory, mailboxes, clock, random, resolver, log, config: transportConfig(config) })
  const access = createAccess({
    directory,
    clock,
    wait,
    audit: signedIn,
    realm: organisation.defaultDomain,
    lockout: { ...defaultLockout, ...config.lockout },
    defaultOrganisation: organisation.id,
  })
  return { organisation, isNew, store, directory, mailboxes, transport, access }
}

function transportConfig({ smtp, hostName, organisation }: SiteConfig): Partial<TransportConfig> {
  return {
    hostname: hostName ?? `mail.${organisation.domain}`,
    maxMessageSize: smtp.maxMessageSize,
    postmaster: `postmaster@${organisation.domain}`,
    routes: smtp.routes.map(({ auth, ...route }) => (auth ? { ...route, auth } : route)),
  }
}
