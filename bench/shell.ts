import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createShell, formats, Thing, type CmdletHost, type Terminal, type Value } from '#shell'
import type { BenchSite } from './bench-site.ts'
import type { Row } from './table.ts'

const objects = 100_000
const starts = 7

/** The shell: from the command to its prompt, at a terminal; and a pipeline of many objects, in time and in memory. */
export async function benchShell({ folder }: BenchSite): Promise<Row[]> {
  const times: number[] = []
  for (let at = 0; at < starts; at++) times.push(await startOnce(folder))
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(starts / 2)]!
  return [
    { what: 'shell: start to prompt', measured: `${median.toFixed(0)} ms`, baseline: 'at most 400 ms', note: `median of ${starts}; slowest ${sorted.at(-1)!.toFixed(0)} ms` }, // prettier-ignore
    await pipeline(),
  ]
}

/** Milliseconds until the prompt of a shell at a terminal of its own (`script` of util-linux) stands there. */
async function startOnce(folder: string): Promise<number> {
  const isthmus = join(import.meta.dirname, '../bin/isthmus')
  const started = performance.now()
  const child = spawn('script', ['-qec', `${process.execPath} ${isthmus} shell --data ${folder}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  for await (const part of child.stdout) {
    shown += String(part)
    if (/> (\u001b\[\d+G)?$/.test(shown)) break
  }
  const ms = performance.now() - started
  child.stdin.end('exit\r')
  if (child.exitCode === null) await once(child, 'exit')
  return ms
}

async function pipeline(): Promise<Row> {
  const host: CmdletHost = {
    describe: async () => [{ name: 'Get-Many', summary: 'Many objects.', parameters: [], changes: false }],
    async *invoke() {
      for (let at = 0; at < objects; at++) yield new Thing([['Name', `person ${at}`], ['Number', at]], ['Person']) // prettier-ignore
    },
  }
  const nobody = async () => undefined
  const terminal: Terminal = { width: 120, write: nobody, say: nobody, progress: () => undefined, readLine: nobody, readSecret: nobody, clear: () => undefined } // prettier-ignore
  const shell = createShell({ host, terminal, formats, clock: Date.now })
  const script = "Get-Many | ? Name -like '*7' | % { $_.Number * 2 } | measure -Sum | % Sum"
  let most = 0
  const before = process.memoryUsage().heapUsed
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().heapUsed - before)), 20)
  const started = performance.now()
  const found: Value[] = await Array.fromAsync(shell.run(script))
  const seconds = (performance.now() - started) / 1000
  clearInterval(watch)
  if (found.length !== 1) throw new Error(`the pipeline gave ${found.length} objects`)
  return {
    what: `shell: pipeline of ${objects} objects`,
    measured: `${seconds.toFixed(2)} s`,
    baseline: 'constant memory',
    note: `heap grew by ${Math.round(Math.max(0, most) / 2 ** 20)} MiB at most, garbage included`,
  }
}
