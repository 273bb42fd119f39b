/** The browser client as people use it: signed in, watched for complaints, photographed. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { buildClient } from '../../../src/server/lab/build-client.ts'
import { startTestSite, testPassword, type TestSite } from '../../support/site.ts'
import { openBrowser } from '../chromium.ts'

// What a journey opened that ran out of its time is never closed: nobody waits for it when all tests have ended.
after(() => void setTimeout(() => process.exit(), 5000).unref())

const root = resolve(import.meta.dirname, '../../..')
/** What CI keeps. */
const pictures = join(root, 'dist/screenshots')

/** The client as its sources are now. */
export async function build(): Promise<void> {
  assert.equal(await buildClient(), undefined)
}

/** A site that browsers reach as `localhost`, and a browser that trusts it. */
export async function startWeb(options: Parameters<typeof startTestSite>[0] = {}) {
  await build()
  await using starting = new AsyncDisposableStack()
  const site = starting.use(await startTestSite({ ...options, config: { hostName: 'localhost', ...options.config } }))
  const opened = starting.use(await openBrowser(site))
  const open = starting.move()
  return {
    site,
    browser: opened.browser,
    /** A window of somebody who signs in at `path`. */
    signIn: (alias: string, path = '/owa/', context: BrowserContextOptions = {}) => signIn(site, opened.browser, alias, path, context),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

export interface Window {
  page: Page
  /** What the browser complained of: scripts that failed, what a policy kept back. */
  complaints: string[]
}

/** A window of somebody of contoso.com who signs in at `path` of a site. */
export async function signIn(
  site: Pick<TestSite, 'url'>,
  browser: Awaited<ReturnType<typeof openBrowser>>['browser'],
  alias: string,
  path: string,
  options: BrowserContextOptions,
): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(site.url + path)
  await page.locator('input[name=user]').fill(`${alias}@contoso.com`)
  await page.locator('input[name=password]').fill(testPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('main').waitFor({ timeout: 20_000 })
  return { page, complaints }
}

/** Keeps a picture of the page under a name. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' })
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
interface AxeResult {
  violations: { id: string; help: string; nodes: { target: unknown; html: string; failureSummary?: string }[] }[]
}

/** Nothing on the page hinders people who cannot see or use a mouse, as far as axe can tell (WCAG 2.2 A and AA). */
export async function accessible(page: Page): Promise<void> {
  // A page that is just going elsewhere takes the answer with it: it is asked once more.
  const { violations } = (await within(20_000, axe(page))) ?? (await within(20_000, axe(page))) ?? assert.fail('axe did not answer')
  const found = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html.slice(0, 300)} ${failureSummary}`).join('\n')}`,
  )
  assert.equal(found.length, 0, found.join('\n'))
}

async function axe(page: Page): Promise<AxeResult> {
  // The policy of the pages takes no script of others: this one is put in by the developer tools.
  const tools = await page.context().newCDPSession(page)
  const run = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await tools.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value as T
  }
  await run(`${readFileSync(axePath, 'utf8')}; 0`)
  // What is fading in has other colours.
  await run(
    `Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 5000).map((one) => one.finished)).then(() => 0)`,
  )
  // Fluent's focus guards send the focus on at once: nobody ever rests there.
  const result = await run<AxeResult>(
    `axe.run({ exclude: ['[data-tabster-dummy]'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false }).then(({ violations }) => ({ violations }))`,
  )
  await tools.detach()
  return result
}

/** What comes of it; undefined when that takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const late = new AbortController()
  const timer = delay(ms, undefined, { signal: late.signal }).catch(() => undefined)
  const result = await Promise.race([work, timer])
  late.abort()
  work.catch(() => undefined)
  return result
}
