import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpRoute, SignInEvent } from '#access'
import type { Health } from '#admin'
import type { Instant } from '#model'
import type { Store } from '#store'
import { createResolver } from '#transport'
import { createPages, type Pages } from '#protocols/admin'
import type { Endpoints } from '#protocols/autodiscover'
import { openOnlineService } from './auth-service.ts'
import { certificateFor } from './certificate.ts'
import type { SiteConfig } from './config.ts'
import { endpointsOf } from './endpoints.ts'
import { startHousekeeping } from './housekeeping.ts'
import { openAdminSocket } from './http/admin-socket.ts'
import { servingOf, type Listener } from './listeners.ts'
import { createLog, type SiteLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { openRooms, openStore, type Rooms, type SiteOutside } from './rooms.ts'
import { siteRoutes } from './site-routes.ts'
import { createServices, type ServiceRegister } from './services/services.ts'
import { createHealth } from './services/health.ts'
import {
  choresService,
  gated,
  portServiceRows,
  portServices,
  queueService,
  requestDrain,
  webServiceRows,
} from './services/site-services.ts'
import { installedHere, type Installed } from './supportability/installed.ts'
import { createSupportability, mustBeSupported } from './supportability/supportability.ts'

export interface Site extends Rooms, AsyncDisposable {
  config: SiteConfig
  /** Where clients reach it. */
  endpoints: Endpoints
  ports: { https?: number; http?: number; smtp?: number; submission?: number }
  /** PEM of the CA to trust, and its file; empty when the certificate is the administrator's own. */
  ca: string
  caFile: string
  metrics: Metrics
  services: ServiceRegister
  /** Takes nothing new, lets what runs finish for a few seconds, then stops. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts one site; several run in one process. `prepare` runs when the rooms are open and before anybody can connect (the
 * lab's seed). What hinders it is thrown as a StartProblem, with everything closed again.
 */
export async function startSite(
  config: SiteConfig,
  { outside, prepare }: { outside?: Partial<SiteOutside>; prepare?: (rooms: Rooms) => Promise<void> } = {},
): Promise<Site> {
  const world: SiteOutside = { clock: Date.now, random: randomBytes, wait: (ms) => sleep(ms), resolver: createResolver(), ...outside }
  const { clock } = world
  await using opened = new AsyncDisposableStack()
  const log = createLog(config.log)
  opened.defer(() => log.close())
  const tls = await certificateFor(config, clock)
  const held = { tls }
  const installed = world.installed ?? installedHere
  const warn = (detail: object, message: string) => log.logger.warn(detail, message)
  mustBeSupported(await installed(), config.allowUnsupported, warn)
  const store = await openStore(config, world, log)
  opened.defer(() => store.close())
  const database: Installed = config.database ? { PostgreSQL: await store.version() } : {}
  mustBeSupported(database, config.allowUnsupported, warn)
  const supportability = createSupportability(async () => ({ ...(await installed()), ...database }))
  const metrics = createMetrics({ store, clock })
  opened.defer(() => metrics.close())
  const ports: Site['ports'] = {}
  const hosts = () => {
    const { base, partner } = endpointsOf(config, ports)
    return [...new Set([...[base, partner.base].map((url) => new URL(url).host), ...config.otherNames].map((name) => name.toLowerCase()))]
  }
  const services = createServices((event) => log.logger[event.error ? 'error' : 'info']({ event: 'service', ...event }))
  const certificate = () => held.tls
  const organisations = () => [rooms.organisation, ...rooms.tenants]
  const health = healthOf({ config, clock, store, services, metrics, certificate, organisations })
  const rooms: Rooms = await openRooms(config, world, store, log, (event) => signedIn(log, metrics, rooms, event), hosts, certificate, {
    services,
    supportability,
    health,
  })
  opened.defer(() => rooms.hybrid.close())
  if (config.onlineService) await openOnlineService(config, rooms)
  metrics.show('transport', () => ({ ...rooms.transport.metrics() }))
  await prepare?.(rooms)
  opened.defer(() => services.close())
  await services.open(queueService(rooms))

  const state = { endpoints: endpointsOf(config, ports), unready: 'starting' as string | undefined }
  const serving = servingOf({ world, rooms, log, metrics })
  const pages = openPages(world, log)
  opened.defer(() => pages.close())
  const found = await siteRoutes({
    ...{ config, world, rooms, store, log, metrics, pages },
    defect: serving.defect,
    endpoints: () => state.endpoints,
    unready: () => state.unready,
  })
  const around = world.around ?? ((route: HttpRoute) => route)
  const routes = found.map((route) => gated(route, services)).map(around)
  const listeners = new Set<Listener>()
  opened.defer(async () => {
    state.unready = 'draining'
    await services.close(services.list().flatMap(({ name }) => (portServices.includes(name) ? [name] : [])))
  })
  const deps = { config, world, rooms, routes, tls: certificate, log, metrics }
  for (const row of [...portServiceRows(deps, ports, listeners), ...webServiceRows(routes)]) await services.open(row)
  if (config.data) {
    const socket = await openAdminSocket(rooms, config.data, (line) => log.logger.warn(line), serving, pages)
    opened.defer(async () => void (await socket?.close(requestDrain)))
  }
  const renewCertificate = async () => {
    const next = (held.tls = await certificateFor(config, clock))
    for (const listener of listeners) listener.renew(next)
  }
  const chores = () =>
    startHousekeeping({
      ...{ store, clock, log: log.logger, renewCertificate },
      sweepTracking: rooms.transport.mailFlow.sweepTracking,
      refreshTrust: rooms.hybrid.refreshTrust,
      sweepTokens: rooms.signIn.tokens.sweep,
      renewIdentityKey: rooms.signIn.siteKeys.current,
    })
  await services.open(choresService(chores, rooms))
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
    services,
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

const openPages = ({ clock, random }: SiteOutside, { logger }: SiteLog): Pages =>
  createPages({ clock, random, failed: (err) => logger.error({ event: 'defect', err }, 'a cmdlet failed by a bug between two pages') })

interface HealthOf {
  config: SiteConfig
  clock: () => Instant
  store: Store
  services: ServiceRegister
  metrics: Metrics
  certificate: () => { cert: string }
  organisations: () => readonly { id: string }[]
}

function healthOf({ config, clock, store, services, metrics, certificate, organisations }: HealthOf): Health {
  return createHealth({
    ...{ clock, store, services, organisations },
    certificate: () => certificate().cert,
    loopDelay: () => metrics.loopDelay(),
    ...(config.data ? { folder: config.data } : {}),
  })
}
