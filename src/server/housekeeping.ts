import type { Instant } from '#model'
import type { Store } from '#store'

const hour = 3_600_000
/** A blob that nothing refers to may be of a write still under way; after a day it is not. */
const blobAge = 24 * hour

interface Log {
  info(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** Once an hour: removes blobs that nothing refers to and tokens that have ended, renews the certificate and the key of identity tokens when they are near their end, reads the auth services' keys. */
export function startHousekeeping({
  store,
  clock,
  log,
  sweepTracking,
  renewCertificate,
  refreshTrust,
  sweepTokens,
  renewIdentityKey,
}: {
  store: Store
  clock: () => Instant
  log: Log
  /** Removes old events of the message tracking log. */
  sweepTracking: () => Promise<void>
  renewCertificate: () => Promise<void>
  /** What could not be read, in words. */
  refreshTrust: () => Promise<string[]>
  /** Removes tokens and sessions that have ended; how many. */
  sweepTokens: () => Promise<number>
  /** Gives the key of identity tokens its successor when it is old. */
  renewIdentityKey: () => Promise<unknown>
}): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const chores: [string, () => Promise<void>][] = [
    ['sweep', async () => log.info({ event: 'sweep', blobs: await store.sweep(clock() - blobAge) }, 'unreferenced blobs removed')],
    ['tracking', sweepTracking],
    ['tokens', async () => log.info({ event: 'sweep', tokens: await sweepTokens() }, 'ended tokens and sessions removed')],
    ['identity key', async () => void (await renewIdentityKey())],
    ['certificate', renewCertificate],
    [
      'metadata',
      async () => {
        for (const failed of await refreshTrust()) log.error({ event: 'metadata' }, failed)
      },
    ],
  ]
  async function round(): Promise<void> {
    for (const [chore, run] of chores) {
      try {
        await run()
      } catch (error) {
        log.error({ event: 'housekeeping', chore, err: error }, `the hourly ${chore} failed; it is tried again in an hour`)
      }
    }
  }
  const timer = setInterval(() => (running = running.then(round)), hour)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
