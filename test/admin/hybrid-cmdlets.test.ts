import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { connectSites, sideOf, startHybridSites } from '../support/hybrid-sites.ts'

const refusal = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof Refusal && error.code === code && message.test(error.message)

test('cmdlets that ask the auth service do all that they are told, or refuse', async (t) => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { configuration, organisation } = sites.onPremises
  const { invoke } = sideOf(sites.onPremises, 'on-premises')
  const [first] = await configuration.list(organisation.id, 'FederationTrust')
  const Identity = first!.Name
  const trust = () => configuration.get(organisation.id, 'FederationTrust', first!.Guid)
  const certificate = async () => (await invoke('New-ExchangeCertificate', { SubjectName: 'CN=next' }))[0]?.Thumbprint as string

  await t.test('Set-FederationTrust -Thumbprint -RefreshMetadata stages and refreshes', async () => {
    const [before, Thumbprint] = [await trust(), await certificate()]
    sites.clock.skew += 60_000
    await invoke('Set-FederationTrust', { Identity, Thumbprint, RefreshMetadata: true })
    const after = await trust()
    assert.equal(after.OrgNextPrivCertificate, Thumbprint)
    assert.ok((after.WhenMetadataRefreshed ?? 0) > (before.WhenMetadataRefreshed ?? 0))
  })

  await t.test('Set-FederationTrust -Thumbprint -PublishFederationCertificate changes nothing', async () => {
    const before = await trust()
    const both = { Identity, Thumbprint: await certificate(), PublishFederationCertificate: true }
    await assert.rejects(invoke('Set-FederationTrust', both), refusal('InvalidParameter', /exclude each other/))
    assert.deepEqual(await trust(), before)
  })

  await t.test('Set-FederationTrust -Name -RefreshMetadata -PublishFederationCertificate does the three', async () => {
    const next = (await trust()).OrgNextPrivCertificate
    sites.clock.skew += 60_000
    const before = await trust()
    await invoke('Set-FederationTrust', { Identity, Name: 'Gateway', RefreshMetadata: true, PublishFederationCertificate: true })
    const after = await trust()
    assert.deepEqual([after.Name, after.OrgPrivCertificate, after.OrgNextPrivCertificate], ['Gateway', next, ''])
    assert.ok((after.WhenMetadataRefreshed ?? 0) > (before.WhenMetadataRefreshed ?? 0))
  })

  await t.test('Set-AuthServer -Name -RefreshAuthMetadata renames and refreshes', async () => {
    const before = await configuration.get(organisation.id, 'AuthServer', 'ACS')
    sites.clock.skew += 60_000
    await invoke('Set-AuthServer', { Identity: 'ACS', Name: 'ACS2', RefreshAuthMetadata: true })
    const after = await configuration.get(organisation.id, 'AuthServer', 'ACS2')
    assert.equal(after.Guid, before.Guid)
    assert.ok((after.WhenMetadataRefreshed ?? 0) > (before.WhenMetadataRefreshed ?? 0))
    await assert.rejects(invoke('Set-AuthServer', { Identity: 'nosuch', RefreshAuthMetadata: true }), refusal('ObjectNotFound', /nosuch/))
  })

  await t.test('Test-FreeBusy takes addresses alone', async () => {
    for (const To of [[''], ['not an address'], ['joe@contoso.online.example', 'joe']])
      await assert.rejects(invoke('Test-FreeBusy', { From: 'mary', To }), refusal('InvalidSmtpAddress', /is not an SMTP address/))
    assert.equal((await invoke('Test-FreeBusy', { From: 'mary', To: ['joe@contoso.online.example'] })).length, 1)
  })
})
