import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { parsedJson } from '#model'
import { StartProblem } from '../../start-problem.ts'
import { shellFolder } from './paths.ts'

const kept = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** Milliseconds since 1970. */
  expires: z.number(),
})
export type KeptToken = z.infer<typeof kept>
const file = z.record(z.string(), kept)

const place = () => join(shellFolder(), 'tokens.json')

/** The tokens of earlier sign-ins, by the address of the site and the organisation; in a file for the user alone (mode 0600). */
export async function readTokens(): Promise<Record<string, KeptToken>> {
  let text: string
  try {
    text = await readFile(place(), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const read = file.safeParse(parsedJson(text))
  if (read.success) return read.data
  throw new StartProblem(`${place()} is not what the shell wrote.`, 'Delete it, and sign in again.')
}

/** Keeps a token, or forgets it. */
export async function keepToken(key: string, token: KeptToken | undefined): Promise<void> {
  const { [key]: _, ...others } = await readTokens()
  await mkdir(dirname(place()), { recursive: true, mode: 0o700 })
  const beside = `${place()}.${randomUUID()}`
  await writeFile(beside, JSON.stringify(token ? { ...others, [key]: token } : others), { mode: 0o600, flag: 'wx' })
  await rename(beside, place())
}
