/**
 * Runs tests with node:test, with one PostgreSQL for all that need it; the runner's own summary closes the output, its exit code is ours.
 *
 * - `npm test`: every `test/**\/*.test.ts` but the folders `apart`, above the store on the embedded engine alone.
 * - `npm run engines` (`--engines`): what `npm test` left out. What tries every combination (`*.matrix.ts`) and the folders `apart` on both
 *   engines, then the other tests above the store on PostgreSQL.
 * - With files: those.
 *
 * Apart are whole suites that take longer: attacks, signing in, trust between servers, clients' libraries, the browser's questions, the
 * mail corpus, what is kept, for how long and how it comes back, and what is sent for others.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from './support/postgres.ts'

const apart = [
  'audit',
  'clients',
  'holds',
  'hostile',
  'mail-corpus',
  'quotas',
  'recoverable',
  'retention',
  'sent-items',
  'sign-in',
  'trust',
  'web',
]
const given = process.argv.slice(2)
const quick = globSync('test/**/*.test.ts', { exclude: apart.map((folder) => `test/${folder}/**`) }).sort()

interface Run {
  files: string[]
  /** Of the tests above the store (`support/engines.ts`). */
  engines?: 'all' | 'postgres'
}
const runs: Run[] =
  given[0] === '--engines'
    ? [
        { files: globSync([...apart.map((folder) => `test/${folder}/*.test.ts`), 'test/**/*.matrix.ts']).sort(), engines: 'all' },
        { files: quick.filter((file) => readFileSync(file, 'utf8').includes('quickEngines')), engines: 'postgres' },
      ]
    : [{ files: given.length > 0 ? given : quick }]

const stopped = 130
/** Compiled code is kept from process to process: each test file has one of its own. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/isthmus-tests')
const postgres = await startPostgres()
for (const one of runs) {
  const code = await run(one)
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code)
  if (code === stopped) break
}
await postgres.stop()

/** The exit code of the runner; `stopped` when it was ended from outside. */
async function run({ files, engines }: Run): Promise<number> {
  const runner = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=240000', ...files], {
    stdio: 'inherit',
    env: {
      NODE_COMPILE_CACHE: compiled,
      ...process.env,
      ISTHMUS_TEST_DATABASE_URL: postgres.url,
      ...(engines ? { ISTHMUS_TEST_ENGINES: engines } : {}),
    },
  })
  const stop = (signal: NodeJS.Signals) => runner.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  const [code, signal] = (await once(runner, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal ? stopped : (code ?? 1)
}
