import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { shellFolder } from './paths.ts'

const most = 1000
/** Lines that hold a secret in clear are not kept. */
const secret = /password|secret|asplaintext|credential/i

const fileOf = () => join(shellFolder(), 'history')

/** What was typed in earlier sessions, newest first, as readline has it. */
export async function readHistory(): Promise<string[]> {
  try {
    return (await readFile(fileOf(), 'utf8')).split('\n').filter(Boolean).slice(-most).reverse()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Keeps what was typed for later sessions; for the user alone. */
export async function writeHistory(newestFirst: readonly string[]): Promise<void> {
  const lines = newestFirst.filter((line) => line.trim() && !secret.test(line)).slice(0, most)
  await mkdir(dirname(fileOf()), { recursive: true, mode: 0o700 })
  await writeFile(fileOf(), `${lines.toReversed().join('\n')}\n`, { mode: 0o600 })
}
