/** How each operation answers: the header, the response element, one message a thing asked, its class and code. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, readXml, type XmlElement } from '#wire'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, person, setXml, text, type Id, type Person } from './person.ts'

const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const toRob = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
const noItem = '<t:ItemId Id="AAA="/>'
const noFolder = '<t:FolderId Id="AAA="/>'
const drafts = '<t:DistinguishedFolderId Id="drafts"/>'
const folder = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const subjects = async (who: Person, where: string | Id) =>
  (await who.find(where, { shape: 'Default' })).map((item) => text(item, 'Subject'))
const folders = async (who: Person, parent: string | Id) => {
  const found = await who.done(
    `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml(parent)}</m:ParentFolderIds></m:FindFolder>`,
  )
  return all(found, 'RootFolder/Folders/Folder/DisplayName').map((name) => name.children.join(''))
}

interface Asked {
  /** An operation with `IDS` where the ids stand. */
  xml: string
  good: string
  bad: string
  code?: string
}

/** Asks twice, well and badly; holds both answers to the form and gives the message of the good one. */
async function answered(site: Parameters<typeof ewsClient>[0], operation: string, asked: Asked): Promise<XmlElement> {
  const { xml, good, bad, code = 'ErrorInvalidIdMalformed' } = asked
  const client = ewsClient(site)
  const ask = async (ids: string, as: string, wanted: string): Promise<XmlElement> => {
    const { answer, body } = await client.post(xml.replace('IDS', ids))
    assert.equal(answer.status, 200)
    const envelope = readXml(answer.body)
    assert.equal(envelope.namespace, 'http://schemas.xmlsoap.org/soap/envelope/')
    const [version, ...others] = elementsOf(at(envelope, 'Header') as XmlElement)
    assert.equal(version?.name, 'ServerVersionInfo')
    assert.ok(Number(version.attributes['MajorVersion']) >= 15)
    assert.deepEqual(others, [])
    assert.equal(body.name, `${operation}Response`)
    const [only, ...more] = elementsOf(at(body, 'ResponseMessages') as XmlElement)
    assert.equal(only?.name, `${operation}ResponseMessage`)
    assert.deepEqual(more, [])
    assert.deepEqual([only.attributes['ResponseClass'], text(only, 'ResponseCode')], [as, wanted])
    return only
  }
  await ask(bad, 'Error', code)
  return ask(good, 'Success', 'NoError')
}

test('CopyItem: MS-OXWSCORE_R220 _R240 _R241 _R244 _R247 MS-OXWSMSG_R169 _R170 _R170001 _R170002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = itemXml(await mary.create(message('copied'), { folder: 'inbox' }))
  const xml = `<m:CopyItem><m:ToFolderId>${drafts}</m:ToFolderId><m:ItemIds>IDS</m:ItemIds></m:CopyItem>`
  await answered(site, 'CopyItem', { xml, good, bad: noItem })
  assert.deepEqual([await subjects(mary, 'inbox'), await subjects(mary, 'drafts')], [['copied'], ['copied']])
})

test('CreateItem: MS-OXWSCORE_R216 _R258 _R279 _R280 _R283 _R286 _R2169 _R2170 _R2171 _R2172 MS-OXWSMSG_R112 _R113 _R113001 _R113002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const [xml, bad] = [mary.createXml('IDS', { folder: 'drafts' }), message('bad', '<t:Size>3</t:Size>')]
  await answered(site, 'CreateItem', { xml, good: message('made'), bad, code: 'ErrorInvalidPropertySet' })
  assert.deepEqual(await subjects(mary, 'drafts'), ['made'])
})

test('DeleteItem: MS-OXWSCORE_R217 _R322 _R323 _R326 _R329 MS-OXWSMSG_R153 _R154 _R154001 _R154002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = itemXml(await mary.create(message('gone'), { folder: 'inbox' }))
  const xml = '<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>IDS</m:ItemIds></m:DeleteItem>'
  await answered(site, 'DeleteItem', { xml, good, bad: noItem })
  assert.deepEqual(await subjects(mary, 'inbox'), [])
})

test('GetItem: MS-OXWSCORE_R215 _R346 _R367 _R368 _R371 _R374 MS-OXWSMSG_R134 _R135 _R135001 _R135002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = itemXml(await mary.create(message('read'), { folder: 'inbox' }))
  const got = await answered(site, 'GetItem', { xml: mary.getXml('IDS'), good, bad: noItem })
  assert.equal(text(got, 'Items/Message/Subject'), 'read')
})

test('MoveItem: MS-OXWSCORE_R219 _R406 _R407 _R410 _R413 MS-OXWSMSG_R162 _R163 _R163001 _R163002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = itemXml(await mary.create(message('moved'), { folder: 'inbox' }))
  const xml = `<m:MoveItem><m:ToFolderId>${drafts}</m:ToFolderId><m:ItemIds>IDS</m:ItemIds></m:MoveItem>`
  await answered(site, 'MoveItem', { xml, good, bad: noItem })
  assert.deepEqual([await subjects(mary, 'inbox'), await subjects(mary, 'drafts')], [[], ['moved']])
})

test('SendItem: MS-OXWSCORE_R1788 _R443 _R444 _R447 _R450 MS-OXWSMSG_R178 _R179', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = itemXml(await mary.create(message('sent', toRob), { folder: 'drafts' }))
  const xml = '<m:SendItem SaveItemToFolder="true"><m:ItemIds>IDS</m:ItemIds></m:SendItem>'
  await answered(site, 'SendItem', { xml, good, bad: noItem })
  assert.deepEqual([await subjects(mary, 'drafts'), await subjects(mary, 'sentitems')], [[], ['sent']])
})

test('UpdateItem: MS-OXWSCORE_R218 _R487 _R488 _R491 _R494 MS-OXWSMSG_R144 _R145 _R145001 _R145002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message('old'), { folder: 'inbox' })
  const xml = mary.updateXml(id, setXml('item:Subject', message('new'))).replace(itemXml(id), 'IDS')
  await answered(site, 'UpdateItem', { xml, good: itemXml(id), bad: noItem })
  assert.deepEqual(await subjects(mary, 'inbox'), ['new'])
})

test('MarkAllItemsAsRead: MS-OXWSCORE_R1190 _R1191 _R1195 _R1200', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message('new', '<t:IsRead>false</t:IsRead>'), { folder: 'inbox' })
  const xml =
    '<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>IDS</m:FolderIds></m:MarkAllItemsAsRead>'
  await answered(site, 'MarkAllItemsAsRead', { xml, good: folderXml('inbox'), bad: noFolder })
  assert.equal(text(await mary.get(id), 'IsRead'), 'true')
})

const attachments = '<t:FileAttachment><t:Name>a.txt</t:Name><t:Content>YQ==</t:Content></t:FileAttachment>'
const parentXml = ({ Id, ChangeKey }: Id) => `<m:ParentItemId Id="${Id}" ChangeKey="${ChangeKey}"/>`
const attachXml = (parent: string) => `<m:CreateAttachment>${parent}<m:Attachments>${attachments}</m:Attachments></m:CreateAttachment>`
const attachmentXml = ({ Id }: Id) => `<t:AttachmentId Id="${Id}"/>`
const noAttachment = '<t:AttachmentId Id="AAA="/>'

test('CreateAttachment and GetAttachment: MS-OXWSATT_R144 _R145 _R145001 _R145002 _R372 _R537 _R542 _R543 _R545 _R553 _R259 _R260 _R395 _R396 _R473 _R474 _R474001 _R474002 _R514 _R517 _R519', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await mary.create(message('holder'), { folder: 'drafts' })
  const bad = '<m:ParentItemId Id="AAA="/>'
  const made = await answered(site, 'CreateAttachment', { xml: attachXml('IDS'), good: parentXml(parent), bad })
  const id = idOf(at(made, 'Attachments/FileAttachment'), 'AttachmentId')
  const xml = '<m:GetAttachment><m:AttachmentIds>IDS</m:AttachmentIds></m:GetAttachment>'
  const got = await answered(site, 'GetAttachment', { xml, good: attachmentXml(id), bad: noAttachment })
  assert.equal(text(got, 'Attachments/FileAttachment/Content'), 'YQ==')
})

test('DeleteAttachment: MS-OXWSATT_R203 _R204 _R207 _R382 _R383 _R464 _R465 _R465001 _R465002 _R482 _R507 _R509 _R510 _R510001 _R556', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await mary.create(message('holder'), { folder: 'drafts' })
  const made = await mary.done(attachXml(parentXml(parent)))
  const good = attachmentXml(idOf(at(made, 'Attachments/FileAttachment'), 'AttachmentId'))
  const xml = '<m:DeleteAttachment><m:AttachmentIds>IDS</m:AttachmentIds></m:DeleteAttachment>'
  const gone = await answered(site, 'DeleteAttachment', { xml, good, bad: noAttachment })
  const { RootItemId = '', RootItemChangeKey = '' } = at(gone, 'RootItemId')?.attributes ?? {}
  assert.equal(RootItemId, parent.Id)
  for (const key of [RootItemId, RootItemChangeKey]) assert.ok(key && Buffer.from(key, 'base64').length <= 512)
  assert.equal(text(await mary.get(parent), 'HasAttachments'), 'false')
})

test('CreateFolder and GetFolder: MS-OXWSFOLD_R2202 _R22202 _R22203 _R235 _R2351 _R236 _R237 _R560 _R3864 _R38644 _R404 _R4041 _R405 _R406 _R575', async () => {
  await using site = await startTestSite()
  const xml = `<m:CreateFolder><m:ParentFolderId>IDS</m:ParentFolderId><m:Folders>${folder('made')}</m:Folders></m:CreateFolder>`
  const made = await answered(site, 'CreateFolder', { xml, good: folderXml('inbox'), bad: noFolder })
  const good = folderXml(idOf(at(made, 'Folders/Folder'), 'FolderId'))
  const getXml =
    '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>IDS</m:FolderIds></m:GetFolder>'
  const got = await answered(site, 'GetFolder', { xml: getXml, good, bad: noFolder })
  assert.equal(text(got, 'Folders/Folder/DisplayName'), 'made')
})

test('CopyFolder and MoveFolder: MS-OXWSFOLD_R1852 _R185222 _R185223 _R197 _R1971 _R198 _R199 _R211 _R4314 _R43144 _R4315 _R447 _R4471 _R448 _R449 _R461', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const good = folderXml(await mary.makeFolder(folder('there'), 'inbox'))
  const xml = (verb: string, to: string) =>
    `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>IDS</m:FolderIds></m:${verb}>`
  await answered(site, 'CopyFolder', { xml: xml('CopyFolder', 'drafts'), good, bad: noFolder })
  assert.deepEqual([await folders(mary, 'inbox'), await folders(mary, 'drafts')], [['there'], ['there']])
  await answered(site, 'MoveFolder', { xml: xml('MoveFolder', 'sentitems'), good, bad: noFolder })
  assert.deepEqual([await folders(mary, 'inbox'), await folders(mary, 'sentitems')], [[], ['there']])
})

test('UpdateFolder, EmptyFolder and DeleteFolder: MS-OXWSFOLD_R482 _R4821 _R483 _R484 _R582 _R534 _R3474 _R34744 _R34745 _R363 _R3631 _R364 _R365 _R367 _R571 _R3104 _R31044 _R31045 _R325 _R3251 _R326 _R327 _R341 _R568', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.makeFolder(folder('old'), 'inbox')
  const good = folderXml(id)
  const change = mary.updateFolderXml(id, setXml('folder:DisplayName', folder('new'))).replace(good, 'IDS')
  await answered(site, 'UpdateFolder', { xml: change, good, bad: noFolder })
  assert.deepEqual(await folders(mary, 'inbox'), ['new'])
  await mary.create(message('in it'), { folder: good })
  const ids = '<m:FolderIds>IDS</m:FolderIds>'
  const empty = `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="false">${ids}</m:EmptyFolder>`
  await answered(site, 'EmptyFolder', { xml: empty, good, bad: noFolder })
  assert.deepEqual(await subjects(mary, id), [])
  await answered(site, 'DeleteFolder', { xml: `<m:DeleteFolder DeleteType="HardDelete">${ids}</m:DeleteFolder>`, good, bad: noFolder })
  assert.deepEqual(await folders(mary, 'inbox'), [])
})

test('SyncFolderHierarchy and SyncFolderItems: MS-OXWSSYNC_R306 _R307 _R308 _R309 _R2601 _R2602 _R2631 _R238 _R438 _R440 _R51 _R3831 _R3861 _R3862 _R39223 _R39224', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const bad = '<m:SyncState>AAA=</m:SyncState>'
  const code = 'ErrorInvalidSyncStateData'
  const shape = '<t:BaseShape>IdOnly</t:BaseShape>'
  const state = (message: XmlElement) => `<m:SyncState>${text(message, 'SyncState')}</m:SyncState>`
  for (const root of ['', `<m:SyncFolderId>${folderXml('msgfolderroot')}</m:SyncFolderId>`]) {
    const xml = `<m:SyncFolderHierarchy><m:FolderShape>${shape}</m:FolderShape>${root}IDS</m:SyncFolderHierarchy>`
    const first = await answered(site, 'SyncFolderHierarchy', { xml, good: '', bad, code })
    const second = await answered(site, 'SyncFolderHierarchy', { xml, good: state(first), bad, code })
    assert.ok(elementsOf(at(first, 'Changes') as XmlElement).length > 0)
    assert.equal(elementsOf(at(second, 'Changes') as XmlElement).length, 0)
  }
  const ids = [await mary.create(message('one'), { folder: 'inbox' }), await mary.create(message('two'), { folder: 'inbox' })]
  const ignored = `<m:Ignore>${itemXml(ids[0] as Id)}</m:Ignore>`
  for (const scope of ['', '<m:SyncScope>NormalItems</m:SyncScope>']) {
    for (const ignore of ['', ignored]) {
      const xml = `<m:SyncFolderItems><m:ItemShape>${shape}</m:ItemShape><m:SyncFolderId>${folderXml('inbox')}</m:SyncFolderId>IDS${ignore}<m:MaxChangesReturned>10</m:MaxChangesReturned>${scope}</m:SyncFolderItems>`
      const first = await answered(site, 'SyncFolderItems', { xml, good: '', bad, code })
      assert.equal(all(first, 'Changes/Create').length, ignore ? 1 : 2)
      const second = await answered(site, 'SyncFolderItems', { xml, good: state(first), bad, code })
      assert.equal(all(second, 'Changes/Create').length, 0)
    }
  }
})
