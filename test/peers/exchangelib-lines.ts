import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { requireProgram } from './programs.ts'

/** A script beside this file, which answers a line of JSON by one (`exchangelib_lines.py`). */
export interface ExchangelibScript extends AsyncDisposable {
  /** What it answers; an error that it raises is thrown. */
  ask(question: object): Promise<unknown>
}

/** Starts a script on Debian's python3-exchangelib. Rejects with how to install it when it is not there. */
export function startExchangelibScript(name: string, env: Readonly<Record<string, string>>): ExchangelibScript {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, name)], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-3000)))
  // A script that ended is told by its missing answer.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await lines.next()
      if (done) {
        await ended
        throw new Error(`${name} ended; if exchangelib is missing: apt-get install python3-exchangelib\n${complaints}`)
      }
      const report = JSON.parse(value) as { is?: unknown; error?: string; where?: string }
      if (report.error) throw new Error(`${report.error}\n${report.where}`)
      return report.is
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(kill)
    },
  }
}
