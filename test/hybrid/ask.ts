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

/** Asks for one person's free/busy as another would, and gives what the client sees with the traces of both sides. */
export async function askFreeBusy(sites: HybridSites, from: string, to: string): Promise<Answer> {
  const { site, caller } = await personOf(sites, from)
  const { outcomes, trace } = await site.hybrid.freeBusy(caller, [to], window, { view: 'DetailedMerged' })
  if (!trace) throw new Error('the lookup left no trace')
  const [outcome] = outcomes
  const far = [sites.onPremises, sites.online].filter((other) => other !== site)
  const answered = far.flatMap((other) => [other.organisation, ...other.tenants].flatMap(({ id }) => other.hybrid.traces.list(id, 5)))
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
