import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { GetMailTips, GetUserOofSettings, SetUserOofSettings } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite } from './mailbox-site.ts'

const Mailbox = { Address: 'mary@contoso.com' }

for (const engine of quickEngines) {
  test(`automatic replies are the same for cmdlets and EWS (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = ewsClient(site)
    const before = await site.one('Get-MailboxAutoReplyConfiguration mary')
    assert.deepEqual([before.AutoReplyState, before.ExternalAudience, before.InternalMessage], ['Disabled', 'All', ''])

    await site.run(
      "Set-MailboxAutoReplyConfiguration -Identity mary@contoso.com -AutoReplyState Scheduled -StartTime '7/10/2030 08:00:00' -EndTime '7/15/2030 17:00:00' -InternalMessage '<b>Back</b> on Monday' -ExternalMessage Away -ExternalAudience Known",
      'boss',
    )
    const { OofSettings } = await mary.call(GetUserOofSettings, { Mailbox })
    assert.deepEqual(OofSettings, {
      OofState: 'Scheduled',
      ExternalAudience: 'Known',
      Duration: { StartTime: Date.UTC(2030, 6, 10, 8), EndTime: Date.UTC(2030, 6, 15, 17) },
      InternalReply: { Message: '<b>Back</b> on Monday' },
      ExternalReply: { Message: 'Away' },
    })

    const Duration = { StartTime: Date.UTC(2031, 0, 1), EndTime: Date.UTC(2031, 0, 8) }
    const settings = {
      OofState: 'Enabled',
      ExternalAudience: 'None',
      Duration,
      InternalReply: { Message: 'By EWS', lang: 'en-US' },
      ExternalReply: {},
    } as const
    const answer = await mary.call(SetUserOofSettings, { Mailbox, UserOofSettings: settings })
    assert.equal(answer.ResponseMessage?.ResponseCode, 'NoError')
    const shown = await site.one('Get-MailboxAutoReplyConfiguration mary')
    assert.deepEqual(
      [shown.AutoReplyState, shown.ExternalAudience, shown.InternalMessage, shown.ExternalMessage, shown.StartTime, shown.EndTime],
      ['Enabled', 'None', 'By EWS', '', new Date(Duration.StartTime), new Date(Duration.EndTime)],
    )

    // One thing changed leaves the others; others see the reply before they write.
    await site.run('Set-MailboxAutoReplyConfiguration mary -InternalMessage Soon')
    const after = await mary.call(GetUserOofSettings, { Mailbox })
    assert.deepEqual([after.OofSettings?.OofState, after.OofSettings?.InternalReply], ['Enabled', { Message: 'Soon', lang: 'en-US' }])
    const tips = await ewsClient(site, 'rob').call(GetMailTips, {
      SendingAs: { EmailAddress: 'rob@contoso.com' },
      Recipients: [{ EmailAddress: 'mary@contoso.com' }],
      MailTipsRequested: ['OutOfOfficeMessage'],
    })
    assert.match(JSON.stringify(tips), /Soon/)
    await site.run('Set-MailboxAutoReplyConfiguration mary -AutoReplyState Disabled -InternalMessage $null')
    const off = await mary.call(GetUserOofSettings, { Mailbox })
    assert.deepEqual([off.OofSettings?.OofState, off.OofSettings?.InternalReply], ['Disabled', { Message: '' }])
  })

  test(`a reply that cannot be changes nothing (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run('Set-MailboxAutoReplyConfiguration mary -AutoReplyState Enabled -InternalMessage Away')
    const before = await site.one('Get-MailboxAutoReplyConfiguration mary')
    const set = (rest: string) => site.run(`Set-MailboxAutoReplyConfiguration mary ${rest}`)
    await assert.rejects(
      set("-StartTime '2030-01-02' -EndTime '2030-01-01'"),
      refusal('InvalidScheduledOofDuration', /-EndTime must lie behind/),
    )
    await assert.rejects(set("-AutoReplyState Scheduled -EndTime '2001-01-01'"), refusal('InvalidScheduledOofDuration'))
    const long = { Identity: 'mary', InternalMessage: 'x'.repeat(140_000) }
    const invoked = site.admin.invoke(systemCaller(site.organisation.id), 'Set-MailboxAutoReplyConfiguration', long)
    await assert.rejects(Array.fromAsync(invoked), refusal('InvalidParameter', /131072 are kept/))
    await assert.rejects(set('-InternalMessage x -CreateOOFEvent $true'), refusal('InvalidParameter', /-CreateOOFEvent .* not there yet/))
    await assert.rejects(set('-AutoReplyState Sometimes'), refusal('InvalidParameter', /Disabled, Enabled, Scheduled/))
    await assert.rejects(set("-StartTime 'next week'"), refusal('InvalidParameter', /-StartTime/))
    await assert.rejects(site.run('Set-MailboxAutoReplyConfiguration staff -AutoReplyState Enabled'), refusal('ObjectNotFound'))
    assert.deepEqual(await site.one('Get-MailboxAutoReplyConfiguration mary'), before)
    await set('-InternalMessage Later -CreateOOFEvent $false')
    assert.equal((await site.one('Get-MailboxAutoReplyConfiguration mary')).InternalMessage, 'Later')
  })
}
