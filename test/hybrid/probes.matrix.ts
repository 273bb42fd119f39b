import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgressRecord } from '#admin'
import type { Side } from '#hybrid'
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, sideOf, startHybridSites } from '../support/hybrid-sites.ts'

interface Step {
  Id: string
  Type: 'Success' | 'Warning' | 'Error'
  Message: string
  Url?: string
  Status?: number
}

const run = async (side: Side, cmdlet: string, args: Record<string, unknown>) => (await side.invoke(cmdlet, args)) as unknown as Step[]
const failed = (steps: Step[]) => steps.filter(({ Type }) => Type === 'Error').map(({ Id, Message }) => `${Id}: ${Message}`)
const ids = (steps: Step[]) => steps.map(({ Id }) => Id).join('\n')

for (const engine of quickEngines) {
  test(`${engine.name}: the tests of the trust make the real calls, both ways, and name what is broken`, async (t) => {
    await using sites = await startHybridSites({ engine })
    await connectSites(sites)
    const onPremises = sideOf(sites.onPremises, 'on-premises')
    const online = sideOf(sites.online, 'online')

    await t.test('Test-FederationTrust', async () => {
      for (const [side, UserIdentity] of [
        [onPremises, 'mary'],
        [online, 'zoe'],
      ] as const) {
        const steps = await run(side, 'Test-FederationTrust', { UserIdentity })
        assert.deepEqual(failed(steps), [])
        for (const id of ['FederationMetadata', 'StsCertificate', 'OrganizationCertificate', 'TokenValidation'])
          assert.match(ids(steps), new RegExp(id))
        assert.ok(
          steps.some(({ Url, Status }) => Url?.startsWith('https://login.online.example/') && Status === 200),
          ids(steps),
        )
      }
      await onPremises.invoke('Set-FederatedOrganizationIdentifier', { Enabled: false })
      assert.match(failed(await run(onPremises, 'Test-FederationTrust', { UserIdentity: 'mary' })).join('\n'), /disabled its federation/)
      await onPremises.invoke('Set-FederatedOrganizationIdentifier', { Enabled: true })
    })

    await t.test('Test-OrganizationRelationship', async () => {
      const args = { Identity: 'On-premises to online', UserIdentity: 'mary' }
      const steps = await run(onPremises, 'Test-OrganizationRelationship', args)
      assert.deepEqual(failed(steps), [])
      // The connector is enabled, yet the relationship is what is tried: the token, Autodiscover and EWS really answered.
      for (const path of [/login\.online\.example/, /autodiscover\.svc\/WSSecurity/i, /exchange\.asmx\/WSSecurity/i]) {
        assert.ok(
          steps.some(({ Url, Status }) => path.test(Url ?? '') && Status === 200),
          String(path),
        )
      }
      assert.match(steps.at(-1)!.Message, /joe@contoso\.online\.example|joe@contoso\.com/)
      const back = await run(online, 'Test-OrganizationRelationship', { Identity: 'Online to on-premises', UserIdentity: 'zoe' })
      assert.deepEqual(failed(back), [])

      await online.invoke('Set-OrganizationRelationship', { Identity: 'Online to on-premises', FreeBusyAccessEnabled: false })
      assert.match(failed(await run(onPremises, 'Test-OrganizationRelationship', args)).join('\n'), /ErrorNoFreeBusyAccess|Free\/busy/)
      await online.invoke('Set-OrganizationRelationship', { Identity: 'Online to on-premises', FreeBusyAccessEnabled: true })
      await onPremises.invoke('Set-OrganizationRelationship', { Identity: 'On-premises to online', Enabled: false })
      const disabled = await run(onPremises, 'Test-OrganizationRelationship', args)
      assert.match(disabled.find(({ Type }) => Type === 'Warning')?.Message ?? '', /disabled/)
    })

    await t.test('Test-OAuthConnectivity', async () => {
      for (const [side, Mailbox, host] of [
        [onPremises, 'mary', names.online.mail],
        [online, 'joe', names.onPremises.mail],
      ] as const) {
        const all = await run(side, 'Test-OAuthConnectivity', { Service: 'Generic', Mailbox })
        assert.deepEqual(failed(all), [])
        const direct = await run(side, 'Test-OAuthConnectivity', {
          Service: 'EWS',
          TargetUri: `https://${host}/ews/exchange.asmx`,
          Mailbox,
        })
        assert.deepEqual(failed(direct), [])
        assert.ok(!/Autodiscover/.test(ids(direct)), ids(direct))
        const wrong = await run(side, 'Test-OAuthConnectivity', { Service: 'EWS', TargetUri: `https://${host}/nowhere`, Mailbox })
        assert.match(failed(wrong).join('\n'), /404|without a Bearer challenge/)
      }
    })

    await t.test('Test-AvailabilityAddressSpace', async () => {
      await onPremises.invoke('Add-AvailabilityAddressSpace', {
        ForestName: names.online.domain,
        AccessMethod: 'OrgWideFB',
        TargetAutodiscoverEpr: `https://${names.online.mail}/autodiscover/autodiscover.xml`,
        Credentials: { UserName: 'nobody@contoso.online.example', Password: 'wrong' },
      })
      const steps = await run(onPremises, 'Test-AvailabilityAddressSpace', { Identity: names.online.domain, UserIdentity: 'mary' })
      assert.match(failed(steps).join('\n'), /401|password|account/i)
    })
    await assert.rejects(run(online, 'Test-OrganizationRelationship', { Identity: 'none', UserIdentity: 'zoe' }), /none/)
  })
}

test('the tests of the trust tell each call that they make, and their end', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { admin, organisation } = sites.onPremises
  const told = async (cmdlet: string, args: object) => {
    const records: ProgressRecord[] = []
    const progress = (record: ProgressRecord) => void records.push(record)
    await Array.fromAsync(admin.invoke(systemCaller(organisation.id), cmdlet, { ...args }, { progress }))
    assert.deepEqual(records.at(-1), { activity: cmdlet, done: true })
    return records.slice(0, -1).map(({ status }) => status)
  }
  const trust = await told('Test-FederationTrust', { UserIdentity: 'mary' })
  for (const call of ['FederationMetadata', 'OrganizationCertificate', 'TokenValidation']) assert.ok(trust.includes(call), trust.join())
  const oauth = await told('Test-OAuthConnectivity', { Service: 'EWS', Mailbox: 'mary', Target: 'joe@contoso.online.example' })
  assert.ok(oauth.length >= 3, oauth.join())
  assert.deepEqual((await told('Test-FreeBusy', { From: 'mary', To: ['joe@contoso.online.example'] })).at(-1), 'ask EWS for the free/busy of joe@contoso.online.example') // prettier-ignore
  assert.ok((await told('Test-OrganizationRelationship', { Identity: 'On-premises to online', UserIdentity: 'mary' })).length >= 3)
})
