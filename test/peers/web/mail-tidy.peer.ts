import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { accessible, picture, startWeb } from './client.ts'
import { copies, delivery, folderOf, rowOf } from './mail-mailbox.ts'

const subjectsOf = async (page: Page) =>
  (await page.getByRole('option').allInnerTexts()).map((text) => /(?:Report|Tides|Ledger) ?\d*/.exec(text)?.[0])

test('mail: messages are pinned, taken back, found by refiners, and tidied away all at once', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const deliver = delivery(web.site)
  const dayAgo = Date.now() - 86_400_000
  for (let at = 0; at < 3; at++) await deliver(`Report ${at}`, `<p>Number ${at}</p>`, { at: dayAgo - at * 1000 })
  await deliver('Tides', '--x\r\nContent-Type: text/html\r\n\r\n<p>Six</p>\r\n--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="t.txt"\r\n\r\nSix\r\n--x--', { at: dayAgo - 9000, from: 'Ann Beebe <ann@contoso.com>', headers: 'Content-Type: multipart/mixed; boundary=x\r\n' }) // prettier-ignore
  const { page, complaints } = await web.signIn('mary')
  page.setDefaultTimeout(10_000)
  const inOrder = (subjects: string[]) => waitFor(page, subjects)

  // Pinned from the menu of the row, by key, and let go again.
  await rowOf(page, /Report 2/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Pin to the top' }).waitFor()
  await accessible(page)
  await picture(page, 'mail-row-menu')
  await page.getByRole('menuitem', { name: 'Pin to the top' }).click()
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])
  await rowOf(page, /Report 2/)
    .getByLabel('Pinned')
    .waitFor()
  await rowOf(page, /Tides/).click()
  await page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor()
  await page.keyboard.press('p')
  await inOrder(['Report 2', 'Tides', 'Report 0', 'Report 1'])
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Unpin' }).click()
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])

  // What was deleted or moved is taken back, by the bar and by the key.
  await rowOf(page, /Report 0/).click()
  await page.keyboard.press('Delete')
  await page.getByText('Moved to Deleted Items', { exact: true }).waitFor()
  await inOrder(['Report 2', 'Report 1', 'Tides'])
  await accessible(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])
  await rowOf(page, /Report 1/).click()
  await page.keyboard.press('e')
  await page.getByText('Moved to Archive', { exact: true }).waitFor()
  await inOrder(['Report 2', 'Report 0', 'Tides'])
  await page.keyboard.press('Control+z')
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])

  // What is refused then can be taken back once more.
  const moved = page.getByText('Moved to Archive', { exact: true })
  const moves: string[] = []
  page.on(
    'request',
    (request) => /actOnMessages/.test(request.url()) && /"do":"move"/.test(request.postData() ?? '') && moves.push(request.url()),
  )
  await rowOf(page, /Report 1/).click()
  await page.keyboard.press('e')
  await moved.last().waitFor()
  await page.route('**/owa/api/actOnMessages', async (route) => {
    const { items } = route.request().postDataJSON() as { items: unknown[] }
    await route.fulfill({ json: { outcomes: items.map((item) => ({ item, error: { code: 'Busy', message: 'Not now.' } })) } })
  })
  await page.keyboard.press('Control+z')
  await page.getByText('1 message stayed as it was: Not now.', { exact: true }).waitFor()
  await page.unroute('**/owa/api/actOnMessages')
  await page.keyboard.press('Control+z')
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])
  assert.equal(moves.length, 3, 'there, not back, back')

  // Something else was done since: the bar goes, and the key takes nothing back.
  await rowOf(page, /Report 1/).click()
  await page.getByRole('heading', { level: 1, name: 'Report 1' }).waitFor()
  await page.keyboard.press('e')
  await moved.last().waitFor()
  await rowOf(page, /Tides/).click()
  await page.keyboard.press('Insert')
  await page.mouse.move(0, 0)
  await rowOf(page, /Tides/).getByLabel('Flagged').waitFor()
  await moved.first().waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await folderOf(page, /Archive/).click()
  await rowOf(page, /Report 1/).waitFor()
  assert.equal(moves.length, 4)

  // Nor when the bar has gone: the picture lets its time pass.
  await rowOf(page, /Report 1/).click()
  await page.keyboard.press('v')
  await page.getByLabel('Find a folder').fill('inbox')
  await page.keyboard.press('Enter')
  const back = page.getByText('Moved to Inbox', { exact: true })
  await back.waitFor()
  await picture(page, 'mail-undo')
  await back.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await folderOf(page, /Inbox/).click()
  await inOrder(['Report 2', 'Report 0', 'Report 1', 'Tides'])
  assert.equal(moves.length, 5)

  // One is read, the others are not.
  await rowOf(page, /Tides/).click()
  await page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor()
  await page.getByRole('listbox').focus()
  await page.keyboard.press('Control+a')
  await page.getByText('4 selected').waitFor()
  await page.keyboard.press('u')
  await page.keyboard.press('Escape')
  await page.getByText('4 messages, 4 unread').waitFor()
  await rowOf(page, /Report 0/).click()
  await page.getByText('4 messages, 3 unread').waitFor()

  // A search is narrowed without a word of it being written.
  await page.getByRole('searchbox').click()
  await page.getByRole('button', { name: 'Has files' }).click()
  await page.getByText('1 found').waitFor()
  await page.getByLabel('From whom').fill('rob')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing was found.').waitFor()
  await page.getByRole('button', { name: 'Has files' }).click()
  await page.getByText('3 found').waitFor()
  await page.getByLabel('When it came').selectOption('Today')
  await page.getByText('Nothing was found.').waitFor()
  await page.getByLabel('When it came').selectOption('At any time')
  await page.getByRole('button', { name: 'Unread', exact: true }).click()
  await page.getByText('2 found').waitFor()
  await rowOf(page, /Report 2/).waitFor()
  await rowOf(page, /Report 1/).waitFor()
  await accessible(page)
  await picture(page, 'mail-refiners')
  await page.getByRole('searchbox').focus()
  await page.keyboard.press('Escape')

  // More than is in sight: all of the folder is chosen, marked, and put away in steps.
  await copies(web.site, await deliver('Ledger 0', '<p>Text</p>'), 'Ledger', 350)
  await page.getByText('355 messages, 354 unread').waitFor()
  const conversations = async () => {
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Group into conversations' }).click()
    await page.keyboard.press('Escape')
  }
  const filter = async (name: string) => {
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('menuitemradio', { name, exact: true }).click()
  }
  await conversations()
  await filter('Unread')
  await page.getByText('179 found').waitFor()
  await page.getByRole('checkbox', { name: 'Select all' }).click()
  await page.getByRole('button', { name: 'Select all 354 that were found' }).click()
  await page.getByText('354 selected').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Forward as attachment' }).isDisabled())
  await filter('All')
  await conversations()
  await page.getByRole('checkbox', { name: 'Select all' }).click()
  await page.getByRole('button', { name: 'Select all 355 in this folder' }).click()
  await page.getByText('355 selected').waitFor()
  await picture(page, 'mail-whole-folder')
  await page.getByRole('button', { name: 'Mark as read' }).click()
  await page.getByRole('treeitem', { name: 'Inbox', exact: true }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  // The second step is kept back until the first is seen.
  const { promise: goOn, resolve: letThrough } = Promise.withResolvers<void>()
  await page.route('**/owa/api/actOnList', async (route) => {
    if ((route.request().postDataJSON() as { below?: number }).below !== undefined) await goOn
    await route.continue()
  })
  await page.getByRole('button', { name: 'Move', exact: true }).click()
  await page.getByLabel('Find a folder').fill('arch')
  await page.keyboard.press('Enter')
  await page.getByText('100 of 355 done').waitFor()
  await accessible(page)
  await picture(page, 'mail-whole-progress')
  letThrough()
  await page.getByText('There is nothing in this folder.').waitFor({ timeout: 30_000 })
  await folderOf(page, /Archive/).click()
  await page.getByText('355 messages, 0 unread').waitFor()
  assert.deepEqual(complaints, [])
})

/** Waits until the rows stand in this order. */
async function waitFor(page: Page, subjects: string[]): Promise<void> {
  for (const end = Date.now() + 10_000; ;) {
    const now = await subjectsOf(page)
    if (now.join() === subjects.join()) return
    assert.ok(Date.now() < end, `the rows are ${now.join(', ')}`)
    await page.evaluate('new Promise(requestAnimationFrame)')
  }
}
