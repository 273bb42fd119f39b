import { Refusal, type Caller, type Instant } from '#model'
import { marked } from '#shell'

/** How many objects a page has. */
export const pageSizes = { least: 1, usual: 1000, most: 5000 } as const

/** Pages that wait for their reader. */
export interface PageLimits {
  /** Of one caller; of one more the oldest ends. */
  perCaller: number
  /** Of all together; then ServerBusy. */
  inAll: number
  /** Milliseconds that one waits. */
  lifetime: number
  /** Bytes of one page, after which it ends even if it is not full. Windows PowerShell reads JSON up to 2 MB. */
  bytes: number
}
export const usualPageLimits: PageLimits = { perCaller: 8, inAll: 400, lifetime: 5 * 60_000, bytes: 1024 * 1024 }

const sweeping = 30_000
const mostWarnings = 1000

export interface Page {
  /** Each object as JSON. */
  objects: string[]
  warnings: string[]
  /** Where there is more: what continues it, once. */
  next?: string
}

/** What a page is asked with. */
export interface Asked {
  caller: Caller
  /** What tells cmdlet and parameters from others: a continuation is for the same alone. */
  command: () => string
  size: number
  /** What lets the caller run it now (`admin.standing`). */
  standing: () => Promise<string>
  /** The request's. */
  signal: AbortSignal
  /** Names of the properties that are wanted; absent = all. */
  select?: ReadonlySet<string>
}

/** Nobody sees its progress: a page comes when it is full. */
export type StartCmdlet = (options: {
  warn: (text: string) => void
  signal: AbortSignal
  permitted: (standing: string) => void
}) => AsyncIterable<object>

export interface Pages {
  /** Starts a cmdlet and gives its first page. Too many wait for their readers → ServerBusy. */
  first(asked: Asked, start: StartCmdlet): Promise<Page>
  /**
   * The page that a continuation names. One that is unknown, used, ended, or of another caller or command → ObjectNotFound. Whose rights are
   * not those that it began with is refused as one who has not the right, and it ends.
   */
  following(asked: Asked, token: string): Promise<Page>
  /** Ends every cmdlet that waits. */
  close(): Promise<void>
}

/** A cmdlet between two pages. */
interface Running {
  owner: string
  command: () => string
  /** What let the caller run it when it began. */
  standing: string
  objects: AsyncIterator<object>
  warnings: string[]
  /** Ends the cmdlet. */
  controller: AbortController
  ahead?: IteratorResult<object>
  until: Instant
}

export interface PagesNeeds {
  clock: () => Instant
  random: (size: number) => Uint8Array
  /** Hears of a bug in a cmdlet that is ended while nobody asks. */
  failed: (error: unknown) => void
  limits?: Partial<PageLimits>
}

/** Keeps cmdlets whose objects are read page by page. */
export function createPages({ clock, random, failed, limits: some }: PagesNeeds): Pages {
  const limits = { ...usualPageLimits, ...some }
  // In the order in which they began to wait.
  const waiting = new Map<string, Running>()

  async function end(running: Running, why: Refusal): Promise<void> {
    running.controller.abort(why)
    try {
      await running.objects.return?.()
    } catch (error) {
      if (!(error instanceof Refusal)) failed(error)
    }
  }

  async function drop(ended: readonly [token: string, Running][], why: () => Refusal): Promise<void> {
    for (const [token] of ended) waiting.delete(token)
    await Promise.all(ended.map(([, running]) => end(running, why())))
  }

  async function sweep(): Promise<void> {
    const now = clock()
    const late = [...waiting].filter(([, { until }]) => until <= now)
    if (late.length > 0) await drop(late, () => new Refusal('TimeoutExpired', 'Nobody asked for the next page in time.'))
  }
  const timer = setInterval(() => void sweep(), sweeping).unref()

  async function keep(running: Running): Promise<string> {
    const own = [...waiting].filter(([, { owner }]) => owner === running.owner)
    const tooMany = own.slice(0, Math.max(0, own.length - limits.perCaller + 1))
    await drop(tooMany, () => new Refusal('RequestAborted', 'Too many results are being read at once; the oldest was given up.'))
    if (waiting.size >= limits.inAll) {
      throw new Refusal('ServerBusy', 'Too many results are being read page by page. Try again in a few minutes, or ask for fewer objects.')
    }
    const token = Buffer.from(random(32)).toString('base64url')
    running.until = clock() + limits.lifetime
    waiting.set(token, running)
    return token
  }

  /** Reads up to a page. Whatever hinders it ends the cmdlet. */
  async function read(running: Running, { size, signal, select }: Asked): Promise<Page> {
    const gone = () => running.controller.abort(signal.reason)
    if (signal.aborted) gone()
    signal.addEventListener('abort', gone)
    try {
      const objects: string[] = []
      let bytes = 0
      let next = running.ahead ?? (await running.objects.next())
      while (!next.done && objects.length < size && bytes < limits.bytes) {
        const text = JSON.stringify(marked(next.value, select))
        objects.push(text)
        bytes += Buffer.byteLength(text)
        next = await running.objects.next()
      }
      signal.throwIfAborted()
      running.ahead = next
      const token = next.done ? {} : { next: await keep(running) }
      return { objects, warnings: running.warnings.splice(0), ...token }
    } catch (error) {
      await end(running, error instanceof Refusal ? error : new Refusal('RequestAborted', 'It went wrong.'))
      throw error
    } finally {
      signal.removeEventListener('abort', gone)
    }
  }

  /** Ends what its caller may not run any more, or no more as it began. */
  async function stillMay(running: Running, { standing }: Asked): Promise<void> {
    try {
      if ((await standing()) === running.standing) return
      throw new Refusal('AccessDenied', 'Your rights have changed since this result began. Run the cmdlet again.')
    } catch (error) {
      await end(running, error instanceof Refusal ? error : new Refusal('RequestAborted', 'It went wrong.'))
      throw error
    }
  }

  return {
    async first(asked, start) {
      await sweep()
      const controller = new AbortController()
      const warnings: string[] = []
      const warn = (text: string) => void (warnings.length < mostWarnings && warnings.push(text))
      const running: Omit<Running, 'objects'> = {
        ...{ owner: ownerOf(asked.caller), command: asked.command, standing: '', warnings, controller, until: 0 },
      }
      const permitted = (standing: string) => void (running.standing = standing)
      const objects = start({ warn, signal: controller.signal, permitted })[Symbol.asyncIterator]()
      return read(Object.assign(running, { objects }), asked)
    },
    async following(asked, token) {
      await sweep()
      const running = waiting.get(token)
      if (!running || running.owner !== ownerOf(asked.caller) || running.command() !== asked.command()) {
        throw new Refusal('ObjectNotFound', 'There is no such page, or not any more: a page is given once, within a few minutes, to the same caller and command. Run the cmdlet again.') // prettier-ignore
      }
      waiting.delete(token)
      await stillMay(running, asked)
      return read(running, asked)
    },
    async close() {
      clearInterval(timer)
      await drop([...waiting], () => new Refusal('ServerBusy', 'The server is shutting down.'))
    },
  }
}

/** Whose a page is: who asks, on whose behalf, and signed in how: an app password does not go on with what a second factor began. */
const ownerOf = ({ kind, organisation, recipient, actor, partner, signedIn }: Caller) =>
  JSON.stringify([kind, organisation, recipient, actor?.recipient, partner?.address, signedIn?.by, signedIn?.secondFactor])
