/** Two premises and an administrator of each, who sign in with a second factor in a real browser. */
import { TOTP } from 'otpauth'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { names, startHybridSites, type HybridSitesInput } from '../../support/hybrid-sites.ts'
import { testPassword } from '../../support/site.ts'
import { openBrowser } from '../chromium.ts'
import { accessible, build, picture } from './client.ts'

export const onlineBoss = 'boss@contoso.online.example'
const organisationManagement = { rights: { roles: ['Organization Management'] } }

/** Nothing is configured between the two; the browser finds both by their names. */
export async function startWizardSites(input: HybridSitesInput = {}) {
  await build()
  await using starting = new AsyncDisposableStack()
  const sites = await startHybridSites({
    ...input,
    people: { online: [{ address: onlineBoss, displayName: 'Online Boss', ...organisationManagement }] },
  })
  starting.use(sites)
  const { onPremises, online } = sites
  const opened = starting.use(await openBrowser(onPremises, { ports: online.ports, ca: online.ca, hosts: [names.online.mail] }))
  const open = starting.move()
  return {
    sites,
    url: `https://127.0.0.1:${onPremises.ports.https}`,
    async window(options: BrowserContextOptions = {}) {
      const context = await opened.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
      page.on('pageerror', (error) => void complaints.push(error.message))
      return { page, context, complaints }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Signs in with the password, and sets up an authenticator, as the site asks of administrators; in any language. A code at a time from then on. */
export async function enrol(page: Page, user: string): Promise<(at?: number) => string> {
  await page.locator('input[name=user]').fill(user)
  await page.locator('input[name=password]').fill(testPassword)
  await page.keyboard.press('Enter')
  const secret = (await page.locator('#secret').textContent())!.replaceAll(' ', '')
  const code = (timestamp = Date.now()) => new TOTP({ secret }).generate({ timestamp })
  await page.locator('input[name=code]').fill(code())
  await page.keyboard.press('Enter')
  await page.locator('form:has(input[name=step][value=codes]) button').click()
  return code
}

/** Shows the second factor again, to who knows already who it is. */
export async function showFactor(page: Page, code: string): Promise<void> {
  await page.locator('input[name=code]').fill(code)
  await page.keyboard.press('Enter')
}

/** From the first page to the credentials. */
export async function toCredentials(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Hybrid Configuration Wizard' }).waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'On-premises server organisation' }).waitFor()
  await page.getByLabel('Address of the online service').fill(`https://${names.online.mail}`)
  await page.getByLabel('Domain of the online organisation').fill(names.online.domain)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'Credentials' }).waitFor()
}

/** A page of the wizard as it is, and on a phone. */
export async function shown(page: Page, name: string): Promise<void> {
  await picture(page, name)
  await accessible(page)
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, `${name}-phone`)
  await accessible(page)
  await page.setViewportSize(size)
}

interface ToSummary {
  /** Behind the names of the pictures. */
  look?: string
  /** The certificate that is chosen where several fit. */
  certificate?: string
}

/** From both verified accounts to the summary. */
export async function toSummary(page: Page, { look = '', certificate }: ToSummary = {}): Promise<void> {
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gathering configuration information' }).waitFor()
  await page.getByRole('group', { name: 'Online' }).waitFor()
  await shown(page, `wizard-gather${look}`)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'Features and domains' }).waitFor()
  await shown(page, `wizard-features${look}`)
  await page.getByLabel('Auth service').fill(`https://${names.auth}`)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'Addresses and mail flow' }).waitFor()
  await page.getByLabel('Address of this organisation').fill(`https://${names.onPremises.mail}`)
  if (certificate) {
    const offered = page.getByLabel('Certificate of the mail server')
    await offered.selectOption(await offered.locator('option', { hasText: certificate }).getAttribute('value'))
  }
  await shown(page, `wizard-transport${look}`)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { level: 1, name: 'Ready for update' }).waitFor()
}
