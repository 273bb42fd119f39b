/** Who has somebody's password, an old cookie or a page that was opened before, against the pages of signing in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { browser, type Page } from '../sign-in/browser.ts'
import {
  codeOf,
  codeRequest,
  person,
  signInAt,
  signInSite,
  startDevice,
  tokensFor,
  type Person,
  type SignInSite,
} from '../sign-in/program.ts'

const security = '/account/security'
const secretOn = ({ html }: Page) => /id="secret">([^<]*)</.exec(html)?.[1]?.replaceAll(' ', '') ?? ''
const passwordShown = async (who: Person, more: Record<string, string> = {}) =>
  (await who.browser.open(codeRequest(more).path)).submit({ user: who.user, password: who.password })

/** From now on whoever asks for somebody's factors waits until `many` have: each of them then goes on from the same list. */
function together(site: SignInSite, many: number): void {
  const { factors } = site.signIn
  const { list } = factors
  const all = Promise.withResolvers<void>()
  let arrived = 0
  factors.list = async (recipient) => {
    const found = await list(recipient)
    if (++arrived === many) all.resolve()
    await all.promise
    return found
  }
}

for (const engine of quickEngines) {
  test(`of two browsers that set up the first second factor at once one is refused (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const [one, other] = [person(site), person(site)]
    const pages = [await passwordShown(one), await passwordShown(other)]
    const secrets = pages.map(secretOn)
    assert.equal(new Set(secrets).size, 2)
    together(site, 2)
    const answers = await Promise.all(
      pages.map((page, at) => page.submit({ code: codeOf({ ...one, secret: secrets[at]! }, site.clock.now) }, 'value="enrol"')),
    )
    const won = answers.findIndex(({ text }) => /Keep your recovery codes/.test(text))
    const lost = answers[1 - won]!
    assert.ok(won >= 0 && lost.status === 400, answers.map(({ text }) => text).join('\n'))
    assert.match(lost.text, /A second factor was set up for this account elsewhere, a moment ago/)
    assert.match(lost.text, /Show that it is you/)
    assert.equal((await site.signIn.factors.list(site.people.boss!)).length, 1)
    assert.equal(await site.signIn.factors.recoveryCodesLeft(site.people.boss!), 10)
    // The one that lost gets in with the factor of the other alone.
    site.clock.now += 30_000
    const own = await lost.submit({ code: codeOf({ ...one, secret: secrets[1 - won]! }, site.clock.now) })
    assert.match(own.text, /not right, or was used/)
    const shown = await own.submit({ code: codeOf({ ...one, secret: secrets[won]! }, site.clock.now) })
    assert.match(shown.text, /Let a program in/)
  })

  test(`a page of setting up that was open before somebody else did is refused, and so is one of the account (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const [one, other] = [person(site), person(site)]
    const late = await passwordShown(other)
    await signInAt(site, one, await passwordShown(one))
    const refused = await late.submit({ code: codeOf({ ...other, secret: secretOn(late) }, site.clock.now) }, 'value="enrol"')
    assert.match(refused.text, /set up for this account elsewhere/)

    // Where no factor is asked for, two add one at their own page with the password alone.
    const [mary, thief] = [person(site, 'mary@contoso.com'), person(site, 'mary@contoso.com')]
    const adding = []
    for (const who of [mary, thief]) {
      await signInAt(site, who, await who.browser.open(security))
      adding.push(await who.browser.open(`${security}?add=authenticator`))
    }
    together(site, 2)
    const added = await Promise.all(
      adding.map((page) => page.submit({ code: codeOf({ ...mary, secret: secretOn(page) }, site.clock.now) }, 'name="code"')),
    )
    assert.equal(added.filter(({ text }) => /set up for this account elsewhere/.test(text)).length, 1, added.map(({ text }) => text).join('\n')) // prettier-ignore
    assert.equal((await site.signIn.factors.list(site.people.mary!)).length, 1)
  })

  test(`of two requests that take away the last two factors at once one is refused (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const who = person(site)
    await signInAt(site, who, await who.browser.open(security))
    let page = await who.browser.open(`${security}?add=authenticator`)
    page = await page.submit({ code: codeOf({ ...who, secret: secretOn(page) }, site.clock.now), name: 'Second' }, 'name="code"')
    const ids = [...page.html.matchAll(/name="do" value="remove"[\s\S]*?name="id" value="([^"]*)"/g)].map(([, id = '']) => id)
    assert.equal(ids.length, 2)
    together(site, 2)
    const answers = await Promise.all(ids.map((id) => page.submit({ id }, 'value="remove"')))
    assert.equal(
      answers.filter(({ text }) => /The last second factor stays/.test(text)).length,
      1,
      answers.map(({ text }) => text).join('\n'),
    )
    assert.equal((await site.signIn.factors.list(site.people.boss!)).length, 1)
  })

  test(`an app password that was made with a stolen password ends with Revoke-SignIn -AppPasswords (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const mary = site.people.mary!
    const { password } = await site.signIn.appPasswords.create(mary, 'Thief')
    const ews = async () => (await site.call('/EWS/Exchange.asmx', { method: 'POST', user: mary.address, password, body: '<x/>' })).status
    const revoke = (more: object) =>
      Array.fromAsync(site.admin.invoke(systemCaller(mary.organisation), 'Revoke-SignIn', { Identity: 'mary', ...more }))
    await revoke({})
    assert.notEqual(await ews(), 401)
    await revoke({ AppPasswords: true })
    assert.equal(await ews(), 401)
    assert.deepEqual(await site.signIn.appPasswords.list(mary), [])
  })

  test(`recovery codes made with the password alone stand in for no factor of later (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const thief = person(site, 'mary@contoso.com')
    let page = await signInAt(site, thief, await thief.browser.open(security))
    page = await page.submit({}, 'value="recovery"')
    assert.match(page.text, /set one up first/)
    assert.equal(await site.signIn.factors.recoveryCodesLeft(site.people.mary!), 0)
  })

  test(`who showed the password before it was changed begins again (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { directory, signIn, people } = site
    const who = person(site)
    await tokensFor(site, who)
    const ends: Record<string, () => Promise<unknown>> = {
      'a new password': () => directory.setPassword(people.boss!, who.password),
      'Revoke-SignIn': () => signIn.sessions.revoke(people.boss!),
    }
    for (const [name, end] of Object.entries(ends)) {
      who.browser = browser(site)
      const page = await passwordShown(who)
      await end()
      site.clock.now += 30_000
      const next = await page.submit({ code: codeOf(who, site.clock.now) })
      assert.match(next.text, /Sign in to Contoso.*User name/, name)
    }
    // Mary is asked for no factor: the program must not be let in either.
    const mary = person(site, 'mary@contoso.com')
    const stuck = await mary.browser.open(codeRequest().path)
    const cookies = new Map(mary.browser.cookies)
    const posted = await mary.browser.request(stuck.at, {
      method: 'POST',
      body: new URLSearchParams({ form: /name="form" value="([^"]*)"/.exec(stuck.html)![1]!, step: 'password', user: mary.user, password: mary.password }).toString(), // prettier-ignore
    })
    assert.equal(posted.status, 303)
    await directory.setPassword(people.mary!, 'another one 1!')
    for (const [name, value] of cookies) mary.browser.cookies.set(name, value)
    assert.match((await mary.browser.open(stuck.at)).text, /Sign in to Contoso.*User name/)
  })

  test(`a remembered device is asked again after a new password, and once the policy remembers none (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { configuration, organisation, directory, people } = site
    const who = person(site)
    await tokensFor(site, who)
    const remembered = async () => {
      who.browser = browser(site)
      site.clock.now += 30_000
      const page = await (await passwordShown(who)).submit({ code: codeOf(who, site.clock.now), remember: 'yes' })
      assert.match(page.text, /Let a program in/)
      const cookie = [...who.browser.cookies].find(([name]) => name.includes('device'))!
      return async () => {
        const thief = person(site)
        thief.browser.cookies.set(...cookie)
        return (await passwordShown({ ...thief, password: who.password })).text
      }
    }
    const stolen = await remembered()
    assert.match(await stolen(), /Let a program in/)
    who.password = 'another one 1!'
    await directory.setPassword(people.boss!, who.password)
    assert.match(await stolen(), /Show that it is you/)
    assert.equal((await site.signIn.factors.devices(people.boss!)).length, 0)

    const mine = await remembered()
    assert.match(await mine(), /Let a program in/)
    await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Strict', RememberDeviceDays: 0 })
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Strict' })
    assert.match(await mine(), /Show that it is you/)
  })
}

test('a session that somebody else planted is another one after signing in', async () => {
  await using site = await signInSite()
  const who = person(site)
  await who.browser.open('/oauth2/device')
  const planted = new Map(who.browser.cookies)
  const page = await who.browser.open(codeRequest().path)
  assert.ok([...planted.keys()].some((name) => name.includes('session')))
  await signInAt(site, who, page)
  assert.match((await who.browser.open(security)).text, /Security of your account/)
  const attacker = browser(site)
  for (const [name, value] of planted) attacker.cookies.set(name, value)
  assert.match((await attacker.open(security)).text, /Sign in to Contoso/)
})

test('an authenticator without a secret, or with one that is there already, is not kept', async () => {
  await using site = await signInSite()
  const mary = site.people.mary!
  const { factors } = site.signIn
  const secret = factors.newSecret()
  const add = (given: string) => {
    const code = given === '' ? '328482' : codeOf({ ...person(site), secret: given }, site.clock.now)
    return factors.addAuthenticator(mary, { secret: given, code, name: 'Telephone' })
  }
  await assert.rejects(add(''), { code: 'InvalidArgument' })
  const twice = await Promise.allSettled([add(secret), add(secret)])
  assert.deepEqual(twice.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  assert.equal((await factors.list(mary)).length, 1)
})

test('a path that is written otherwise is counted as what it is: codes of devices, sign-ins that are begun', async () => {
  await using site = await signInSite()
  const who = person(site)
  const paths = ['/oauth2/device', '/oauth2/device/', '/OAUTH2/Device/', '/oauth2/DEVICE']
  const enter = async (code: string, path: string) => {
    const page = await who.browser.open('/oauth2/device')
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    return who.browser.request(path, { method: 'POST', body: new URLSearchParams({ xsrf, user_code: code }).toString() })
  }
  for (let at = 0; at < 20; at++) await enter('CCCC-CCCC', paths[at % paths.length]!)
  const { user_code = '' } = await startDevice(site)
  for (const path of paths) assert.equal((await enter(user_code, path)).status, 429, path)

  site.clock.now += 16 * 60_000
  const begin = (path: string) =>
    site.call(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'client_id=nobody' })
  for (let at = 0; at < 1000; at += 50) await Promise.all(Array.from({ length: 50 }, () => begin('/oauth2/device/code/')))
  for (const path of ['/oauth2/device/code', '/oauth2/device/code/', '/oauth2/Device/CODE/'])
    assert.equal((await begin(path)).status, 503, path)
})
