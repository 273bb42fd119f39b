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
  assert.deepEqual(complaints, [])
})
