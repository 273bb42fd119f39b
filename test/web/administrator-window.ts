/** A signed-in browser window of an administrator, who has a second factor. */
import assert from 'node:assert/strict'
import { TOTP } from 'otpauth'
import type { CmdletLine } from '#protocols/web'
import { boss } from '../sign-in/program.ts'
import { startTestSite, testPassword, type TestSite } from '../support/site.ts'
import { browser } from '../sign-in/browser.ts'
import { windowOf, type Window } from './window.ts'

export interface AdministratorWindow extends Window {
  /** Shows the factors anew, as the window beside the page does. */
  showAgain(): Promise<void>
  /** Runs a cmdlet and hears all that it says. */
  follow(name: string, parameters?: Record<string, unknown>): Promise<CmdletLine[]>
}

/** A site with the administrator `boss@contoso.com`, whose clock is `clock`. */
export const startAdministered = (clock: { now: number }, options: Parameters<typeof startTestSite>[0] = {}): Promise<TestSite> =>
  startTestSite({ ...options, people: [boss, ...(options.people ?? [])], outside: { clock: () => clock.now, ...options.outside } })

/** An administrator signs in with the password, and sets up an authenticator on the way. */
export async function openAdministratorWindow(site: TestSite, clock: { now: number }, alias = 'boss'): Promise<AdministratorWindow> {
  const own = browser(site)
  let page = await own.open('/ecp/')
  page = await page.submit({ user: `${alias}@contoso.com`, password: testPassword })
  const secret = /id="secret">([^<]*)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? ''
  const code = () => new TOTP({ secret }).generate({ timestamp: clock.now })
  page = await page.submit({ code: code() })
  await page.submit({}, 'value="codes"')
  const window = windowOf(site, own)
  return {
    ...window,
    async showAgain() {
      const asked = await own.open('/owa/sign-in-again')
      await asked.submit({ code: code() })
    },
    async follow(name, parameters = {}) {
      const { status, headers, body } = await window.post('followCmdlet', { name, parameters })
      assert.equal(status, 200, body)
      assert.equal(headers['content-type'], 'application/x-ndjson')
      return body.trimEnd().split('\n').map((line) => JSON.parse(line) as CmdletLine) // prettier-ignore
    },
  }
}
