/** Two premises through Debian's python3-exchangelib: its people ask their own site about those of the other one, in every generation. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Generation } from '#hybrid'
import type { SeedPersonInput } from '#server'
import { fillCalendar, showCalendar, type Shown } from '../hybrid/calendars.ts'
import { askBy, directions, endsOf, serviceAccounts, type Direction } from '../hybrid/routes.ts'
import { answersValid } from '../support/answers-valid.ts'
import { engines } from '../support/engines.ts'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { startExchangelib, type Exchangelib, type Question, type Seen } from './exchangelib-ask.ts'

/** One row a way of asking. `knows`: the answering side learns who asks, so that the person's own permission counts. */
const ways: { name: string; generation: Generation; method?: 'OrgWideFB' | 'PerUserFB'; knows: boolean }[] = [
  { name: '(a) cross-forest, OrgWideFB', generation: 'CrossForest', method: 'OrgWideFB', knows: false },
  { name: '(a) cross-forest, PerUserFB', generation: 'CrossForest', method: 'PerUserFB', knows: true },
  { name: '(b) DAuth', generation: 'DAuth', knows: false },
  { name: '(c) OAuth', generation: 'OAuth', knows: true },
]

/** Two days of Vienna, an hour ahead of UTC in winter; half hours. */
const winter: Question = { zone: 'Europe/Vienna', start: '2030-01-07T00:00', end: '2030-01-09T00:00' }
const merged = `${'0'.repeat(20)}2201003300`.padEnd(96, '0')
const times = ['01-07 10:00-11:00 Busy', '01-07 11:30-12:00 Tentative', '01-07 13:00-14:00 OOF', '01-07 15:00-16:00 Free']
const details = [': Budget @ Room 7', ': Perhaps', ': private', ': Birthday'].map((what, at) => `${times[at]}${what}`)
const hours = 'Monday Tuesday 09:00-17:00, bias -60'
const withTimes: Seen = { code: 'NoError', view: 'FreeBusyMerged', merged, events: times, hours }
const withDetails: Seen = { code: 'NoError', view: 'DetailedMerged', merged, events: details, hours }
const refused = (code: string): Seen => ({ code, view: '', merged: '', events: [], hours: '' })
const nothing = refused('ErrorNoFreeBusyAccess')

/** What the calendar's permissions show to who asks as nobody in particular, and to who is known. */
const permissions: { what: string; shown: Shown; anybody: Seen; known: Seen }[] = [
  { what: 'Default None', shown: { byDefault: 'None' }, anybody: nothing, known: nothing },
  { what: 'Default with times', shown: { byDefault: 'FreeBusyTimeOnly' }, anybody: withTimes, known: withTimes },
  {
    what: 'Default with times, the person with details',
    shown: { byDefault: 'FreeBusyTimeOnly', asker: 'FreeBusyTimeAndSubjectAndLocation' },
    anybody: withTimes,
    known: withDetails,
  },
  {
    what: 'Default with details, the person none',
    shown: { byDefault: 'FreeBusyTimeAndSubjectAndLocation', asker: 'None' },
    anybody: withDetails,
    known: nothing,
  },
  { what: 'Default Reviewer: details, no ids', shown: { byDefault: 'Reviewer' }, anybody: withDetails, known: withDetails },
]

/** A group of one, for the scope of a relationship. */
const groupOf = (alias: 'mary' | 'joe'): SeedPersonInput => ({
  address: `only-${alias}@${alias === 'mary' ? names.onPremises.domain : names.online.domain}`,
  displayName: 'Shown to the other organisation',
  kind: 'group',
  groupMembers: [`${alias}@contoso.com`],
})

/** Both ends with their people at exchangelib: who asks, and who is asked about. */
function peopleOf(sites: HybridSites, client: Exchangelib, direction: Direction) {
  const ends = endsOf(sites, direction)
  const { from, to, asker, target } = ends
  return { ...ends, asks: client.as(from.site, asker.address), owns: client.as(to.site, target.address) }
}
type People = ReturnType<typeof peopleOf>

for (const engine of engines) {
  describe(`exchangelib asks the own premises about the other (${engine.name})`, async () => {
    for (const direction of directions) {
      test(direction, { timeout: 180_000 }, async (t) => {
        const answers = answersValid()
        await using sites = await startHybridSites({
          engine,
          people: {
            onPremises: [serviceAccounts.onPremises, groupOf('mary')],
            online: [serviceAccounts.online, groupOf('joe')],
          },
          around: (_place, route) => answers.around(route),
        })
        await connectSites(sites)
        await using client = await startExchangelib(sites.onPremises, sites.online)
        const people = peopleOf(sites, client, direction)
        await fillCalendar(sites, people.target.alias)
        for (const { name, generation, method, knows } of ways) {
          await t.test(name, async (t) => {
            await askBy(sites, direction, generation, method)
            await t.test('what the permissions show', () => showsByPermission(sites, people, knows))
            assert.equal(generationOf(people), generation)
            await showCalendar(sites, people.target.alias, people.asker.alias, { byDefault: 'FreeBusyTimeAndSubjectAndLocation' })
            if (generation === 'DAuth') await t.test("what the relationship's access level shows", () => showsByLevel(sites, people))
            await t.test('every view, zone and interval', () => showsEveryView(people))
            await t.test('a series over the change of the clocks, as its owner changes it', () => followsSeries(people))
            await t.test('local, foreign and unknown people', () => answersInOrder(people, direction))
            assert.equal(generationOf(people), generation)
          })
        }
        answers.settle()
      })
    }
  })
}

/** How the other organisation was asked last. */
function generationOf({ from }: People): string | undefined {
  const [trace] = from.site.hybrid.traces.list(from.site.organisation.id, 1)
  return trace?.branches.find(({ generation }) => generation !== 'local' && generation !== 'none')?.generation
}

async function showsByPermission(sites: HybridSites, { asks, asker, target }: People, knows: boolean): Promise<void> {
  for (const { what, shown, anybody, known } of permissions) {
    await showCalendar(sites, target.alias, asker.alias, shown)
    assert.deepEqual(await asks.ask([target.address], winter), [knows ? known : anybody], what)
  }
}

/** (b): the relationship on the answering side caps what the calendar shows, and of whom; it grants no more than the calendar does. */
async function showsByLevel(sites: HybridSites, { asks, asker, target, to }: People): Promise<void> {
  const { relationship: Identity, side } = to
  const only = groupOf(target.alias === 'mary' ? 'mary' : 'joe')
  const colleague = asker.alias === 'mary' ? `zoe@${names.online.domain}` : 'rob@contoso.com'
  const idle: Seen = { ...withTimes, merged: '0'.repeat(96), events: [] }
  const sees = async (values: Record<string, unknown>, seen: Seen, ofColleague = idle) => {
    await side.invoke('Set-OrganizationRelationship', { Identity, ...values })
    assert.deepEqual(await asks.ask([target.address], winter), [seen], JSON.stringify(values))
    const [other] = await asks.ask([colleague], winter)
    assert.deepEqual([other?.code, other?.merged, other?.events], [ofColleague.code, ofColleague.merged, ofColleague.events])
  }
  const closed = refused('ErrorInvalidOrganizationRelationshipForFreeBusy')
  await sees({ FreeBusyAccessLevel: 'AvailabilityOnly' }, withTimes)
  await sees({ FreeBusyAccessLevel: 'None' }, nothing, nothing)
  await sees({ FreeBusyAccessLevel: 'LimitedDetails', FreeBusyAccessEnabled: false }, closed, closed)
  await sees({ FreeBusyAccessEnabled: true, FreeBusyAccessScope: only.address }, withDetails, nothing)
  await sees({ FreeBusyAccessScope: '' }, withDetails)
  await showCalendar(sites, target.alias, asker.alias, { byDefault: 'FreeBusyTimeOnly' })
  await sees({}, withTimes)
  await showCalendar(sites, target.alias, asker.alias, { byDefault: 'FreeBusyTimeAndSubjectAndLocation' })
}

async function showsEveryView({ asks, target }: People): Promise<void> {
  const views: [view: NonNullable<Question['view']>, seen: Seen][] = [
    ['MergedOnly', { ...withTimes, view: 'MergedOnly', events: [] }],
    ['FreeBusy', { ...withTimes, view: 'FreeBusy', merged: '' }],
    ['FreeBusyMerged', withTimes],
    ['Detailed', { ...withDetails, view: 'Detailed', merged: '' }],
    ['DetailedMerged', withDetails],
  ]
  for (const [view, seen] of views) assert.deepEqual(await asks.ask([target.address], { ...winter, view }), [seen], view)
  // Five hours and three quarters ahead of UTC, in quarters of an hour.
  const nepal: Question = { zone: 'Asia/Kathmandu', start: '2030-01-07T00:00', end: '2030-01-08T00:00', interval: 15 }
  const [there] = await asks.ask([target.address], nepal)
  assert.equal(there?.merged, `${'0'.repeat(59)}2222001100003333`.padEnd(96, '0'))
  assert.deepEqual(there.events, [
    '01-07 14:45-15:45 Busy: Budget @ Room 7',
    '01-07 16:15-16:45 Tentative: Perhaps',
    '01-07 17:45-18:45 OOF: private',
    '01-07 19:45-20:45 Free: Birthday',
  ])
  // Over 42 days, which other servers take at once: asked for in parts, answered as one.
  const [long] = await asks.ask([target.address], { zone: 'UTC', start: '2030-01-07T00:00', end: '2030-03-08T00:00', interval: 60 })
  assert.deepEqual([long?.merged.length, long?.merged.lastIndexOf('2')], [60 * 24, 50 * 24 + 9])
  assert.equal(long?.events.at(-1), '02-26 09:00-10:00 Busy: Far away')
}

/** The clocks of Vienna change between the first and the second week of the series, those of New York before the first. */
async function followsSeries({ asks, owns, target }: People): Promise<void> {
  const zone = 'Europe/Vienna'
  const subject = 'Weekly bridge'
  const sees = async (zone: string, events: string[]) => {
    const [seen] = await asks.ask([target.address], { zone, start: '2030-03-25T00:00', end: '2030-04-16T00:00' })
    assert.deepEqual([seen?.code, seen?.events], ['NoError', events], zone)
  }
  const what = 'Busy: Weekly bridge @ Canal again'
  await owns.book({ zone, start: '2030-03-25T10:00', end: '2030-03-25T11:30', subject, location: 'Canal', weekly: 3 })
  try {
    await sees(zone, [`03-25 10:00-11:30 ${what}`, `04-01 10:00-11:30 ${what}`, `04-08 10:00-11:30 ${what}`])
    await sees('America/New_York', [`03-25 05:00-06:30 ${what}`, `04-01 04:00-05:30 ${what}`, `04-08 04:00-05:30 ${what}`])
    await owns.move({ zone, subject, index: 2, start: '2030-04-02T15:00', end: '2030-04-02T16:00' })
    await owns.skip({ subject, index: 3 })
    await sees(zone, [`03-25 10:00-11:30 ${what}`, `04-02 15:00-16:00 ${what} moved`])
  } finally {
    await owns.remove({ subject })
  }
  await sees(zone, [])
}

/** The answers come in the order of the question, until one that the client raises instead of giving it. */
async function answersInOrder({ asks, asker, target }: People, direction: Direction): Promise<void> {
  const online = direction === 'to online'
  const [rob, zoe] = ['rob@contoso.com', `zoe@${names.online.domain}`]
  const unknown = `nobody@${online ? names.online.domain : 'contoso.com'}`
  const idle = { code: 'NoError', merged: '0'.repeat(96), events: [] }
  const busy = { code: 'NoError', merged, events: details }
  const rows: [address: string, seen: Pick<Seen, 'code' | 'merged' | 'events'>][] = [
    [unknown, { code: 'ErrorMailRecipientNotFound', merged: '', events: [] }],
    [asker.address, idle],
    [target.address, busy],
    [online ? rob : zoe, idle],
    [online ? zoe : rob, idle],
    [target.address, busy],
  ]
  const seen = await asks.ask(rows.map(([address]) => address), winter) // prettier-ignore
  assert.deepEqual(
    seen.map(({ code, merged, events }, at) => [rows[at]?.[0], { code, merged, events }]),
    rows,
  )
  const stranger = 'nobody@elsewhere.example'
  const raised = [refused('ErrorAddressSpaceNotFound')]
  assert.deepEqual(await asks.ask([stranger], winter), raised)
  assert.deepEqual(await asks.ask([target.address, stranger], winter), [withDetails, ...raised])
}
