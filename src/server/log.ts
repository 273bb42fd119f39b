import pino, { type Logger } from 'pino'
import type { ServedRequest } from './http/serve-request.ts'
import type { SiteConfig } from './config.ts'

export interface SiteLog {
  logger: Logger
  /** Writes out what is buffered. */
  close(): Promise<void>
}

/** The site's log: one JSON line an event, to a file or standard output, written in pieces and flushed at the end. */
export function createLog({ level, file }: SiteConfig['log']): SiteLog {
  const destination = pino.destination({ dest: file ?? 1, sync: false, minLength: 4096, mkdir: true })
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  )
  // What waits in memory goes out once a second, so that a quiet server's log is not behind.
  const timer = setInterval(() => destination.flush(), 1000)
  timer.unref()
  return {
    logger,
    close() {
      clearInterval(timer)
      return new Promise((resolve, reject) => {
        destination.once('error', reject)
        destination.once('close', resolve)
        destination.end()
      })
    },
  }
}

/** The one line of a served request. Bodies, credentials and queries are not in it: a query may hold either. */
export function requestLine({ request, protocol, status, bytes, ms }: ServedRequest): object {
  return {
    event: 'request',
    id: request.id,
    protocol,
    method: request.method,
    path: request.path.slice(0, 200),
    status,
    bytes,
    ms: Math.round(ms * 100) / 100,
    remote: request.remoteAddress,
    client: request.headers['user-agent']?.slice(0, 200),
    ...request.log,
  }
}
