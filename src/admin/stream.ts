import { setImmediate as turn } from 'node:timers/promises'
import { Refusal } from '#model'
import { marked } from '#shell'
import type { ProgressRecord } from './registry/cmdlet.ts'

/** What a cmdlet says while it runs. */
export interface Hears {
  warn(text: string): void
  progress(record: ProgressRecord): void
}

/** One line of a streamed answer. */
export type StreamLine =
  | { type: string }
  | { object: Record<string, unknown> }
  | { warning: string }
  | { progress: ProgressRecord }
  | { done: true }
  | { error: { code: string; message: string; detail: Refusal['detail'] } }

export interface StreamNeeds {
  /** Name of the kind of object that comes, if known. */
  type?: string
  signal: AbortSignal
  /** Makes a refusal of what went wrong; a bug goes to the log there. */
  refusalOf(error: unknown): Refusal
}

/** Warnings that wait for a slow reader; what is beyond them is counted. */
const mostWaiting = 1000
/** Characters of a piece, and turns that an object may take to be part of one. */
const piece = 16 * 1024
const soon = 64
const line = (value: StreamLine) => `${JSON.stringify(value)}\n`

/**
 * Starts a cmdlet and gives its answer line by line (application/x-ndjson): objects as they come, one ahead of the reader at most. What is
 * refused before the first object, or before it tells of its progress, is thrown; later it is the last line. Leaving the lines, or `signal`,
 * ends the cmdlet.
 */
export async function openStream(start: (hears: Hears) => AsyncIterable<object>, needs: StreamNeeds): Promise<AsyncIterable<string>> {
  const { signal } = needs
  const said = createSaid(() => ring())
  const objects = start(said)[Symbol.asyncIterator]()
  let ring = () => undefined as void
  let step: IteratorResult<object> | { error: unknown } | undefined
  const advance = () => {
    step = undefined
    const settle = (value: typeof step) => {
      step = value
      ring()
    }
    void objects.next().then(settle, (error: unknown) => settle({ error }))
  }
  // One bell for all three, and not a race: a promise that lives as long as the request would gather a reaction for each object.
  const until = async (what: () => boolean) => {
    while (!what() && !signal.aborted) await new Promise<void>((resolve) => (ring = resolve))
  }
  const rang = () => ring()
  signal.addEventListener('abort', rang)
  const stop = () => {
    signal.removeEventListener('abort', rang)
    objects.return?.().catch((error: unknown) => void needs.refusalOf(error))
  }
  const given = () => {
    if (signal.aborted) throw signal.reason
    if (step && 'error' in step) throw step.error
    return step
  }

  async function* lines(): AsyncGenerator<string> {
    let text = ''
    try {
      if (needs.type) yield line({ type: needs.type })
      for (;;) {
        // What is made without waiting goes in one piece; what must be waited for holds nothing back.
        for (let tick = 0; !step && text !== '' && tick < soon; tick++) await undefined
        if (text !== '' && (!step || text.length >= piece)) {
          yield text
          text = ''
          // A quick cmdlet and a quick reader would leave nobody else a turn.
          await turn()
        }
        await until(() => step !== undefined || said.waiting())
        text += said.take()
        const one = given()
        if (one?.done) break
        if (!one) continue
        text += line({ object: marked(one.value) })
        advance()
      }
      yield text + said.take() + line({ done: true })
    } catch (error) {
      const { code, message, detail } = needs.refusalOf(error)
      yield text + said.take() + line({ error: { code, message, detail } })
    } finally {
      stop()
    }
  }

  advance()
  try {
    await until(() => step !== undefined || said.moving())
    given()
  } catch (error) {
    stop()
    throw error
  }
  return lines()
}

/** What was said and is not sent yet: warnings in order, of each activity the last progress alone. */
function createSaid(changed: () => void) {
  let warnings: string[] = []
  let more = 0
  let progress = new Map<string, ProgressRecord>()
  return {
    warn(text: string) {
      if (warnings.length < mostWaiting) warnings.push(text)
      else more++
      changed()
    },
    progress(record: ProgressRecord) {
      if (progress.size < mostWaiting || progress.has(record.activity)) progress.set(record.activity, record)
      changed()
    },
    waiting: () => warnings.length > 0 || progress.size > 0,
    moving: () => progress.size > 0,
    take(): string {
      if (more > 0) warnings.push(`There were ${more} more warnings.`)
      const lines = [...warnings.map((warning) => line({ warning })), ...[...progress.values()].map((record) => line({ progress: record }))]
      ;[warnings, more, progress] = [[], 0, new Map()]
      return lines.join('')
    },
  }
}
