import type { JobKind } from '#admin'
import type { RandomBytes } from '#directory'
import { Refusal, type Instant } from '#model'
import type { JobRow, Store } from '#store'

const minute = 60_000
/** One process holds a job so long; one that died leaves it to the others then. A kind may say otherwise. */
const usualLease = 15 * minute
const mostAttempts = 5
const usualAtOnce = 4

export type NewJob = Pick<JobRow, 'organisation' | 'id' | 'kind' | 'due' | 'state'>

export interface JobClock {
  /** Jobs are run when their time comes, until `close`. */
  start(): void
  /** Looks now instead of in a minute. */
  wake(): void
  /** Runs what is due and resolves when nothing is. */
  runDue(): Promise<void>
  /** Takes no more; resolves when what runs has ended. */
  close(): Promise<void>
  /** Keeps a job, and looks at it if its time has come. */
  save(job: NewJob): Promise<void>
  list(organisation: string, kind: string): Promise<JobRow[]>
  /** The job is due now; one that runs is run once more. Nothing when there is none. */
  hurry(organisation: string, id: string): Promise<void>
  /** The job is not run any more. Nothing when there is none. */
  remove(organisation: string, id: string): Promise<void>
}

interface Needs {
  store: Store
  clock: () => Instant
  random: RandomBytes
  log: { error(detail: object, message: string): void }
}

/**
 * Runs jobs of the store, each under a lease. One that fails is tried again after one minute, then two, four …; after five failures it is
 * given up and logged. A process that dies in the midst of one leaves it to be run again when the lease ends. No kind waits for another.
 */
export function createJobClock({ store, clock, random, log }: Needs, rows: readonly JobKind[]): JobClock {
  const holder = Buffer.from(random(8)).toString('hex')
  const runners = rows.map((row) => createRunner({ store, clock, log, holder }, row))
  let timer: NodeJS.Timeout | undefined
  const hurrying = new Set<Promise<void>>()
  const runDue = async () => {
    // A lease passes over what somebody writes to: what is just being hurried is waited for.
    await Promise.allSettled(hurrying)
    await Promise.all(runners.map((runner) => runner.runDue()))
  }
  const failed = (err: unknown) => log.error({ event: 'job', err }, 'jobs could not be run; they are looked at again in a minute')
  const wake = () => void (timer && runDue().catch(failed))

  return {
    start() {
      for (const runner of runners) runner.open()
      timer ??= setInterval(wake, minute).unref()
      wake()
    },
    wake,
    runDue,
    async close() {
      clearInterval(timer)
      timer = undefined
      await Promise.all(runners.map((runner) => runner.close()))
    },
    async save(job) {
      await store.write((tx) => tx.jobs.save(job))
      wake()
    },
    list: (organisation, kind) => store.read((tx) => tx.jobs.list(organisation, kind)),
    async hurry(organisation, id) {
      for (const runner of runners) runner.again(id)
      const write = store.write((tx) => tx.jobs.hurry(organisation, id, clock()))
      hurrying.add(write)
      await write.finally(() => hurrying.delete(write))
      wake()
    },
    remove: (organisation, id) => store.write((tx) => tx.jobs.remove(organisation, id)),
  }
}

interface Runner {
  runDue(): Promise<void>
  /** The job, if it runs, is due again when it ends. */
  again(id: string): void
  close(): Promise<void>
  /** Takes jobs again after `close`. */
  open(): void
}

const keyOf = ({ organisation, id }: JobRow) => `${organisation} ${id}`

/** Runs the jobs of one kind, so many at once. */
function createRunner(
  { store, clock, log, holder }: Omit<Needs, 'random'> & { holder: string },
  { kind, run, lease = usualLease, atOnce = usualAtOnce }: JobKind,
): Runner {
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const next = new Set<string>()
  let looking: Promise<number> = Promise.resolve(0)
  let closed = false

  async function runOne(job: JobRow): Promise<void> {
    const { organisation, id, state } = job
    const end = async (next: Record<string, unknown>, due: Instant | null) => {
      await store.write((tx) => tx.jobs.release(organisation, id, holder, next, due)).catch(takenAway)
      // News that came while it ran or while its end was written down; what comes later finds it at its end.
      if (again.delete(id)) await store.write((tx) => tx.jobs.hurry(organisation, id, clock()))
    }
    again.delete(id)
    try {
      const next = await run(job)
      await end(next?.state ?? {}, next?.due ?? null)
    } catch (error) {
      const attempts = Number(state['$attempts'] ?? 0) + 1
      const isOver = attempts >= mostAttempts
      log.error({ event: 'job', kind, id, attempts, err: error }, isOver ? 'a job failed and is given up' : 'a job failed; it is tried again') // prettier-ignore
      await end({ ...state, $attempts: attempts }, isOver ? null : clock() + 2 ** (attempts - 1) * minute)
    }
  }

  /** Runs a job that was leased while it ran, if it is still leased: not if its end gave the lease back. */
  async function runOnceMore({ organisation, id }: JobRow): Promise<void> {
    const job = await store.read((tx) => tx.jobs.get(organisation, id))
    if (job?.holder === holder) await runOne(job)
  }

  /** Starts what is due, as many as may run; how many it started. */
  async function look(): Promise<number> {
    const now = clock()
    const due = closed ? [] : await store.write((tx) => tx.jobs.lease([kind], holder, now, now + lease, atOnce - running.size))
    let started = 0
    for (const job of due) {
      const key = keyOf(job)
      const before = running.get(key)
      // One that is just ending, or runs longer than its lease, is run once more when it has ended: never beside itself.
      if (before && next.has(key)) continue
      if (before) next.add(key)
      started++
      const kept = (err: unknown) =>
        log.error({ event: 'job', kind, id: job.id, err }, 'how a job ended could not be kept; it is run again')
      const onceMore = () => {
        next.delete(key)
        return runOnceMore(job)
      }
      const work: Promise<void> = (before ? before.then(onceMore) : runOne(job))
        .catch(kept)
        .finally(() => void (running.get(key) === work && running.delete(key)))
      running.set(key, work)
    }
    return started
  }

  async function runDue(): Promise<void> {
    for (;;) {
      const turn = looking.then(look, look)
      looking = turn
      const started = await turn
      if (started === 0 && running.size === 0) return
      await Promise.race(running.values())
    }
  }

  return {
    runDue,
    again: (id) => void ([...running.keys()].some((key) => key.endsWith(` ${id}`)) && again.add(id)),
    open: () => void (closed = false),
    async close() {
      closed = true
      await Promise.allSettled([looking, ...running.values()])
    },
  }
}

/** Whoever ended the job while it ran meant it. */
function takenAway(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'StaleObject')) throw error
}
