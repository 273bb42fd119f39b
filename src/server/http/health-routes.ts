import type { HttpReply, HttpRoute } from '#access'
import type { Store } from '#store'
import type { Metrics } from '../metrics.ts'

const text = (status: number, body: string, contentType = 'text/plain; charset=utf-8'): HttpReply => ({
  status,
  headers: { 'content-type': contentType, 'cache-control': 'no-store' },
  body,
})

/**
 * `/healthz` (the process answers), `/readyz` (the store answers and the site is not draining: 503 with the reason
 * otherwise) and `/metrics` (for the addresses allowed to read it; for others it is not there).
 */
export function healthRoutes({
  store,
  metrics,
  metricsFrom,
  unready,
}: {
  store: Store
  metrics: Metrics
  metricsFrom: readonly string[]
  /** Why the site is not ready, or undefined. */
  unready: () => string | undefined
}): HttpRoute[] {
  const route = (path: string, handle: HttpRoute['handle']): HttpRoute => ({
    methods: ['GET'],
    path,
    protocol: 'health',
    auth: 'none',
    maxBody: 0,
    handle,
  })
  return [
    route('/healthz', async () => text(200, 'ok\n')),
    route('/readyz', async (request) => {
      const reason = unready()
      if (reason) return text(503, `${reason}\n`)
      try {
        await store.read((tx) => tx.objects.anywhere('ready'))
        return text(200, 'ready\n')
      } catch (error) {
        request.log.error = (error as Error).message
        return text(503, 'the store does not answer; see the log\n')
      }
    }),
    route('/metrics', async ({ remoteAddress }) => {
      if (!metricsFrom.includes(remoteAddress)) return text(404, 'There is nothing here.\n')
      return text(200, await metrics.text(), metrics.contentType)
    }),
  ]
}
