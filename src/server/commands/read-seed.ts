import { seedFile, type SeedPerson } from '../lab/seed-file.ts'
import { StartProblem } from '../start-problem.ts'
import { readJson } from './read-config.ts'

/** The people of a seed file; every problem in it at once. */
export async function readSeedFile(file: string): Promise<SeedPerson[]> {
  const result = seedFile.safeParse(await readJson(file))
  if (result.success) return result.data.people
  const lines = result.error.issues.map((issue) => `\n  ${issue.path.map(String).join('.') || '(the whole file)'}: ${issue.message}`)
  throw new StartProblem(`${file} is not a seed:${lines.join('')}`, 'Correct these and start again.')
}
