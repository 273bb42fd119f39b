import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'
import { copies, delivery, folderOf, rowOf } from './mail-mailbox.ts'

const mixed = [
  '--x\r\nContent-Type: text/html\r\n\r\n<p>With files.</p>',
  '--x\r\nContent-Type: text/plain; name="notes.txt"\r\nContent-Disposition: attachment; filename="notes.txt"\r\n\r\nThe tide <b>turns</b> at six.',
  '--x\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename="letter.eml"\r\n\r\nFrom: ann@contoso.com\r\nSubject: A letter\r\nContent-Type: text/html\r\n\r\n<p>Inside of a letter</p>\r\n--x--',
].join('\r\n')

test('mail: several messages are selected, moved and searched, folders are made and emptied', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  const dayAgo = Date.now() - 86_400_000
  for (let at = 0; at < 6; at++) await deliver(`Report ${at}`, `<p>Number ${at}</p>`, { at: dayAgo + at })
  await deliver('With files', mixed, { headers: 'Content-Type: multipart/mixed; boundary=x\r\n' })
  const { page, complaints } = await web.signIn('mary')
  page.setDefaultTimeout(10_000)
  const list = page.getByRole('listbox', { name: 'Messages' })

  // A folder is made, and gets what is selected.
  await list.waitFor()
  await folderOf(page, /Inbox/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'New folder' }).click()
  await page.getByLabel('Name of the folder').fill('Bridges')
  await page.keyboard.press('Enter')
  await rowOf(page, /Report 1/).click()
  await rowOf(page, /Report 3/).click({ modifiers: ['Shift'] })
  await page.getByText('3 selected').waitFor()
  await rowOf(page, /Report 2/).click({ modifiers: ['Control'] })
  await page.getByText('2 selected').waitFor()
  await picture(page, 'mail-selected')
  await page.keyboard.press('v')
  await page.getByLabel('Find a folder').fill('bridg')
  await page.keyboard.press('Enter')
  await rowOf(page, /Report 3/).waitFor({ state: 'detached' })
  await rowOf(page, /Report 2/).waitFor()

  // The whole mailbox is searched, in words and hints.
  await page.keyboard.press('/')
  const search = page.getByRole('searchbox')
  await search.fill('report')
  await page.getByRole('button', { name: 'Whole mailbox' }).click()
  await page.getByText('6 found').waitFor()
  await page.getByRole('button', { name: 'Has files' }).click()
  await page.getByText('Nothing was found.').waitFor()
  await page.getByRole('button', { name: 'Has files' }).click()
  await search.fill('received:yesterday report')
  await page.keyboard.press('Enter')
  await page.getByText('6 found').waitFor()
  await accessible(page)
  await picture(page, 'mail-search')
  await search.focus()
  await page.keyboard.press('Escape')

  // Files are looked at.
  await rowOf(page, /With files/).click()
  await page.getByRole('button', { name: 'Look at notes.txt' }).click()
  await page.getByText('The tide <b>turns</b> at six.').waitFor()
  await picture(page, 'mail-preview')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Look at (letter|A letter)/ }).click()
  await page.getByRole('dialog').frameLocator('iframe').getByText('Inside of a letter').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Message details' }).click()
  await page.getByText('From: Rob Young <rob@contoso.com>').waitFor()
  await page.keyboard.press('Escape')
  assert.deepEqual(complaints, [])
})

test('mail: conversations, the panes, favourites and what is dragged are kept; a refusal is told', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  const at = Date.now() - 60_000
  await deliver('Tides', '<p>When?</p>', { at, headers: 'Message-ID: <one@contoso.com>\r\nContent-Type: text/html\r\n' })
  await deliver('RE: Tides', '<p>At six.</p>', { at: at + 1000, from: 'Ann Beebe <ann@contoso.com>', headers: 'Message-ID: <two@contoso.com>\r\nIn-Reply-To: <one@contoso.com>\r\nReferences: <one@contoso.com>\r\nContent-Type: text/html\r\n' }) // prettier-ignore
  await deliver('Alone', '<p>By itself.</p>', { at: at - 1000 })
  const { page, complaints } = await web.signIn('mary', '/owa/', { colorScheme: 'dark' })
  const view = async (name: string, role: 'menuitemcheckbox' | 'menuitemradio') => {
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole(role, { name }).click()
    await page.keyboard.press('Escape')
  }
  await rowOf(page, /Alone/).waitFor()
  await view('Group into conversations', 'menuitemcheckbox')
  await rowOf(page, /Tides.*2 messages|\(2\)/).click()
  await page.frameLocator('iframe').getByText('At six.').waitFor()
  await accessible(page)
  await picture(page, 'mail-conversation-dark')
  await view('Reading pane below', 'menuitemradio')
  await folderOf(page, /Archive/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Add to favourites' }).click()
  await page.getByRole('treeitem', { name: /Favourites/ }).waitFor()
  await rowOf(page, /Alone/).dragTo(folderOf(page, 'Archive').last())
  await rowOf(page, /Alone/).waitFor({ state: 'detached' })
  await page.reload()
  await rowOf(page, /Tides/).waitFor()
  await page.getByRole('treeitem', { name: /Favourites/ }).waitFor()
  await picture(page, 'mail-below-dark')

  // What is gone meanwhile cannot be deleted: the refusal is told.
  await page.route('**/owa/api/actOnMessages', (route) => route.fulfill({ status: 403, json: { error: { code: 'AccessDenied', message: 'You may not do that.' } } }))
  await rowOf(page, /Tides/).click()
  await page.keyboard.press('Delete')
  await page.getByText('You may not do that.').first().waitFor()
  await rowOf(page, /Tides/).waitFor()
  assert.deepEqual(complaints.filter((one) => !one.includes('403')), [])
}) // prettier-ignore

test('mail: on a phone there is one pane at a time', { timeout: 120_000 }, async () => {
  await using web = await startWeb()
  await delivery(web.site)('On the way', '<p>Read on a phone.</p>')
  const { page, complaints } = await web.signIn('mary', '/owa/', { viewport: { width: 390, height: 844 } })
  await rowOf(page, /On the way/).click()
  await page.frameLocator('iframe').getByText('Read on a phone.').waitFor()
  await accessible(page)
  await picture(page, 'mail-phone')
  await page.getByRole('button', { name: 'Back' }).click()
  await rowOf(page, /On the way/).waitFor()
  await page.goto(`${page.url()}?dir=rtl`)
  await rowOf(page, /On the way/).waitFor()
  await accessible(page)
  await picture(page, 'mail-phone-list')
  await rowOf(page, /On the way/).click()
  await page.frameLocator('iframe').getByText('Read on a phone.').waitFor()
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Show or hide the folders' }).click()
  await folderOf(page, /Drafts/).click()
  await page.getByRole('heading', { name: 'Drafts' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('mail: of a folder with 5,000 messages only what is in sight is asked for', { timeout: 120_000 }, async () => {
  await using web = await startWeb()
  await copies(web.site, await delivery(web.site)('One of many', '<p>Text</p>'), 'Message', 5000)
  const { page, complaints } = await web.signIn('mary')
  const asked: number[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/findMessages')) asked.push((request.postDataJSON() as { offset: number }).offset)
  })
  await rowOf(page, /Message 3\b/).waitFor()
  await page.getByText('5,001 messages').waitFor()
  asked.length = 0
  // The answer is kept back: until it is there, rows stand in for it.
  const { promise: goOn, resolve: letThrough } = Promise.withResolvers<void>()
  await page.route('**/owa/api/findMessages', async (route) => {
    await goOn
    await route.continue()
  })
  await page.evaluate("void document.querySelector('[role=listbox]').scrollTo(0, 1e9)")
  await page.locator('[data-unknown]').first().waitFor()
  letThrough()
  await rowOf(page, /Message 5000/).waitFor()
  assert.ok(asked.length <= 3, `asked for ${asked.join(', ')}`)
  assert.ok(await page.getByRole('option').count() < 40, 'rows out of sight are not there') // prettier-ignore
  assert.deepEqual(complaints, [])
})
