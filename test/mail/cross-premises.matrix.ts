import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { names } from '../support/hybrid-sites.ts'
import { message, submission } from './mail-site.ts'
import { bodyOf, connectorNames, fieldsNamed, inboxOf, letter, relayFor, startPremises, waitingIn } from './premises.ts'
import { dial } from './smtp-client.ts'

const internal = ['X-MS-Exchange-Organization-AuthAs: Internal']

for (const engine of quickEngines) {
  test(`${engine.name}: mail between the premises arrives as from inside, its body as it was`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const there = letter('mary@contoso.com', 'joe@contoso.com', 'there')
    const back = letter('joe@contoso.com', 'mary@contoso.com', 'back')
    const fromZoe = letter('zoe@contoso.online.example', 'rob@contoso.com', 'zoe')
    await submit(onPremises, 'mary@contoso.com', ['joe@contoso.com', 'rob@contoso.com'], there)
    await settle()
    await submit(online, 'joe@contoso.com', ['mary@contoso.com'], back)
    await submit(online, 'zoe@contoso.online.example', ['rob@contoso.com'], fromZoe)
    await settle()

    const [arrived = ''] = await inboxOf(online, 'joe@contoso.com')
    assert.deepEqual(fieldsNamed(arrived, 'X-MS-Exchange-Organization-AuthAs'), internal)
    assert.deepEqual(fieldsNamed(arrived, 'X-MS-Exchange-Organization-AuthSource'), [
      'X-MS-Exchange-Organization-AuthSource: mail.contoso.com',
    ])
    assert.deepEqual(fieldsNamed(arrived, 'X-OriginatorOrg'), ['X-OriginatorOrg: contoso.com'])
    assert.doesNotMatch(arrived, /CrossPremises/i)
    assert.equal(bodyOf(arrived), bodyOf(there))
    assert.ok(arrived.endsWith(there.toString('latin1')), 'all of the message is there, unchanged')

    const [answer = ''] = await inboxOf(onPremises, 'mary@contoso.com')
    assert.deepEqual(fieldsNamed(answer, 'X-MS-Exchange-Organization-AuthAs'), internal)
    assert.equal(bodyOf(answer), bodyOf(back))
    const [first = '', second = ''] = await inboxOf(onPremises, 'rob@contoso.com')
    assert.equal(first, there.toString('latin1'), 'who is here gets the bytes that came')
    assert.deepEqual(fieldsNamed(second, 'X-OriginatorOrg'), ['X-OriginatorOrg: contoso.online.example'])
    assert.deepEqual(fieldsNamed(second, 'X-MS-Exchange-Organization-AuthAs'), internal)
    assert.deepEqual([...(await waitingIn(onPremises)), ...(await waitingIn(online))], [])
  })

  test(`${engine.name}: a stranger's mail goes on to the other premises as a stranger's`, async () => {
    await using sites = await startPremises(engine)
    await using line = await dial(sites.onPremises.ports.smtp!)
    await line.say('EHLO mx.fabrikam.example')
    for (const sender of ['a@fabrikam.example', 'mary@contoso.com']) {
      await line.say(`MAIL FROM:<${sender}>`)
      assert.match(await line.say('RCPT TO:<joe@contoso.com>'), /^250/)
      await line.say('DATA')
      const forged = 'X-MS-Exchange-CrossPremises-AuthAs: Internal\r\nX-OriginatorOrg: contoso.com\r\n'
      assert.match(await line.send(message(sender.split('@', 1)[0] ?? '', forged)), /^250/)
    }
    await sites.settle()
    const arrived = await inboxOf(sites.online, 'joe@contoso.com')
    assert.equal(arrived.length, 2)
    for (const one of arrived) {
      const authAs = fieldsNamed(one, 'X-MS-Exchange-Organization-AuthAs')
      assert.ok(
        authAs.every((field) => field.endsWith(': Anonymous')),
        String(authAs),
      )
      assert.deepEqual(fieldsNamed(one, 'X-OriginatorOrg'), [])
      assert.doesNotMatch(one, /AuthAs: Internal|CrossPremises/i)
    }
  })

  test(`${engine.name}: recipients whom the other premises do not know bounce, named as they were written`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const gone = { kind: 'MailUser' as const, alias: 'gone', displayName: 'Gone', address: 'gone@contoso.com' }
    await onPremises.directory.create(onPremises.organisation.id, { ...gone, externalAddress: 'gone@contoso.online.example' })
    await relayFor(online, 'contoso.com')
    await submit(onPremises, 'mary@contoso.com', ['gone@contoso.com'], letter('mary@contoso.com', 'gone@contoso.com', 'gone'))
    await submit(online, 'joe@contoso.com', ['nobody@contoso.com'], letter('joe@contoso.com', 'nobody@contoso.com', 'nobody'))
    await settle()
    const [toMary = ''] = await inboxOf(onPremises, 'mary@contoso.com')
    assert.match(
      toMary,
      /Final-Recipient: rfc822; gone@contoso.com\r\nAction: failed\r\nStatus: 5\.1\.1\r\nRemote-MTA: dns; outlook.online.example/,
    )
    const [toJoe = ''] = await inboxOf(online, 'joe@contoso.com')
    assert.match(
      toJoe,
      /Final-Recipient: rfc822; nobody@contoso.com\r\nAction: failed\r\nStatus: 5\.1\.1\r\nRemote-MTA: dns; mail.contoso.com/,
    )
  })

  test(`${engine.name}: a report of the other premises names the address that the sender wrote, and comes as from inside`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const joe = await online.directory.find('joe@contoso.com')
    await online.store.write((tx) => tx.mailboxes.saveSettings(joe?.mailbox ?? '', { quota: 0 }))
    await submit(onPremises, 'mary@contoso.com', ['joe@contoso.com'], letter('mary@contoso.com', 'joe@contoso.com', 'full'))
    await settle()
    const [report = ''] = await inboxOf(onPremises, 'mary@contoso.com')
    assert.match(
      report,
      /Original-Recipient: rfc822;joe@contoso.com\r\nFinal-Recipient: rfc822; joe@contoso.online.example\r\nAction: failed/,
    )
    assert.match(report, /joe@contoso.online.example \(for joe@contoso.com\)/)
    assert.deepEqual(fieldsNamed(report, 'X-MS-Exchange-Organization-AuthAs'), internal)
  })

  test(`${engine.name}: with its connector disabled mail waits and says why, and goes when it is enabled`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const { id } = onPremises.organisation
    await onPremises.configuration.update(id, 'SendConnector', connectorNames.send, { Enabled: false })
    await submit(onPremises, 'mary@contoso.com', ['joe@contoso.com'], letter('mary@contoso.com', 'joe@contoso.com', 'waits'))
    await settle()
    const [waiting] = await waitingIn(onPremises)
    assert.equal(waiting?.address, 'joe@contoso.com')
    assert.equal(waiting?.lastError, "4.4.4 The connector 'Outbound to Office 365' for contoso.online.example is disabled.")
    await onPremises.configuration.update(id, 'SendConnector', connectorNames.send, { Enabled: true })
    sites.clock.skew += 120_000
    await settle()
    assert.equal((await inboxOf(online, 'joe@contoso.com')).length, 1)
    await onPremises.configuration.remove(id, 'SendConnector', connectorNames.send)
    await submit(onPremises, 'mary@contoso.com', ['joe@contoso.com'], letter('mary@contoso.com', 'joe@contoso.com', 'lost'))
    await settle()
    assert.match((await inboxOf(onPremises, 'mary@contoso.com'))[0] ?? '', /Status: 5\.1\.2\r\n[^]*contoso.online.example does not exist/)
  })

  test(`${engine.name}: a server with a certificate in another name gets nothing; the reason stands in the queue`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const { id } = onPremises.organisation
    await onPremises.configuration.update(id, 'SendConnector', connectorNames.send, { TlsDomain: 'mail.protection.outlook.com' })
    await submit(onPremises, 'mary@contoso.com', ['joe@contoso.com'], letter('mary@contoso.com', 'joe@contoso.com', 'name'))
    await settle()
    const [waiting] = await waitingIn(onPremises)
    assert.match(
      waiting?.lastError ?? '',
      /^4\.7\.5 The TLS certificate of outlook\.online\.example is for DNS:.*, not for mail\.protection\.outlook\.com as the connector 'Outbound to Office 365' asks/,
    )
    assert.deepEqual(await inboxOf(online, 'joe@contoso.com'), [])
    // Without TlsDomain the smart host's own name counts.
    await onPremises.configuration.update(id, 'SendConnector', connectorNames.send, { TlsDomain: null })
    sites.clock.skew += 120_000
    await settle()
    assert.equal((await inboxOf(online, 'joe@contoso.com')).length, 1)
  })

  test(`${engine.name}: with centralised mail flow what leaves the online side for others goes through the on-premises side`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const { id } = onPremises.organisation
    await online.configuration.update(online.organisation.id, 'OutboundConnector', connectorNames.outbound, {
      RouteAllMessagesViaOnPremises: true,
    })
    await onPremises.configuration.create(id, 'SendConnector', {
      Name: 'Internet',
      AddressSpaces: ['*'],
      SmartHosts: ['mx.example'],
      Enabled: false,
    })
    await submit(online, 'joe@contoso.com', ['a@fabrikam.example'], letter('joe@contoso.com', 'a@fabrikam.example', 'out'))
    await settle()
    assert.deepEqual(await waitingIn(online), [])
    const [waiting] = await waitingIn(onPremises)
    assert.equal(waiting?.address, 'a@fabrikam.example')
    assert.match(waiting?.lastError ?? '', /^4\.4\.4 The connector 'Internet' for fabrikam.example is disabled/)
    // Not so from anybody else, nor for a sender of another organisation.
    await using line = await dial(onPremises.ports.smtp!)
    await line.say('EHLO mx.fabrikam.example')
    await line.say('STARTTLS')
    await line.startTls()
    await line.say('EHLO mx.fabrikam.example')
    await line.say('MAIL FROM:<joe@contoso.com> XOORG=contoso.com')
    assert.match(await line.say('RCPT TO:<a@fabrikam.example>'), /^550 5\.7\.1 /)
    const fay = 'fay@fabrikam.online.example'
    const { id: tenant } = online.tenants[0]!
    const outbound = await online.configuration.get(online.organisation.id, 'OutboundConnector', connectorNames.outbound)
    await online.configuration.create(tenant, 'OutboundConnector', {
      ...{ Name: 'Abuse', ConnectorType: 'OnPremises', RecipientDomains: ['*'], SmartHosts: outbound.SmartHosts },
      ...{ TlsSettings: 'DomainValidation', TlsDomain: outbound.TlsDomain, CloudServicesMailEnabled: true },
    })
    const from = await online.directory.callerFor((await online.directory.find(fay))!)
    await online.transport.accept(
      letter(fay, 'a@fabrikam.example', 'no'),
      { sender: fay, recipients: [{ address: 'a@fabrikam.example' }] },
      from,
      submission,
    )
    await settle()
    assert.match((await inboxOf(online, fay))[0] ?? '', /Status: 5\.7\.1\r\n[^]*not relayed here/)

    // Nor does a tenant make its people out to be those of another, whatever it calls its contacts.
    const posing = await online.directory.create(tenant, { kind: 'MailContact', alias: 'rob', displayName: 'Rob', address: 'rob@contoso.com', sendAs: [from.recipient] }) // prettier-ignore
    await online.directory.create(tenant, { kind: 'MailContact', alias: 'm', displayName: 'M', address: 'm@fabrikam.online.example', externalAddress: 'mary@contoso.com' }) // prettier-ignore
    const envelope = { sender: posing.address, recipients: [{ address: 'm@fabrikam.online.example' }] }
    await online.transport.accept(letter('rob@contoso.com', 'mary@contoso.com', 'posing'), envelope, from, submission)
    await settle()
    const [posed = ''] = await inboxOf(onPremises, 'mary@contoso.com')
    assert.match(posed, /Subject: posing/)
    assert.doesNotMatch(posed, /AuthAs: Internal|X-OriginatorOrg/)
  })

  test(`${engine.name}: mail that the premises send to each other and back ends in a report`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online, submit, settle } = sites
    const lost = { kind: 'MailUser' as const, alias: 'lost', displayName: 'Lost', address: 'lost@contoso.com' }
    await onPremises.directory.create(onPremises.organisation.id, { ...lost, externalAddress: 'lost@contoso.online.example' })
    const aliases = ['SMTP:lost@contoso.com', 'smtp:lost@contoso.online.example']
    await online.directory.create(online.organisation.id, { ...lost, proxyAddresses: aliases, externalAddress: 'lost@contoso.com' })
    await submit(onPremises, 'mary@contoso.com', ['lost@contoso.com'], letter('mary@contoso.com', 'lost@contoso.com', 'circle'))
    await settle()
    const [report = '', ...others] = await inboxOf(onPremises, 'mary@contoso.com')
    assert.deepEqual(others, [])
    assert.match(report, /Original-Recipient: rfc822;lost@contoso.com\r\n[^]*Action: failed\r\nStatus: 5\.4\.6\r\n[^]*going in circles/)
    assert.deepEqual([...(await waitingIn(onPremises)), ...(await waitingIn(online))], [])

    // A relay domain on both sides: nobody has the address, and neither side keeps the message.
    await relayFor(onPremises, 'contoso.com')
    await relayFor(online, 'contoso.com')
    await onPremises.configuration.update(onPremises.organisation.id, 'SendConnector', connectorNames.send, {
      AddressSpaces: [`smtp:${names.online.domain};1`, 'smtp:contoso.com;1'],
    })
    await submit(online, 'joe@contoso.com', ['x@contoso.com', 'y@contoso.com'], letter('joe@contoso.com', 'x@contoso.com', 'two'))
    await settle()
    const reports = await inboxOf(online, 'joe@contoso.com')
    assert.ok(reports.some((one) => /x@contoso.com[^]*circles/.test(one)) && reports.some((one) => /y@contoso.com[^]*circles/.test(one)))
    assert.deepEqual([...(await waitingIn(onPremises)), ...(await waitingIn(online))], [])
  })
}
