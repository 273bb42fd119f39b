/** Mail across premises, from browser to browser: written on-premises, read and answered online, the answer read where it began. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import test from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { startPremises } from '../../mail/premises.ts'
import { engines } from '../../support/engines.ts'
import { connectSites, names } from '../../support/hybrid-sites.ts'
import { openBrowser } from '../chromium.ts'
import { accessible, build, picture, signIn } from './client.ts'
import { rowOf } from './mail-mailbox.ts'
import { giveFiles, redPoint, writtenText } from './pasted.ts'

const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the message' })
/** How wide a picture is once it is there; one that cannot be shown fails. */
const widthOf = (shown: Locator) =>
  shown.evaluate(async (one) => {
    const picture = one as unknown as { decode(): Promise<void>; naturalWidth: number }
    await picture.decode()
    return picture.naturalWidth
  })
/** A file that is no text in any character set. */
const plan = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251))

test(
  'mail: mary on-premises writes to joe online, who reads it as it comes and answers; she reads the answer in the conversation',
  { timeout: 180_000 },
  async () => {
    await build()
    await using premises = await startPremises(engines[0]!, { connectors: false })
    const { onPremises, online } = premises
    await connectSites(premises)
    await using opened = await openBrowser(onPremises, { ...online, hosts: [names.online.mail] })
    const here = { url: `https://127.0.0.1:${onPremises.ports.https}` }
    const there = { url: `https://${names.online.mail}` }
    const mary = await signIn(here, opened.browser, 'mary', '/owa/', {})
    const joe = await signIn(there, opened.browser, 'joe', '/owa/', {})
    await joe.page.getByRole('treeitem', { name: /Inbox/ }).waitFor()

    // Written with all that a text can have.
    const { page } = mary
    await page.getByRole('button', { name: 'New message' }).click()
    await page.getByRole('combobox', { name: 'To', exact: true }).fill('joe')
    await page.getByRole('option', { name: /Joe Healy/ }).click()
    await page.getByPlaceholder('Subject').fill('Plans of the bridge')
    await text(page).click()
    await page.getByRole('button', { name: 'Bold' }).click()
    await text(page).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('Both banks')
    await page.getByRole('button', { name: 'Bold', pressed: true }).click()
    await text(page).and(page.locator(':focus')).waitFor()
    await page.keyboard.type(' are drawn: Grüße, 橋. ')
    await giveFiles(page, writtenText, 'paste', [{ name: 'red.png', type: 'image/png', content: redPoint }])
    await text(page).locator('img[alt="red.png"]').waitFor()
    await page.locator('input[type=file]').setInputFiles({ name: 'plan.bin', mimeType: 'application/octet-stream', buffer: plan })
    await page.getByRole('button', { name: 'Remove plan.bin' }).waitFor()
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    assert.equal(await page.getByText('Outside your organisation').count(), 0, 'the other premises are no strangers')
    await picture(page, 'mail-hybrid-written')
    await accessible(page)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Sent', { exact: true }).waitFor({ timeout: 20_000 })

    // Read as it comes: nobody reloads anything.
    await rowOf(joe.page, /Plans of the bridge/).click({ timeout: 30_000 })
    const frame = joe.page.frameLocator('iframe[title="Text of the message"]')
    await frame.locator('strong', { hasText: 'Both banks' }).waitFor()
    await frame.getByText('are drawn: Grüße, 橋.').waitFor()
    assert.equal(await widthOf(frame.locator('img[alt="red.png"]')), 1)
    await joe.page.getByText('Mary Jensen <mary@contoso.com>').waitFor()
    const [download] = await Promise.all([joe.page.waitForEvent('download'), joe.page.getByRole('link', { name: 'Save plan.bin' }).click()])
    assert.ok(plan.equals(await readFile(await download.path())), 'the file came as it was')
    await picture(joe.page, 'mail-hybrid-read')
    await accessible(joe.page)
    await joe.page.getByRole('button', { name: 'More', exact: true }).click()
    await joe.page.getByRole('menuitem', { name: 'Message details' }).click()
    await joe.page.getByText('X-MS-Exchange-Organization-AuthAs: Internal').waitFor()
    await joe.page.keyboard.press('Escape')

    // Answered, with what is answered below.
    await joe.page.getByRole('button', { name: 'Reply', exact: true }).click()
    await text(joe.page).click()
    await joe.page.keyboard.type('Then let us build.')
    await joe.page.frameLocator('iframe[title="Quoted message"]').getByText('Both banks').waitFor()
    await joe.page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    await picture(joe.page, 'mail-hybrid-reply')
    await accessible(joe.page)
    await joe.page.keyboard.press('Control+Enter')

    // The answer stands in the conversation with what it answers.
    await rowOf(page, /RE: Plans of the bridge/).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Group into conversations' }).click()
    await page.keyboard.press('Escape')
    await rowOf(page, /Plans of the bridge/).click()
    const answer = page.frameLocator('iframe').first()
    await answer.getByText('Then let us build.').waitFor()
    assert.equal(await widthOf(answer.locator('img[alt="red.png"]')), 1)
    await page.getByRole('button', { name: /Mary Jensen – Both banks/ }).waitFor()
    await picture(page, 'mail-hybrid-conversation')
    await accessible(page)
    assert.deepEqual([...mary.complaints, ...joe.complaints], [])
  },
)
