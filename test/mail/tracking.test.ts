import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { TimeSpan } from '#model'
import { flowDesk, hop } from '../admin/flow-desk.ts'
import { refusal } from '../admin/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { otherServer } from './other-server.ts'

const minute = 60_000
const day = 86_400_000
type Bag = Record<string, unknown>
const brief = (events: Bag[]) => events.map(({ EventId, Source, Recipients }) => [EventId, Source, (Recipients as string[]).join(' ')])

for (const engine of quickEngines) {
  test(`the log tells how a message came, was opened and was delivered (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    const { site } = flow
    await site.add({ kind: 'DistributionGroup', alias: 'team', members: [site.people.rob.id, site.people.ann.id] })
    assert.match(await flow.receive('to the team', 'team@contoso.com'), /^250/)
    site.now.at += 1500
    await site.transport.runDue()
    const log = await flow.run('Get-MessageTrackingLog')
    assert.deepEqual(brief(log.slice(0, 2)), [
      ['RECEIVE', 'SMTP', 'team@contoso.com'],
      ['EXPAND', 'ROUTING', 'rob@contoso.com ann@contoso.com'],
    ])
    assert.deepEqual(brief(log.slice(2)).toSorted(), [
      ['DELIVER', 'STOREDRIVER', 'ann@contoso.com'],
      ['DELIVER', 'STOREDRIVER', 'rob@contoso.com'],
    ])
    const [received, expanded, delivered] = log
    assert.equal(received?.Sender, 'sender@fabrikam.example')
    assert.equal(received?.ClientIp, '127.0.0.1')
    assert.equal(received?.ClientHostname, 'mx.fabrikam.example')
    assert.equal(received?.ServerHostname, 'mail.contoso.com')
    assert.equal(received?.MessageSubject, 'to the team')
    assert.equal(received?.MessageId, '<to the team@fabrikam.example>')
    assert.deepEqual(received?.Timestamp, new Date(site.now.at - 1500))
    assert.ok(Number(received?.TotalBytes) > 100)
    assert.equal(expanded?.RelatedRecipientAddress, 'team@contoso.com')
    assert.deepEqual(delivered?.RecipientStatus, ['250 2.1.5'])
    assert.deepEqual(delivered?.MessageLatency, new TimeSpan(1500))
  })

  test(`mail that goes out is told by connector and server, what fails by why, and the report (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using other = await otherServer({
      onRcptTo: ({ address }, _session, callback) =>
        address.startsWith('nobody') ? callback(Object.assign(new Error('5.1.1 unknown'), { responseCode: 550 })) : callback(),
    })
    const routes = [hop(other.port, 'fabrikam.example'), { ...hop(1, 'down.example'), name: 'Down' }]
    await using flow = await flowDesk(opened.store, { routes })
    const { site } = flow
    await site.add({ kind: 'MailUser', alias: 'joe', address: 'joe@contoso.com', externalAddress: 'joe@fabrikam.example' })
    await flow.submit('out', 'a@fabrikam.example', 'nobody@fabrikam.example', 'joe@contoso.com', 'x@down.example')
    await site.transport.runDue()
    const log = await flow.run('Get-MessageTrackingLog -MessageSubject out')
    const about = (event: string) => log.filter(({ EventId }) => EventId === event)
    assert.deepEqual(about('SEND').map((one) => [(one.Recipients as string[]).toSorted(), one.ConnectorId, one.ServerHostname]), [
      [['a@fabrikam.example', 'joe@fabrikam.example'], 'Out', '127.0.0.1'],
    ]) // prettier-ignore
    assert.deepEqual(about('RESOLVE').map((one) => [one.Recipients, one.RelatedRecipientAddress]), [[['joe@fabrikam.example'], 'joe@contoso.com']]) // prettier-ignore
    const [failed] = about('FAIL')
    assert.deepEqual(failed?.Recipients, ['nobody@fabrikam.example'])
    assert.match(String((failed?.RecipientStatus as string[])[0]), /5\.1\.1/)
    assert.deepEqual(brief(about('DEFER')).map(([, , to]) => to), ['x@down.example']) // prettier-ignore
    assert.deepEqual(about('RECEIVE').map((one) => one.ClientHostname), ['client']) // prettier-ignore
    const [report] = await flow.run('Get-MessageTrackingLog -EventId DSN')
    assert.deepEqual([report?.Recipients, report?.Sender, report?.Reference], [['mary@contoso.com'], '<>', '<out@fabrikam.example>'])
    assert.equal(report?.MessageSubject, 'Undeliverable: out')
    assert.equal((await flow.run(`Get-MessageTrackingLog -Reference '<out@fabrikam.example>'`)).length, 1)
  })

  test(`what a remote domain does not take is dropped beside a kept copy, else returned: the log says why, its sender hears of what is returned alone (${engine.name}): PSDOC Set-RemoteDomain`, async () => {
    await using opened = await engine.use()
    await using other = await otherServer()
    await using flow = await flowDesk(opened.store, { routes: [hop(other.port, '*')] })
    const { site } = flow
    const { directory, organisation, people } = site
    await flow.run("New-RemoteDomain Fabrikam -DomainName '*.fabrikam.example'")
    await flow.run('Set-RemoteDomain Fabrikam -AutoForwardEnabled $false')
    await directory.update(organisation, people.rob.id, { forwardingAddress: 'rob@at.fabrikam.example', deliverAndForward: true })
    await directory.update(organisation, people.ann.id, { forwardingAddress: 'ann@fabrikam.example' })
    // Of whom a group names the address as well, nothing is forwarded.
    const contact = await site.add({ kind: 'MailContact', alias: 'kim', externalAddress: 'kim@fabrikam.example' })
    await directory.update(organisation, people.sales.id, { forwardingAddress: 'kim@fabrikam.example' })
    await site.add({ kind: 'DistributionGroup', alias: 'team', members: [people.sales.id, contact.id] })
    await flow.submit('plan', 'rob@contoso.com', 'ann@contoso.com', 'team@contoso.com')
    await site.transport.runDue()
    const log = await flow.run('Get-MessageTrackingLog')
    const about = (...events: string[]) => brief(log.filter(({ EventId }) => events.includes(String(EventId)))).map(([event, source, to]) => `${event} ${source} ${to}`).toSorted() // prettier-ignore
    assert.deepEqual(about('DROP', 'DELIVER', 'SEND'), [
      'DELIVER STOREDRIVER mary@contoso.com',
      'DELIVER STOREDRIVER rob@contoso.com',
      'DROP ROUTING rob@at.fabrikam.example',
      'SEND SMTP kim@fabrikam.example',
    ])
    for (const { EventId, RecipientStatus } of log) {
      if (EventId === 'DROP') assert.deepEqual(RecipientStatus, ["The remote domain 'Fabrikam' takes no automatic forwards (Set-RemoteDomain -AutoForwardEnabled is $false)."]) // prettier-ignore
    }
    assert.deepEqual(about('DSN', 'FAIL'), ['DSN DSN mary@contoso.com', 'FAIL ROUTING ann@fabrikam.example'])
    assert.equal(other.taken.length, 1)
    assert.deepEqual(await flow.run('Get-Message'), [])
    const mary = await site.caller(people.mary)
    const [sent] = await site.transport.tracking.ownMessages(mary, { from: 0, to: site.now.at })
    const { events } = await site.transport.tracking.ownReport(mary, sent?.id ?? '')
    const bad = events.filter(({ status, detail }) => status === 'Unsuccessful' || /remote domain/.test(detail.join(' ')))
    assert.deepEqual(
      bad.map(({ recipient, status }) => [recipient, status]),
      [['ann@contoso.com', 'Unsuccessful']],
    )
  })

  test(`mail that waits is held to what the remote domain says by then, also when its way is found anew (${engine.name}): PSDOC Set-RemoteDomain`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store, { routes: [hop(1, '*')] })
    const { site } = flow
    const { directory, organisation, people } = site
    // Rob keeps a copy, so that the forward is a recipient of its own; Ann keeps none.
    await directory.update(organisation, people.rob.id, { forwardingAddress: 'rob@fabrikam.example', deliverAndForward: true })
    await directory.update(organisation, people.ann.id, { forwardingAddress: 'ann@fabrikam.example' })
    await flow.submit('plan', 'rob@contoso.com', 'ann@contoso.com', 'kim@fabrikam.example')
    await site.transport.runDue()
    const told = async (event: string) => (await flow.run(`Get-MessageTrackingLog -EventId ${event}`)).flatMap(({ Recipients }) => Recipients as string[]).toSorted() // prettier-ignore
    const forwards = ['ann@fabrikam.example', 'rob@fabrikam.example']
    assert.deepEqual(await told('DEFER'), [...forwards, 'kim@fabrikam.example'].toSorted())
    await flow.run('Set-RemoteDomain Default -AutoForwardEnabled $false')
    await flow.run('Retry-Queue fabrikam.example -Resubmit $true')
    await site.transport.runDue()
    assert.deepEqual([await told('DROP'), await told('FAIL')], [['rob@fabrikam.example'], ['ann@fabrikam.example']])
    assert.deepEqual((await flow.run('Get-Queue fabrikam.example')).map(({ MessageCount }) => MessageCount), [1]) // prettier-ignore
  })

  test(`the log is asked by sender, recipient, message and time, page by page (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    const { site } = flow
    const add = (n: number, more: Bag = {}) => ({
      organisation: site.organisation,
      at: site.now.at + Math.floor(n / 3),
      id: `e${String(n).padStart(6, '0')}`,
      event: n % 2 ? 'DELIVER' : 'RECEIVE',
      source: 'SMTP',
      message: `m${n}`,
      messageId: `<${n}@x>`,
      subject: `Number ${n}`,
      sender: n % 5 ? 'Mary@contoso.com' : '',
      recipients: [`r${n % 7}@contoso.com`],
      size: n,
      data: {},
      ...more,
    })
    const rows = Array.from({ length: 1200 }, (_, n) => add(n))
    await opened.store.write((tx) => tx.tracking.add([...rows, add(1, { organisation: 'another', id: 'other' })]))
    const asked = async (line: string) =>
      (await flow.run(`Get-MessageTrackingLog -End 2030-01-01 ${line}`)).map((one) => Number(one.TotalBytes))
    const expected = (fits: (n: number) => boolean) => rows.map((_, n) => n).filter(fits)
    assert.deepEqual(
      await asked('-ResultSize Unlimited'),
      expected(() => true),
    )
    assert.equal((await asked('')).length, 1000)
    assert.match(flow.warnings.at(-1) ?? '', /more events than 1000/)
    assert.deepEqual(
      await asked('-Recipients R3@contoso.com -ResultSize 2000'),
      expected((n) => n % 7 === 3),
    )
    assert.deepEqual(
      await asked("-Sender '' -EventId DELIVER"),
      expected((n) => n % 5 === 0 && n % 2 === 1),
    )
    assert.equal((await asked('-Sender mary@CONTOSO.com -ResultSize 2000')).length, 960)
    assert.deepEqual(await asked("-MessageId '<77@x>'"), [77])
    assert.deepEqual(await asked('-InternalMessageId m78'), [78])
    assert.deepEqual(
      await asked("-MessageSubject 'number 119'"),
      expected((n) => String(n).startsWith('119')),
    )
    const from = new Date(site.now.at + 399).toISOString()
    assert.deepEqual(await asked(`-Start ${from}`), [1197, 1198, 1199])
    await assert.rejects(flow.run('Get-MessageTrackingLog -EventId NONE'), refusal('InvalidParameter', /-EventId/))
  })

  test(`old events go, subjects and the whole log can be left out (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    const { site } = flow
    await flow.receive('old', 'rob@contoso.com')
    await site.transport.runDue()
    site.now.at += 3 * day
    await flow.run('Set-TransportService -MessageTrackingLogSubjectLoggingEnabled $false -MessageTrackingLogMaxAge 2.00:00:00')
    await flow.receive('secret', 'rob@contoso.com')
    await site.transport.runDue()
    assert.deepEqual((await flow.run('Get-MessageTrackingLog')).map((one) => one.MessageSubject), ['old', 'old', '', '']) // prettier-ignore
    await site.transport.mailFlow.sweepTracking()
    assert.deepEqual((await flow.run('Get-MessageTrackingLog')).map((one) => one.EventId), ['RECEIVE', 'DELIVER']) // prettier-ignore
    await flow.run('Set-TransportService -MessageTrackingLogEnabled $false')
    await flow.receive('untold', 'rob@contoso.com')
    await site.transport.runDue()
    assert.deepEqual(site.subjects('rob@contoso.com'), ['old', 'secret', 'untold'])
    assert.equal((await flow.run('Get-MessageTrackingLog')).length, 2)
    const [service] = await flow.run('Get-TransportService')
    assert.deepEqual(service?.MessageTrackingLogMaxAge, new TimeSpan(2 * day))
    await assert.rejects(
      flow.run('Set-TransportService -MessageTrackingLogMaxAge -1.00:00:00'),
      refusal('InvalidConfiguration', /length of time/),
    )
  })

  test(`many old events go in steps, those of one moment too (${engine.name})`, async () => {
    await using opened = await engine.use()
    const row = { organisation: 'o', event: 'SEND', source: 'SMTP', message: '', messageId: '', subject: '', sender: '', recipients: [], size: 0, data: {} } // prettier-ignore
    const rows = Array.from({ length: 1300 }, (_, n) => ({ ...row, at: n < 700 ? minute : minute + n, id: randomBytes(6).toString('hex') }))
    await opened.store.write((tx) => tx.tracking.add(rows))
    assert.equal(await opened.store.write((tx) => tx.tracking.sweep('o', minute + 1290)), true)
    while (await opened.store.write((tx) => tx.tracking.sweep('o', minute + 1290)));
    const left = await opened.store.read((tx) => tx.tracking.scan('o', { from: 0, to: day, limit: 100 }))
    assert.deepEqual(left.map(({ at }) => at - minute), [1290, 1291, 1292, 1293, 1294, 1295, 1296, 1297, 1298, 1299]) // prettier-ignore
  })
}
