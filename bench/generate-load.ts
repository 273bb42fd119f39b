import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LoadJob, LoadResult } from './load-jobs.ts'

/** Runs a job in the load process. Throws when any answer was not what it should be. `during` runs while a `hold` job holds. */
export async function generateLoad(job: LoadJob, during?: (result: LoadResult) => Promise<void>): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  child.stdin.end(JSON.stringify(job))
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone])
  try {
    if (typeof line !== 'string') throw new Error(`the load process ended with ${String(line)} before it had a result`)
    const result = JSON.parse(line) as LoadResult
    if (result.failures) throw new Error(`${result.failures} of ${result.count} answers were refusals: ${result.failure}`)
    await during?.(result)
    return result
  } finally {
    child.kill('SIGKILL')
    await gone
  }
}
