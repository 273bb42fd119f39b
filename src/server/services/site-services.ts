import type { HttpRoute } from '#access'
import { Refusal } from '#model'
import { openListener, type ListenDeps, type Listener } from '../listeners.ts'
import type { Rooms } from '../rooms.ts'
import type { ServiceRegister, ServiceRow } from './services.ts'

/** Milliseconds that requests, then deliveries, get to finish when the site stops. Together below 5 s. */
export const requestDrain = 3000
const queueDrain = 1000

const access = 'Client Access Server Role'
const transport = 'Hub Transport Server Role'
const mailbox = 'Mailbox Server Role'
const auth = 'Auth Service Role'

/** The web listener carries the protocols that speak HTTP. */
const web = 'W3SVC'

/** Ports and the protocol each serves. */
const portRows = [
  { name: web, displayName: 'Web listener (HTTPS, HTTP)', roles: [access, mailbox], kinds: ['https', 'http'] },
  { name: 'MSExchangeFrontEndTransport', displayName: 'Mail from other servers (SMTP)', roles: [access], kinds: ['smtp'] },
  { name: 'MSExchangeSubmission', displayName: 'Mail from clients (SMTP submission)', roles: [mailbox, transport], kinds: ['submission'] },
] as const satisfies readonly { name: string; displayName: string; roles: readonly string[]; kinds: readonly Listener['kind'][] }[]

/** Protocols over the web listener, by the name that their routes carry. One without a row runs as long as the listener does. */
const webRows: Readonly<Record<string, Omit<ServiceRow, 'start'>>> = {
  ews: { name: 'MSExchangeServicesAppPool', displayName: 'Exchange Web Services', roles: [access, mailbox] },
  autodiscover: { name: 'MSExchangeAutodiscoverAppPool', displayName: 'Autodiscover', roles: [access, mailbox] },
  admin: { name: 'MSExchangePowerShellAppPool', displayName: 'Administration over HTTPS', roles: [access, mailbox] },
  'sign-in': { name: 'IsthmusSignIn', displayName: 'Sign-in pages and tokens for people', roles: [access] },
  'auth-service': { name: 'IsthmusAuthService', displayName: 'Tokens for organisations', roles: [auth] },
}

/** The queue of mail: stopped, mail is still taken and waits. */
export const queueService = ({ transport: queue }: Pick<Rooms, 'transport'>): ServiceRow => ({
  name: 'MSExchangeTransport',
  displayName: 'Mail queue and delivery',
  roles: [mailbox, transport],
  async start() {
    queue.start()
    return { close: () => queue.close(queueDrain) }
  },
})

/** The hourly chores, and jobs when their time has come. */
export const choresService = (
  start: () => { stop(): Promise<void> },
  rooms: Pick<Rooms, 'jobs' | 'pushes' | 'organisation' | 'tenants'>,
): ServiceRow => ({
  name: 'MSExchangeServiceHost',
  displayName: 'Housekeeping (sweeps, certificates, trust, jobs)',
  roles: [mailbox, access],
  async start() {
    const chores = start()
    rooms.jobs.start()
    await rooms.pushes.start([rooms.organisation, ...rooms.tenants].map(({ id }) => id))
    const close = async () => {
      await rooms.pushes.close()
      await Promise.all([chores.stop(), rooms.jobs.close()])
    }
    return { close }
  },
})

/** Names of the services that hold ports. */
export const portServices: readonly string[] = portRows.map(({ name }) => name)

/** The ports of the configuration, each a service; `opened` hears of what is open. A port opens again where it was. */
export function portServiceRows(deps: ListenDeps, ports: Partial<Record<Listener['kind'], number>>, live: Set<Listener>): ServiceRow[] {
  const configured = portRows.filter(({ kinds }) => kinds.some((kind) => deps.config.listeners[kind]))
  return configured.map(({ kinds, ...row }) => ({
    ...row,
    async start() {
      const open: Listener[] = []
      const close = async () => {
        for (const listener of open) live.delete(listener)
        await Promise.all(open.map((listener) => listener.close(requestDrain)))
      }
      try {
        for (const kind of kinds) {
          const listener = await openListener(deps, kind, ports[kind])
          if (!listener) continue
          open.push(listener)
          live.add(listener)
          ports[kind] = listener.port
        }
      } catch (error) {
        await close()
        throw error
      }
      return { close }
    },
  }))
}

/** The services of the protocols that these routes speak. */
export function webServiceRows(routes: readonly HttpRoute[]): ServiceRow[] {
  const spoken = new Set(routes.map(({ protocol }) => protocol))
  return Object.entries(webRows)
    .filter(([protocol]) => spoken.has(protocol))
    .map(([, row]) => ({ ...row, dependsOn: [web], start: async () => ({ close: async () => undefined }) }))
}

/** The route, answering ServerBusy while the service of its protocol is stopped. */
export function gated(route: HttpRoute, services: Pick<ServiceRegister, 'isRunning'>): HttpRoute {
  const row = webRows[route.protocol]
  if (!row) return route
  return {
    ...route,
    async handle(request) {
      if (services.isRunning(row.name)) return route.handle(request)
      throw new Refusal('ServerBusy', `${row.displayName} (${row.name}) is stopped on this server. Start it: Start-Service ${row.name}.`)
    },
  }
}
