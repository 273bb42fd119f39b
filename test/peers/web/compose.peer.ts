import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { run } from '../../sent-items/desk.ts'
import { testPassword } from '../../support/site.ts'
import { accessible, picture, startWeb } from './client.ts'
import { draftOf, refuse, sentBy } from './drafts.ts'
import { giveFiles, redPoint, writtenText } from './pasted.ts'

const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the message' })
const saved = (page: Page) => page.getByRole('status').getByText('Saved', { exact: true }).waitFor()

async function addressTo(page: Page, words: string, name: RegExp): Promise<void> {
  const to = page.getByRole('combobox', { name: 'To', exact: true })
  await to.fill(words)
  await page.getByRole('option', { name }).click()
}

/** Something in the inbox. */
async function welcome(site: Awaited<ReturnType<typeof startWeb>>['site'], alias: string, words = 'Good to have you here.'): Promise<void> {
  await site.mailboxes.deliver(site.organisation.id, site.people[alias]!.mailbox, {
    mime: Buffer.from(`From: Ann <ann@contoso.com>\r\nTo: ${alias}@contoso.com\r\nSubject: Welcome\r\n\r\n${words}`),
    recipient: `${alias}@contoso.com`,
    sender: 'ann@contoso.com',
    receivedAt: Date.now(),
  })
}

test('mary writes to rob, rob answers, mary reads the answer', { timeout: 180_000 }, async () => {
  await using web = await startWeb()
  await welcome(web.site, 'mary')
  const mary = await web.signIn('mary', '/owa/', { ignoreHTTPSErrors: true })
  const rob = await web.signIn('rob')
  const { page } = mary
  await page.getByRole('button', { name: 'New message' }).click()
  await addressTo(page, 'rob', /Rob Young/)
  await page.getByPlaceholder('Subject').fill('The two lands')
  await text(page).click()
  await page.getByRole('button', { name: 'Bold' }).click()
  await page.keyboard.type('They meet here')
  await page.getByRole('button', { name: 'Bold' }).click()
  await page.keyboard.type(', dear Rob.')
  await saved(page)
  await picture(page, 'compose')
  await accessible(page)
  // The connection is lost once the site has sent it, before the answer comes.
  await page.route('**/api/sendDraft', (route) => route.fetch().then(() => route.abort('connectionreset')), { times: 1 })
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('Sending …').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await text(page).getByText('They meet here').waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('Sending …').waitFor()
  await picture(page, 'compose-undo')
  await page.getByText('Sent', { exact: true }).waitFor({ timeout: 20_000 })

  await rob.page.getByRole('option', { name: /The two lands/ }).click({ timeout: 20_000 })
  await rob.page.frameLocator('iframe').locator('strong', { hasText: 'They meet here' }).waitFor()
  await rob.page.getByRole('button', { name: 'Reply', exact: true }).click()
  await text(rob.page).click()
  await rob.page.keyboard.type('So they do.')
  await rob.page.frameLocator('iframe[title="Quoted message"]').getByText('They meet here').waitFor()
  await saved(rob.page)
  await picture(rob.page, 'compose-reply')
  await rob.page.keyboard.press('Control+Enter')

  await page.getByRole('option', { name: /RE: The two lands/ }).click({ timeout: 30_000 })
  await page.frameLocator('iframe').getByText('So they do.').waitFor()
  await page.frameLocator('iframe').getByText('They meet here').waitFor()
  assert.equal(await sentBy(web.site, 'mary'), 1)
  assert.deepEqual(
    mary.complaints.filter((one) => !one.includes('ERR_CONNECTION_RESET')),
    [],
  )
  assert.deepEqual(rob.complaints, [])
})

test(
  'a message waits among the drafts for its time, is taken back, and goes at another; rob sees it come',
  { timeout: 180_000 },
  async () => {
    const clock = { ahead: 0 }
    await using web = await startWeb({ outside: { clock: () => Date.now() + clock.ahead } })
    await welcome(web.site, 'mary')
    const mary = await web.signIn('mary')
    const rob = await web.signIn('rob')
    const { page } = mary
    await page.getByRole('button', { name: 'New message' }).click()
    await addressTo(page, 'rob', /Rob Young/)
    await page.getByPlaceholder('Subject').fill('In good time')
    await text(page).click()
    await page.keyboard.type('Read this when the time has come.')
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.getByRole('menuitem', { name: 'Tomorrow morning' }).waitFor()
    await accessible(page)
    await picture(page, 'compose-later')
    await page.getByRole('menuitem', { name: 'Choose a time' }).click()
    const time = page.getByLabel('Date and time')
    await time.fill('2020-01-01T08:00')
    await page.getByText('That time has passed.').waitFor()
    await time.fill(localTime(Date.now() + 5 * 60_000))
    await accessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Send later' }).click()
    await page.getByText('It waits in Drafts and is sent on').waitFor()

    await page.getByRole('treeitem', { name: /Drafts/ }).click()
    const row = page.getByRole('option', { name: /In good time.*Will be sent on/ })
    await row.click()
    await page.getByText('This message is sent on').waitFor()
    await picture(page, 'compose-waits')
    await accessible(page)
    await page.getByRole('button', { name: 'Do not send' }).click()
    await page.getByText('This message is sent on').waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.getByRole('menuitem', { name: 'Choose a time' }).click()
    await time.fill(localTime(Date.now() + 10 * 60_000))
    await page.getByRole('dialog').getByRole('button', { name: 'Send later' }).click()
    await row.waitFor()
    clock.ahead = 6 * 60_000
    await web.site.jobs.runDue()
    assert.equal(await sentBy(web.site, 'mary'), 0)
    clock.ahead = 12 * 60_000
    await web.site.jobs.runDue()
    await row.waitFor({ state: 'detached' })
    await rob.page.getByRole('option', { name: /In good time/ }).click({ timeout: 30_000 })
    await rob.page.frameLocator('iframe').getByText('Read this when the time has come.').waitFor()
    assert.equal(await sentBy(web.site, 'mary'), 1)
    // The draft that was looked at is gone.
    const complaints = [...mary.complaints, ...rob.complaints].filter((one) => !one.includes('404'))
    assert.deepEqual(complaints, [])
  },
)

test(
  'mary answers all, forwards with files and as attachments, writes for sales, signs, drops files and keeps hers',
  { timeout: 190_000 },
  async () => {
    await using web = await startWeb()
    const { site } = web
    await run(site, 'Set-Mailbox ann -GrantSendOnBehalfTo mary')
    const mixed = (text: string) => `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--x\r\nContent-Type: text/plain; name="plan.txt"\r\nContent-Disposition: attachment; filename="plan.txt"\r\n\r\ndig here\r\n--x--` // prettier-ignore
    for (const subject of ['The plan', 'The map']) {
      await site.mailboxes.deliver(site.organisation.id, site.people.mary!.mailbox, {
        mime: Buffer.from(`From: Ann Beebe <ann@contoso.com>\r\nTo: mary@contoso.com, Rob Young <rob@contoso.com>\r\nCc: Administrator <administrator@contoso.com>\r\nSubject: ${subject}\r\n${mixed(`Text of ${subject}`)}`), // prettier-ignore
        ...{ recipient: 'mary@contoso.com', sender: 'ann@contoso.com', receivedAt: Date.now() },
      })
    }
    const { page, complaints } = await web.signIn('mary', '/owa/', { ignoreHTTPSErrors: true })
    const more = async (name: string, role: 'menuitem' | 'menuitemradio' | 'menuitemcheckbox') => {
      await page.getByRole('button', { name: 'More options' }).click()
      await page.getByRole(role, { name }).click()
      if (role !== 'menuitem') await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    const send = async () => {
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByRole('region', { name: 'Message being written' }).waitFor({ state: 'detached' })
    }

    // The signature that new messages begin with.
    await page.getByRole('button', { name: 'New message' }).click()
    await text(page).waitFor()
    await more('Signature …', 'menuitem')
    const dialog = page.getByRole('dialog', { name: 'Signature' })
    await dialog.getByRole('textbox', { name: 'Text of the message' }).fill('Mary of the canal')
    await dialog.getByRole('checkbox', { name: 'Add it to new messages' }).check()
    await accessible(page)
    await picture(page, 'compose-signature')
    await dialog.getByRole('button', { name: 'OK' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Discard' }).click()

    // For sales, important, with a receipt and a file that is dropped.
    await page.getByRole('button', { name: 'New message' }).click()
    await text(page).getByText('Mary of the canal').waitFor()
    await page.getByLabel('From').selectOption('sales@contoso.com')
    await addressTo(page, 'rob', /Rob Young/)
    await page.getByPlaceholder('Subject').fill('An offer')
    await more('High importance', 'menuitemradio')
    await more('Ask for a read receipt', 'menuitemcheckbox')
    await giveFiles(page, writtenText, 'drop', [{ name: 'offer.txt', type: 'text/plain', content: Buffer.from('two for one') }])
    await page.getByRole('button', { name: 'Remove offer.txt' }).waitFor()
    await saved(page)
    await picture(page, 'compose-for-sales')
    await accessible(page)
    await send()

    // All are answered but the one who answers.
    await page.getByRole('option', { name: /The plan/ }).click()
    await page.getByRole('button', { name: 'Reply all', exact: true }).click()
    await text(page).click()
    const chosen = (label: string) => page.getByRole('group', { name: `${label}: chosen` }).or(page.getByRole('listbox', { name: `${label}: chosen` })) // prettier-ignore
    await chosen('To').getByText('Ann Beebe').waitFor()
    await chosen('To').getByText('Rob Young').waitFor()
    await chosen('Cc').getByText('Administrator').waitFor()
    assert.equal(await chosen('To').getByText('Mary Jensen').count(), 0)
    await page.keyboard.type('Agreed by all.')
    await send()

    // Forwarded with its files, and two as they stand.
    await page.getByRole('button', { name: 'Forward', exact: true }).click()
    await page.getByRole('button', { name: 'Remove plan.txt' }).waitFor()
    await addressTo(page, 'rob', /Rob Young/)
    await page.frameLocator('iframe[title="Quoted message"]').getByText('Text of The plan').waitFor()
    await send()
    await page.getByRole('option', { name: /The plan/ }).click({ modifiers: ['Control'] })
    await page.getByRole('option', { name: /The map/ }).click({ modifiers: ['Control'] })
    await page.getByRole('button', { name: 'Forward as attachment' }).click()
    await page.getByRole('button', { name: /Remove The map/ }).waitFor()
    await page.getByRole('button', { name: /Remove The plan/ }).waitFor()
    await addressTo(page, 'rob', /Rob Young/)
    await page.getByPlaceholder('Subject').fill('Both letters')
    await more('Ask for a read receipt', 'menuitemcheckbox')
    await picture(page, 'compose-attached')
    await accessible(page)
    await send()

    // Another window writes the same draft: hers goes on by itself, with its files.
    await page.getByRole('button', { name: 'New message' }).click()
    await page.getByPlaceholder('Subject').fill('Mine')
    await giveFiles(page, writtenText, 'paste', [{ name: 'red.png', type: 'image/png', content: redPoint }])
    await text(page).locator('img[alt="red.png"]').waitFor()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('here be dragons') })
    await page.getByRole('button', { name: 'Remove map.txt' }).waitFor()
    await saved(page)
    const draft = await draftOf(site, 'mary', 'Mine')
    await site.mailboxes.updateItem(await site.caller('mary'), draft.ref, [{ op: 'set', path: { property: 'subject' }, value: 'Theirs' }], { conflict: 'AlwaysOverwrite' }) // prettier-ignore
    await text(page).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' and my words')
    // Refused, and then without an answer: what she wrote stays and is kept; asked once more, it is one draft.
    await page.route('**/api/branchDraft', refuse, { times: 1 })
    const keepMine = page.getByRole('button', { name: 'Keep mine as a draft of its own' })
    await keepMine.click()
    await page.getByRole('alert').getByText('You may not do that.').waitFor()
    await page.route('**/api/branchDraft', (route) => route.fetch().then(() => route.abort('connectionreset')), { times: 1 })
    await keepMine.click()
    await page.getByRole('alert').getByText('There is no connection to the server.').waitFor()
    const kept =
      "Object.entries(localStorage).filter(([name, one]) => name.startsWith('isthmus.draft.') && one.includes('my words')).length"
    assert.equal(await page.evaluate(kept), 2)
    await text(page).getByText('and my words').waitFor()
    await keepMine.click()
    await saved(page)
    assert.equal(await page.evaluate(kept), 0)
    await draftOf(site, 'mary', 'Mine')
    await page.getByRole('button', { name: 'Remove map.txt' }).waitFor()
    await addressTo(page, 'rob', /Rob Young/)
    await page.getByLabel('From').selectOption('*')
    const other = page.getByRole('textbox', { name: 'Another address …' })
    await other.fill('administrator@contoso.com')
    await other.press('Enter')
    await page.getByRole('alert').getByText('You may not send as').waitFor()
    await other.fill('ann@contoso.com')
    await other.press('Enter')
    await other.waitFor({ state: 'detached' })
    await send()
    await page.getByText('Sending …').first().waitFor({ state: 'detached', timeout: 30_000 })
    assert.deepEqual(complaints.filter((one) => !/40[39]|ERR_CONNECTION_RESET/.test(one)), []) // prettier-ignore

    // What Rob has of all this.
    const rob = await web.signIn('rob')
    await rob.page.getByRole('option', { name: /An offer/ }).click({ timeout: 30_000 })
    await rob.page.getByText('Contoso Sales <sales@contoso.com>').waitFor()
    await rob.page.getByRole('article').getByLabel('High importance').waitFor()
    await rob.page.getByRole('button', { name: 'Look at offer.txt' }).waitFor()
    await rob.page.frameLocator('iframe').getByText('Mary of the canal').waitFor()
    await rob.page.getByRole('option', { name: /RE: The plan/ }).waitFor()
    await rob.page.getByRole('option', { name: /FW: The plan/ }).click()
    await rob.page.getByRole('button', { name: 'Look at plan.txt' }).waitFor()
    await rob.page.getByRole('option', { name: /Both letters/ }).click()
    await rob.page.getByRole('button', { name: /Look at The map/ }).click()
    await rob.page.getByRole('dialog').frameLocator('iframe').getByText('Text of The map').waitFor()
    await rob.page.getByRole('button', { name: 'Close' }).click()
    await rob.page.getByRole('option', { name: /Mine/ }).click()
    await rob.page.frameLocator('iframe').locator('img[alt="red.png"]').waitFor()
    await rob.page.getByRole('button', { name: 'Look at map.txt' }).waitFor()
    await rob.page.getByText('Ann Beebe <ann@contoso.com>', { exact: true }).waitFor()
    await rob.page.getByText('Sent by Mary Jensen <mary@contoso.com>').waitFor()
    await page.getByRole('option', { name: /Read: Both letters/ }).waitFor({ timeout: 30_000 })
    assert.deepEqual(rob.complaints, [])
  },
)

test(
  'a draft is kept, gone on with, and told when somebody else wrote it; its text survives the end of the session',
  { timeout: 190_000 },
  async () => {
    await using web = await startWeb()
    await run(web.site, 'Set-TransportConfig -MaxSendSize 1MB')
    await welcome(web.site, 'mary', 'A line of the log, and on it goes.\r\n'.repeat(900_000))
    const { page, complaints } = await web.signIn('mary', '/owa/', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await page.goto(`${web.site.url}/owa/mail?dir=rtl`)
    await page.getByRole('button', { name: 'New message' }).click()
    await page.getByPlaceholder('Subject').fill('Half a thought')
    await page.getByRole('combobox', { name: 'To', exact: true }).fill('somebody@elsewhere.example')
    await page.getByRole('combobox', { name: 'To', exact: true }).press(';')
    await page.getByText('Outside your organisation').waitFor()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('here be dragons') })
    await page.getByRole('button', { name: 'Remove map.txt' }).waitFor()
    await saved(page)

    // Too much for a message: said before anything is sent up, and the draft goes on.
    const chooser = page.locator('input[type=file]')
    const film = await fileOf(60 * 1024 * 1024)
    await chooser.setInputFiles(film)
    await page.getByRole('alert').getByText('film.bin is too large: 0.7 MB can be attached at most.').waitFor()
    await rm(dirname(film), { recursive: true })
    const half = (name: string) => ({ name, mimeType: 'application/zip', buffer: Buffer.alloc(400_000, 7) })
    await chooser.setInputFiles(half('first.zip'))
    await page.getByRole('button', { name: 'Remove first.zip' }).waitFor()
    await chooser.setInputFiles(half('second.zip'))
    await page.getByRole('alert').getByText('second.zip is not attached: the files of a message may have 0.7 MB together.').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await saved(page)
    await picture(page, 'compose-phone-dark-rtl')
    await accessible(page)
    const draft = await draftOf(web.site, 'mary', 'Half a thought')

    // Somebody else writes it.
    await web.site.mailboxes.updateItem(
      await web.site.caller('mary'),
      draft.ref,
      [{ op: 'set', path: { property: 'subject' }, value: 'Another thought' }],
      {
        conflict: 'AlwaysOverwrite',
      },
    )
    await text(page).click()
    await page.keyboard.type('Mine.')
    await page.getByRole('button', { name: 'Take the other one' }).click()
    await page.locator('input[value="Another thought"]').waitFor()
    await page.getByRole('button', { name: 'Close; the draft is kept' }).click()

    // The session ends while somebody writes.
    await page.getByRole('button', { name: 'New message' }).click()
    await text(page).click()
    await page.context().clearCookies()
    await page.keyboard.type('This must not be lost.')
    await page.getByText('You are signed out').waitFor()
    const heard = complaints.splice(0)
    assert.ok(
      heard.every((one) => /40[19]/.test(one)),
      heard.join('\n'),
    )
    // Another window finds what this one did not save.
    const later = await page.context().newPage()
    later.on('pageerror', (error) => void complaints.push(error.message))
    await page.close()
    await later.goto(`${web.site.url}/owa/mail`)
    await later.getByLabel('User name').fill('mary@contoso.com')
    await later.getByLabel('Password').fill(testPassword)
    await later.keyboard.press('Enter')
    await later.getByRole('button', { name: 'Go on writing' }).click({ timeout: 30_000 })
    await text(later).getByText('This must not be lost.').waitFor()
    await saved(later)
    await later.route('**/api/discardDraft', refuse, { times: 1 })
    await later.getByRole('button', { name: 'Discard' }).click()
    await later.getByRole('alert').getByText('You may not do that.').waitFor()
    await text(later).getByText('This must not be lost.').waitFor()
    await later.getByRole('button', { name: 'Discard' }).click()
    await text(later).waitFor({ state: 'detached' })

    // A message of 30 MB is opened: its beginning, and that it goes on.
    await later.getByRole('option', { name: /Welcome/ }).click()
    await later.frameLocator('iframe').getByText('A line of the log').first().waitFor()
    await later.getByText('Only the beginning of this very long message is shown.').waitFor()
    await accessible(later)
    const [download] = await Promise.all([
      later.waitForEvent('download'),
      later.getByRole('link', { name: 'Save the whole message' }).click(),
    ])
    assert.ok((await stat(await download.path())).size > 30_000_000)
    await later.getByRole('button', { name: 'Back' }).click()
    await later.getByRole('option', { name: /Welcome/ }).waitFor()
    assert.deepEqual(complaints, [])
  },
)

/** As a field for a time takes it, by the clock of this machine. */
const localTime = (at: number): string => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

/** A file of so many bytes, all of them nothing. */
async function fileOf(size: number): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'isthmus-')), 'film.bin')
  await writeFile(path, '')
  await truncate(path, size)
  return path
}
