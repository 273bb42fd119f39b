import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmdlet } from '#admin'
import { Refusal } from '#model'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal, type Desk } from './desk.ts'
import { plainCmdlets, rightsDesk } from './rights-desk.ts'

const day = 86_400_000
const search = (site: Desk, rest = '') => site.run(`Search-AdminAuditLog ${rest}`, site.system)
const cmdletsOf = async (site: Desk, rest = '') => (await search(site, rest)).map(({ CmdletName }) => CmdletName)

for (const engine of quickEngines) {
  test(`what changes something is in the log: who, what, on what, from where, how it ended (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const caller = { ...site.boss, remoteAddress: '192.0.2.7', client: 'shell/1' }
    site.clock.now += 1000
    await site.run("Set-Mailbox mary -DisplayName 'Mary Jensen' -Office 1", caller)
    site.clock.now += 1000
    await assert.rejects(site.run('Set-ManagementRole x', caller), refusal('CmdletNotFound'))
    await assert.rejects(site.run("Remove-RoleGroup 'Help Desk'", caller), refusal('InvalidOperation'))
    await site.run('Get-Mailbox', caller)
    await site.run('Set-Mailbox mary -WhatIf', caller)
    const rows = await search(site)
    assert.deepEqual(
      rows.map(({ CmdletName }) => CmdletName),
      ['Remove-RoleGroup', 'Set-Mailbox'],
    )
    const { Identity, ...changed } = rows[1]!
    assert.match(String(Identity), /^\d{16}-[0-9a-f-]{36}$/)
    assert.deepEqual(changed, {
      RunDate: new Date(site.clock.now - 1000),
      Caller: 'boss@contoso.com',
      CmdletName: 'Set-Mailbox',
      CmdletParameters: [
        { Name: 'DisplayName', Value: 'Mary Jensen' },
        { Name: 'Office', Value: '1' },
        { Name: 'Identity', Value: 'mary' },
      ],
      ObjectModified: 'mary@contoso.com',
      Succeeded: true,
      Error: '',
      ClientIP: '192.0.2.7',
      ClientInfoString: 'shell/1',
    })
    assert.deepEqual([rows[0]!.Succeeded, rows[0]!.ObjectModified], [false, 'Help Desk'])
    assert.match(String(rows[0]!.Error), /is built in/)
  })

  test(`it is searched by time, caller, cmdlet, parameter, object and outcome, page by page (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const start = site.clock.now
    for (const [index, alias] of ['mary', 'boss', 'sharer'].entries()) {
      site.clock.now = start + index * day
      await site.run(`Set-Mailbox ${alias} -Office ${index}`, index === 2 ? site.system : await site.again(site.boss))
    }
    await site.run("Write-AdminAuditLog -Comment 'Maintenance'", await site.again(site.boss))
    await assert.rejects(site.run('New-AcceptedDomain -DomainName contoso.com'), refusal('NameTaken'))
    assert.deepEqual((await cmdletsOf(site)).toSorted(), [
      'New-AcceptedDomain',
      'Set-Mailbox',
      'Set-Mailbox',
      'Set-Mailbox',
      'Write-AdminAuditLog',
    ])
    const cases: [string, number][] = [
      ['-Cmdlets Set-Mailbox', 3],
      ['-Cmdlets set-*,Write-*', 4],
      ['-Cmdlets Set-Mailbox -Parameters Office', 3],
      ['-Cmdlets Set-Mailbox -Parameters DisplayName', 0],
      ['-UserIds boss@contoso.com', 3],
      ['-UserIds system', 2],
      ['-ObjectIds mary@contoso.com', 1],
      ['-IsSuccess $false', 1],
      ['-IsSuccess $true', 4],
      [`-EndDate ${new Date(start + day).toISOString()}`, 2],
      [`-StartDate ${new Date(start + day).toISOString()}`, 4],
      [`-StartDate ${new Date(start + 1).toISOString()} -EndDate ${new Date(start + day - 1).toISOString()}`, 0],
      ['-ResultSize 2', 2],
      ['-ResultSize 3 -StartIndex 4', 1],
      ['-StartIndex 9', 0],
    ]
    for (const [rest, count] of cases) assert.equal((await search(site, rest)).length, count, rest)
    const objects = (await search(site, '-Cmdlets Set-Mailbox')).map(({ ObjectModified }) => ObjectModified)
    assert.deepEqual(objects, ['sharer@contoso.com', 'boss@contoso.com', 'mary@contoso.com'], 'newest first')
    const odd: [string, RegExp][] = [
      ['-ResultSize 250001', /at most 250000/],
      ['-StartIndex -1', /0 or more/],
      ['-Parameters Office', /together with -Cmdlets/],
      ['-StartDate 2031-01-01 -EndDate 2030-01-01', /later than/],
    ]
    for (const [rest, message] of odd) await assert.rejects(search(site, rest), refusal('InvalidParameter', message), rest)
  })

  test(`an entry is begun before the change: a crash between leaves it without an outcome (${engine.name})`, async () => {
    let seen: Record<string, unknown>[] = []
    const look = cmdlet('Set-Look', {
      summary: 'Looks at the log.',
      roles: ['Monitoring'],
      parameters: {},
      run: async () => void (seen = await search(site)),
    })
    await using site = await desk(engine, [look])
    await site.run('Set-Look', site.boss)
    assert.deepEqual(
      seen.map(({ CmdletName, Succeeded, Error }) => [CmdletName, Succeeded, Error]),
      [['Set-Look', null, '']],
    )
    assert.deepEqual(
      (await search(site)).map(({ Succeeded }) => Succeeded),
      [true],
    )
  })

  test(`attempts that are refused are in the log, a bounded number a minute of one caller (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const { mary } = site
    const { signedIn: _, ...without } = site.boss
    await assert.rejects(site.run("Add-RoleGroupMember 'Organization Management' -Member mary", mary), refusal('AccessDenied'))
    await assert.rejects(site.run('Get-SendConnector', mary), refusal('AccessDenied'))
    await assert.rejects(site.run('Set-Mailbox boss -ForwardingSmtpAddress a@b.com', mary), refusal('OutOfScope'))
    await assert.rejects(site.run('Get-RoleGroup', without), refusal('SecondFactorRequired'))
    const rows = await search(site)
    assert.deepEqual(rows.map(({ Caller, CmdletName, Succeeded }) => [Caller, CmdletName, Succeeded]).toSorted(), [
      ['boss@contoso.com', 'Get-RoleGroup', false],
      ['mary@contoso.com', 'Add-RoleGroupMember', false],
      ['mary@contoso.com', 'Get-SendConnector', false],
      ['mary@contoso.com', 'Set-Mailbox', false],
    ])
    for (let count = 0; count < 40; count++) await assert.rejects(site.run('Get-SendConnector', mary), refusal('AccessDenied'))
    assert.equal((await search(site, '-UserIds mary*')).length, 30)
    site.clock.now += 60_000
    await assert.rejects(site.run('Get-SendConnector', mary), refusal('AccessDenied'))
    assert.equal((await search(site, '-UserIds mary*')).length, 31)
  })

  test(`old entries go, by the age that is set (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const stored = async () => (await site.store.read((tx) => tx.objects.list(site.organisation, 'AdminAuditLog', '', 1000))).length
    for (let count = 0; count < 5; count++) await site.run(`Set-Mailbox mary -Office ${count}`)
    site.clock.now += 91 * day
    assert.deepEqual(await search(site), [])
    assert.equal(await stored(), 5)
    await site.run('Set-Mailbox mary -Office 1')
    await site.run('Set-Mailbox mary -Office 2')
    assert.equal(await stored(), 3)
    await site.run('Set-AdminAuditLogConfig -AdminAuditLogAgeLimit 180.00:00:00')
    site.clock.now += 100 * day
    assert.equal((await search(site)).length, 3)
    const [config] = await site.run('Get-AdminAuditLogConfig')
    assert.equal(String(config!.AdminAuditLogAgeLimit), '180.00:00:00')
  })

  test(`the settings say what is kept; changing them always is (${engine.name})`, async () => {
    await using site = await rightsDesk(engine)
    const kept = async (line: string) => {
      const before = (await search(site)).length
      await site.run(line)
      return (await search(site)).length - before
    }
    const set = (rest: string) => site.run(`Set-AdminAuditLogConfig ${rest}`)
    await set('-AdminAuditLogExcludedCmdlets Set-User,New-*')
    assert.deepEqual(
      [await kept('Set-User mary -Phone 1'), await kept('New-Mailbox a'), await kept('Set-Mailbox mary -Office 1')],
      [0, 0, 1],
    )
    await set('-AdminAuditLogExcludedCmdlets @{Remove="New-*"} -AdminAuditLogCmdlets *Mailbox')
    assert.deepEqual(
      [await kept('New-Mailbox b'), await kept('Set-Mailbox mary -Office 1'), await kept('Write-AdminAuditLog x')],
      [1, 1, 0],
    )
    await set('-AdminAuditLogCmdlets $null -AdminAuditLogParameters Office*')
    assert.deepEqual([await kept('Set-Mailbox mary -Office 1'), await kept('Set-Mailbox mary -DisplayName M')], [1, 0])
    assert.equal(await kept('Set-AdminAuditLogConfig -AdminAuditLogEnabled $false'), 1)
    assert.equal(await kept('Set-Mailbox mary -Office 1'), 0)
    assert.equal(await kept('Set-AdminAuditLogConfig -AdminAuditLogEnabled $true -TestCmdletLoggingEnabled $true'), 1)
    await assert.rejects(set('-LogLevel Verbose'), refusal('InvalidParameter', /-LogLevel Verbose/))
    await assert.rejects(set('-AdminAuditLogAgeLimit -1'), refusal('InvalidParameter', /0 to 24855 days/))
    await assert.rejects(site.run(`Write-AdminAuditLog '${'x'.repeat(501)}'`), refusal('InvalidParameter', /at most 500/))
  })
}

test('secrets are in neither log', async () => {
  await using site = await rightsDesk()
  const holder = await site.person('ann', ['Reset Password'])
  await site.run("Set-Mailbox mary -Password 'top secret'", holder)
  await assert.rejects(site.run("Set-Mailbox mary -Pasword 'top secret'", holder), refusal('InvalidParameter'))
  const rows = await search(site)
  assert.equal(rows.length, 1)
  assert.ok(!JSON.stringify([rows, site.audit]).includes('top secret'))
})

test('without the log nothing is changed', async () => {
  await using site = await desk(undefined, plainCmdlets)
  const write = site.store.write
  site.store.write = () => Promise.reject(new Refusal('ServerBusy', 'The store does not write.'))
  await assert.rejects(site.run('Set-MailboxRegionalConfiguration mary -Language de'), refusal('ServerBusy'))
  site.store.write = write
  assert.equal(site.audit.at(-1)!.outcome, 'ServerBusy')
})

test('what is only looked at costs no write', async () => {
  await using site = await rightsDesk()
  await site.run('Get-Mailbox', site.boss)
  const write = site.store.write
  site.store.write = () => Promise.reject(new Error('a write'))
  await site.run('Get-Mailbox mary', site.boss)
  await site.run('Get-RoleGroup', site.boss)
  site.store.write = write
})
