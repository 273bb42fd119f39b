import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRoles } from '#access'
import { Refusal } from '#model'
import { readEntryName } from '../../src/admin/roles/role-entry.ts'
import { quickEngines } from '../support/engines.ts'
import { refusal } from './desk.ts'
import { groupOf, rightsDesk } from './rights-desk.ts'

for (const engine of quickEngines) {
  test(`a role made from another one has no more than that, and what is taken away is gone at once (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss, mary } = site
    await site.person('tom')
    const [made] = await site.run("New-ManagementRole 'Junior' -Parent 'Mail Recipients' -Description 'Changes mailboxes'", boss)
    assert.deepEqual(
      [made!.Parent, made!.IsRootRole, made!.RoleType, made!.IsEndUserRole],
      ['Mail Recipients', false, 'MailRecipients', false],
    )
    await site.run('New-ManagementRoleAssignment -Role Junior -User mary', boss)
    await site.run('Set-Mailbox tom -Office 1 -ForwardingSmtpAddress a@b.com', mary)
    await site.run('Set-ManagementRoleEntry Junior\\Set-Mailbox -Parameters ForwardingSmtpAddress -RemoveParameter', boss)
    await site.run('Set-Mailbox tom -Office 2', mary)
    // Of herself she has it still, by the policy: of him not.
    await assert.rejects(site.run('Set-Mailbox tom -ForwardingSmtpAddress a@b.com', mary), refusal('OutOfScope'))
    await site.run('Remove-ManagementRoleEntry Junior\\Set-User', boss)
    await assert.rejects(site.run('Set-User mary -Department X', mary), refusal('InvalidParameter', /no parameter -Department/))
    const [entry] = await site.run('Get-ManagementRoleEntry junior\\set-mailbox', boss)
    assert.deepEqual([entry!.Identity, entry!.Parameters], ['Junior\\Set-Mailbox', ['Identity', 'DisplayName', 'Office', 'Size']])
    await assert.rejects(site.run('Get-ManagementRoleEntry Junior\\Set-User', boss), refusal('ObjectNotFound', /does not have Set-User/))

    const beyond: [string, RegExp][] = [
      ['Add-ManagementRoleEntry Junior\\New-Mailbox', /no more than the one it is made from/],
      ['Add-ManagementRoleEntry Junior\\Add-RoleGroupMember', /no more than/],
      ["Add-ManagementRoleEntry 'Mail Recipients\\New-Mailbox'", /built in/],
      ["Remove-ManagementRoleEntry 'Mail Recipients\\Set-Mailbox'", /built in/],
    ]
    for (const [line, message] of beyond) await assert.rejects(site.run(line, boss), refusal('InvalidOperation', message), line)
    await assert.rejects(
      site.run('Set-ManagementRoleEntry Junior\\Set-Mailbox -Parameters Password -AddParameter', boss),
      refusal('InvalidParameter', /no -Password/),
    )
    await assert.rejects(site.run('Add-ManagementRoleEntry Junior\\Set-Mailbox', boss), refusal('NameTaken', /-Overwrite/))
    await site.run('Add-ManagementRoleEntry Junior\\Set-Mailbox -Parameters identity,office -Overwrite', boss)
    await assert.rejects(site.run('Set-Mailbox tom -DisplayName B', mary), refusal('InvalidParameter', /no parameter -DisplayName\.$/))
    await site.run('Add-ManagementRoleEntry Junior\\Set-User', boss)
    await site.run('Set-User tom -Department X', mary)

    // A grandchild loses what its parent loses.
    await site.run("New-ManagementRole 'Younger' -Parent Junior", boss)
    await site.run('Set-ManagementRoleEntry Junior\\Set-Mailbox -Parameters Identity', boss)
    assert.deepEqual((await site.run('Get-ManagementRoleEntry Younger\\Set-Mailbox', boss))[0]!.Parameters, ['Identity'])
    await assert.rejects(site.run('Remove-ManagementRole Junior', boss), refusal('InvalidOperation', /say -Recurse/))
    await assert.rejects(
      site.run('Remove-ManagementRole Junior -Recurse', boss),
      refusal('InvalidOperation', /is assigned by 'Junior-mary Baker'/),
    )
    await site.run("Remove-ManagementRoleAssignment 'Junior-mary Baker'", boss)
    await site.run('Remove-ManagementRole Junior -Recurse', boss)
    await assert.rejects(site.run('Get-ManagementRole Younger', boss), refusal('ObjectNotFound'))
    await assert.rejects(site.run("Remove-ManagementRole 'Mail Recipients'", boss), refusal('InvalidOperation', /built in/))
    await assert.rejects(site.run('Set-User boss -Department X', mary), refusal('InvalidParameter'))
  })

  test(`roles, entries and assignments are found by what is asked for (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss, mary } = site
    const names = async (line: string) => (await site.run(line, boss)).map(({ Name }) => Name)
    assert.deepEqual(await names('Get-ManagementRole -Cmdlet New-Mailbox'), ['Mail Recipient Creation'])
    assert.deepEqual(await names('Get-ManagementRole -Cmdlet Set-Mailbox -CmdletParameters Password'), ['Reset Password'])
    await site.run('New-ManagementRole A -Parent MyBaseOptions', boss)
    await site.run('New-ManagementRole B -Parent A', boss)
    assert.deepEqual(await names('Get-ManagementRole MyBaseOptions -GetChildren'), ['A'])
    assert.deepEqual(await names('Get-ManagementRole MyBaseOptions -Recurse'), ['A', 'B', 'MyBaseOptions'])
    assert.deepEqual(await names('Get-ManagementRole -RoleType MyBaseOptions'), ['A', 'B', 'MyBaseOptions'])
    assert.deepEqual(await names('Get-ManagementRoleAssignment -Role ApplicationImpersonation'), [
      'ApplicationImpersonation-Hygiene Management',
      'ApplicationImpersonation-Organization Management-Delegating',
    ])
    await groupOf(site, 'staff', [mary.recipient])
    await site.run("Add-RoleGroupMember 'Hygiene Management' -Member staff", boss)
    const users = await site.run('Get-ManagementRoleAssignment -Role ApplicationImpersonation -Delegating $false -GetEffectiveUsers', boss)
    assert.deepEqual(
      users.map(({ EffectiveUserName, RoleAssigneeType }) => [EffectiveUserName, RoleAssigneeType]),
      [['mary Baker', 'RoleGroup']],
    )
    const hers = await site.run('Get-ManagementRoleAssignment -RoleAssignee mary -RoleAssigneeType RoleGroup', boss)
    assert.ok(hers.length === 6 && hers.every(({ AssignmentMethod }) => AssignmentMethod === 'RoleGroup'))
    assert.equal((await names('Get-ManagementRoleAssignment -RoleAssignee mary -AssignmentMethod RoleAssignmentPolicy')).length, 4)
    await site.run('New-ManagementRoleAssignment Direct -Role Monitoring -SecurityGroup staff', boss)
    assert.deepEqual(await names('Get-ManagementRoleAssignment -RoleAssignee staff -AssignmentMethod Direct'), ['Direct'])
    assert.ok((await names('Get-ManagementRoleAssignment -WritableRecipient mary')).includes('Mail Recipients-Recipient Management'))
    await site.run("Remove-ManagementRoleAssignment 'Mail Recipients-Recipient Management'", boss)
    assert.ok(!(await names('Get-ManagementRoleAssignment')).includes('Mail Recipients-Recipient Management'))
  })

  test(`an assignment that cannot be is refused, and nothing is changed (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss } = site
    const before = (await site.roles.state(site.organisation)).version
    const cases: [string, Parameters<typeof refusal>[0], RegExp][] = [
      ["New-ManagementRoleAssignment -Role 'Mail Recipients'", 'InvalidParameter', /one of -User, -SecurityGroup and -Policy/],
      ["New-ManagementRoleAssignment -Role 'Mail Recipients' -User mary -SecurityGroup 'Help Desk'", 'InvalidParameter', /one of/],
      [
        "New-ManagementRoleAssignment -Role 'Mail Recipients' -Policy 'Default Role Assignment Policy'",
        'InvalidParameter',
        /no role for users/,
      ],
      [
        "New-ManagementRoleAssignment -Role MyBaseOptions -Policy 'Default Role Assignment Policy' -Delegating",
        'InvalidParameter',
        /does not give roles on/,
      ],
      [
        'New-ManagementRoleAssignment -Role MyBaseOptions -User mary -RecipientRelativeWriteScope Organization',
        'InvalidParameter',
        /scope of its own/,
      ],
      ['New-ManagementRoleAssignment -Role Nothing -User mary', 'ObjectNotFound', /no ManagementRole 'Nothing'/],
      ['New-ManagementRoleAssignment -Role Monitoring -User nobody', 'ObjectNotFound', /'nobody'/],
      ['New-ManagementRoleAssignment -Role Monitoring -User mary -CustomRecipientWriteScope Nowhere', 'ObjectNotFound', /ManagementScope/],
      ["New-ManagementRole 'a\\b' -Parent Monitoring", 'InvalidParameter', /-Name/],
      ['New-ManagementRole monitoring -Parent Monitoring', 'NameTaken', /taken/],
      ['New-ManagementRole X -Parent Monitoring -EnabledCmdlets New-Mailbox', 'InvalidParameter', /no more than/],
    ]
    for (const [line, code, message] of cases) await assert.rejects(site.run(line, boss), refusal(code, message), line)
    assert.equal((await site.roles.state(site.organisation)).version, before)
  })
}

test('a right is seen by every process at once', async () => {
  await using site = await rightsDesk()
  const other = createRoles({
    store: site.store,
    directory: site.directory,
    clock: () => site.clock.now,
    random: (size) => Buffer.alloc(size, 7),
  })
  assert.equal((await other.rightsOf(site.mary)).isAdministrator, false)
  await site.run("Add-RoleGroupMember 'Help Desk' -Member mary", site.boss)
  assert.equal((await other.rightsOf(site.mary)).isAdministrator, true)
  await other.change(site.organisation, ({ groups }) => {
    const group = groups.values().find(({ name }) => name === 'Help Desk')!
    return [{ kind: 'RoleGroup', id: group.id, value: { ...group, members: [] } }]
  })
  await assert.rejects(site.run('Set-User boss -Phone 1', site.mary), refusal('OutOfScope'))
})

test('whatever names an entry, it is read or refused', () => {
  assert.deepEqual(readEntryName('Mail Recipients\\Set-Mailbox'), { role: 'Mail Recipients', cmdlet: 'Set-Mailbox' })
  assert.deepEqual(readEntryName('*\\Set-*'), { role: '*', cmdlet: 'Set-*' })
  for (const odd of [
    '',
    '\\',
    'Set-Mailbox',
    '\\Set-Mailbox',
    'Mail Recipients\\',
    'a\\b c',
    'a\\Set-Mailbox;',
    `${'a'.repeat(300)}\\Set-Mailbox`,
  ]) {
    assert.throws(() => readEntryName(odd), refusal('InvalidParameter', /a role, a backslash and a cmdlet/), odd)
  }
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.stringMatching(/^[A-Za-z *-]{0,20}\\{0,2}[A-Za-z*-]{0,20}$/))
  fc.assert(
    fc.property(text, (identity) => {
      try {
        const { role, cmdlet } = readEntryName(identity)
        assert.ok(identity.includes(`\\`) && role.length > 0 && cmdlet.length > 0 && !cmdlet.includes('\\'))
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
