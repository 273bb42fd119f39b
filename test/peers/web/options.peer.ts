import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'

test('options: automatic replies, rules in their order, blocked senders, language and time zone', { timeout: 180_000 }, async () => {
  await using web = await startWeb()
  const { site } = web
  const mary = await site.caller('mary')
  const { mailbox } = site.people.mary!
  const { page, complaints } = await web.signIn('mary', '/owa/options')
  page.setDefaultTimeout(15_000)
  await page.getByRole('radio', { name: 'On', exact: true }).check()
  await page.getByLabel('Answer to people in the organisation').fill('I am away <today>.\nBack soon.')
  await page.getByLabel('People outside get an answer').selectOption('Nobody outside')
  await picture(page, 'options')
  await accessible(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  const { outOfOffice, timeZone } = await site.mailboxes.settings(mary, mailbox)
  assert.deepEqual(outOfOffice, {
    ...{ state: 'Enabled', externalAudience: 'None' },
    internalReply: { message: '<div>I am away &lt;today&gt;.<br>Back soon.</div>' },
  })

  await page.getByRole('tab', { name: 'Inbox rules' }).click()
  for (const [name, words] of [
    ['First', 'one'],
    ['Second', 'two'],
  ] as const) {
    await page.getByRole('button', { name: 'New rule' }).click()
    await page.getByLabel('Name of the rule').fill(name)
    await page.getByLabel('Subject contains').fill(words)
    await page.getByLabel('Move to folder').selectOption('Archive')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('switch', { name }).waitFor()
  }
  await page.getByRole('button', { name: 'Second: earlier' }).click()
  await page.getByRole('listitem').nth(0).getByText('Second').waitFor()
  await page.getByRole('switch', { name: 'First' }).click()
  await page.getByRole('switch', { name: 'First', checked: false }).waitFor()
  await picture(page, 'options-rules')
  await accessible(page)
  const rules = await site.mailboxes.inboxRules(mary, mailbox)
  assert.deepEqual(
    rules.toSorted((a, b) => a.priority - b.priority).map(({ name, enabled }) => [name, enabled]),
    [
      ['Second', true],
      ['First', false],
    ],
  )
  await page.getByRole('button', { name: 'Delete Second' }).click()
  await page.getByRole('switch', { name: 'Second' }).waitFor({ state: 'detached' })

  await page.getByRole('tab', { name: 'Blocked senders' }).click()
  await page.getByLabel('Address').fill('Spam@Elsewhere.example')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('spam@elsewhere.example').waitFor()

  await page.getByRole('tab', { name: 'Language and time' }).click()
  await page.getByLabel('Language').selectOption('de-DE')
  await page.getByLabel('Time zone').selectOption('W. Europe Standard Time')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await accessible(page)
  assert.notEqual(timeZone, 'W. Europe Standard Time')
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Optionen' }).waitFor()
  assert.deepEqual(complaints, [])
})
