/** Guesses, races and mixed-up sites against signing in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLockout } from '#access'
import { Refusal } from '#model'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { callerOf, codeOf, person, refresh, signInSite, tokensFor } from '../sign-in/program.ts'

const limits = { account: 5, address: 100, window: 900_000, firstDelay: 250, longestDelay: 8000 }
const codes = async (all: Promise<unknown>[]) => {
  const count: Record<string, number> = {}
  for (const { status, ...result } of await Promise.allSettled(all)) {
    const word = status === 'fulfilled' ? 'ok' : ((result as { reason?: unknown }).reason as Refusal).code
    count[word] = (count[word] ?? 0) + 1
  }
  return count
}

for (const engine of quickEngines) {
  test(`many guesses at the same moment are no more than one after another (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const guess = (_: unknown, index: number) =>
      site.access.signIn('mary@contoso.com', `wrong ${index}`, { remoteAddress: `192.0.2.${index}`, protocol: 'ews' })
    assert.deepEqual(await codes(Array.from({ length: 40 }, guess)), { Unauthenticated: 10, AccountLockedOut: 30 })
    // The right password at the same moment by many programs is no guess.
    const good = (_: unknown) => site.access.signIn('boss@contoso.com', testPassword, { remoteAddress: '192.0.2.1', protocol: 'ews' })
    assert.deepEqual(await codes(Array.from({ length: 40 }, good)), { ok: 40 })
  })

  test(`codes guessed at once lock, and what is good once is good once (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const who = person(site)
    const { access_token = '', refresh_token = '' } = await tokensFor(site, who)
    const boss = site.people.boss!
    const { factors } = site.signIn
    const recovery = { by: 'recovery', code: who.recovery![0]! } as const
    assert.deepEqual(await codes([1, 2, 3].map((n) => factors.prove(boss, recovery, { remoteAddress: `192.0.2.${n}` }))), {
      ok: 1,
      Unauthenticated: 2,
    })
    site.clock.now += 60_000
    const code = { by: 'authenticator', code: codeOf(who, site.clock.now) } as const
    const shown = await codes([1, 2].map((n) => factors.prove(boss, code, { remoteAddress: `192.0.2.${n + 10}` })))
    assert.deepEqual(shown, { ok: 1, Unauthenticated: 1 })
    const wrong = (n: number) => factors.prove(boss, { by: 'authenticator', code: `00000${n}` }, { remoteAddress: `198.51.100.${n}` })
    const guessed = await codes(Array.from({ length: 30 }, (_, index) => wrong(index % 10)))
    assert.ok((guessed.Unauthenticated ?? 0) <= 5 && !guessed.ok, JSON.stringify(guessed))

    // A refresh token used twice at once ends everything that was given with it.
    const twice = await Promise.all([refresh(site, refresh_token), refresh(site, refresh_token)])
    assert.ok(twice.filter(({ status }) => status === '200').length <= 1, JSON.stringify(twice.map(({ status }) => status)))
    await assert.rejects(callerOf(site, twice.find(({ status }) => status === '200')?.access_token ?? access_token))
  })

  test(`nothing is given under a grant that ended a moment before (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { tokens } = site.signIn
    const put = (value: string, grant: string) => tokens.put('RefreshToken', value, { grantId: grant }, 3600, { grant })
    await put('one', 'ended')
    await put('other', 'standing')
    await tokens.revokeGrant('ended')
    await put('late', 'ended')
    const found = await Promise.all(['one', 'late', 'other'].map((value) => tokens.find('RefreshToken', value)))
    assert.deepEqual(found, [undefined, undefined, { grantId: 'standing' }])
  })

  test(`a token ends with the account, and another protocol takes none (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { access_token = '' } = await tokensFor(site, person(site))
    assert.equal((await callerOf(site, access_token))?.address, 'boss@contoso.com')
    for (const protocol of ['ews', 'submission', 'autodiscover', 'rest']) await assert.rejects(callerOf(site, access_token, protocol))
    const { organisation, directory, people } = site
    await directory.update(organisation.id, people.boss!.id, { accountDisabled: true })
    await assert.rejects(callerOf(site, access_token))
    await directory.update(organisation.id, people.boss!.id, { accountDisabled: false })
    await directory.remove(organisation.id, people.boss!.id)
    await assert.rejects(callerOf(site, access_token))
  })
}

test('an IPv6 network is one address to the lockout, and IPv4 addresses are each their own', async () => {
  const lockout = createLockout({ clock: () => 0, limits: { ...limits, account: 1000, address: 10 } })
  for (let n = 0; n < 10; n++) lockout.failed(`user ${n}`, `2001:db8:0:1::${n.toString(16)}`)
  const isLocked = (address: string) => lockout.isLocked('somebody', address)
  assert.deepEqual(['2001:db8:0:1:ffff::1', '2001:0DB8::1:a:b:c:d', '2001:db8:0:2::1', '192.0.2.1'].map(isLocked), [
    true,
    true,
    false,
    false,
  ])
  for (let n = 0; n < 10; n++) lockout.failed(`user ${n}`, '::ffff:192.0.2.1')
  assert.deepEqual(['::ffff:192.0.2.1', '::ffff:192.0.2.2'].map(isLocked), [true, false])
})

test('good sign-ins of many from one address do not lock it', async () => {
  const lockout = createLockout({ clock: () => 0, limits: { ...limits, address: 10 } })
  for (let n = 0; n < 50; n++) {
    assert.equal(await lockout.enter(`user ${n}`, '192.0.2.1'), true)
    lockout.succeeded(`user ${n}`, '192.0.2.1')
    lockout.leave(`user ${n}`)
  }
  assert.equal(lockout.isLocked('user 1', '192.0.2.1'), false)
})
