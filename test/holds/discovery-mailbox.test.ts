/** What searches find is copied to a discovery mailbox: whole, once, where it lay, and nothing of where it came from is changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'
import { mailboxSearchJob } from '#admin'
import { administratorCaller, systemCaller } from '#model'
import { elementsOf } from '#wire'
import { all, folderXml, idOf, itemXml, person, text, texts, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const mime = (subject: string) =>
  `From: Bob <bob@fabrikam.com>\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\nX-Odd:   as  it was\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@fabrikam.com>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nWords of ${subject}\r\n`
const message = (subject: string, more = '') =>
  `<t:Message><t:MimeContent>${Buffer.from(mime(subject)).toString('base64')}</t:MimeContent>${more}</t:Message>`
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const ofCase = (folder: string) => `<t:DistinguishedFolderId Id="${folder}"><t:Mailbox><t:EmailAddress>case@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>` // prettier-ignore

interface Found {
  path: string
  id: Id
}

/** All folders below the top of the discovery mailbox that somebody made, by their paths, and what lies in each. */
async function foldersOf(who: Person): Promise<Found[]> {
  const walked = await who.done(
    `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:ParentFolderIds>${ofCase('msgfolderroot')}</m:ParentFolderIds></m:FindFolder>`,
  )
  const folders = all(walked, 'RootFolder/Folders').flatMap((list) => elementsOf(list))
  const byId = new Map(folders.map((one) => [idOf(one, 'FolderId').Id, one]))
  const pathOf = (one: (typeof folders)[number] | undefined): string =>
    one ? `${pathOf(byId.get(idOf(one, 'ParentFolderId').Id))}/${text(one, 'DisplayName')}` : ''
  return folders.map((one) => ({ path: pathOf(one), id: idOf(one, 'FolderId') })).filter(({ path }) => /^\/(Results|Case)/.test(path))
}

/** Subjects by the path of their folder below the folder that is named by mailbox and time. */
async function copiesOf(who: Person): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const { path, id } of await foldersOf(who)) {
    const subjects = (await who.find(id, { shape: 'Default' })).map((one) => text(one, 'Subject') ?? '').sort()
    if (subjects.length > 0) found[path.replace(/-\d+\/\d+\/\d+ \d+:\d+:\d+ [AP]M/, '-TIME')] = subjects
  }
  return found
}

/** Does what is due; in between nothing is done. */
async function due({ jobs }: MailboxSite): Promise<void> {
  jobs.start()
  await jobs.runDue()
  await jobs.close()
}

async function discoverySite(engine: (typeof quickEngines)[number]): Promise<MailboxSite & { rob: Person; mary: Person }> {
  const site = await mailboxSite(engine)
  await site.run("New-Mailbox 'Case 7' -Alias case -Discovery")
  await site.run('Add-MailboxPermission case -User rob -AccessRights FullAccess')
  await site.jobs.close()
  return Object.assign(site, { rob: person(site, 'rob'), mary: person(site) })
}

for (const engine of quickEngines) {
  test(`a discovery mailbox is nobody's address, and takes what is found where it lay, byte for byte (Search-Mailbox, ${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { rob, mary } = site
    const [made] = await site.run('Get-Mailbox case')
    assert.deepEqual([made?.RecipientTypeDetails, made?.HiddenFromAddressListsEnabled], ['DiscoveryMailbox', true])
    assert.match(String(made?.ProhibitSendReceiveQuota), /^50 GB/)
    await assert.rejects(site.run('Enable-Mailbox rob -Discovery'), refusal('InvalidParameter', /New-Mailbox -Discovery/))
    await assert.rejects(site.run("New-Mailbox 'Both' -Discovery -Shared"), refusal('InvalidParameter', /exclude each other/))

    const projects = await mary.makeFolder(folderNamed('Projects'), 'inbox')
    const bridge = await mary.makeFolder(folderNamed('Bridge'), projects)
    const marked = '<t:Categories><t:String>Red</t:String></t:Categories><t:IsRead>true</t:IsRead>'
    const plan = await mary.create(message('plan 1', marked), { folder: folderXml(bridge) })
    await mary.create(message('plan 2'), { folder: 'inbox' })
    await mary.create(message('other'), { folder: 'inbox' })
    await mary.create('<t:CalendarItem><t:Subject>plan talk</t:Subject><t:Start>2026-12-01T10:00:00Z</t:Start><t:End>2026-12-01T11:00:00Z</t:End></t:CalendarItem>', { folder: 'calendar' }) // prettier-ignore
    await mary.remove(itemXml(await mary.create(message('plan 3'), { folder: 'inbox' })), 'HardDelete')
    const before = await mary.get(plan, { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
    const counters = async () => (await site.run('Get-MailboxFolderStatistics mary')).map(({ Name, ItemsInFolder, FolderSize, LastModifiedTime }) => [Name, ItemsInFolder, String(FolderSize), String(LastModifiedTime)]) // prettier-ignore
    const had = await counters()

    const [result] = await site.run(
      "Search-Mailbox mary -SearchQuery 'subject:plan' -TargetMailbox case -TargetFolder Results -LogLevel Full",
    )
    assert.deepEqual([result?.ResultItemsCount, result?.TargetMailbox, result?.TargetFolder], [4, 'Case 7', 'Results'])
    assert.deepEqual(await copiesOf(rob), {
      '/Results': ['Mary Jensen: subject:plan'],
      '/Results/Mary Jensen-TIME/Calendar': ['plan talk'],
      '/Results/Mary Jensen-TIME/Inbox': ['plan 2'],
      '/Results/Mary Jensen-TIME/Inbox/Projects/Bridge': ['plan 1'],
      '/Results/Mary Jensen-TIME/Recoverable Items/Purges': ['plan 3'],
    })
    assert.deepEqual(await counters(), had, 'nothing of where it came from is changed')
    const at = (await foldersOf(rob)).find(({ path }) => path.endsWith('/Bridge'))!
    const copy = await rob.get(idOf((await rob.find(at.id))[0]), { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
    assert.equal(Buffer.from(text(copy, 'MimeContent') ?? '', 'base64').toString('latin1'), mime('plan 1'))
    for (const name of [
      'MimeContent',
      'Subject',
      'IsRead',
      'Categories/String',
      'DateTimeReceived',
      'DateTimeSent',
      'DateTimeCreated',
      'LastModifiedTime',
      'LastModifiedName',
      'InternetMessageId',
      'Size',
      'Body',
      'IsDraft',
      'ConversationTopic',
    ])
      // prettier-ignore
      assert.deepEqual(texts(copy, name), texts(before, name), name)

    // How much is told, as it is asked: a second run has a folder of its own.
    const [list] = await rob.find((await foldersOf(rob)).find(({ path }) => path === '/Results')!.id)
    assert.equal(texts(await rob.get(idOf(list)), 'Attachments/FileAttachment/Name').join(), 'Search Results.csv')
    await site.run("Search-Mailbox mary -SearchQuery 'subject:other' -TargetMailbox case -TargetFolder Results -LogLevel Suppress")
    await site.run("Search-Mailbox mary -SearchQuery 'subject:other' -TargetMailbox case -TargetFolder Results -SearchDumpster $false")
    const runs = (await foldersOf(rob)).filter(({ path }) => /^\/Results\/Mary Jensen-[^/]*(\/\d+){2} [^/]*$/.test(path))
    assert.equal(runs.length, 3)
    assert.deepEqual((await copiesOf(rob))['/Results'], ['Mary Jensen: subject:other', 'Mary Jensen: subject:plan'])
    const basic = (await rob.find((await foldersOf(rob)).find(({ path }) => path === '/Results')!.id, { shape: 'Default' })).find((one) => text(one, 'Subject')?.endsWith('other')) // prettier-ignore
    const told = await rob.get(idOf(basic), { fields: ['item:TextBody'] })
    assert.equal(texts(told, 'Attachments/FileAttachment/Name').length, 0)
    assert.match(String(text(told, 'Body')), /1 items were found[\s\S]*1 were copied[\s\S]*Query: subject:other/)
  })

  test(`the archive is searched with its mailbox, unless that is not wanted (Search-Mailbox, ${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { rob, mary } = site
    await site.run('Enable-Mailbox mary -Archive')
    await mary.create(message('plan here'), { folder: 'inbox' })
    await mary.create(message('plan kept'), { folder: 'archivemsgfolderroot' })
    const count = async (more: string) => (await site.run(`Search-Mailbox mary -SearchQuery 'subject:plan' -EstimateResultOnly ${more}`))[0]?.ResultItemsCount // prettier-ignore
    assert.deepEqual([await count(''), await count('-DoNotIncludeArchive'), await count('-SearchDumpsterOnly')], [2, 1, 0])
    await site.run("Search-Mailbox mary -SearchQuery 'subject:plan' -TargetMailbox case -TargetFolder Results -LogLevel Suppress")
    const [archive = '', ...more] = Object.keys(await copiesOf(rob)).filter((path) => /-TIME\/.*Archive/.test(path))
    assert.deepEqual(
      [more, (await copiesOf(rob))[archive], (await copiesOf(rob))['/Results/Mary Jensen-TIME/Inbox']],
      [[], ['plan kept'], ['plan here']],
    )
    await site.run("Search-Mailbox mary -SearchQuery 'subject:plan' -DeleteContent -Confirm:$false")
    assert.equal(await count('-SearchDumpster $false'), 0)
  })

  test(`a full, foreign or forged target takes nothing, and nothing is deleted then (Search-Mailbox, ${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { rob, mary } = site
    for (let n = 0; n < 3; n++) await mary.create(`<t:Message><t:Subject>plan ${n}</t:Subject><t:Body BodyType="Text">${'x'.repeat(3000)}</t:Body></t:Message>`, { folder: 'inbox' }) // prettier-ignore
    await site.run('Set-Mailbox case -ProhibitSendReceiveQuota 2KB -ProhibitSendQuota 2KB -UseDatabaseQuotaDefaults $false')
    const into = '-TargetMailbox case -TargetFolder Results'
    await assert.rejects(site.run(`Search-Mailbox mary -SearchQuery 'subject:plan' ${into} -DeleteContent`), refusal('QuotaExceeded', /./))
    assert.equal((await mary.find('inbox')).length, 3)
    for (const target of ['nobody', 'case@elsewhere.example'])
      await assert.rejects(site.run(`Search-Mailbox mary -TargetMailbox ${target} -TargetFolder X`), refusal('ObjectNotFound', /./))
    // Whose role does not reach the target's owner copies nothing there.
    await site.run('New-ManagementScope Few -RecipientRestrictionFilter "Alias -eq \'mary\'"')
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Search' -User ann -CustomRecipientWriteScope Few")
    await assert.rejects(site.run(`Search-Mailbox mary ${into}`, 'ann'), refusal('OutOfScope', /./))
    await assert.rejects(site.run(`Search-Mailbox mary ${into}`, 'rob'), refusal('AccessDenied', /holders of the role/))
    assert.deepEqual(Object.keys(await copiesOf(rob)), [])

    // The verb itself asks for both ends.
    const [from, to] = [site.people.mary!.mailbox, (await site.directory.find('case@contoso.com'))!.mailbox]
    const folder = { mailbox: to, kind: 'inbox' }
    const copy = (
      caller: Parameters<typeof site.mailboxes.copyFound>[0],
      mailbox = from,
      target: Parameters<typeof site.mailboxes.copyFound>[2] = folder,
    ) =>
      // prettier-ignore
      Array.fromAsync(site.mailboxes.copyFound(caller, { mailbox, items: [1, 2, 3], run: 'run' }, target))
    await assert.rejects(copy(await site.caller('rob')), refusal('AccessDenied', /full access/))
    await assert.rejects(copy(await site.caller('mary')), refusal('AccessDenied', /./))
    await assert.rejects(copy(systemCaller('00000000-0000-4000-8000-000000000000')), refusal('NonExistentMailbox', /./))
    await assert.rejects(copy(systemCaller(site.organisation.id), from, { mailbox: from, kind: 'inbox' }), refusal('InvalidArgument', /./))
  })

  test(`a copy that was broken off goes on where it was, and nothing is there twice (${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { mary } = site
    const count = 70
    await mary.ask(mary.createXml(message('many').repeat(count), { folder: 'inbox' }))
    const [from, to] = [site.people.mary!.mailbox, (await site.directory.find('case@contoso.com'))!.mailbox]
    const caller = administratorCaller(await site.caller('administrator'))
    const found = await site.mailboxes.everythingFound(caller, { mailbox: from })
    assert.equal(found.length, count)
    const folder = { mailbox: to, id: (await site.mailboxes.createFolder(caller, { parent: { mailbox: to, kind: 'msgfolderroot' }, name: 'Results' })).row.id } // prettier-ignore
    const what = { mailbox: from, items: found.map(({ ref }) => ref.id), run: 'one' }
    for await (const { copied } of site.mailboxes.copyFound(caller, what, folder)) {
      assert.ok(copied > 0 && copied < count)
      break
    }
    await mary.remove(itemXml(idOf((await mary.find('inbox', { view: '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="End"/>' }))[0])), 'SoftDelete') // prettier-ignore
    const left = await Promise.all([1, 2].map(() => Array.fromAsync(site.mailboxes.copyFound(caller, what, folder))))
    const total = async () => (await site.mailboxes.everythingFound(caller, { mailbox: to })).length
    const there = await total()
    assert.ok(there === count || there === count - 1, `${there} of ${count}`)
    assert.ok(left.flat().length > 0)
    assert.deepEqual(await Array.fromAsync(site.mailboxes.copyFound(caller, what, folder)), [{ copied: 0, gone: 0, sum: there }])
    assert.equal(await total(), there)
  })

  test(`a search over mailboxes runs in the background, is counted or copied, and says how it stands (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { rob, mary } = site
    const ann = person(site, 'ann')
    for (const subject of ['plan 1', 'other']) await mary.create(message(subject), { folder: 'inbox' })
    await ann.create(message('plan 2'), { folder: 'drafts' })
    const status = async () => {
      const found = await site.one('Get-MailboxSearch Case9')
      return [found.Status, found.ResultNumber, found.Errors]
    }
    await assert.rejects(
      site.run('New-MailboxSearch Case9 -SourceMailboxes mary -TargetMailbox rob'),
      refusal('ObjectNotFound', /UserMailbox/),
    )
    await site.run("New-MailboxSearch Case9 -SearchQuery 'subject:plan' -TargetMailbox case -LogLevel Full -EstimateOnly")
    await assert.rejects(site.run('Start-MailboxSearch Case9'), refusal('InvalidOperation', /no mailboxes/))
    await site.run('Set-MailboxSearch Case9 -SourceMailboxes mary,ann')
    assert.deepEqual(await status(), ['NotStarted', 0, []])
    await site.run('Start-MailboxSearch Case9')
    await due(site)
    assert.deepEqual(await status(), ['EstimateSucceeded', 2, []])
    assert.deepEqual(await foldersOf(rob), [])

    await site.run('Set-MailboxSearch Case9 -EstimateOnly:$false; Start-MailboxSearch Case9')
    assert.deepEqual(await status(), ['InProgress', 0, []])
    await assert.rejects(site.run('Start-MailboxSearch Case9'), refusal('InvalidOperation', /runs already/))
    // What it is about is what it was when it began.
    await site.run("Set-MailboxSearch Case9 -SearchQuery 'subject:other'")
    await due(site)
    assert.deepEqual(await status(), ['Succeeded', 2, []])
    assert.deepEqual(await copiesOf(rob), {
      '/Case9': ['Case9: subject:plan'],
      '/Case9/Ann Beebe-TIME/Drafts': ['plan 2'],
      '/Case9/Mary Jensen-TIME/Inbox': ['plan 1'],
    })
    await assert.rejects(site.run('Stop-MailboxSearch Case9'), refusal('InvalidOperation', /does not run/))

    // Stopped, it does nothing more; full, it fails and says why.
    await site.run('Start-MailboxSearch Case9; Stop-MailboxSearch Case9')
    await due(site)
    assert.deepEqual(await status(), ['Stopped', 0, []])
    await site.run('Set-Mailbox case -ProhibitSendReceiveQuota 1KB -ProhibitSendQuota 1KB -UseDatabaseQuotaDefaults $false')
    await site.run('Start-MailboxSearch Case9')
    await due(site)
    const [failed, , errors] = await status()
    assert.equal(failed, 'Failed')
    assert.equal((errors as string[]).length, 1)
    assert.equal(Object.values(await copiesOf(rob)).flat().length, 3)
    await site.run('Remove-Mailbox case -Permanent $true; Start-MailboxSearch Case9')
    await due(site)
    assert.match(String((await status())[2]), /no discovery mailbox/)
    // Whose roles do not reach the people searched begins none.
    await site.run('New-ManagementScope Few -RecipientRestrictionFilter "Alias -eq \'mary\'"')
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Search' -User ann -CustomRecipientWriteScope Few")
    await assert.rejects(site.run('Start-MailboxSearch Case9', 'ann'), refusal('OutOfScope', /./))
  })

  test(`a search that dies while it copies goes on in its next step, and nothing is there twice (${engine.name})`, async () => {
    await using site = await discoverySite(engine)
    const { mary } = site
    const count = 50
    await mary.ask(mary.createXml(message('many').repeat(count), { folder: 'inbox' }))
    await site.run('New-MailboxSearch Case9 -SourceMailboxes mary -TargetMailbox case -LogLevel Suppress; Start-MailboxSearch Case9')
    const { id: organisation } = site.organisation
    const died = new Error('the process died')
    const dying = mailboxSearchJob({
      mailboxes: {
        ...site.mailboxes,
        async *copyFound(...args) {
          for await (const step of site.mailboxes.copyFound(...args)) {
            yield step
            throw died
          }
        },
      },
      directory: site.directory,
      roles: site.roles,
      clock: Date.now,
    })
    let [job] = await site.jobs.list(organisation, 'MailboxSearch')
    await assert.rejects(
      async () => {
        for (;;) {
          const next = await dying.run(job!)
          job = { ...job!, state: next!.state }
        }
      },
      (error) => error === died,
    )
    await site.jobs.save(job!)
    await due(site)
    assert.deepEqual([(await site.one('Get-MailboxSearch Case9')).Status, (await site.one('Get-MailboxStatistics case')).ItemCount], ['Succeeded', count]) // prettier-ignore
  })
}
