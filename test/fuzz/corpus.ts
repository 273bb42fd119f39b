import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const data = join(import.meta.dirname, '../../../shared/data')

/** Files of the shared test data below a folder, smaller than 100 KB; the given samples alone where it does not exist. */
export function corpus(folder: string, samples: string[]): Buffer[] {
  const top = join(data, folder)
  const files = existsSync(top) ? readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)) : []
  const small = files.filter((file) => statSync(file).isFile() && statSync(file).size < 100_000)
  return [...samples.map((sample) => Buffer.from(sample)), ...small.sort().map((file) => readFileSync(file))]
}
