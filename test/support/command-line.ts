import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const isthmus = join(import.meta.dirname, '../../bin/isthmus')

/** A folder of the test's own. */
export async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs the command line; `ready` resolves with what was printed once the pattern is there. */
export function run(t: TestContext, ...words: string[]) {
  const child = spawn(process.execPath, [isthmus, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  let printed = ''
  const waiting: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      printed += part.toString()
      for (const look of waiting) look()
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, printed }))
  const ready = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(printed)
        if (found) resolve(found)
      }
      waiting.push(look)
      void ended.then(() => reject(new Error(`it ended: ${printed}`)))
      look()
    })
  return { child, ended, ready }
}
