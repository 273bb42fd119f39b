import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSize } from '#model'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal, type Desk } from './desk.ts'

const password = "-Password 'P@ss w0rd'"
const one = async (site: Desk, line: string) => {
  const found = await site.run(line)
  assert.equal(found.length, 1, line)
  return found[0]!
}
const shows = async (site: Desk, line: string, expected: Record<string, unknown>) => {
  const object = await one(site, line)
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, object[name]])), expected, line)
}

for (const engine of quickEngines) {
  test(`mailboxes are made with their folders, of every sort (${engine.name})`, async () => {
    await using site = await desk(engine)
    const made = await one(
      site,
      `New-Mailbox 'Zoë Müller' -UserPrincipalName zoe.m@contoso.com ${password} -FirstName Zoë -LastName Müller -DisplayName 'Müller, Zoë'`,
    )
    assert.deepEqual(
      [made.Name, made.DisplayName, made.Alias, made.PrimarySmtpAddress, made.RecipientTypeDetails],
      ['Zoë Müller', 'Müller, Zoë', 'zoe.m', 'zoe.m@contoso.com', 'UserMailbox'],
    )
    assert.deepEqual(await one(site, 'Get-Mailbox zoe.m'), made)
    const zoe = await site.directory.find('zoe.m@contoso.com')
    assert.ok(await site.directory.checkPassword(zoe, 'P@ss w0rd'))
    assert.ok(!JSON.stringify(site.audit).includes('w0rd'))
    assert.ok(await site.mailboxes.settings(site.system, zoe!.mailbox), 'the mailbox is there')
    await shows(site, "New-Mailbox 'Room 3' -Room -ResourceCapacity 12", {
      RecipientTypeDetails: 'RoomMailbox',
      ResourceCapacity: 12,
      IsResource: true,
      AccountDisabled: true,
      PrimarySmtpAddress: 'Room3@contoso.com'.toLowerCase(),
    })
    await shows(site, 'New-Mailbox sales -Shared', { RecipientTypeDetails: 'SharedMailbox', IsShared: true })
    await assert.rejects(site.run('New-Mailbox x'), refusal('InvalidParameter', /-UserPrincipalName and -Password/))
    await assert.rejects(site.run('New-Mailbox x -Room -Shared'), refusal('InvalidParameter', /exclude each other/))
    await assert.rejects(site.run('New-Mailbox x -Arbitration'), refusal('InvalidParameter', /-Arbitration of New-Mailbox is not here/))
    await assert.rejects(site.run('Get-Mailbox -Monitoring'), refusal('InvalidParameter', /-Monitoring of Get-Mailbox is not here/))
    await assert.rejects(site.run('New-Mailbox sales -Shared'), refusal('NameTaken'))
    await assert.rejects(site.run("New-Mailbox 'a b' -Shared -Alias 'a b'"), refusal('InvalidParameter', /-Alias must be/))
  })

  test(`every setting that Set-Mailbox takes is shown again (${engine.name})`, async () => {
    await using site = await desk(engine)
    const settings: [string, string, unknown][] = [
      ['IssueWarningQuota', '1.9GB', new ByteSize(2_040_109_466)],
      ['ProhibitSendQuota', '2GB', new ByteSize(2 ** 31)],
      ['ProhibitSendReceiveQuota', 'Unlimited', new ByteSize(Infinity)],
      ['MaxReceiveSize', '10MB', new ByteSize(10 * 2 ** 20)],
      ['ForwardingAddress', 'sharer', 'sharer Baker'],
      ['ForwardingSmtpAddress', 'Out@Fabrikam.com', 'smtp:out@fabrikam.com'],
      ['DeliverToMailboxAndForward', '$true', true],
      ['GrantSendOnBehalfTo', 'boss,sharer', ['boss Baker', 'sharer Baker']],
      ['AcceptMessagesOnlyFrom', 'boss', ['boss Baker']],
      ['RejectMessagesFromSendersOrMembers', 'sharer', ['sharer Baker']],
      ['RequireSenderAuthenticationEnabled', '$true', true],
      ['HiddenFromAddressListsEnabled', '$true', true],
      ['MailTip', "'Away <b>today</b>'", 'Away <b>today</b>'],
      ['MailTipTranslations', "'DE:Heute weg'", ['de:Heute weg']],
      ['CustomAttribute1', "'a ''b'' %_'", "a 'b' %_"],
      ['ExtensionCustomAttribute5', 'x,y', ['x', 'y']],
      ['SimpleDisplayName', 'Mary', 'Mary'],
      ['Office', "'Room 7'", 'Room 7'],
      ['RoleAssignmentPolicy', 'Strict', 'Strict'],
      ['AccountDisabled', '$true', true],
      ['MessageCopyForSentAsEnabled', '$true', true],
      ['AuditEnabled', '$false', false],
      ['LitigationHoldEnabled', '$true', true],
      ['Languages', 'de-DE,en-GB', ['de-DE', 'en-GB']],
      ['RecipientLimits', '500', 500],
      ['UserPrincipalName', 'Mary.B@contoso.com', 'mary.b@contoso.com'],
      ['Name', "'Mary B'", 'Mary B'],
    ]
    for (const [name, written, expected] of settings) {
      await site.run(`Set-Mailbox mary -${name} ${written}`)
      assert.deepEqual((await one(site, 'Get-Mailbox mary'))[name], expected, name)
    }
    const warned = site.warnings.join('\n')
    for (const kept of ['Languages', 'RecipientLimits']) assert.match(warned, new RegExp(`nothing acts on it yet: .*-${kept}`), kept)
    assert.doesNotMatch(warned, /ForwardingAddress|CustomAttribute1|AuditEnabled|LitigationHoldEnabled|MessageCopyForSentAsEnabled/)
    const cleared: [string, unknown][] = [
      ['ForwardingAddress', null],
      ['ForwardingSmtpAddress', null],
      ['GrantSendOnBehalfTo', []],
      ['CustomAttribute1', ''],
      ['MailTip', null],
      ['ProhibitSendQuota', new ByteSize(Infinity)],
      ['LitigationHoldEnabled', true],
    ]
    for (const [name, expected] of cleared) {
      if (name !== 'LitigationHoldEnabled') await site.run(`Set-Mailbox mary -${name} $null`)
      assert.deepEqual((await one(site, 'Get-Mailbox mary'))[name], expected, name)
    }
    const refused: [string, string, RegExp][] = [
      ['-ForwardingAddress mary', 'InvalidParameter', /cannot be itself/],
      ['-ForwardingAddress nobody', 'ObjectNotFound', /no Recipient 'nobody'/],
      ['-ForwardingSmtpAddress nonsense', 'InvalidSmtpAddress', /not an SMTP address/],
      [`-MailTip '${'x'.repeat(176)}'`, 'InvalidParameter', /at most 175/],
      ['-MailTipTranslations nonsense', 'InvalidParameter', /a language and a text/],
      ['-UserPrincipalName mary', 'InvalidParameter', /name@domain/],
      ['-UserPrincipalName mary@fabrikam.com', 'InvalidSmtpAddress', /not an accepted domain/],
      ['-PrimarySmtpAddress boss@contoso.com', 'NameTaken', /taken already/],
      ["-CustomAttribute1 'a\u0000b'", 'InvalidParameter', /in one line/],
      ["-Name ''", 'InvalidParameter', /must not be empty/],
      ['-AcceptMessagesOnlyFromDLMembers boss', 'InvalidParameter', /takes groups alone/],
      ['-ProhibitSendQuota lots', 'InvalidParameter', /must be a size/],
    ]
    const before = await one(site, 'Get-Mailbox mary')
    for (const [args, code, message] of refused)
      await assert.rejects(site.run(`Set-Mailbox mary ${args}`), refusal(code as 'InvalidParameter', message))
    assert.deepEqual(await one(site, 'Get-Mailbox mary'), before, 'nothing changed')
  })

  test(`addresses are added, removed and made primary (${engine.name})`, async () => {
    await using site = await desk(engine)
    const addresses = async () => (await one(site, 'Get-Mailbox mary')).EmailAddresses
    await site.run("Set-Mailbox mary -EmailAddresses @{Add='m@contoso.com','X500:/o=Old/cn=mary'}")
    assert.deepEqual([...((await addresses()) as string[])].sort(), ['SMTP:mary@contoso.com', 'X500:/o=Old/cn=mary', 'smtp:m@contoso.com'])
    await site.run("Set-Mailbox mary -EmailAddresses @{Add='SMTP:M@contoso.com'}")
    assert.equal((await one(site, 'Get-Mailbox mary')).PrimarySmtpAddress, 'm@contoso.com')
    assert.deepEqual([...((await addresses()) as string[])].sort(), ['SMTP:m@contoso.com', 'X500:/o=Old/cn=mary', 'smtp:mary@contoso.com'])
    await assert.rejects(
      site.run("Set-Mailbox mary -EmailAddresses @{Remove='m@contoso.com'}"),
      refusal('InvalidParameter', /cannot be taken away/),
    )
    await site.run("Set-Mailbox mary -EmailAddresses @{Remove='smtp:MARY@contoso.com'}")
    assert.deepEqual([...((await addresses()) as string[])].sort(), ['SMTP:m@contoso.com', 'X500:/o=Old/cn=mary'])
    await site.run('Set-Mailbox mary -EmailAddresses a@contoso.com,SMTP:b@contoso.com')
    assert.deepEqual(await addresses(), ['SMTP:b@contoso.com', 'smtp:a@contoso.com'])
    assert.equal((await site.directory.find('a@contoso.com'))?.alias, 'mary')
    await assert.rejects(
      site.run('Set-Mailbox mary -EmailAddresses SMTP:a@contoso.com,SMTP:b@contoso.com'),
      refusal('InvalidParameter', /more than one primary/),
    )
    await assert.rejects(site.run("Set-Mailbox mary -EmailAddresses @{Add='boss@contoso.com'}"), refusal('NameTaken'))
    await site.run('Set-Mailbox mary -PrimarySmtpAddress a@contoso.com')
    assert.deepEqual(await addresses(), ['SMTP:a@contoso.com', 'smtp:b@contoso.com'])
  })

  test(`a mailbox becomes another sort, is disabled, enabled again and removed (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { directory, organisation, mailboxes } = site
    await site.run(`New-Mailbox Ann -UserPrincipalName ann@contoso.com ${password}`)
    const before = (await directory.find('ann@contoso.com'))!
    await site.run('Set-Mailbox ann -Type Shared')
    await shows(site, 'Get-Mailbox ann', {
      RecipientTypeDetails: 'SharedMailbox',
      AccountDisabled: true,
      ExchangeGuid: before.mailbox,
      Guid: before.id,
    })
    assert.ok(!(await directory.checkPassword(await directory.find('ann@contoso.com'), 'P@ss w0rd')), 'nobody signs in as a shared mailbox')
    await site.run('Set-Mailbox ann -Type Regular')
    assert.ok(await directory.checkPassword(await directory.find('ann@contoso.com'), 'P@ss w0rd'))

    await site.run('Set-Mailbox ann -ForwardingAddress mary -GrantSendOnBehalfTo mary')
    await site.run('Disable-Mailbox ann')
    await assert.rejects(site.run('Get-Mailbox ann'), refusal('ObjectNotFound', /'Ann' is a User/))
    await shows(site, 'Get-User ann', { RecipientTypeDetails: 'User', UserPrincipalName: 'ann@contoso.com', Guid: before.id })
    assert.equal((await directory.recipient(organisation, before.id))?.address, '')
    assert.ok(await mailboxes.settings(site.system, before.mailbox), 'the content stays')
    assert.ok(await directory.checkPassword(await directory.find('ann@contoso.com'), 'P@ss w0rd'), 'the account stays')
    await shows(site, 'Enable-Mailbox ann -PrimarySmtpAddress ann.b@contoso.com', {
      PrimarySmtpAddress: 'ann.b@contoso.com',
      ForwardingAddress: null,
      Alias: 'ann',
    })
    const again = (await directory.find('ann.b@contoso.com'))!
    assert.notEqual(again.mailbox, before.mailbox)
    await assert.rejects(site.run('Enable-Mailbox mary'), refusal('ObjectNotFound', /is a UserMailbox/))

    await site.run('Remove-Mailbox ann -WhatIf')
    await site.run('Get-Mailbox ann')
    await site.run('Remove-Mailbox ann')
    await assert.rejects(site.run('Get-User ann'), refusal('ObjectNotFound'))
    assert.ok(await mailboxes.settings(site.system, again.mailbox), 'removed, the content stays')
    await site.run('New-Mailbox gone -Shared')
    const gone = (await directory.find('gone@contoso.com'))!
    await site.run('Remove-Mailbox gone -Permanent $true')
    await assert.rejects(mailboxes.settings(site.system, gone.mailbox), refusal('NonExistentMailbox'))
  })

  test(`identities and filters choose mailboxes, and nothing is injected (${engine.name})`, async () => {
    await using site = await desk(engine)
    await site.run(`New-Mailbox 'Sam Lee' -UserPrincipalName sam1@contoso.com ${password}`)
    await site.run(`New-Mailbox 'Sam Lee 2' -DisplayName 'Sam Lee' -UserPrincipalName sam2@contoso.com ${password}`)
    await site.run('Set-User sam1 -Department Sales -Manager boss')
    await site.run('Set-User sam2 -Department "Sales East" -City Zürich')
    await site.run('Set-Mailbox sam2 -HiddenFromAddressListsEnabled $true')
    const names = async (args: string) => (await site.run(`Get-Mailbox ${args}`)).map(({ Alias }) => Alias).join(' ')
    const guid = (await one(site, 'Get-Mailbox sam1')).Guid
    for (const identity of ['sam1', 'SAM1@contoso.com', `'Contoso\\sam1'`, `${String(guid)}`])
      assert.equal(await names(identity), 'sam1', identity)
    assert.equal(await names("'Sam Lee 2'"), 'sam2')
    assert.equal(await names("'CN=Sam Lee 2,OU=Users,DC=contoso,DC=com'"), 'sam2')
    assert.equal(await names("'contoso.com/Users/Sam Lee 2'"), 'sam2')
    await assert.rejects(
      site.run("Get-Mailbox 'Sam Lee'"),
      refusal('InvalidParameter', /names more than one mailbox: .*sam1@contoso\.com.*sam2@contoso\.com/),
    )
    assert.equal(await names("'sam*'"), 'sam1 sam2')
    assert.equal(await names('-Filter "Department -like \'sales*\'"'), 'sam1 sam2')
    assert.equal(await names("-Filter 'Manager -eq ''boss'''"), 'sam1')
    assert.equal(await names("-Filter 'City -eq ''ZÜRICH'''"), 'sam2')
    assert.equal(await names('-Anr sam'), 'sam1', 'hidden ones are not resolved')
    assert.equal(await names('-SortBy Alias -ResultSize 2'), 'boss mary')
    assert.match(site.warnings.at(-1) ?? '', /more than 2 results/)
    assert.equal(await names('-RecipientTypeDetails SharedMailbox'), '')
    for (const hostile of [
      "Alias -eq 'x'' or ''1''=''1'",
      "Alias -eq '''); drop table objects; --'",
      "Alias -like '%'",
      "Alias -like '____'",
    ])
      assert.equal(await names(`-Filter "${hostile}"`), '', hostile)
    assert.equal(await names("-Filter 'Alias -eq ''sam1'''"), 'sam1', 'all is still there')
    await assert.rejects(site.run("Get-Mailbox mary -Filter 'Alias -eq ''x'''"), refusal('InvalidParameter', /exclude each other/))
    await assert.rejects(site.run("Get-Mailbox -Filter 'Alais -eq ''x'''"), refusal('InvalidParameter', /near it: Alias/))
    await assert.rejects(site.run('Get-Mailbox -SortBy EmailAddresses'), refusal('InvalidParameter', /cannot be sorted/))
    await site.run('Set-CASMailbox sam1 -EwsEnabled $false -PopEnabled $false')
    await shows(site, 'Get-CASMailbox sam1', { EwsEnabled: false, PopEnabled: false, ImapEnabled: true })
    assert.equal(await names("-Filter 'EwsEnabled -eq $false'"), 'sam1')
  })
}
