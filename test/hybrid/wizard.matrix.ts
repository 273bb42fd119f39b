import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removeHybrid } from '#hybrid'
import { Refusal } from '#model'
import { connectSites, plan, sideOf, startHybridSites } from '../support/hybrid-sites.ts'
import { quickEngines } from '../support/engines.ts'
import { assertJoinedByOAuth, askFreeBusy } from './ask.ts'

for (const engine of quickEngines) {
  test(`the wizard says what it would do, does it, and finds nothing to do again (${engine.name})`, async () => {
    await using sites = await startHybridSites({ engine })
    const dry = await connectSites(sites, { dry: true })
    assert.ok(dry.length > 10)
    // What is shown can be copied whole, long texts as well.
    const longest = dry.map(({ command }) => /'[^']{61,}'/.exec(command)?.[0] ?? '').toSorted((a, b) => b.length - a.length)[0] ?? ''
    assert.ok(longest.length > 60 && dry.every(({ command }) => !command.includes('…')), longest)
    assert.deepEqual(await sites.onPremises.configuration.list(sites.onPremises.organisation.id, 'IntraOrganizationConnector'), [])
    const done = await connectSites(sites)
    assert.ok(done.some(({ side, command }) => side === 'online' && command.startsWith('New-IntraOrganizationConnector -Name HybridIOC')))
    assert.deepEqual(await connectSites(sites), [])
    await assertJoinedByOAuth(sites)
  })
}

test('a connector that someone disabled is enabled again; what was cut short goes on', async () => {
  await using sites = await startHybridSites()
  const broken = new Error('the power went out')
  let left = 9
  const publish = async () => undefined
  await assert.rejects(connectSites(sites, { progress: () => { if (left-- === 0) throw broken } }), broken) // prettier-ignore
  // A domain without its TXT record is refused, and the step is named.
  await assert.rejects(connectSites(sites, { publish }), (error) => error instanceof Refusal && /Step \d+, ".*Federate/.test(error.message))
  await connectSites(sites)
  const { configuration, organisation } = sites.onPremises
  await configuration.update(organisation.id, 'IntraOrganizationConnector', 'HybridIOC', { Enabled: false })
  assert.equal((await askFreeBusy(sites, 'mary', 'joe@contoso.com')).generation, 'DAuth')
  assert.deepEqual(
    (await connectSites(sites)).map(({ command }) => command),
    ['Set-IntraOrganizationConnector -Identity HybridIOC -Enabled:$true'],
  )
  assert.equal((await askFreeBusy(sites, 'mary', 'joe@contoso.com')).generation, 'OAuth')
})

test('removing the hybrid leaves nothing of it that asks the other side', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const run = {
    plan,
    onPremises: sideOf(sites.onPremises, 'on-premises'),
    online: sideOf(sites.online, 'online'),
    publish: async () => undefined,
  }
  assert.ok((await removeHybrid(run)).length >= 9)
  assert.deepEqual(await removeHybrid(run), [])
  const after = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
  assert.deepEqual([after.generation, after.code], ['none', 'ErrorAddressSpaceNotFound'])
})
