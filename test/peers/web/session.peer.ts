import assert from 'node:assert/strict'
import test from 'node:test'
import { run } from '../../sent-items/desk.ts'
import { testPassword } from '../../support/site.ts'
import { accessible, picture, startWeb } from './client.ts'

test(
  'an upgrade under an open page loses no draft; a session that ends under it is begun anew beside it; without a network the page says so',
  { timeout: 120_000 },
  async () => {
    await using web = await startWeb()
    const { page } = await web.signIn('mary')
    await page.getByRole('treeitem', { name: /Inbox/ }).waitFor()
    // The site is upgraded under the page: a part of it is gone, the page is loaded anew, and the draft is still open.
    for (const [area, words] of [
      ['Calendar', 'Half a sentence'],
      ['People', ', and the rest'],
    ] as const) {
      // prettier-ignore
      const text = page.getByRole('textbox', { name: 'Text of the message' })
      if (area === 'Calendar') {
        await page.getByRole('button', { name: 'New message' }).click()
        await page.getByPlaceholder('Subject').fill('Under way')
      } else {
        // Parts that are missing at once again are missing for good; an upgrade is later.
        await page.evaluate("sessionStorage.setItem('reloaded', String(Date.now() - 3600_000))")
      }
      await text.click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type(words)
      const part = `**/assets/${area.toLowerCase()}-*.js`
      await page.route(part, (route) => route.fulfill({ status: 404, body: '' }))
      const anew = page.waitForRequest((request) => request.isNavigationRequest() && request.frame() === page.mainFrame())
      await page.getByRole('navigation').getByRole('link', { name: area }).hover()
      await anew
      await page.unroute(part)
      await page.waitForLoadState()
      await text.getByText(words).waitFor()
      await page.locator('input[value="Under way"]').waitFor()
      await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    }
    await page.getByRole('textbox', { name: 'Text of the message' }).getByText('Half a sentence, and the rest').waitFor()
    assert.equal(await page.getByText('was written here and not saved').count(), 0)
    await page.getByRole('button', { name: 'Discard' }).click()

    await run(web.site, 'Revoke-SignIn mary')
    await page.getByRole('treeitem', { name: /Drafts/ }).click()
    const over = page.getByRole('alertdialog', { name: 'You are signed out' })
    await over.waitFor()
    await accessible(page)
    const [beside] = await Promise.all([page.context().waitForEvent('page'), over.getByRole('button', { name: 'Sign in' }).click()])
    await beside.getByLabel('User name').fill('mary@contoso.com')
    await beside.getByLabel('Password').fill(testPassword)
    const closed = beside.waitForEvent('close')
    await beside.keyboard.press('Enter')
    await closed
    await over.getByRole('button', { name: 'Go on' }).click()
    await over.waitFor({ state: 'hidden' })
    assert.match(page.url(), /\/owa\/mail\/\d+/, 'where they were')

    await page.context().setOffline(true)
    await page.getByText('There is no connection to the server').waitFor()
    await page.context().setOffline(false)
    await page.getByText('There is no connection to the server').waitFor({ state: 'hidden' })
  },
)

test('the client is dark, small, German, French and from right to left', { timeout: 120_000 }, async () => {
  await using web = await startWeb()
  const dark = await web.signIn('mary', '/owa/', { colorScheme: 'dark', locale: 'de-DE' })
  await dark.page.getByRole('navigation', { name: 'Bereiche' }).waitFor()
  assert.equal(await dark.page.evaluate('document.documentElement.lang'), 'de')
  await picture(dark.page, 'mail-dark-german')
  await accessible(dark.page)
  await dark.page.getByRole('button', { name: 'Konto von Mary Jensen' }).click()
  await dark.page.getByRole('menuitemradio', { name: 'Hell' }).click()
  assert.equal(await dark.page.evaluate('document.documentElement.style.colorScheme'), 'light')

  const phone = await web.signIn('rob', '/owa/?dir=rtl', {
    viewport: { width: 390, height: 844 },
    locale: 'fr-FR',
    isMobile: true,
    hasTouch: true,
  })
  await phone.page.getByRole('navigation', { name: 'Espaces' }).waitFor()
  await phone.page.goto(`${web.site.url}/owa/mail?dir=rtl`)
  await phone.page.getByRole('navigation', { name: 'Espaces' }).waitFor()
  assert.equal(await phone.page.evaluate('document.documentElement.dir'), 'rtl')
  await picture(phone.page, 'mail-phone-french-rtl')
  await accessible(phone.page)
  assert.deepEqual([...dark.complaints, ...phone.complaints], [])
})
