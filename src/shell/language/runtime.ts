import { Refusal } from '#model'
import type { CmdletDescription } from '../cmdlets.ts'
import type { HistoryEntry, Limits, ShellOptions, StreamKind } from '../contract.ts'
import type { Block, Thing, Value } from '../values.ts'
import type { CommandRow } from './command-row.ts'
import { compilePattern, type Pattern } from './pattern.ts'
import type { ScriptError } from './problem.ts'
import { Scope } from './scope.ts'
import type { Body, Expression, Script, Statement } from './tree.ts'

/** What lives as long as the shell. */
export interface Session {
  readonly options: ShellOptions
  readonly limits: Limits
  readonly global: Scope
  /** Commands of the shell, by their names in lower case. */
  readonly commands: ReadonlyMap<string, CommandRow>
  /** Names in lower case → what they stand for. */
  readonly aliases: Map<string, string>
  /** Cmdlets of the server, by their names in lower case; asked for once. */
  cmdlets(): Promise<ReadonlyMap<string, CmdletDescription>>
  /** `$error`, the newest first. */
  readonly errors: Thing[]
  readonly history: HistoryEntry[]
  /** `$?` */
  succeeded: boolean
  /** Errors of any kind until now; a statement that adds none has succeeded. */
  failures: number
  matches: Value
}

/** Where the messages of a command go. */
export interface Streams {
  /** An error that does not end what it hinders. */
  error(record: Thing): void | Promise<void>
  say(kind: Exclude<StreamKind, 'error'>, text: string): void | Promise<void>
}

/** What the commands and expressions are evaluated in. `_` and the streams are those of the nearest command around. */
export interface Frame {
  readonly run: Run
  readonly scope: Scope
  readonly script: Script
  /** Calls around this one. */
  readonly depth: number
  /** Within a `try`: an error ends what is in it. */
  readonly trying: boolean
  readonly streams: Streams
  readonly item: Value | undefined
}

/** What a call gives a script block. */
export interface BlockCall {
  /** Becomes `$_`. */
  item?: Value
  /** Bound to `param(…)`, or `$args`. */
  args?: readonly ArgumentValue[]
  input?: AsyncIterable<Value>
  /** In the scope of the caller, as the blocks of ForEach-Object and `.` run. */
  sameScope?: boolean
  variables?: Readonly<Record<string, Value>>
  /** Of the function, for what is said of its parameters. */
  name?: string
}

/** An argument as it was written, evaluated. */
export type ArgumentValue = { kind: 'value'; value: Value } | { kind: 'parameter'; name: string; value?: Value; hasValue: boolean }

/** The evaluator as its parts know each other. */
export interface Evaluator {
  evaluate(expression: Expression, frame: Frame): Promise<Value> | Value
  statements(list: readonly Statement[], frame: Frame): AsyncIterable<Value>
  statement(one: Statement, frame: Frame): AsyncIterable<Value>
  /** The value of a statement as an operand: nothing → null, one → it, more → a list. */
  valueOf(one: Statement, frame: Frame): Promise<{ value: Value; isVoid: boolean }>
  block(block: Block, frame: Frame, call: BlockCall): AsyncIterable<Value>
  /** What a block gives, as an operand. */
  blockValue(block: Block, frame: Frame, call: BlockCall): Promise<Value>
  /** Runs a command by its name. */
  command(name: string, args: readonly ArgumentValue[], frame: Frame, input?: AsyncIterable<Value>): AsyncIterable<Value>
}

/** What stands in `Block.body`. */
export interface BlockBody {
  body: Body
  script: Script
}

const slice = 12
const mostPatterns = 100

/** One run of a script: its signal, its steps, its turn on the processor. */
export class Run {
  readonly session: Session
  readonly signal: AbortSignal
  readonly evaluator: Evaluator
  /** Cmdlets for which "Yes to All" or "No to All" was answered in this run. */
  answerForAll: 'yes' | 'no' | undefined
  #steps = 0
  #turn = performance.now()
  readonly #patterns = new Map<string, Pattern>()

  constructor(session: Session, signal: AbortSignal, evaluator: Evaluator) {
    this.session = session
    this.signal = signal
    this.evaluator = evaluator
  }

  /** Counts a step; after a while gives others their turn, so that cancelling is heard. Cancelled → RequestAborted; too many → ScriptLimit. */
  tick(): Promise<void> | undefined {
    if (this.signal.aborted) throw stopped()
    const most = this.session.limits.steps
    if (++this.#steps > (most ?? Number.POSITIVE_INFINITY)) {
      throw new Refusal('ScriptLimit', `A script takes at most ${most} steps here; this one takes more.`, { limit: 'steps' })
    }
    return (this.#steps & 63) === 0 && performance.now() - this.#turn > slice ? this.#pause() : undefined
  }

  async #pause(): Promise<void> {
    // A browser has no setImmediate.
    await new Promise<void>((go) => (typeof setImmediate === 'function' ? void setImmediate(go) : void setTimeout(go, 0)))
    this.#turn = performance.now()
    if (this.signal.aborted) throw stopped()
  }

  pattern(text: string, ignoreCase: boolean): Pattern {
    const key = `${ignoreCase}${text}`
    const known = this.#patterns.get(key)
    if (known) return known
    if (this.#patterns.size >= mostPatterns) this.#patterns.clear()
    const made = compilePattern(text, { ignoreCase }, this.session.limits.matching)
    this.#patterns.set(key, made)
    return made
  }
}

export const stopped = () => new Refusal('RequestAborted', 'The command was stopped.')

/** The objects of another, ended at once when the signal comes, whatever they wait for. */
export async function* stoppable<T>(objects: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const iterator = objects[Symbol.asyncIterator]()
  let done = false
  try {
    for (;;) {
      const next = await soon(iterator.next(), signal)
      if (next.done) {
        done = true
        return
      }
      yield next.value
    }
  } finally {
    // A source that hangs is not waited for.
    if (!done) void Promise.resolve(iterator.return?.()).catch((error: unknown) => error)
  }
}

/** Objects whose source is found out when the first is asked for. Unlike `yield*` it costs nothing an object. */
export function deferred<T>(find: () => Promise<AsyncIterable<T>>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      let source: AsyncIterator<T> | undefined
      let isOver = false
      const begin = async (): Promise<IteratorResult<T>> => {
        source = (await find())[Symbol.asyncIterator]()
        return isOver ? end() : source.next()
      }
      const end = async (): Promise<IteratorResult<T>> => {
        isOver = true
        await source?.return?.()
        return { done: true, value: undefined }
      }
      return { next: () => (source ? source.next() : isOver ? end() : begin()), return: end }
    },
  }
}

/** The same promise, refused when the signal comes first. */
export function soon<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped())
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    const forget = () => signal.removeEventListener('abort', stop)
    promise.then(
      (value) => (forget(), resolve(value)),
      (error: unknown) => (forget(), reject(error as Error)),
    )
  })
}

/** Says an error that did not end the script. */
export async function report(error: ScriptError | Thing, frame: Frame): Promise<void> {
  const record = error instanceof Error ? error.record : error
  await frame.streams.error(record)
}

const mostErrors = 256

/** Puts an error into `$error`. One that a `catch` handles makes nothing fail. */
export function remember(record: Thing, session: Session, { isHandled = false } = {}): void {
  if (!isHandled) session.failures++
  if (session.errors[0] === record) return
  session.errors.unshift(record)
  if (session.errors.length > mostErrors) session.errors.pop()
}
