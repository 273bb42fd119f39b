import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refusal } from '#model'
import type { Completion, Progress, StreamKind, Terminal } from '#shell'
import { gridView } from './grid-view.ts'
import { progressLine } from './progress-bar.ts'
import { harmless, styled } from './style.ts'

export interface TerminalStreams {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  error: NodeJS.WriteStream
}

/** The terminal of a shell, and what only its prompt needs. */
export interface ShellTerminal extends Terminal {
  /** True where a person sits at it. */
  readonly interactive: boolean
  readonly colours: boolean
  /** Calls what is given when the person presses Ctrl-C; gives back how to stop that. */
  onInterrupt(act: () => void): () => void
  /** What was typed, newest first. */
  history(): readonly string[]
  close(): void
}

export interface TerminalOptions extends TerminalStreams {
  interactive: boolean
  /** Typed in earlier sessions, newest first. */
  history?: readonly string[]
  /** Completions of the text at its end. */
  complete?: (text: string) => Promise<Completion[]>
  /** False where the input is the script: nobody can be asked. */
  asks: boolean
  environment: NodeJS.ProcessEnv
}

const prefixes: Readonly<Record<StreamKind, string>> = {
  error: '',
  warning: 'WARNING: ',
  verbose: 'VERBOSE: ',
  debug: 'DEBUG: ',
  information: '',
}
const colourOf: Readonly<Record<StreamKind, string>> = {
  error: 'Red',
  warning: 'Yellow',
  verbose: 'DarkCyan',
  debug: 'DarkGray',
  information: '',
}

/** A terminal over the streams of a process: objects on the output, everything said on the error stream. */
export function createTerminal(options: TerminalOptions): ShellTerminal {
  const { output, error, interactive, environment, asks } = options
  const colours = output.isTTY === true && environment.NO_COLOR === undefined && environment.TERM !== 'dumb'
  const saysInColour = error.isTTY === true && environment.NO_COLOR === undefined && environment.TERM !== 'dumb'
  const reading = interactive || asks ? createReading(options) : undefined
  let shown = false

  function clearProgress(): void {
    if (!shown) return
    error.write('\r\u001b[K')
    shown = false
  }

  return {
    interactive,
    colours,
    get width() {
      return output.columns ?? 120
    },
    write(text, style) {
      clearProgress()
      return written(output, output.isTTY === true ? styled(harmless(text), style, colours) : text)
    },
    say(kind, text) {
      clearProgress()
      const line = prefixes[kind] + text
      return written(error, `${error.isTTY === true ? styled(harmless(line), { foreground: colourOf[kind] }, saysInColour) : line}\n`)
    },
    progress(record: Progress) {
      if (error.isTTY !== true) return
      if (record.done) return clearProgress()
      error.write(`\r\u001b[K${harmless(progressLine(record, error.columns ?? 80).replaceAll(/\s/g, ' '))}`)
      shown = true
    },
    readLine: (prompt, signal) => mustAsk(reading).line(prompt, signal, false),
    readSecret: (prompt, signal) => mustAsk(reading).line(prompt, signal, true),
    grid: (objects, settings) =>
      gridView(objects, settings, {
        width: output.columns ?? 120,
        height: output.rows ?? 24,
        write: (text) => written(output, output.isTTY === true ? harmless(text) : text),
        ...(interactive && reading ? { readLine: (prompt, signal) => reading.line(prompt, signal, false) } : {}),
      }),
    clear: () => void (colours && output.write('\u001b[2J\u001b[3J\u001b[H')),
    onInterrupt: (act) => (interactive && reading ? reading.onInterrupt(act) : onSignal(act)),
    history: () => reading?.history() ?? [],
    close: () => reading?.close(),
  }
}

function mustAsk(reading: Reading | undefined): Reading {
  if (reading) return reading
  throw new Refusal('InvalidOperation', 'Nobody can be asked here: the script comes from the input. Give what it asks for as a parameter.')
}

function onSignal(act: () => void): () => void {
  process.on('SIGINT', act)
  return () => void process.off('SIGINT', act)
}

/** Waits for a slow reader, so that a long list does not pile up in memory; a reader who left (`| head`) ends the output quietly. */
function written(stream: NodeJS.WriteStream, text: string): void | Promise<void> {
  if (stream.write(text)) return undefined
  return new Promise((resolve) => stream.once('drain', resolve))
}

interface Reading {
  line(prompt: string, signal: AbortSignal, secret: boolean): Promise<string | undefined>
  onInterrupt(act: () => void): () => void
  history(): readonly string[]
  close(): void
}

/** Lines of a person, with history and completion; a secret is not shown while it is typed and not kept. */
function createReading({ input, output, interactive, history = [], complete, environment }: TerminalOptions): Reading {
  let muted = false
  let ended = false
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({
    input,
    output: Object.assign(shown, { columns: output.columns ?? 80 }),
    terminal: interactive,
    history: [...history],
    historySize: 1000,
    removeHistoryDuplicates: true,
    ...(complete ? { completer: completer(complete) } : {}),
    ...(environment.INPUTRC ? {} : { escapeCodeTimeout: 100 }),
  })
  output.on('resize', () => Object.assign(shown, { columns: output.columns }))
  lines.on('close', () => (ended = true))
  const interrupts = new Set<() => void>()
  lines.on('SIGINT', () => {
    if (interrupts.size === 0) return clearLine(lines)
    for (const act of interrupts) act()
  })
  const waiting: string[] = []
  lines.on('line', (line) => void waiting.push(line))

  return {
    line(prompt, signal, secret) {
      const typed = secret ? undefined : waiting.shift()
      if (typed !== undefined) return Promise.resolve(typed)
      if (ended || signal.aborted) return Promise.resolve(undefined)
      lines.setPrompt(harmless(prompt))
      lines.prompt()
      muted = secret
      return new Promise((resolve) => {
        const settle = (line: string | undefined): void => {
          lines.off('line', settle)
          lines.off('close', gone)
          signal.removeEventListener('abort', gone)
          waiting.length = 0
          if (muted) output.write('\n')
          muted = false
          if (secret) forget(lines)
          resolve(line)
        }
        const gone = () => settle(undefined)
        lines.once('line', settle)
        lines.once('close', gone)
        signal.addEventListener('abort', gone, { once: true })
      })
    },
    onInterrupt(act) {
      interrupts.add(act)
      return () => void interrupts.delete(act)
    },
    history: () => (lines as Interface & { history: string[] }).history,
    close: () => lines.close(),
  }
}

/** The last line typed was a secret. */
function forget(lines: Interface): void {
  ;(lines as Interface & { history: string[] }).history.shift()
}

function clearLine(lines: Interface): void {
  lines.write(null, { ctrl: true, name: 'e' })
  lines.write(null, { ctrl: true, name: 'u' })
}

function completer(complete: (text: string) => Promise<Completion[]>) {
  return (text: string, done: (error: null | Error, result: [string[], string]) => void): void => {
    complete(text).then(
      (found) => {
        const start = Math.min(...found.map((one) => one.start), text.length)
        done(null, [found.map((one) => text.slice(start, one.start) + one.text), text.slice(start)])
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), [[], text]),
    )
  }
}
