import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'
import { flowDesk } from './flow-desk.ts'

for (const engine of quickEngines) {
  test(`an accepted domain changes its type, becomes the default one, and goes when nobody is in it (${engine.name})`, async () => {
    await using site = await desk(engine)
    await site.run('New-AcceptedDomain sales.example -DomainName Sales.example')
    const domains = async () => (await site.run('Get-AcceptedDomain')).map((one) => [one.Name, one.DomainType, one.Default])
    await site.run('Set-AcceptedDomain SALES.example -DomainType InternalRelay')
    assert.deepEqual(await domains(), [['contoso.com', 'Authoritative', true], ['sales.example', 'InternalRelay', false]]) // prettier-ignore
    await assert.rejects(
      site.run('Remove-AcceptedDomain contoso.com -Confirm:$false'),
      refusal('InvalidConfiguration', /has an address in contoso.com/),
    )
    await site.run('Set-AcceptedDomain sales.example -MakeDefault $true')
    assert.deepEqual((await domains()).map(([name, , isDefault]) => [name, isDefault]), [['contoso.com', false], ['sales.example', true]]) // prettier-ignore
    await assert.rejects(site.run('Remove-AcceptedDomain sales.example'), refusal('InvalidConfiguration', /is the default domain/))
    await assert.rejects(site.run('Set-AcceptedDomain contoso.com -MakeDefault $false'), refusal('InvalidParameter', /changes nothing/))
    const made = await site.directory.create(site.organisation, { kind: 'UserMailbox', alias: 'zoe', displayName: 'Zoe' })
    assert.equal(made.address, 'zoe@sales.example')
    await site.run('Set-AcceptedDomain contoso.com -MakeDefault $true')
    await assert.rejects(
      site.run('Remove-AcceptedDomain sales.example'),
      refusal('InvalidConfiguration', /Zoe has an address in sales.example/),
    )
    await site.directory.remove(site.organisation, made.id)
    await site.run('Remove-AcceptedDomain sales.example -Confirm:$false')
    assert.deepEqual(await domains(), [['contoso.com', 'Authoritative', true]])
    await assert.rejects(site.run('Remove-AcceptedDomain sales.example'), refusal('ObjectNotFound', /no AcceptedDomain 'sales.example'/))
    await site.run('New-AcceptedDomain -DomainName sales.example')
  })

  test(`the domain of another organisation is nobody else's to change (${engine.name})`, async () => {
    await using site = await desk(engine)
    await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.com' })
    await assert.rejects(site.run('Set-AcceptedDomain fabrikam.com -DomainType ExternalRelay'), refusal('ObjectNotFound'))
    await assert.rejects(site.run('Remove-AcceptedDomain fabrikam.com'), refusal('ObjectNotFound'))
    assert.equal((await site.directory.acceptedDomain('fabrikam.com'))?.type, 'Authoritative')
  })

  test(`mail to a domain is taken as its type says, at once (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    assert.match(await flow.receive('nobody', 'nobody@contoso.com'), /^5/)
    await flow.run('Set-AcceptedDomain contoso.com -DomainType InternalRelay')
    assert.match(await flow.receive('relayed', 'nobody@contoso.com'), /^250/)
  })
}
