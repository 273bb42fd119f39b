/** A shell that stays as it is while the person looks at other pages. */
import { createShell, formats, identitiesOf, type Completion } from '#shell'
import { browserHost } from './browser-host.ts'
import { createBrowserTerminal, type BrowserTerminal } from './browser-terminal.ts'

export interface ShellSession {
  terminal: BrowserTerminal
  /** Lines that were run, the oldest first. */
  lines: string[]
  isComplete: (text: string) => boolean
  complete: (text: string, position: number) => Promise<Completion[]>
  run: (line: string, signal: AbortSignal) => Promise<void>
}

const kept: { session?: ShellSession } = {}

/** The shell of this page; begun when it is first asked for. */
export const shellSession = (): ShellSession => (kept.session ??= begin())

export const prompt = 'PS> '

function begin(): ShellSession {
  const terminal = createBrowserTerminal()
  const host = browserHost()
  const shell = createShell({
    ...{ host, terminal, formats, clock: Date.now, random: Math.random, name: 'Isthmus' },
    identities: identitiesOf(host),
  })
  const lines: string[] = []
  return {
    terminal,
    lines,
    isComplete: (text) => shell.isComplete(text),
    complete: (text, position) => shell.complete(text, position),
    async run(line, signal) {
      if (line.trim() !== '' && lines.at(-1) !== line) lines.push(line)
      terminal.show({ kind: 'input', text: `${prompt}${line}\n` })
      await shell.runToTerminal(line, { signal })
    },
  }
}
