import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'
import { delivery, folderOf, rowOf } from './mail-mailbox.ts'

test('mail: the inbox is shown, a message is opened and read, what is new appears by itself', { timeout: 150_000 }, async () => {
  await using web = await startWeb()
  const { site } = web
  const deliver = delivery(site)
  await deliver('Plans for the bridge', '<p>The drawings are ready.</p>', { at: Date.now() - 90_000_000 })
  await deliver(
    'The isthmus',
    '<p>It joins <b>two lands</b>.</p><img src="https://elsewhere.example/picture.gif" width="90"><script>alert(1)</script>',
  )
  const { page, complaints } = await web.signIn('mary')
  await rowOf(page, /The isthmus.*unread/).click()
  await page.getByRole('heading', { level: 1, name: 'The isthmus' }).waitFor()
  await page.frameLocator('iframe').getByText('two lands').waitFor()
  // Whoever opens a message has read it.
  await page.getByText('2 messages, 1 unread').waitFor()
  await accessible(page)
  await picture(page, 'mail-light')
  const place = page.url()
  await page.goto(`${place}?dir=rtl`)
  await page.frameLocator('iframe').getByText('two lands').waitFor()
  await rowOf(page, /Plans for the bridge/).waitFor()
  await accessible(page)
  await picture(page, 'mail-rtl')
  await page.goto(place)
  await rowOf(page, /Plans for the bridge/).waitFor()
  await deliver('Something new', 'It came while the page was open.')
  await rowOf(page, /Something new/).waitFor()

  await rowOf(page, /Plans for the bridge/).click()
  await page.getByRole('heading', { level: 1, name: 'Plans for the bridge' }).waitFor()
  assert.equal(await page.getByText('Pictures from elsewhere').count(), 0, 'nothing is blocked where nothing would be fetched')
  await page.keyboard.press('u')
  await rowOf(page, /Plans for the bridge.*unread/).waitFor()
  await page.keyboard.press('Insert')
  await page.getByRole('article').getByLabel('Flagged').waitFor()
  await page.keyboard.press('Delete')
  await rowOf(page, /Plans for the bridge/).waitFor({ state: 'detached' })
  await folderOf(page, /Deleted Items/).click()
  await rowOf(page, /Plans for the bridge/).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
  await accessible(page)
  await picture(page, 'mail-shortcuts')
  await page.keyboard.press('Escape')
  assert.deepEqual(complaints, [])
})

test('mail: the messages are seen before the client is loaded, where they will stay', { timeout: 120_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  await deliver('A <b>first</b> sight', 'of what came <script>alert(1)</script>')
  await deliver('And a second', 'beside it')
  for (const [name, context] of [
    ['mail-first-sight', {}],
    ['mail-first-sight-dark-phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ] as const) {
    const { page, complaints } = await web.signIn('mary', '/owa/', context)
    const row = rowOf(page, /A <b>first<\/b> sight/)
    const place = await row.boundingBox()
    const loaded = Promise.withResolvers<void>()
    await page.route('**/assets/main-*.js', async (route) => {
      await loaded.promise
      await route.continue()
    })
    const asked: string[] = []
    page.on('request', (request) => void (request.url().includes('/owa/api/') && asked.push(request.url())))
    await page.goto(`${web.site.url}/owa/mail`, { waitUntil: 'commit' })
    const seen = page.locator('.sight-row', { hasText: 'A <b>first</b> sight' })
    await seen.waitFor()
    assert.deepEqual(await seen.boundingBox(), place, 'nothing moves when the client is there')
    assert.equal(await page.getByRole('option').count(), 0)
    await picture(page, name)
    loaded.resolve()
    await row.waitFor()
    assert.equal(await page.locator('.sight-row').count(), 0)
    assert.deepEqual(asked, [], 'what came with the page is not asked for')
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
  const { page } = await web.signIn('mary')
  await page.route('**/assets/main-*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.goto(`${web.site.url}/owa/mail`)
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor()
  await page.locator('.sight-row', { hasText: 'And a second' }).waitFor()
  await page.unroute('**/assets/main-*.js')
  await page.getByRole('button', { name: 'Load it again' }).click()
  await rowOf(page, /And a second/).waitFor()
})
