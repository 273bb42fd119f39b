import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { closed, dateOf, day, hour, monday } from './calendar-page.ts'
import { accessible, picture, startWeb } from './client.ts'
import { rowOf } from './mail-mailbox.ts'

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
    await closed(page)
    assert.deepEqual(complaints, [])

    const other = await web.signIn('rob', '/owa/calendar', { colorScheme: 'dark' })
    await other.page.getByRole('button', { name: 'Next' }).click()
    await other.page.getByText(/Planning/).click()
    await otherTime(page, other.page, start)
    await other.page.getByText(/Planning/).click()
    await other.page.getByLabel('Comment to the organizer').fill('Gladly.')
    await picture(other.page, 'calendar-invitation')
    await accessible(other.page)
    await other.page.getByRole('button', { name: 'Accept' }).click()
    await closed(other.page)
    await page.getByText(/Planning/).click()
    await page.getByText('Rob Young – accepted').waitFor()
    await page.getByRole('button', { name: 'Cancel meeting' }).click()
    await page
      .getByText(/Planning/)
      .first()
      .waitFor({ state: 'detached' })
    await besideEachOther(page, other.page)
    assert.deepEqual([complaints, other.complaints], [[], []])
  },
)

/** Who is invited proposes another time; the organizer takes it, and the meeting lies there for both. */
async function otherTime(organizer: Page, invited: Page, start: number): Promise<void> {
  await invited.getByLabel('Propose another time').fill(`${dateOf(start + day)}T15:00`)
  assert.equal(await invited.getByRole('button', { name: 'Accept' }).isDisabled(), true)
  await invited.getByRole('button', { name: 'Maybe' }).click()
  await closed(invited)
  await organizer.getByRole('button', { name: 'Next' }).click()
  await organizer.getByText(/Planning/).click()
  await organizer.getByText(/Rob Young – maybe \(proposes .*3:00/).waitFor()
  await picture(organizer, 'calendar-proposal')
  await accessible(organizer)
  await organizer.getByRole('button', { name: /Move it to .*3:00/ }).click()
  await closed(organizer)
  await organizer.getByText(/Planning/).click()
  await organizer.getByText(/^(?!Move).*3:00/).first().waitFor() // prettier-ignore
  assert.equal(await organizer.getByRole('button', { name: /Move it to/ }).count(), 0)
  await organizer.getByRole('button', { name: 'Close' }).click()
  await closed(organizer)
  // The invitation with the new time has come as soon as it says so.
  await invited.locator('.calendar-event', { hasText: 'Planning' }).getByText(/3:00/).waitFor()
}

/** Somebody is let into a calendar, which then stands beside the own one; so does that of a shared mailbox. */
async function besideEachOther(mary: Page, rob: Page): Promise<void> {
  await rob.getByRole('button', { name: 'More for Calendar' }).click()
  await rob.getByRole('menuitem', { name: 'Sharing and permissions' }).click()
  await rob.getByLabel('What Everybody in the organisation may see').selectOption('Sees when you are busy')
  await invite(rob, 'Share with', 'mary', /Mary Jensen/)
  await rob.getByLabel('What they may see').selectOption('Can edit')
  await rob.getByRole('button', { name: 'Share', exact: true }).click()
  await rob.getByText('Shared with Mary Jensen').waitFor()
  assert.equal(await rob.getByLabel('What Mary Jensen may see').inputValue(), 'Editor')
  await picture(rob, 'calendar-permissions')
  await accessible(rob)
  await rob.getByRole('button', { name: 'Close' }).click()
  await closed(rob)

  const secret = mary.locator('.calendar-event', { hasText: 'Secret' })
  assert.equal(await secret.count(), 0)
  // Also where the page is so young that what came with it would do, were there no news.
  await mary.getByRole('link', { name: 'Mail' }).click()
  await rowOf(mary, /Rob Young shares a calendar with you/).click()
  const link = mary.frameLocator('iframe').getByRole('link', { name: 'Show this calendar beside yours' })
  await mary.goto((await link.getAttribute('href'))!)
  await mary.getByText('rob@contoso.com shares a calendar with you.').waitFor()
  await picture(mary, 'calendar-shared')
  await accessible(mary)
  await mary.getByRole('button', { name: 'Accept' }).click()
  await mary.waitForURL(/\/owa\/calendar$/)
  await closed(mary)
  await mary.getByRole('button', { name: 'Next' }).click()
  await secret.waitFor()
  await invite(mary, 'Add a calendar', 'sales', /Contoso Sales/)
  await mary.getByRole('checkbox', { name: 'Contoso Sales' }).waitFor()
  await picture(mary, 'calendar-beside')
  await accessible(mary)
  await mary.getByRole('checkbox', { name: 'Rob Young' }).uncheck()
  await secret.waitFor({ state: 'detached' })
  await mary.getByRole('checkbox', { name: 'Rob Young' }).check()
  await secret.waitFor()

  await rob.getByRole('button', { name: 'More for Calendar' }).click()
  await rob.getByRole('menuitem', { name: 'Sharing and permissions' }).click()
  await rob.getByRole('button', { name: 'Remove Mary Jensen' }).click()
  await rob.getByLabel('What Mary Jensen may see').waitFor({ state: 'detached' })
  await mary.reload()
  await mary.getByRole('button', { name: 'Next' }).click()
  await mary.getByText('Busy', { exact: true }).waitFor()
  assert.equal(await secret.count(), 0)
  await mary.getByRole('button', { name: 'More for Rob Young' }).click()
  await mary.getByRole('menuitem', { name: 'Remove' }).click()
  await mary.getByRole('checkbox', { name: 'Rob Young' }).waitFor({ state: 'detached' })
}

async function invite(page: Page, label: string, words: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(words)
  await page.getByRole('option', { name: option }).click()
}
