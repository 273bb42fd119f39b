import { Refusal } from '#model'
import type { CmdletDescription } from './cmdlets.ts'
import { commandRows } from './commands/index.ts'
import type { HistoryEntry, Limits, RunEnd, RunOptions, Shell, ShellOptions } from './contract.ts'
import { blockValue, runBlock } from './language/blocks.ts'
import { callByName } from './language/call.ts'
import { complete } from './language/complete.ts'
import { toText } from './language/convert.ts'
import { evaluate } from './language/evaluate.ts'
import { parse } from './language/parse.ts'
import { asRefusal, asScriptError, Jump } from './language/problem.ts'
import { remember, Run, type ArgumentValue, type Evaluator, type Frame, type Session } from './language/runtime.ts'
import { Scope } from './language/scope.ts'
import { shownLines } from './language/show.ts'
import { statement, statements, valueOf } from './language/statements.ts'
import type { Script } from './language/tree.ts'
import { Block, Thing, type Value } from './values.ts'

const evaluator: Evaluator = { evaluate, statements, statement, valueOf, block: runBlock, blockValue, command: callByName }
const ordinary: Limits = { calls: 100, nesting: 400, script: 2 ** 20, text: 2 ** 25, elements: 2 ** 22, matching: 20_000_000 }
const mostHistory = 1000

/** Variables that change what commands do, as the shell begins with them. */
const preferences: readonly (readonly [string, Value])[] = [
  ['ErrorActionPreference', 'Continue'],
  ['WarningPreference', 'Continue'],
  ['VerbosePreference', 'SilentlyContinue'],
  ['DebugPreference', 'SilentlyContinue'],
  ['InformationPreference', 'SilentlyContinue'],
  ['ConfirmPreference', 'High'],
  ['WhatIfPreference', false],
  ['FormatEnumerationLimit', 16],
  ['LASTEXITCODE', 0],
]

/** A shell: its variables, functions and history live as long as it does. Nothing of it is shared with another. */
export function createShell(options: ShellOptions): Shell {
  const session = newSession(options)

  async function* output(
    script: string,
    { signal, args = [], words = [] }: RunOptions,
    ends: RunEnd,
  ): AsyncGenerator<Value, void, undefined> {
    const left = new AbortController()
    const entry = remembered(session, script)
    try {
      const run = new Run(session, signal ? AbortSignal.any([signal, left.signal]) : left.signal, evaluator)
      const tree = parse(script, session.limits)
      const block = new Block(script, { body: tree.body, script: tree })
      const given = [...args.map((value) => ({ kind: 'value' as const, value })), ...words.map(wordArgument)]
      yield* runBlock(block, topFrame(run, tree), { sameScope: true, args: given })
      entry.status = 'Completed'
    } catch (thrown) {
      entry.status =
        thrown instanceof Refusal && thrown.code === 'RequestAborted' ? 'Stopped' : thrown instanceof Jump ? 'Completed' : 'Failed'
      if (!(thrown instanceof Jump)) throw failure(thrown, session)
      if (thrown.kind === 'exit') Object.assign(ends, { code: thrown.code, exits: true })
    } finally {
      entry.end = options.clock()
      left.abort()
    }
  }

  async function runToTerminal(script: string, runOptions: RunOptions = {}): Promise<RunEnd> {
    const ends: RunEnd = { code: 0, exits: false }
    const shown = topFrame(new Run(session, runOptions.signal ?? new AbortController().signal, evaluator), emptyScript)
    try {
      for await (const line of shownLines(output(script, runOptions, ends), shown, 'default')) await options.terminal.write(`${line}\n`)
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      await options.terminal.say('error', thrown.message)
      session.succeeded = false
    }
    if (!ends.exits && !session.succeeded) ends.code = 1
    return ends
  }

  return {
    run: (script, runOptions = {}) => output(script, runOptions, { code: 0, exits: false }),
    runToTerminal,
    complete: (text, position) => complete(session, text, position),
    isComplete: (text) => isComplete(text, session.limits),
    variables: {
      get: (name) => session.global.find(name)?.value,
      set: (name, value) => session.global.set(name, value),
      names: () => [...session.global.all()].map((slot) => slot.name),
    },
    history: session.history,
  }
}

const constants: Readonly<Record<string, Value>> = { $true: true, $false: false, $null: null }

/** A word of a command line as the argument that it is. */
function wordArgument(word: string): ArgumentValue {
  const [, name, text] = /^-([\p{L}_][\p{L}\p{N}_]*)(?::([\s\S]*))?$/u.exec(word) ?? []
  if (name === undefined) return { kind: 'value', value: word }
  if (text === undefined) return { kind: 'parameter', name, hasValue: false }
  const key = text.toLowerCase()
  return { kind: 'parameter', name, hasValue: true, value: Object.hasOwn(constants, key) ? constants[key]! : text }
}

const emptyScript: Script = { text: '', body: { parameters: [], end: [], at: 0 } }

function newSession(options: ShellOptions): Session {
  const global = new Scope()
  for (const [name, value] of preferences) global.set(name, value)
  let cmdlets: Promise<ReadonlyMap<string, CmdletDescription>> | undefined
  const ask = async () => new Map((await (options.host?.describe() ?? [])).map((one) => [one.name.toLowerCase(), one]))
  return {
    options,
    limits: { ...ordinary, ...options.limits },
    global,
    commands: new Map(commandRows.map((row) => [row.name.toLowerCase(), row])),
    aliases: new Map(commandRows.flatMap((row) => (row.aliases ?? []).map((alias) => [alias.toLowerCase(), row.name] as const))),
    // A question that failed is asked again.
    cmdlets: () => (cmdlets ??= ask().catch((error: unknown) => ((cmdlets = undefined), Promise.reject(error as Error)))),
    errors: [],
    history: [],
    succeeded: true,
    failures: 0,
    matches: null,
  }
}

function topFrame(run: Run, script: Script): Frame {
  const { terminal } = run.session.options
  return {
    run,
    script,
    scope: run.session.global,
    depth: 0,
    trying: false,
    item: undefined,
    streams: {
      error: (record: Thing) => {
        remember(record, run.session)
        return terminal.say('error', toText(record))
      },
      say: (kind, text) => terminal.say(kind, text),
    },
  }
}

function remembered({ history, options }: Session, command: string): HistoryEntry {
  const entry: HistoryEntry = { id: (history.at(-1)?.id ?? 0) + 1, command, start: options.clock(), end: 0, status: 'Stopped' }
  history.push(entry)
  if (history.length > mostHistory) history.shift()
  return entry
}

/** What whoever runs a script gets for an error that ended it. */
function failure(thrown: unknown, session: Session): unknown {
  const error = asScriptError(thrown)
  if (error) remember(error.record, session)
  session.succeeded = false
  return error ? asRefusal(error) : thrown
}

function isComplete(text: string, limits: Limits): boolean {
  try {
    parse(text, limits)
    // A backtick at the end joins the next line.
    return !/`[ \t]*\r?\n?$/.test(text)
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.detail.unfinished !== true
    throw thrown
  }
}
