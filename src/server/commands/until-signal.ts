import type { Site } from '../site.ts'

/** Exceeding this, a site that does not come to its end is left behind. */
const deadline = 5000

/** Keeps a site running until SIGTERM or SIGINT, then drains it; answers the exit code. A second signal ends at once. */
export function untilSignal(site: Pick<Site, 'close'>): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(1)
      stopping = true
      const late = setTimeout(() => {
        console.error('isthmus: not everything finished within 5 s of the signal; stopping all the same.')
        process.exit(1)
      }, deadline)
      site.close().then(
        () => {
          clearTimeout(late)
          resolve(0)
        },
        (error: unknown) => {
          console.error(`isthmus: stopping on ${signal} failed:`, error)
          process.exit(1)
        },
      )
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
