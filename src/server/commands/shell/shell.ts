import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { createShell, formats, identitiesOf, Thing, toJson, type CmdletHost, type Completion, type RunOptions, type Shell } from '#shell'
import { Refusal } from '#model'
import { StartProblem } from '../../start-problem.ts'
import { socketHost, type AdminAt } from './connect-socket.ts'
import { filesHere } from './files.ts'
import { readHistory, writeHistory } from './history.ts'
import { interruptible, promptLoop } from './prompt.ts'
import { createTerminal, type ShellTerminal } from './terminal.ts'

export interface ShellCommand extends Omit<AdminAt, 'data'> {
  /** A site's data folder, or a lab's, on this machine. */
  data: string
  /** `https://host:port` of a site elsewhere. */
  connect?: string
  /** PEM file of an authority to trust beside the system's. */
  ca?: string
  browser?: boolean
  signOut?: boolean
  /** A script, as text. */
  command?: string
  /** Everything that the script gives, as one JSON list. */
  json?: boolean
}

/**
 * `isthmus shell`: with `-c` a script given as text, with a file its script, with input that is no terminal the script that comes from there;
 * else a prompt. The exit code is the script's.
 */
export async function shellCommand(file: string | undefined, words: string[], options: ShellCommand): Promise<number> {
  const script = options.command ?? (file === undefined ? undefined : await readScript(file))
  const interactive = script === undefined && process.stdin.isTTY === true && process.stdout.isTTY === true
  const held: { shell?: Shell } = {}
  const terminal = createTerminal({
    ...{ input: process.stdin, output: process.stdout, error: process.stderr, environment: process.env, interactive },
    asks: script !== undefined,
    history: interactive ? await readHistory() : [],
    complete: (text) => completions(held.shell, text),
  })
  try {
    const connected = await connect(options, terminal)
    if (connected.signedOut) return 0
    const shell = (held.shell = shellAt(connected.host, terminal))
    if (interactive) {
      terminal.write(`Isthmus shell, connected to ${connected.name}. Get-Command lists the cmdlets, Get-Help explains one; exit leaves.\n`)
      const code = await promptLoop(shell, terminal, `${connected.name}> `)
      await writeHistory(terminal.history())
      return code
    }
    const text = script ?? (await textOf(process.stdin))
    if (file !== undefined && options.command === undefined) tellPlace(shell, resolve(file))
    if (options.json) return await interruptible(terminal, (signal) => runToJson(shell, text, { signal, words }))
    return (await interruptible(terminal, (signal) => shell.runToTerminal(text, { signal, words }))).code
  } finally {
    terminal.close()
  }
}

/** Where the script lies, for the files that it names beside itself. */
function tellPlace({ variables }: Shell, path: string): void {
  variables.set('PSCommandPath', path)
  variables.set('PSScriptRoot', dirname(path))
  variables.set('MyInvocation', new Thing([['MyCommand', new Thing([['Name', basename(path)], ['Path', path], ['Definition', path]])]])) // prettier-ignore
}

/** None while the site does not answer: what is wrong with it, the next command says. */
async function completions(shell: Shell | undefined, text: string): Promise<Completion[]> {
  try {
    return (await shell?.complete(text, text.length)) ?? []
  } catch (error) {
    if (error instanceof StartProblem || error instanceof Refusal) return []
    throw error
  }
}

/** For programs: errors end the script, and are all that is said. */
async function runToJson(shell: Shell, script: string, options: RunOptions): Promise<number> {
  shell.variables.set('ErrorActionPreference', 'Stop')
  const values = await Array.fromAsync(shell.run(script, options))
  process.stdout.write(`${toJson(values, { depth: 100 })}\n`)
  return 0
}

/** A shell over a host, with the files of this machine. */
export function shellAt(host: CmdletHost, terminal: ShellTerminal): Shell {
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return createShell({
    ...{ host, terminal, formats, environment, clock: Date.now, random: Math.random },
    files: filesHere(() => process.cwd()),
    identities: identitiesOf(host),
  })
}

interface Connected {
  host: CmdletHost
  /** Shown in the prompt. */
  name: string
  signedOut?: boolean
}

async function connect({ connect: url, data, ...options }: ShellCommand, terminal: ShellTerminal): Promise<Connected> {
  if (url === undefined) return socketHost({ ...options, data })
  const { webHost } = await import('./connect-web.ts')
  return webHost({ ...options, url }, terminal)
}

async function readScript(file: string): Promise<string> {
  try {
    return await readFile(resolve(file), 'utf8')
  } catch (error) {
    throw new StartProblem(`${file} cannot be read: ${(error as Error).message}.`, 'Check the path and its rights.', error)
  }
}
