import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { callerOf, codeRequest, codeTokens, person, signInAt, signInSite, type SignInSite, type Person } from './program.ts'

/** Signs in for a request; the query that came back to the program. */
async function come(site: SignInSite, who: Person, path: string): Promise<URLSearchParams> {
  const page = await signInAt(site, who, await who.browser.open(path))
  assert.ok(page.left, page.text)
  return new URL(page.left).searchParams
}

for (const engine of quickEngines) {
  test(`a program signs in by redirect with PKCE, password and code (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const who = person(site)
    const request = codeRequest()
    const back = await come(site, who, request.path)
    assert.deepEqual([back.get('state'), back.get('iss')], ['the-state', `${site.url}/oauth2`])
    const tokens = await codeTokens(site, request, back.get('code')!)
    assert.equal((await callerOf(site, tokens.access_token!))?.signedIn?.secondFactor, true)
    assert.ok(tokens.refresh_token)
    // A code is good once: who comes with it again ends what was given for it.
    assert.equal((await codeTokens(site, request, back.get('code')!)).error, 'invalid_grant')
    await assert.rejects(callerOf(site, tokens.access_token!), { code: 'Unauthenticated' })

    const stolen = codeRequest()
    const code = (await come(site, who, stolen.path)).get('code')!
    assert.equal((await codeTokens(site, { ...stolen, verifier: 'x'.repeat(43) }, code)).error, 'invalid_grant')
    const late = codeRequest()
    const lateCode = (await come(site, who, late.path)).get('code')!
    site.clock.now += 61_000
    assert.equal((await codeTokens(site, late, lateCode)).error, 'invalid_grant')
  })
}

test('a redirect leads to a loopback address of the program and nowhere else', async () => {
  await using site = await signInSite()
  const { browser } = person(site)
  for (const redirect_uri of [
    'https://evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.0.0.1:80@evil.example/callback',
    'http://127.0.0.1/other',
    'http://10.0.0.1/callback',
    'javascript:alert(1)',
    '//evil.example/callback',
  ]) {
    const page = await browser.open(codeRequest({ redirect_uri }).path)
    assert.deepEqual([page.status, page.left, page.answer.headers.location], [400, undefined, undefined], redirect_uri)
    assert.match(page.text, /redirect_uri/)
  }
  for (const port of [1025, 65_535]) {
    const page = await browser.open(codeRequest({ redirect_uri: `http://127.0.0.1:${port}/callback` }).path)
    assert.match(page.text, /Sign in to Contoso/)
  }
})

test('what a program may not ask for is refused', async () => {
  await using site = await signInSite()
  const { browser } = person(site)
  const open = async (more: Record<string, string>) => (await browser.open(codeRequest(more).path)).left ?? ''
  assert.match(await open({ code_challenge: '', code_challenge_method: '' }), /error=invalid_request/)
  assert.match(await open({ code_challenge_method: 'plain' }), /error=invalid_request/)
  assert.match(await open({ response_type: 'token' }), /error=unsupported_response_type/)
  assert.match(await open({ response_type: 'none' }), /response_type\+is\+not\+allowed/)
  assert.match(await open({ prompt: 'none' }), /error=login_required/)
  assert.equal((await browser.open(codeRequest({ client_id: 'nobody' }).path)).status, 400)
})

test('asking for the factor anew is asked in a session, and the moment is told', async () => {
  await using site = await signInSite()
  const who = person(site)
  const first = codeRequest()
  await codeTokens(site, first, (await come(site, who, first.path)).get('code')!)
  // Within the session a program is approved without signing in again.
  assert.match((await who.browser.open(codeRequest().path)).text, /Let a program in/)
  site.clock.now += 20 * 60_000
  const asks: Record<string, string>[] = [
    { max_age: '900' },
    { acr_values: 'urn:isthmus:step-up' },
    { prompt: 'login consent' },
    { max_age: '0', prompt: 'consent' },
  ]
  for (const more of asks) {
    site.clock.now += 60_000
    const request = codeRequest(more)
    const page = await who.browser.open(request.path)
    assert.match(page.text, /Show that it is you/, JSON.stringify(more))
    assert.ok(!page.html.includes('type="password"'))
    const code = new URL((await signInAt(site, who, page)).left!).searchParams.get('code')!
    const caller = await callerOf(site, (await codeTokens(site, request, code)).access_token!)
    assert.deepEqual(
      caller?.signedIn,
      { by: 'token', secondFactor: true, at: Math.floor(site.clock.now / 1000) * 1000 },
      JSON.stringify(more),
    )
  }
})

test('another person signs in where somebody was signed in', async () => {
  await using site = await signInSite()
  const who = person(site)
  const first = codeRequest()
  await come(site, who, first.path)
  let page = await who.browser.open(codeRequest({ acr_values: 'urn:isthmus:step-up' }).path)
  page = await page.submit({}, 'value="other"')
  const mary = { ...person(site, 'mary@contoso.com'), browser: who.browser }
  page = await page.submit({ user: 'mary@contoso.com', password: mary.password })
  // The session of the other ends first, by a form that a script sends at once, or the button.
  assert.match(page.html, /name="logout"/)
  page = await page.submit({}, 'name="logout"')
  assert.match(page.text, /as mary@contoso\.com/)
})
