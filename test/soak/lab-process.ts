import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from '../house/sources.ts'
import { until } from '../clients/until.ts'

export interface LabProcess {
  child: ChildProcess
  ca: string
  /** Ends it without warning. Resolves when it is gone. */
  kill(): Promise<void>
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>
}

/** Starts `isthmus lab` in a process of its own; resolves when `/readyz` says so. HTTPS is at `port`, SMTP at `port + 1`. */
export async function startLab(data: string, port: number, password: string): Promise<LabProcess> {
  const child = spawn(
    process.execPath,
    [join(root, 'bin/isthmus'), 'lab', '--data', data, '--port-base', String(port), '--password', password],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)))
  const gone = once(child, 'exit')
  const ca = await until(
    'the lab is ready',
    async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the lab ended with ${child.exitCode ?? child.signalCode}:\n${output}`)
      const pem = await readFile(join(data, 'ca.pem'), 'utf8').catch(() => undefined)
      return pem && (await isReady(port, pem)) ? pem : undefined
    },
    120,
  )
  return {
    child,
    ca,
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    stop: async () => {
      child.kill('SIGTERM')
      await gone
      return child.exitCode
    },
  }
}

/** Kills the lab after so many milliseconds of the loads; what one of them found wrong before that is thrown. Resolves when all have ended. */
export async function killUnder(lab: LabProcess, loads: readonly Promise<void>[], after: number): Promise<void> {
  const ends = loads.map((load) => untilGone(load, lab))
  const failures = ends.map((load) => load.then(() => undefined, (error: unknown) => error)) // prettier-ignore
  const early = await Promise.race([...failures, pause(after).then(() => undefined)])
  await lab.kill()
  if (early) throw early
  await Promise.all(ends)
}

/** Ends quietly when the server is gone; anything the living server said wrong is a finding. */
async function untilGone(load: Promise<void>, { child }: LabProcess): Promise<void> {
  try {
    await load
  } catch (error) {
    if (child.exitCode === null && child.signalCode === null && !child.killed) throw error
  }
}

function isReady(port: number, ca: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const asking = request({ host: '127.0.0.1', port, path: '/readyz', ca, agent: false }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  })
  asking.on('error', () => resolve(false))
  asking.end()
  return promise
}
