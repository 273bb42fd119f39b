import type { JobKind } from '#admin'
import type { RandomBytes } from '#directory'
import type { Instant } from '#model'
import type { JobRow, Store } from '#store'

const minute = 60_000
/** One process holds a job so long; one that died leaves it to the others then. */
const lease = 15 * minute
const mostAttempts = 5
const atOnce = 4

export interface JobClock {
  /** Jobs are run when their time comes, until `close`. */
  start(): void
  /** Looks now instead of in a minute. */
  wake(): void
  /** Runs what is due and resolves when nothing is. */
  runDue(): Promise<void>
  /** Takes no more; resolves when what runs has ended. */
  close(): Promise<void>
}

interface Needs {
  store: Store
  clock: () => Instant
  random: RandomBytes
  log: { error(detail: object, message: string): void }
}

/**
 * Runs jobs of the store, each under a lease. One that fails is tried again after one minute, then two, four …; after five failures it is
 * given up and logged. A process that dies in the midst of one leaves it to be run again when the lease ends.
 */
export function createJobClock({ store, clock, random, log }: Needs, rows: readonly JobKind[]): JobClock {
  const kinds = new Map(rows.map((row) => [row.kind, row]))
  const holder = Buffer.from(random(8)).toString('hex')
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function runOne(job: JobRow): Promise<void> {
    const { organisation, id, kind, state } = job
    const end = (next: Record<string, unknown>, due: Instant | null) =>
      store.write((tx) => tx.jobs.release(organisation, id, holder, next, due))
    try {
      await kinds.get(kind)?.run(job)
    } catch (error) {
      const attempts = Number(state['$attempts'] ?? 0) + 1
      const isOver = attempts >= mostAttempts
      log.error({ event: 'job', kind, id, attempts, err: error }, isOver ? 'a job failed and is given up' : 'a job failed; it is tried again') // prettier-ignore
      return end({ ...state, $attempts: attempts }, isOver ? null : clock() + 2 ** (attempts - 1) * minute)
    }
    return end({}, null)
  }

  async function runDue(): Promise<void> {
    for (;;) {
      const now = clock()
      const due = await store.write((tx) => tx.jobs.lease([...kinds.keys()], holder, now, now + lease, atOnce))
      if (due.length === 0) return
      for (const job of due) await runOne(job)
    }
  }

  const inTurn = () => (running = running.then(runDue, runDue))
  const failed = (err: unknown) => log.error({ event: 'job', err }, 'jobs could not be run; they are looked at again in a minute')
  const wake = () => void (timer && inTurn().catch(failed))

  return {
    start() {
      timer ??= setInterval(wake, minute).unref()
      wake()
    },
    wake,
    runDue: inTurn,
    async close() {
      clearInterval(timer)
      timer = undefined
      await running.catch(() => undefined)
    },
  }
}
