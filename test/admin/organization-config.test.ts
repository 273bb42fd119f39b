import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSize, TimeSpan } from '#model'
import { siteCmdlets } from '#admin'
import { inbound, message, to, anonymous } from '../mail/mail-site.ts'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { desk, refusal } from './desk.ts'
import { flowDesk, hop } from './flow-desk.ts'
import { systemCaller } from '#model'

const inboxOf =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
const run = async (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)

for (const engine of quickEngines) {
  test(`what the organisation takes and sends is bounded by Set-TransportConfig (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store, { routes: [hop(1, '*')] })
    await flow.run(
      'Set-TransportConfig -MaxReceiveSize 2KB -MaxSendSize 1KB -MaxRecipientEnvelopeLimit 2 -ExternalPostmasterAddress help@contoso.com',
    )
    const [config] = await flow.run('Get-TransportConfig')
    assert.deepEqual(config?.MaxReceiveSize, new ByteSize(2048))
    assert.equal(config?.MaxRecipientEnvelopeLimit, 2)
    const sized = (bytes: number) => message('big', `X-Fill: ${'x'.repeat(bytes)}\r\n`)
    const receive = (bytes: Buffer, ...recipients: string[]) => flow.site.transport.accept(bytes, to(...recipients), anonymous, inbound)
    await receive(sized(1500), 'rob@contoso.com')
    await assert.rejects(receive(sized(2048), 'rob@contoso.com'), refusal('MessageSizeExceeded', /larger than 2048 bytes/))
    await assert.rejects(
      receive(sized(1), 'rob@contoso.com', 'ann@contoso.com', 'mary@contoso.com'),
      refusal('TooManyRecipients', /More than 2/),
    )
    await assert.rejects(flow.submit(`long ${'x'.repeat(1000)}`, 'a@fabrikam.example'), refusal('MessageSizeExceeded', /larger than 1024/))
    await flow.submit('short', 'nobody@contoso.com').catch(() => undefined)
    await flow.submit('short', 'a@fabrikam.example')
    await flow.site.transport.runDue()
    await flow.run('Remove-Message -Filter "Subject -eq \'short\'" -Confirm:$false')
    await flow.site.transport.runDue()
    assert.match(Buffer.from(flow.site.boxes.get('mary@contoso.com')![0]!.mime).toString(), /^From: .*<help@contoso\.com>/m)
    await flow.run('Set-TransportConfig -MaxReceiveSize Unlimited -MaxRecipientEnvelopeLimit Unlimited')
    await receive(sized(5000), 'rob@contoso.com', 'ann@contoso.com', 'mary@contoso.com')
  })

  test(`the organisation's configuration is shown under its name; what has no effect is told (${engine.name})`, async () => {
    await using site = await desk(engine, siteCmdlets({ hostname: 'mail.contoso.com', roles: ['mailbox'] }))
    const [before] = await site.run('Get-OrganizationConfig')
    assert.deepEqual([before?.Name, before?.MailTipsLargeAudienceThreshold, before?.EwsEnabled], ['Contoso', 25, null])
    assert.deepEqual(before?.DefaultPublicFolderDeletedItemRetention, new TimeSpan(30 * 86_400_000))
    await site.run('Set-OrganizationConfig -MailTipsLargeAudienceThreshold 5')
    assert.deepEqual(site.warnings, [])
    await site.run('Set-OrganizationConfig -DefaultPublicFolderMaxItemSize 10MB -MapiHttpEnabled $false')
    assert.match(site.warnings[0] ?? '', /-MapiHttpEnabled, -DefaultPublicFolderMaxItemSize: kept and shown, but nothing here acts on it/)
    const [after] = await site.run('Get-OrganizationConfig')
    assert.deepEqual([after?.MailTipsLargeAudienceThreshold, after?.MapiHttpEnabled], [5, false])
    assert.deepEqual(after?.DefaultPublicFolderMaxItemSize, new ByteSize(10 * 2 ** 20))
    await assert.rejects(
      site.run('Set-OrganizationConfig -MailTipsLargeAudienceThreshold 5000'),
      refusal('InvalidConfiguration', /from 0 to 1000/),
    )

    const [server] = await site.run('Get-ExchangeServer')
    assert.deepEqual([server?.Name, server?.Fqdn, server?.ServerRole], ['MAIL', 'mail.contoso.com', 'Mailbox'])
    assert.match(String(server?.AdminDisplayVersion), /^Version 15\.2 \(Build \d+\.\d+\)$/)
    assert.equal((await site.run('Get-ExchangeServer mail.contoso.com')).length, 1)
    await assert.rejects(site.run('Get-ExchangeServer OTHER'), refusal('ObjectNotFound', /this site is MAIL/))
    await site.run("Set-MailboxDatabase 'Mailbox Database' -DeletedItemRetention 20.00:00:00")
    const [database] = await site.run('Get-MailboxDatabase -Server MAIL -Status')
    assert.deepEqual([database?.Name, database?.Server, database?.Mounted], ['Mailbox Database', 'MAIL', true])
    assert.deepEqual(database?.DeletedItemRetention, new TimeSpan(20 * 86_400_000))
    assert.deepEqual(database?.ProhibitSendQuota, new ByteSize(2 * 2 ** 30))
  })
}

test('EWS is switched off, and programs are let in or kept out by what they call themselves', async () => {
  const clock = { now: Date.now() }
  await using site = await startTestSite({ outside: { clock: () => clock.now } })
  const status = async (agent: string): Promise<number> => {
    clock.now += 6000
    const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>${inboxOf}</s:Body></s:Envelope>`
    const headers = { 'content-type': 'text/xml', 'user-agent': agent }
    return (await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', headers, body: envelope })).status
  }
  assert.equal(await status('Outlook/1'), 200)
  await run(site, 'Set-OrganizationConfig -EwsEnabled $false')
  assert.equal(await status('Outlook/1'), 403)
  await run(
    site,
    "Set-OrganizationConfig -EwsEnabled $true -EwsApplicationAccessPolicy EnforceAllowList -EwsAllowList 'Outlook/*','Backup'",
  )
  assert.deepEqual(
    [await status('outlook/16.0'), await status('BACKUP'), await status('Backup 2'), await status('Other')],
    [200, 200, 403, 403],
  )
  await run(site, "Set-OrganizationConfig -EwsApplicationAccessPolicy EnforceBlockList -EwsBlockList 'Ev*l/*'")
  assert.deepEqual([await status('Evil/1'), await status('Good/1'), await status('Evl')], [403, 200, 200])
})
