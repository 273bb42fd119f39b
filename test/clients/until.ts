import { setTimeout as pause } from 'node:timers/promises'

/** Asks until the answer is truthy: mail between mailboxes arrives in its own time. Fails, saying `what`, after `seconds`. */
export async function until<T>(what: string, ask: () => Promise<T> | T, seconds = 15): Promise<NonNullable<T>> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > end) throw new Error(`${what} did not happen within ${seconds} s`)
    await pause(40)
  }
}
