import type { Mailboxes } from '#mailbox'

/**
 * Yields the mailboxes that changed, none after `heartbeat` milliseconds without news; ends with `signal`. The first, all of them, comes at
 * once. One timer and one watcher a mailbox, however many subscriptions wait.
 */
export async function* wakes(
  mailboxes: Pick<Mailboxes, 'watch'>,
  ids: Iterable<string>,
  heartbeat: number,
  signal: AbortSignal,
): AsyncGenerator<ReadonlySet<string>> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  let pending: Set<string> = new Set(ids)
  let failure: unknown
  let wake: (() => void) | undefined
  const ring = (): void => wake?.()
  for (const id of [...pending]) {
    void (async () => {
      try {
        for await (const _ of mailboxes.watch(id, both)) {
          pending.add(id)
          ring()
        }
      } catch (error) {
        if (!both.aborted) {
          failure = error
          ring()
        }
      }
    })()
  }
  both.addEventListener('abort', ring, { once: true })
  try {
    while (!both.aborted) {
      if (pending.size === 0 && !failure) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, heartbeat)
        })
        clearTimeout(timer)
        wake = undefined
      }
      if (both.aborted) return
      if (failure) throw failure
      const changed = pending
      pending = new Set()
      yield changed
    }
  } finally {
    stop.abort()
  }
}
