import assert from 'node:assert/strict'
import test from 'node:test'
import { startWeb } from './client.ts'
import { bodies, watched, words } from './hostile.ts'
import { delivery } from './mail-mailbox.ts'

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

test('mail: nothing runs that a stranger wrote, in the text, the subject, the names or the files', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  const ids: number[] = []
  for (const [at, body] of bodies.entries()) ids.push(await deliver(`Payload ${at}`, `<p>begin</p>${body}<p>end</p>`))
  for (const word of words) {
    const file = `Content-Type: text/html; name="${encoded(word)}"\r\nContent-Disposition: attachment; filename="${encoded(word)}"`
    const text = `--x\r\nContent-Type: text/html\r\n\r\n<p>begin</p>\r\n--x\r\n${file}\r\n\r\n<script>window.pwned=1</script>\r\n--x--`
    ids.push(
      await deliver(encoded(word), text, {
        from: `${encoded(word)} <rob@contoso.com>`,
        headers: 'Content-Type: multipart/mixed; boundary=x\r\n',
      }),
    )
  }
  const window = await web.signIn('mary')
  const { page, complaints } = window
  const elsewhere = await watched(window)
  const list = page.getByRole('listbox')
  await list.getByRole('option').first().waitFor()
  await list.focus()
  await page.keyboard.press('Home')
  for (const id of ids.toReversed()) {
    await page.waitForURL(new RegExp(`/${id}$`))
    const frame = page.frameLocator('iframe')
    await page.locator(`#subject-${id}`).waitFor()
    await page.locator(`iframe[src*="/${id}"]`).waitFor()
    await frame.locator('body').waitFor()
    // Whatever is left of it that can be pressed is pressed, without leaving.
    for (const pressed of await frame.getByText('press', { exact: true }).all()) await pressed.dispatchEvent('mouseover')
    if (id !== ids[0]) await page.keyboard.press('ArrowDown')
  }
  assert.equal(new URL(page.url()).hostname, 'localhost')
  assert.equal(
    page.frames().every((frame) => frame.url() === 'about:blank' || new URL(frame.url()).hostname === 'localhost'),
    true,
  )
  assert.deepEqual(elsewhere, [])
  assert.deepEqual(complaints, [])
})
