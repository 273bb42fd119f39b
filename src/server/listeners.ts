import type { HttpRequest, HttpRoute } from '#access'
import { newGuid } from '#directory'
import { startSmtp, type SmtpServed } from '#protocols/smtp'
import type { SiteConfig } from './config.ts'
import { defaultHttpLimits, listenHttp } from './http/listener.ts'
import { createRouteTable } from './http/route-table.ts'
import type { ServedRequest } from './http/serve-request.ts'
import { requestLine, type SiteLog } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Rooms, SiteOutside } from './rooms.ts'
import { listening } from './start-problem.ts'

/** One open port of any protocol. */
export interface Listener {
  kind: keyof SiteConfig['listeners']
  port: number
  renew(tls: { cert: string; key: string }): void
  close(timeout: number): Promise<void>
}

export interface ListenDeps {
  config: SiteConfig
  world: Pick<SiteOutside, 'random'>
  rooms: Rooms
  routes: HttpRoute[]
  /** The certificate as it is now. */
  tls: () => { cert: string; key: string }
  log: SiteLog
  metrics: Metrics
}

/** Opens one port of the configuration: at the port given, where it has been open before. */
export async function openListener(deps: ListenDeps, kind: Listener['kind'], port?: number): Promise<Listener | undefined> {
  const configured = deps.config.listeners[kind]
  if (!configured) return undefined
  const at = { ...configured, port: port ?? configured.port }
  const open = kind === 'https' || kind === 'http' ? openHttp(deps, kind) : openSmtp(deps, kind)
  const listener = await listening(kind === 'submission' ? kind : kind.toUpperCase(), at, () => open(at))
  return { ...listener, kind }
}

type Open = (at: { host: string; port: number }) => Promise<Omit<Listener, 'kind'>>

/** What serving HTTP needs beside its routes: who calls, ids, the log and the metrics. */
export function servingOf({ world, rooms, log, metrics }: Pick<ListenDeps, 'world' | 'rooms' | 'log' | 'metrics'>) {
  return {
    access: rooms.access,
    newId: () => newGuid(world.random),
    served(served: ServedRequest) {
      const { operation = served.request.method, outcome = served.status < 400 ? 'ok' : String(served.status) } = served.request.log
      metrics.request({ protocol: served.protocol, operation: String(operation), outcome: String(outcome) }, served.ms / 1000)
      log.logger.info(requestLine(served))
    },
    defect(error: unknown, { id, path }: HttpRequest) {
      log.logger.error({ event: 'defect', id, path, err: error }, 'a request failed by a bug')
    },
  }
}

function openHttp(deps: ListenDeps, kind: 'https' | 'http'): Open {
  const { config, routes, tls } = deps
  const limits = { ...defaultHttpLimits, ...config.limits }
  const serve = { ...servingOf(deps), match: createRouteTable(routes) }
  return (at) => listenHttp(serve, { ...at, limits, ...(kind === 'https' ? { tls: tls() } : {}) })
}

function openSmtp({ rooms: { transport, access }, tls, log, metrics }: ListenDeps, kind: 'smtp' | 'submission'): Open {
  return (at) =>
    startSmtp({
      ...at,
      kind: kind === 'smtp' ? 'inbound' : 'submission',
      transport,
      access,
      tls: tls(),
      served({ operation, outcome, ms, ...rest }: SmtpServed) {
        metrics.request({ protocol: kind, operation, outcome: outcome === 'ok' ? outcome : outcome.slice(0, 3) }, ms / 1000)
        log.logger.info({ event: 'request', protocol: kind, operation, outcome, ms: Math.round(ms * 100) / 100, ...rest })
      },
      defect: (error, id) => log.logger.error({ event: 'defect', id, err: error }, 'an SMTP command failed by a bug'),
    })
}
