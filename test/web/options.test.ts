/** What the browser asks of people's own settings. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { systemCaller } from '#model'
import type { WebApi } from '#protocols/web'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

type Rule = WebApi['saveRule']['input']
const rule = (more: Partial<Rule> = {}): Rule => ({
  ...{ name: 'Plans', conditions: { ContainsSubjectStrings: ['plan'] }, exceptions: {}, actions: { MarkAsRead: true } },
  ...more,
})

for (const engine of quickEngines) {
  test(`automatic replies, rules and the region are kept within bounds (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const away = { state: 'Scheduled' as const, audience: 'Known' as const, start: 1000, end: 2000, internal: 'Away <b>', external: '' }
    await mary.ask('saveAutomaticReplies', away)
    const { away: seen } = await mary.ask('options', {})
    assert.deepEqual(seen, away)
    assert.equal((await rob.ask('options', {})).away.state, 'Disabled')

    await mary.ask('saveRule', rule())
    const rules = async () => (await mary.ask('options', {})).rules
    const [made] = await rules()
    assert.deepEqual([made?.name, made?.enabled, made?.conditions], ['Plans', true, { ContainsSubjectStrings: ['plan'] }])
    const id = made!.id
    // A rule that another client made has what the form has no place for: it stays.
    const { mailbox } = site.people.mary!
    const [whole] = await site.mailboxes.inboxRules(await site.caller('mary'), mailbox)
    const other = { ...whole!, conditions: { ...whole!.conditions, IsVoicemail: true } }
    await site.mailboxes.changeInboxRules(await site.caller('mary'), mailbox, [{ op: 'set', rule: other }])
    const exceptions = { FromAddresses: [{ address: 'rob@contoso.com' }], WithinSizeRange: { least: 10 } }
    await mary.ask('saveRule', rule({ id, name: 'Costs', conditions: { HasAttachments: true }, exceptions, actions: { StopProcessingRules: true } })) // prettier-ignore
    const [after] = await rules()
    assert.deepEqual(
      [after?.id, after?.name, after?.conditions, after?.exceptions.WithinSizeRange, after?.actions],
      [id, 'Costs', { IsVoicemail: true, HasAttachments: true }, { least: 10 }, { StopProcessingRules: true }],
    )
    assert.equal(await rob.refusal('changeRule', { id, how: 'delete' }), 'ItemNotFound')
    assert.equal(await rob.refusal('saveRule', rule({ id })), 'ItemNotFound')
    assert.equal(await mary.refusal('saveRule', rule({ actions: {} })), 'InvalidArgument')
    assert.equal(await mary.refusal('saveRule', rule({ actions: { MoveToFolder: 999_999 } })), 'InvalidArgument')
    assert.equal(await mary.refusal('saveRule', rule({ actions: { ForwardToRecipients: [{ address: 'nobody' }] } })), 'InvalidArgument')
    assert.equal(await mary.refusal('saveRule', rule({ conditions: { WithinSizeRange: { least: 2, most: 1 } } })), 'InvalidArgument')
    await mary.ask('changeRule', { id, how: 'delete' })
    assert.deepEqual(await rules(), [])

    await mary.ask('saveRegion', { culture: 'de-DE', timeZone: 'W. Europe Standard Time', renameFolders: false })
    const nameOfInbox = async () => (await site.mailboxes.getFolder(await site.caller('mary'), { mailbox, kind: 'inbox' })).row.name
    const now = await mary.ask('options', {})
    assert.deepEqual([now.culture, now.timeZone, await nameOfInbox()], ['de-DE', 'W. Europe Standard Time', 'Inbox'])
    await mary.ask('saveRegion', { culture: 'de-DE', timeZone: 'W. Europe Standard Time', renameFolders: true })
    assert.equal(await nameOfInbox(), 'Posteingang')

    const hostile: [string, unknown][] = [
      ['saveAutomaticReplies', { ...away, end: 1000 }],
      ['saveAutomaticReplies', { ...away, internal: 'x'.repeat(20_001) }],
      ['saveAutomaticReplies', { ...away, audience: 'Enemies' }],
      ['saveRule', rule({ name: ' ' })],
      ['saveRule', rule({ conditions: { ContainsSubjectStrings: ['x'.repeat(256)] } })],
      ['saveRule', rule({ conditions: { ContainsSubjectStrings: [] } })],
      ['saveRule', { ...rule(), conditions: { Everything: true } }],
      ['saveRule', { ...rule(), actions: { ServerReplyWithMessage: 1 } }],
      ['saveRule', rule({ actions: { MoveToFolder: -1 } })],
      ['changeRule', { id: '', how: 'delete' }],
      ['changeRule', { id: 'x', how: 'explode' }],
      ['saveRegion', { culture: '<script>', timeZone: 'UTC', renameFolders: false }],
      ['saveRegion', { culture: 'de-DE', timeZone: 'Mars Standard Time', renameFolders: false }],
      ['ownSettings', { page: 'everything' }],
      ['saveOwnSettings', { page: 'junk', settings: { BlockedSendersAndDomains: Array.from({ length: 1101 }, () => 'a@b.c') } }],
      ['saveOwnSettings', { page: 'profile', settings: { Phone: 'x'.repeat(2001) } }],
      ['endSession', { id: '../1' }],
    ]
    for (const [name, input] of hostile)
      assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80))
  })

  test(`junk mail, forwarding, working hours and contact data are those of the cmdlets; a policy takes them away (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    const settings = async (page: WebApi['ownSettings']['input']['page']) => (await mary.ask('ownSettings', { page })).settings
    const usual = ['away', 'rules', 'junk', 'messages', 'forwarding', 'calendar', 'region', 'profile', 'storage']
    assert.deepEqual((await mary.ask('options', {})).pages, usual)

    await mary.ask('saveOwnSettings', { page: 'junk', settings: { BlockedSendersAndDomains: ['spam.example'], TrustedListsOnly: true } })
    const junk = await settings('junk')
    assert.deepEqual(
      [junk.Enabled, junk.BlockedSendersAndDomains, junk.TrustedSendersAndDomains, junk.TrustedListsOnly],
      [true, ['spam.example'], [], true],
    )
    // Only what is sent changes: what was blocked elsewhere meanwhile stays blocked.
    await run("Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains @{Add='late.example'}")
    await mary.ask('saveOwnSettings', { page: 'junk', settings: { TrustedListsOnly: false } })
    const later = await settings('junk')
    assert.deepEqual([later.BlockedSendersAndDomains, later.TrustedListsOnly], [['spam.example', 'late.example'], false])
    await mary.ask('saveOwnSettings', { page: 'calendar', settings: { WorkingHoursEndTime: '16:30' } })
    const usualHours = { WorkDays: 'Weekdays', WorkingHoursStartTime: '08:00', WorkingHoursEndTime: '16:30' }
    assert.partialDeepStrictEqual(await settings('calendar'), usualHours)
    await mary.ask('saveOwnSettings', { page: 'forwarding', settings: { ForwardingSmtpAddress: 'mary@home.example', MailTip: 'Slow to answer.' } }) // prettier-ignore
    assert.match(String((await settings('forwarding')).ForwardingSmtpAddress), /mary@home\.example/)
    await mary.ask('saveOwnSettings', { page: 'forwarding', settings: { ForwardingSmtpAddress: null } })
    assert.equal((await settings('forwarding')).ForwardingSmtpAddress, null)
    const hours = { WorkDays: ['Monday', 'Tuesday'], WorkingHoursStartTime: '09:30', WorkingHoursEndTime: '15:00', WorkingHoursTimeZone: 'W. Europe Standard Time' } // prettier-ignore
    await mary.ask('saveOwnSettings', { page: 'calendar', settings: hours })
    assert.deepEqual(await settings('calendar'), { ...hours, WorkDays: 'Monday, Tuesday' })
    const { mayChange } = await mary.ask('ownSettings', { page: 'profile' })
    assert.deepEqual([mayChange.includes('MobilePhone'), mayChange.includes('DisplayName')], [true, false])
    await mary.ask('saveOwnSettings', { page: 'profile', settings: { MobilePhone: '+49 170 1' } })
    assert.equal((await settings('profile')).MobilePhone, '+49 170 1')
    assert.equal(await mary.refusal('saveOwnSettings', { page: 'profile', settings: { DisplayName: 'Boss' } }), 'InvalidParameter')
    assert.equal(await mary.refusal('saveOwnSettings', { page: 'profile', settings: { Identity: 'rob@contoso.com' } }), 'InvalidParameter')
    const { size, prohibitSend } = await mary.ask('storage', {})
    assert.ok(size >= 0 && prohibitSend! > 0)

    await run("New-RoleAssignmentPolicy Phones -Roles MyContactInformation -Description 'Little'")
    await run('Set-Mailbox mary -RoleAssignmentPolicy Phones')
    assert.deepEqual((await mary.ask('options', {})).pages, ['profile'])
    const away = { state: 'Disabled' as const, audience: 'None' as const, internal: '', external: '' }
    const taken: [string, unknown][] = [
      ['saveAutomaticReplies', away],
      ['saveRule', rule()],
      ['changeRule', { id: 'x', how: 'delete' }],
      ['saveRegion', { culture: 'de-DE', timeZone: 'UTC', renameFolders: false }],
      ['ownSettings', { page: 'junk' }],
      ['saveOwnSettings', { page: 'junk', settings: {} }],
      ['saveOwnSettings', { page: 'forwarding', settings: { MailTip: 'x' } }],
      ['storage', {}],
      ['saveSignature', { html: '', onNew: true, onReply: true }],
    ]
    for (const [name, input] of taken) assert.equal(await mary.refusal(name, input), 'AccessDenied', name)
    await mary.ask('saveOwnSettings', { page: 'profile', settings: { MobilePhone: '' } })
  })

  test(`what a policy takes of a cmdlet is not set in the browser either (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    const forward = rule({ actions: { ForwardToRecipients: [{ address: 'rob@contoso.com' }] } })
    await mary.ask('saveRule', { ...forward, name: 'Before' })
    await run("New-ManagementRole 'My Options' -Parent MyBaseOptions")
    for (const [cmdlet, parameters] of [
      ['New-InboxRule', 'ForwardTo,RedirectTo,ForwardAsAttachmentTo'],
      ['Set-MailboxAutoReplyConfiguration', 'ExternalMessage'],
      ['Set-MailboxMessageConfiguration', 'SignatureHtml'],
    ])
      await run(`Set-ManagementRoleEntry 'My Options\\${cmdlet}' -Parameters ${parameters} -RemoveParameter`)
    await run("New-RoleAssignmentPolicy Kept -Roles 'My Options'")
    await run('Set-Mailbox mary -RoleAssignmentPolicy Kept')

    const people = [{ address: 'rob@contoso.com' }]
    for (const name of ['ForwardToRecipients', 'RedirectToRecipients', 'ForwardAsAttachmentToRecipients'])
      assert.equal(await mary.refusal('saveRule', { ...rule(), actions: { MarkAsRead: true, [name]: people } }), 'AccessDenied', name)
    await mary.ask('saveRule', rule())
    const away = { state: 'Enabled' as const, audience: 'All' as const, internal: 'Away', external: '' }
    await mary.ask('saveAutomaticReplies', away)
    assert.equal(await mary.refusal('saveAutomaticReplies', { ...away, external: 'Away' }), 'AccessDenied')
    await mary.ask('saveSignature', { html: '', onNew: true, onReply: true })
    assert.equal(await mary.refusal('saveSignature', { html: '<p>Mary</p>', onNew: true, onReply: true }), 'AccessDenied')
  })

  test(`sessions are listed to whose they are, and one that is ended is signed out at once (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const here = await openWindow(site, 'mary')
    const there = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const { sessions, factors, appPasswords } = await here.ask('account', {})
    assert.deepEqual([factors, appPasswords, sessions.map(({ isThis }) => isThis).toSorted()], [[], [], [false, true]])
    assert.deepEqual(
      sessions.map(({ browser }) => browser),
      ['Firefox on Linux', 'Firefox on Linux'],
    )
    const other = sessions.find(({ isThis }) => !isThis)!
    assert.equal(await rob.refusal('endSession', { id: other.id }), 'ItemNotFound')
    await there.ask('session', {})
    await here.ask('endSession', { id: other.id })
    assert.equal(await there.refusal('session', {}), 'Unauthenticated')
    assert.equal(await here.refusal('endSession', { id: other.id }), 'ItemNotFound')
    assert.deepEqual((await here.ask('account', {})).sessions.map(({ isThis }) => isThis), [true]) // prettier-ignore
    await runLine(site.admin, systemCaller(site.organisation.id), 'Revoke-SignIn rob')
    assert.equal(await rob.refusal('account', {}), 'Unauthenticated')
  })
}
