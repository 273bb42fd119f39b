import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'

test('mail: the inbox is shown, a message is opened and read, what is new appears by itself', { timeout: 120_000 }, async () => {
  await using web = await startWeb()
  const { site } = web
  const mary = site.people.mary!
  const deliver = (subject: string, text: string) =>
    site.mailboxes.deliver(site.organisation.id, mary.mailbox, {
      mime: Buffer.from(
        `From: Rob <rob@contoso.com>\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\nContent-Type: text/html\r\n\r\n${text}`,
      ),
      recipient: 'mary@contoso.com',
      sender: 'rob@contoso.com',
      receivedAt: Date.now(),
    })
  await deliver('The isthmus', '<p>It joins <b>two lands</b>.</p><img src="https://elsewhere.example/pixel.gif"><script>alert(1)</script>')
  const { page, complaints } = await web.signIn('mary')
  await page.getByRole('option', { name: /The isthmus/ }).click()
  await page.getByRole('heading', { level: 1, name: 'The isthmus' }).waitFor()
  await page.frameLocator('iframe').getByText('two lands').waitFor()
  await picture(page, 'mail')
  await accessible(page)
  await deliver('Something new', 'It came while the page was open.')
  await page.getByRole('option', { name: /Something new/ }).waitFor()
  assert.deepEqual(complaints, [])
})
