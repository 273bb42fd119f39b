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
