import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  configurationKinds,
  createConfiguration,
  kindRow,
  type Configuration,
  type ConfigurationChanges,
  type ConfigurationInput,
  type ConfigurationKind,
} from '#directory'
import { Refusal, type RefusalCode } from '#model'
import { openVault } from '#trust'
import { allKinds, sampleValues } from '../support/configuration-samples.ts'
import { engines, quickEngines, type TestEngine } from '../support/engines.ts'

const organisation = '0a0a0a0a-0000-4000-8000-000000000001'
const other = '0a0a0a0a-0000-4000-8000-000000000002'

async function open(engine: TestEngine) {
  const opened = await engine.use()
  const vault = await openVault({ random: randomBytes })
  const clock = { now: Date.UTC(2030, 0, 7) }
  const configuration = createConfiguration({ store: opened.store, clock: () => clock.now, random: randomBytes, ...vault })
  return { configuration, store: opened.store, clock, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
}

const create = (configuration: Configuration, kind: ConfigurationKind, input: Record<string, unknown>, owner = organisation) =>
  configuration.create(owner, kind, input as unknown as ConfigurationInput<typeof kind>)
const update = (configuration: Configuration, kind: ConfigurationKind, identity: string | undefined, changes: Record<string, unknown>) =>
  configuration.update(organisation, kind, identity, changes as ConfigurationChanges<typeof kind>)
const nameFor = (kind: ConfigurationKind) => (kindRow(kind).name === 'given' ? { Name: `First ${kind}` } : {})
const hidden = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { Password, ...rest } = Object(value) as Record<string, unknown>
      return [name, Password ? rest : value]
    }),
  )

async function refusedWith(code: RefusalCode, pattern: RegExp, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof Refusal, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, pattern)
    return true
  })
}

const relationship = { Name: 'To online', DomainNames: ['contoso.mail.onmicrosoft.com'] }

for (const engine of quickEngines) {
  test(`every kind keeps every property (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration, clock } = site
    for (const kind of allKinds) {
      const { singleton, foremost, name, ownGuid, builtIn = [] } = kindRow(kind)
      const others = async (of: string) =>
        (await configuration.list(of, kind)).filter((one) => !builtIn.some(({ name }) => name === one.Name))
      const values = sampleValues(kind)
      const made =
        singleton === 'always'
          ? await update(configuration, kind, undefined, values)
          : await create(configuration, kind, { ...nameFor(kind), ...values })
      const expected = { ...hidden(values), Organization: organisation, WhenCreated: clock.now, WhenChanged: clock.now, Guid: made.Guid }
      assert.deepEqual(made, { Identity: made.Name, Name: made.Name, ...expected }, kind)
      const identities = singleton ? [undefined, made.Name] : [made.Name.toUpperCase(), made.Guid, ` ${made.Guid.toUpperCase()}`]
      for (const identity of identities) assert.deepEqual(await configuration.get(organisation, kind, identity), made)
      assert.deepEqual(await others(organisation), [made])
      assert.deepEqual(await others(other), singleton === 'always' ? await configuration.list(other, kind) : [])

      // Back to the defaults, one after the other where nothing forbids it.
      const free = Object.entries(kindRow(kind).properties).filter(([, { need }]) => need === 'free')
      clock.now += 1000
      if (!kindRow(kind).check) {
        const cleared = await update(configuration, kind, made.Name, Object.fromEntries(free.map(([property]) => [property, null])))
        const shown = cleared as unknown as Record<string, unknown>
        for (const [property, { fallback }] of free) {
          const usual = property === ownGuid ? made.Guid : fallback
          assert.deepEqual(shown[property], usual, `${kind}.${property}`)
        }
        assert.equal(cleared.WhenChanged, clock.now)
        assert.equal(cleared.WhenCreated, clock.now - 1000)
      } else if (foremost) await update(configuration, kind, made.Name, { [foremost]: false })
      await configuration.remove(organisation, kind, made.Name)
      if (singleton === 'always') assert.equal((await configuration.get(organisation, kind)).Name, name)
      else await refusedWith('ObjectNotFound', new RegExp(`There is no ${kind}`), configuration.get(organisation, kind, made.Name))
    }
  })

  test(`names, domains and singletons are one of their kind (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const first = await configuration.create(organisation, 'OrganizationRelationship', relationship)
    await refusedWith(
      'NameTaken',
      /There is OrganizationRelationship 'To online' already/,
      configuration.create(organisation, 'OrganizationRelationship', { ...relationship, Name: 'TO ONLINE', DomainNames: ['other.com'] }),
    )
    await refusedWith(
      'NameTaken',
      /The domain 'contoso.mail.onmicrosoft.com' belongs to OrganizationRelationship 'To online' already/,
      configuration.create(organisation, 'OrganizationRelationship', {
        Name: 'Second',
        DomainNames: ['fabrikam.com', 'Contoso.Mail.OnMicrosoft.com'],
      }),
    )
    const second = await configuration.create(organisation, 'OrganizationRelationship', { Name: 'Second', DomainNames: ['fabrikam.com'] })
    await refusedWith(
      'NameTaken',
      /fabrikam.com/,
      configuration.update(organisation, 'OrganizationRelationship', 'To online', { DomainNames: ['fabrikam.com'] }),
    )
    assert.deepEqual(await configuration.owner(organisation, 'OrganizationRelationship', 'DomainNames', 'FABRIKAM.com'), second)
    assert.equal(await configuration.owner(other, 'OrganizationRelationship', 'DomainNames', 'fabrikam.com'), undefined)
    // What an object gives up is free again, a removed object's too; another organisation has its own.
    await configuration.update(organisation, 'OrganizationRelationship', second.Guid, { DomainNames: ['tailspin.com'], Name: 'Renamed' })
    await configuration.update(organisation, 'OrganizationRelationship', first.Guid, { DomainNames: ['fabrikam.com'] })
    await configuration.remove(organisation, 'OrganizationRelationship', 'renamed')
    await configuration.create(organisation, 'OrganizationRelationship', { Name: 'Second', DomainNames: ['tailspin.com'] })
    await configuration.create(other, 'OrganizationRelationship', { ...relationship, DomainNames: ['fabrikam.com'] })
    // The same domain may stand in objects of other kinds.
    const connector = {
      TargetAddressDomains: ['fabrikam.com'],
      DiscoveryEndpoint: 'https://autodiscover.fabrikam.com/autodiscover/autodiscover.svc',
    }
    await configuration.create(organisation, 'IntraOrganizationConnector', { Name: 'IOC', ...connector })

    await configuration.create(organisation, 'HybridConfiguration', {})
    await refusedWith('NameTaken', /an organisation has one/, configuration.create(organisation, 'HybridConfiguration', {}))
    await refusedWith('ObjectNotFound', /There is no HybridConfiguration yet/, configuration.get(other, 'HybridConfiguration'))
    await refusedWith('ObjectNotFound', /AuthConfig 'nobody'/, configuration.get(organisation, 'AuthConfig', 'nobody'))
    assert.equal(await configuration.find(organisation, 'AuthServer', ''), undefined)
  })

  test(`two at once: one of them has the name, changes are not lost (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const made = await Promise.allSettled(
      [1, 2, 3].map((each) => configuration.create(organisation, 'AuthServer', { Name: 'ACS', Realm: `realm ${each}` })),
    )
    assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
    const once = await Promise.allSettled([1, 2].map(() => configuration.create(organisation, 'HybridConfiguration', {})))
    assert.deepEqual(once.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    await Promise.all([
      configuration.update(organisation, 'AuthConfig', undefined, { Realm: 'r' }),
      configuration.update(organisation, 'AuthConfig', undefined, { CurrentCertificateThumbprint: 'AB'.repeat(20) }),
    ])
    await configuration.create(organisation, 'OrganizationRelationship', relationship)
    const add = (domain: string) =>
      configuration.update(organisation, 'OrganizationRelationship', 'To online', ({ DomainNames }) => ({
        DomainNames: [...DomainNames, domain],
      }))
    await Promise.all(['a.com', 'b.com', 'c.com'].map(add))
    const { DomainNames } = await configuration.get(organisation, 'OrganizationRelationship', 'To online')
    assert.deepEqual(DomainNames.toSorted(), ['a.com', 'b.com', 'c.com', ...relationship.DomainNames])
    const { Realm, CurrentCertificateThumbprint } = await configuration.get(organisation, 'AuthConfig')
    assert.deepEqual({ Realm, CurrentCertificateThumbprint }, { Realm: 'r', CurrentCertificateThumbprint: 'AB'.repeat(20) })
  })

  test(`one sharing policy is the default (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const policy = (Name: string) => ({ Name, Domains: ['*:CalendarSharingFreeBusySimple'], Default: true })
    await configuration.create(organisation, 'SharingPolicy', policy('A'))
    await configuration.create(organisation, 'SharingPolicy', policy('B'))
    const defaults = async () => (await configuration.list(organisation, 'SharingPolicy')).map((one) => [one.Name, one.Default])
    assert.deepEqual(await defaults(), [['A', false], ['B', true], ['Default Sharing Policy', false]]) // prettier-ignore
    await configuration.update(organisation, 'SharingPolicy', 'A', { Default: true })
    assert.deepEqual(await defaults(), [['A', true], ['B', false], ['Default Sharing Policy', false]]) // prettier-ignore
    await refusedWith('InvalidConfiguration', /is the one with Default/, configuration.remove(organisation, 'SharingPolicy', 'A'))
  })

  test(`what is there from the start stays, keeps its name and values to itself, and can be changed (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const [before] = await configuration.list(organisation, 'RemoteDomain')
    assert.deepEqual([before?.Name, before?.DomainName, before?.NDREnabled], ['Default', '*', true])
    assert.deepEqual(await configuration.get(organisation, 'RemoteDomain', 'default'), before)
    assert.deepEqual(await configuration.owner(organisation, 'RemoteDomain', 'DomainName', '*'), before)
    const taken = (Name: string, DomainName: string) => configuration.create(organisation, 'RemoteDomain', { Name, DomainName })
    await refusedWith('NameTaken', /There is RemoteDomain 'Default' already/, taken('default', 'a.example'))
    await refusedWith('NameTaken', /The domain '\*' belongs to RemoteDomain 'Default'/, taken('All', '*'))
    await configuration.update(organisation, 'RemoteDomain', before?.Guid, { NDREnabled: false, Name: 'Everybody' })
    await refusedWith('ObjectNotFound', /no RemoteDomain 'Default'/, configuration.get(organisation, 'RemoteDomain', 'Default'))
    const changed = await configuration.get(organisation, 'RemoteDomain', 'Everybody')
    assert.deepEqual([changed.Guid, changed.DomainName, changed.NDREnabled], [before?.Guid, '*', false])
    assert.equal((await configuration.list(organisation, 'RemoteDomain')).length, 1)
    await refusedWith('InvalidConfiguration', /is there from the start/, configuration.remove(organisation, 'RemoteDomain', 'Everybody'))
    assert.deepEqual((await configuration.list(other, 'RemoteDomain')).map(({ Name }) => Name), ['Default']) // prettier-ignore
  })

  test(`passwords lie sealed and are shown to nobody (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration, store } = site
    const Credentials = { UserName: 'fabrikam\\svc', Password: 'correct horse' }
    const made = await configuration.create(organisation, 'AvailabilityAddressSpace', {
      ForestName: 'Fabrikam.com',
      AccessMethod: 'OrgWideFB',
      Credentials,
    })
    assert.equal(made.Name, 'fabrikam.com')
    const changed = await configuration.update(organisation, 'AvailabilityAddressSpace', 'fabrikam.com', {
      TargetAutodiscoverEpr: 'https://autodiscover.fabrikam.com/autodiscover/autodiscover.xml',
    })
    const rows = await store.read((tx) => tx.objects.list(organisation, 'AvailabilityAddressSpace', '', 10))
    for (const text of [made, changed, await configuration.list(organisation, 'AvailabilityAddressSpace'), rows].map((one) =>
      JSON.stringify(one),
    ))
      assert.ok(!text.includes('correct horse'), text)
    assert.deepEqual(made.Credentials, { UserName: 'fabrikam\\svc' })
    assert.deepEqual(await configuration.secrets(organisation, 'AvailabilityAddressSpace', made.Guid), { Credentials })
    assert.deepEqual(await configuration.secrets(organisation, 'AuthConfig'), {})
    // Sealed for this object: the text moved to another one does not open there.
    const second = await configuration.create(organisation, 'AvailabilityAddressSpace', {
      ForestName: 'x.com',
      AccessMethod: 'OrgWideFB',
      Credentials,
    })
    await store.write(async (tx) => {
      const row = await tx.objects.get(organisation, 'AvailabilityAddressSpace', second.Guid)
      await tx.objects.save({ ...row!, data: rows[0]!.data, keys: [] })
    })
    await assert.rejects(configuration.secrets(organisation, 'AvailabilityAddressSpace', second.Guid))
    await refusedWith(
      'InvalidConfiguration',
      /^Credentials of AvailabilityAddressSpace must be a user name and a password\.$/,
      update(configuration, 'AvailabilityAddressSpace', 'fabrikam.com', { Credentials: { UserName: 'svc', Pass: 'correct horse' } }),
    )
  })

  test(`what a later release stored survives a change (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration, store } = site
    const { Guid } = await configuration.create(organisation, 'OrganizationRelationship', relationship)
    const read = () => store.read((tx) => tx.objects.get(organisation, 'OrganizationRelationship', Guid))
    const stored = (await read())!
    await store.write((tx) =>
      tx.objects.save({ ...stored, data: { ...stored.data, LaterProperty: { a: 1 }, FreeBusyAccessLevel: 'Everything' }, keys: [] }),
    )
    await configuration.update(organisation, 'OrganizationRelationship', Guid, { Enabled: false })
    const { data } = (await read())!
    assert.deepEqual([data.LaterProperty, data.FreeBusyAccessLevel, data.Enabled], [{ a: 1 }, 'Everything', false])
    assert.ok(!('LaterProperty' in (await configuration.get(organisation, 'OrganizationRelationship', Guid))))
  })

  test(`values that cannot be are refused by property and expectation (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const refused: [ConfigurationKind, Record<string, unknown>, RegExp][] = [
      ['OrganizationRelationship', { ...relationship, FreeBusyAccessLevel: 'Full' }, /FreeBusyAccessLevel .* one of None, AvailabilityOnly, LimitedDetails, not 'Full'/],
      ['OrganizationRelationship', { ...relationship, Enabled: 'yes' }, /Enabled of OrganizationRelationship must be True or False, not 'yes'/],
      ['OrganizationRelationship', { ...relationship, TargetOwaURL: 'ftp://x' }, /TargetOwaURL .* http or https/],
      ['OrganizationRelationship', { ...relationship, DomainNames: ['not a domain'] }, /DomainNames .* domain name/],
      ['OrganizationRelationship', { ...relationship, DomainNames: [] }, /DomainNames/],
      ['OrganizationRelationship', { Name: 'x' }, /DomainNames/],
      ['OrganizationRelationship', { ...relationship, DomainNames: Array.from({ length: 239 }, (_, i) => `d${i}.com`) }, /at most 238/],
      ['OrganizationRelationship', { ...relationship, Name: 'x'.repeat(65) }, /Name .* 1 to 64/],
      ['OrganizationRelationship', { ...relationship, Name: '' }, /Name/],
      ['OrganizationRelationship', { ...relationship, Colour: 'red' }, /'Colour' is not a property/],
      ['OrganizationRelationship', { ...relationship, constructor: 'red' }, /'constructor' is not a property/],
      ['OrganizationRelationship', { ...relationship, Guid: 'x' }, /'Guid' .* given by the server/],
      ['OrganizationRelationship', { ...relationship, OrganizationContact: 'nobody' }, /OrganizationContact .* SMTP address/],
      ['SharingPolicy', { Name: 'x', Domains: ['contoso.com'] }, /Domains .* colon and actions/],
      ['AvailabilityAddressSpace', { ForestName: 'x.com', AccessMethod: 'PublicFolder' }, /PublicFolder is not offered/],
      ['AvailabilityAddressSpace', { ForestName: 'x.com', AccessMethod: 'OrgWideFB' }, /needs Credentials or UseServiceAccount/],
      ['AvailabilityAddressSpace', { ForestName: 'x.com', AccessMethod: 'InternalProxy' }, /ProxyUrl/],
      ['AvailabilityAddressSpace', { ForestName: 'x.com', AccessMethod: 'OrgWideFBToken' }, /TargetTenantId/],
      ['AvailabilityAddressSpace', { ForestName: 'x.com', Name: 'other', AccessMethod: 'OrgWideFB', UseServiceAccount: true }, /Name .* cannot be another/],
      ['FederationTrust', { Name: 'x', SkipNamespaceProviderProvisioning: true }, /needs ApplicationUri/],
      ['PartnerApplication', { Name: 'x' }, /either ApplicationIdentifier or AuthMetadataUrl/],
      ['PartnerApplication', { Name: 'x', UseAuthServer: true, AuthMetadataUrl: 'https://x/' }, /exclude each other/],
      ['IntraOrganizationConnector', { Name: 'x', TargetAddressDomains: ['x.com'], DiscoveryEndpoint: 'https://x/a.svc/WSSecurity' }, /without \/WSSecurity/],
      ['SendConnector', { Name: 'x', AddressSpaces: ['*'], TlsDomain: 'x.com' }, /TlsAuthLevel DomainValidation/],
      ['ReceiveConnector', { Name: 'x', Bindings: ['25'] }, /Bindings .* address and a port/],
      ['InboundConnector', { Name: 'x', SenderDomains: ['*'], CloudServicesMailEnabled: true }, /ConnectorType OnPremises/],
      ['OutboundConnector', { Name: 'x', UseMXRecord: false }, /needs SmartHosts/],
      ['HybridConfiguration', { ServiceInstance: 1.5 }, /ServiceInstance .* whole number/],
    ] // prettier-ignore
    for (const [kind, input, pattern] of refused) await refusedWith('InvalidConfiguration', pattern, create(configuration, kind, input))
    await configuration.create(organisation, 'OrganizationRelationship', relationship)
    await refusedWith(
      'InvalidConfiguration',
      /DomainNames/,
      update(configuration, 'OrganizationRelationship', 'To online', { DomainNames: null }),
    )
    for (const work of [
      configuration.update(organisation, 'AuthServer', 'ACS', {}),
      configuration.remove(organisation, 'AuthServer', 'ACS'),
    ])
      await refusedWith('ObjectNotFound', /There is no AuthServer 'ACS'/, work)
  })

  test(`whatever is given, it is kept or refused (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: fc.constantFrom('\ud800', 'a', '\0'), maxLength: 4 }),
    )
    const odd = fc.oneof(
      text,
      fc.anything({ maxDepth: 2 }),
      fc.array(text, { maxLength: 4 }),
      fc.constantFrom('*', 'a.com', ['a.com'], true, 25, null, 'https://a/', 'x\ud800', ['\udc00.com']),
    )
    for (const kind of allKinds) {
      if (kindRow(kind).singleton === 'always') continue
      const names = fc.constantFrom('Name', 'Nothing', ...Object.keys(kindRow(kind).properties))
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'binary', maxLength: 70 }),
          fc.array(fc.tuple(names, odd), { maxLength: 3 }),
          async (Name, changed) => {
            const input = { ...sampleValues(kind), ...(kindRow(kind).name === 'given' ? { Name } : {}), ...Object.fromEntries(changed) }
            try {
              const made = await create(configuration, kind, input)
              assert.deepEqual(await configuration.get(organisation, kind, made.Guid), made)
              assert.equal((await configuration.get(organisation, kind, made.Name)).Guid, made.Guid)
              await site.store.write((tx) => tx.objects.remove(organisation, kind, made.Guid))
            } catch (error) {
              assert.ok(
                error instanceof Refusal && ['InvalidConfiguration', 'NameTaken'].includes(error.code),
                String((error as Error).stack),
              )
            }
          },
        ),
        { numRuns: engine.name === 'sqlite' ? 150 : 15 },
      )
    }
  })

  test(`what the source prints of the two relationships can be stored (${engine.name})`, async () => {
    await using site = await open(engine)
    const { configuration } = site
    const printed = {
      FreeBusyAccessEnabled: true,
      FreeBusyAccessLevel: 'LimitedDetails',
      FreeBusyAccessScope: '',
      MailboxMoveEnabled: false,
      MailboxMoveDirection: 'None',
      DeliveryReportEnabled: true,
      MailTipsAccessEnabled: true,
      MailTipsAccessLevel: 'All',
      MailTipsAccessScope: '',
      PhotosEnabled: false,
      TargetApplicationUri: 'FYDIBOHF25SPDLT.contoso.com',
      TargetSharingEpr: '',
      TargetOwaURL: 'https://mail.contoso.com/owa',
      TargetAutodiscoverEpr: 'https://autodiscover.contoso.com/autodiscover/autodiscover.svc/WSSecurity',
    } as const
    const online = await configuration.create(other, 'OrganizationRelationship', {
      Name: 'To us',
      DomainNames: ['contoso.com'],
      ...printed,
    })
    assert.deepEqual({ ...online, ...printed }, online)
    const ours = {
      TargetApplicationUri: 'outlook.com',
      TargetOwaURL: 'http://outlook.com/owa/contoso.onmicrosoft.com',
      TargetAutodiscoverEpr: 'https://autodiscover-s.outlook.com/autodiscover/autodiscover.svc/WSSecurity',
    }
    const made = await configuration.create(organisation, 'OrganizationRelationship', { ...relationship, ...printed, ...ours })
    assert.deepEqual({ ...made, ...ours }, made)
  })
}

test('defaults are those of the reference', async () => {
  const [sqlite] = engines
  await using site = await open(sqlite!)
  const { configuration } = site
  const made = await configuration.create(organisation, 'OrganizationRelationship', relationship)
  const { Enabled, FreeBusyAccessEnabled, FreeBusyAccessLevel, MailTipsAccessLevel } = made
  assert.deepEqual([Enabled, FreeBusyAccessEnabled, FreeBusyAccessLevel, MailTipsAccessLevel], [true, false, 'None', 'None'])
  const { Features, ServiceInstance } = await configuration.create(organisation, 'HybridConfiguration', {})
  assert.ok(Features.length === 7 && !Features.includes('Centralized') && ServiceInstance === 0)
  assert.equal((await configuration.get(organisation, 'AuthConfig')).ServiceName, '00000002-0000-0ff1-ce00-000000000000')
  const application = await configuration.create(organisation, 'PartnerApplication', { Name: 'EXO', ApplicationIdentifier: 'id' })
  assert.deepEqual([application.UseAuthServer, application.AccountType, application.Enabled], [true, 'OrganizationalAccount', true])
  const connector = await configuration.create(organisation, 'OutboundConnector', { Name: 'x', SmartHosts: ['mail.contoso.com'] })
  assert.equal(connector.UseMXRecord, false)
  assert.equal(Object.keys(configurationKinds).length, allKinds.length)
})
