/** The archive of a mailbox: made and taken away by cmdlets, opened by EWS, filled by people and by the folder assistant. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { all, folderXml, idOf, itemXml, person, text, texts, type Id } from '../requirements/person.ts'
import { SearchMailboxes } from '#schema'
import { appClient, only } from '../support/ews-client.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'

const day = 86_400_000
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const ofMailbox = (kind: string, address: string) =>
  `<t:DistinguishedFolderId Id="${kind}"><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`
const getFolder = (folder: string) =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${folder}</m:FolderIds></m:GetFolder>`
const archive = (source: string | Id, ids: string) =>
  `<m:ArchiveItem><m:ArchiveSourceFolderId>${folderXml(source)}</m:ArchiveSourceFolderId><m:ItemIds>${ids}</m:ItemIds></m:ArchiveItem>`
const find = (folder: Id | string, traversal = 'Shallow') =>
  `<m:FindFolder Traversal="${traversal}"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml(folder)}</m:ParentFolderIds></m:FindFolder>`

async function assist(site: MailboxSite, who = 'mary'): Promise<void> {
  await site.run(`Start-ManagedFolderAssistant -Identity ${who}`)
  await site.jobs.runDue()
}

for (const engine of quickEngines) {
  test(`an archive is a second mailbox of its owner (issue 6 point 6, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob, seer] = [person(site), person(site, 'rob'), await discoverer(site)]
    assert.deepEqual(await mary.codes(getFolder(folderXml('archivemsgfolderroot'))), ['ErrorFolderNotFound'])
    const none = await site.one('Get-Mailbox mary')
    assert.deepEqual([none.ArchiveStatus, none.ArchiveGuid, none.ArchiveName], ['None', '00000000-0000-0000-0000-000000000000', []])
    assert.deepEqual(await site.run('Get-Mailbox -Archive'), [])

    const made = await site.one('Enable-Mailbox mary -Archive')
    assert.deepEqual([made.ArchiveStatus, made.ArchiveState, made.ArchiveName], ['Active', 'Local', ['In-Place Archive - Mary Jensen']])
    // Who has no policy gets the default one, as in Exchange.
    assert.equal(made.RetentionPolicy, 'Default MRM Policy')
    assert.deepEqual(
      (await site.run('Get-Mailbox -Archive')).map(({ Alias }) => Alias),
      ['mary'],
    )
    await assert.rejects(site.run('Enable-Mailbox mary -Archive'), refusal('InvalidOperation', /has an archive already/))
    await assert.rejects(site.run("Set-Mailbox rob -ArchiveName 'x'"), refusal('InvalidParameter', /no archive/))
    await site.run("Set-Mailbox mary -ArchiveName 'Old letters' -ArchiveQuota 5GB -ArchiveWarningQuota 4GB")
    const set = await site.one('Get-Mailbox mary')
    assert.deepEqual([set.ArchiveName, String(set.ArchiveQuota)], [['Old letters'], '5 GB (5,368,709,120 bytes)'])

    // The owner and who has full access open it; others do not.
    for (const kind of [
      'archiveroot',
      'archivemsgfolderroot',
      'archiveinbox',
      'archivedeleteditems',
      'archiverecoverableitemsroot',
      'archiverecoverableitemsdeletions',
    ])
      // prettier-ignore
      assert.deepEqual(await mary.codes(getFolder(folderXml(kind))), ['NoError'], kind)
    for (const kind of ['archiverecoverableitemsversions', 'archiverecoverableitemspurges', 'archiverecoverableitemsdiscoveryholds']) {
      assert.deepEqual(await mary.codes(getFolder(folderXml(kind))), ['ErrorFolderNotFound'], kind)
      assert.deepEqual(await seer.codes(getFolder(folderXml(kind))), ['NoError'], kind)
    }
    assert.deepEqual(await rob.codes(getFolder(ofMailbox('archivemsgfolderroot', 'mary@contoso.com'))), ['ErrorAccessDenied'])
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    assert.deepEqual(await rob.codes(getFolder(ofMailbox('archivemsgfolderroot', 'mary@contoso.com'))), ['NoError'])

    assert.equal(text(await mary.getFolder('archiveinbox'), 'DistinguishedFolderId'), 'archiveinbox')
    const conversations =
      '<m:FindConversation><m:ParentFolderId><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderId><m:MailboxScope>ArchiveOnly</m:MailboxScope></m:FindConversation>'
    assert.equal(text(await mary.whole(conversations), 'Conversations/Conversation/ConversationTopic'), undefined)
    assert.equal(text(await rob.whole(conversations), 'ResponseCode'), 'ErrorArchiveMailboxNotEnabled')

    // People file there, and find it again.
    const item = await mary.create(message('kept'), { folder: 'inbox' })
    await mary.done(
      `<m:MoveItem><m:ToFolderId>${folderXml('archiveinbox')}</m:ToFolderId><m:ItemIds>${itemXml(item)}</m:ItemIds></m:MoveItem>`,
    )
    assert.deepEqual(
      (await mary.find('archiveinbox', { shape: 'Default' })).map((one) => text(one, 'Subject')),
      ['kept'],
    )
    assert.equal(text(await mary.whole(conversations), 'Conversations/Conversation/ConversationTopic'), 'kept')
    const [statistics, folders] = [await site.one('Get-MailboxStatistics mary -Archive'), await site.run('Get-MailboxFolderStatistics mary -Archive')] // prettier-ignore
    assert.deepEqual([statistics.ItemCount, statistics.IsArchiveMailbox, statistics.MailboxGuid], [1, true, set.ArchiveGuid])
    assert.ok(folders.some(({ Name, ItemsInFolder }) => Name === 'Inbox' && ItemsInFolder === 1))

    // Taken away its content stays, and comes back with it.
    await site.run('Disable-Mailbox mary -Archive')
    assert.equal((await site.one('Get-Mailbox mary')).ArchiveStatus, 'None')
    assert.deepEqual(await mary.codes(getFolder(folderXml('archiveinbox'))), ['ErrorFolderNotFound'])
    await assert.rejects(site.run('Disable-Mailbox mary -Archive'), refusal('InvalidOperation', /no archive/))
    await site.run('Enable-Mailbox mary -Archive')
    assert.equal((await mary.find('archiveinbox')).length, 1)
    const shared = await site.one("New-Mailbox 'Contoso Support' -Shared -Alias support -Archive")
    assert.equal(shared.ArchiveStatus, 'Active')
  })

  test(`[MS-OXWSARCH] 3.1.4.1: ArchiveItem moves to the same folder of the archive, made where it is not (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run('Enable-Mailbox mary -Archive')
    const [mary, rob, seer] = [person(site), person(site, 'rob'), await discoverer(site)]
    const projects = await mary.makeFolder(folderNamed('Projects'), 'inbox')
    const bridge = await mary.makeFolder(folderNamed('Bridge'), projects)
    const item = await mary.create(
      '<t:Message><t:Subject>Plan</t:Subject><t:Body BodyType="Text">Steel</t:Body><t:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>QQ==</t:Content></t:FileAttachment></t:Attachments><t:Categories><t:String>Red</t:String></t:Categories><t:IsRead>true</t:IsRead></t:Message>',
      { folder: folderXml(bridge) },
    )
    assert.deepEqual(await mary.codes(archive('inbox', itemXml(item))), ['ErrorInvalidItemForOperationArchiveItem'])
    const archived = await mary.done(archive(bridge, itemXml(item)))
    const id = idOf(all(archived, 'Items/Message')[0])
    const got = await mary.get(id, { fields: ['item:Attachments', 'item:Body'] })
    assert.deepEqual([text(got, 'Subject'), text(got, 'Body'), text(got, 'Attachments/FileAttachment/Name'), text(got, 'Categories/String'), text(got, 'IsRead')], ['Plan', 'Steel', 'a.txt', 'Red', 'true']) // prettier-ignore
    const below = await mary.done(find('archivemsgfolderroot', 'Deep'))
    const names = texts(below, 'RootFolder/Folders/Folder/DisplayName')
    assert.ok(names.includes('Projects') && names.includes('Bridge'), names.join())
    // Nothing of it is left, in Recoverable Items neither: it was moved.
    for (const kind of ['recoverableitemspurges', 'recoverableitemsdeletions']) assert.equal((await seer.find(kind)).length, 0)
    assert.deepEqual(await mary.codes(archive('archiveinbox', itemXml(id))), ['ErrorInvalidItemForOperationArchiveItem'])
    assert.deepEqual(await mary.codes(archive('calendar', itemXml(item))), ['ErrorCannotArchiveCalendarContactTaskFolderException'])
    assert.deepEqual(await rob.codes(archive(bridge, itemXml(item))), ['ErrorFolderNotFound'])
    // In the archive nothing is archived once more.
    const inArchive = idOf(
      all(below, 'RootFolder/Folders/Folder').find((one) => text(one, 'DisplayName') === 'Bridge'),
      'FolderId',
    )
    assert.deepEqual(await mary.codes(archive(inArchive, itemXml(id))), ['ErrorCannotArchiveItemsInArchiveMailbox'])
  })

  test(`the folder assistant fills the archive, as far as its quota goes, and deletes from it (issue 6 point 6, ${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    await site.run('Enable-Mailbox mary -Archive')
    await site.run("New-RetentionPolicyTag 'Away' -Type All -AgeLimitForRetention 10 -RetentionAction MoveToArchive")
    await site.run("New-RetentionPolicyTag 'Gone' -Type All -AgeLimitForRetention 20 -RetentionAction DeleteAndAllowRecovery")
    await site.run("New-RetentionPolicyTag 'Deleted' -Type RecoverableItems -AgeLimitForRetention 3 -RetentionAction MoveToArchive")
    await site.run("New-RetentionPolicy 'Archiving' -RetentionPolicyTagLinks Away,Gone,Deleted")
    await site.run('Set-Mailbox mary -RetentionPolicy Archiving')
    const mary = person(site)
    const folder = await mary.makeFolder(folderNamed('Projects'))
    await mary.create(message('one'), { folder: folderXml(folder) })
    await mary.create(message('two'), { folder: 'sentitems' })
    await mary.create(`<t:Contact><t:Subject>Ann</t:Subject></t:Contact>`, { folder: 'contacts' })
    await mary.remove(itemXml(await mary.create(message('deleted'), { folder: folderXml(folder) })), 'SoftDelete')
    time.now += 10 * day
    await site.run('Set-Mailbox mary -ArchiveQuota 1B')
    await assist(site)
    assert.equal((await mary.find(folder)).length, 1, 'a full archive takes nothing, and nothing is lost')
    await site.run('Set-Mailbox mary -ArchiveQuota Unlimited')
    await assist(site)
    assert.deepEqual(
      [(await mary.find(folder)).length, (await mary.find('sentitems')).length, (await mary.find('contacts')).length],
      [0, 0, 1],
    )
    const below = await mary.done(find('archivemsgfolderroot', 'Deep'))
    const counts = new Map(all(below, 'RootFolder/Folders/Folder').map((one) => [text(one, 'DisplayName'), text(one, 'TotalCount')]))
    assert.deepEqual([counts.get('Projects'), counts.get('Sent Items')], ['1', '1'])
    const [there] = await mary.find('archiverecoverableitemsdeletions', { shape: 'Default' })
    assert.equal(text(there, 'Subject'), 'deleted')
    time.now += 10 * day
    await assist(site)
    const gone = await mary.find('archiverecoverableitemsdeletions', { shape: 'Default' })
    // What was deleted twenty days ago has been kept for its fourteen.
    assert.deepEqual(gone.map((one) => text(one, 'Subject')).toSorted(), ['one', 'two'])
  })

  test(`Autodiscover tells of the archive ([MS-OXDSCLI] 2.2.4.1.1.2.2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const { ArchiveGuid } = await site.one('Enable-Mailbox mary -Archive')
    const body =
      '<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>mary@contoso.com</EMailAddress>' +
      '<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>'
    const answer = await site.call('/autodiscover/autodiscover.xml', { method: 'POST', user: 'mary', body, headers: { 'content-type': 'text/xml' } }) // prettier-ignore
    assert.match(
      answer.body,
      new RegExp(`<AlternativeMailbox><Type>Archive</Type>.*guid=${String(ArchiveGuid)}</LegacyDN>.*<OwnerSmtpAddress>mary@contoso.com`),
    )
  })

  test(`discovery searches archives, alone or beside the mailboxes, and ids say that they are of one ([MS-OXWSEDISC] 3.1.4.5, [MS-OXWSCVTID], ${engine.name})`, async () => {
    const eve = { address: 'eve@contoso.com', displayName: 'Eve Discovery', rights: { roles: ['Mailbox Search'] } }
    await using site = await mailboxSite(engine, { people: [eve] })
    await site.run('Enable-Mailbox mary -Archive')
    const mary = person(site)
    await mary.create(message('plan here'), { folder: 'inbox' })
    const there = await mary.create(message('plan there'), { folder: 'archiveinbox' })
    const client = await appClient(site, 'eve')
    const search = async (SearchScope: 'PrimaryOnly' | 'ArchiveOnly' | 'All') => {
      const SearchQueries = [{ Query: 'plan', MailboxSearchScopes: [{ Mailbox: 'mary@contoso.com', SearchScope }] }]
      const found = only(await client.call(SearchMailboxes, { SearchQueries, ResultType: 'PreviewOnly' as const })).SearchMailboxesResult
      return (found?.Items ?? []).map(({ Subject }) => Subject).toSorted()
    }
    assert.deepEqual(await search('PrimaryOnly'), ['plan here'])
    assert.deepEqual(await search('ArchiveOnly'), ['plan there'])
    assert.deepEqual(await search('All'), ['plan here', 'plan there'])
    const convert = `<m:ConvertId DestinationFormat="HexEntryId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${there.Id}" Mailbox="mary@contoso.com"/></m:SourceIds></m:ConvertId>`
    assert.equal(all(await mary.done(convert), 'AlternateId')[0]?.attributes.IsArchive, 'true')
  })
}
