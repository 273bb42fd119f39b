/** Programs of the machine that the peers' tests drive. A missing one fails the test with how to install it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'

/** Throws with how to install the Debian package when the program is not there. */
export function requireProgram(path: string, debianPackage: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch (cause) {
    throw new Error(`${path} is missing. Install it with: apt-get install ${debianPackage}`, { cause })
  }
}

/** Free TCP ports on the loopback address. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map(async (server) => (server.close(), once(server, 'close'))))
  return ports
}

export interface Program {
  child: ChildProcess
  /** What it has printed so far. */
  output(): string
  stop(): Promise<void>
}

/** Starts a program; its output is kept for the message of a failing test. */
export function startProgram(path: string, args: string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-200_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = once(child, 'exit')
  return {
    child,
    output: () => output,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(kill)
    },
  }
}

/** The first of `count` neighbouring free ports on the loopback address. */
export async function freePortRun(count: number): Promise<number> {
  for (;;) {
    const [first = 0] = await freePorts(1)
    const servers = Array.from({ length: count }, (_, index) => createServer().listen(first + index, '127.0.0.1'))
    const taken = await Promise.all(
      servers.map(async (server) => {
        try {
          await once(server, 'listening')
          return false
        } catch {
          return true
        }
      }),
    )
    await Promise.all(servers.map(async (server, index) => (taken[index] ? undefined : (server.close(), once(server, 'close')))))
    if (!taken.includes(true)) return first
  }
}
