/** A program that signs people in, and people who sign in: for tests of the pages and tokens. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { TOTP } from 'otpauth'
import type { Caller } from '#model'
import type { SeedPersonInput } from '#server'
import { engines, type TestEngine } from '../support/engines.ts'
import { startTestSite, testPassword, type TestSite } from '../support/site.ts'
import { callerBy } from '../support/caller-by.ts'
import { browser, type Browser, type Page } from './browser.ts'

export const client = 'isthmus-shell'
export const everything = 'openid profile offline_access administration'
export const boss: SeedPersonInput = {
  address: 'boss@contoso.com',
  displayName: 'Bertha Boss',
  rights: { roles: ['Organization Management', 'Reset Password'] },
}

export interface SignInSite extends TestSite {
  /** The site's clock; it stands still. */
  clock: { now: number }
}

/** A site with an administrator `boss@contoso.com`, whose clock the test sets. */
export async function signInSite(options: Parameters<typeof startTestSite>[0] = {}): Promise<SignInSite> {
  const clock = { now: Date.now() }
  const { people = [], outside = {}, engine = engines[0]! } = options
  const site = await startTestSite({
    ...options,
    engine,
    people: [boss, ...people],
    outside: { clock: () => clock.now, ...outside },
  })
  return { ...site, clock }
}

export type Answer = Record<string, string> & { status: string }

/** Posts a form to the provider, as programs do; the answer as JSON, with its status. */
export async function post(site: TestSite, path: string, fields: Record<string, string>): Promise<Answer> {
  const answer = await site.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(fields).toString(),
  })
  return { ...(answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, string>)), status: String(answer.status) }
}

export const startDevice = (site: TestSite, more: Record<string, string> = {}) =>
  post(site, '/oauth2/device/code', { client_id: client, scope: everything, device_name: 'srv-1', ...more })
export const deviceTokens = (site: TestSite, code: string) =>
  post(site, '/oauth2/token', { client_id: client, grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code })
export const refresh = (site: TestSite, token: string) =>
  post(site, '/oauth2/token', { client_id: client, grant_type: 'refresh_token', refresh_token: token })

/** The caller that a token is, at administration unless another protocol is named. */
export const callerOf = (site: TestSite, token: string, protocol = 'admin'): Promise<Caller | undefined> =>
  callerBy(site.access, `Bearer ${token}`, { remoteAddress: '192.0.2.1', protocol })

/** What somebody has to sign in with. */
export interface Person {
  user: string
  password: string
  /** Of the authenticator, once it is set up. */
  secret?: string
  recovery?: string[]
  browser: Browser
}

export const person = (site: TestSite, user = 'boss@contoso.com', password = testPassword): Person => ({
  ...{ user, password, browser: browser(site) },
})

export const codeOf = ({ secret }: Person, now: number): string => new TOTP({ secret: secret ?? '' }).generate({ timestamp: now })

/** Goes through password, second factor (set up when it is asked for) and approval, as far as it is asked. */
export async function signInAt(site: SignInSite, who: Person, start: Page, fields: Record<string, string> = {}): Promise<Page> {
  let page = start
  for (let steps = 0; steps < 8 && !page.left; steps++) {
    const step = /name="step" value="(?!other|send)(\w+)"/.exec(page.html)?.[1]
    if (step === 'password') {
      const user: Record<string, string> = page.html.includes('name="user"') ? { user: who.user } : {}
      page = await page.submit({ ...user, password: who.password })
    } else if (step === 'enrol') {
      who.secret = /id="secret">([^<]*)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? ''
      page = await page.submit({ code: codeOf(who, site.clock.now) })
    } else if (step === 'codes') {
      who.recovery = [...page.html.matchAll(/<li>([a-z0-9-]{19})<\/li>/g)].map(([, code = '']) => code)
      page = await page.submit({}, 'value="codes"')
    } else if (step === 'factor') {
      // A code is good once: the next one comes half a minute later.
      site.clock.now += 30_000
      page = await page.submit({ code: codeOf(who, site.clock.now), ...fields })
    } else if (page.html.includes('name="answer"')) page = await page.submit({ answer: 'approve' })
    else break
  }
  return page
}

/** Signs in by device code; the tokens. */
export async function tokensFor(site: SignInSite, who: Person, more: Record<string, string> = {}): Promise<Answer> {
  const started = await startDevice(site, more)
  let page = await who.browser.open('/oauth2/device')
  page = await page.submit({ user_code: started.user_code ?? '' })
  page = await signInAt(site, who, await page.submit({ confirm: 'yes' }))
  assert.match(page.text, /The program is let in/)
  const tokens = await deviceTokens(site, started.device_code ?? '')
  assert.equal(tokens.status, '200', JSON.stringify(tokens))
  return tokens
}

/** An authorization request with PKCE, from a program that listens at a loopback port. */
export function codeRequest(more: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const redirect = more.redirect_uri ?? 'http://127.0.0.1:49152/callback'
  const query = new URLSearchParams({
    ...{ client_id: client, response_type: 'code', scope: everything, prompt: 'consent', state: 'the-state' },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
    ...more,
    redirect_uri: redirect,
  })
  return { verifier, redirect, path: `/oauth2/authorize?${query}` }
}

export const codeTokens = (site: TestSite, { verifier, redirect }: ReturnType<typeof codeRequest>, code: string) =>
  post(site, '/oauth2/token', {
    ...{ client_id: client, grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier },
  })

export type { TestEngine }
