import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { accessible, picture, startWeb } from './client.ts'

/** Monday of this week, by the clock that the mailboxes have (UTC). */
function monday(): number {
  const now = new Date()
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - ((now.getUTCDay() + 6) % 7))
}
const hour = 3_600_000
const day = 24 * hour
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10)
const choose = (page: Page, label: string, option: string) => page.getByLabel(label, { exact: true }).selectOption(option)

test('calendar: appointments are made, changed and deleted, and series are told in words', { timeout: 170_000 }, async () => {
  await using web = await startWeb()
  const { site } = web
  const mary = site.people.mary!
  const caller = await site.caller('mary')
  const calendar = { mailbox: mary.mailbox, kind: 'calendar' }
  const book = (subject: string, days: number, hours: number, more = {}) =>
    site.mailboxes.createItem(caller, calendar, {
      kind: 'calendar',
      properties: { subject, start: monday() + days * day + hours * hour, end: monday() + days * day + (hours + 1) * hour, ...more },
    })
  await book('Budget <b>round</b>', 0, 9, { location: 'Room 7' })
  await book('Lunch', 2, 12, { legacyFreeBusyStatus: 'Free' })
  await book('Fair', 3, 0, { isAllDayEvent: true, end: monday() + 5 * day })
  const { page, complaints } = await web.signIn('mary', '/owa/calendar')
  await page.getByText('Budget <b>round</b> · Room 7').waitFor()
  await picture(page, 'calendar')
  await accessible(page)

  await page.getByRole('button', { name: 'New event' }).click()
  await page.getByLabel('Subject').fill('Stand-up')
  await page.getByLabel('Start date').fill(dateOf(monday()))
  await page.getByLabel('Start time').fill('11:00')
  await page.getByLabel('End time').fill('11:30')
  await choose(page, 'Repeat', 'Weekly')
  await page.getByText('Every week on Monday.').waitFor()
  await page.getByLabel('Wed', { exact: true }).check()
  await choose(page, 'Ends', 'After a number of times')
  await page.getByText('Every week on Monday and Wednesday, 10 times.').waitFor()
  await picture(page, 'calendar-form')
  await accessible(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Stand-up').nth(1).waitFor()
  assert.equal(await page.getByText('Stand-up').count(), 2)

  await page.getByText('Stand-up').first().click()
  await page.getByText('Every week on Monday and Wednesday').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Edit this one' }).click()
  await page.getByLabel('Subject').fill('Stand-up apart')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('Stand-up apart').waitFor()
  await page.getByText('Stand-up', { exact: true }).click()
  await page.getByRole('button', { name: 'Delete this one' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('Stand-up', { exact: true }).waitFor({ state: 'detached' })

  await moveLunch(page)
  await page.getByLabel('View').selectOption('Month')
  await page.getByText('Fair').waitFor()
  await picture(page, 'calendar-month')
  await accessible(page)
  await page.getByLabel('View').selectOption('Agenda')
  await page.getByText('Lunch').waitFor()
  await picture(page, 'calendar-agenda')
  await accessible(page)
  assert.deepEqual(complaints, [])
})

/** Drags an appointment an hour down. */
async function moveLunch(page: Page): Promise<void> {
  const lunch = page.getByText('Lunch')
  await lunch.scrollIntoViewIfNeeded()
  const from = (await lunch.boundingBox())!
  await page.mouse.move(from.x + 20, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 20, from.y + 30, { steps: 5 })
  await page.mouse.move(from.x + 20, from.y + 60, { steps: 5 })
  const saved = page.waitForResponse((response) => response.url().endsWith('/owa/api/saveEvent'))
  await page.mouse.up()
  assert.equal((await saved).status(), 200)
}

test(
  'calendar: a meeting is planned with the assistant, a room is booked, and the invitation is answered',
  { timeout: 170_000 },
  async () => {
    await using web = await startWeb()
    const { site } = web
    const rob = await site.caller('rob')
    const start = monday() + 7 * day + 10 * hour
    await site.mailboxes.createItem(
      rob,
      { mailbox: site.people.rob!.mailbox, kind: 'calendar' },
      { kind: 'calendar', properties: { subject: 'Secret', start, end: start + hour } },
    )
    const { page, complaints } = await web.signIn('mary', '/owa/calendar')
    await page.getByRole('button', { name: 'New event' }).click()
    await page.getByLabel('Subject').fill('Planning')
    await page.getByLabel('Start date').fill(dateOf(start))
    await page.getByLabel('Start time').fill('10:00')
    await invite(page, 'Required attendees', 'rob', /Rob Young/)
    await page.getByRole('button', { name: 'Add a room' }).click()
    await page.getByRole('combobox', { name: 'Rooms' }).locator('option', { hasText: 'Room 1 (12) – Free' }).waitFor({ state: 'attached' })
    await page.getByRole('combobox', { name: 'Rooms' }).selectOption('room1@contoso.com')
    await page.getByRole('tab', { name: 'Scheduling assistant' }).click()
    await page.getByRole('img', { name: /Rob Young: Busy 10:00/ }).waitFor()
    await picture(page, 'calendar-assistant')
    await accessible(page)
    await page
      .getByRole('button', { name: /3 of 3 free/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Details' }).click()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])

    const other = await web.signIn('rob', '/owa/calendar', { colorScheme: 'dark' })
    await other.page.getByRole('button', { name: 'Next' }).click()
    await other.page.getByText(/Planning/).click()
    await other.page.getByLabel('Comment to the organizer').fill('Gladly.')
    await picture(other.page, 'calendar-dark')
    await accessible(other.page)
    await other.page.getByRole('button', { name: 'Accept' }).click()
    await other.page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText(/Planning/).click()
    await page.getByText('Rob Young – accepted').waitFor()
    await page.getByRole('button', { name: 'Cancel meeting' }).click()
    await page
      .getByText(/Planning/)
      .first()
      .waitFor({ state: 'detached' })
    assert.deepEqual([complaints, other.complaints], [[], []])
  },
)

async function invite(page: Page, label: string, words: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(words)
  await page.getByRole('option', { name: option }).click()
}
