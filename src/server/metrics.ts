import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Instant } from '#model'
import type { Store } from '#store'

/** Durations in seconds; from a read out of memory to a long streaming call. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Different values of one label; whatever a client makes up beyond them counts as `other`. */
const mostLabels = 300

export interface Metrics {
  /** One request of any protocol. `seconds` is its duration; `outcome` is `ok` or a refusal code or status. */
  request(labels: { protocol: string; operation: string; outcome: string }, seconds: number): void
  signIn(outcome: string): void
  /** Shows figures that somebody else keeps, asked for at each reading: `isthmus_GROUP_NAME`. */
  show(group: string, figures: () => Record<string, number>): void
  /** The text that Prometheus reads. */
  text(): Promise<string>
  contentType: string
  /** Delay of the event loop, 99th percentile since the last reading of the metrics, in milliseconds. */
  loopDelay(): number
  close(): void
}

/** Metrics of one site, in a registry of its own. */
export function createMetrics({ store, clock }: { store: Store; clock: () => Instant }): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Histogram({
    name: 'isthmus_request_duration_seconds',
    help: 'Requests by protocol, operation and outcome.',
    labelNames: ['protocol', 'operation', 'outcome'],
    buckets,
    registers,
  })
  const signIns = new Counter({ name: 'isthmus_sign_ins_total', help: 'Sign-ins by outcome.', labelNames: ['outcome'], registers })
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  new Gauge({
    name: 'isthmus_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last reading.',
    labelNames: ['quantile'],
    registers,
    collect() {
      // The histogram measures the timer's own 10 ms too.
      for (const quantile of [50, 99]) {
        this.set({ quantile: `0.${quantile}` }, Math.max(0, delay.percentile(quantile) / 1e9 - 0.01))
      }
      delay.reset()
    },
  })
  new Gauge({
    name: 'isthmus_queue_recipients',
    help: 'Recipients of queued mail that wait, by route.',
    labelNames: ['route'],
    registers,
    async collect() {
      this.reset()
      for (const { route, waiting } of (await store.read((tx) => tx.queue.counts())).slice(0, mostLabels)) this.set({ route }, waiting)
    },
  })
  for (const [name, help, figure] of textFigures) {
    new Gauge({
      name: `isthmus_text_index_${name}`,
      help,
      registers,
      async collect() {
        this.set(figure(await store.read((tx) => tx.text.lag()), clock()))
      },
    })
  }
  for (const [name, help, field] of storeFigures) {
    new Gauge({
      name: `isthmus_store_${name}`,
      help,
      registers,
      async collect() {
        this.set((await store.metrics())[field])
      },
    })
  }
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  const bounded = { protocol: createBound(), operation: createBound(), outcome: createBound() }
  return {
    loopDelay: () => Math.max(0, delay.percentile(99) / 1e6 - 10),
    request({ protocol, operation, outcome }, seconds) {
      const labels = { protocol: bounded.protocol(protocol), operation: bounded.operation(operation), outcome: bounded.outcome(outcome) }
      requests.observe(labels, seconds)
    },
    signIn: (outcome) => signIns.inc({ outcome }),
    show(group, figures) {
      for (const name of Object.keys(figures())) {
        const metric = `isthmus_${group}_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
        new Gauge({
          name: metric,
          help: `${name} of the ${group}.`,
          registers,
          collect() {
            this.set(figures()[name] ?? 0)
          },
        })
      }
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close() {
      delay.disable()
      registry.clear()
    },
  }
}

type TextLag = Awaited<ReturnType<Parameters<Parameters<Store['read']>[0]>[0]['text']['lag']>>

/** What waits since before there was a queue was written by an older program: nobody knows how long ago. */
const textFigures: readonly [name: string, help: string, figure: (lag: TextLag, now: Instant) => number][] = [
  ['waiting_items', 'Items whose words are still to be made.', ({ waiting }) => waiting],
  ['lag_seconds', 'How long the one that waits longest has waited.', ({ since }, now) => (since ? Math.max(0, now - since) / 1000 : 0)],
]

const storeFigures = [
  ['commits', 'Commits that reached the disk.', 'commits'],
  ['writes', 'Writes; several share a commit.', 'writes'],
  ['flush_seconds', 'Seconds spent flushing commits.', 'flushSeconds'],
  ['blob_bytes', 'Bytes of blobs.', 'blobBytes'],
] as const

function createBound(): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.has(value)) return value
    if (seen.size >= mostLabels) return 'other'
    seen.add(value)
    return value
  }
}
