import assert from 'node:assert/strict'
import test from 'node:test'
import { administrator, copiedText, startAdministration } from './administrator.ts'
import { accessible, picture } from './client.ts'

const newPassword = 'Zanzibar!2026-Lagoon'

test('admin: a mailbox made in the form is opened by EWS; what is shown as command is what was run', { timeout: 180_000 }, async () => {
  await using web = await startAdministration()
  const { site } = web
  const { page, complaints } = await administrator(web)
  await page.getByRole('heading', { level: 1, name: 'Mailboxes' }).waitFor()
  await page.getByRole('button', { name: 'Mary Jensen' }).waitFor()
  await picture(page, 'admin-mailboxes')
  await accessible(page)

  // A new mailbox, by the form of New-Mailbox.
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Zoe Quist')
  await page.getByLabel('Alias', { exact: true }).fill('zoe')
  await page.getByLabel('UserPrincipalName').fill('zoe@contoso.com')
  await page.getByLabel('Password', { exact: true }).fill(newPassword)
  await picture(page, 'admin-new-mailbox')
  await accessible(page)
  await page.getByRole('button', { name: 'Preview (-WhatIf)' }).click()
  await page.getByText("What if: New-Mailbox on 'Zoe Quist'.").waitFor()
  assert.equal(await site.directory.find('zoe@contoso.com', site.organisation.id), undefined, 'a preview makes nothing')
  await page.getByRole('dialog').getByRole('button', { name: 'Copy as command' }).click()
  const copied = await copiedText(page)
  assert.equal(
    copied,
    "New-Mailbox -Name 'Zoe Quist' -Alias zoe -UserPrincipalName zoe@contoso.com -Password (Read-Host 'Password' -AsSecureString)",
  )
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Zoe Quist' }).waitFor()

  // Whoever has the password opens it by EWS.
  const folder =
    '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
  const answer = await site.ews(folder, { user: 'zoe', password: newPassword })
  assert.match(answer.body, /<m:ResponseCode>NoError<\/m:ResponseCode>/)

  // A property of two mailboxes at once, with a result for each.
  await page.getByRole('checkbox', { name: /^Choose .*mary/i }).click()
  await page.getByRole('checkbox', { name: /^Choose .*zoe/i }).click()
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('CustomAttribute1', { exact: true }).fill('Harbour')
  const command = (await page.getByRole('dialog').getByRole('region', { name: 'Command that this runs' }).textContent()) ?? ''
  // What runs can be stopped between two of them as well; how long it runs is not read out every second.
  const form = page.getByRole('dialog')
  let asked = 0
  await page.route('**/followCmdlet', (route) => (++asked === 1 ? route.continue() : undefined))
  await form.getByRole('button', { name: 'Preview' }).click()
  await form.getByText('1 of 2 done').waitFor()
  await form.getByText(/running for \d+ s/).waitFor()
  assert.equal(
    await form
      .getByRole('status')
      .getByText(/running for/)
      .count(),
    0,
  )
  await form.getByRole('button', { name: 'Stop' }).click()
  await form
    .getByRole('status')
    .getByText(/Stopped\. What was done before stays done\./)
    .waitFor()
  assert.equal(await form.getByRole('button', { name: 'Stop' }).count(), 0)
  await page.unroute('**/followCmdlet')
  // An answer that ends too early says so.
  await page.route('**/followCmdlet', (route) => route.fulfill({ body: '' }))
  await form.getByRole('button', { name: 'Preview' }).click()
  await form
    .getByText(/The answer of the server broke off\./)
    .nth(1)
    .waitFor()
  await page.unroute('**/followCmdlet')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('2 of 2 done').waitFor()
  await picture(page, 'admin-bulk')
  await accessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  // The audit log has what was shown as command; the shell of the browser, too.
  await page.getByRole('link', { name: 'Administrator audit log' }).click()
  await page
    .getByRole('button', { name: /Set-Mailbox|Bertha|boss/ })
    .first()
    .waitFor()
  await picture(page, 'admin-audit')
  await accessible(page)
  await page.getByRole('link', { name: 'Shell' }).click()
  const line = page.getByRole('textbox', { name: 'Line of the shell' })
  const output = page.getByRole('log')
  const type = async (text: string) => {
    await line.fill(text)
    await line.press('Enter')
  }
  await type('Get-Mailbox | Select Name')
  await output.getByText(/Name\s+----[\s\S]*Zoe Quist/).waitFor()
  for (const each of command.split('\n')) await type(each.replace('Harbour', 'Quay'))
  await type('Get-Mailbox -Filter "CustomAttribute1 -eq \'Quay\'" | Format-List Name, CustomAttribute1')
  await output.getByText(/Zoe Quist\s+CustomAttribute1 : Quay/).waitFor()
  await line.pressSequentially('Get-MailboxStat')
  await line.press('Tab')
  await line.pressSequentially(' zoe')
  await line.press('Enter')
  await output.getByText(/PS> Get-MailboxStatistics zoe/).waitFor()
  await picture(page, 'admin-shell')
  await accessible(page)
  assert.deepEqual(complaints, [])
})

test(
  'admin: a cmdlet that changes rights asks to show the factors again, in a window beside, and then goes on',
  { timeout: 180_000 },
  async () => {
    const clock = { ahead: 0 }
    await using web = await startAdministration({ outside: { clock: () => Date.now() + clock.ahead } })
    const { page, complaints, show } = await administrator(web, '/ecp/role-groups', { colorScheme: 'dark' })
    await page.getByRole('button', { name: 'View-Only Organization Management' }).waitFor()
    await picture(page, 'admin-role-groups-dark')
    await accessible(page)
    // Twenty minutes later the sign-in is too long ago.
    clock.ahead = 20 * 60_000
    await page.getByRole('checkbox', { name: 'Choose View-Only Organization Management' }).click()
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: /Add-RoleGroupMember/ }).click()
    await page.getByRole('textbox', { name: 'Member', exact: true }).fill('rob')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Show again that it is you' }).waitFor()
    await picture(page, 'admin-step-up-dark')
    const [beside] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Sign in' }).click()])
    await show(beside, clock.ahead)
    await page.getByRole('heading', { name: 'Show again that it is you' }).waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'hidden' })
    const members = await Array.fromAsync(web.site.admin.invoke({ ...(await web.site.caller('boss')), kind: 'system' }, 'Get-RoleGroupMember', { Identity: 'View-Only Organization Management' })) // prettier-ignore
    assert.deepEqual(members.map((one) => (one as { Name: string }).Name), ['Rob Young']) // prettier-ignore
    // The refusal is an answer with status 401, which the browser notes.
    assert.deepEqual(complaints.filter((one) => !one.includes('401')), []) // prettier-ignore
  },
)

test('admin: on a phone and from right to left', { timeout: 120_000 }, async () => {
  await using web = await startAdministration()
  const { page, complaints } = await administrator(web, '/ecp/', { viewport: { width: 390, height: 844 } })
  await page.getByRole('button', { name: 'Mary Jensen' }).click()
  await page.getByText('mary@contoso.com').first().waitFor()
  await picture(page, 'admin-detail-phone')
  await accessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('combobox', { name: 'Pages of the administration' }).selectOption({ label: 'Services' })
  await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor()
  await picture(page, 'admin-services-phone')
  await accessible(page)
  await page.goto(`${web.site.url}/ecp/mailboxes?dir=rtl`)
  await page.getByRole('button', { name: 'Mary Jensen' }).waitFor()
  await picture(page, 'admin-phone-rtl')
  await accessible(page)
  assert.deepEqual(complaints, [])
})
