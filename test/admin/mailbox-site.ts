/** A site with its people and their mailboxes, run by command lines; what was warned of is kept. */
import { runLine } from '../support/run-line.ts'
import { systemCaller } from '#model'
import type { TestEngine } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

export interface MailboxSite extends TestSite {
  warnings: string[]
  /** One command line, as the system or as one of the people. */
  run(line: string, alias?: string): Promise<Record<string, unknown>[]>
  /** The only object of its answer. */
  one(line: string, alias?: string): Promise<Record<string, unknown>>
}

export async function mailboxSite(engine: TestEngine, options: Parameters<typeof startTestSite>[0] = {}): Promise<MailboxSite> {
  const boss = { address: 'boss@contoso.com', displayName: 'Boss Baker', rights: { roles: ['Organization Management'] } }
  const site = await startTestSite({ ...options, engine, people: [boss, ...(options.people ?? [])] })
  const warnings: string[] = []
  const run: MailboxSite['run'] = async (line, alias) => {
    const at = (options.outside?.clock ?? Date.now)()
    const signedIn = { by: 'password', secondFactor: true, at } as const
    const caller = alias === undefined ? systemCaller(site.organisation.id) : { ...(await site.caller(alias)), signedIn }
    return runLine(site.admin, caller, line, (text) => void warnings.push(text))
  }
  return {
    ...site,
    warnings,
    run,
    async one(line, alias) {
      const found = await run(line, alias)
      if (found.length !== 1) throw new Error(`${line} gave ${found.length} objects`)
      return found[0]!
    },
  }
}
