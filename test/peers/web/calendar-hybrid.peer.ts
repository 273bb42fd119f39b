/** The scheduling assistant across premises: who lives online is seen and booked from on-premises, and an administrator sees how. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { TOTP } from 'otpauth'
import { showCalendar } from '../../hybrid/calendars.ts'
import { personOf } from '../../hybrid/ask.ts'
import { connectSites, startHybridSites } from '../../support/hybrid-sites.ts'
import { openBrowser } from '../chromium.ts'
import { accessible, build, picture, signIn } from './client.ts'

const hour = 3_600_000
const start = Date.UTC(2030, 0, 7, 10)

test(
  'calendar: mary on-premises books joe online after seeing his busy time, and why is shown to an administrator',
  { timeout: 180_000 },
  async () => {
    await build()
    await using sites = await startHybridSites()
    await connectSites(sites)
    const joe = await personOf(sites, 'joe')
    await joe.site.mailboxes.createItem(
      joe.caller,
      { mailbox: joe.recipient.mailbox, kind: 'calendar' },
      { kind: 'calendar', properties: { subject: 'Dentist', start, end: start + hour } },
    )
    await showCalendar(sites, 'joe', 'mary', { byDefault: 'FreeBusyTimeAndSubjectAndLocation' })
    const site = { url: `https://127.0.0.1:${sites.onPremises.ports.https}` }
    await using opened = await openBrowser(sites.onPremises)

    // Online knows mary; of the administrator it knows nothing, and gives nothing: the trace says so.
    for (const alias of ['mary', 'administrator']) {
      const { page, complaints } = await signIn(site, opened.browser, alias, '/owa/calendar', {})
      if (alias === 'administrator') await enrol(page)
      await page.getByRole('button', { name: 'New event' }).click()
      await page.getByLabel('Subject').fill(`Bridge of ${alias}`)
      await page.getByLabel('Start date').fill('2030-01-07')
      await page.getByLabel('Start time').fill('10:00')
      await page.getByRole('combobox', { name: 'Required attendees' }).fill('joe')
      await page.getByRole('option', { name: /Joe Healy/ }).click()
      await page.getByRole('tab', { name: 'Scheduling assistant' }).click()
      await page.getByRole('img', { name: alias === 'mary' ? /Joe Healy: Busy 10:00.*Dentist/ : /Joe Healy/ }).waitFor()
      const why = page.getByRole('button', { name: 'Why?' })
      if (alias === 'administrator') {
        await why.click()
        await page.getByRole('img', { name: /OAuth/ }).waitFor()
        await picture(page, 'calendar-trace')
        await accessible(page)
      } else {
        assert.equal(await why.count(), 0)
        await page.getByRole('button', { name: /Jan 7, 11:00.*2 of 2 free/ }).click()
        await page.getByRole('button', { name: 'Send', exact: true }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      assert.deepEqual(complaints, [])
    }

    const mary = await personOf(sites, 'mary')
    const { items } = await sites.onPremises.mailboxes.findItems(mary.caller, {
      folders: [{ mailbox: mary.recipient.mailbox, kind: 'calendar' }],
      traversal: 'Shallow',
      view: { kind: 'calendar', start, end: start + 24 * hour },
      wanted: { shape: 'all' },
    })
    assert.deepEqual(
      items.map(({ properties }) => [properties.subject, properties.start, properties.meetingRequestWasSent]),
      [['Bridge of mary', start + hour, true]],
    )
  },
)

/** Administrators show a second factor: it is set up as the page asks for it. */
async function enrol(page: Page): Promise<void> {
  const [, secret = ''] = /into the app: ([A-Z2-7\s]+)\n/.exec(await page.getByRole('main').innerText()) ?? []
  await page.getByLabel('Name').fill('Telephone')
  await page.getByLabel('The code that the app shows now').fill(new TOTP({ secret: secret.replaceAll(/\s/g, '') }).generate())
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()
}
