/**
 * `npm test`: starts PostgreSQL once for all store tests, runs every `test/**\/*.test.ts` (or the files given) with node:test, stops PostgreSQL
 * again. The runner's own summary closes the output; its exit code is ours. `npm run engines` has what takes longer: what tries every
 * combination (`*.matrix.ts`), and the folders `apart`, which are whole suites: attacks, signing in, trust between servers,
 * clients' libraries, the browser's questions, the mail corpus, what is kept, for how long and how it comes back, and what is sent for others.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
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
const files = given.length ? given : globSync('test/**/*.test.ts', { exclude: apart.map((folder) => `test/${folder}/**`) }).sort()
/** Compiled code is kept from process to process: each test file has one of its own. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/isthmus-tests')
const postgres = await startPostgres()
const runner = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=240000', ...files], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: compiled, ...process.env, ISTHMUS_TEST_DATABASE_URL: postgres.url },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => runner.kill(signal))
const [code, signal] = (await once(runner, 'exit')) as [number | null, NodeJS.Signals | null]
await postgres.stop()
process.exitCode = signal ? 1 : (code ?? 1)
