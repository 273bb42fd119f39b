import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateItem, FindItem, GetItem, type BaseFolderId, type EwsItem, type ItemShape } from '#schema'
import { engines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

type Id = { Id: string; ChangeKey: string }
const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })

async function made(
  client: EwsClient,
  item: EwsItem,
  folder: string,
  ItemShape: ItemShape = { BaseShape: 'AllProperties' },
): Promise<EwsItem> {
  const SavedItemFolderId = { Folder: named(folder) }
  const create = {
    MessageDisposition: 'SaveOnly' as const,
    SendMeetingInvitations: 'SendToNone' as const,
    SavedItemFolderId,
    Items: [item],
  }
  const value = only(await client.call(CreateItem, create)).Items[0]?.properties.itemId as Id
  const [read] = only(await client.call(GetItem, { ItemShape, ItemIds: [{ is: 'ItemId', value }] })).Items
  assert.ok(read)
  return read
}

test('AllProperties has what clients count on, even where it is empty (interop 1.9)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const long = 'word '.repeat(200)
  const item = await made(
    mary,
    { kind: 'message', properties: { subject: 'all', body: { type: 'HTML', value: `<p>${long}</p>` } } },
    'inbox',
  )
  const { properties } = item
  for (const name of [
    'displayTo',
    'displayCc',
    'isSubmitted',
    'isDraft',
    'isFromMe',
    'isResend',
    'culture',
    'instanceKey',
    'parentFolderId',
  ]) {
    assert.notEqual(properties[name], undefined, name)
  }
  for (const name of ['textBody', 'normalizedBody', 'uniqueBody', 'mimeContentUTF8']) assert.equal(properties[name], undefined, name)
  assert.ok((properties.preview as string).length <= 256)
  assert.equal((properties.body as { type: string }).type, 'HTML')
  const rights = properties.effectiveRights as Record<string, boolean>
  assert.deepEqual(
    [rights.createContents, rights.createHierarchy, rights.read, rights.delete, rights.modify],
    [false, false, true, true, true],
  )
})

test('bodies in other forms and MIME in UTF-8 come when they are named (interop 1.9)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const paths = ['textBody', 'normalizedBody', 'uniqueBody', 'mimeContentUTF8'].map((property) => ({ property }))
  const shape: ItemShape = { BaseShape: 'IdOnly', AdditionalProperties: { paths } }
  const body = { type: 'HTML' as const, value: '<p>one <b>two</b></p><script>alert(1)</script>' }
  const { properties } = await made(mary, { kind: 'message', properties: { subject: 'forms', body } }, 'inbox', shape)
  assert.deepEqual(properties.textBody, { type: 'Text', value: 'one two' })
  assert.equal((properties.normalizedBody as { type: string }).type, 'HTML')
  assert.ok(properties.uniqueBody)
  assert.match(Buffer.from((properties.mimeContentUTF8 as { content: string }).content, 'base64').toString(), /^Subject: forms\r$/m)
  const all = { BaseShape: 'AllProperties' as const }
  const filtered = await made(mary, { kind: 'message', properties: { subject: 'x', body } }, 'inbox', { ...all, FilterHtmlContent: true })
  assert.doesNotMatch((filtered.properties.body as { value: string }).value, /script/)
  const cut = await made(mary, { kind: 'message', properties: { subject: 'x', body } }, 'inbox', { ...all, MaximumBodySize: 4 })
  assert.deepEqual(cut.properties.body, { type: 'HTML', value: '<p>o', truncated: true })
})

test('every kind of item has MIME (interop 1.9)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const shape: ItemShape = { BaseShape: 'IdOnly', IncludeMimeContent: true }
  const member = { mailbox: { name: 'Rob', address: 'rob@contoso.com', routingType: 'SMTP', mailboxType: 'OneOff' as const } }
  const items: [EwsItem, string][] = [
    [{ kind: 'contact', properties: { displayName: 'Ada', givenName: 'Ada' } }, 'contacts'],
    [{ kind: 'list', properties: { displayName: 'Team', members: [member] } }, 'contacts'],
    [{ kind: 'task', properties: { subject: 'Do' } }, 'tasks'],
    [{ kind: 'post', properties: { subject: 'Note' } }, 'inbox'],
  ]
  for (const [item, folder] of items) assert.ok((await made(mary, item, folder, shape)).mime?.content, item.kind)
})

test('headers are given one by one or all, and every property of exchangelib and unknown ones may be named (interop 3)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const mime = Buffer.from(
    'From: a@example.org\r\nTo: mary@contoso.com\r\nX-Lab: yes\r\nSubject: raw\r\nDate: Mon, 4 Mar 2030 08:00:00 +0000\r\n\r\nhi\r\n',
  )
  const message: EwsItem = { kind: 'message', properties: {}, mime: { content: mime.toString('base64') } }
  const one: ItemShape = { BaseShape: 'IdOnly', AdditionalProperties: { paths: [{ property: 'internetMessageHeaders', key: 'X-LAB' }] } }
  assert.deepEqual((await made(mary, message, 'inbox', one)).properties.internetMessageHeaders, [{ name: 'X-Lab', value: 'yes' }])
  const all: ItemShape = { BaseShape: 'IdOnly', AdditionalProperties: { paths: [{ property: 'internetMessageHeaders' }] } }
  assert.equal(((await made(mary, message, 'inbox', all)).properties.internetMessageHeaders as unknown[]).length, 5)
  const plain = await made(mary, message, 'inbox', { BaseShape: 'IdOnly', IncludeMimeContent: true })
  assert.ok(Buffer.from(plain.mime?.content ?? '', 'base64').equals(mime))
})

test('a role in the header is used by those alone who have it ([MS-OXWSCORE] 2.2.3.2)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const get =
    '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds></m:FindItem>'
  const role = (name: string): string => `<t:ManagementRole><t:UserRoles><t:Role>${name}</t:Role></t:UserRoles></t:ManagementRole>`
  const refused = await site.ews(get, { soapHeaders: role('LegalHold') })
  assert.match(refused.body, /ErrorInvalidManagementRoleHeader/)
  const { password } = await site.signIn.appPasswords.create(site.people['administrator']!, 'a program')
  const asRobot = { user: 'administrator', soapHeaders: role('ApplicationImpersonation') }
  assert.match((await site.ews(get, asRobot)).body, /ErrorInvalidManagementRoleHeader/, 'a password alone')
  assert.match((await site.ews(get, { ...asRobot, password })).body, /NoError/)
})

test('the calendar view stands alone ([MS-OXWSSRCH] 3.1.4.2)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const View = { is: 'CalendarView' as const, value: { StartDate: 0, EndDate: 1000 } }
  const request = { Traversal: 'Shallow' as const, ItemShape: { BaseShape: 'IdOnly' as const }, View }
  const SortOrder = [{ path: { property: 'subject' }, descending: false }]
  assert.deepEqual(codes(await mary.call(FindItem, { ...request, SortOrder, ParentFolderIds: [named('calendar')] })), [
    'ErrorInvalidRequest',
  ])
  assert.deepEqual(codes(await mary.call(FindItem, { ...request, ParentFolderIds: [named('inbox')] })), [
    'ErrorCalendarFolderIsInvalidForCalendarView',
  ])
})
