import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSize } from '#model'
import { otherServer } from '../mail/other-server.ts'
import { quickEngines } from '../support/engines.ts'
import { refusal } from './desk.ts'
import { flowDesk, hop } from './flow-desk.ts'

const closedPort = 1
const hour = 3_600_000

for (const engine of quickEngines) {
  test(`messages in queues are shown with where they come from, wait and go (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store, { routes: [hop(closedPort, '*')] })
    await flow.submit('two ways', 'a@fabrikam.example', 'b@fabrikam.example', 'c@other.example')
    await flow.site.transport.runDue()
    await flow.receive('coming in', 'rob@contoso.com')
    const all = await flow.run('Get-Message -IncludeRecipientInfo')
    assert.deepEqual(
      all.map((one) => [one.Queue, one.Subject, one.Status, one.FromAddress, one.RetryCount]),
      [
        ['MAIL\\Submission', 'coming in', 'Ready', 'sender@fabrikam.example', 0],
        ['MAIL\\fabrikam.example', 'two ways', 'Retry', 'mary@contoso.com', 1],
        ['MAIL\\other.example', 'two ways', 'Retry', 'mary@contoso.com', 1],
      ],
    )
    const [, first] = all
    assert.match(String(first?.Identity), /^MAIL\\fabrikam\.example\\[0-9a-f]{24}$/)
    assert.equal(first?.InternetMessageId, '<two ways@fabrikam.example>')
    assert.deepEqual(first?.DateReceived, new Date(flow.site.now.at))
    assert.deepEqual(first?.ExpirationTime, new Date(flow.site.now.at + 48 * hour))
    assert.ok(first?.Size instanceof ByteSize && first.Size.bytes > 100)
    assert.deepEqual(
      (first?.Recipients as { Address: string; Status: string }[]).map((one) => [one.Address, one.Status]),
      [
        ['a@fabrikam.example', 'Retry'],
        ['b@fabrikam.example', 'Retry'],
      ],
    )
    assert.match(String(first?.LastError), /^4\.4\.1/)
    const identities = async (line: string) => (await flow.run(line)).map((one) => one.Queue)
    assert.deepEqual(await identities('Get-Message -Queue other.example'), ['MAIL\\other.example'])
    assert.deepEqual(await identities('Get-Message -Filter "FromAddress -like \'*@contoso.com\' -and Size -gt 50"'), [
      'MAIL\\fabrikam.example',
      'MAIL\\other.example',
    ])
    const id = String(first?.Identity).split('\\')[2]
    assert.equal((await identities(`Get-Message ${id}`)).length, 2)
    assert.deepEqual(await identities(`Get-Message MAIL\\other.example\\${id}`), ['MAIL\\other.example'])
    assert.equal((await identities('Get-Message -ResultSize 1')).length, 1)
    assert.match(flow.warnings.at(-1) ?? '', /more messages than 1/)
    await assert.rejects(flow.run(`Get-Message ${'0'.repeat(24)}`), refusal('ObjectNotFound', /no message/))
  })

  test(`a suspended message stays, by itself, until it is resumed (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using other = await otherServer()
    await using flow = await flowDesk(opened.store, { routes: [hop(other.port, '*')] })
    await flow.submit('stays', 'a@fabrikam.example')
    await flow.submit('goes', 'a@fabrikam.example')
    await flow.run('Suspend-Message -Filter "Subject -eq \'stays\'"')
    await flow.site.transport.runDue()
    assert.deepEqual(other.taken.map(({ bytes }) => /^Subject: (.*)$/m.exec(bytes.toString())?.[1]?.trim()), ['goes']) // prettier-ignore
    // Resuming the queue is not resuming the message.
    await flow.run('Suspend-Queue Submission')
    await flow.run('Resume-Queue Submission')
    const another = flow.site.another({ node: 'another', routes: [hop(other.port, '*')] })
    flow.site.now.at += hour
    await another.runDue()
    await another.close(100)
    const [message] = await flow.run('Get-Message')
    assert.deepEqual([message?.Subject, message?.Status], ['stays', 'Suspended'])
    await flow.invoke('Resume-Message', { Identity: message?.Identity })
    await flow.site.transport.runDue()
    assert.equal(other.taken.length, 2)
    assert.deepEqual(await flow.run('Get-Message'), [])
  })

  test(`a message removed is gone; its sender is told unless that is not wanted (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store, { routes: [hop(closedPort, '*')] })
    await flow.submit('told', 'a@fabrikam.example', 'b@other.example')
    await flow.submit('untold', 'a@fabrikam.example')
    await flow.site.transport.runDue()
    const named = async (subject: string) => (await flow.run(`Get-Message -Filter "Subject -eq '${subject}'"`)).map((one) => one.Identity)
    await flow.invoke('Remove-Message', { Identity: (await named('untold'))[0], WithNDR: false, Confirm: false })
    await flow.invoke('Remove-Message', { Identity: (await named('told'))[0], Confirm: false })
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('mary@contoso.com'), ['Undeliverable: told'])
    assert.match(Buffer.from(flow.site.boxes.get('mary@contoso.com')![0]!.mime).toString(), /removed from the queue by an administrator/)
    assert.deepEqual(
      (await flow.run('Get-Message')).map((one) => [one.Subject, one.Queue]),
      [['told', 'MAIL\\other.example']],
    )
    await flow.invoke('Remove-Message', { Identity: (await named('told'))[0], WithNDR: false })
    assert.deepEqual((await opened.store.check()).findings, [])
    assert.deepEqual(await flow.run('Get-Queue'), [])
    const removed = await flow.run('Get-MessageTrackingLog -EventId FAIL')
    assert.deepEqual(removed.map((one) => [one.Source, one.MessageSubject]), [['ADMIN', 'untold'], ['ADMIN', 'told'], ['ADMIN', 'told']]) // prettier-ignore
  })

  test(`a message that is being sent is not removed but suspended (${engine.name})`, async () => {
    await using opened = await engine.use()
    const reached = Promise.withResolvers<void>()
    const going = Promise.withResolvers<void>()
    await using other = await otherServer({
      onMailFrom: (_address, _session, callback) => {
        reached.resolve()
        void going.promise.then(() => callback(Object.assign(new Error('later'), { responseCode: 451 })))
      },
    })
    await using flow = await flowDesk(opened.store, { routes: [hop(other.port, '*')] })
    await flow.submit('under way', 'a@fabrikam.example')
    const running = flow.site.transport.runDue()
    await reached.promise
    const [message] = await flow.run('Get-Message')
    assert.equal(message?.Status, 'Active')
    await assert.rejects(
      flow.invoke('Remove-Message', { Identity: message?.Identity, Confirm: false }),
      refusal('ServerBusy', /being sent at this moment; it is suspended now/),
    )
    assert.equal((await flow.run('Get-Message'))[0]?.Status, 'PendingSuspend')
    going.resolve()
    await running
    const [after] = await flow.run('Get-Message')
    assert.equal(after?.Status, 'Suspended')
    await flow.invoke('Remove-Message', { Identity: after?.Identity, WithNDR: false, Confirm: false })
    assert.deepEqual(await flow.run('Get-Message'), [])
  })

  test(`Export-Message gives the bytes as they wait (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    await flow.receive('exported', 'rob@contoso.com')
    const [message] = await flow.run('Get-Message')
    const [file] = await flow.invoke('Export-Message', { Identity: message?.Identity })
    assert.ok(file?.FileData instanceof Uint8Array)
    assert.match(Buffer.from(file.FileData).toString(), /^Subject: exported\r$[^]*body of exported\r\n$/m)
    assert.equal(JSON.parse(JSON.stringify(file)).FileData, Buffer.from(file.FileData).toString('base64'))
    const redirect = (server: string, target: string) => flow.run(`Redirect-Message -Server ${server} -Target ${target}`)
    await assert.rejects(redirect('MAIL', 'OTHER'), refusal('ObjectNotFound', /no server 'OTHER': this site is MAIL alone.*Retry-Queue/))
    await assert.rejects(redirect('OTHER', 'mail.contoso.com'), refusal('ObjectNotFound', /no server 'OTHER'/))
    await assert.rejects(redirect('mail', 'mail.contoso.com'), refusal('InvalidParameter', /must be another server/))
  })
}
