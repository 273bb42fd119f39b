import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'
import { looks } from './looks.ts'

/** One pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test(
  'people: a contact is made, changed, saved as a file and deleted; a list is made of the directory, which shows who reports to whom',
  { timeout: 180_000 },
  async () => {
    await using web = await startWeb()
    const { site } = web
    const mary = await site.caller('mary')
    await site.mailboxes.setPhoto(await site.caller('rob'), 'rob@contoso.com', png)
    const { page, complaints } = await web.signIn('mary', '/owa/people')
    page.setDefaultTimeout(10_000)
    await page.getByText('There is nobody here.').waitFor()
    await page.getByRole('button', { name: 'New contact', exact: true }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Give a name, a company or an address.').waitFor()
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('Last name').fill('<b>King</b>')
    await page.getByLabel('E-mail', { exact: true }).fill('ada@engine.example')
    await page.getByLabel('Mobile phone').fill('+44 20 5550 1815')
    await page.getByLabel('Company').fill('Analytical Engines')
    await page.getByLabel('Birthday').fill('1815-12-10')
    await page.getByRole('group', { name: 'Home address' }).getByLabel('City').fill('London')
    await page.getByLabel('Picture').setInputFiles({ name: 'ada.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') })
    await page.getByRole('textbox', { name: 'Notes' }).fill('Wrote the first program.')
    await picture(page, 'people-contact-form')
    await accessible(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 2, name: 'Ada <b>King</b>' }).waitFor()
    await page.getByText('December 10, 1815').waitFor()
    await page.getByRole('link', { name: /<b>King<\/b>, Ada/ }).waitFor()

    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Last name').fill('Lovelace')
    await page.getByLabel('Mobile phone').fill('')
    await page.getByLabel('Business phone').fill('+44 20 5550 1843')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 2, name: 'Ada Lovelace' }).waitFor()
    await page.getByText('+44 20 5550 1843').waitFor()
    assert.equal(await page.getByText('+44 20 5550 1815').count(), 0)
    await picture(page, 'people')
    await accessible(page)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save as vCard' }).click()])
    assert.equal(download.suggestedFilename(), 'contact.vcf')
    const card = readFileSync(await download.path(), 'utf8')
    assert.match(card, /^FN:Ada Lovelace\r?$/m)
    assert.match(card, /ada@engine\.example/)

    await page.getByRole('tab', { name: 'Directory' }).click()
    await page.getByRole('searchbox', { name: 'Search people' }).fill('mary')
    await page.getByRole('link', { name: /Mary Jensen/ }).click()
    await page
      .getByRole('list', { name: 'Manager' })
      .getByRole('link', { name: /Administrator/ })
      .waitFor()
    await page
      .getByRole('list', { name: 'Direct reports' })
      .getByRole('link', { name: /Rob Young/ })
      .click()
    await page.getByRole('heading', { level: 2, name: 'Rob Young' }).waitFor()
    await page.locator('article img[src^="/owa/photo/"]').waitFor()
    await picture(page, 'people-directory')
    await accessible(page)
    await looks(page, 'people')

    await page.getByRole('button', { name: 'New contact list' }).click()
    await page.getByLabel('Name of the list').fill('Friends of the engine')
    await page.getByRole('combobox', { name: 'Name or address' }).click()
    await page.getByRole('combobox', { name: 'Name or address' }).pressSequentially('rob')
    await page.getByRole('option', { name: /Rob Young/ }).click()
    await page.getByRole('combobox', { name: 'Name or address' }).fill('ada@engine.example')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 2, name: 'Friends of the engine' }).waitFor()
    await page.getByText('Rob Young <rob@contoso.com>').waitFor()
    await page
      .getByRole('link', { name: /Friends of the engine/ })
      .getByText('Contact list')
      .waitFor()

    await page.getByRole('link', { name: /Lovelace, Ada/ }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    // Behind the question nothing has a role: that it is gone says that the place is left, too.
    await page.waitForURL(/\/owa\/people\/contacts$/)
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /Lovelace, Ada/ }).waitFor({ state: 'detached' })
    const bin = await site.mailboxes.getFolder(mary, { mailbox: site.people.mary!.mailbox, kind: 'deleteditems' })
    assert.equal(bin.row.total, 1)
    assert.deepEqual(complaints, [])

    const phone = await web.signIn('mary', '/owa/people', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await phone.page.getByRole('link', { name: /Friends of the engine/ }).waitFor()
    await picture(phone.page, 'people-phone-dark')
    await accessible(phone.page)
    await phone.page.getByRole('link', { name: /Friends of the engine/ }).click()
    await phone.page.getByRole('link', { name: 'Back to the list' }).waitFor()
    await accessible(phone.page)
    assert.deepEqual(phone.complaints, [])
  },
)
