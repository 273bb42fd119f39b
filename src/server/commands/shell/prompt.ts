import type { Shell } from '#shell'
import { StartProblem } from '../../start-problem.ts'
import type { ShellTerminal } from './terminal.ts'

/** Reads commands from the person until the end of input or `exit`, and runs each; Ctrl-C ends what runs, here and on the server. */
export async function promptLoop(shell: Shell, terminal: ShellTerminal, prompt: string): Promise<number> {
  const forever = new AbortController().signal
  for (;;) {
    const script = await readWhole(shell, terminal, prompt, forever)
    if (script === undefined) return 0
    if (script.trim() === '') continue
    try {
      const { code, exits } = await interruptible(terminal, (signal) => shell.runToTerminal(script, { signal }))
      if (exits) return code
    } catch (error) {
      // The site went away: the person may start it again, and go on.
      if (!(error instanceof StartProblem)) throw error
      await terminal.say('error', `${error.message} ${error.advice}`)
    }
  }
}

/** A command that is unfinished at the end of a line goes on in the next; an empty line ends it. */
async function readWhole(shell: Shell, terminal: ShellTerminal, prompt: string, signal: AbortSignal): Promise<string | undefined> {
  let script = await terminal.readLine(prompt, signal)
  while (script !== undefined && !shell.isComplete(script)) {
    const more = await terminal.readLine('>> ', signal)
    if (more === undefined || more === '') break
    script += `\n${more}`
  }
  return script
}

/** Runs something that Ctrl-C ends. */
export async function interruptible<T>(terminal: ShellTerminal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const off = terminal.onInterrupt(() => stopping.abort())
  try {
    return await run(stopping.signal)
  } finally {
    off()
  }
}
