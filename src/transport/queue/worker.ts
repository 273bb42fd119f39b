import type { Instant } from '#model'
import type { QueuedRecipient } from '#store'
import type { TransportContext } from '../contract.ts'

/** Waits so many milliseconds or until the signal; passed in with the clock. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/**
 * Works on recipients of one message. What resolves is the part that counts against `concurrency`; `relaying` is what still waits for other
 * servers, so that a server elsewhere that hangs keeps nobody's mail here from being delivered. Neither rejects.
 */
export type Work = (recipients: QueuedRecipient[]) => Promise<{ relaying?: Promise<void> }>

export interface Worker {
  start(): void
  runDue(): Promise<void>
  inFlight(): number
  close(timeout: number): Promise<void>
}

/** No wait is longer: a wake that got lost costs this much. In milliseconds. */
const longestWait = 60_000
/** After the store failed. */
const afterFailure = 1000

/**
 * Takes due recipients out of the queue under a lease, so that several processes can share it, and gives those of one message to `work`
 * together. Woken by the store when mail is queued, by the clock when some falls due.
 */
export function createWorker(ctx: TransportContext, holder: string, work: Work, wait: Wait): Worker {
  const active = new Set<Promise<void>>()
  const relaying = new Set<Promise<void>>()
  const stopping = new AbortController()
  let loop: Promise<void> = Promise.resolve()
  let signalled = false
  let release: () => void = () => undefined
  const wake = (): void => {
    signalled = true
    release()
  }

  /** One after the other: what one of them has leased is under way, or done, before the next one looks for more. */
  let taking: Promise<number> = Promise.resolve(0)
  const take = (): Promise<number> => (taking = taking.catch(() => 0).then(takeSome))

  async function takeSome(): Promise<number> {
    const room = ctx.config.concurrency - active.size
    const now = ctx.clock()
    if (room <= 0 || !(await isDue(now))) return 0
    const leased = await ctx.store.write((tx) => tx.queue.lease(holder, now, now + ctx.config.lease, room))
    for (const recipients of Map.groupBy(leased, (one) => `${one.organisation} ${one.message}`).values()) {
      const task = work(recipients).then((left) => {
        active.delete(task)
        if (left.relaying) track(left.relaying)
        wake()
      })
      active.add(task)
    }
    return leased.length
  }

  function track(relay: Promise<void>): void {
    const tracked = relay.then(() => void relaying.delete(tracked))
    relaying.add(tracked)
  }

  async function isDue(now: Instant): Promise<boolean> {
    const next = await ctx.store.read((tx) => tx.queue.nextDue())
    return next !== undefined && next <= now
  }

  async function pause(): Promise<void> {
    const next = await ctx.store.read((tx) => tx.queue.nextDue())
    const now = ctx.clock()
    if (signalled) return
    const milliseconds = next === undefined ? longestWait : next <= now ? afterFailure : Math.min(next - now, longestWait)
    const enough = new AbortController()
    const woken = new Promise<void>((resolve) => (release = resolve))
    await Promise.race([woken, wait(milliseconds, AbortSignal.any([stopping.signal, enough.signal]))])
    enough.abort()
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        signalled = false
        if ((await take()) === 0) await pause()
      } catch (error) {
        if (stopping.signal.aborted) return
        ctx.log.error({ err: error }, 'the queue could not be read')
        await wait(afterFailure, stopping.signal)
      }
    }
  }

  /** What a former life of this process was working on is free again. */
  async function recover(): Promise<void> {
    const freed = await ctx.store.write((tx) => tx.queue.release(holder))
    if (freed > 0) ctx.log.info({ recipients: freed }, 'queued mail of the last run taken up again')
  }

  async function listen(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        for await (const _ of ctx.store.watchWork(stopping.signal)) wake()
        return
      } catch (error) {
        if (stopping.signal.aborted) return
        ctx.log.error({ err: error }, 'news of the queue could not be had')
        await wait(afterFailure, stopping.signal)
      }
    }
  }

  return {
    start() {
      loop = recover()
        .catch((error: unknown) => ctx.log.error({ err: error }, 'leases of the last run not dropped'))
        .then(() => Promise.all([run(), listen()]))
        .then(() => undefined)
    },
    async runDue() {
      for (;;) {
        const taken = await take()
        // What is under way may have queued more by its end.
        const busy = active.size + relaying.size
        await Promise.all(active)
        await Promise.all(relaying)
        if (taken === 0 && busy === 0) return
      }
    },
    inFlight: () => active.size + relaying.size,
    async close(timeout) {
      stopping.abort()
      wake()
      const late = new AbortController()
      await Promise.race([Promise.all([loop, ...active, ...relaying]), wait(timeout, late.signal)])
      late.abort()
    },
  }
}
