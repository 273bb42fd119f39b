import assert from 'node:assert/strict'
import test from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { closed, dateOf, day, hour, monday } from './calendar-page.ts'
import { accessible, picture, startWeb } from './client.ts'

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
  const birthday = { displayName: 'Ada <b>King</b>', birthdayLocal: `1980-${dateOf(monday() + day).slice(5)}T00:00:00` }
  await site.mailboxes.createItem(caller, { mailbox: mary.mailbox, kind: 'contacts' }, { kind: 'contact', properties: birthday })
  const { page, complaints } = await web.signIn('mary', '/owa/calendar')
  await page.getByText('Budget <b>round</b> · Room 7').waitFor()
  await birthdays(page)
  await looks(page)
  await ownWeek(web, page)

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
  await closed(page)
  await page.getByText('Stand-up apart').waitFor()
  await page.getByText('Stand-up', { exact: true }).click()
  await page.getByRole('button', { name: 'Delete this one' }).click()
  await closed(page)
  await page.getByText('Stand-up', { exact: true }).waitFor({ state: 'detached' })

  await wholeSeries(page)
  await moveLunch(page)
  await dragToCreate(page)
  await byKeyboard(page)
  await page.getByLabel('View').selectOption('Month')
  await page.getByText('Fair').waitFor()
  await picture(page, 'calendar-month')
  await accessible(page)
  await page.getByLabel('View').selectOption('Agenda')
  await page.getByText('Lunch').waitFor()
  await picture(page, 'calendar-agenda')
  await accessible(page)

  // Of more than 2,000 entries the first are shown, and it is said that there are more.
  const daily = { pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: dateOf(monday() - 40 * day) } }
  for (let at = 0; at < 68; at++) await book(`Many ${at}`, -40, 6, { recurrence: daily })
  await page.getByRole('button', { name: 'Today' }).waitFor()
  await page.getByText('There is more here than can be shown at once.').waitFor()
  await accessible(page)
  assert.deepEqual(complaints, [])
})

/** Birthdays are shown until somebody hides them; there is nothing in them to open. */
async function birthdays(page: Page): Promise<void> {
  const ada = page.getByText(/^Birthday of Ada <b>King<\/b> \(\d+\)$/)
  await ada.click()
  // A card would cover all else: what is behind one cannot be reached.
  await page.getByRole('button', { name: 'More for Calendar' }).click()
  await page.getByRole('menuitem', { name: 'Sharing and permissions' }).waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
  assert.equal(await page.getByRole('button', { name: 'More for Birthdays' }).count(), 0)
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: 'Birthdays' }).uncheck()
  await ada.waitFor({ state: 'detached' })
  await page.getByRole('checkbox', { name: 'Birthdays' }).check()
  await ada.waitFor()
}

/** The same days in light and dark, from right to left, and on a phone, where the calendars are behind a button. */
async function looks(page: Page): Promise<void> {
  const budget = page.getByText('Budget <b>round</b> · Room 7')
  const look = async (name: string) => {
    await budget.waitFor()
    // What is fading has faded by then.
    await accessible(page)
    await picture(page, `calendar-${name}`)
  }
  await look('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await look('dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${page.url()}?dir=rtl`)
  await look('rtl')
  const [first, second] = await Promise.all(['Mon', 'Tue'].map((name) => page.getByText(name, { exact: true }).first().boundingBox())) // prettier-ignore
  assert.ok(first!.x > second!.x, 'days go from right to left')
  const turned = await page.evaluate<string>(`getComputedStyle(document.querySelector('.calendar-step')).transform`)
  assert.match(turned, /^matrix\(-1,/, 'what goes back points to where time comes from')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(page.url().replace('?dir=rtl', ''))
  assert.equal(await page.getByLabel('View').inputValue(), 'agenda')
  await page.getByLabel('View').selectOption('Day')
  await page.getByRole('button', { name: 'Calendars' }).click()
  await page.getByRole('dialog').getByLabel('Go to a date').fill(dateOf(monday()))
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Calendar' }).waitFor()
  await accessible(page)
  await page.getByRole('button', { name: 'Close' }).click()
  await closed(page)
  await look('phone')
  await budget.click()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Subject').waitFor()
  await accessible(page)
  await picture(page, 'calendar-phone-form')
  await page.getByRole('button', { name: 'Discard' }).click()
  await closed(page)
  await page.getByLabel('View').selectOption('Work week')
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** The working days are those of the mailbox, and the week begins as its culture has it. */
async function ownWeek({ site }: Awaited<ReturnType<typeof startWeb>>, page: Page): Promise<void> {
  const { mailbox } = site.people.mary!
  const caller = await site.caller('mary')
  /** Shown, and unlike what the page has before it is answered: the days are waited for. */
  const shows = async (culture: string, days: readonly string[], names: readonly string[]) => {
    const workingHours = { timeZone: 'UTC', periods: [{ days, start: 480, end: 1020 }] }
    await site.mailboxes.changeSetting(caller, mailbox, 'workingHours', () => workingHours)
    await site.mailboxes.changeSetting(caller, mailbox, 'culture', () => culture)
    await page.reload()
    await page.getByText('Sun', { exact: true }).waitFor()
    const shown = (await page.getByRole('columnheader').allTextContents()).map((text) => /Sun|Mon|Tue|Wed|Thu|Fri|Sat/.exec(text)?.[0])
    assert.deepEqual(shown.filter(Boolean), names)
  }
  await shows('en-GB', ['Sunday', 'Tuesday', 'Saturday'], ['Tue', 'Sat', 'Sun'])
  await shows('en-US', ['Sunday', 'Wednesday', 'Saturday'], ['Sun', 'Wed', 'Sat'])
  await site.mailboxes.changeSetting(caller, mailbox, 'workingHours', () => undefined)
  await page.reload()
  await page.getByText('Mon', { exact: true }).waitFor()
}

/** A series is changed and deleted as a whole from one of its occurrences. */
async function wholeSeries(page: Page): Promise<void> {
  await page.getByText('Stand-up apart').click()
  await page.getByRole('button', { name: 'Edit the series' }).click()
  await page.getByText('Every week on Monday and Wednesday, 10 times.').waitFor()
  await page.getByLabel('Location').fill('Lobby')
  await page.getByLabel('Wed', { exact: true }).uncheck()
  await page.getByLabel('Thu', { exact: true }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await closed(page)
  await page.getByText('Stand-up · Lobby').nth(1).waitFor()
  await page.getByText('Stand-up · Lobby').first().click()
  await page.getByRole('button', { name: 'Delete the series' }).click()
  await closed(page)
  await page.getByText(/Stand-up/).first().waitFor({ state: 'detached' }) // prettier-ignore
}

/** What is saved while something is done. */
async function saved(page: Page, act: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().endsWith('/owa/api/saveEvent'))
  await act()
  assert.equal((await answer).status(), 200)
}

/** A stretch of empty time is drawn with the mouse, and what is made of it is drawn longer by its end. */
async function dragToCreate(page: Page): Promise<void> {
  const budget = (await page.getByText('Budget <b>round</b> · Room 7').boundingBox())!
  const lunch = (await page.getByText('Lunch').boundingBox())!
  const [x, y] = [lunch.x + 30, budget.y + 6]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x, y + 20, { steps: 4 })
  await page.mouse.move(x, y + 40, { steps: 4 })
  await page.mouse.up()
  await page.getByLabel('Subject').fill('Drawn')
  assert.equal(await page.getByLabel('Start date').inputValue(), dateOf(monday() + 2 * day))
  assert.equal(await page.getByLabel('Start time').inputValue(), '09:00')
  const end = await page.getByLabel('End time').inputValue()
  await page.getByRole('button', { name: 'Save' }).click()
  await closed(page)
  const drawn = page.locator('.calendar-event', { hasText: 'Drawn' })
  await drawn.hover()
  const box = (await drawn.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 20, { steps: 4 })
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 40, { steps: 4 })
  await saved(page, () => page.mouse.up())
  await drawn.click()
  await page.getByRole('button', { name: 'Edit' }).click()
  assert.equal(await page.getByLabel('Start time').inputValue(), '09:00')
  assert.notEqual(await page.getByLabel('End time').inputValue(), end)
  await page.getByRole('button', { name: 'Discard' }).click()
  await closed(page)
}

/** Goes on with Tab until this has the focus. */
async function tabTo(page: Page, to: Locator): Promise<void> {
  await to.first().waitFor()
  for (let steps = 0; steps < 80; steps++) {
    if ((await to.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not reach ${to}`)
}

/** Without a mouse: an appointment is made, opened, put elsewhere and deleted. */
async function byKeyboard(page: Page): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const press = async (to: Locator) => {
    await tabTo(page, to)
    await page.keyboard.press('Enter')
  }
  await press(button('New event'))
  await tabTo(page, page.getByLabel('Subject'))
  await page.keyboard.type('By keys')
  await tabTo(page, page.getByLabel('Start date'))
  const [year, month, date] = dateOf(monday() + 4 * day).split('-')
  await page.keyboard.type(`${month}${date}${year}`)
  await tabTo(page, page.getByLabel('Start time'))
  await page.keyboard.type('0200PM')
  assert.equal(await page.getByLabel('Start time').inputValue(), '14:00')
  await press(button('Save'))
  await closed(page)
  const own = page.locator('.calendar-event', { hasText: 'By keys' })
  await press(own)
  await press(button('Edit'))
  await tabTo(page, page.getByLabel('Start time'))
  await page.keyboard.type('0330PM')
  await press(button('Save'))
  await closed(page)
  await press(own)
  await page.getByText(/3:30/).first().waitFor()
  await press(button('Delete'))
  await own.waitFor({ state: 'detached' })
  await closed(page)
}

/** Drags an appointment an hour down. */
async function moveLunch(page: Page): Promise<void> {
  const lunch = page.getByText('Lunch')
  await lunch.scrollIntoViewIfNeeded()
  const from = (await lunch.boundingBox())!
  await page.mouse.move(from.x + 20, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 20, from.y + 30, { steps: 5 })
  await page.mouse.move(from.x + 20, from.y + 60, { steps: 5 })
  await saved(page, () => page.mouse.up())
}
