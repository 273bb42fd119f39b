/** An administrator in a browser: enrols an authenticator at the first sign-in, and shows its codes at later ones. */
import { TOTP } from 'otpauth'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { boss } from '../../sign-in/program.ts'
import { testPassword } from '../../support/site.ts'
import { startWeb, type Window } from './client.ts'

/** A site with the administrator `boss@contoso.com`, on the real clock. */
export const startAdministration = (options: Parameters<typeof startWeb>[0] = {}) =>
  startWeb({ ...options, people: [boss, ...(options.people ?? [])], outside: { clock: Date.now, ...options.outside } })

export interface AdminWindow extends Window {
  /** Shows a code, that of so many milliseconds later: one is good once. */
  show: (page: Page, after: number) => Promise<void>
}

/** A window of the administrator, who sets up the second factor on the way to `path`. */
export async function administrator(
  { site, browser }: Awaited<ReturnType<typeof startAdministration>>,
  path = '/ecp/',
  options: BrowserContextOptions = {},
): Promise<AdminWindow> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(site.url + path)
  await page.getByLabel('User name').fill('boss@contoso.com')
  await page.getByLabel('Password').fill(testPassword)
  await page.keyboard.press('Enter')
  const shown = page.locator('#secret')
  await shown.waitFor({ timeout: 20_000 })
  const secret = ((await shown.textContent()) ?? '').replaceAll(' ', '')
  const codeAt = (time: number) => new TOTP({ secret }).generate({ timestamp: time })
  await page.getByLabel(/The code that the app shows/).fill(codeAt(Date.now()))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('navigation', { name: 'Areas' }).waitFor({ timeout: 20_000 })
  return {
    ...{ page, complaints },
    async show(where, after) {
      await where.getByLabel('Code of your authenticator app').fill(codeAt(Date.now() + after))
      await where.keyboard.press('Enter')
    },
  }
}

/** What was copied last. */
export const copiedText = (page: Page): Promise<string> =>
  page.evaluate(() =>
    (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText(),
  )
