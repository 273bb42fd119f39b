import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Generation, RowLookedAt } from '#hybrid'
import { quickEngines } from '../support/engines.ts'
import { connectSites, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { askFreeBusy, type Answer } from './ask.ts'
import { addAddressSpace, directions, endsOf, serviceAccounts, type Direction } from './routes.ts'

type State = 'absent' | 'disabled' | 'enabled'
interface Row {
  /** IntraOrganizationConnector, OrganizationRelationship, AvailabilityAddressSpace. */
  connector: State
  relationship: State
  space: 'absent' | 'enabled'
  chosen: Generation | 'none'
  /** What the trace says of the objects looked at, in order. */
  says: string
}
const row = (connector: State, relationship: State, space: Row['space'], chosen: Row['chosen'], says: string): Row => ({ connector, relationship, space, chosen, says }) // prettier-ignore

/** Every combination; a disabled object counts as none, but the trace says that it is there. */
const matrix: readonly Row[] = [
  row('enabled', 'enabled', 'enabled', 'OAuth', 'connector chosen'),
  row('enabled', 'enabled', 'absent', 'OAuth', 'connector chosen'),
  row('enabled', 'disabled', 'enabled', 'OAuth', 'connector chosen'),
  row('enabled', 'disabled', 'absent', 'OAuth', 'connector chosen'),
  row('enabled', 'absent', 'enabled', 'OAuth', 'connector chosen'),
  row('enabled', 'absent', 'absent', 'OAuth', 'connector chosen'),
  row('disabled', 'enabled', 'enabled', 'DAuth', 'connector disabled, relationship chosen'),
  row('disabled', 'enabled', 'absent', 'DAuth', 'connector disabled, relationship chosen'),
  row('disabled', 'disabled', 'enabled', 'CrossForest', 'connector disabled, relationship disabled, space chosen'),
  row('disabled', 'disabled', 'absent', 'none', 'connector disabled, relationship disabled, space missing'),
  row('disabled', 'absent', 'enabled', 'CrossForest', 'connector disabled, relationship missing, space chosen'),
  row('disabled', 'absent', 'absent', 'none', 'connector disabled, relationship missing, space missing'),
  row('absent', 'enabled', 'enabled', 'DAuth', 'connector missing, relationship chosen'),
  row('absent', 'enabled', 'absent', 'DAuth', 'connector missing, relationship chosen'),
  row('absent', 'disabled', 'enabled', 'CrossForest', 'connector missing, relationship disabled, space chosen'),
  row('absent', 'disabled', 'absent', 'none', 'connector missing, relationship disabled, space missing'),
  row('absent', 'absent', 'enabled', 'CrossForest', 'connector missing, relationship missing, space chosen'),
  row('absent', 'absent', 'absent', 'none', 'connector missing, relationship missing, space missing'),
]

const shortNames: Readonly<Record<string, string>> = {
  IntraOrganizationConnector: 'connector',
  OrganizationRelationship: 'relationship',
  AvailabilityAddressSpace: 'space',
}

/** A row of the trace in short; how it words each verdict is checked here too. */
function inShort({ kind, name, verdict, why }: RowLookedAt): string {
  const short = shortNames[kind] ?? kind
  if (verdict === 'chosen') {
    assert.match(why, /^it is enabled and for the domain contoso/)
    return `${short} chosen`
  }
  if (why === 'it is disabled') {
    assert.notEqual(name, '')
    return `${short} disabled`
  }
  assert.match(why, /^none is for the domain contoso/)
  return `${short} missing`
}

/** Sets one of the objects that the wizard made: removed, or made anew as it was. */
async function set(sites: HybridSites, direction: Direction, noun: string, Identity: string, state: State, as: Record<string, unknown>) {
  const { from } = endsOf(sites, direction)
  const there = (await from.side.invoke(`Get-${noun}`, {})).some(({ Name }) => Name === Identity)
  if (state === 'absent') return there ? from.side.invoke(`Remove-${noun}`, { Identity }) : []
  if (!there) await from.side.invoke(`New-${noun}`, { Name: Identity, ...as })
  return from.side.invoke(`Set-${noun}`, { Identity, Enabled: state === 'enabled' })
}

const wanted = {
  IntraOrganizationConnector: ['TargetAddressDomains', 'DiscoveryEndpoint'],
  OrganizationRelationship: [
    'DomainNames',
    'FreeBusyAccessEnabled',
    'FreeBusyAccessLevel',
    'TargetApplicationUri',
    'TargetAutodiscoverEpr',
  ],
} as const

/** Walks from one combination to the next with the cmdlets of the asking side. */
async function setter(sites: HybridSites, direction: Direction) {
  const { from, forest } = endsOf(sites, direction)
  const kept = async (noun: keyof typeof wanted) => {
    const [object = {}] = await from.side.invoke(`Get-${noun}`, {})
    return Object.fromEntries(wanted[noun].map((property) => [property, object[property]]))
  }
  const connectorWas = await kept('IntraOrganizationConnector')
  const relationshipWas = await kept('OrganizationRelationship')
  let spaceIs = 'absent'
  return async ({ connector, relationship, space }: Pick<Row, 'connector' | 'relationship' | 'space'>) => {
    await set(sites, direction, 'IntraOrganizationConnector', 'HybridIOC', connector, connectorWas)
    await set(sites, direction, 'OrganizationRelationship', from.relationship, relationship, relationshipWas)
    if (space === spaceIs) return
    if (space === 'enabled') await addAddressSpace(sites, direction)
    else await from.side.invoke('Remove-AvailabilityAddressSpace', { Identity: forest })
    spaceIs = space
  }
}

const branchOf = ({ trace }: Answer) => trace.branches.find(({ generation }) => generation !== 'local')

for (const engine of quickEngines) {
  describe(`which generation asks (${engine.name})`, async () => {
    for (const direction of directions) {
      test(`the matrix of the three objects, ${direction}`, async (t) => {
        await using sites = await startHybridSites({
          engine,
          people: { onPremises: [serviceAccounts.onPremises], online: [serviceAccounts.online] },
        })
        await connectSites(sites)
        const { asker, target } = endsOf(sites, direction)
        const change = await setter(sites, direction)
        for (const { connector, relationship, space, chosen, says } of matrix) {
          await t.test(`connector ${connector}, relationship ${relationship}, space ${space}: ${chosen}`, async () => {
            await change({ connector, relationship, space })
            const answer = await askFreeBusy(sites, asker.alias, target.address)
            const code = chosen === 'none' ? 'ErrorAddressSpaceNotFound' : 'NoError'
            assert.deepEqual([answer.generation, answer.code], [chosen, code], answer.causes.join('; '))
            assert.equal(branchOf(answer)?.rows.map(inShort).join(', '), says)
          })
        }
        await t.test('a generation that fails is not followed by the next', () => failsAlone(sites, direction, change))
      })
    }
  })
}

/** With all three there, each is broken in turn; the answer is its failure, and nobody is asked in another way. */
async function failsAlone(sites: HybridSites, direction: Direction, change: Awaited<ReturnType<typeof setter>>): Promise<void> {
  const { from, asker, target, forest } = endsOf(sites, direction)
  const nowhere = 'https://nowhere.example/autodiscover/autodiscover'
  const steps = [
    {
      states: { connector: 'enabled', relationship: 'enabled', space: 'enabled' },
      breaks: ['Set-IntraOrganizationConnector', { Identity: 'HybridIOC', DiscoveryEndpoint: `${nowhere}.svc` }],
      generation: 'OAuth',
    },
    {
      states: { connector: 'disabled', relationship: 'enabled', space: 'enabled' },
      breaks: ['Set-OrganizationRelationship', { Identity: from.relationship, TargetAutodiscoverEpr: `${nowhere}.svc/WSSecurity` }],
      generation: 'DAuth',
    },
    {
      states: { connector: 'disabled', relationship: 'disabled', space: 'enabled' },
      breaks: ['Set-AvailabilityAddressSpace', { Identity: forest, TargetAutodiscoverEpr: `${nowhere}.xml` }],
      generation: 'CrossForest',
    },
  ] as const
  for (const { states, breaks, generation } of steps) {
    await change(states)
    const [cmdlet, args] = breaks
    await from.side.invoke(cmdlet, { ...args })
    sites.onPremises.hybrid.forget()
    sites.online.hybrid.forget()
    const answer = await askFreeBusy(sites, asker.alias, target.address)
    assert.deepEqual([answer.generation, answer.code], [generation, 'ErrorAutoDiscoverFailed'])
    assert.match(answer.causes.join('\n'), /could not be resolved: 'nowhere\.example'.*Check the address that is configured/)
    assert.deepEqual(answer.trace.branches.map((branch) => branch.generation).filter((one) => one !== 'local'), [generation]) // prettier-ignore
  }
}
