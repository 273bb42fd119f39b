import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { browser, readable, type Browser, type Page } from './browser.ts'
import { codeOf, codeRequest, person, signInAt, signInSite, tokensFor, type Person, type SignInSite } from './program.ts'

const security = '/account/security'

/** Somebody at their own page, signed in just now. */
async function atHome(site: SignInSite, who: Person): Promise<Page> {
  const page = await signInAt(site, who, await who.browser.open(security))
  assert.match(page.text, /Security of your account/)
  return page
}

test('every page keeps to itself: no frame, no script of elsewhere, nothing kept', async () => {
  await using site = await signInSite()
  const who = person(site)
  const { browser: visitor } = who
  const pages = [
    await visitor.open('/oauth2/device'),
    await visitor.open(codeRequest().path),
    await visitor.open('/oauth2/interaction/unknown'),
    await visitor.open('/oauth2/session/end'),
    await visitor.open(codeRequest({ redirect_uri: 'https://evil.example/' }).path),
    await atHome(site, who),
    await visitor.open(`${security}?add=authenticator`),
    await visitor.open('/oauth2/session/end'),
    await visitor.open(codeRequest().path),
  ]
  for (const { html, answer, at } of pages) {
    const { headers } = answer
    const policy = String(headers['content-security-policy'])
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
      assert.ok(policy.includes(rule), `${at}: ${policy}`)
    assert.ok(!/unsafe-inline|unsafe-eval|\*/.test(policy), policy)
    assert.deepEqual(
      [headers['x-frame-options'], headers['referrer-policy'], headers['cache-control']],
      ['DENY', 'same-origin', 'no-store'],
      at,
    )
    assert.ok(!/<script>|\son\w+="|style="|javascript:/.test(html) || policy.includes('sha256-'), html)
    if (!policy.includes('sha256-')) readable(html)
    for (const [, attributes = ''] of html.matchAll(/<input([^>]*)>/g)) {
      const id = /\sid="([^"]*)"/.exec(attributes)?.[1]
      if (!attributes.includes('type="hidden"')) assert.ok(id && html.includes(`<label for="${id}">`), attributes)
      for (const [, tied = ''] of attributes.matchAll(/aria-describedby="([^"]*)"/g)) {
        for (const name of tied.split(' ')) assert.ok(html.includes(`id="${name}"`), `${name} is not there`)
      }
    }
  }
  const leading = pages.at(-1)!.answer.headers['content-security-policy']
  assert.match(String(leading), /form-action 'self' http:\/\/127\.0\.0\.1:49152;/)
  for (const name of ['pages.css', 'passkey.js', 'icon.svg']) assert.equal((await site.call(`/account/assets/${name}`)).status, 200)
})

test('a form from elsewhere, from another browser or another page does nothing', async () => {
  await using site = await signInSite()
  const who = person(site)
  const page = await who.browser.open(codeRequest().path)
  const hidden = (html: string) => /name="form" value="([^"]*)"/.exec(html)?.[1] ?? ''
  const other = await browser(site).open(codeRequest().path)
  const send = (form: string, headers: Record<string, string> = {}) =>
    who.browser.request(page.at, {
      ...{
        method: 'POST',
        headers,
        body: new URLSearchParams({ form, step: 'password', user: who.user, password: testPassword }).toString(),
      },
    })
  for (const form of ['', 'x', hidden(other.html), hidden(other.html).replace(/^./, 'A')])
    assert.equal((await send(form)).status, 400, form)
  assert.equal((await send(hidden(page.html), { 'content-type': 'application/json' })).status, 400)
  assert.match((await who.browser.open(page.at)).text, /User name/)

  await atHome(site, who)
  const home = await who.browser.open(security)
  const deed = (form: string) =>
    who.browser.request(security, { method: 'POST', body: new URLSearchParams({ form, do: 'revoke' }).toString() })
  for (const form of ['', hidden(page.html), hidden(other.html)]) assert.equal((await deed(form)).status, 400)
  assert.match((await who.browser.open(security)).text, /Security of your account/)
  assert.equal((await deed(hidden(home.html))).status, 303)
  assert.match((await who.browser.open(security)).text, /Sign in to Contoso/)
})

test('nobody learns who exists, and guessing passwords is stopped', async () => {
  const waits: number[] = []
  await using site = await signInSite({ outside: { wait: async (ms) => void waits.push(ms) } })
  const attempt = async (user: string, password: string) => {
    const page = await browser(site).open(codeRequest().path)
    return page.submit({ user, password })
  }
  const known = await attempt('mary@contoso.com', 'wrong')
  const unknown = await attempt('nobody@contoso.com', 'wrong')
  const bare = (page: Page) => page.html.replaceAll(/value="[^"]*"/g, '')
  assert.equal(bare(known), bare(unknown))
  assert.deepEqual([known.status, unknown.status], [400, 400])
  assert.match(known.text, /user name or password is wrong/)
  assert.match(known.html, /role="alert"/)
  assert.deepEqual([waits[0], waits[1]], [250, 250])
  for (let at = 0; at < 9; at++) await attempt('mary@contoso.com', 'wrong')
  const locked = await attempt('mary@contoso.com', testPassword)
  assert.deepEqual([locked.status, /Too many failed sign-ins/.test(locked.text)], [429, true])
})

test('wrong codes are told beside the field, then the account is locked for a while', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  who.browser = browser(site)
  let page = await who.browser.open(codeRequest().path)
  page = await page.submit({ user: who.user, password: who.password })
  for (let at = 0; at < 5; at++) {
    page = await page.submit({ code: '000000' })
    assert.match(page.html, /aria-invalid="true"/)
  }
  site.clock.now += 30_000
  page = await page.submit({ code: codeOf(who, site.clock.now) })
  assert.deepEqual([page.status, /Too many wrong codes/.test(page.text)], [429, true])
  site.clock.now += 15 * 60_000
  // The steps of signing in are over by then; they start anew.
  page = await signInAt(site, who, await who.browser.open(codeRequest().path))
  assert.ok(page.left)
})

test('a recovery code lets in once, and a remembered device is not asked', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  who.browser = browser(site)
  const [code = ''] = who.recovery ?? []
  const start = async () => (await who.browser.open(codeRequest().path)).submit({ user: who.user, password: who.password })
  let page = await start()
  assert.match(page.html, /href="\?with=recovery"/)
  page = await who.browser.open(`${page.at}?with=recovery`)
  page = await page.submit({ code, remember: 'yes' })
  assert.match(page.text, /Let a program in/)
  const cookies = new Map(who.browser.cookies)
  // A new session on the same device.
  for (const name of cookies.keys()) if (name.includes('session')) who.browser.cookies.delete(name)
  page = await start()
  assert.match(page.text, /Let a program in/)
  // Another device is asked, and the code is used up.
  who.browser = browser(site)
  page = await who.browser.open(`${(await start()).at}?with=recovery`)
  page = await page.submit({ code })
  assert.match(page.text, /not right, or was used/)
  // What is asked anew is asked on the remembered device too.
  who.browser.cookies.clear()
  for (const [name, value] of cookies) if (name.includes('device')) who.browser.cookies.set(name, value)
  page = await (await who.browser.open(codeRequest({ max_age: '60' }).path)).submit({ user: who.user, password: who.password })
  assert.match(page.text, /Show that it is you/)
})

for (const engine of quickEngines) {
  test(`people add and take away what they sign in with (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const who = person(site)
    let page = await atHome(site, who)
    page = await page.submit({}, 'value="remove"')
    assert.match(page.text, /The last second factor stays/)
    page = await who.browser.open(`${security}?add=authenticator`)
    const second = { ...who, secret: /id="secret">([^<]*)</.exec(page.html)![1]!.replaceAll(' ', '') }
    page = await page.submit({ code: '000000', name: 'Tablet' })
    assert.match(page.text, /not the code that the app shows/)
    page = await page.submit({ code: codeOf(second, site.clock.now), name: 'Tablet <b>' })
    assert.match(page.text, /Authenticator app: Tablet <b>, since/)
    page = await page.submit({}, 'value="remove"')
    assert.equal((await site.signIn.factors.list(site.people.boss!)).length, 1)
    page = await page.submit({}, 'value="recovery"')
    assert.equal([...page.html.matchAll(/<li>[a-z0-9-]{19}<\/li>/g)].length, 10)
    page = await page.submit({}, 'value="codes"')
    assert.match(page.text, /10 are left/)

    page = await page.submit({ name: 'Old phone' })
    const password = /id="made">([^<]*)</.exec(page.html)![1]!
    const ews = () => site.call('/EWS/Exchange.asmx', { method: 'POST', user: who.user, password, body: '<x/>' })
    assert.notEqual((await ews()).status, 401)
    page = await who.browser.open(security)
    assert.ok(!page.html.includes(password))
    page = await page.submit({}, 'value="removeProgram"')
    assert.equal((await ews()).status, 401)

    // Changes ask for the factor again after a while; looking does not.
    site.clock.now += 16 * 60_000
    who.secret = second.secret
    page = await who.browser.open(security)
    assert.match(page.text, /Security of your account/)
    page = await who.browser.open(`${security}?add=authenticator`)
    assert.match(page.text, /Show that it is you/)
    page = await signInAt(site, who, page)
    assert.match(page.text, /Security of your account/)
    page = await page.submit({}, 'value="revoke"')
    assert.match(page.text, /Sign in to Contoso/)
  })
}

test('guessing from elsewhere does not lock out who has a remembered device', async () => {
  await using site = await signInSite()
  const who = person(site)
  await tokensFor(site, who)
  who.browser = browser(site)
  const start = async (at: Browser, password: string) => (await at.open(codeRequest().path)).submit({ user: who.user, password })
  site.clock.now += 30_000
  let page = await (await start(who.browser, who.password)).submit({ code: codeOf(who, site.clock.now), remember: 'yes' })
  assert.match(page.text, /Let a program in/)
  for (const name of who.browser.cookies.keys()) if (name.includes('session')) who.browser.cookies.delete(name)
  for (let at = 0; at < 10; at++) await start(browser(site), 'wrong')
  page = await start(browser(site), who.password)
  assert.match(page.text, /Too many failed sign-ins/)
  page = await start(who.browser, who.password)
  assert.match(page.text, /Let a program in/)
})

test('a telephone is added with a code that came there, and lets in by text message', async () => {
  const sent: string[] = []
  await using site = await signInSite({ outside: { codeSenders: [{ kind: 'text', send: async (_number, code) => void sent.push(code) }] } })
  const who = person(site)
  let page = await atHome(site, who)
  assert.ok(page.html.includes('?add=text') && !page.html.includes('?add=call'))
  page = await who.browser.open(`${security}?add=text`)
  page = await page.submit({ number: 'nonsense' })
  assert.match(page.text, /A telephone number starts with \+/)
  page = await page.submit({ number: '+49 30 5550101', name: 'Mobile' })
  page = await page.submit({ code: sent[0]! })
  assert.match(page.text, /Text message: Mobile/)
  who.browser = browser(site)
  site.clock.now += 60_000
  page = await (await who.browser.open(codeRequest().path)).submit({ user: who.user, password: who.password })
  page = await who.browser.open(`${page.at}?with=text`)
  page = await page.submit({}, 'value="send"')
  assert.equal(sent.length, 2)
  page = await page.submit({ code: sent[1]! })
  assert.match(page.text, /Let a program in/)
})

test('signing in is not begun without end from one address', async () => {
  await using site = await signInSite()
  const begin = () =>
    site.call('/oauth2/device/code', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'client_id=nobody',
    })
  for (let at = 0; at < 1000; at += 50) await Promise.all(Array.from({ length: 50 }, begin))
  const refused = await begin()
  assert.deepEqual([refused.status, (JSON.parse(refused.body) as { error: string }).error], [503, 'temporarily_unavailable'])
})

test('what fails inside is told by its number alone, to programs and people', async () => {
  await using site = await signInSite()
  const fails = async () => {
    throw new Error('the disk is gone')
  }
  Object.assign(site.signIn.tokens, { put: fails })
  const program = await site.call('/oauth2/device/code', {
    ...{ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'client_id=isthmus-shell&scope=openid' },
  })
  assert.deepEqual([program.status, (JSON.parse(program.body) as { error: string }).error], [500, 'server_error'])
  const page = await browser(site).open(codeRequest().path)
  assert.deepEqual([page.status, /under [0-9a-f-]{36}/.test(page.text)], [500, true])
  assert.ok(!`${program.body}${page.html}`.includes('disk'))
})

test('signing out ends the session and asks before', async () => {
  await using site = await signInSite()
  const who = person(site)
  await atHome(site, who)
  let page = await who.browser.open('/oauth2/session/end')
  assert.match(page.text, /Do you want to sign out/)
  assert.match((await who.browser.open(security)).text, /Security of your account/)
  page = await (await who.browser.open('/oauth2/session/end')).submit({ logout: 'yes' })
  assert.match(page.text, /You are signed out/)
  assert.match((await who.browser.open(security)).text, /Sign in to Contoso/)
})

test('what comes in a request is shown as text and leads nowhere', async () => {
  await using site = await signInSite()
  const evil = '"><script>alert(1)</script>'
  const visitor = browser(site)
  for (const path of [
    codeRequest({ login_hint: evil }).path,
    codeRequest({ client_id: evil }).path,
    codeRequest({ redirect_uri: `http://127.0.0.1/callback${evil}` }).path,
    `/oauth2/device?user_code=${encodeURIComponent(evil)}`,
    `/oauth2/session/end?client_id=${encodeURIComponent(evil)}`,
    `/oauth2/session/end?post_logout_redirect_uri=${encodeURIComponent('https://evil.example/')}`,
    `/oauth2/${encodeURIComponent(evil)}`,
    '/oauth2/authorize?client_id=isthmus-account&response_type=none&scope=openid&redirect_uri=https://evil.example/',
    `${security}?add=${encodeURIComponent(evil)}`,
    `${security}?add=constructor`,
  ]) {
    const page = await visitor.open(path)
    assert.ok(!page.html.includes('<script>alert'), path)
    assert.equal(page.left, undefined, path)
    assert.ok(page.status < 500, path)
  }
  const host = await site.call('/oauth2/.well-known/openid-configuration', {
    headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
  })
  assert.ok(!host.body.includes('evil'), host.body)
  const big = await site.call('/oauth2/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'x'.repeat(200_000),
  })
  assert.deepEqual([big.status, (JSON.parse(big.body) as { error: string }).error], [413, 'invalid_request'])
  const broken = await site.call('/oauth2/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })
  assert.equal(broken.status, 400)
})
