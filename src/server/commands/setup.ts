import { postgresVersion } from '#store'
import { StartProblem } from '../start-problem.ts'
import { installedHere } from '../supportability/installed.ts'
import { release } from '../supportability/matrix.ts'
import { judged } from '../supportability/supportability.ts'
import { readConfigFile } from './read-config.ts'

/**
 * `isthmus setup --check`: before an upgrade, whether the new release supports this machine (source R1). Exit code 1 when something is not
 * supported.
 */
export async function setupCheck({ check, config, json }: { check?: boolean; config?: string; json?: boolean }): Promise<number> {
  if (!check)
    throw new StartProblem('Nothing is to be prepared on this machine.', 'Find out whether it is ready with isthmus setup --check.')
  const findings = judged({ ...(await installedHere()), ...(config ? await databaseOf(config) : {}) })
  const refused = findings.filter(({ status }) => status === 'Unsupported')
  if (json) console.log(JSON.stringify(findings, null, 2))
  else {
    console.log(`Isthmus ${release} on this machine:`)
    for (const { component, installed, supported, status, advice } of findings) {
      console.log(`  ${status.padEnd(11)}  ${component} ${installed} (supported: ${supported})`)
      if (status !== 'Supported') console.log(`               ${advice}`)
    }
    console.log(refused.length === 0 ? 'Nothing hinders this release.' : 'This release does not start here.')
  }
  return refused.length === 0 ? 0 : 1
}

async function databaseOf(file: string): Promise<Record<string, string>> {
  const { database } = await readConfigFile(file)
  if (!database) return {}
  try {
    return { PostgreSQL: await postgresVersion(database) }
  } catch (error) {
    throw new StartProblem(
      `The database of ${file} does not answer: ${(error as Error).message}`,
      'Check the address, and that PostgreSQL runs.',
      error,
    )
  }
}
