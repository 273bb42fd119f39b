import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CopyFolder, CreateFolder, CreateItem, DeleteFolder, EmptyFolder, FindFolder, GetFolder, MoveFolder, SyncFolderHierarchy, UpdateFolder,
  type BaseFolderId, type EwsFolder, type PermissionSet,
} from '#schema' // prettier-ignore
import { engines, quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string, EmailAddress?: string): BaseFolderId => ({
  is: 'DistinguishedFolderId',
  value: { Id, ...(EmailAddress ? { Mailbox: { EmailAddress } } : {}) },
})
const root = named('msgfolderroot')
const idOf = (folder: EwsFolder | undefined): BaseFolderId => ({ is: 'FolderId', value: folder?.properties.folderId as { Id: string } })

async function make(
  client: EwsClient,
  name: string,
  parent: BaseFolderId = root,
  element: EwsFolder['element'] = 'Folder',
): Promise<BaseFolderId> {
  const folder: EwsFolder = { element, properties: { folderDisplayName: name } }
  return idOf(only(await client.call(CreateFolder, { ParentFolderId: { Folder: parent }, Folders: [folder] })).Folders?.[0])
}
async function get(
  client: EwsClient,
  id: BaseFolderId,
  BaseShape: 'IdOnly' | 'Default' | 'AllProperties' = 'AllProperties',
): Promise<EwsFolder> {
  const [folder] = only(await client.call(GetFolder, { FolderShape: { BaseShape }, FolderIds: [id] })).Folders ?? []
  assert.ok(folder)
  return folder
}
async function names(client: EwsClient, parent: BaseFolderId, Traversal: 'Shallow' | 'Deep' = 'Shallow'): Promise<string[]> {
  const found = only(await client.call(FindFolder, { Traversal, FolderShape: { BaseShape: 'Default' }, ParentFolderIds: [parent] }))
  return (found.RootFolder?.Folders ?? []).map(({ properties }) => properties.folderDisplayName as string)
}

for (const engine of quickEngines) {
  test(`folders are made, found, renamed, moved, copied, emptied and deleted ([MS-OXWSSRCH] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const projects = await make(mary, 'Projects')
    const alpha = await make(mary, 'Alpha', projects)
    const plans = await make(mary, 'Plans', projects, 'CalendarFolder')
    assert.deepEqual((await names(mary, projects)).sort(), ['Alpha', 'Plans'])
    assert.equal((await get(mary, plans)).element, 'CalendarFolder')

    const path = { property: 'folderDisplayName' }
    const rename = (Id: BaseFolderId, value: string) =>
      mary.call(UpdateFolder, { FolderChanges: [{ Id, Updates: { changes: [{ op: 'set', path, value }] } }] })
    only(await rename(alpha, 'Beta'))
    assert.equal((await get(mary, alpha)).properties.folderDisplayName, 'Beta')
    assert.deepEqual(codes(await rename(alpha, 'Plans')), ['ErrorFolderExists'])

    const copied = only(await mary.call(CopyFolder, { ToFolderId: { Folder: root }, FolderIds: [alpha] })).Folders?.[0]
    assert.notDeepEqual(idOf(copied), alpha)
    only(await mary.call(MoveFolder, { ToFolderId: { Folder: idOf(copied) }, FolderIds: [plans] }))
    assert.deepEqual(await names(mary, projects), ['Beta'])
    assert.deepEqual(await names(mary, idOf(copied)), ['Plans'])
    assert.ok((await names(mary, root, 'Deep')).includes('Plans'))

    const item = { kind: 'message' as const, properties: { subject: 'x' } }
    await mary.call(CreateItem, { MessageDisposition: 'SaveOnly', SavedItemFolderId: { Folder: alpha }, Items: [item, item] })
    assert.equal((await get(mary, alpha)).properties.totalCount, 2)
    only(await mary.call(EmptyFolder, { FolderIds: [alpha], DeleteType: 'HardDelete', DeleteSubFolders: true }))
    assert.equal((await get(mary, alpha)).properties.totalCount, 0)

    only(await mary.call(DeleteFolder, { FolderIds: [projects], DeleteType: 'HardDelete' }))
    const gone = await mary.call(GetFolder, { FolderShape: { BaseShape: 'IdOnly' }, FolderIds: [projects, alpha] })
    assert.deepEqual(codes(gone), ['ErrorFolderNotFound', 'ErrorFolderNotFound'])
  })

  test(`the folder hierarchy is followed by sync states ([MS-OXWSSYNC] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const sync = async (SyncState?: string) =>
      only(
        await mary.call(SyncFolderHierarchy, { FolderShape: { BaseShape: 'Default' }, ...(SyncState === undefined ? {} : { SyncState }) }),
      )
    const first = await sync()
    assert.equal(first.IncludesLastFolderInRange, true)
    assert.ok((first.Changes ?? []).length > 10)
    assert.ok((first.Changes ?? []).every(({ is }) => is === 'Create'))
    const quiet = await sync(first.SyncState)
    assert.deepEqual(quiet.Changes, [])
    const made = await make(mary, 'News')
    const second = await sync(quiet.SyncState)
    assert.deepEqual(
      (second.Changes ?? []).map(({ is }) => is),
      ['Create'],
    )
    await mary.call(DeleteFolder, { FolderIds: [made], DeleteType: 'HardDelete' })
    const third = await sync(second.SyncState)
    assert.ok((third.Changes ?? []).some(({ is }) => is === 'Delete'))
    const wrong = await mary.call(SyncFolderHierarchy, { FolderShape: { BaseShape: 'IdOnly' }, SyncState: 'nonsense' })
    assert.deepEqual(codes(wrong), ['ErrorInvalidSyncStateData'])
  })

  test(`a grant opens a folder to others by its bare id, and no more than it says (interop 1.4, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const rob = ewsClient(site, 'rob')
    const shared = await make(mary, 'Shared')
    const look = { FolderShape: { BaseShape: 'AllProperties' as const }, FolderIds: [shared] }
    assert.deepEqual(codes(await rob.call(GetFolder, look)), ['ErrorFolderNotFound'])
    const permissionSet: PermissionSet = {
      permissions: [
        { UserId: { DistinguishedUser: 'Default' }, level: 'None' },
        { UserId: { PrimarySmtpAddress: 'rob@contoso.com' }, level: 'Reviewer' },
      ],
    }
    const path = { property: 'permissionSet' }
    only(
      await mary.call(UpdateFolder, { FolderChanges: [{ Id: shared, Updates: { changes: [{ op: 'set', path, value: permissionSet }] } }] }),
    )
    const seen = await get(rob, shared)
    assert.deepEqual((seen.properties.folderEffectiveRights as { read: boolean; modify: boolean }).read, true)
    assert.deepEqual((seen.properties.folderEffectiveRights as { read: boolean; modify: boolean }).modify, false)
    const item = { kind: 'message' as const, properties: { subject: 'x' } }
    const into = { MessageDisposition: 'SaveOnly' as const, SavedItemFolderId: { Folder: shared }, Items: [item] }
    assert.deepEqual(codes(await rob.call(CreateItem, into)), ['ErrorCreateItemAccessDenied'])
    const asked = { BaseShape: 'IdOnly' as const, AdditionalProperties: { paths: [path] } }
    const [folder] = only(await mary.call(GetFolder, { FolderShape: asked, FolderIds: [shared] })).Folders ?? []
    const set = folder?.properties.permissionSet as PermissionSet
    assert.deepEqual(set.permissions.find(({ UserId }) => UserId.PrimarySmtpAddress === 'rob@contoso.com')?.level, 'Reviewer')
  })
}

test('what cannot be done with folders is refused by its own code', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const create = (folder: EwsFolder) => mary.call(CreateFolder, { ParentFolderId: { Folder: root }, Folders: [folder] })
  assert.deepEqual(codes(await create({ element: 'Folder', properties: { folderDisplayName: 'inbox' } })), ['ErrorFolderExists'])
  assert.deepEqual(codes(await create({ element: 'Folder', properties: {} })), ['ErrorRequiredPropertyMissing'])
  assert.deepEqual(codes(await create({ element: 'Folder', properties: { folderDisplayName: 'x', totalCount: 4 } })), [
    'ErrorInvalidPropertySet',
  ])
  const withClass: EwsFolder = { element: 'CalendarFolder', properties: { folderDisplayName: 'x', folderClass: 'IPF.Note' } }
  assert.deepEqual(codes(await create(withClass)), ['ErrorNoFolderClassOverride'])
  assert.deepEqual(codes(await mary.call(DeleteFolder, { FolderIds: [named('inbox')], DeleteType: 'HardDelete' })), [
    'ErrorDeleteDistinguishedFolder',
  ])
  assert.deepEqual(codes(await mary.call(MoveFolder, { ToFolderId: { Folder: root }, FolderIds: [named('inbox')] })), [
    'ErrorMoveDistinguishedFolder',
  ])
  const find = (View: Parameters<typeof FindFolder.request.write>[1]['View']) =>
    mary.call(FindFolder, {
      Traversal: 'Shallow',
      FolderShape: { BaseShape: 'IdOnly' },
      ParentFolderIds: [root],
      ...(View ? { View } : {}),
    })
  const indexed = (Offset: number, MaxEntriesReturned: number) =>
    find({ is: 'IndexedPageFolderView', value: { Offset, MaxEntriesReturned, BasePoint: 'Beginning' } })
  assert.deepEqual(codes(await indexed(-1, 5)), ['ErrorInvalidIndexedPagingParameters'])
  assert.deepEqual(codes(await indexed(0, 0)), ['ErrorInvalidPagingMaxRows'])
  const fraction = { is: 'FractionalPageFolderView' as const, value: { Numerator: 2, Denominator: 1 } }
  assert.deepEqual(codes(await find(fraction)), ['ErrorInvalidFractionalPagingParameters'])
  const page = only(await indexed(1, 2))
  assert.equal(page.RootFolder?.Folders?.length, 2)
  assert.equal(page.RootFolder?.IndexedPagingOffset, 3)
  assert.equal(page.RootFolder?.IncludesLastItemInRange, false)
})

test('IdOnly shows ids alone; MAPI tags of folders are answered as they were asked (interop 1.3, 1.8, 3.5)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  assert.deepEqual(Object.keys((await get(mary, named('inbox'), 'IdOnly')).properties), ['folderId'])
  const ask = (PropertyTag: string, PropertyType: string) =>
    `<t:ExtendedFieldURI PropertyTag="${PropertyTag}" PropertyType="${PropertyType}"/>`
  const wanted =
    ask('0x3613', 'String') + ask('13825', 'Integer') + ask('0x360a', 'Boolean') + ask('0x10f4', 'Boolean') + ask('0x670a', 'SystemTime')
  const { answer } = await mary.post(
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${wanted}</t:AdditionalProperties></m:FolderShape>` +
      '<m:FolderIds><t:DistinguishedFolderId Id="contacts"/></m:FolderIds></m:GetFolder>',
  )
  assert.match(answer.body, /PropertyTag="0x3613" PropertyType="String"\/><t:Value>IPF\.Contact<\/t:Value>/)
  assert.match(answer.body, /PropertyTag="13825" PropertyType="Integer"\/><t:Value>1<\/t:Value>/)
  assert.match(answer.body, /PropertyTag="0x670a" PropertyType="SystemTime"\/><t:Value>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/t:Value>/)
})
