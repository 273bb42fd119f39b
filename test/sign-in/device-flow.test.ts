import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { readable } from './browser.ts'
import { callerOf, deviceTokens, person, signInAt, signInSite, startDevice, tokensFor } from './program.ts'

for (const engine of quickEngines) {
  test(`a program signs in by device code with password, authenticator and approval (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const started = await startDevice(site)
    assert.match(started.user_code ?? '', /^[A-Z]{4}-[A-Z]{4}$/)
    assert.equal(started.verification_uri, `${site.url}/oauth2/device`)
    assert.equal((await deviceTokens(site, started.device_code!)).error, 'authorization_pending')

    const who = person(site)
    let page = await who.browser.open('/oauth2/device')
    page = await page.submit({ user_code: started.user_code!.toLowerCase() })
    assert.match(page.text, new RegExp(`Isthmus management shell on srv-1 shows this code: ${started.user_code}`))
    page = await page.submit({ confirm: 'yes' })
    assert.match(page.text, /Sign in to Contoso/)
    page = await page.submit({ user: who.user, password: testPassword })
    assert.match(page.text, /Set up a second factor/)
    assert.match(page.html, /<svg/)
    readable(page.html)
    page = await signInAt(site, who, page)
    assert.equal(who.recovery?.length, 10)
    assert.match(page.text, /The program is let in/)

    const tokens = await deviceTokens(site, started.device_code!)
    const caller = await callerOf(site, tokens.access_token!)
    assert.equal(caller?.address, 'boss@contoso.com')
    assert.equal(caller.organisation, site.organisation.id)
    assert.deepEqual(caller.signedIn, { by: 'token', secondFactor: true, at: Math.floor(site.clock.now / 1000) * 1000 })
    assert.equal(caller.remoteAddress, '192.0.2.1')
    const identity = JSON.parse(Buffer.from(tokens.id_token!.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>
    assert.deepEqual([identity.sub, identity.aud, identity.iss], [caller.recipient, 'isthmus-shell', `${site.url}/oauth2`])
    assert.deepEqual(identity.amr, ['pwd', 'otp', 'mfa'])
    const info = await site.call('/oauth2/me', { headers: { authorization: `Bearer ${tokens.access_token}` } })
    assert.deepEqual(
      { ...(JSON.parse(info.body) as object) },
      {
        sub: caller.recipient,
        ...{
          email: 'boss@contoso.com',
          name: 'Bertha Boss',
          given_name: 'Bertha',
          family_name: 'Boss',
          organization: caller.organisation,
          preferred_username: 'boss@contoso.com',
        },
      },
    )
    // A device code is good once; whoever comes with it again ends what was given for it.
    assert.equal((await deviceTokens(site, started.device_code!)).error, 'invalid_grant')
    await assert.rejects(callerOf(site, tokens.access_token!), { code: 'Unauthenticated' })
  })
}

test('who denies lets nobody in, and who stops at the code neither', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  const denied = await startDevice(site)
  let page = await (await who.browser.open('/oauth2/device')).submit({ user_code: denied.user_code! })
  page = await page.submit({ confirm: 'yes' })
  assert.match(
    page.text,
    /Let a program in\?.*Isthmus management shell on srv-1 asks for this, as boss@contoso\.com of Contoso \(contoso\.com\)/,
  )
  page = await page.submit({ answer: 'deny' })
  assert.match(page.text, /The program was not let in/)
  assert.equal((await deviceTokens(site, denied.device_code!)).error, 'access_denied')

  const stopped = await startDevice(site)
  page = await (await who.browser.open('/oauth2/device')).submit({ user_code: stopped.user_code! })
  page = await page.submit({ abort: 'yes' })
  assert.match(page.text, /The program was not let in/)
  assert.equal((await deviceTokens(site, stopped.device_code!)).error, 'access_denied')
})

test('wrong, used and expired codes are told, and guessing them is stopped', async () => {
  await using site = await signInSite()
  const who = person(site)
  const started = await startDevice(site)
  const enter = async (code: string) => (await who.browser.open('/oauth2/device')).submit({ user_code: code })
  assert.match((await enter('BBBB-BBBB')).text, /not right, or was used/)
  assert.match((await enter('')).text, /not right, or was used/)
  await (await enter(started.user_code!)).submit({ confirm: 'yes' })
  assert.match((await enter(started.user_code!)).text, /not right, or was used/)
  const late = await startDevice(site)
  site.clock.now += 11 * 60_000
  assert.match((await enter(late.user_code!)).text, /not right, or was used/)
  for (let guess = 0; guess < 20; guess++) await enter('CCCC-CCCC')
  const refused = await enter((await startDevice(site)).user_code!)
  assert.deepEqual([refused.status, /Too many wrong codes/.test(refused.text)], [429, true])
  site.clock.now += 16 * 60_000
  assert.match((await enter((await startDevice(site)).user_code!)).text, /Is this the code/)
})

test('the link with the code in it shows the code before anything is done', async () => {
  await using site = await signInSite()
  const started = await startDevice(site)
  const link = new URL(started.verification_uri_complete!)
  const page = await person(site).browser.open(link.pathname + link.search)
  assert.match(String(page.answer.headers['content-security-policy']), /script-src 'self' 'sha256-/)
  assert.match((await page.submit({}, 'user_code')).text, new RegExp(`shows this code: ${started.user_code}`))
})

test('what a program calls its machine is text, and no longer than it may be', async () => {
  await using site = await signInSite()
  for (const device_name of ['<script>', 'x'.repeat(65), 'a"b', '']) {
    assert.equal((await startDevice(site, { device_name })).status, device_name === '' ? '200' : '400', device_name)
  }
  const refused = await startDevice(site, { scope: 'openid mail' })
  assert.ok(refused.status === '200' || refused.error === 'invalid_scope')
  assert.equal((await startDevice(site, { client_id: 'unknown' })).error, 'invalid_client')
})
