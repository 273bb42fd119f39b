import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionLevels } from '#model'
import {
  ArchiveItem, CreateFolderPath, CreateItem, CreateManagedFolder, DisableApp, FindFolder, GetAppManifests, GetAppMarketplaceUrl, GetClientAccessToken,
  GetPasswordExpirationDate, GetUserRetentionPolicyTags, ResolveNames, UninstallApp, type BaseFolderId, type BaseItemId, type EwsItem,
} from '#schema' // prettier-ignore
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const marys = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id, Mailbox: { EmailAddress: 'mary@contoso.com' } } })
const folder = (folderDisplayName: string) => ({ element: 'Folder' as const, properties: { folderDisplayName } })
const idOf = (item: EwsItem | undefined): BaseItemId => ({
  is: 'ItemId',
  value: item?.properties.itemId as { Id: string; ChangeKey: string },
})

for (const engine of quickEngines) {
  test(`CreateFolderPath makes what is not there, one answer a step; what fails ends it (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const path = (names: string[], Folder = named('inbox')) =>
      mary.call(CreateFolderPath, { ParentFolderId: { Folder }, RelativeFolderPath: names.map(folder) })
    const ids = (answers: Awaited<ReturnType<typeof path>>) =>
      answers.map((one) => (only([one]).Folders?.[0]?.properties.folderId as { Id: string }).Id)
    const first = ids(await path(['2026', 'November', 'Week 48']))
    assert.equal(new Set(first).size, 3)
    const second = ids(await path(['2026', 'november', 'Week 49']))
    assert.deepEqual(second.slice(0, 2), first.slice(0, 2))
    assert.notEqual(second[2], first[2])
    const found = only(
      await mary.call(FindFolder, { Traversal: 'Deep', FolderShape: { BaseShape: 'Default' }, ParentFolderIds: [named('inbox')] }),
    )
    assert.deepEqual(found.RootFolder?.Folders?.map(({ properties }) => properties.folderDisplayName), ['2026', 'November', 'Week 48', 'Week 49']) // prettier-ignore
    assert.deepEqual(codes(await path(['2026', ' ', 'deeper'])), ['NoError', 'ErrorFolderSave', 'ErrorBatchProcessingStopped'])
    const rob = await ewsClient(site, 'rob').call(CreateFolderPath, {
      ParentFolderId: { Folder: marys('inbox') },
      RelativeFolderPath: [folder('x')],
    })
    assert.deepEqual(codes(rob), ['ErrorAccessDenied'])
  })

  test(`[MS-OXWSARCH] 3.1.4.1 ArchiveItem says why nothing is archived; MS-OXWSFOLD_R26993 R298: no managed folder is defined (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const item = idOf(
      only(
        await mary.call(CreateItem, {
          MessageDisposition: 'SaveOnly',
          SavedItemFolderId: { Folder: named('inbox') },
          Items: [{ kind: 'message', properties: { subject: 'Old' } }],
        }),
      ).Items[0],
    )
    const archive = async (Id: string, client = mary) =>
      codes(
        await client.call(ArchiveItem, { ArchiveSourceFolderId: { Folder: Id === 'mary' ? marys('inbox') : named(Id) }, ItemIds: [item] }),
      )
    assert.deepEqual(await archive('inbox'), ['ErrorArchiveMailboxNotEnabled'])
    assert.deepEqual(await archive('drafts'), ['ErrorInvalidItemForOperationArchiveItem'])
    assert.deepEqual(await archive('calendar'), ['ErrorCannotArchiveCalendarContactTaskFolderException'])
    assert.deepEqual(await archive('todosearch'), ['ErrorCannotSpecifySearchFolderAsSourceFolder'])
    assert.deepEqual(await archive('mary', ewsClient(site, 'rob')), ['ErrorAccessDenied'])

    const managed = (address: string) =>
      mary.call(CreateManagedFolder, { FolderNames: ['Contracts', 'Taxes'], Mailbox: { EmailAddress: address } })
    assert.deepEqual(codes(await managed('mary@contoso.com')), ['ErrorManagedFolderNotFound', 'ErrorManagedFolderNotFound'])
    assert.deepEqual(codes(await managed('rob@contoso.com')), ['ErrorAccessDenied', 'ErrorAccessDenied'])
    assert.deepEqual(codes(await managed('nobody@contoso.com')).at(0), 'ErrorNonExistentMailbox')
  })

  test(`[MS-OXWSPED] 3.1.4.1, [MS-OXWSCEXT] 3.1.4.3: no password ends, no tag and no app is there (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const date = async (request: { MailboxSmtpAddress?: string }) => mary.call(GetPasswordExpirationDate, request)
    assert.equal(new Date(only([await date({})]).PasswordExpirationDate).getUTCFullYear(), 9999)
    assert.equal(only([await date({ MailboxSmtpAddress: 'sales@contoso.com' })]).ResponseCode, 'NoError')
    assert.deepEqual(codes([await date({ MailboxSmtpAddress: 'rob@contoso.com' })]), ['ErrorAccessDenied'])
    assert.deepEqual(only([await mary.call(GetUserRetentionPolicyTags, {})]).RetentionPolicyTags, [])
    assert.deepEqual(only([await mary.call(GetAppManifests, {})]).Manifests, [])
    assert.equal(only([await mary.call(GetAppMarketplaceUrl, {})]).AppMarketplaceUrl, undefined)
    const TokenRequests = [
      { Id: 'a', TokenType: 'CallerIdentity' as const },
      { Id: 'b', TokenType: 'ExtensionCallback' as const },
    ]
    assert.deepEqual(codes(await mary.call(GetClientAccessToken, { TokenRequests })), ['ErrorExtensionNotFound', 'ErrorExtensionNotFound'])
    assert.deepEqual(codes([await mary.call(UninstallApp, { ID: 'a' })]), ['ErrorExtensionNotFound'])
    assert.deepEqual(codes([await mary.call(DisableApp, { ID: 'a', DisableReason: 'NoReason' })]), ['ErrorExtensionNotFound'])
  })

  test(`[MS-OXWSRSLNM] 3.1.4.1 ResolveNames among contacts: any of their names, lists, one folder of contacts (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const contact = (displayName: string, address: string, more: EwsItem['properties'] = {}): EwsItem => ({
      kind: 'contact',
      properties: { displayName, emailAddresses: { EmailAddress1: { address } }, ...more },
    })
    const items: EwsItem[] = [
      contact('Zoe Quill', 'zoe@example.org', { givenName: 'Zoe', surname: 'Quill', nickname: 'Quilly', companyName: 'Feathers' }),
      contact('Tom Tell', 'tom@example.org', { body: { type: 'Text', value: 'Friend of Quill' } as never }),
      { kind: 'list', properties: { displayName: 'Writers', members: [{ mailbox: { address: 'zoe@example.org' } }] as never } },
    ]
    for (const item of items) only(await mary.call(CreateItem, { Items: [item] }))
    const resolve = (UnresolvedEntry: string, more: object = {}, client = mary) =>
      client.call(ResolveNames, { UnresolvedEntry, ReturnFullContactData: false, SearchScope: 'Contacts', ...more })
    for (const entry of ['zoe qu', 'quill zoe', 'quilly', 'feath', 'zoe@exa', 'SMTP:zoe@example.org']) {
      const [one, ...more] = only(await resolve(entry)).ResolutionSet?.Resolution ?? []
      assert.deepEqual([one?.Mailbox.EmailAddress, more.length], ['zoe@example.org', 0], entry)
    }
    const [list] = only(await resolve('writ')).ResolutionSet?.Resolution ?? []
    assert.deepEqual(
      [list?.Mailbox.MailboxType, list?.Mailbox.RoutingType, typeof list?.Mailbox.ItemId?.Id],
      ['PrivateDL', 'MAPIPDL', 'string'],
    )
    const full = { ReturnFullContactData: true }
    const [bare] = only(await resolve('zoe', { ...full, ContactDataShape: 'IdOnly' })).ResolutionSet?.Resolution ?? []
    const [whole] = only(await resolve('zoe', { ...full, ContactDataShape: 'AllProperties' })).ResolutionSet?.Resolution ?? []
    assert.equal(whole?.Contact?.properties.nickname, 'Quilly')
    assert.ok(bare?.Contact?.properties.itemId)
    assert.deepEqual(codes(await resolve('zoe', { ParentFolderIds: [named('contacts'), named('contacts')] })), [
      'ErrorResolveNamesOnlyOneContactsFolderAllowed',
    ])
    assert.deepEqual(codes(await resolve('zoe', { ParentFolderIds: [named('inbox')] })), ['ErrorResolveNamesInvalidFolderType'])

    const rob = ewsClient(site, 'rob')
    const there = { ParentFolderIds: [marys('contacts')] }
    assert.deepEqual(codes(await resolve('zoe', there, rob)), ['ErrorAccessDenied'])
    only(await mary.call(CreateItem, { Items: [contact('Zoe Secret', 'secret@example.org', { sensitivity: 'Private' })] }))
    await site.mailboxes.changeFolderPermission(
      await site.caller('mary'),
      { mailbox: site.people.mary!.mailbox, kind: 'contacts' },
      { user: site.people.rob!.id, how: 'add', rights: permissionLevels.Reviewer },
    )
    assert.deepEqual(only(await resolve('zoe', there, rob)).ResolutionSet?.Resolution?.map(({ Mailbox }) => Mailbox.Name), ['Zoe Quill']) // prettier-ignore
  })
}
