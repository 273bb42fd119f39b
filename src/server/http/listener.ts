import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createIntake } from '#access'
import { Refusal } from '#model'
import { serveRequest, type ServeDeps } from './serve-request.ts'

export interface HttpLimits {
  /** All in milliseconds but the counts. A client that has not sent its headers by then is cut off. */
  headersTimeout: number
  /** The same for the whole request. */
  requestTimeout: number
  /** How long an idle connection is kept; longer than clients' own, so that they close first. */
  keepAliveTimeout: number
  /** Silence in either direction while answering, after which a connection is dropped. */
  silence: number
  maxHeaderBytes: number
  maxConnections: number
  /** Bytes of request bodies held at once, of all connections together. */
  bodies: number
}
export const defaultHttpLimits: HttpLimits = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 75_000,
  silence: 300_000,
  maxHeaderBytes: 32 * 1024,
  maxConnections: 20_000,
  bodies: 512 * 1024 * 1024,
}

export interface HttpListener {
  port: number
  /** New connections get this certificate. */
  renew(tls: { cert: string; key: string }): void
  /** Takes no more connections, aborts what streams, lets the rest finish until `deadline` ms have passed, then cuts. */
  close(deadline: number): Promise<void>
}

/**
 * Listens with TLS 1.2 or newer, or in the clear when there is no `tls`; at a socket of the file system when `path` is given. Node's own server: everything fastify would add
 * (routing, parsing, hooks) is replaced by the seam anyway, and it costs a seventh of the rate.
 */
export async function listenHttp(
  deps: Omit<ServeDeps, 'draining' | 'inFlight' | 'hold'>,
  {
    host,
    port,
    path,
    tls,
    limits,
  }: { host?: string; port?: number; path?: string; tls?: { cert: string; key: string }; limits: HttpLimits },
): Promise<HttpListener> {
  let draining = false
  const inFlight = new Set<AbortController>()
  const serveDeps: ServeDeps = { ...deps, draining: () => draining, inFlight, hold: createIntake(limits.bodies) }
  const serve: RequestListener = (message, response) => {
    if (draining) response.setHeader('connection', 'close')
    serveRequest(serveDeps, message, response).catch((error: unknown) => {
      // It never throws; should it all the same, one request ends and the process does not.
      response.destroy(error instanceof Error ? error : undefined)
    })
  }
  const options: ServerOptions = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: Math.min(5000, Math.max(50, limits.headersTimeout / 3)),
    noDelay: true,
  }
  const server = tls
    ? createHttpsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeout, sessionTimeout: 3600 }, serve)
    : createHttpServer(options, serve)
  server.on('checkContinue', serve)
  server.timeout = limits.silence
  server.maxConnections = limits.maxConnections
  await listen(server, path === undefined ? { host, port } : { path })
  const at = server.address() as AddressInfo | string
  return {
    port: typeof at === 'string' ? 0 : at.port,
    renew(next) {
      if (server instanceof HttpsServer) server.setSecureContext({ ...next, minVersion: 'TLSv1.2' })
    },
    async close(deadline) {
      draining = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const refusal = new Refusal('ServerBusy', 'The server is shutting down.')
      for (const controller of inFlight) controller.abort(refusal)
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), deadline)
      await closed
      clearTimeout(cut)
    },
  }
}

function listen(server: Server, at: { host: string | undefined; port: number | undefined } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...at, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
