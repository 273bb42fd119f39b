import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { personOf } from './ask.ts'
import { at, day, fillCalendar } from './calendars.ts'
import { askTimes, type AskedTimes } from './home-client.ts'
import { askBy, directions, endsOf, serviceAccounts, type Direction } from './routes.ts'

/** A group of each side, both without anybody who has plans beside the one person of the side. */
const groups = {
  onPremises: { address: 'staff@contoso.com', displayName: 'Staff', kind: 'group', groupMembers: ['mary@contoso.com', 'rob@contoso.com'] },
  online: { address: `staff@${names.online.domain}`, displayName: 'Staff', kind: 'group', groupMembers: ['joe@contoso.com'] },
} as const

const monday = { start: at(0), end: at(24) }
/** When nobody has plans, in the working hours of all. */
const free = ['08:00', '11:00', '13:00', '13:30', '14:00']
const lines = (times: readonly string[], conflicts: string) => times.map((time) => `Monday ${time} Excellent: ${conflicts}`)

for (const engine of quickEngines) {
  describe(`meeting times with people on the other premises (${engine.name})`, async () => {
    for (const direction of directions) {
      test(`by every generation ${direction}`, async (t) => {
        await using sites = await startSites(engine)
        for (const generation of ['OAuth', 'DAuth', 'CrossForest'] as const) {
          await t.test(generation, async () => {
            await askBy(sites, direction, generation)
            await suggests(sites, direction)
          })
        }
        await t.test('asks others once for all that it needs', () => asksOnce(sites, direction))
        await t.test('who gives nothing is unknown', () => knowsLess(sites, direction))
      })
    }
  })
}

/** The asked person's plans are those of `fillCalendar`; the one who asks has some too, in the afternoon. */
async function startSites(engine: (typeof quickEngines)[number]): Promise<HybridSites> {
  const sites = await startHybridSites({
    engine,
    deadline: 2000,
    people: {
      onPremises: [serviceAccounts.onPremises, structuredClone(groups.onPremises) as never],
      online: [serviceAccounts.online, structuredClone(groups.online) as never],
    },
  })
  await connectSites(sites)
  return sites
}

async function suggests(sites: HybridSites, direction: Direction): Promise<void> {
  const { asker, target } = endsOf(sites, direction)
  await plan(sites, asker.alias, target.alias)
  const ask = (people: readonly string[], more: Partial<AskedTimes> = {}) =>
    askTimes(endsOf(sites, direction).from.site, asker.address, people, { ...monday, ...more })
  const both = [asker.address, target.address]
  assert.deepEqual((await ask(both)).times, lines(free, 'Free Free'))
  const poor = (await ask(both, { minimum: 'Poor' })).times
  assert.ok(poor.includes('Monday 09:00 Fair: Free Busy'), poor.join('\n'))
  assert.ok(poor.includes('Monday 10:00 Fair: Free Tentative'))
  assert.ok(poor.includes('Monday 12:30 Fair: Free OOF'))
  assert.ok(poor.includes('Monday 15:00 Fair: Busy Free'))
  // Working hours of the other side count: eight to four in UTC.
  assert.deepEqual([poor[0], poor.at(-1)], ['Monday 08:00 Excellent: Free Free', 'Monday 15:00 Fair: Busy Free'])
  const optional = (await ask(both, { optional: [target.address] })).times
  assert.ok(optional.includes('Monday 09:00 Excellent: Free Busy'), 'who need not come does not decide')
  if (direction === 'to online') {
    assert.deepEqual((await ask([asker.address, groups.online.address])).times[0], 'Monday 08:00 Excellent: Free Free')
    const busy = (await ask([asker.address, groups.online.address], { minimum: 'Poor' })).times
    assert.ok(busy.includes('Monday 09:30 Fair: Free Busy'), 'a group there is as busy as its members')
  }
}

const planned = new WeakSet<HybridSites>()

async function plan(sites: HybridSites, asker: string, target: string): Promise<void> {
  if (planned.has(sites)) return
  planned.add(sites)
  await fillCalendar(sites, target)
  const { site, recipient, caller } = await personOf(sites, asker)
  const properties = { subject: 'Own', start: at(15), end: at(16), legacyFreeBusyStatus: 'Busy' }
  await site.mailboxes.createItem(caller, { mailbox: recipient.mailbox, kind: 'calendar' }, { kind: 'calendar', properties })
}

async function asksOnce(sites: HybridSites, direction: Direction): Promise<void> {
  await askBy(sites, direction, 'OAuth')
  const { from, to, asker, target } = endsOf(sites, direction)
  const answered = () => to.site.hybrid.traces.list(to.site.organisation.id, 500).length
  const rows: [what: string, freeBusy: AskedTimes['freeBusy'], requests: number][] = [
    ['no free/busy is asked for', undefined, 1],
    ['the same window', monday, 1],
    ['digits alone', { ...monday, view: 'MergedOnly' }, 1],
    ['a longer window', { start: at(0) - day, end: at(48) }, 1],
    ['a shorter window', { start: at(0), end: at(12) }, 2],
  ]
  for (const [what, freeBusy, requests] of rows) {
    const before = answered()
    const found = await askTimes(from.site, asker.address, [asker.address, target.address], {
      ...monday,
      ...(freeBusy ? { freeBusy } : {}),
    })
    assert.deepEqual(found, { times: lines(free, 'Free Free'), freeBusy: freeBusy ? ['NoError', 'NoError'] : [] }, what)
    assert.equal(answered() - before, requests, what)
  }
}

async function knowsLess(sites: HybridSites, direction: Direction): Promise<void> {
  const { from, asker, target } = endsOf(sites, direction)
  const people = [asker.address, target.address, 'ann@elsewhere.example']
  const ask = () => askTimes(from.site, asker.address, people, { ...monday, freeBusy: monday })
  const seen = await ask()
  assert.deepEqual(seen.times, lines(free, 'Free Free Unknown'))
  assert.deepEqual(seen.freeBusy, ['NoError', 'NoError', 'ErrorAddressSpaceNotFound'])
  for (const host of [names.online.mail, names.onPremises.mail, names.onPremises.autodiscover]) {
    sites.zone.set(host, { address: '127.0.0.1', port: 1 })
  }
  sites.onPremises.hybrid.forget()
  sites.online.hybrid.forget()
  const dead = await ask()
  assert.deepEqual(dead.freeBusy, ['NoError', 'ErrorAutoDiscoverFailed', 'ErrorAddressSpaceNotFound'])
  assert.ok(dead.times.includes('Monday 09:00 Excellent: Free Unknown Unknown'), dead.times.join('\n'))
}
