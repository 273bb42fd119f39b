import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { idOf, itemXml, person, text } from './person.ts'

test('answers are called as the schema calls them: MS-OXWSBTRF_R63 _R114', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: 'inbox' })
  const exported = await mary.whole(`<m:ExportItems><m:ItemIds>${itemXml(made)}</m:ItemIds></m:ExportItems>`)
  assert.equal(exported.name, 'ExportItemsResponse')
  const data = text(exported, 'ResponseMessages/ExportItemsResponseMessage/Data') ?? ''
  const { Id } = idOf(await mary.getFolder('notes'), 'FolderId')
  const item = `<t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${Id}"/><t:Data>${data}</t:Data></t:Item>`
  const uploaded = await mary.whole(`<m:UploadItems><m:Items>${item}</m:Items></m:UploadItems>`)
  assert.equal(uploaded.name, 'UploadItemsResponse')
  assert.equal(text(uploaded, 'ResponseMessages/UploadItemsResponseMessage/ResponseCode'), 'NoError')
})

test('a role that the caller wants to act in: MS-OXWSBTRF_R3838 _R2113', async () => {
  await using site = await startTestSite()
  const admin = person(site, 'administrator')
  // A role asks for more than a password: for a program's.
  const { password } = await site.signIn.appPasswords.create(site.people['administrator']!, 'a program')
  const made = await admin.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: 'inbox' })
  const { Id } = idOf(await admin.getFolder('notes'), 'FolderId')
  const exportXml = `<m:ExportItems><m:ItemIds>${itemXml(made)}</m:ItemIds></m:ExportItems>`
  const data = text(await admin.done(exportXml), 'Data') ?? ''
  const uploadXml = `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${Id}"/><t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`
  const role = (name: string) =>
    `<t:ManagementRole xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><t:UserRoles><t:Role>${name}</t:Role></t:UserRoles></t:ManagementRole>`
  for (const operation of [exportXml, uploadXml]) {
    const refused = await site.ews(operation, { user: 'administrator', soapHeaders: role('NobodysRole') })
    assert.match(refused.body, /ErrorInvalidManagementRoleHeader/)
    const held = await site.ews(operation, { user: 'administrator', password, soapHeaders: role('ApplicationImpersonation') })
    assert.match(held.body, /<m:ResponseCode>NoError</, held.body)
  }
  assert.equal((await admin.find('notes')).length, 1, 'what was refused was not done')
})
