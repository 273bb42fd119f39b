import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { readConfig, type SiteConfig } from '../config.ts'
import { StartProblem } from '../start-problem.ts'

/** Reads a JSON file; what is wrong with it becomes a StartProblem. */
export async function readJson(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new StartProblem(`${file} cannot be read: ${(error as Error).message}.`, 'Check the path and its rights.', error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StartProblem(`${file} is not JSON: ${(error as Error).message}.`, 'Correct it at the place named.', error)
  }
}

/** The configuration of a file; every problem in it at once. Paths in it are relative to the file. */
export async function readConfigFile(file: string): Promise<SiteConfig> {
  const result = readConfig(await readJson(file))
  if ('problems' in result) {
    const lines = result.problems.map(({ path, message }) => `\n  ${path}: ${message}`)
    throw new StartProblem(`${file} is not a configuration:${lines.join('')}`, 'Correct these and start again.')
  }
  const { config } = result
  const from = (path: string) => resolve(dirname(file), path)
  const { onlineService, ...authService } = config.authService ?? {}
  return {
    ...config,
    partners: { ...config.partners, ca: config.partners.ca.map(from) },
    ...(onlineService
      ? { authService: { ...authService, onlineService: { ...onlineService, certificates: onlineService.certificates.map(from) } } }
      : {}),
    ...(config.data ? { data: from(config.data) } : {}),
    ...(config.certificate ? { certificate: { cert: from(config.certificate.cert), key: from(config.certificate.key) } } : {}),
    log: { ...config.log, ...(config.log.file ? { file: from(config.log.file) } : {}) },
  }
}
