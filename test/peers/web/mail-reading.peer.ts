import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'
import { delivery, folderOf, rowOf } from './mail-mailbox.ts'

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const pdf = '%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>' // prettier-ignore
const file = (type: string, name: string, body: string, more = '') =>
  `--x\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\n${more}\r\n${body}\r\n`
const letter = `From: Ann Beebe <ann@contoso.com>\r\nTo: rob@contoso.com\r\nSubject: A letter\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nInside of a letter\r\n--y\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="tide.txt"\r\n\r\nHigh at six.\r\n--y--\r\n` // prettier-ignore
const files = [
  '--x\r\nContent-Type: text/html\r\n\r\n<p>With <font color="navy">files</font>.</p>\r\n',
  file('image/png', 'dot.png', dot, 'Content-Transfer-Encoding: base64\r\n'),
  file('application/pdf', 'plan.pdf', pdf),
  file('message/rfc822', 'letter.eml', letter),
  '--x--',
].join('')

test('mail: in the dark the text is light, files are looked at, pictures come when they are asked for, a message is saved and printed', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  const at = Date.now() - 3_600_000
  await deliver('Files', files, { at, headers: 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n' })
  await deliver('Pictures', '<p>Look</p><img src="https://elsewhere.example/one.png" width="90" height="60">', { at: at + 1000, from: 'Ann Beebe <ann@contoso.com>' })
  const { page, complaints } = await web.signIn('mary', '/owa/', { colorScheme: 'dark' })
  page.setDefaultTimeout(10_000)
  const body = page.frameLocator('article iframe').locator('body')
  const isLight = async () => {
    const frame = page.frames().find((one) => one.url().includes('/owa/frame/'))
    const colour = String(await frame?.evaluate('getComputedStyle(document.body).color'))
    return colour.match(/\d+/g)?.slice(0, 3).every((part) => Number(part) > 200)
  }


  await rowOf(page, /Files/).click()
  await body.getByText('With files').waitFor()
  assert.equal(await isLight(), true, 'light text on a dark ground')
  await accessible(page)
  await picture(page, 'mail-dark')
  const more = async (name: string) => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await more('Show as sent')
  await page.locator('article iframe:not([src*="dark"])').waitFor()
  await body.getByText('With files').waitFor()
  assert.equal(await isLight(), false, 'as it was sent')
  await more('Show on a dark ground')

  // A picture, a PDF, and a message with a file of its own.
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Look at dot.png' }).click()
  await dialog.getByRole('img', { name: 'dot.png' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Look at plan.pdf' }).click()
  // The browser's viewer is an extension of its own, in a frame of its own.
  if (await page.evaluate<boolean>('navigator.pdfViewerEnabled')) await until(() => page.frames().some((frame) => frame.url().startsWith('chrome-extension:')), () => 'the viewer did not come')
  else await dialog.getByText('This browser shows no PDF.').waitFor()
  await picture(page, 'mail-pdf')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: /Look at (A letter|letter)/ }).click()
  await dialog.frameLocator('iframe').getByText('Inside of a letter').waitFor()
  await dialog.getByText('Ann Beebe <ann@contoso.com>').waitFor()
  await accessible(page)
  await picture(page, 'mail-letter')
  await dialog.getByRole('button', { name: 'Look at tide.txt' }).click()
  await dialog.getByText('High at six.').waitFor()
  await dialog.getByRole('button', { name: 'Back' }).click()
  await dialog.frameLocator('iframe').getByText('Inside of a letter').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  const saved: string[] = []
  page.on('download', (download) => void saved.push(download.suggestedFilename()))
  await page.getByRole('button', { name: 'Save all' }).click()
  await until(() => saved.includes('dot.png') && saved.includes('plan.pdf'), () => `saved: ${saved.join()}`)

  // The message as a file, and on paper.
  await more('Save as a file (.eml)')
  await until(() => saved.some((name) => /^message-\d+\.eml$/.test(name)), () => `saved: ${saved.join()}`)
  const [printed] = await Promise.all([page.context().waitForEvent('page'), more('Print view')])
  await printed.getByRole('heading', { name: 'Files' }).waitFor()
  await printed.getByText('With files').waitFor()
  await printed.close()

  // Pictures from elsewhere: this once, then always from the sender.
  const asked: string[] = []
  await page.context().route('https://elsewhere.example/**', async (route) => {
    asked.push(route.request().url())
    await route.fulfill({ contentType: 'image/png', body: Buffer.from(dot, 'base64') })
  })
  await rowOf(page, /Pictures/).click()
  await body.getByText('Look').waitFor()
  assert.deepEqual(asked, [])
  await page.getByRole('button', { name: 'Show pictures' }).click()
  await until(() => asked.length === 1, () => 'no picture was asked for')
  await folderOf(page, /Drafts/).click()
  await page.getByRole('heading', { name: 'Drafts' }).waitFor()
  await folderOf(page, /Inbox/).click()
  await rowOf(page, /Pictures/).click()
  await page.getByRole('button', { name: 'Always show from ann@contoso.com' }).click()
  await until(() => asked.length >= 2, () => 'no picture was asked for again')
  await page.reload()
  await body.getByText('Look').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Show pictures' }).count(), 0)
  assert.deepEqual(complaints, [])
}) // prettier-ignore

/** Waits for what the browser does besides showing something. */
async function until(is: () => boolean, otherwise: () => string): Promise<void> {
  const end = Date.now() + 10_000
  while (!is()) {
    assert.ok(Date.now() < end, otherwise())
    await new Promise((resolve) => setImmediate(resolve))
  }
}
