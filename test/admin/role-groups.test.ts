import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInGroups, builtInRoles } from '#access'
import type { Caller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { refusal } from './desk.ts'
import { groupOf, rightsDesk } from './rights-desk.ts'

const names = (rows: Record<string, unknown>[]) => rows.map(({ Name }) => Name)

test('every role that a cmdlet of a site names is one that is shipped', async () => {
  await using site = await startTestSite()
  const known = new Set(builtInRoles.map(({ name }) => name))
  for (const { name, roles } of site.admin.cmdlets) for (const role of roles) assert.ok(known.has(role), `${name} names '${role}'`)
  for (const { groups } of builtInRoles) for (const group of groups) assert.ok(group in builtInGroups)
})

for (const engine of quickEngines) {
  test(`what each shipped role group may run, and what not (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const table: Record<keyof typeof builtInGroups, { may: string[]; mayNot: string[] }> = {
      'Organization Management': { may: ['Set-SendConnector', 'New-Mailbox', 'Add-RoleGroupMember', 'Search-AdminAuditLog', 'Get-Mailbox'], mayNot: [] },
      'View-Only Organization Management': { may: ['Get-Mailbox', 'Get-SendConnector', 'Get-RoleGroup'], mayNot: ['Remove-Mailbox', 'New-SendConnector', 'Add-RoleGroupMember', 'Search-AdminAuditLog'] },
      'Recipient Management': { may: ['Get-Mailbox', 'Set-Mailbox', 'New-Mailbox', 'Add-DistributionGroupMember'], mayNot: ['Set-SendConnector', 'Get-RoleGroup', 'Add-RoleGroupMember', 'New-AcceptedDomain', 'Set-AdminAuditLogConfig'] },
      'Help Desk': { may: ['Get-Mailbox', 'Set-User'], mayNot: ['New-Mailbox', 'Add-RoleGroupMember', 'Get-SendConnector', 'New-ManagementRoleAssignment'] },
      'Hygiene Management': { may: ['Set-ReceiveConnector', 'Get-Mailbox'], mayNot: ['Set-SendConnector', 'Remove-Mailbox'] },
      'Compliance Management': { may: ['Search-AdminAuditLog', 'Get-Mailbox'], mayNot: ['Set-AdminAuditLogConfig', 'Remove-Mailbox'] },
      'Records Management': { may: ['Search-AdminAuditLog', 'Set-AdminAuditLogConfig'], mayNot: ['Remove-Mailbox', 'Set-SendConnector'] },
      'Discovery Management': { may: [], mayNot: ['Remove-Mailbox', 'Get-SendConnector', 'Search-AdminAuditLog'] },
      'Public Folder Management': { may: [], mayNot: ['Set-SendConnector', 'New-Mailbox'] },
      'Server Management': { may: ['Set-ReceiveConnector', 'New-ExchangeCertificate', 'Set-WebServicesVirtualDirectory'], mayNot: ['Set-SendConnector', 'Remove-Mailbox', 'Add-RoleGroupMember'] },
      'Delegated Setup': { may: ['Get-SendConnector'], mayNot: ['Set-SendConnector', 'Set-ReceiveConnector', 'New-Mailbox'] },
    } // prettier-ignore
    for (const [index, [group, { may, mayNot }]] of Object.entries(table).entries()) {
      const caller = await site.person(`p${index}`, [group])
      const seen = (await site.admin.cmdletsFor(caller)).map(({ name }) => name)
      for (const name of may) assert.ok(seen.includes(name), `${group} may run ${name}`)
      for (const name of mayNot) {
        await assert.rejects(Array.fromAsync(site.admin.invoke(caller, name, {})), refusal('AccessDenied'), `${group} may not run ${name}`)
      }
    }
  })

  test(`members come and go, and count from the next command on (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { mary, boss } = site
    const denied = () => assert.rejects(site.run('New-Mailbox a', mary), refusal('AccessDenied'))
    await denied()
    await site.run("Add-RoleGroupMember 'Recipient Management' -Member mary", boss)
    await site.run('New-Mailbox a', mary)
    await assert.rejects(
      site.run("Add-RoleGroupMember 'Recipient Management' -Member mary", boss),
      refusal('NameTaken', /'mary' is a member/),
    )
    assert.deepEqual(names(await site.run("Get-RoleGroupMember 'Recipient Management'", boss)), ['mary Baker'])
    const [group] = await site.run("Get-RoleGroup 'recipient management'", boss)
    assert.deepEqual([group!.Members, group!.ManagedBy], [['mary Baker'], ['Organization Management']])
    assert.ok((group!.Roles as string[]).includes('Mail Recipients') && !(group!.Roles as string[]).includes('Role Management'))
    await site.run("Remove-RoleGroupMember 'Recipient Management' -Member mary", boss)
    await denied()
    await assert.rejects(
      site.run("Remove-RoleGroupMember 'Recipient Management' -Member mary", boss),
      refusal('ObjectNotFound', /no member/),
    )
    await site.run("Update-RoleGroupMember 'Recipient Management' -Members mary,sharer", boss)
    assert.deepEqual(names(await site.run("Get-RoleGroupMember 'Recipient Management'", boss)), ['mary Baker', 'sharer Baker'])
    await site.run("Update-RoleGroupMember 'Recipient Management' -Members @{Remove='mary'}", boss)
    await denied()
  })

  test(`groups and role groups are members too, nested and in loops (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { mary, boss } = site
    const inner = await groupOf(site, 'inner', [mary.recipient])
    await groupOf(site, 'outer', [inner])
    await site.run("New-RoleGroup 'Berlin' -Members outer", boss)
    await site.run("Add-RoleGroupMember 'Recipient Management' -Member Berlin", boss)
    const nested = await site.again(mary)
    await site.run('New-Mailbox a', nested)
    await site.run("Add-RoleGroupMember 'Berlin' -Member 'Recipient Management'", boss)
    await site.run('New-Mailbox b', nested)
    await assert.rejects(site.run("Add-RoleGroupMember 'Berlin' -Member Berlin", boss), refusal('InvalidOperation', /its own member/))
    await site.directory.update(site.organisation, inner, { members: [] })
    await assert.rejects(site.run('New-Mailbox c', await site.again(mary)), refusal('AccessDenied'))
    await site.run('Remove-RoleGroup Berlin', boss)
    assert.deepEqual(await site.run("Get-RoleGroupMember 'Recipient Management'", boss), [])
  })

  test(`an organisation cannot lock itself out, not by two at once either (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { boss, system } = site
    await assert.rejects(
      site.run("Remove-RoleGroupMember 'Organization Management' -Member boss", boss),
      refusal('InvalidOperation', /must keep a member/),
    )
    await assert.rejects(site.run("Update-RoleGroupMember 'Organization Management' -Members @()", system), refusal('InvalidOperation'))
    await assert.rejects(
      site.run("Remove-ManagementRoleAssignment 'Mail Recipients-Organization Management-Delegating'", boss),
      refusal('InvalidOperation', /last delegating/),
    )
    await assert.rejects(
      site.run("Remove-ManagementRoleAssignment 'Role Management-Organization Management'", boss),
      refusal('InvalidOperation', /last regular/),
    )
    await assert.rejects(
      site.run("Set-ManagementRoleAssignment 'Role Management-Organization Management' -Enabled $false", boss),
      refusal('InvalidOperation', /last regular/),
    )
    await assert.rejects(
      site.run("Set-ManagementRoleAssignment 'Role Management-Organization Management' -RecipientRelativeWriteScope None", boss),
      refusal('InvalidOperation'),
    )
    await assert.rejects(site.run("Remove-RoleGroup 'Organization Management'", boss), refusal('InvalidOperation', /built in/))
    await assert.rejects(
      site.run("Set-RoleGroup 'Organization Management' -Name Other", boss),
      refusal('InvalidOperation', /keeps its name/),
    )
    const second = await site.person('second', ['Organization Management'])
    const outcomes = await Promise.allSettled([
      site.run("Remove-RoleGroupMember 'Organization Management' -Member boss", system),
      site.run("Remove-RoleGroupMember 'Organization Management' -Member second", system),
    ])
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal((await site.run("Get-RoleGroupMember 'Organization Management'")).length, 1)
    // The role moves once another group has it.
    const left = (await site.admin.cmdletsFor(second)).some(({ name }) => name === 'New-RoleGroup') ? second : boss
    await site.run("New-RoleGroup 'Permissions' -Roles 'Role Management'", left)
    await site.run("New-ManagementRoleAssignment -Role 'Role Management' -SecurityGroup Permissions -Delegating", left)
    await site.run("Remove-ManagementRoleAssignment 'Role Management-Organization Management-Delegating'", left)
  })

  test(`nobody raises themselves (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const desk = await site.person('ann', ['Help Desk'])
    const recipients = await site.person('rob', ['Recipient Management'])
    const manager = await site.person('zoe', ['Role Management'])
    const refusedFor = async (caller: Caller, ...lines: string[]) => {
      for (const line of lines) await assert.rejects(site.run(line, caller), refusal('AccessDenied'), line)
    }
    await refusedFor(
      desk,
      "Add-RoleGroupMember 'Organization Management' -Member ann",
      "New-ManagementRoleAssignment -Role 'Role Management' -User ann",
      "New-RoleGroup Mine -Roles 'Role Management' -Members ann",
    )
    // Holding Role Management is not enough: the role must be one's to give, the role group one's to manage.
    await refusedFor(
      manager,
      "Add-RoleGroupMember 'Organization Management' -Member zoe",
      "New-ManagementRoleAssignment -Role 'Mail Recipients' -User zoe",
      "New-RoleGroup Mine -Roles 'Mail Recipients' -Members zoe",
      "New-ManagementRole Mine -Parent 'Mail Recipients'",
      "Remove-ManagementRoleAssignment 'Mail Recipients-Recipient Management'",
      "Set-RoleGroup 'Recipient Management' -ManagedBy zoe",
      'New-RoleAssignmentPolicy Mine -Roles MyBaseOptions',
    )
    // A group that gives rights is not filled by who fills groups.
    await groupOf(site, 'admins', [])
    const outer = await groupOf(site, 'friends', [])
    await site.run("Add-RoleGroupMember 'Organization Management' -Member admins", site.boss)
    await refusedFor(recipients, 'Add-DistributionGroupMember admins rob')
    await site.run('Add-DistributionGroupMember friends rob', recipients)
    await site.directory.update(site.organisation, (await site.directory.find('admins', site.organisation))!.id, { members: [outer] })
    await refusedFor(recipients, 'Add-DistributionGroupMember friends ann')
    assert.deepEqual(await site.admin.cmdletsFor({ ...recipients, actor: { recipient: desk.recipient, address: desk.address } }), [])
  })
}

test('who manages a role group changes its members; Role Management may set that aside, as in Exchange', async () => {
  await using site = await rightsDesk()
  const ann = await site.person('ann', ['Role Management'])
  await site.person('tom')
  await site.run("New-RoleGroup Berlin -Roles 'Mail Recipients' -ManagedBy ann -Description 'The desk in Berlin'", site.boss)
  await site.run('Add-RoleGroupMember Berlin -Member mary', ann)
  await site.run('Set-Mailbox tom -Office 1', site.mary)
  await assert.rejects(site.run('Add-RoleGroupMember Berlin -Member sharer', site.boss), refusal('AccessDenied', /you do not/))
  await site.run('Add-RoleGroupMember Berlin -Member sharer -BypassSecurityGroupManagerCheck', site.boss)
  await assert.rejects(site.run('Set-RoleGroup Berlin -ManagedBy @{Remove="ann"}', ann), refusal('InvalidParameter', /must keep a manager/))
  await assert.rejects(site.run("New-RoleGroup 'berlin'", site.boss), refusal('NameTaken', /'berlin' is taken/))
  await assert.rejects(site.run("New-RoleGroup 'a\\b'", site.boss), refusal('InvalidParameter'))
})

test('what an earlier release wrote beside a person is taken over once', async () => {
  await using site = await rightsDesk()
  const { id } = await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.com' })
  const old = {
    alias: 'old',
    displayName: 'Old',
    kind: 'UserMailbox',
    roles: ['ApplicationImpersonation', 'Organization Management', 'Nonsense'],
  } as const
  const recipient = await site.directory.create(id, old as never)
  const caller = await site.directory.callerFor(recipient)
  assert.equal(await site.roles.mayImpersonate(caller), true)
  const { isAdministrator, state } = await site.roles.rightsOf(caller)
  assert.deepEqual([isAdministrator, state.version], [true, 1])
  await site.roles.change(id, ({ held }) =>
    held.get(recipient.id)!.map((one) => ({ kind: 'ManagementRoleAssignment', id: one.id, value: undefined })),
  )
  assert.equal(await site.roles.mayImpersonate(caller), false)
})
