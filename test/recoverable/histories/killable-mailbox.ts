import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { env } from 'node:process'
import type { ActedMailbox, Snapshot, StoreAt } from './acted-mailbox.ts'
import type { ToChild } from './killable-child.ts'

const child = new URL('killable-child.ts', import.meta.url).pathname
/** Compiled code is kept from process to process, as `test/run.ts` does. */
const compiled = new URL('../../../node_modules/.cache/isthmus-tests', import.meta.url).pathname

/** Whether an operation is to be cut short, and how long after it was sent, in milliseconds. */
export type Cut = () => number | undefined

export interface KillableMailbox extends ActedMailbox {
  readonly kills: number
}

/**
 * The mailbox in a process of its own, which dies (SIGKILL) in the midst of operations as `cut` says; another one opens the store and is told
 * the operation again, as a person does who saw no answer.
 */
export async function openKillable(options: StoreAt, alias: string, now: number, cut: Cut): Promise<KillableMailbox> {
  let process = await start()
  let kills = 0

  async function start(): Promise<ChildProcess> {
    const started = fork(child, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { NODE_COMPILE_CACHE: compiled, ...env } })
    await ask(started, { open: options, alias, now })
    return started
  }

  /** Undefined = the process died before it answered. */
  async function ask(on: ChildProcess, message: ToChild): Promise<unknown> {
    const done = new AbortController()
    const { signal } = done
    const died = once(on, 'exit', { signal }).then(() => undefined)
    const answered = once(on, 'message', { signal }).then(([answer]: unknown[]) => answer)
    on.send(message)
    const answer = await Promise.race([answered, died])
    // Whoever lost the race hears that nobody waits any more.
    died.catch(() => undefined)
    answered.catch(() => undefined)
    done.abort()
    if (answer && typeof answer === 'object' && 'failed' in answer) throw new Error(String(answer.failed))
    return answer
  }

  return {
    get kills() {
      return kills
    },
    async perform(operation, at) {
      const after = cut()
      const victim = process
      const timer = after === undefined ? undefined : setTimeout(() => victim.kill('SIGKILL'), after)
      const answer = (await ask(victim, { operation, now: at })) as Awaited<ReturnType<ActedMailbox['perform']>> | undefined
      clearTimeout(timer)
      if (answer) return answer
      kills++
      process = await start()
      return { refused: 'killed' }
    },
    look: async (whole) => (await ask(process, { look: true, whole })) as Snapshot,
    async close() {
      process.kill('SIGKILL')
      await once(process, 'exit')
    },
  }
}
