import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSize } from '#model'
import { anonymous, inbound, message, to } from '../mail/mail-site.ts'
import { otherServer } from '../mail/other-server.ts'
import { quickEngines } from '../support/engines.ts'
import { refusal } from './desk.ts'
import { flowDesk, type FlowDesk } from './flow-desk.ts'

/** Failed mail of a stranger: a report is due. Answers the reports that were dropped so far. */
async function bounce(flow: FlowDesk, subject: string): Promise<string[]> {
  await flow.run('Set-AcceptedDomain contoso.com -DomainType InternalRelay')
  await flow.receive(subject, 'gone@contoso.com')
  await flow.run('Set-AcceptedDomain contoso.com -DomainType Authoritative')
  await flow.site.transport.runDue()
  const dropped = await flow.run('Get-MessageTrackingLog -EventId DROP')
  return dropped.map(({ MessageSubject, RecipientStatus }) => `${String(MessageSubject)}: ${String(RecipientStatus)}`)
}

for (const engine of quickEngines) {
  test(`a Send connector carries mail up to its size, and is named in the log (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using other = await otherServer()
    await using flow = await flowDesk(opened.store)
    await flow.run(
      `New-SendConnector Partner -AddressSpaces 'SMTP:fabrikam.example;5' -SmartHosts 127.0.0.1 -Port ${other.port} -MaxMessageSize 2KB`,
    )
    const [connector] = await flow.run('Get-SendConnector Partner')
    assert.deepEqual(connector?.MaxMessageSize, new ByteSize(2048))
    await flow.submit('small', 'a@fabrikam.example')
    await flow.submit(`large${'e'.repeat(2000)}`, 'a@fabrikam.example')
    await flow.site.transport.runDue()
    assert.equal(other.taken.length, 1)
    assert.deepEqual((await flow.run('Get-MessageTrackingLog -EventId SEND')).map((one) => one.ConnectorId), ['Partner']) // prettier-ignore
    const [failed] = await flow.run('Get-MessageTrackingLog -EventId FAIL')
    assert.match(String((failed?.RecipientStatus as string[])[0]), /^5\.3\.4 .*the connector 'Partner' carries up to 2048/)
    await flow.run('Set-SendConnector Partner -MaxMessageSize Unlimited')
    await flow.submit(`large${'e'.repeat(2000)}`, 'a@fabrikam.example')
    await flow.site.transport.runDue()
    assert.equal(other.taken.length, 2)
    await flow.run('Set-SendConnector Partner -ForceHELO $true')
    assert.match(flow.warnings.at(-1) ?? '', /-ForceHELO: kept and shown/)
    await flow.run('Remove-SendConnector Partner -Confirm:$false')
    assert.deepEqual(await flow.run('Get-SendConnector'), [])
  })

  test(`a partner's mail comes in as its Inbound connector says, or not (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    const receive = (origin: Partial<typeof inbound>, sender = 'sender@fabrikam.example') =>
      flow.site.transport.accept(message('in'), { ...to('rob@contoso.com'), sender }, anonymous, { ...inbound, ...origin })
    await flow.run("New-InboundConnector Partner -SenderDomains 'fabrikam.example' -RequireTls $true")
    await assert.rejects(receive({}), refusal('TlsRequired', /Mail from fabrikam.example is taken over TLS alone/))
    assert.match(await flow.receive('in the clear', 'rob@contoso.com'), /^530 5\.7\.0 /)
    await receive({ protocol: 'ESMTPS' })
    await receive({}, 'someone@else.example')
    await receive({}, '')
    await flow.run(
      "Set-InboundConnector Partner -RequireTls $false -RestrictDomainsToIPAddresses $true -SenderIPAddresses '192.0.2.0/30','198.51.100.7'",
    )
    await receive({ address: '192.0.2.2' })
    await receive({ address: '198.51.100.7' })
    await assert.rejects(receive({ address: '192.0.2.4' }), refusal('AccessDenied', /from certain addresses/))
    await flow.run(
      'Set-InboundConnector Partner -RestrictDomainsToIPAddresses $false -RestrictDomainsToCertificate $true -TlsSenderCertificateName mail.fabrikam.example',
    )
    await assert.rejects(receive({ protocol: 'ESMTPS' }), refusal('AccessDenied', /with a certain certificate/))
    // A second connector that fits lets the mail in.
    await flow.run("New-InboundConnector Other -SenderDomains '*' -RequireTls $true")
    await receive({ protocol: 'ESMTPS' })
    await flow.run('Set-InboundConnector Other -Enabled $false')
    await assert.rejects(receive({ protocol: 'ESMTPS' }), refusal('AccessDenied'))
    await flow.run('Set-InboundConnector Partner -Enabled $false')
    await receive({})
  })

  test(`a remote domain is told of failures, or not (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    assert.deepEqual(await bounce(flow, 'told'), [])
    await flow.run('Set-RemoteDomain Default -NDREnabled $false')
    const untold = [
      "Undeliverable: untold: The remote domain 'Default' takes no non-delivery reports (Set-RemoteDomain -NDREnabled is $false).",
    ]
    assert.deepEqual(await bounce(flow, 'untold'), untold)
    await flow.run("New-RemoteDomain Fabrikam -DomainName '*.fabrikam.example'")
    assert.deepEqual(await bounce(flow, 'told again'), untold)
    assert.deepEqual(
      (await flow.run('Get-RemoteDomain')).map((one) => [one.Name, one.NDREnabled]),
      [
        ['Default', false],
        ['Fabrikam', true],
      ],
    )
    await flow.run('Set-RemoteDomain Default -TNEFEnabled $false')
    assert.match(flow.warnings.at(-1) ?? '', /-TNEFEnabled: kept and shown/)
    await assert.rejects(flow.run('Remove-RemoteDomain Default -Confirm:$false'), refusal('InvalidConfiguration', /from the start/))
  })
}
