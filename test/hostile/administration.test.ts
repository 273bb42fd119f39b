/** Administrators of few rights who would be administrators of many, and what the audit log says of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditedParameters } from '../../src/admin/registry/audit.ts'
import { refusal } from '../admin/desk.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { engines, quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'

const people = [
  { address: 'desk@contoso.com', displayName: 'Dora Desk', rights: { roles: ['Help Desk'] } },
  { address: 'clerk@contoso.com', displayName: 'Carl Clerk', rights: { roles: ['Recipient Management'] } },
  { address: 'setter@contoso.com', displayName: 'Sam Setter', rights: { roles: ['Reset Password', 'Mail Recipients'] } },
  { address: 'post@contoso.com', displayName: 'Pia Post', rights: { roles: ['ApplicationImpersonation'] } },
  { address: 'tom@contoso.com', displayName: 'Tom Plain' },
  { address: 'hidden@contoso.com', displayName: 'Hidden Helper' },
]

const hostileSite = (engine: (typeof quickEngines)[number]): Promise<MailboxSite> => mailboxSite(engine, { people })

for (const engine of quickEngines) {
  test(`nobody of fewer rights changes an administrator, by whatever cmdlet and name (${engine.name})`, async () => {
    await using site = await hostileSite(engine)
    const boss = site.people.boss!
    const folder = `boss:${String((await site.one('Get-MailboxFolder boss:\\Calendar')).FolderId)}`
    const byClerk = [
      'Add-MailboxPermission boss -User clerk -AccessRights FullAccess',
      'Remove-MailboxPermission boss -User clerk -AccessRights FullAccess',
      `Add-MailboxPermission ${boss.sid} -User clerk -AccessRights FullAccess`,
      `Add-MailboxPermission ${boss.mailbox} -User clerk -AccessRights FullAccess`,
      `Add-MailboxPermission '${boss.legacyExchangeDn}' -User clerk -AccessRights FullAccess`,
      'Add-RecipientPermission boss -Trustee clerk -AccessRights SendAs',
      'Set-Mailbox boss -ForwardingSmtpAddress evil@example.com',
      'Set-Mailbox boss -ForwardingAddress clerk',
      'Set-Mailbox boss -GrantSendOnBehalfTo clerk',
      `Set-Mailbox ${boss.id} -AccountDisabled $true`,
      "Set-Mailbox 'Boss Baker' -EmailAddresses SMTP:other@contoso.com",
      'Set-User boss -AuthenticationPolicy Lax',
      'Set-User boss -UserPrincipalName other@contoso.com',
      'Set-CASMailbox boss -EwsEnabled $false',
      'Remove-Mailbox boss',
      'Disable-Mailbox boss',
      'Add-MailboxFolderPermission boss:\\Calendar -User clerk -AccessRights Owner',
      `Add-MailboxFolderPermission '${folder}' -User clerk -AccessRights Owner`,
      `Set-MailboxFolderPermission ${boss.id}:\\Calendar -User Default -AccessRights Owner`,
      'Set-MailboxAutoReplyConfiguration boss -AutoReplyState Enabled',
      'Set-CalendarProcessing boss -AutomateProcessing AutoAccept',
      'Set-MailboxRegionalConfiguration boss -Language de-DE',
      'Remove-UserPhoto boss',
      'Set-ThrottlingPolicyAssociation boss -ThrottlingPolicy $null',
      // Whoever may impersonate everybody is an administrator too.
      'Add-MailboxPermission post -User clerk -AccessRights FullAccess',
    ]
    for (const line of byClerk) await assert.rejects(site.run(line, 'clerk'), refusal('AccessDenied', /holds the role/), line)
    for (const line of ['Remove-SecondFactor boss', 'Remove-AppPassword boss -AppPassword x', 'Revoke-SignIn boss']) {
      await assert.rejects(site.run(line, 'desk'), refusal('AccessDenied', /holds the role/), line)
    }
    await assert.rejects(site.run('New-AppPassword tom -Name Mine', 'desk'), refusal('AccessDenied', /Reset Password/))
    await assert.rejects(site.run('New-AppPassword boss -Name Mine', 'setter'), refusal('AccessDenied', /holds the role/))
    await assert.rejects(site.run("Set-Mailbox boss -Password 'another one 1!'", 'setter'), refusal('AccessDenied', /holds the role/))
    // Nor is the policy that everybody signs in by the clerk's.
    await assert.rejects(site.run('New-AuthenticationPolicy Lax -SecondFactor Nobody', 'clerk'), refusal('AccessDenied'))

    const after = (await site.directory.recipient(site.organisation.id, boss.id))!
    assert.deepEqual([after.fullAccess, after.sendAs, after.sendOnBehalf, after.forwardingAddress], [[], [], [], undefined])

    // What is theirs to do goes on: people without rights, their like, themselves; and who has it all changes everybody.
    await site.run('Add-MailboxPermission tom -User clerk -AccessRights FullAccess', 'clerk')
    await site.run("Set-Mailbox tom -Password 'another one 1!'", 'setter')
    await site.run('Set-Mailbox clerk -Office 4', 'clerk')
    await site.run('Remove-SecondFactor tom', 'desk')
    await site.run('Set-Mailbox clerk -Office 5', 'boss')
    await site.run('Set-Mailbox post -Office 5', 'boss')
  })

  test(`a group that gives rights is not the clerk's to have (${engine.name})`, async () => {
    await using site = await hostileSite(engine)
    await site.run('New-DistributionGroup Keys -Type Security -ManagedBy clerk')
    await site.run('New-DistributionGroup Inner -Type Security -ManagedBy clerk')
    await site.run('Add-DistributionGroupMember Keys -Member Inner')
    await site.run("New-ManagementRoleAssignment -Role 'Role Management' -SecurityGroup Keys")
    for (const group of ['Keys', 'Inner']) {
      for (const line of [
        `Add-DistributionGroupMember ${group} -Member clerk -BypassSecurityGroupManagerCheck`,
        `Update-DistributionGroupMember ${group} -Members clerk`,
        `Set-DistributionGroup ${group} -ManagedBy tom`,
        `Set-DistributionGroup ${group} -EmailAddresses SMTP:x@contoso.com`,
        `Remove-DistributionGroup ${group}`,
      ]) {
        await assert.rejects(site.run(line, 'clerk'), refusal('AccessDenied'), line)
      }
    }
    const clerk = await site.caller('clerk')
    assert.equal((await site.roles.rightsOf(clerk)).delegates.length, 0)
  })

  test(`the administrator of one organisation has no say in another, nor in the site (${engine.name})`, async () => {
    await using site = await mailboxSite(engine, { people, config: { organisations: [{ name: 'Fabrikam', domain: 'fabrikam.com' }] } })
    const { directory, roles, organisation } = site
    const other = (await directory.organisationNamed('Fabrikam'))!.id
    const owner = await directory.create(other, { kind: 'UserMailbox', alias: 'owner', displayName: 'Olga Owner' })
    await roles.give(other, owner.id, ['Organization Management', 'Reset Password'])
    const caller = { ...(await directory.callerFor(owner)), signedIn: { by: 'token', secondFactor: true, at: Date.now() } as const }
    const run = (line: string) => runLine(site.admin, caller, line)
    const boss = site.people.boss!
    const names = ['boss@contoso.com', boss.id, boss.sid, boss.mailbox, `'${boss.legacyExchangeDn}'`, 'contoso.com/boss']
    for (const name of names) {
      for (const line of [
        `Get-Mailbox ${name}`,
        `Set-Mailbox ${name} -ForwardingSmtpAddress evil@example.com`,
        `Add-MailboxPermission ${name} -User owner -AccessRights FullAccess`,
        `Add-MailboxPermission owner -User ${name} -AccessRights FullAccess`,
        `New-AppPassword ${name} -Name Mine`,
        `Get-MailboxStatistics ${name}`,
        `Get-MailboxFolder ${name}`,
        `Add-RoleGroupMember 'Help Desk' -Member ${name}`,
      ]) {
        await assert.rejects(run(line), refusal('ObjectNotFound'), line)
      }
    }
    await directory.create(organisation.id, { kind: 'MailContact', alias: 'away', displayName: 'Away', externalAddress: 'a@far.example' })
    await site.run('Suspend-Queue far.example')
    await site.run('New-SendConnector Out -AddressSpaces far.example -SmartHosts relay.example')
    assert.deepEqual(await run('Get-Queue'), [])
    await run('Resume-Queue -Filter "Status -eq \'Suspended\'"')
    assert.equal((await site.one('Get-Queue far.example')).Status, 'Suspended')
    assert.deepEqual([await run('Get-SendConnector'), await run('Get-MessageTrackingLog'), await run('Get-Message')], [[], [], []])
    await assert.rejects(run('Remove-SendConnector Out'), refusal('ObjectNotFound'))
    await assert.rejects(run('New-AcceptedDomain Theirs -DomainName contoso.com'), refusal('NameTaken'))
    await site.run('Write-AdminAuditLog ours', 'boss')
    const seen = await run('Search-AdminAuditLog')
    assert.deepEqual([...new Set(seen.map(({ Caller }) => Caller))], ['owner@fabrikam.com'])
    for (const line of [
      'Get-Service',
      'Stop-Service MSExchangeTransport',
      'Test-ServiceHealth',
      'Get-ServerHealth',
      'Test-Supportability',
    ]) {
      await assert.rejects(run(line), refusal('AccessDenied', /organisation that runs it/), line)
    }
    const before = JSON.stringify(await site.run('Get-TransportService'))
    await run('Set-TransportService -MessageTrackingLogEnabled $false')
    assert.equal(JSON.stringify(await site.run('Get-TransportService')), before)
  })

  test(`the audit log has what was opened, what was given up half way and the last parameter of many (${engine.name})`, async () => {
    await using site = await hostileSite(engine)
    await assert.rejects(site.run('Export-Message mail\\Submission\\none', 'boss'))
    const lines = await site.run('Search-AdminAuditLog')
    assert.deepEqual(lines.map(({ CmdletName, Succeeded }) => [CmdletName, Succeeded]), [['Export-Message', false]]) // prettier-ignore

    const boss = { ...(await site.caller('boss')), signedIn: { by: 'token', secondFactor: true, at: Date.now() } as const }
    await site.run('New-DistributionGroup Readers')
    for await (const _ of site.admin.invoke(boss, 'New-DistributionGroup', { Name: 'Half' })) break
    const [half] = await site.run('Search-AdminAuditLog -Cmdlets New-DistributionGroup -UserIds boss*')
    assert.deepEqual([half!.Succeeded, half!.Error], [false, 'RequestAborted'])
  })
}

test('parameters beyond the hundredth are told, and secrets among them are not', async () => {
  await using site = await hostileSite(engines[0]!)
  const cmdlet = site.admin.cmdlets.find(({ name }) => name === 'Set-Mailbox')
  const filler = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`Filler${index}`, 'x']))
  const told = auditedParameters(cmdlet, { ...filler, ForwardingSmtpAddress: 'evil@example.com', Password: 'secret' })
  assert.deepEqual([told.ForwardingSmtpAddress, told.Password], ['evil@example.com', '******'])
})
