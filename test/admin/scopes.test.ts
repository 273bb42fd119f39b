import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignInPolicy } from '#admin'
import type { Caller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'
import { groupOf, rightsDesk } from './rights-desk.ts'

for (const engine of quickEngines) {
  test(`a scope by a filter: whom it finds is changed, nobody else, whatever the cmdlet looks at (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss, directory, organisation } = site
    const ann = await site.person('ann')
    const sam = await site.person('sam', [], { department: 'Sales' })
    await site.run('New-ManagementScope Sales -RecipientRestrictionFilter "Department -eq \'Sales\'"', boss)
    await site.run(
      "New-RoleGroup 'Sales Desk' -Roles 'Mail Recipients','Mail Recipient Creation' -Members ann -CustomRecipientWriteScope Sales",
      boss,
    )
    const outside = refusal('OutOfScope', /'mary@contoso\.com' is outside the scope/)
    assert.deepEqual(await site.run('Set-Mailbox sam -DisplayName Samuel', ann), [{ DisplayName: 'Samuel', Size: 7 }])
    await assert.rejects(site.run('Set-Mailbox mary -DisplayName M', ann), outside)
    await assert.rejects(site.run('Set-Mailbox mary -DisplayName M -WhatIf', ann), outside)
    await assert.rejects(site.run('Set-MailboxRegionalConfiguration mary -Language de', ann), outside)
    await assert.rejects(site.run('Set-MailboxRegionalConfiguration mary:\\Calendar -Language de', ann), outside)
    await assert.rejects(site.run(`Remove-Mailbox ${site.mary.recipient}`, ann), outside)
    await assert.rejects(site.run(`Set-Password ${site.mary.recipient}`, ann), outside)
    assert.equal(await directory.checkPassword(await directory.recipient(organisation, site.mary.recipient), 'new'), false)
    await site.run(`Set-Password ${sam.recipient}`, ann)
    await site.run('New-Mailbox tim -Department Sales', ann)
    await assert.rejects(site.run('New-Mailbox tom -Department Projects', ann), refusal('OutOfScope'))
    assert.equal(await directory.find('tom', organisation), undefined)
    // Nor is anybody brought out of it.
    await assert.rejects(site.run('Set-User sam -Department Projects', ann), refusal('OutOfScope'))
    // An administrator is not changed by who is held to a scope.
    await assert.rejects(site.run('Set-User boss -Department Sales', ann), refusal('OutOfScope'))
    assert.equal((await site.run('Get-Mailbox', ann)).length, 6)

    await site.run('Set-ManagementScope Sales -RecipientRestrictionFilter "Department -eq \'Projects\'"', boss)
    await assert.rejects(site.run('Set-Mailbox sam -DisplayName S', ann), refusal('OutOfScope'))
    await assert.rejects(site.run('Remove-ManagementScope Sales', boss), refusal('InvalidOperation', /is used by the assignment/))
    await assert.rejects(site.run("New-ManagementScope Odd -RecipientRestrictionFilter 'nonsense'", boss), refusal('InvalidParameter'))
    assert.deepEqual(
      (await site.run('Get-ManagementScope', boss)).map(({ Name, RecipientFilter }) => [Name, RecipientFilter]),
      [['Sales', "Department -eq 'Projects'"]],
    )
    await site.run("Set-ManagementRoleAssignment 'Mail Recipients-Sales Desk' -CustomRecipientWriteScope $null", boss)
    await site.run('Set-Mailbox mary -DisplayName Maria', ann)
  })

  test(`each parameter reaches as far as the roles that give it (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss } = site
    const ann = await site.person('ann')
    await site.person('sam', [], { department: 'Sales' })
    await site.run('New-ManagementScope Sales -RecipientRestrictionFilter "Department -eq \'Sales\'"', boss)
    await site.run("New-ManagementRole Names -Parent 'Mail Recipients' -EnabledCmdlets Set-Mailbox", boss)
    await site.run('Set-ManagementRoleEntry Names\\Set-Mailbox -Parameters Identity,DisplayName', boss)
    await site.run('New-ManagementRoleAssignment -Role Names -User ann', boss)
    await site.run("New-ManagementRoleAssignment -Role 'Mail Recipients' -User ann -CustomRecipientWriteScope Sales", boss)
    await site.run('Set-Mailbox mary -DisplayName Maria', ann)
    await site.run('Set-Mailbox sam -DisplayName S -Office 1', ann)
    await assert.rejects(site.run('Set-Mailbox mary -Office 1', ann), refusal('OutOfScope'))
    await assert.rejects(site.run('Set-Mailbox mary -DisplayName M -Office 1', ann), refusal('OutOfScope'))
  })

  test(`users have their own options, of themselves alone (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { mary, boss, organisation, directory } = site
    await site.run('Set-Mailbox mary -ForwardingSmtpAddress a@fabrikam.com', mary)
    await site.run('Set-User mary -Phone 1', mary)
    await assert.rejects(site.run('Set-Mailbox boss -ForwardingSmtpAddress a@fabrikam.com', mary), refusal('OutOfScope'))
    await assert.rejects(site.run('Set-User mary -Department Board', mary), refusal('InvalidParameter', /no parameter -Department\.$/))
    const misspelt = Array.fromAsync(site.admin.invoke(mary, 'Set-Mailbox', { Identity: 'mary', Offise: '1' }))
    await assert.rejects(misspelt, refusal('InvalidParameter', /no parameter -Offise\.$/))
    await assert.rejects(site.run('Set-Mailbox mary -Passwor x', mary), refusal('InvalidParameter'))
    assert.deepEqual(await site.run('Get-Mailbox', mary), [{ Alias: 'mary' }])
    await assert.rejects(site.run('Get-Mailbox boss', mary), refusal('ObjectNotFound'))
    await assert.rejects(site.run(`Get-Mailbox boss@contoso.com`, mary), refusal('ObjectNotFound'))

    await site.run("New-RoleAssignmentPolicy Strict -Roles MyContactInformation -Description 'Little'", boss)
    await directory.update(organisation, mary.recipient, { roleAssignmentPolicy: 'Strict' })
    await assert.rejects(site.run('Set-Mailbox mary -ForwardingSmtpAddress a@fabrikam.com', mary), refusal('AccessDenied'))
    await site.run('Set-User mary -Phone 2', mary)
    await site.run('Set-RoleAssignmentPolicy Strict -IsDefault', boss)
    await assert.rejects(site.run('Set-Mailbox sharer -ForwardingSmtpAddress a@fabrikam.com', site.sharer), refusal('AccessDenied'))
    await assert.rejects(site.run('Remove-RoleAssignmentPolicy Strict', boss), refusal('InvalidOperation', /the default one/))
    await site.run("Set-RoleAssignmentPolicy 'Default Role Assignment Policy' -IsDefault", boss)
    await site.run('Remove-RoleAssignmentPolicy Strict', boss)
    await site.run('Set-Mailbox mary -ForwardingSmtpAddress a@fabrikam.com', mary)
    assert.deepEqual(
      (await site.run('Get-RoleAssignmentPolicy', boss)).map(({ Name, IsDefault }) => [Name, IsDefault]),
      [['Default Role Assignment Policy', true]],
    )
    await assert.rejects(
      site.run("New-RoleAssignmentPolicy Wide -Roles 'Mail Recipients'", boss),
      refusal('InvalidParameter', /no role for users/),
    )
  })

  test(`groups that one manages, where the policy lets one (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { mary, boss, organisation, directory } = site
    const own = await groupOf(site, 'own', [])
    await groupOf(site, 'other', [])
    await directory.update(organisation, own, { managedBy: [mary.recipient] })
    await assert.rejects(site.run('Add-DistributionGroupMember own boss', mary), refusal('AccessDenied'))
    await site.run("New-ManagementRoleAssignment -Role MyDistributionGroups -Policy 'Default Role Assignment Policy'", boss)
    await site.run('Add-DistributionGroupMember own boss', mary)
    await assert.rejects(site.run('Add-DistributionGroupMember other boss', mary), refusal('OutOfScope'))
  })

  test(`impersonation is a role: within its scope, while it is enabled (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss, directory, organisation } = site
    const app = await site.person('app')
    const target = async (alias: string) => (await directory.find(alias, organisation))!
    await site.person('sam', [], { department: 'Sales' })
    assert.equal(await site.roles.mayImpersonate(boss), false)
    await site.run('New-ManagementScope Sales -RecipientRestrictionFilter "Department -eq \'Sales\'"', boss)
    await site.run('New-ManagementRoleAssignment Apps -Role ApplicationImpersonation -User app -CustomRecipientWriteScope Sales', boss)
    assert.equal(await site.roles.mayImpersonate(app, await target('sam')), true)
    assert.equal(await site.roles.mayImpersonate(app, await target('boss')), false)
    await site.run('Set-ManagementRoleAssignment Apps -Enabled $false', boss)
    assert.equal(await site.roles.mayImpersonate(app, await target('sam')), false)
    await site.run('Set-ManagementRoleAssignment Apps -Enabled $true', boss)
    assert.equal(await site.roles.mayImpersonate(app), true)
    await site.run('Remove-ManagementRoleAssignment Apps', boss)
    assert.equal(await site.roles.mayImpersonate(app), false)
  })
}

test('administrators show a second factor; what is dangerous, not long ago; app passwords never', async () => {
  await using site = await rightsDesk()
  const { boss, mary, clock } = site
  const as = (caller: Caller, signedIn?: Caller['signedIn']): Caller => {
    const { signedIn: _, ...rest } = caller
    return signedIn ? { ...rest, signedIn } : rest
  }
  const dangerous = "Add-RoleGroupMember 'Help Desk' -Member mary"
  for (const caller of [
    as(boss),
    as(boss, { by: 'password', secondFactor: false, at: clock.now }),
    as(boss, { by: 'app-password', secondFactor: false, at: clock.now }),
  ]) {
    for (const line of ['Get-RoleGroup', dangerous, 'Get-Mailbox mary'])
      await assert.rejects(site.run(line, caller), refusal('SecondFactorRequired', /second factor/))
  }
  await assert.rejects(site.run("Add-RoleGroupMember 'Help Desk' -Member boss", as(mary)), refusal('AccessDenied'))
  await site.run('Set-User mary -Phone 1', as(mary))
  clock.now += 16 * 60_000
  await assert.rejects(site.run(dangerous, boss), refusal('StepUpRequired', /last 15 minutes/))
  await site.run('Get-RoleGroup', boss)
  await site.run(dangerous, await site.again(boss))

  const lenient: SignInPolicy = { secondFactorRequired: () => false, stepUpMinutes: () => 5 }
  await using open = await rightsDesk(undefined, { signInPolicy: lenient })
  await open.run('Get-RoleGroup', as(open.boss, { by: 'app-password', secondFactor: false, at: open.clock.now }))
  await assert.rejects(
    open.run(dangerous, as(open.boss, { by: 'app-password', secondFactor: true, at: open.clock.now })),
    refusal('AccessDenied', /app password/),
  )
  await assert.rejects(open.run(dangerous, as(open.boss)), refusal('StepUpRequired', /last 5 minutes/))
  await open.run(dangerous, as(open.boss, { by: 'password', secondFactor: false, at: open.clock.now }))
})

for (const engine of quickEngines) {
  test(`the cmdlets of recipients keep to it: own options, passwords, what opens mail (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { mary, clock } = site
    const rob = await site.person('rob', ['Recipient Management'])
    const names = (rows: Record<string, unknown>[]) => rows.map(({ Alias }) => Alias)
    assert.deepEqual(names(await site.run('Get-Mailbox', mary)), ['mary'])
    assert.deepEqual(names(await site.run('Get-Mailbox mary@contoso.com', mary)), ['mary'])
    await assert.rejects(site.run('Get-Mailbox boss', mary), refusal('ObjectNotFound'))
    await assert.rejects(site.run('Get-Mailbox -Anr boss', mary), refusal('InvalidParameter', /no parameter -Anr\.$/))
    await site.run('Set-User mary -City Berlin', mary)
    assert.equal((await site.run('Get-User mary', mary))[0]!.City, 'Berlin')
    await assert.rejects(site.run('Set-User boss -City Berlin', mary), refusal('OutOfScope'))
    // Whoever sets an administrator's password is that administrator.
    await assert.rejects(site.run('Set-Mailbox boss -Password x', rob), refusal('InvalidParameter', /no parameter -Password/))
    await assert.rejects(site.run('Set-MailUser boss -Password x', rob), refusal('InvalidParameter', /no parameter -Password/))
    const holder = await site.person('ann', ['Reset Password'])
    await site.run("Set-Mailbox mary -Password 'Wort-1'", holder)
    assert.ok(await site.directory.checkPassword(await site.directory.recipient(site.organisation, mary.recipient), 'Wort-1'))
    clock.now += 3_600_000
    await site.run('Set-Mailbox mary -MailTip Hello', mary)
    for (const line of ['Set-Mailbox mary -ForwardingSmtpAddress a@fabrikam.com', 'Set-Mailbox mary -GrantSendOnBehalfTo boss'])
      await assert.rejects(site.run(line, mary), refusal('StepUpRequired', /Set-Mailbox -\w+ asks for a sign-in/), line)
    await site.run('Set-Mailbox mary -ForwardingSmtpAddress a@fabrikam.com', await site.again(mary))
    // Who decides what others sign in with shows their own factor first.
    for (const line of [
      'New-AuthenticationPolicy Lax -SecondFactor Nobody',
      'Set-OrganizationConfig -DefaultAuthenticationPolicy Lax',
      'New-PartnerApplication Mine -ApplicationIdentifier 00000006-0000-0dd1-ac00-000000000000',
    ])
      await assert.rejects(site.run(line, site.boss), refusal('StepUpRequired'), line)
  })
}
