import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShares } from '#access'
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { dial } from '../mail/smtp-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { desk, refusal } from './desk.ts'

const run = async (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
const subscribe =
  '<m:Subscribe><m:PullSubscriptionRequest SubscribeToAllFolders="true"><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes><t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>'
const findInbox =
  '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds><t:DistinguishedFolderId Id="drafts"/></m:ParentFolderIds></m:FindItem>'
const create =
  '<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:Message><t:Subject>one</t:Subject></t:Message><t:Message><t:Subject>two</t:Subject></t:Message><t:Message><t:Subject>three</t:Subject></t:Message></m:Items></m:CreateItem>'

for (const engine of quickEngines) {
  test(`a policy is given to somebody and taken back; the one for everybody stays (${engine.name})`, async () => {
    await using site = await desk(engine)
    const [everybody] = await site.run('Get-ThrottlingPolicy')
    assert.deepEqual(
      [everybody?.Name, everybody?.ThrottlingPolicyScope, everybody?.EwsMaxConcurrency, everybody?.ImapMaxConcurrency],
      ['GlobalThrottlingPolicy', 'Global', 27, 'Unlimited'],
    )
    await site.run('New-ThrottlingPolicy Slow -EwsMaxConcurrency 1 -EwsMaxSubscriptions 0')
    await site.run('Set-ThrottlingPolicy Slow -EwsMaxSubscriptions Unlimited -EwsFindCountLimit 10')
    const [slow] = await site.run('Get-ThrottlingPolicy slow')
    assert.deepEqual([slow?.EwsMaxConcurrency, slow?.EwsMaxSubscriptions, slow?.EwsFindCountLimit], [1, 'Unlimited', 10])
    const policyOf = async (who: string) => (await site.run(`Get-ThrottlingPolicyAssociation ${who}`))[0]?.ThrottlingPolicyId
    assert.equal(await policyOf('mary'), '')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow')
    await site.run('Set-ThrottlingPolicy Slow -Name Slower')
    assert.equal(await policyOf('mary@contoso.com'), 'Slower')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy GlobalThrottlingPolicy')
    assert.equal(await policyOf('mary'), 'GlobalThrottlingPolicy')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy $null')
    assert.equal(await policyOf('mary'), '')
    await assert.rejects(
      site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy None'),
      refusal('ObjectNotFound', /ThrottlingPolicy 'None'/),
    )
    await assert.rejects(site.run('Remove-ThrottlingPolicy GlobalThrottlingPolicy'), refusal('InvalidConfiguration', /from the start/))
    await assert.rejects(site.run('Set-ThrottlingPolicy Slower -EwsMaxConcurrency -1'), refusal('InvalidParameter', /-EwsMaxConcurrency/))
    await site.run('Set-ThrottlingPolicy Slower -EasMaxConcurrency 5')
    assert.match(site.warnings.at(-1) ?? '', /-EasMaxConcurrency: kept and shown/)
    await site.run('Remove-ThrottlingPolicy Slower')
  })

  test(`subscriptions and the items of one answer are bounded by the policy, for whom it holds (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now } })
    await run(site, 'New-ThrottlingPolicy Slow -EwsMaxSubscriptions 1 -EwsFindCountLimit 2')
    await run(site, 'Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow')
    for (const user of ['mary', 'rob']) await site.ews(create, { user })
    const found = async (user: string) => (await site.ews(findInbox, { user })).body.match(/<t:ItemId /g)?.length
    assert.deepEqual([await found('mary'), await found('rob')], [2, 3])
    const second = async (user: string) => {
      assert.match((await site.ews(subscribe, { user })).body, /NoError/)
      return /<m:ResponseCode>(\w+)</.exec((await site.ews(subscribe, { user })).body)?.[1]
    }
    assert.deepEqual([await second('mary'), await second('rob')], ['ErrorExceededSubscriptionCount', 'NoError'])
    // What holds for everybody, some seconds later.
    await run(site, 'Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy $null')
    await run(site, 'New-ThrottlingPolicy All -ThrottlingPolicyScope Organization -EwsFindCountLimit 1')
    clock.now += 6000
    assert.deepEqual([await found('mary'), await found('rob')], [1, 1])
  })

  test(`who has used up the budget of the policy is turned away until it has grown again, and nobody else is (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    const waits: number[] = []
    const wait = async (ms: number) => void waits.push(ms)
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now, wait } })
    const warned: string[] = []
    const line =
      'New-ThrottlingPolicy Slow -EwsMaxBurst 3 -EwsRechargeRate 3600 -EwsCutoffBalance 3; Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow'
    await runLine(site.admin, systemCaller(site.organisation.id), line, (text) => void warned.push(text))
    assert.deepEqual(warned, [])
    const cutOff = async () => {
      for (let asked = 0; asked < 2000; asked++) {
        const answer = await site.ews(findInbox)
        if (answer.status !== 200) return answer
      }
      return assert.fail('the budget does not end')
    }
    const answer = await cutOff()
    assert.equal(answer.status, 500)
    const [, backOff = ''] = /<t:MessageXml><t:Value Name="BackOffMilliseconds">(\d+)<\/t:Value><\/t:MessageXml>/.exec(answer.body) ?? []
    assert.match(answer.body, /<e:ResponseCode[^>]*>ErrorServerBusy</)
    assert.ok(Number(backOff) >= 1000, backOff)
    assert.ok(waits.length > 0 && waits.every((ms) => ms > 0 && ms <= 2000), 'requests on credit wait a little')
    // Said before a large body is read: its bytes never come.
    const large = await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', body: Buffer.alloc(2_000_000, 0x20) })
    assert.match(large.body, /ErrorServerBusy/)
    assert.equal(large.headers.connection, 'close')
    assert.equal((await site.ews(findInbox, { user: 'rob' })).status, 200)
    clock.now += Number(backOff)
    assert.equal((await site.ews(findInbox)).status, 200)
  })

  test(`streaming connections are connections of the policy (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'New-ThrottlingPolicy None -EwsMaxConcurrency 0')
    await run(site, 'Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy None')
    const streaming = async (user: string) => {
      const made = await site.ews(
        '<m:Subscribe><m:StreamingSubscriptionRequest SubscribeToAllFolders="true"><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>',
        { user },
      )
      const [, id = ''] = /<m:SubscriptionId>([^<]+)</.exec(made.body) ?? []
      return `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${id}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>`
    }
    assert.match((await site.ews(await streaming('mary'))).body, /ErrorExceededConnectionCount/)
  })

  test(`messages that are sent over EWS are bounded by -MaxSendSize, drafts are not (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Set-TransportConfig -MaxSendSize 10KB')
    const write = (disposition: string, size: number) =>
      site.ews(
        `<m:CreateItem MessageDisposition="${disposition}"><m:Items><t:Message><t:Subject>s</t:Subject><t:Body BodyType="Text">${'x'.repeat(size)}</t:Body><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>`,
      )
    const code = (body: string) => /<m:ResponseCode>(\w+)</.exec(body)?.[1]
    assert.equal(code((await write('SendOnly', 5000)).body), 'NoError')
    assert.equal(code((await write('SendAndSaveCopy', 20_000)).body), 'ErrorMessageSizeExceeded')
    const draft = await write('SaveOnly', 20_000)
    const [id = ''] = /<t:ItemId [^>]+\/>/.exec(draft.body) ?? []
    assert.equal(code(draft.body), 'NoError')
    const sent = await site.ews(`<m:SendItem SaveItemToFolder="false"><m:ItemIds>${id}</m:ItemIds></m:SendItem>`)
    assert.equal(code(sent.body), 'ErrorMessageSizeExceeded')
  })

  test(`messages a minute and recipients a day are bounded by the policy, over EWS and SMTP (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now } })
    const warned: string[] = []
    const line =
      'New-ThrottlingPolicy Slow -MessageRateLimit 2 -RecipientRateLimit 5; Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow'
    await runLine(site.admin, systemCaller(site.organisation.id), line, (text) => void warned.push(text))
    assert.deepEqual(warned, [])
    const send = async (user: string, people = 1, meeting = false) => {
      const each = meeting ? 'Attendee' : 'Mailbox'
      const mailbox = '<t:EmailAddress>rob@contoso.com</t:EmailAddress>'
      const one = (n: number) => mailbox.replace('rob', ['rob', 'ann', 'sales', 'room1', 'room2', 'administrator'][n] ?? 'rob')
      const all = Array.from({ length: people }, (_, n) => (meeting ? `<t:Attendee><t:Mailbox>${one(n)}</t:Mailbox></t:Attendee>` : `<t:${each}>${one(n)}</t:${each}>`)).join('') // prettier-ignore
      const item = meeting
        ? `<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy"><m:Items><t:CalendarItem><t:Subject>talk</t:Subject><t:Start>2030-01-05T10:00:00Z</t:Start><t:End>2030-01-05T11:00:00Z</t:End><t:RequiredAttendees>${all}</t:RequiredAttendees></t:CalendarItem></m:Items></m:CreateItem>`
        : `<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:Message><t:Subject>hello</t:Subject><t:ToRecipients>${all}</t:ToRecipients></t:Message></m:Items></m:CreateItem>`
      return /<m:ResponseCode>(\w+)</.exec((await site.ews(item, { user })).body)?.[1]
    }
    const bySmtp = async () => {
      await using client = await dial(site.ports.submission!)
      const hello = async () => void (await client.say('EHLO client'))
      await hello()
      assert.match(await client.say('STARTTLS'), /^220/)
      await client.startTls()
      await hello()
      const signedIn = await client.say(`AUTH PLAIN ${Buffer.from(`\0mary@contoso.com\0${site.password}`).toString('base64')}`)
      assert.match(signedIn, /^235/)
      for (const said of ['MAIL FROM:<mary@contoso.com>', 'RCPT TO:<rob@contoso.com>', 'DATA'])
        assert.match(await client.say(said), /^[23]5/)
      return await client.send(Buffer.from('Subject: by SMTP\r\n\r\nHello\r\n'))
    }
    assert.deepEqual([await send('mary'), await send('mary', 1, true)], ['NoError', 'NoError'])
    assert.deepEqual([await send('mary'), await send('mary', 1, true), await send('rob'), await send('rob', 6), await send('rob')], ['ErrorServerBusy', 'ErrorServerBusy', 'NoError', 'NoError', 'NoError']) // prettier-ignore
    assert.match(await bySmtp(), /^421 4\.4\.2 Message submission rate for this client has exceeded the configured limit/)
    const again = await site.ews(
      '<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:Message><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>',
    )
    assert.match(again.body, /<m:MessageXml><t:Value Name="BackOffMilliseconds">60000<\/t:Value><\/m:MessageXml>/)
    clock.now += 60_000
    assert.match(await bySmtp(), /^250 2\.6\.0/)
    assert.deepEqual([await send('mary', 3), await send('mary', 2)], ['ErrorSubmissionQuotaExceeded', 'NoError'])
    clock.now += 60_000
    assert.match(await bySmtp(), /^550 5\.2\.2 Submission quota exceeded/)
    clock.now += 24 * 3_600_000
    assert.match(await bySmtp(), /^250/)
  })
}

test('as many requests of one person are served at once as the policy says', async () => {
  const shares = createShares(27, 100)
  const caller = { ...systemCaller('o'), recipient: 'mary' }
  const running: string[] = []
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>())
  const all = gates.map((gate, n) =>
    shares.run(
      caller,
      async () => {
        running.push(`starts ${n}`)
        await gate.promise
        running.push(`ends ${n}`)
      },
      2,
    ),
  )
  gates[2]!.resolve()
  gates[0]!.resolve()
  await all[0]
  gates[1]!.resolve()
  await Promise.all(all)
  assert.deepEqual(running.slice(0, 3), ['starts 0', 'starts 1', 'ends 0'])
})
