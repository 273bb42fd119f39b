import type { Instant } from '#model'
import type { Store } from '#store'

const hour = 3_600_000
/** A blob that nothing refers to may be of a write still under way; after a day it is not. */
const blobAge = 24 * hour

interface Log {
  info(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** Once an hour: removes blobs that nothing refers to, and renews the certificate when it is near its end. */
export function startHousekeeping({
  store,
  clock,
  log,
  renewCertificate,
}: {
  store: Store
  clock: () => Instant
  log: Log
  renewCertificate: () => Promise<void>
}): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const chores: [string, () => Promise<void>][] = [
    ['sweep', async () => log.info({ event: 'sweep', blobs: await store.sweep(clock() - blobAge) }, 'unreferenced blobs removed')],
    ['certificate', renewCertificate],
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
