/** The questions of the admin centre, `cmdlets`, `invokeCmdlet` and `followCmdlet`, as its pages ask them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { CmdletLine } from '#protocols/web'
import { quickEngines } from '../support/engines.ts'
import { openAdministratorWindow, startAdministered, type AdministratorWindow } from './administrator-window.ts'
import { openWindow } from './window.ts'

const objectsOf = (lines: readonly CmdletLine[]) => lines.flatMap((line) => ('object' in line ? [line.object] : []))
const run = (window: AdministratorWindow, name: string, parameters: Record<string, unknown> = {}, limit = 1000) =>
  window.ask('invokeCmdlet', { name, parameters, limit })
/** The refusal of both ways to run a cmdlet, which is the same. */
async function refused(window: Pick<AdministratorWindow, 'refusal'>, name: string, parameters: unknown = {}): Promise<string> {
  const code = await window.refusal('invokeCmdlet', { name, parameters })
  assert.equal(await window.refusal('followCmdlet', { name, parameters }), code)
  return code
}

for (const engine of quickEngines) {
  test(`who has not the role sees no such cmdlet and runs none, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    const clerk = { address: 'clerk@contoso.com', displayName: 'Clerk', rights: { roles: ['View-Only Recipients'] } }
    await using site = await startAdministered(clock, { engine, people: [clerk] })
    const mary = await openWindow(site, 'mary')
    const hers = (await mary.ask('cmdlets', {})).map(({ name }) => name)
    assert.deepEqual(hers.filter((name) => /^(New|Remove)-Mailbox$|RoleGroup|ExchangeServer/.test(name)), []) // prettier-ignore
    for (const name of ['New-Mailbox', 'Get-RoleGroup', 'Remove-Mailbox']) {
      assert.equal(await refused(mary, name, { Identity: 'rob' }), 'AccessDenied', name)
    }
    // Whoever has a role for looking, looks, once a second factor was shown.
    const seen = await openAdministratorWindow(site, clock, 'clerk')
    const names = (await seen.ask('cmdlets', {})).map(({ name }) => name)
    assert.deepEqual(['Get-Mailbox', 'New-Mailbox', 'Set-MailContact'].filter((name) => names.includes(name)), ['Get-Mailbox']) // prettier-ignore
    assert.deepEqual((await run(seen, 'Get-Mailbox', { Identity: 'rob' })).objects.map(({ Alias }) => Alias), ['rob']) // prettier-ignore
    assert.equal(await refused(seen, 'Set-MailContact', { Identity: 'rob', DisplayName: 'Robert' }), 'AccessDenied')
    // Of their own mailbox people change some things, and of another's nothing.
    assert.equal(await refused(seen, 'Set-Mailbox', { Identity: 'rob', DisplayName: 'Robert' }), 'InvalidParameter')
    // Another organisation's pages, and a session that is none, get nothing.
    const asked = { name: 'Get-Mailbox', parameters: {} }
    assert.equal((await seen.post('followCmdlet', asked, { origin: 'https://elsewhere.example' })).status, 403)
    assert.equal((await site.call('/owa/api/followCmdlet', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', origin: site.url, 'x-isthmus': '1' } })).status, 401) // prettier-ignore
  })

  test(`parameters that are hostile, too many, too deep or of another kind are refused by name, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    await using site = await startAdministered(clock, { engine })
    const boss = await openAdministratorWindow(site, clock)
    const deep = (depth: number): unknown => (depth === 0 ? 'x' : { a: deep(depth - 1) })
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`P${at}`, at]))
    for (const [parameters, code] of [
      [many, 'SchemaValidation'],
      [{ ['x'.repeat(257)]: 1 }, 'SchemaValidation'],
      [[], 'SchemaValidation'],
      ['Identity', 'SchemaValidation'],
      [{ Identity: deep(2000) }, 'InvalidParameter'],
      [{ Identity: ['mary', 'rob'] }, 'InvalidParameter'],
      [{ Identity: 'ma\0ry' }, 'InvalidParameter'],
      [{ Identity: null }, 'InvalidParameter'],
      [{ Identity: 'mary', identity: 'rob' }, 'InvalidParameter'],
      [{ constructor: 'mary' }, 'InvalidParameter'],
      [{ Filter: `${'('.repeat(2000)}Name -eq 'x'${')'.repeat(2000)}` }, 'InvalidParameter'],
      [{ Filter: "Name -eq 'x'; Remove-Mailbox mary" }, 'InvalidParameter'],
      [{ ResultSize: -1 }, 'InvalidParameter'],
      [{ ResultSize: 1e300 }, 'InvalidParameter'],
    ] as const) {
      const said = await refused(boss, 'Get-Mailbox', parameters)
      assert.equal(said, code, JSON.stringify(parameters).slice(0, 100))
    }
    assert.equal(await refused(boss, 'Get-Mailbix'), 'CmdletNotFound')
    assert.equal(await refused(boss, 'x'.repeat(257)), 'SchemaValidation')
    assert.equal(await refused(boss, ''), 'SchemaValidation')
    assert.equal(await boss.refusal('invokeCmdlet', { name: 'Get-Mailbox', limit: 5001 }), 'SchemaValidation')
    assert.equal(await refused(boss, 'Get-Mailbox', { Identity: 'x'.repeat(1_000_000) }), 'ObjectNotFound')
    assert.equal((await boss.post('followCmdlet', 'no object')).status, 400)
  })

  test(`what would be done is told and not done; a question that nobody can be asked is refused, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    await using site = await startAdministered(clock, { engine })
    const boss = await openAdministratorWindow(site, clock)
    const wanted = { Name: 'Zoe Quist', ExternalEmailAddress: 'zoe@fabrikam.com' }
    const found = async () => (await run(boss, 'Get-MailContact')).objects.map(({ Name }) => Name)
    const said = { warning: "What if: New-MailContact on 'Zoe Quist'." }
    assert.deepEqual((await run(boss, 'New-MailContact', { ...wanted, WhatIf: true })).warnings, [said.warning])
    assert.deepEqual(await boss.follow('New-MailContact', { ...wanted, WhatIf: true }), [said, { done: true }])
    assert.deepEqual(await found(), [])
    assert.equal(await refused(boss, 'New-MailContact', { ...wanted, Confirm: true }), 'InvalidParameter')
    assert.deepEqual(await found(), [])
    assert.equal(objectsOf(await boss.follow('New-MailContact', { ...wanted, Confirm: false }))[0]?.Name, 'Zoe Quist')
    assert.deepEqual(await found(), ['Zoe Quist'])
    await boss.follow('Remove-MailContact', { Identity: 'Zoe Quist' })
    assert.deepEqual(await found(), [])
  })

  test(`what changes rights asks for factors shown not long ago, and goes on when they were, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    await using site = await startAdministered(clock, { engine })
    const boss = await openAdministratorWindow(site, clock)
    const group = { Identity: 'View-Only Organization Management' }
    const members = async () => (await run(boss, 'Get-RoleGroupMember', group)).objects.map(({ Name }) => Name)
    clock.now += 16 * 60_000
    assert.equal(await refused(boss, 'Add-RoleGroupMember', { ...group, Member: 'rob' }), 'StepUpRequired')
    assert.deepEqual(await members(), [], 'looking needs none')
    await boss.showAgain()
    assert.deepEqual(await boss.follow('Add-RoleGroupMember', { ...group, Member: 'rob' }), [{ done: true }])
    assert.deepEqual(await members(), ['Rob Young'])
  })

  test(`long work says how far it is, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    await using site = await startAdministered(clock, { engine })
    const boss = await openAdministratorWindow(site, clock)
    const lines = await boss.follow('Get-ServerHealth')
    const told = lines.flatMap((line) => ('progress' in line ? [line.progress] : []))
    assert.equal(told[0]?.activity, 'Get-ServerHealth')
    assert.equal(told.at(-1)?.done, true)
    assert.ok(objectsOf(lines).length > 0)
    assert.deepEqual(lines.at(-1), { done: true })
  })

  test(`more than 5,000 objects: a list says that there are more, whoever follows gets all, ${engine.name}`, async () => {
    const clock = { now: Date.now() }
    await using site = await startAdministered(clock, { engine })
    const boss = await openAdministratorWindow(site, clock)
    // Each role has all the entries of its parent.
    for (let at = 1; at <= 75; at++) await boss.follow('New-ManagementRole', { Name: `Copy ${at}`, Parent: 'Mail Recipients' })
    const all = { Identity: '*\\*' }
    const list = await run(boss, 'Get-ManagementRoleEntry', all, 5000)
    assert.deepEqual([list.objects.length, list.more], [5000, true])
    const whole = await boss.follow('Get-ManagementRoleEntry', all)
    assert.ok(objectsOf(whole).length > 5000, String(whole.length))
    assert.deepEqual(whole.at(-1), { done: true })
    // The filter runs on the server: what it finds is whole.
    const one = await run(boss, 'Get-ManagementRoleEntry', { Identity: 'Copy 50\\Get-*' }, 5000)
    assert.ok(one.objects.length > 0 && !one.more)
    const few = await run(boss, 'Get-Mailbox', { ResultSize: 2 }, 1)
    assert.deepEqual([few.objects.length, few.more], [1, true])
  })
}
