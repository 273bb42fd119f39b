import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSize, TimeSpan } from '#model'
import { kindRow, type ConfigurationKind } from '#directory'
import { allKinds, sampleValues } from '../support/configuration-samples.ts'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal, type Desk } from './desk.ts'

type Bag = Record<string, unknown>
const invoke = async (site: Desk, name: string, args: Bag) => (await Array.fromAsync(site.admin.invoke(site.system, name, args))) as Bag[]
const has = (site: Desk, name: string) => site.admin.cmdlets.some((one) => one.name === name)

const takes = (site: Desk, name: string, parameter: string) =>
  site.admin.cmdlets.some((one) => one.name === name && Object.hasOwn(one.parameters, parameter))

/** What cmdlets show of sample values. */
function shown(kind: ConfigurationKind, values: Bag): Bag {
  const result: Bag = {}
  for (const [name, value] of Object.entries(values)) {
    const { type } = kindRow(kind).properties[name]!
    if (type === 'credential') result.UserName = (value as { UserName: string }).UserName
    else if (type === 'bytes') result[name] = ByteSize.parse(String(value))
    else if (type === 'timeSpan') result[name] = TimeSpan.parse(String(value))
    else result[name] = type === 'instant' ? new Date(value as number) : value
  }
  return result
}

/** Arguments of a verb for sample values: those the verb has a parameter for, by the parameter's name. */
function argumentsFor(kind: ConfigurationKind, verb: 'New' | 'Set', mark: string): { args: Bag; values: Bag } {
  const args: Bag = {}
  const values: Bag = {}
  for (const [name, value] of Object.entries(sampleValues(kind, mark))) {
    const { cmdlets, parameter, type } = kindRow(kind).properties[name]!
    if (!cmdlets.includes(verb)) continue
    args[parameter ?? name] = type === 'instant' ? new Date(value as number) : value
    values[name] = value
  }
  return { args, values }
}

for (const engine of quickEngines) {
  test(`every parameter of New-, Add- and Set- comes back from Get- (${engine.name})`, async () => {
    await using site = await desk(engine)
    for (const kind of allKinds) {
      const maker = [`New-${kind}`, `Add-${kind}`].find((name) => has(site, name))
      const own = [
        'AdminAuditLogConfig',
        'AuthConfig',
        'FederationTrust',
        'FederatedOrganizationIdentifier',
        'ThrottlingPolicyAssociation',
      ].includes(kind)
      const named = kindRow(kind).name === 'given' ? { Name: `A ${kind}` } : {}
      let identity: string | undefined
      if (maker) {
        const { args, values } = argumentsFor(kind, 'New', 'first')
        const [made] = await invoke(site, maker, { ...named, ...args })
        const [got] = await invoke(site, `Get-${kind}`, kindRow(kind).singleton ? {} : { Identity: made!.Name })
        assert.deepEqual(got, made)
        assert.deepEqual({ ...got, ...shown(kind, values) }, got, kind)
        identity = String(made!.Name)
      }
      if (has(site, `Set-${kind}`) && !own) {
        const { args, values } = argumentsFor(kind, 'Set', 'second')
        if (!maker) identity = String((await invoke(site, `Get-${kind}`, {}))[0]!.Name)
        await invoke(site, `Set-${kind}`, { ...(takes(site, `Set-${kind}`, 'Identity') ? { Identity: identity } : {}), ...args })
        const [got] = await invoke(site, `Get-${kind}`, kindRow(kind).name === 'given' ? { Identity: identity } : {})
        assert.deepEqual({ ...got, ...shown(kind, values) }, got, kind)
        identity = String(got!.Name)
      }
      if (maker) {
        const { foremost } = kindRow(kind)
        if (foremost) await site.configuration.update(site.organisation, kind, identity, { [foremost]: false })
        await invoke(site, `Remove-${kind}`, { Identity: identity })
        const { builtIn = [] } = kindRow(kind)
        const left = (await invoke(site, `Get-${kind}`, {})).map(({ Name }) => Name)
        assert.deepEqual(left.toSorted(), builtIn.map(({ name }) => name).toSorted())
      }
    }
  })

  test(`the certificate of server-to-server tokens rolls over (${engine.name})`, async () => {
    await using site = await desk(engine)
    const make = async () =>
      String(
        (
          await site.run("New-ExchangeCertificate -SubjectName 'CN=Microsoft Exchange Server Auth Certificate' -Services ServerToServer")
        )[0]!.Thumbprint,
      )
    const [a, b] = [await make(), await make()]
    const thumbprints = async () => {
      const [one] = await site.run('Get-AuthConfig')
      return [one!.PreviousCertificateThumbprint, one!.CurrentCertificateThumbprint, one!.NextCertificateThumbprint]
    }
    await assert.rejects(site.run('Set-AuthConfig -PublishCertificate'), refusal('InvalidParameter', /needs a next certificate/))
    await site.run(`Set-AuthConfig -CertificateThumbprint ${a.toLowerCase()}`)
    assert.deepEqual(await thumbprints(), ['', a, ''])
    await assert.rejects(site.run(`Set-AuthConfig -NewCertificateThumbprint ${b}`), refusal('InvalidParameter', /EffectiveDate/))
    await assert.rejects(
      site.run(`Set-AuthConfig -NewCertificateThumbprint ${'AB'.repeat(20)} -NewCertificateEffectiveDate 4/17/2031`),
      refusal('InvalidParameter', /-NewCertificateThumbprint: there is no certificate ABAB/),
    )
    await assert.rejects(site.run(`Set-AuthConfig -PublishCertificate -Realm x`), refusal('InvalidParameter', /cannot be used together/))
    await site.run(`Set-AuthConfig -NewCertificateThumbprint ${b} -NewCertificateEffectiveDate 4/17/2031`)
    assert.deepEqual(await thumbprints(), ['', a, b])
    assert.deepEqual((await site.run('Get-AuthConfig'))[0]!.NextCertificateEffectiveDate, new Date('2031-04-17T00:00:00Z'))
    assert.deepEqual(site.warnings, [])
    await site.run('Set-AuthConfig -NewCertificateEffectiveDate 2030-01-08')
    assert.match(site.warnings[0] ?? '', /less than 48 hours/)
    await site.run('Set-AuthConfig -PublishCertificate')
    assert.deepEqual(await thumbprints(), [a, b, ''])
    await site.run('Set-AuthConfig -ClearPreviousCertificate')
    await site.run('Set-AuthConfig -Realm contoso.com')
    assert.deepEqual(await thumbprints(), ['', b, ''])
    const certificates = await site.run('Get-ExchangeCertificate')
    assert.deepEqual(certificates.map(({ Thumbprint }) => Thumbprint).sort(), [a, b].sort())
    assert.ok(!JSON.stringify(certificates).includes('PRIVATE'))
    assert.equal((await site.run(`Get-ExchangeCertificate ${b}`))[0]!.Status, 'Valid')
    await assert.rejects(site.run("New-ExchangeCertificate -SubjectName 'O=x,CN=y'"), refusal('InvalidParameter', /common name/))
  })

  test(`federation: trust, its certificates, the organisation's domains (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { configuration, organisation } = site
    const ring = async () => await site.keyRing.make(organisation, { subject: 'Federation', services: ['Federation'] })
    const [first, second] = [await ring(), await ring()]
    await configuration.create(organisation, 'FederationTrust', {
      Name: 'Microsoft Federation Gateway',
      OrgPrivCertificate: first.thumbprint,
      OrgCertificate: 'AAAA',
    })
    await assert.rejects(
      site.run('Set-FederatedOrganizationIdentifier -DelegationFederationTrust Nobody'),
      refusal('ObjectNotFound', /FederationTrust 'Nobody'/),
    )
    await site.run(
      "Set-FederatedOrganizationIdentifier -AccountNamespace Contoso.com -DelegationFederationTrust 'microsoft federation gateway' -Enabled $true",
    )
    const [identifier] = await site.run('Get-FederatedOrganizationIdentifier')
    assert.deepEqual(
      [identifier!.AccountNamespace, identifier!.DelegationTrustLink, identifier!.Domains],
      ['FYDIBOHF25SPDLT.contoso.com', 'Microsoft Federation Gateway', ['contoso.com']],
    )
    await configuration.update(organisation, 'FederatedOrganizationIdentifier', undefined, {
      Domains: ['contoso.com', 'sales.contoso.com'],
    })
    await site.run('Set-FederatedOrganizationIdentifier -DefaultDomain sales.contoso.com')
    await assert.rejects(
      site.run('Set-FederatedOrganizationIdentifier -DefaultDomain x.com'),
      refusal('InvalidConfiguration', /must be one of Domains/),
    )
    await assert.rejects(site.run('Remove-FederatedDomain -DomainName contoso.com'), refusal('InvalidConfiguration', /account namespace/))
    await assert.rejects(site.run('Remove-FederatedDomain -DomainName x.com'), refusal('ObjectNotFound'))
    await site.run('Remove-FederatedDomain -DomainName Sales.contoso.com -Confirm:$false')
    const after = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
    assert.deepEqual([after.Domains, after.DefaultDomain], [['contoso.com'], ''])
    await assert.rejects(
      site.run("Remove-FederationTrust 'Microsoft Federation Gateway'"),
      refusal('InvalidConfiguration', /is federated over/),
    )

    const trust = "Set-FederationTrust 'Microsoft Federation Gateway'"
    await assert.rejects(site.run(`${trust} -PublishFederationCertificate`), refusal('InvalidParameter', /needs a next certificate/))
    await site.run(`${trust} -Thumbprint ${second.thumbprint}`)
    await site.run(`${trust} -PublishFederationCertificate`)
    const [shownTrust] = await site.run('Get-FederationTrust Microsoft*')
    assert.deepEqual(
      [
        shownTrust!.OrgPrivCertificate,
        shownTrust!.OrgPrevPrivCertificate,
        shownTrust!.OrgNextPrivCertificate,
        shownTrust!.OrgPrevCertificate,
      ],
      [second.thumbprint, first.thumbprint, '', 'AAAA'],
    )
    await site.run(`${trust} -Name Gateway`)
    assert.equal((await configuration.get(organisation, 'FederatedOrganizationIdentifier')).DelegationTrustLink, 'Gateway')
    await site.run('Set-FederatedOrganizationIdentifier -DelegationFederationTrust $null')
    await site.run('Remove-FederationTrust Gateway')
    assert.deepEqual(await site.run('Get-FederationTrust'), [])
  })
}

test('the line of the issue, lists that grow and shrink, null, wildcards', async () => {
  await using site = await desk()
  const { configuration, organisation, boss } = site
  await site.run(
    "New-OrganizationRelationship 'To online' -DomainNames contoso.mail.onmicrosoft.com, contoso.onmicrosoft.com -FreeBusyAccessEnabled $true -FreeBusyAccessLevel LimitedDetails",
    boss,
  )
  assert.deepEqual(await site.run("Set-OrganizationRelationship -Identity 'To online' -FreeBusyAccessLevel AvailabilityOnly", boss), [])
  const relationship = () => configuration.get(organisation, 'OrganizationRelationship', 'To online')
  assert.equal((await relationship()).FreeBusyAccessLevel, 'AvailabilityOnly')
  await site.run(
    "Set-OrganizationRelationship 'To online' -DomainNames @{Add='fabrikam.com','Contoso.onmicrosoft.com'; Remove='contoso.MAIL.onmicrosoft.com'}",
  )
  assert.deepEqual((await relationship()).DomainNames, ['contoso.onmicrosoft.com', 'fabrikam.com'])
  await site.run("Set-OrganizationRelationship 'To online' -DomainNames a.com -TargetOwaURL https://a.com/owa -Name 'To a'")
  await site.run("Set-OrganizationRelationship 'to A' -TargetOwaURL $null -FreeBusyAccessLevel $null")
  const { DomainNames, TargetOwaURL, FreeBusyAccessLevel } = await configuration.get(organisation, 'OrganizationRelationship', 'To a')
  assert.deepEqual([DomainNames, TargetOwaURL, FreeBusyAccessLevel], [['a.com'], '', 'None'])
  await site.run('New-OrganizationRelationship Other -DomainNames b.com')
  const names = async (pattern: string) => (await site.run(`Get-OrganizationRelationship ${pattern}`)).map(({ Name }) => Name)
  assert.deepEqual(await names(''), ['Other', 'To a'])
  assert.deepEqual(await names("'to*'"), ['To a'])
  assert.deepEqual(await names("'*T*h*r'"), ['Other'])
  assert.deepEqual(await names("'x*'"), [])
  await assert.rejects(site.run('Get-OrganizationRelationship Nobody'), refusal('ObjectNotFound', /OrganizationRelationship 'Nobody'/))
  await assert.rejects(
    site.run("Set-OrganizationRelationship 'To a' -DomainNames b.com"),
    refusal('NameTaken', /'b.com' belongs to .* 'Other'/),
  )
  await assert.rejects(site.run("Set-OrganizationRelationship 'To a' -DomainNames $null"), refusal('InvalidParameter', /-DomainNames/))
  await assert.rejects(site.run('New-OrganizationRelationship Third'), refusal('InvalidParameter', /needs -DomainNames/))
  await assert.rejects(
    site.run('New-SendConnector x -AddressSpaces a.com -Port 0'),
    refusal('InvalidConfiguration', /Port of SendConnector/),
  )
  // A switch of the application's way to be known brings the other with it.
  await site.run('New-PartnerApplication HRApp -ApplicationIdentifier 00000006-0000-0dd1-ac00-000000000000')
  await site.run('Set-PartnerApplication HRApp -AuthMetadataUrl https://hr.contoso.com/metadata/json/1')
  assert.equal((await configuration.get(organisation, 'PartnerApplication', 'HRApp')).UseAuthServer, false)
})

test('credentials of an address space are shown by their user name alone and kept sealed', async () => {
  await using site = await desk()
  await site.run(
    "Add-AvailabilityAddressSpace -ForestName fabrikam.com -AccessMethod OrgWideFB -Credentials @{UserName='fabrikam\\svc';Password='top secret'}",
  )
  const [space] = await site.run('Get-AvailabilityAddressSpace fabrikam.com')
  assert.equal(space!.UserName, 'fabrikam\\svc')
  assert.ok(!JSON.stringify([space, site.audit]).includes('top secret'))
  const { Credentials } = await site.configuration.secrets(site.organisation, 'AvailabilityAddressSpace', 'fabrikam.com')
  assert.equal(Credentials?.Password, 'top secret')
})

test('accepted domains', async () => {
  await using site = await desk()
  await site.run('New-AcceptedDomain -Name Contoso.mail.onmicrosoft.com -DomainName Contoso.mail.onmicrosoft.com -DomainType InternalRelay')
  const domains = (await site.run('Get-AcceptedDomain')).map((one) => [one.DomainName, one.DomainType, one.Default])
  assert.deepEqual(domains, [['contoso.com', 'Authoritative', true], ['contoso.mail.onmicrosoft.com', 'InternalRelay', false]]) // prettier-ignore
  assert.equal((await site.run('Get-AcceptedDomain *.onmicrosoft.com')).length, 1)
  await assert.rejects(site.run('Get-AcceptedDomain x.com'), refusal('ObjectNotFound'))
  await assert.rejects(site.run('New-AcceptedDomain -DomainName contoso.com'), refusal('NameTaken'))
})
