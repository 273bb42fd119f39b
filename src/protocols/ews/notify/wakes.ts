import type { Mailboxes } from '#mailbox'

/**
 * Yields `news` when one of the mailboxes changed, `heartbeat` after that many milliseconds without news; ends with `signal`.
 * The first `news` comes at once. One timer and one watcher a mailbox, however many subscriptions wait.
 */
export async function* wakes(
  mailboxes: Pick<Mailboxes, 'watch'>,
  ids: Iterable<string>,
  heartbeat: number,
  signal: AbortSignal,
): AsyncGenerator<'news' | 'heartbeat'> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  let pending = true
  let failure: unknown
  let wake: (() => void) | undefined
  const ring = (): void => {
    pending = true
    wake?.()
  }
  for (const id of new Set(ids)) {
    void (async () => {
      try {
        for await (const _ of mailboxes.watch(id, both)) ring()
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
      if (!pending) {
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
      const news = pending
      pending = false
      yield news ? 'news' : 'heartbeat'
    }
  } finally {
    stop.abort()
  }
}
