import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { sayIn, sayNow } from '../../src/protocols/sign-in/pages/say.ts'
import { languages, texts, type TextKey } from '../../src/protocols/sign-in/pages/texts.ts'
import { readable, type Browser, type Page } from './browser.ts'
import { codeRequest, person, signInAt, signInSite, startDevice, type SignInSite } from './program.ts'

const security = '/account/security'
const langOf = ({ html }: Page) => /<html lang="([^"]*)">/.exec(html)?.[1]

/** The same browser, whose owner has set its languages. */
function speaking(browser: Browser, accepted: string): Browser {
  const { request } = browser
  browser.request = (path, options = {}) => request(path, { ...options, headers: { 'accept-language': accepted, ...options.headers } })
  return browser
}
const setLanguage = (site: SignInSite, Identity: string, Language: string) =>
  Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), 'Set-MailboxRegionalConfiguration', { Identity, Language }))

test('every text is there in every language, with the same put into it', () => {
  const keys = Object.keys(texts) as TextKey[]
  assert.ok(keys.length > 100)
  const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()
  // Words that are the same in a language as in English.
  const alike = new Set(['Name', 'Code', 'Passkey', 'Sessions'])
  for (const key of keys) {
    const row: readonly string[] = texts[key]
    assert.equal(row.length, languages.length, key)
    for (const [at, text] of row.entries()) {
      assert.ok(text.trim() !== '' && text === text.trim(), `${key} in ${languages[at]}`)
      assert.deepEqual(placesOf(text), placesOf(row[0]!), `${key} in ${languages[at]}`)
      if (at > 0) assert.ok(text !== row[0] || alike.has(text), `${key} in ${languages[at]} is English`)
    }
  }
})

test('the language is the best one of those wished for (RFC 9110 12.5.4, OIDC Core 3.1.2.1)', () => {
  const rows: [accepted: string | undefined, asked: unknown, language: string][] = [
    [undefined, undefined, 'en'],
    ['de', undefined, 'de'],
    ['de-CH,fr;q=0.9', undefined, 'de'],
    ['fr;q=0.3, de;q=0.8, en;q=0.1', undefined, 'de'],
    ['en;q=0, FR;q=0.001', undefined, 'fr'],
    ['nl, pt-BR;q=0.8', undefined, 'en'],
    ['nl, *;q=0.5', undefined, 'en'],
    ['de;q=x, fr', undefined, 'fr'],
    ['de;q=2', undefined, 'en'],
    [`${'xx,'.repeat(100_000)}de`, undefined, 'en'],
    ['de', 'fr-CA en', 'fr'],
    ['de', 'nl sv', 'de'],
    ['de', 'constructor __proto__', 'de'],
    ['fr', { toString: 'de' }, 'fr'],
    ['', 'x'.repeat(1_000_000), 'en'],
  ]
  for (const [accepted, asked, language] of rows) {
    assert.equal(sayNow({ asked, accepted }).language, language, `${accepted?.slice(0, 50)} ${String(JSON.stringify(asked)).slice(0, 50)}`)
  }
})

test('what is refused is said in the language, with what is put into it; other words stay as they are', () => {
  const say = sayIn('fr')
  assert.match(say.refused('The user name or password is wrong.'), /mot de passe est erroné/)
  assert.equal(say.refused("There is an app password 'a {b} $& c' already."), 'Il y a déjà un mot de passe d’application « a {b} $& c ».')
  assert.equal(say.refused('Something else.'), 'Something else.')
  const hostile = `There is an app password '${"' already.".repeat(20_000)}`
  assert.equal(say.refused(hostile), hostile)
})

test('a sign-in comes in the language that the program asks for, to its end', async () => {
  await using site = await signInSite()
  const who = person(site)
  speaking(who.browser, 'fr')
  let page = await who.browser.open(codeRequest({ ui_locales: 'sv de-AT' }).path)
  assert.deepEqual([langOf(page), /Bei Contoso anmelden.*Benutzername.*Kennwort/.test(page.text)], ['de', true])
  page = await page.submit({ user: who.user, password: 'wrong' })
  assert.match(page.text, /Der Benutzername oder das Kennwort ist falsch\./)
  page = await page.submit({ user: who.user, password: who.password })
  assert.match(page.text, /Zweiten Faktor einrichten/)
  page = await page.submit({ code: '000000' }, 'value="enrol"')
  assert.match(page.text, /Das ist nicht der Code, den die App jetzt zeigt\./)
  page = await signInAt(site, who, page, {})
  assert.ok(page.left, page.text)

  // The approval and the codes were German too; what a browser alone says comes next.
  page = await who.browser.open(codeRequest().path)
  assert.deepEqual([langOf(page), /Laisser entrer un programme/.test(page.text)], ['fr', true])
  page = await who.browser.open(codeRequest({ redirect_uri: 'https://evil.example/', ui_locales: 'de' }).path)
  assert.match(page.text, /Das hat nicht geklappt/)
  assert.match(page.html, /<span lang="en">/)
})

test('a page comes in the language of the person’s mailbox, once the person is known', async () => {
  await using site = await signInSite()
  await setLanguage(site, 'mary', 'fr-FR')
  const who = person(site, 'mary@contoso.com')
  speaking(who.browser, 'de')
  let page = await who.browser.open(codeRequest().path)
  assert.equal(langOf(page), 'de')
  // Whoever knows no password does not learn the language of a mailbox.
  page = await page.submit({ user: who.user, password: 'wrong' })
  assert.deepEqual([langOf(page), page.status], ['de', 400])
  page = await page.submit({ user: who.user, password: who.password })
  assert.deepEqual([langOf(page), /Laisser entrer un programme/.test(page.text)], ['fr', true])
  page = await who.browser.open(security)
  assert.deepEqual([langOf(page), /Sécurité de votre compte/.test(page.text)], ['fr', true])
  assert.equal(langOf(await who.browser.open('/oauth2/session/end')), 'fr')
  assert.equal(langOf(await who.browser.open(`${security}?ui_locales=en`)), 'en')
  await setLanguage(site, 'mary', 'en-GB')
  assert.equal(langOf(await who.browser.open(security)), 'en')
  // What every mailbox is made with says nothing.
  await setLanguage(site, 'mary', 'en-US')
  assert.equal(langOf(await who.browser.open(security)), 'de')
  assert.equal(langOf(await who.browser.open(codeRequest({ ui_locales: 'de' }).path)), 'de')
})

test('the pages of the device flow and those of no program come in the language of the browser or the program', async () => {
  await using site = await signInSite()
  const who = person(site)
  speaking(who.browser, 'de-DE, en;q=0.5')
  let page = await who.browser.open('/oauth2/device')
  assert.deepEqual([langOf(page), /Code eingeben/.test(page.text)], ['de', true])
  page = await page.submit({ user_code: 'BCDF-GHJK' })
  assert.match(page.text, /Dieser Code stimmt nicht/)
  const { user_code = '' } = await startDevice(site, { ui_locales: 'fr' })
  page = await page.submit({ user_code })
  assert.match(page.text, /Est-ce le bon code/)
  page = await page.submit({ confirm: 'yes' })
  assert.match(page.text, /Se connecter à Contoso/)
  for (const path of ['/oauth2/interaction/unknown', `/oauth2/interaction/${'x'.repeat(20)}`]) {
    page = await who.browser.open(path)
    assert.equal(langOf(page), 'de', path)
    readable(page.html)
  }
  const discovery = JSON.parse((await site.call('/oauth2/.well-known/openid-configuration')).body) as Record<string, unknown>
  assert.deepEqual(discovery.ui_locales_supported, languages)
})

test('every page of somebody’s own account comes whole in each language', async () => {
  await using site = await signInSite({ outside: { codeSenders: [{ kind: 'text', send: async () => undefined }] } })
  const who = person(site)
  await signInAt(site, who, await who.browser.open(security))
  await who.browser.open(security)
  const english = (language: string) =>
    (Object.keys(texts) as TextKey[]).filter((key) => !texts[key][0].includes('{') && texts[key][languages.indexOf(language as 'de')] !== texts[key][0]).map((key) => texts[key][0]).filter((text) => text.length > 12) // prettier-ignore
  for (const language of ['de', 'fr']) {
    speaking(who.browser, language)
    for (const path of [security, `${security}?add=authenticator`, `${security}?add=text`]) {
      const page = await who.browser.open(path)
      readable(page.html)
      assert.equal(langOf(page), language)
      for (const text of english(language))
        assert.ok(!page.text.includes(text) || text === 'Authenticator app', `${path} in ${language}: ${text}`)
    }
    let page = await (await who.browser.open(security)).submit({}, 'value="remove"')
    assert.equal(page.text.includes(texts.refusedLast[languages.indexOf(language as 'de')]!), true, page.text)
    page = await page.submit({ name: `Program ${language}` })
    assert.equal(langOf(page), language)
  }
})
