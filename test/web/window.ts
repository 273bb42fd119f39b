/** A signed-in browser window that asks the questions of the browser client. */
import assert from 'node:assert/strict'
import type { WebApi } from '#protocols/web'
import { browser, type Browser } from '../sign-in/browser.ts'
import { testPassword, type CallAnswer, type TestSite } from '../support/site.ts'

export interface Window {
  browser: Browser
  /** Asks as the client does; the answer as it came. */
  post(name: string, input: unknown, headers?: Record<string, string>): Promise<CallAnswer>
  /** Asks; a refusal fails the test. */
  ask<Name extends keyof WebApi>(name: Name, input: WebApi[Name]['input']): Promise<WebApi[Name]['output']>
  /** The code of the refusal that is the answer. */
  refusal(name: string, input: unknown): Promise<string>
}

/** Signs somebody in with the password alone, as people without a second factor do. */
export async function openWindow(site: TestSite, alias: string, password = testPassword): Promise<Window> {
  const own = browser(site)
  const page = await own.open('/owa/')
  await page.submit({ user: `${alias}@contoso.com`, password })
  return windowOf(site, own)
}

/** What a browser that is signed in asks. */
export function windowOf(site: TestSite, own: Browser): Window {
  const post = (name: string, input: unknown, headers: Record<string, string> = {}) =>
    own.request(`/owa/api/${name}`, {
      method: 'POST',
      body: JSON.stringify(input),
      headers: { 'content-type': 'application/json', origin: site.url, 'x-isthmus': '1', ...headers },
    })
  return {
    browser: own,
    post,
    async ask(name, input) {
      const { status, body } = await post(name, input)
      assert.equal(status, 200, body)
      return JSON.parse(body)
    },
    async refusal(name, input) {
      const { status, body } = await post(name, input)
      assert.ok(status >= 400, body)
      return (JSON.parse(body) as { error: { code: string } }).error.code
    },
  }
}
