import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser, openKeptBrowser } from '../test/peers/chromium.ts'
import { benchPassword, fillFolder, type BenchSite } from './bench-site.ts'
import { timesOf } from './side-by-side.ts'
import type { Row } from './table.ts'

/** Messages of the folder that is scrolled: BENCH_WEB, or 100,000. */
const size = Number(process.env.BENCH_WEB ?? 100_000)
/** How much slower the browser's processor is while pages are loaded. */
const slower = 4
const root = resolve(import.meta.dirname, '..')
type Storage = Awaited<ReturnType<BrowserContext['storageState']>>

/** The browser client in Debian's chromium: its size, how soon the inbox is there, opening a message, scrolling a large folder. */
export async function benchWeb(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox } = bench
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const mary = await site.directory.callerFor((await site.directory.find('mary@contoso.com'))!)
  const template = await site.mailboxes.createItem(mary, { mailbox, kind: 'inbox' }, {
    kind: 'message',
    properties: { subject: 'Bench', body: { type: 'HTML', value: `<p>${'An isthmus joins two lands and parts two seas. '.repeat(40)}</p>` } },
  }) // prettier-ignore
  const inbox = await site.mailboxes.getFolder(mary, { mailbox, kind: 'inbox' })
  await fillFolder(bench, inbox.row.id, template.ref.id, size)
  const opened = await openBrowser(site)
  try {
    const address = `${site.endpoints.base}/owa/`
    const signedIn = await signIn(opened.browser, address)
    const cold: Inbox[] = []
    for (let turn = 0; turn < 7; turn++) {
      const context = await opened.browser.newContext({ storageState: signedIn })
      cold.push(await untilInbox(await slowPage(context), address))
      await context.close()
    }
    const warm = await untilInboxAgain(site, signedIn, address)
    const context = await opened.browser.newContext({ storageState: signedIn, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await untilInbox(page, address)
    const opening = timesOf(await openings(page, 30))
    const frames = await inPage<number[]>(page, 'scrolled', 5000)
    const ms = (value: number) => `${Math.round(value)} ms`
    const main = mainBundle()
    const aim = (what: string, measured: string, limit: string, ratio: number, note: string): Row => ({ what, measured, baseline: `aim ${limit}`, ratio, note }) // prettier-ignore
    return [
      aim('main bundle of the browser client', `${Math.round(main / 1024)} KiB gzip`, '250 KB', main / 250_000, 'every other part is loaded when it is looked at'),
      ...inboxRows('nothing kept', cold, 1500),
      ...inboxRows('parts kept by the browser', warm, 500),
      aim('a message is opened', `${opening.p50.toFixed(0)} ms`, '100 ms', opening.p50 / 100, `p99 ${ms(opening.p99)}; click until subject and text are there`),
      aim(`scrolling ${size.toLocaleString('en')} messages`, `longest frame ${ms(Math.max(...frames))}`, '50 ms', Math.max(...frames) / 50, `${frames.length} frames in 5 s, p99 ${ms(timesOf(frames).p99)}`),
    ] // prettier-ignore
  } finally {
    await opened[Symbol.asyncDispose]()
  }
}

/** Bytes of what every page loads first, as they come over the network. */
function mainBundle(): number {
  const built = join(root, 'dist/web')
  const manifest = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    { file: string; imports?: string[]; dynamicImports?: string[] }
  >
  const files = new Set<string>()
  const add = (name: string) => {
    const { file, imports = [] } = manifest[name]!
    if (files.has(file)) return
    files.add(file)
    imports.forEach(add)
  }
  const page = readFileSync(join(built, 'index.html'), 'utf8')
  for (const [name, { file, dynamicImports = [] }] of Object.entries(manifest))
    if (page.includes(file)) [name, ...dynamicImports].forEach(add)
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file))).length, 0)
}

async function signIn(browser: Browser, address: string): Promise<Storage> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(address)
  await page.getByLabel('User name').fill('mary@contoso.com')
  await page.getByLabel('Password').fill(benchPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('option').first().waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

/** The same in a browser that was there before, and keeps what it loaded and compiled, as people's browsers do. */
async function untilInboxAgain(site: BenchSite['site'], signedIn: Storage, address: string): Promise<Inbox[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-bench-'))
  const context = await openKeptBrowser(folder, site)
  try {
    await context.addCookies(signedIn.cookies)
    const page = await slowPage(context)
    const times: Inbox[] = []
    for (let turn = 0; turn < 10; turn++) {
      // Leaving the page is no part of coming to it.
      await page.goto('about:blank')
      times.push(await untilInbox(page, address))
    }
    // Chromium keeps compiled scripts after they were used twice.
    return times.slice(3)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  const tools = await context.newCDPSession(page)
  await tools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  return page
}

/** Milliseconds from going to the address, by the page's own clock: until the first messages are on the screen, and until they can be opened. */
interface Inbox {
  seen: number
  usable: number
}

async function untilInbox(page: Page, address: string): Promise<Inbox> {
  await page.goto(address, { waitUntil: 'commit' })
  const [seen, usable] = await Promise.all([
    inPage(page, 'painted', '.sight-row, [role="option"]'),
    inPage(page, 'painted', '[role="option"]'),
  ])
  return { seen, usable }
}

function inboxRows(what: string, times: readonly Inbox[], aim: number): Row[] {
  const ms = (value: number) => `${Math.round(value)} ms`
  const note = `processor ${slower} times slower; median of ${times.length}`
  const [seen, usable] = [times.map((one) => one.seen), times.map((one) => one.usable)]
  const [toSee, toUse] = [timesOf(seen).p50, timesOf(usable).p50]
  return [
    { what: `inbox is seen, ${what}`, measured: ms(toSee), baseline: `aim ${aim} ms`, ratio: toSee / aim, note: `${note}, slowest ${ms(Math.max(...seen))}` },
    { what: `inbox can be used, ${what}`, measured: ms(toUse), baseline: ms(toSee), ratio: toUse / toSee, note: `${note}, slowest ${ms(Math.max(...usable))}` },
  ] // prettier-ignore
}

/** Milliseconds from a click until the message's subject and its text are there, for one message after the other. */
async function openings(page: Page, count: number): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < count; at++) times.push(await inPage(page, 'opened', at))
  return times
}

const measures = readFileSync(join(import.meta.dirname, 'in-page.js'), 'utf8')
  .replace(/^\/\/.*\n;/, '')
  .trim()
/** Calls one of the functions of `in-page.js`. */
const inPage = <T = number>(page: Page, name: string, argument?: number | string): Promise<T> =>
  page.evaluate(`${measures}.${name}(${JSON.stringify(argument ?? null)})`)
