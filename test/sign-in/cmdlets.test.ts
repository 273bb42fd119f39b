import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { callerOf, person, signInSite, tokensFor } from './program.ts'

for (const engine of quickEngines) {
  test(`an administrator sees and takes away what people sign in with (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const run = async (name: string, args: Record<string, unknown>) =>
      (await Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), name, args))) as Record<string, unknown>[]
    const who = person(site)
    const tokens = await tokensFor(site, who)
    await site.signIn.factors.remember(site.people.boss!, 'Firefox on Linux', 30)
    const shown = await run('Get-SecondFactor', { Identity: 'boss' })
    assert.deepEqual(
      shown.map(({ Kind, Name, User }) => [Kind, Name, User]),
      [
        ['Authenticator', 'Authenticator app', 'boss@contoso.com'],
        ['RememberedDevice', 'Firefox on Linux', 'boss@contoso.com'],
        ['RecoveryCodes', '10 left', 'boss@contoso.com'],
      ],
    )
    assert.ok(shown[0]!.WhenCreated instanceof Date)
    assert.ok(!JSON.stringify(shown).includes(who.secret!))
    await run('Remove-SecondFactor', { Identity: 'boss', Factor: shown[1]!.Identity })
    assert.equal((await run('Get-SecondFactor', { Identity: 'boss' })).length, 2)
    assert.ok(await callerOf(site, tokens.access_token!))
    await run('Remove-SecondFactor', { Identity: 'boss' })
    assert.deepEqual(await run('Get-SecondFactor', { Identity: 'boss' }), [])
    await assert.rejects(callerOf(site, tokens.access_token!), { code: 'Unauthenticated' })

    const again = await tokensFor(site, person(site))
    await run('Revoke-SignIn', { Identity: 'boss@contoso.com' })
    await assert.rejects(callerOf(site, again.access_token!), { code: 'Unauthenticated' })

    const [made] = await run('New-AppPassword', { Identity: 'mary', Name: 'Backup' })
    assert.match(String(made!.Password), /^[a-z]{4}(-[a-z]{4}){4}$/)
    assert.deepEqual(
      (await run('Get-AppPassword', { Identity: 'mary' })).map(({ Name, Password }) => [Name, Password]),
      [['Backup', undefined]],
    )
    await run('Remove-AppPassword', { Identity: 'mary', AppPassword: 'backup' })
    assert.deepEqual(await run('Get-AppPassword', { Identity: 'mary' }), [])

    await run('New-AuthenticationPolicy', { Name: 'Modern', AllowBasicAuthImap: true })
    const [policy] = await run('Get-AuthenticationPolicy', { Identity: 'Modern' })
    assert.deepEqual(
      [policy!.AllowBasicAuthImap, policy!.AllowBasicAuthPop, policy!.SecondFactor, policy!.StepUpMinutes],
      [true, false, 'Administrators', 15],
    )
    for (const Identity of ['nobody', 'staff']) await assert.rejects(run('Get-SecondFactor', { Identity }), { code: 'ObjectNotFound' })
  })
}

test('taking factors away and making app passwords is dangerous, and is in the audit log without the secret', async () => {
  await using site = await signInSite()
  const dangerous = site.admin.cmdlets.filter(({ dangerous: is }) => is).map(({ name }) => name)
  for (const name of ['Remove-SecondFactor', 'New-AppPassword']) assert.ok(dangerous.includes(name), name)
  const mary = await site.caller('mary')
  for (const name of ['Get-SecondFactor', 'Remove-SecondFactor', 'New-AppPassword', 'Revoke-SignIn']) {
    await assert.rejects(Array.fromAsync(site.admin.invoke(mary, name, { Identity: 'boss' })), { code: 'AccessDenied' }, name)
  }
})
