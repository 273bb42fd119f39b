import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Generation, LookupTrace } from '#hybrid'
import { answersValid } from '../support/answers-valid.ts'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { at, day, fillCalendar, showCalendar, type Shown } from './calendars.ts'
import { see, trustSites, type Seen } from './outside-client.ts'
import { askBy, directions, endsOf, serviceAccounts, type Direction } from './routes.ts'

/** One row a way of asking. `knows`: the other side knows who asks, so that the person's own permission counts. */
const ways: { name: string; generation: Generation; method?: 'OrgWideFB' | 'PerUserFB'; knows: boolean }[] = [
  { name: '(a) cross-forest, OrgWideFB', generation: 'CrossForest', method: 'OrgWideFB', knows: false },
  { name: '(a) cross-forest, PerUserFB', generation: 'CrossForest', method: 'PerUserFB', knows: true },
  { name: '(b) DAuth', generation: 'DAuth', knows: false },
  { name: '(c) OAuth', generation: 'OAuth', knows: true },
]

const window = { start: at(0), end: at(48) }
const merged = '000000000000000000220100330000'.padEnd(96, '0')
const times = ['09:00-10:00 Busy', '10:30-11:00 Tentative', '12:00-13:00 OOF', '14:00-15:00 Free']
const details = [
  '09:00-10:00 Busy: Budget @ Room 7',
  '10:30-11:00 Tentative: Perhaps',
  '12:00-13:00 OOF: private',
  '14:00-15:00 Free: Birthday',
]
const hours = 'Monday Tuesday 09:00-17:00'
const withTimes: Seen = { code: 'NoError', view: 'FreeBusyMerged', merged, events: times, ids: false, hours }
const withDetails: Seen = { code: 'NoError', view: 'DetailedMerged', merged, events: details, ids: false, hours }
const nothing: Seen = { code: 'ErrorNoFreeBusyAccess', view: 'None', merged: '', events: [], ids: false, hours: '' }

/** What is shown for a calendar's permissions, to who asks as nobody in particular and to who is known. */
const permissions: { what: string; shown: Shown; anybody: Seen; known: Seen }[] = [
  { what: 'as a calendar is made', shown: {}, anybody: withTimes, known: withTimes },
  { what: 'Default with details', shown: { byDefault: 'FreeBusyTimeAndSubjectAndLocation' }, anybody: withDetails, known: withDetails },
  { what: 'Default Reviewer: still no ids', shown: { byDefault: 'Reviewer' }, anybody: withDetails, known: withDetails },
  { what: 'Default None, the person Reviewer', shown: { byDefault: 'None', asker: 'Reviewer' }, anybody: nothing, known: withDetails },
  {
    what: 'Default with details, the person none',
    shown: { byDefault: 'FreeBusyTimeAndSubjectAndLocation', asker: 'None' },
    anybody: withDetails,
    known: nothing,
  },
]

const lastTrace = ({ from }: ReturnType<typeof endsOf>): LookupTrace => {
  const [trace] = from.site.hybrid.traces.list(from.site.organisation.id, 1)
  assert.ok(trace)
  return trace
}
const remoteBranch = ({ branches }: LookupTrace) => branches.find(({ generation }) => generation !== 'local' && generation !== 'none')

for (const engine of quickEngines) {
  describe(`free/busy across premises (${engine.name})`, async () => {
    test('every generation in each direction', async (t) => {
      const answers = answersValid()
      await using sites = await startHybridSites({
        engine,
        people: { onPremises: [serviceAccounts.onPremises], online: [serviceAccounts.online] },
        around: (_place, route) => answers.around(route),
      })
      await connectSites(sites)
      trustSites(sites.onPremises, sites.online)
      for (const direction of directions) await fillCalendar(sites, endsOf(sites, direction).target.alias)
      for (const direction of directions) {
        for (const { name, generation, method, knows } of ways) {
          await t.test(`${name}, ${direction}`, async () => {
            await askBy(sites, direction, generation, method)
            await showsByPermission(sites, direction, knows)
            assert.equal(remoteBranch(lastTrace(endsOf(sites, direction)))?.generation, generation)
            if (generation === 'DAuth') await showsByLevel(sites, direction)
            await answersInOrder(sites, direction, generation)
            await asksInParts(sites, direction)
            await tellsFarSide(sites, direction, generation, knows)
          })
        }
      }
      answers.settle()
    })
  })
}

async function showsByPermission(sites: HybridSites, direction: Direction, knows: boolean): Promise<void> {
  const { from, asker, target } = endsOf(sites, direction)
  for (const { what, shown, anybody, known } of permissions) {
    await showCalendar(sites, target.alias, asker.alias, shown)
    assert.deepEqual(await see(from.site, asker.address, [target.address], window), [knows ? known : anybody], what)
  }
  await showCalendar(sites, target.alias, asker.alias, { byDefault: 'FreeBusyTimeAndSubjectAndLocation' })
  const views = [
    ['FreeBusy', { ...withTimes, view: 'FreeBusy', merged: '' }],
    ['Detailed', { ...withDetails, view: 'Detailed', merged: '' }],
    ['MergedOnly', { ...withTimes, view: 'MergedOnly', events: [] }],
  ] as const
  for (const [view, wanted] of views) {
    assert.deepEqual(await see(from.site, asker.address, [target.address], { ...window, view }), [wanted], view)
  }
  const [coarse] = await see(from.site, asker.address, [target.address], { ...window, interval: 360 })
  assert.equal(coarse?.merged, '02300000')
}

/** (b): the relationship on the answering side caps what anybody's calendar shows. */
async function showsByLevel(sites: HybridSites, direction: Direction): Promise<void> {
  const { from, to, asker, target } = endsOf(sites, direction)
  const set = (FreeBusyAccessLevel: string) =>
    to.side.invoke('Set-OrganizationRelationship', { Identity: to.relationship, FreeBusyAccessLevel })
  await set('AvailabilityOnly')
  assert.deepEqual(await see(from.site, asker.address, [target.address], window), [withTimes])
  const { outcomes } = lastTrace(endsOf(sites, direction))
  assert.match(outcomes[0]?.cause ?? '', /FreeBusyMerged is given where DetailedMerged was asked for/)
  await set('LimitedDetails')
  assert.deepEqual(await see(from.site, asker.address, [target.address], window), [withDetails])
}

/** Local, foreign and unknown people mixed: the answers come in the order of the question; nobody spoils another's. */
async function answersInOrder(sites: HybridSites, direction: Direction, generation: Generation): Promise<void> {
  const { from, asker } = endsOf(sites, direction)
  sites.onPremises.hybrid.forget()
  sites.online.hybrid.forget()
  const online = direction === 'to online'
  const unknownThere = online ? `nobody@${names.online.domain}` : 'nobody@contoso.com'
  const people: [address: string, code: string, busy: boolean][] = [
    [unknownThere, 'ErrorMailRecipientNotFound', false],
    [asker.address, 'NoError', true],
    [online ? 'joe@contoso.com' : 'mary@contoso.com', 'NoError', true],
    ['nobody@elsewhere.example', 'ErrorAddressSpaceNotFound', false],
    [online ? 'rob@contoso.com' : `zoe@${names.online.domain}`, 'NoError', false],
    [online ? `zoe@${names.online.domain}` : 'rob@contoso.com', 'NoError', false],
    [online ? `joe@${names.online.domain}` : 'mary@contoso.com', 'NoError', true],
  ]
  const seen = await see(from.site, asker.address, people.map(([address]) => address), window) // prettier-ignore
  assert.deepEqual(
    seen.map(({ code, events }, index) => [people[index]?.[0], code, events.length > 0]),
    people,
  )
  const trace = lastTrace(endsOf(sites, direction))
  assert.deepEqual(trace.outcomes.map(({ address, code }) => [address, code]), people.map(([address, code]) => [address, code])) // prettier-ignore
  // All people of one organisation are asked for in one request.
  const asked = trace.branches.filter((branch) => branch.generation === generation)
  assert.equal(asked.length, 1)
  assert.equal(asked[0]?.hops.filter(({ what }) => what.startsWith('ask EWS')).length, 1)
}

/** Other servers take 42 days at once; a longer window comes back as one. */
async function asksInParts(sites: HybridSites, direction: Direction): Promise<void> {
  const ends = endsOf(sites, direction)
  const { from, asker, target } = ends
  const [long] = await see(from.site, asker.address, [target.address], { start: at(0), end: at(0, 60), interval: 60 })
  assert.equal(long?.code, 'NoError')
  assert.deepEqual(long.events, [...details, '+50d 09:00-10:00 Busy: Far away'])
  assert.equal(long.merged.length, 60 * 24)
  assert.equal(long.merged.lastIndexOf('2'), 50 * 24 + 9)
  const parts = remoteBranch(lastTrace(ends))?.hops.filter(({ what }) => what.startsWith('ask EWS'))
  assert.equal(parts?.length, 2)
  const [tooLong] = await see(from.site, asker.address, [target.address], { start: at(0), end: at(0) + 62 * day, interval: 1440 })
  assert.equal(tooLong?.merged.length, 62)
}

/** What the answering side's trace says of who asked, and by what right. */
async function tellsFarSide(sites: HybridSites, direction: Direction, generation: Generation, knows: boolean): Promise<void> {
  const { to, asker, account } = endsOf(sites, direction)
  const [trace] = to.site.hybrid.traces.list(to.site.organisation.id, 1)
  assert.equal(trace?.role, 'answered')
  // Delegation tokens name an address in a federated domain: joe's other one.
  const told = generation === 'DAuth' && asker.alias === 'joe' ? `joe@${names.online.domain}` : asker.address
  assert.equal(trace.from, knows || generation === 'DAuth' ? told : account)
  const by = { OAuth: 'Exchange Online', DAuth: to.relationship, CrossForest: 'AvailabilityConfig' }[generation]
  assert.match(trace.branches[0]?.hops[0]?.what ?? '', new RegExp(`^${generation}: the request was taken because of '${by}'`))
}
