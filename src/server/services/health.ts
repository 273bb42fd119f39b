import { X509Certificate } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { Health, HealthFinding } from '#admin'
import { nearlyFullRecoverable } from '#mailbox'
import type { Instant } from '#model'
import type { Store } from '#store'
import type { ServiceRegister } from './services.ts'

export interface HealthNeeds {
  clock: () => Instant
  store: Store
  services: Pick<ServiceRegister, 'list'>
  organisations: () => readonly { id: string }[]
  /** PEM of the certificate that clients see. */
  certificate: () => string
  /** Folder of the data, when there is one. */
  folder?: string
  /** Delay of the event loop, 99th percentile, in milliseconds. */
  loopDelay: () => number
}

type Alert = HealthFinding['alert']
type Look = (needs: HealthNeeds) => Promise<[alert: Alert, says: string]>

const day = 24 * 3_600_000
const longQueue = 10_000

const graded = (value: number, degraded: number, unhealthy: number): Alert =>
  value >= unhealthy ? 'Unhealthy' : value >= degraded ? 'Degraded' : 'Healthy'

/** One row a monitor. Limits are those beyond which people notice. */
const monitors: readonly { healthSet: string; monitor: string; look: Look }[] = [
  {
    healthSet: 'Store',
    monitor: 'StoreReads',
    async look({ store }) {
      const started = performance.now()
      await store.read((tx) => tx.objects.anywhere('health'))
      const ms = performance.now() - started
      return [graded(ms, 200, 2000), `A read took ${ms.toFixed(1)} ms.`]
    },
  },
  {
    healthSet: 'Store',
    monitor: 'StoreFlush',
    async look({ store }) {
      const { commits, flushSeconds } = store.metrics()
      const ms = commits ? (flushSeconds / commits) * 1000 : 0
      return [graded(ms, 100, 1000), `A commit takes ${ms.toFixed(1)} ms to be on disk, on average of ${commits}.`]
    },
  },
  {
    healthSet: 'MailboxSpace',
    monitor: 'RecoverableItemsQuota',
    async look({ store, organisations }) {
      const over = await nearlyFullRecoverable(store, organisations())
      if (over.length === 0) return ['Healthy', 'Recoverable Items of every mailbox are below RecoverableItemsWarningQuota.']
      const named = over.slice(0, 10).join(', ')
      return [
        'Degraded',
        `Recoverable Items of ${over.length} mailboxes have reached RecoverableItemsWarningQuota: ${named}. Raise it, or end the holds.`,
      ]
    },
  },
  {
    healthSet: 'HubTransport',
    monitor: 'QueueLength',
    async look({ store }) {
      const counts = await store.read((tx) => tx.queue.counts())
      const waiting = counts.reduce((sum, one) => sum + one.waiting, 0)
      return [graded(waiting, longQueue, 10 * longQueue), `${waiting} recipients wait in ${counts.length} queues.`]
    },
  },
  {
    healthSet: 'Services',
    monitor: 'ServicesRunning',
    async look({ services }) {
      const stopped = services.list().flatMap(({ name, status }) => (status === 'Running' ? [] : [name]))
      return stopped.length ? ['Unhealthy', `These do not run: ${stopped.join(', ')}.`] : ['Healthy', 'All services run.']
    },
  },
  {
    healthSet: 'Certificate',
    monitor: 'CertificateExpiry',
    async look({ certificate, clock }) {
      const left = Math.floor((new X509Certificate(certificate()).validToDate.getTime() - clock()) / day)
      return [left < 1 ? 'Unhealthy' : left < 14 ? 'Degraded' : 'Healthy', `The certificate is good for ${left} days more.`]
    },
  },
  {
    healthSet: 'Server',
    monitor: 'EventLoopDelay',
    async look({ loopDelay }) {
      const ms = loopDelay()
      return [graded(ms, 100, 1000), `99 of 100 turns of the event loop are at most ${ms.toFixed(1)} ms late.`]
    },
  },
  {
    healthSet: 'Server',
    monitor: 'DiskSpace',
    async look({ folder }) {
      if (folder === undefined) return ['Healthy', 'The data are in memory.']
      const { bavail, bsize, blocks } = await statfs(folder)
      const free = (bavail / Math.max(1, blocks)) * 100
      const gigabytes = (bavail * bsize) / 2 ** 30
      return [
        gigabytes < 0.5 ? 'Unhealthy' : gigabytes < 5 && free < 10 ? 'Degraded' : 'Healthy',
        `${gigabytes.toFixed(1)} GB of disk are free.`,
      ]
    },
  },
]

/** Looks at the site when asked. A monitor that fails is itself a finding. */
export function createHealth(needs: HealthNeeds): Health {
  const last = new Map<string, { alert: Alert; since: Instant }>()
  return {
    look(heard) {
      let done = 0
      return Promise.all(
        monitors.map(async ({ healthSet, monitor, look }) => {
          const [alert, says] = await look(needs).catch((error: unknown): [Alert, string] => [
            'Unhealthy',
            `It cannot be told: ${(error as Error).message}`,
          ])
          const before = last.get(monitor)
          const since = before?.alert === alert ? before.since : needs.clock()
          last.set(monitor, { alert, since })
          heard?.(++done, monitors.length, monitor)
          return { healthSet, monitor, alert, says, since }
        }),
      )
    },
  }
}
