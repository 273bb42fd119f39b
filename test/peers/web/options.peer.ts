import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { TOTP } from 'otpauth'
import { run } from '../../sent-items/desk.ts'
import { testPassword } from '../../support/site.ts'
import { accessible, picture, startWeb } from './client.ts'

const web = await startWeb()
after(() => web[Symbol.asyncDispose]())
const { site } = web

/** A message comes, which pages that are open hear of. */
async function newsFor(name: 'mary' | 'rob'): Promise<void> {
  const mime = Buffer.from(`From: ann@contoso.com\r\nTo: ${name}@contoso.com\r\nSubject: News\r\n\r\nnews`)
  await site.mailboxes.deliver(site.organisation.id, site.people[name]!.mailbox, { mime, recipient: `${name}@contoso.com`, sender: 'ann@contoso.com', receivedAt: Date.now() }) // prettier-ignore
}

test(
  'options: automatic replies, rules in their order, junk mail, forwarding, hours, language and time zone',
  { timeout: 180_000 },
  async () => {
    const mary = await site.caller('mary')
    const { mailbox } = site.people.mary!
    const { page, complaints } = await web.signIn('mary', '/owa/options')
    page.setDefaultTimeout(15_000)
    const tab = (name: string) => page.getByRole('tab', { name }).click()
    const save = async () => {
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Saved.').waitFor()
    }
    await page.getByRole('radio', { name: 'On', exact: true }).check()
    await page.getByLabel('Answer to people in the organisation').fill('I am away <today>.\nBack soon.')
    await page.getByLabel('People outside get an answer').selectOption('Nobody outside')
    await picture(page, 'options')
    await accessible(page)
    await save()
    const { outOfOffice, timeZone } = await site.mailboxes.settings(mary, mailbox)
    assert.deepEqual(outOfOffice, {
      ...{ state: 'Enabled', externalAudience: 'None' },
      internalReply: { message: '<div>I am away &lt;today&gt;.<br>Back soon.</div>' },
    })

    await tab('Inbox rules')
    for (const [name, words] of [
      ['First', 'one'],
      ['Second', 'two'],
    ] as const) {
      await page.getByRole('button', { name: 'New rule' }).click()
      await page.getByLabel('Name of the rule').fill(name)
      await page.getByLabel('Add a condition').selectOption('Subject contains')
      await page.getByLabel('Subject contains', { exact: true }).fill(words)
      await page.getByLabel('Add an action').selectOption('Move to folder')
      await page.getByLabel('Move to folder', { exact: true }).selectOption('Archive')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('switch', { name }).waitFor()
    }
    await page.getByRole('button', { name: 'Second: earlier' }).click()
    await page.getByRole('listitem').nth(0).getByText('Second').waitFor()
    await page.getByRole('switch', { name: 'First' }).click()
    await page.getByRole('switch', { name: 'First', checked: false }).waitFor()

    // A rule is changed whole: what it asks, what it does, and unless what.
    await page.getByRole('button', { name: 'Edit Second' }).click()
    const editor = page.getByRole('form', { name: 'Edit Second' })
    await editor.getByLabel('Subject contains', { exact: true }).fill('two\nzwei')
    await editor.getByRole('button', { name: 'Remove: Move to folder' }).click()
    await editor.getByLabel('Add an action').selectOption('Mark with importance')
    await editor.getByLabel('Mark with importance', { exact: true }).selectOption('High')
    await editor.getByLabel('Add an action').selectOption('Run no further rules')
    // A part that is left empty is never dropped in silence.
    const ready = editor.getByRole('button', { name: 'Save', disabled: false })
    await ready.waitFor()
    await editor.getByLabel('Add an action').selectOption('Copy to folder')
    await editor.getByRole('button', { name: 'Save', disabled: true }).waitFor()
    await editor.getByRole('button', { name: 'Remove: Copy to folder' }).click()
    await ready.waitFor()
    await editor.getByLabel('Add a condition').selectOption('Text contains')
    await editor.getByRole('button', { name: 'Save', disabled: true }).waitFor()
    await editor.getByRole('button', { name: 'Remove: Text contains' }).click()
    await ready.waitFor()
    await editor.getByLabel('Add an exception').selectOption('Is from')
    await editor.getByLabel('Is from', { exact: true }).fill('Rob Young <rob@contoso.com>')
    await editor.getByLabel('Add an exception').selectOption('Size in KB')
    await editor.getByLabel('Size in KB: At least').fill('2000')
    await picture(page, 'options-rule-form')
    await accessible(page)
    await editor.getByRole('button', { name: 'Save' }).click()
    await editor.waitFor({ state: 'detached' })
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
    const second = rules.find(({ name }) => name === 'Second')!
    assert.deepEqual(
      [
        second.conditions,
        second.exceptions.FromAddresses?.map(({ address }) => address),
        second.exceptions.WithinSizeRange,
        second.actions,
      ],
      [
        { ContainsSubjectStrings: ['two', 'zwei'] },
        ['rob@contoso.com'],
        { least: 2000 },
        { MarkImportance: 'High', StopProcessingRules: true },
      ],
    )
    await page.getByRole('button', { name: 'Delete Second' }).click()
    await page.getByRole('switch', { name: 'Second' }).waitFor({ state: 'detached' })

    await tab('Junk email')
    await page.getByLabel('Blocked senders and domains').fill('spam@elsewhere.example\nspam.example')
    await page.getByLabel('Safe senders and domains').fill('friends.example')
    await picture(page, 'options-junk')
    await accessible(page)
    await save()
    const { junkEmail } = await site.mailboxes.settings(mary, mailbox)
    assert.partialDeepStrictEqual(junkEmail, { BlockedSendersAndDomains: ['spam@elsewhere.example', 'spam.example'], TrustedSendersAndDomains: ['friends.example'] }) // prettier-ignore
    // Who is blocked elsewhere while the form is open stays blocked when something else is saved; what was typed stays as well.
    await page.getByLabel('Safe senders and domains').fill('friends.example\nfamily.example')
    await run(site, "Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains @{Add='late.example'}")
    await newsFor('mary')
    await page
      .getByLabel('Blocked senders and domains')
      .and(page.locator('textarea', { hasText: 'late.example' }))
      .waitFor()
    await save()
    const { junkEmail: later } = await site.mailboxes.settings(mary, mailbox)
    assert.partialDeepStrictEqual(later, { BlockedSendersAndDomains: ['spam@elsewhere.example', 'spam.example', 'late.example'], TrustedSendersAndDomains: ['friends.example', 'family.example'] }) // prettier-ignore

    await tab('Reading and signature')
    await page.getByRole('radio', { name: 'Below the list' }).check()
    await page.getByRole('button', { name: 'Edit the signature' }).click()
    const signature = page.getByRole('dialog', { name: 'Signature …' })
    await signature.getByRole('textbox').fill('Mary, Projects')
    await signature.getByLabel('Add it to new messages').check()
    await accessible(page)
    await signature.getByRole('button', { name: 'OK' }).click()
    // What is behind a question has a role again once it has gone altogether.
    await page.getByRole('button', { name: 'Edit the signature' }).waitFor()
    await picture(page, 'options-messages')
    await accessible(page)
    await tab('Forwarding')
    await page.getByLabel('Forward what arrives to').fill('mary@home.example')
    await page.getByLabel('Keep a copy here').check()
    await accessible(page)
    await save()
    await tab('Working hours')
    await page.getByLabel('Friday').uncheck()
    await page.getByLabel('The day ends').fill('15:30')
    await picture(page, 'options-hours')
    await accessible(page)
    await save()
    await tab('Contact data')
    await page.getByLabel('Mobile phone').fill('+49 170 5550101')
    assert.equal(await page.getByLabel('Display name').count(), 0, 'the policy keeps names to administrators')
    await picture(page, 'options-profile')
    await accessible(page)
    await save()
    const settings = await site.mailboxes.settings(mary, mailbox)
    assert.partialDeepStrictEqual(settings, { webMail: { readingPane: 'below' }, messageConfiguration: { AutoAddSignature: true }, workingHours: { periods: [{ days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday'], start: 480, end: 930 }] } }) // prettier-ignore
    const [found] = await run(site, 'Get-Mailbox mary')
    assert.match(String(found?.ForwardingSmtpAddress), /mary@home\.example/)
    assert.equal((await run(site, 'Get-User mary'))[0]?.MobilePhone, '+49 170 5550101')
    await tab('Storage')
    await page.getByText(/From .* on you cannot send/).waitFor()
    await picture(page, 'options-storage')
    await accessible(page)

    await tab('Language and time')
    await page.getByLabel('Language', { exact: true }).selectOption('de-DE')
    await page.getByLabel('Name the default folders in this language').check()
    await page.getByLabel('Time zone').selectOption('W. Europe Standard Time')
    await save()
    await accessible(page)
    assert.notEqual(timeZone, 'W. Europe Standard Time')
    const { row } = await site.mailboxes.getFolder(mary, { mailbox, kind: 'inbox' })
    assert.equal(row.name, 'Posteingang')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Optionen' }).waitFor()
    await picture(page, 'options-german')
    assert.deepEqual(complaints, [])

    // A policy that takes a page away takes it from the page that is open at its next look.
    await run(site, "New-RoleAssignmentPolicy Phones -Roles MyContactInformation -Description 'Little'")
    await run(site, 'Set-Mailbox mary -RoleAssignmentPolicy Phones')
    await page.reload()
    await page.getByRole('tab', { name: 'Kontaktdaten' }).waitFor()
    await page.getByRole('tab', { name: 'Sicherheit und Sitzungen' }).waitFor()
    assert.equal(await page.getByRole('tab').count(), 2)
    assert.deepEqual(complaints, [])
  },
)

test(
  'the second factor is enrolled and used in the browser, and a session is ended in another one, whose page says so at once',
  { timeout: 120_000 },
  async () => {
    const other = await web.signIn('rob', '/owa/mail')
    await other.page.getByRole('treeitem', { name: /Inbox/ }).waitFor()
    const { page, complaints } = await web.signIn('rob', '/owa/options/account')
    page.setDefaultTimeout(15_000)
    await page.getByRole('link', { name: 'Manage second factors, app passwords and devices' }).click()
    await page.getByRole('heading', { level: 1, name: 'Security of your account' }).waitFor()
    await accessible(page)
    await page.getByRole('link', { name: 'Add an authenticator app' }).click()
    const secret = (await page.locator('#secret').textContent())!.replaceAll(' ', '')
    await picture(page, 'options-enrol')
    await page.getByLabel(/The code that the app shows/).fill(new TOTP({ secret }).generate())
    await page.keyboard.press('Enter')
    await page.getByText(/^Authenticator app:/).waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()

    await page.goto(`${site.url}/owa/options/account`)
    await page.getByLabel('User name').fill('rob@contoso.com')
    await page.getByLabel('Password').fill(testPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Show that it is you' }).waitFor()
    // A code is good once, also for who shows it before its time.
    await page
      .getByLabel(/code/i)
      .first()
      .fill(new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 }))
    await page.keyboard.press('Enter')
    await page.getByText(/this browser, with a second factor/).waitFor()
    await page
      .getByRole('list', { name: 'Second factors' })
      .getByText(/^Authenticator app: /)
      .waitFor()
    await picture(page, 'options-account')
    await accessible(page)
    const sessions = page.getByRole('list', { name: 'Browsers that are signed in' })
    await sessions.getByText(/^Chrome on Linux, .*this browser/).waitFor()
    assert.equal(await sessions.getByRole('listitem').count(), 2)
    await sessions.getByRole('button', { name: /End the session of/ }).click()
    await sessions.getByRole('button').waitFor({ state: 'detached' })
    // Its page hears of it with the next news at the latest.
    await newsFor('rob')
    await other.page.getByRole('alertdialog', { name: 'You are signed out' }).waitFor({ timeout: 10_000 })
    assert.deepEqual(complaints, [])

    const phone = await page.context().newPage()
    await phone.emulateMedia({ colorScheme: 'dark' })
    await phone.setViewportSize({ width: 390, height: 844 })
    await phone.goto(`${site.url}/owa/options/rules?dir=rtl`)
    await phone.getByRole('heading', { level: 1, name: 'Options' }).waitFor()
    await phone.getByRole('button', { name: 'New rule' }).click()
    await phone.getByLabel('Name of the rule').waitFor()
    assert.equal(await phone.evaluate('document.documentElement.dir'), 'rtl')
    await picture(phone, 'options-phone-dark-rtl')
    await accessible(phone)
  },
)
