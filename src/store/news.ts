/** Wakes those who watch a mailbox, or wait for work, after a commit. Nothing is carried: they ask for what is new. */
export interface News {
  watch(mailbox: string, signal: AbortSignal): AsyncIterable<void>
  watchWork(signal: AbortSignal): AsyncIterable<void>
  /** How many commits that wrote objects of the directory have been told of. */
  readonly objectChanges: number
  /** Tells what a commit touched. */
  tell(mailboxes: Iterable<string>, work: boolean): void
  /** Wakes everybody: after the connection that brings news was lost for a while. */
  wakeAll(): void
  /** Ends every watch. */
  close(): void
}

/** Stands among the mailboxes that a commit touched for the objects of the directory. */
export const objectsTouched = 'objects'

interface Watcher {
  wake(): void
  end(): void
}

export function createNews(): News {
  const watchers = new Map<string, Set<Watcher>>()
  const workers = new Set<Watcher>()
  let objectChanges = 0
  let closed = false

  async function* loop(signal: AbortSignal, join: (watcher: Watcher) => () => void): AsyncGenerator<void> {
    // The first value comes at once; wakes that come while the reader is busy are one.
    let news = true
    let ended = signal.aborted || closed
    let resume: (() => void) | undefined
    const wake = () => {
      news = true
      resume?.()
    }
    const end = () => {
      ended = true
      resume?.()
    }
    const leave = join({ wake, end })
    signal.addEventListener('abort', end)
    try {
      while (!ended) {
        if (news) {
          news = false
          yield
        } else {
          await new Promise<void>((resolve) => (resume = resolve))
          resume = undefined
        }
      }
    } finally {
      signal.removeEventListener('abort', end)
      leave()
    }
  }

  function everyone(): Watcher[] {
    return [...workers, ...[...watchers.values()].flatMap((set) => [...set])]
  }

  return {
    watch: (mailbox, signal) =>
      loop(signal, (watcher) => {
        const set = watchers.get(mailbox) ?? new Set()
        watchers.set(mailbox, set.add(watcher))
        return () => {
          set.delete(watcher)
          if (set.size === 0 && watchers.get(mailbox) === set) watchers.delete(mailbox)
        }
      }),
    watchWork: (signal) =>
      loop(signal, (watcher) => {
        workers.add(watcher)
        return () => workers.delete(watcher)
      }),
    tell(mailboxes, work) {
      for (const mailbox of mailboxes) {
        if (mailbox === objectsTouched) objectChanges++
        else for (const watcher of watchers.get(mailbox) ?? []) watcher.wake()
      }
      if (work) for (const watcher of workers) watcher.wake()
    },
    get objectChanges() {
      return objectChanges
    },
    wakeAll() {
      objectChanges++
      for (const watcher of everyone()) watcher.wake()
    },
    close() {
      closed = true
      for (const watcher of everyone()) watcher.end()
    },
  }
}
