import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { callerOf, client, codeRequest, deviceTokens, person, post, refresh, signInSite, startDevice, tokensFor } from './program.ts'

const gone = { code: 'Unauthenticated' }

for (const engine of quickEngines) {
  test(`refresh tokens are rotated, and one that comes twice ends everything (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const first = await tokensFor(site, person(site))
    site.clock.now += 61 * 60_000
    await assert.rejects(callerOf(site, first.access_token!), gone)
    const second = await refresh(site, first.refresh_token!)
    const caller = await callerOf(site, second.access_token!)
    // What was shown is as old as it was: a refreshed token does not stand for a factor shown anew.
    assert.ok(site.clock.now - caller!.signedIn!.at > 60 * 60_000)
    assert.notEqual(second.refresh_token, first.refresh_token)
    assert.equal((await refresh(site, first.refresh_token!)).error, 'invalid_grant')
    await assert.rejects(callerOf(site, second.access_token!), gone)
    assert.equal((await refresh(site, second.refresh_token!)).error, 'invalid_grant')
  })

  test(`of two refreshes at once one is not who the token was given to (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { refresh_token: token = '' } = await tokensFor(site, person(site))
    const answers = await Promise.all([refresh(site, token), refresh(site, token), refresh(site, token)])
    assert.ok(answers.filter(({ status }) => status === '200').length <= 1, JSON.stringify(answers))
  })

  test(`a token ends at once with revocation, a new password, Revoke-SignIn and the person (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const who = person(site)
    const { people, directory, signIn } = site
    const boss = people.boss!
    const ends: Record<string, (token: string, refreshToken: string) => Promise<unknown>> = {
      revocation: (token) => post(site, '/oauth2/token/revocation', { client_id: client, token }),
      'revocation of the refresh token': (_token, token) => post(site, '/oauth2/token/revocation', { client_id: client, token }),
      'a new password': () => directory.setPassword(boss, testPassword),
      'Revoke-SignIn': () => signIn.sessions.revoke(boss),
      'a reset of the factors': () => signIn.factors.reset(boss, 'admin@contoso.com'),
      'disabling the account': () => directory.update(boss.organisation, boss.id, { accountDisabled: true }),
      removal: () => directory.remove(boss.organisation, boss.id),
    }
    for (const [name, end] of Object.entries(ends)) {
      await directory.update(boss.organisation, boss.id, { accountDisabled: false })
      // Another browser each time: the session of the one before ends too.
      who.browser = person(site).browser
      const tokens = await tokensFor(site, who)
      assert.ok(await callerOf(site, tokens.access_token!), name)
      await end(tokens.access_token!, tokens.refresh_token!)
      await assert.rejects(callerOf(site, tokens.access_token!), gone, name)
      if (name !== 'revocation') assert.equal((await refresh(site, tokens.refresh_token!)).error, 'invalid_grant', name)
    }
  })
}

test('a session in the browser ends with a new password', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  assert.match((await who.browser.open('/account/security')).text, /Security of your account/)
  await site.directory.setPassword(site.people.boss!, 'another one')
  assert.match((await who.browser.open('/account/security')).text, /Sign in to Contoso/)
  assert.match((await who.browser.open(codeRequest().path)).text, /User name/)
})

test('a token opens administration of its own organisation, and no mail', async () => {
  await using site = await signInSite({
    config: { organisations: [{ name: 'Fabrikam', domain: 'fabrikam.com' }] },
    outside: {},
  })
  const { id } = site.tenants[0]!
  const chief = await site.directory.create(id, { kind: 'UserMailbox', alias: 'chief', displayName: 'Chief' })
  await site.roles.give(id, chief.id, ['Organization Management'])
  await site.directory.setPassword(chief, testPassword)
  const tokens = await tokensFor(site, person(site, 'chief@fabrikam.com'))
  const caller = await callerOf(site, tokens.access_token!)
  assert.deepEqual([caller?.organisation, caller?.address], [id, 'chief@fabrikam.com'])
  for (const protocol of ['ews', 'autodiscover', 'auth-service']) await assert.rejects(callerOf(site, tokens.access_token!, protocol), gone)
  const ews = await site.call('/EWS/Exchange.asmx', {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.access_token}` },
    body: '',
  })
  assert.equal(ews.status, 401)
})

test('a token without the scope, of another site, of another kind, or made up, opens nothing', async () => {
  await using site = await signInSite()
  await using other = await signInSite()
  const who = person(site)
  const narrow = await tokensFor(site, who, { scope: 'openid offline_access' })
  const full = await tokensFor(site, who)
  const foreign = await tokensFor(other, person(other))
  const tokens = [
    narrow.access_token!,
    foreign.access_token!,
    full.refresh_token!,
    full.id_token!,
    'x'.repeat(43),
    `${full.access_token}x`,
    '',
    '.',
    '\u{1F600}',
  ]
  for (const token of tokens) {
    const answer = callerOf(site, token)
    if (token === '') assert.equal(await answer, undefined)
    else await assert.rejects(answer, gone, token)
  }
  assert.ok(await callerOf(site, full.access_token!))
})

test('who has no second factor and needs none signs in without; the token says so', async () => {
  await using site = await signInSite()
  const tokens = await tokensFor(site, person(site, 'mary@contoso.com'))
  assert.equal((await callerOf(site, tokens.access_token!))?.signedIn?.secondFactor, false)
})

test('tokens live over a restart, and what has ended is swept', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  let tokens
  {
    await using site = await signInSite({ config: { data: folder } })
    tokens = await tokensFor(site, person(site))
  }
  await using site = await signInSite({ config: { data: folder } })
  assert.ok(await callerOf(site, tokens.access_token!))
  const next = await refresh(site, tokens.refresh_token!)
  assert.equal(next.status, '200')
  const swept = await site.signIn.tokens.sweep()
  site.clock.now += 91 * 86_400_000
  assert.ok((await site.signIn.tokens.sweep()) > swept)
  assert.equal(await site.signIn.tokens.sweep(), 0)
  for (const kind of ['AccessToken', 'RefreshToken', 'Session', 'Grant', 'DeviceCode', 'Interaction', 'Progress']) {
    assert.deepEqual(await site.store.read((tx) => tx.objects.list('', `Token ${kind}`, '', 10)), [], kind)
  }
})

test('who reads the store finds neither tokens nor secrets', async () => {
  await using site = await signInSite()
  const who = person(site)
  const started = await startDevice(site)
  const tokens = await tokensFor(site, who)
  const kinds = ['AccessToken', 'RefreshToken', 'Session', 'Grant', 'DeviceCode'].map((name) => `Token ${name}`)
  const rows = await site.store.read(async (tx) => [
    ...(await Promise.all(kinds.map((kind) => tx.objects.list('', kind, '', 100)))).flat(),
    ...(await tx.objects.list(site.organisation.id, 'SignIn', '', 100)),
    ...(await tx.objects.list('', 'SignInKeys', '', 100)),
  ])
  assert.ok(rows.length > 5)
  const text = JSON.stringify(rows)
  const secrets = [
    tokens.access_token,
    tokens.refresh_token,
    started.device_code,
    started.user_code!.replace('-', ''),
    who.secret,
    ...who.recovery!,
  ]
  for (const secret of [...secrets, ...who.browser.cookies.values()]) assert.ok(secret && !text.includes(secret), String(secret))
  assert.equal((await deviceTokens(site, started.device_code!)).error, 'authorization_pending')
})

test('a person who loses the right to a session in the middle of signing in gets no token', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  const started = await startDevice(site)
  let page = await (await who.browser.open('/oauth2/device')).submit({ user_code: started.user_code! })
  page = await page.submit({ confirm: 'yes' })
  assert.match(page.text, /Let a program in/)
  await site.signIn.sessions.revoke(site.people.boss!)
  page = await page.submit({ answer: 'approve' })
  assert.match(page.text, /This sign-in is over/)
  assert.equal((await deviceTokens(site, started.device_code!)).error, 'authorization_pending')
})
