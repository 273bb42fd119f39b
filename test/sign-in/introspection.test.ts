import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { callerOf, client, codeRequest, person, refresh, signInAt, signInSite, tokensFor, type SignInSite } from './program.ts'

const watcher = { id: 'watcher', name: 'Watcher', secret: 'w'.repeat(40), introspects: true }
const portal = { id: 'portal', name: 'Portal', secret: 'p'.repeat(40), redirects: ['https://portal.example/back'] }
const basic = ({ id, secret }: { id: string; secret: string }) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const inactive = { active: false }

async function ask(site: SignInSite, path: string, fields: Record<string, string>, authorization?: string) {
  const { status, body } = await site.call(path, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      ...(authorization ? { authorization } : {}),
    },
    body: new URLSearchParams(fields).toString(),
  })
  return { status, body: (body === '' ? {} : JSON.parse(body)) as Record<string, unknown> }
}
const introspect = (site: SignInSite, token: string, by?: string, more: Record<string, string> = {}) =>
  ask(site, '/oauth2/token/introspection', { token, ...more }, by)

for (const engine of quickEngines) {
  test(`a program with a secret asks what a token is worth (RFC 7662 2.2) (${engine.name})`, async () => {
    await using site = await signInSite({ engine, config: { signIn: { programs: [watcher, portal] } } })
    const boss = site.people.boss!
    const tokens = await tokensFor(site, person(site))
    const { access_token: token = '', refresh_token = '' } = tokens
    const { status, body } = await introspect(site, token, basic(watcher))
    assert.equal(status, 200)
    assert.deepEqual(
      [body.active, body.client_id, body.sub, body.username, body.token_type, body.iss],
      [true, client, boss.id, 'boss@contoso.com', 'Bearer', `${site.url}/oauth2`],
    )
    assert.ok(String(body.scope).split(' ').includes('administration'))
    assert.ok(Number(body.exp) > site.clock.now / 1000)
    // What the site keeps for itself is not told: neither how things stand with the account nor a value that is another token.
    for (const name of ['account', 'at', 'secondFactor', 'extra']) assert.ok(!(name in body), name)
    assert.ok(!JSON.stringify(body).includes(boss.organisation))
    assert.deepEqual((await introspect(site, refresh_token, basic(watcher), { token_type_hint: 'refresh_token' })).body, inactive)

    // Nobody without a secret, and nobody with another one (2.1); a token of another program is not everybody's business (4).
    assert.deepEqual(await introspect(site, token, basic(portal)), { status: 200, body: inactive })
    assert.deepEqual((await introspect(site, token, undefined, { client_id: client })).body, inactive)
    for (const by of [
      undefined,
      basic({ ...watcher, secret: 'x'.repeat(40) }),
      basic({ id: 'nobody', secret: 'x'.repeat(40) }),
      'Bearer x',
    ]) {
      const refused = await introspect(site, token, by)
      assert.ok(refused.status >= 400 && refused.status < 500 && !('active' in refused.body), JSON.stringify(refused))
    }
    for (const value of ['x', 'x'.repeat(43), `${token}x`, tokens.id_token!, '\u{1F600}', '.']) {
      const { body: of } = await introspect(site, value, basic(watcher))
      assert.notEqual(of.active, true, value)
    }
    const discovery = JSON.parse((await site.call('/oauth2/.well-known/openid-configuration')).body) as Record<string, unknown>
    assert.equal(discovery.introspection_endpoint, `${site.url}/oauth2/token/introspection`)
    assert.equal(discovery.revocation_endpoint, `${site.url}/oauth2/token/revocation`)

    // It is worth nothing the moment that things stand otherwise with the person, or that its time is over.
    const bossAgain = { ...person(site), secret: undefined }
    await site.signIn.sessions.revoke(boss)
    assert.deepEqual(await introspect(site, token, basic(watcher)), { status: 200, body: inactive })
    await site.signIn.factors.reset(boss, 'admin@contoso.com')
    const { access_token: later = '' } = await tokensFor(site, {
      user: bossAgain.user,
      password: bossAgain.password,
      browser: bossAgain.browser,
    })
    assert.equal((await introspect(site, later, basic(watcher))).body.active, true)
    site.clock.now += 61 * 60_000
    assert.deepEqual((await introspect(site, later, basic(watcher))).body, inactive)
  })

  test(`a program with a secret signs people in, and revokes what it was given and nothing else (RFC 7009 2.1) (${engine.name})`, async () => {
    await using site = await signInSite({ engine, config: { signIn: { programs: [watcher, portal] } } })
    const who = person(site, 'mary@contoso.com')
    const redirect_uri = portal.redirects[0]!
    const request = codeRequest({ client_id: portal.id, redirect_uri, scope: 'openid profile offline_access', prompt: 'consent' })
    const back = await signInAt(site, who, await who.browser.open(request.path))
    assert.ok(back.left?.startsWith(redirect_uri), back.text)
    const code = new URL(back.left ?? '').searchParams.get('code') ?? ''
    const fields = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: request.verifier }
    // The code alone is worth nothing: the program shows its secret.
    const bare = await ask(site, '/oauth2/token', { ...fields, client_id: portal.id })
    assert.deepEqual([bare.status, bare.body.error], [401, 'invalid_client'])
    const { body: tokens } = await ask(site, '/oauth2/token', fields, basic(portal))
    const token = String(tokens.access_token)
    assert.equal((await introspect(site, token, basic(portal))).body.sub, site.people.mary!.id)
    assert.equal((await introspect(site, String(tokens.refresh_token), basic(portal))).body.active, true)
    // It opens nothing here: no scope of administration was given, nor can be asked for.
    await assert.rejects(callerOf(site, token), { code: 'Unauthenticated' })
    const greedy = await person(site).browser.open(codeRequest({ client_id: portal.id, redirect_uri }).path)
    assert.match(String(greedy.left), /error=invalid_scope/)

    const revoke = (value: string, by?: string, more: Record<string, string> = {}) =>
      ask(site, '/oauth2/token/revocation', { token: value, ...more }, by)
    await revoke(token, basic(watcher))
    await revoke(token, undefined, { client_id: client })
    await revoke(token, undefined, { client_id: portal.id })
    await revoke(token, basic({ ...portal, secret: 'x'.repeat(40) }))
    assert.equal((await introspect(site, token, basic(portal))).body.active, true)
    assert.equal((await revoke(token, basic(portal))).status, 200)
    assert.deepEqual((await introspect(site, token, basic(portal))).body, inactive)
    const shell = await tokensFor(site, person(site))
    await revoke(shell.refresh_token!, basic(portal))
    assert.equal((await refresh(site, shell.refresh_token!)).status, '200')
  })
}
