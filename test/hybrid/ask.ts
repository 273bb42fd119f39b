import assert from 'node:assert/strict'
import type { LookupTrace } from '#hybrid'
import { Refusal } from '#model'
import type { Site } from '#server'
import type { HybridSites } from '../support/hybrid-sites.ts'

const start = Date.UTC(2030, 0, 7, 8)
export const window = { start, end: start + 10 * 3_600_000 }

export interface Answer {
  generation: string
  /** `NoError` or the code that the client sees. */
  code: string
  view: string
  trace: LookupTrace
  /** Every cause that the traces of both sides name. */
  causes: string[]
}

/** The site and caller of somebody: mary and rob on-premises, joe, zoe and fay online. */
export async function personOf({ onPremises, online }: HybridSites, alias: string) {
  const site: Site = alias === 'mary' || alias === 'rob' ? onPremises : online
  const organisation = alias === 'fay' ? site.tenants[0]!.id : site.organisation.id
  const recipient = await site.directory.find(alias, organisation)
  if (!recipient) throw new Error(`nobody is called ${alias}`)
  return { site, organisation, recipient, caller: await site.directory.callerFor(recipient) }
}

/** Traces of lookups that the other site answered, its tenants' too. */
const answeredBy = (site: Site) => [site.organisation, ...site.tenants].flatMap(({ id }) => site.hybrid.traces.list(id, 20))

/** Asks for one person's free/busy as another would, and gives what the client sees with the traces of both sides. */
export async function askFreeBusy(sites: HybridSites, from: string, to: string): Promise<Answer> {
  const { site, caller } = await personOf(sites, from)
  const far = [sites.onPremises, sites.online].filter((other) => other !== site)
  const before = new Set(far.flatMap(answeredBy).map(({ id }) => id))
  const { outcomes, trace } = await site.hybrid.freeBusy(caller, [to], window, { view: 'DetailedMerged' })
  if (!trace) throw new Error('the lookup left no trace')
  const [outcome] = outcomes
  const answered = far.flatMap(answeredBy).filter(({ id }) => !before.has(id))
  const causes = [trace, ...answered].flatMap(({ branches, outcomes: people }) => [
    ...branches.flatMap(({ hops }) => hops.flatMap(({ cause, remedy }) => (cause ? [`${cause} ${remedy ?? ''}`.trim()] : []))),
    ...people.flatMap(({ cause }) => (cause ? [cause] : [])),
  ])
  return {
    generation: trace.branches.find((branch) => branch.generation !== 'local')?.generation ?? 'local',
    code: outcome instanceof Refusal ? `Error${outcome.code}` : 'NoError',
    view: outcome instanceof Refusal ? '' : (outcome?.view ?? ''),
    trace,
    causes,
  }
}

/** Free/busy is found both ways by OAuth; else what hinders it is said. */
export async function assertJoinedByOAuth(sites: HybridSites): Promise<void> {
  for (const [from, to] of [
    ['mary', 'joe'],
    ['joe', 'mary'],
  ] as const) {
    const { generation, code, causes } = await askFreeBusy(sites, from, `${to}@contoso.com`)
    assert.deepEqual([generation, code], ['OAuth', 'NoError'], `${from} → ${to}: ${causes.join('; ')}`)
  }
}
