import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpRoute, SignInEvent } from '#access'
import { createResolver } from '#transport'
import { autodiscoverRoutes, type Endpoints } from '#protocols/autodiscover'
import { ewsRoutes } from '#protocols/ews'
import { openAuthService, openOnlineService } from './auth-service.ts'
import { certificateFor } from './certificate.ts'
import type { SiteConfig } from './config.ts'
import { endpointsOf } from './endpoints.ts'
import { startHousekeeping } from './housekeeping.ts'
import { healthRoutes } from './http/health-routes.ts'
import { openAdminSocket } from './http/admin-socket.ts'
import { openListeners, servingOf, type Listener } from './listeners.ts'
import { createLog, type SiteLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { openRooms, openStore, type Rooms, type SiteOutside } from './rooms.ts'

export interface Site extends Rooms, AsyncDisposable {
  config: SiteConfig
  /** Where clients reach it. */
  endpoints: Endpoints
  ports: { https?: number; http?: number; smtp?: number; submission?: number }
  /** PEM of the CA to trust, and its file; empty when the certificate is the administrator's own. */
  ca: string
  caFile: string
  metrics: Metrics
  /** Takes nothing new, lets what runs finish for a few seconds, then stops. Safe to call twice. */
  close(): Promise<void>
}

/** Milliseconds that requests, then deliveries, get to finish when the site stops. Together below 5 s. */
const requestDrain = 3000
const queueDrain = 1000

/**
 * Starts one site; several run in one process. `prepare` runs when the rooms are open and before anybody can connect (the
 * lab's seed). What hinders it is thrown as a StartProblem, with everything closed again.
 */
export async function startSite(
  config: SiteConfig,
  { outside, prepare }: { outside?: Partial<SiteOutside>; prepare?: (rooms: Rooms) => Promise<void> } = {},
): Promise<Site> {
  const world: SiteOutside = { clock: Date.now, random: randomBytes, wait: (ms) => sleep(ms), resolver: createResolver(), ...outside }
  const { clock, random } = world
  await using opened = new AsyncDisposableStack()
  const log = createLog(config.log)
  opened.defer(() => log.close())
  const tls = await certificateFor(config, clock)
  const held = { tls }
  const store = await openStore(config, world, log)
  opened.defer(() => store.close())
  const metrics = createMetrics({ store })
  opened.defer(() => metrics.close())
  const ports: Site['ports'] = {}
  const hosts = () => {
    const { base, partner } = endpointsOf(config, ports)
    return [...new Set([...[base, partner.base].map((url) => new URL(url).host), ...config.otherNames].map((name) => name.toLowerCase()))]
  }
  const rooms: Rooms = await openRooms(
    config,
    world,
    store,
    log,
    (event) => signedIn(log, metrics, rooms, event),
    hosts,
    () => held.tls,
  )
  opened.defer(() => rooms.hybrid.close())
  if (config.onlineService) await openOnlineService(config, rooms)
  metrics.show('transport', () => ({ ...rooms.transport.metrics() }))
  await prepare?.(rooms)
  rooms.transport.start()
  opened.defer(() => rooms.transport.close(queueDrain))

  const state = { endpoints: endpointsOf(config, ports), unready: 'starting' as string | undefined }
  const around = world.around ?? ((route: HttpRoute) => route)
  const endpoints = () => state.endpoints
  const forPeople = () => [
    ...autodiscoverRoutes({ ...rooms, endpoints, clock }),
    ...ewsRoutes({ ...rooms, clock, random, log: log.logger }),
  ]
  const routes = [
    ...healthRoutes({ store, metrics, metricsFrom: config.metricsFrom, unready: () => state.unready }),
    ...(config.roles.includes('mailbox') ? forPeople() : []),
    ...(config.roles.includes('authService') ? await openAuthService(config, world, rooms, log, () => endpoints().partner.base) : []),
  ].map(around)
  const listeners: Listener[] = []
  opened.defer(async () => {
    state.unready = 'draining'
    await Promise.all(listeners.map((listener) => listener.close(requestDrain)))
  })
  await openListeners({ config, world, rooms, routes, tls, log, metrics }, (listener) => {
    listeners.push(listener)
    ports[listener.kind] = listener.port
  })
  if (config.data) {
    const socket = await openAdminSocket(rooms, config.data, (line) => log.logger.warn(line), servingOf({ world, rooms, log, metrics }))
    opened.defer(async () => void (await socket?.close(requestDrain)))
  }
  const renewCertificate = async () => {
    const next = (held.tls = await certificateFor(config, clock))
    for (const listener of listeners) listener.renew(next)
  }
  const housekeeping = startHousekeeping({
    store,
    clock,
    log: log.logger,
    sweepTracking: rooms.transport.mailFlow.sweepTracking,
    renewCertificate,
    refreshTrust: rooms.hybrid.refreshTrust,
  })
  opened.defer(() => housekeeping.stop())
  state.endpoints = endpointsOf(config, ports)
  state.unready = undefined

  const rest = opened.move()
  const close = () => rest.disposeAsync()
  return {
    ...rooms,
    config,
    endpoints: state.endpoints,
    ports,
    ca: tls.ca,
    caFile: tls.caFile,
    metrics,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function signedIn(log: SiteLog, metrics: Metrics, { hybrid }: Pick<Rooms, 'hybrid'>, event: SignInEvent): void {
  metrics.signIn(event.outcome)
  // Basic comes with every request: what went well is in the request's own line.
  if (event.outcome === 'success') log.logger.debug(event)
  else log.logger.warn(event)
  const { organisation, reason: cause, remoteAddress: from } = event
  if (organisation && cause) hybrid.turnedAway({ organisation, generation: event.scheme === 'bearer' ? 'OAuth' : 'DAuth', from, cause })
}
