/** What the wizard sets up after something changed, and what it takes away again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removeHybrid, type WizardRun } from '#hybrid'
import { Refusal } from '#model'
import { accountNamespaceOf, createFederationGateway, createServicePrincipals, exchangeApplication } from '#trust'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, plan, sideOf, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { assertJoinedByOAuth, askFreeBusy } from './ask.ts'

const runOf = (sites: HybridSites): WizardRun => ({
  plan,
  onPremises: sideOf(sites.onPremises, 'on-premises'),
  online: sideOf(sites.online, 'online'),
  publish: async () => undefined,
})

const commandsOf = (changes: { side: string; command: string }[]) => changes.map(({ side, command }) => `${side}: ${command}`)

test('the auth service under another address, and another realm: the AuthServer is changed, and lookups go on', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const other = 'login2.online.example'
  const moved = { ...plan, authService: `https://${other}` }

  // Nobody is there yet: what was trusted stays trusted.
  await assert.rejects(
    connectSites(sites, { plan: moved }),
    (error) => error instanceof Refusal && /Trust the auth service/.test(error.message),
  )
  const server = async () => (await sites.onPremises.configuration.list(sites.onPremises.organisation.id, 'AuthServer'))[0]
  assert.equal((await server())?.AuthMetadataUrl, `https://${names.auth}/${sites.online.organisation.id}/metadata/json/1`)
  await assertJoinedByOAuth(sites)

  await sites.online.configuration.update(sites.online.organisation.id, 'AuthConfig', undefined, { Realm: 'contoso-two.example' })
  const changes = commandsOf(await connectSites(sites))
  for (const side of ['on-premises', 'online'])
    assert.ok(changes.some((one) => one.startsWith(`${side}: Set-AuthServer -Identity ACS -AuthMetadataUrl `) && one.endsWith('-RefreshAuthMetadata:$true'))) // prettier-ignore
  assert.equal((await server())?.Realm, 'contoso-two.example')
  assert.deepEqual(await connectSites(sites), [])
  // Tokens of the realm before are over.
  sites.clock.skew += 2 * 3_600_000
  await assertJoinedByOAuth(sites)
})

test('a disabled AuthServer with another address is changed and enabled', async () => {
  await using sites = await startHybridSites()
  const { onPremises } = sites
  await connectSites(sites)
  const AuthMetadataUrl = 'https://elsewhere.example/metadata/json/1'
  await onPremises.configuration.update(onPremises.organisation.id, 'AuthServer', 'ACS', { Enabled: false, AuthMetadataUrl })
  await connectSites(sites)
  const [server] = await onPremises.configuration.list(onPremises.organisation.id, 'AuthServer')
  assert.deepEqual([server?.Enabled, server?.AuthMetadataUrl.includes(names.auth)], [true, true])
  await assertJoinedByOAuth(sites)
})

test('a realm with capital letters is the same realm everywhere', async () => {
  await using sites = await startHybridSites()
  const realm = 'Contoso.Realm.Example'
  await sites.online.configuration.update(sites.online.organisation.id, 'AuthConfig', undefined, { Realm: realm })
  await connectSites(sites)
  assert.deepEqual(await connectSites(sites), [])
  await assertJoinedByOAuth(sites)
  // Written otherwise on one side: what takes tokens goes by case, so the wizard writes the one that is online.
  await sites.onPremises.configuration.update(sites.onPremises.organisation.id, 'AuthConfig', undefined, { Realm: realm.toUpperCase() })
  assert.deepEqual(commandsOf(await connectSites(sites)), [`on-premises: Set-AuthConfig -Realm ${realm}`])
  sites.clock.skew += 2 * 3_600_000
  await assertJoinedByOAuth(sites)
  const [server] = await sites.onPremises.configuration.list(sites.onPremises.organisation.id, 'AuthServer')
  assert.match(server?.IssuerIdentifier ?? '', /@Contoso\.Realm\.Example$/, 'the realm is shown as it was written')
})

test('a federation that was cut short between the auth service and the trust goes on', async () => {
  await using sites = await startHybridSites()
  const { onPremises } = sites
  const { id } = onPremises.organisation
  await connectSites(sites)
  const { ApplicationIdentifier: appId } = await onPremises.configuration.get(id, 'FederationTrust', 'Microsoft Federation Gateway')
  await onPremises.configuration.remove(id, 'FederationTrust', 'Microsoft Federation Gateway')
  await onPremises.configuration.update(id, 'FederatedOrganizationIdentifier', undefined, {
    AccountNamespace: null,
    DelegationTrustLink: null,
    Domains: [],
  })
  await connectSites(sites)
  const again = await onPremises.configuration.get(id, 'FederationTrust', 'Microsoft Federation Gateway')
  assert.equal(again.ApplicationIdentifier, appId)
  assert.deepEqual(await connectSites(sites), [])
})

for (const engine of quickEngines) {
  test(`removing ends the federation and the registration; removed twice is removed; setup works again (${engine.name})`, async () => {
    await using sites = await startHybridSites({ engine })
    await connectSites(sites)
    const { onPremises, online, auth } = sites
    await onPremises.configuration.update(onPremises.organisation.id, 'FederatedOrganizationIdentifier', undefined, {
      DefaultDomain: 'contoso.com',
    })
    const gateway = createFederationGateway({
      store: auth.store,
      keys: () => Promise.reject(new Error('not asked')),
      clock: Date.now,
      random: (size) => crypto.getRandomValues(new Uint8Array(size)),
      txt: async () => [],
      issuer: '',
      endpoints: () => ({ sts: '', delegation: '', metadata: '' }),
      audit: () => undefined,
    })
    const domainsAt = async (domain: string) => (await gateway.byUri(accountNamespaceOf(domain)))?.domains
    assert.deepEqual([await domainsAt('contoso.com'), await domainsAt(names.online.domain)], [['contoso.com'], [names.online.domain]])

    const wouldDo = commandsOf(await removeHybrid({ ...runOf(sites), dry: true }))
    assert.deepEqual(await domainsAt('contoso.com'), ['contoso.com'], 'a dry run changes nothing')
    const done = commandsOf(await removeHybrid(runOf(sites)))
    assert.deepEqual(wouldDo, done)
    for (const command of [
      'on-premises: Remove-FederatedDomain -DomainName contoso.com',
      'online: Remove-FederatedDomain -DomainName contoso.online.example',
      'on-premises: Set-AuthConfig -Realm $null',
      "online: Remove-FederationTrust -Identity 'Microsoft Federation Gateway'",
    ])
      assert.ok(done.includes(command), done.join('\n'))
    for (const site of [onPremises, online]) {
      const { id } = site.organisation
      assert.deepEqual(await site.configuration.list(id, 'FederationTrust'), [])
      assert.deepEqual(await site.configuration.list(id, 'AuthServer'), [])
      const identifier = await site.configuration.get(id, 'FederatedOrganizationIdentifier')
      assert.deepEqual([identifier.AccountNamespace, identifier.DelegationTrustLink, identifier.DefaultDomain, identifier.Domains], ['', '', '', []]) // prettier-ignore
    }
    const config = await onPremises.configuration.get(onPremises.organisation.id, 'AuthConfig')
    assert.deepEqual([config.Realm, config.CurrentCertificateThumbprint !== ''], ['', true], 'certificates stay')
    assert.deepEqual([await domainsAt('contoso.com'), await domainsAt(names.online.domain)], [[], []])
    assert.deepEqual(await principalAt(sites), [[], []])
    assert.deepEqual(await removeHybrid(runOf(sites)), [])

    await connectSites(sites)
    assert.deepEqual(await connectSites(sites), [])
    assert.deepEqual(await domainsAt('contoso.com'), ['contoso.com'])
    await assertJoinedByOAuth(sites)
    await onPremises.configuration.update(onPremises.organisation.id, 'IntraOrganizationConnector', 'HybridIOC', { Enabled: false })
    const { generation, code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
    assert.deepEqual([generation, code], ['DAuth', 'NoError'], causes.join('; '))
  })
}

/** Certificates and hosts that the auth service knows of on-premises. */
async function principalAt({ auth, online }: HybridSites): Promise<[string[], string[]]> {
  const principals = createServicePrincipals({ store: auth.store, newId: () => crypto.randomUUID() })
  const found = await principals.find(exchangeApplication, online.organisation.id)
  return [found?.certificates ?? [], found?.hosts ?? []]
}

test('removing takes the certificate out of the auth service although the online AuthServer is disabled, and stops when it cannot', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { online, zone } = sites
  await online.configuration.update(online.organisation.id, 'AuthServer', 'ACS', { Enabled: false })
  const there = zone.get(names.auth)!
  zone.delete(names.auth)
  await assert.rejects(removeHybrid(runOf(sites)), (error) => error instanceof Refusal && /out of the auth service/.test(error.message))
  assert.equal((await principalAt(sites))[0].length, 1)
  zone.set(names.auth, there)
  await removeHybrid(runOf(sites))
  assert.deepEqual(await principalAt(sites), [[], []])
  assert.deepEqual(await removeHybrid(runOf(sites)), [])
})

test('a removal that was cut short at any change goes on', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { length } = await removeHybrid({ ...runOf(sites), dry: true })
  const broken = new Error('the power went out')
  for (let at = 0; at < length; at += 1) {
    let left = 1
    const progress: WizardRun['progress'] = (event) => {
      if ('change' in event && left-- === 0) throw broken
    }
    await removeHybrid({ ...runOf(sites), progress }).catch((error: unknown) => assert.equal(error, broken))
  }
  assert.deepEqual(await removeHybrid(runOf(sites)), [])
})

test('a domain that was given back at the auth service alone can still be taken out', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  const { configuration, organisation } = sites.onPremises
  const side = sideOf(sites.onPremises, 'on-premises')
  await side.invoke('Remove-FederatedDomain', { DomainName: 'contoso.com' })
  await configuration.update(organisation.id, 'FederatedOrganizationIdentifier', undefined, { Domains: ['contoso.com'] })
  await side.invoke('Remove-FederatedDomain', { DomainName: 'contoso.com' })
  assert.deepEqual((await configuration.get(organisation.id, 'FederatedOrganizationIdentifier')).Domains, [])
})

test('a federation of another name than the wizard’s stays when the hybrid goes', async () => {
  await using sites = await startHybridSites()
  const side = sideOf(sites.onPremises, 'on-premises')
  const [certificate] = await side.invoke('New-ExchangeCertificate', { SubjectName: 'CN=Mine', Services: ['Federation'] })
  const MetadataUrl = `https://${names.auth}/FederationMetadata/2006-12/FederationMetadata.xml`
  await side.invoke('New-FederationTrust', { Name: 'Mine', Thumbprint: certificate?.Thumbprint, MetadataUrl })
  await connectSites(sites)
  await removeHybrid(runOf(sites))
  const { configuration, organisation } = sites.onPremises
  const identifier = await configuration.get(organisation.id, 'FederatedOrganizationIdentifier')
  assert.deepEqual([identifier.DelegationTrustLink, identifier.Domains], ['Mine', ['contoso.com']])
})
