import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LookupTrace } from '#hybrid'
import { Refusal } from '#model'
import { send } from '../support/site.ts'
import { Agent } from 'node:https'
import { connectSites, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { personOf, window } from './ask.ts'

const year = 365 * 86_400_000

test('a question that is refused is put to no other organisation', async () => {
  const asked: string[] = []
  await using sites = await startHybridSites({
    around: (place, route) => ({
      ...route,
      handle: (request) => {
        if (place === 'online') asked.push(request.path)
        return route.handle(request)
      },
    }),
  })
  await connectSites(sites)
  const { site, caller } = await personOf(sites, 'mary')
  asked.length = 0
  for (const [code, question, interval] of [
    ['InvalidMergedFreeBusyInterval', window, 100_000],
    ['TimeIntervalTooBig', { start: window.start, end: window.start + 1000 * year }, 30],
    ['InvalidTimeInterval', { start: window.end, end: window.start }, 30],
  ] as const) {
    const refused = site.hybrid.freeBusy(caller, ['joe@contoso.com', 'rob@contoso.com'], question, { view: 'DetailedMerged', interval })
    await assert.rejects(refused, (error) => error instanceof Refusal && error.code === code)
  }
  await site.hybrid.freeBusy(caller, ['joe@contoso.com'], window, { view: 'FreeBusy' })
  assert.deepEqual(asked, ['/autodiscover/autodiscover.svc', '/autodiscover/autodiscover.svc', '/ews/exchange.asmx'])
})

/** Everybody's traces at the online service, newest first. */
const tracesOf = ({ online }: HybridSites): LookupTrace[] => online.hybrid.traces.list(online.organisation.id, 10_000)

test('strangers neither crowd traces out nor make them large', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { site, caller } = await personOf(sites, 'mary')
  const long = `${'x'.repeat(100_000)}@contoso.online.example`
  await site.hybrid.freeBusy(caller, [long], window, { view: 'FreeBusy' })
  const [large] = site.hybrid.traces.list(site.organisation.id, 1)
  assert.ok(large && JSON.stringify(large).length < 20_000)
  await site.hybrid.freeBusy(caller, ['joe@contoso.com'], window, { view: 'FreeBusy' })

  const { online } = sites
  const junk = [
    { alg: 'RS256', x5t: 'AAAA' },
    { aud: `00000002-0000-0ff1-ce00-000000000000/outlook.online.example@${online.organisation.id}` },
  ]
  const token = [...junk.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'AAAA'].join('.')
  const agent = new Agent({ ca: online.ca, keepAlive: true })
  for (let at = 0; at < 60; at++) {
    await send(online, agent, '/EWS/Exchange.asmx', { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  }
  agent.destroy()
  const traces = tracesOf(sites)
  assert.equal(traces.filter(({ what }) => what === 'signIn').length, 50)
  assert.deepEqual(
    traces.filter(({ what }) => what === 'freeBusy').map(({ from }) => from),
    ['mary@contoso.com'],
  )
  const other = sites.online.tenants[0]!.id
  assert.deepEqual(online.hybrid.traces.list(other, 10), [], 'a tenant sees no other tenant’s')
})
