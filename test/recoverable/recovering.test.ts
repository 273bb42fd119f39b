/** What was deleted is brought back: where it was, else to the default folder of its type (source R2, sentence by sentence). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'
import { all, at, folderXml, idOf, itemXml, person, text, texts, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const lastActiveParent = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const bySubject = (items: XmlElement[], subject: string) => items.find((one) => text(one, 'Subject') === subject)
const emptied = (folder: string | Id, type: string, below = false) =>
  `<m:EmptyFolder DeleteType="${type}" DeleteSubFolders="${below}"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`
const moved = (id: Id, to: string | Id) =>
  `<m:MoveItem><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>`
const deletedFolder = (id: Id, type: string) =>
  `<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`

/** The one item of a subject in a folder; it must be there. */
async function lies(mary: Person, folder: string | Id, subject: string): Promise<Id> {
  const found = bySubject(await mary.find(folder, { shape: 'Default' }), subject)
  assert.ok(found, `'${subject}' lies not in ${JSON.stringify(folder)}`)
  return idOf(found)
}

const pathAndReason = (rows: Record<string, unknown>[]) =>
  rows.map(({ Subject, RestoredToFolderPath, RestoreReason, WasRestoredSuccessfully }) => [
    Subject,
    RestoredToFolderPath,
    RestoreReason,
    WasRestoredSuccessfully,
  ])

async function recoverySite(engine: (typeof quickEngines)[number]): Promise<{ site: MailboxSite; mary: Person }> {
  const site = await mailboxSite(engine)
  return { site, mary: person(site) }
}

for (const engine of quickEngines) {
  test(`source R2: items go back to the folder that they were deleted from, renamed or moved meanwhile (${engine.name})`, async () => {
    const { site, mary } = await recoverySite(engine)
    await using _ = site
    const projects = await mary.makeFolder(folderNamed('Projects'))
    const made = await mary.create(message('soft', '<t:Categories><t:String>Blue</t:String></t:Categories><t:IsRead>true</t:IsRead>'), { folder: folderXml(projects) }) // prettier-ignore
    await mary.ask(
      `<m:CreateAttachment><m:ParentItemId Id="${made.Id}"/><m:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>QUJD</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    )
    const before = await mary.get(await lies(mary, projects, 'soft'), { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
    // "A soft-delete operation where the item is deleted … and moved to the Deleted Items folder. The Deleted Items folder can be emptied."
    await mary.remove(itemXml(await lies(mary, projects, 'soft')), 'MoveToDeletedItems')
    await mary.ask(emptied('deleteditems', 'SoftDelete'))
    await lies(mary, 'recoverableitemsdeletions', 'soft')
    // "A hard-delete operation where the item is … moved to the Recoverable Items\Deletions folder, bypassing the Deleted Items folder."
    await mary.create(message('hard'), { folder: folderXml(projects) })
    await mary.remove(itemXml(await lies(mary, projects, 'hard')), 'SoftDelete')
    // "By using the folder ID, it does not matter if the folder is moved in the mailbox's hierarchy or renamed."
    const other = await mary.makeFolder(folderNamed('Other'))
    await mary.done(mary.updateFolderXml(projects, `<t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/>${folderNamed('Renamed')}</t:SetFolderField>`)) // prettier-ignore
    await mary.done(`<m:MoveFolder><m:ToFolderId>${folderXml(other)}</m:ToFolderId><m:FolderIds>${folderXml(projects)}</m:FolderIds></m:MoveFolder>`) // prettier-ignore

    const listed = await site.run('Get-RecoverableItems mary')
    assert.deepEqual(listed.map((row) => [row.Subject, row.SourceFolder, row.LastParentPath, row.OriginalFolderExists]), [
      ['hard', 'RecoverableItems', 'Other\\Renamed', true],
      ['soft', 'RecoverableItems', 'Other\\Renamed', true],
    ]) // prettier-ignore
    assert.match(String(listed[0]!.LastParentFolderID), /^[0-9A-F]{44}$/)
    // The LastActiveParentEntryID is what EWS shows, and EWS finds by it.
    const stamp = Buffer.from(String(listed[0]!.LastParentFolderID), 'hex').toString('base64')
    const where = (condition: string) => `<m:Restriction>${condition}</m:Restriction>`
    const equal = where(
      `<t:IsEqualTo>${lastActiveParent}<t:FieldURIOrConstant><t:Constant Value="${stamp}"/></t:FieldURIOrConstant></t:IsEqualTo>`,
    )
    assert.equal((await mary.find('recoverableitemsdeletions', { more: equal })).length, 2)
    assert.equal((await mary.find('recoverableitemsdeletions', { more: where(`<t:Exists>${lastActiveParent}</t:Exists>`) })).length, 2)
    assert.equal((await mary.find('inbox', { more: where(`<t:Exists>${lastActiveParent}</t:Exists>`) })).length, 0)

    assert.deepEqual(pathAndReason(await site.run('Restore-RecoverableItems mary')), [
      ['hard', 'Other\\Renamed', 'OriginalFolder', true],
      ['soft', 'Other\\Renamed', 'OriginalFolder', true],
    ])
    const after = await mary.get(await lies(mary, projects, 'soft'), { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
    for (const path of ['MimeContent', 'IsRead', 'Categories/String', 'DateTimeReceived', 'DateTimeCreated', 'HasAttachments', 'Attachments/FileAttachment/Name', 'InternetMessageId', 'ConversationId'])
      assert.deepEqual(texts(after, path), texts(before, path), path) // prettier-ignore
    assert.equal(text(after, 'IsRead'), 'true')
    assert.equal(all(after, 'Attachments/FileAttachment').length, 1)
    assert.equal((await mary.find('recoverableitemsdeletions')).length, 0)
    assert.deepEqual(await site.run('Restore-RecoverableItems mary'), [])
  })

  test(`source R2: without a stamp, or when the folder is gone, the default folder of the type (${engine.name})`, async () => {
    const { site, mary } = await recoverySite(engine)
    await using _ = site
    const types: [string, string, string, string][] = [
      ['IPF.Note', message('a mail'), 'Inbox', 'a mail'],
      ['IPF.Note', '<t:PostItem><t:Subject>a post</t:Subject></t:PostItem>', 'Inbox', 'a post'],
      ['IPF.Appointment', '<t:CalendarItem><t:Subject>a meeting</t:Subject><t:Start>2031-01-06T09:00:00Z</t:Start><t:End>2031-01-06T10:00:00Z</t:End></t:CalendarItem>', 'Calendar', 'a meeting'],
      ['IPF.Contact', '<t:Contact><t:Subject>a person</t:Subject><t:DisplayName>a person</t:DisplayName></t:Contact>', 'Contacts', 'a person'],
      ['IPF.Task', '<t:Task><t:Subject>a task</t:Subject></t:Task>', 'Tasks', 'a task'],
      ['IPF.StickyNote', message('a note').replace('<t:Message>', '<t:Message><t:ItemClass>IPM.StickyNote</t:ItemClass>'), 'Notes', 'a note'],
      ['IPF.Journal', message('an entry').replace('<t:Message>', '<t:Message><t:ItemClass>IPM.Activity</t:ItemClass>'), 'Journal', 'an entry'],
    ] // prettier-ignore
    for (const [folderClass, xml, , subject] of types) {
      const element = { 'IPF.Appointment': 'CalendarFolder', 'IPF.Contact': 'ContactsFolder', 'IPF.Task': 'TasksFolder' }[folderClass] ?? 'Folder' // prettier-ignore
      const folder = await mary.makeFolder(`<t:${element}><t:DisplayName>of ${subject}</t:DisplayName></t:${element}>`)
      await mary.create(xml, { folder: folderXml(folder) })
      // "Once a folder is deleted, recovery will be to the folder type origin for that item."
      assert.deepEqual(await mary.codes(deletedFolder(folder, 'SoftDelete')), ['NoError'])
    }
    const planned = await site.run('Restore-RecoverableItems mary -WhatIf')
    assert.deepEqual(
      planned
        .map((row) => [row.RestoredToFolderPath, row.RestoreReason, row.ItemCount])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
      ['Calendar', 'Contacts', 'Inbox', 'Journal', 'Notes', 'Tasks'].map((name) => [name, 'LastFolderGone', name === 'Inbox' ? 2 : 1]),
    )
    assert.equal((await mary.find('inbox')).length, 0, '-WhatIf changes nothing')
    const found = await site.run('Get-RecoverableItems mary')
    assert.deepEqual(found.map((row) => [row.LastParentPath, row.OriginalFolderExists]).toSorted(), types.map(([, , , subject]) => [`of ${subject}`, false]).toSorted()) // prettier-ignore
    const restored = await site.run('Restore-RecoverableItems mary')
    for (const [, , name, subject] of types) {
      const row = restored.find(({ Subject }) => Subject === subject)
      assert.deepEqual([row?.RestoredToFolderPath, row?.RestoreReason], [name, 'LastFolderGone'], subject)
    }
    // "If an item does not have an LAPEID stamped": what an older program deleted.
    const inbox = await lies(mary, 'inbox', 'a mail')
    await mary.remove(itemXml(inbox), 'SoftDelete')
    const mailbox = site.people.mary!.mailbox
    await site.store.write(async (tx) => {
      const deletions = await tx.folders.byKind(mailbox, 'recoverableitemsdeletions')
      for (const row of await tx.items.rows({ mailbox, folders: [deletions!.id], associated: false, order: [], limit: 10 })) {
        const { $lastActiveParent: _, ...properties } = row.properties
        await tx.items.update(mailbox, row.id, { properties })
      }
    })
    assert.deepEqual(pathAndReason(await site.run('Restore-RecoverableItems mary')), [['a mail', 'Inbox', 'NoLastFolder', true]])
  })

  test(`source R2: a client moves items out of Deletions, and the stamp goes (${engine.name})`, async () => {
    const { site, mary } = await recoverySite(engine)
    await using _ = site
    await mary.create(message('one'), { folder: 'inbox' })
    await mary.remove(itemXml(await lies(mary, 'inbox', 'one')), 'SoftDelete')
    await mary.done(moved(await lies(mary, 'recoverableitemsdeletions', 'one'), 'drafts'))
    const item = bySubject(await mary.find('drafts', { shape: 'Default', fields: [lastActiveParent] }), 'one')
    assert.ok(item)
    assert.equal(at(item, 'ExtendedProperty'), undefined)
  })

  test(`one item comes back out of a folder that lies in Deleted Items, by who owns the mailbox (${engine.name})`, async () => {
    const { site, mary } = await recoverySite(engine)
    await using _ = site
    const { mailbox } = site.people.mary!
    const caller = await site.caller('mary')
    const folder = await mary.makeFolder(folderNamed('Old'))
    for (const subject of ['wanted', 'not wanted']) await mary.create(message(subject), { folder: folderXml(folder) })
    await mary.codes(deletedFolder(folder, 'MoveToDeletedItems'))
    const { row } = await site.mailboxes.childFolder(caller, { mailbox, kind: 'deleteditems' }, 'Old')
    const view = { kind: 'indexed', offset: 0, limit: 10, from: 'Beginning' } as const
    const found = await site.mailboxes.findItems(caller, {
      folders: [{ mailbox, id: row.id }],
      traversal: 'Shallow',
      view,
      wanted: { shape: 'default' },
    })
    const wanted = found.items.find(({ head }) => head.subject === 'wanted')
    const restore = async () =>
      (await site.mailboxes.restoreItems(caller, mailbox, [wanted!.ref.id])).map((one) =>
        one instanceof Error ? one.message : [one.why, one.folder.path],
      )
    assert.deepEqual(await restore(), [['NoLastFolder', ['Inbox']]])
    assert.match(JSON.stringify(await restore()), /There is no such item/)
    await lies(mary, 'inbox', 'wanted')
    assert.equal((await site.mailboxes.getFolder(caller, { mailbox, id: row.id })).row.total, 1)
  })

  test(`items are chosen by source, class, subject, time, folder and EntryID (${engine.name})`, async () => {
    const { site, mary } = await recoverySite(engine)
    await using _ = site
    const folder = await mary.makeFolder(folderNamed('Here'))
    const make = async (subject: string, type: string, where: string | Id = 'inbox') => {
      await mary.create(message(subject), { folder: typeof where === 'string' ? where : folderXml(where) })
      await mary.remove(itemXml(await lies(mary, where, subject)), type)
    }
    await make('In the bin', 'MoveToDeletedItems')
    await make('Softly ÄÖ', 'SoftDelete')
    await make('Hard', 'HardDelete')
    await make('From here', 'SoftDelete', folder)
    const subjects = async (line: string) => (await site.run(`Get-RecoverableItems mary ${line}`)).map(({ Subject }) => Subject)
    assert.deepEqual(await subjects(''), ['In the bin', 'From here', 'Softly ÄÖ', 'Hard'])
    assert.deepEqual(await subjects('-SourceFolder DeletedItems'), ['In the bin'])
    assert.deepEqual(await subjects('-SourceFolder RecoverableItems'), ['From here', 'Softly ÄÖ'])
    assert.deepEqual(await subjects('-SourceFolder PurgedItems'), ['Hard'])
    assert.deepEqual(await subjects('-SourceFolder DiscoveryHoldsItems'), [])
    assert.deepEqual(await subjects("-SubjectContains 'softly äö'"), ['Softly ÄÖ'])
    assert.deepEqual(await subjects('-SubjectContains HARD'), ['Hard'])
    assert.deepEqual(await subjects('-FilterItemType ipm'), ['In the bin', 'From here', 'Softly ÄÖ', 'Hard'])
    assert.deepEqual(await subjects('-FilterItemType IPM.N*e -ResultSize 1'), ['In the bin'])
    assert.deepEqual(await subjects('-FilterItemType *Task'), [])
    assert.deepEqual(await subjects('-FilterItemType IPM.No'), [])
    assert.deepEqual(await subjects('-SkipCount 3'), ['Hard'])
    assert.deepEqual(await subjects('-FilterStartTime 2099-01-01'), [])
    assert.deepEqual(await subjects('-FilterEndTime 2099-01-01 -SubjectContains here'), ['From here'])
    const [row] = await site.run("Get-RecoverableItems mary -SubjectContains 'From here'")
    assert.deepEqual(await subjects(`-LastParentFolderID ${String(row!.LastParentFolderID)}`), ['From here'])
    assert.deepEqual(await subjects(`-EntryID ${String(row!.EntryID)}`), ['From here'])
    assert.deepEqual(await subjects('-PolicyTag 11111111-1111-1111-1111-111111111111'), [])
    // Of another mailbox, or of none.
    const id = String(row!.EntryID)
    await assert.rejects(site.run(`Get-RecoverableItems rob -EntryID ${id}`), refusal('ItemNotFound', /another mailbox/))
    await assert.rejects(site.run(`Restore-RecoverableItems rob -EntryID ${id}`), refusal('ItemNotFound', /another mailbox/))
    await assert.rejects(site.run(`Get-RecoverableItems rob -LastParentFolderID ${String(row!.LastParentFolderID)}`), refusal('FolderNotFound', /another mailbox/)) // prettier-ignore
    await assert.rejects(site.run('Get-RecoverableItems rob -LastParentFolderID 53B9'), refusal('InvalidArgument', /44 hexadecimal digits/))
    await assert.rejects(site.run('Restore-RecoverableItems rob -EntryID xyz'), refusal('InvalidArgument', /48 hexadecimal digits/))
    await assert.rejects(site.run('Get-RecoverableItems mary -MaxParallelSize 11'), refusal('InvalidParameter', /MaxParallelSize/))
    // Exchange's way to restore one: by its EntryID; again is no harm.
    assert.deepEqual(pathAndReason(await site.run(`Restore-RecoverableItems mary -EntryID ${id}`)), [
      ['From here', 'Here', 'OriginalFolder', true],
    ])
    const again = await site.one(`Restore-RecoverableItems mary -EntryID ${id}`)
    assert.deepEqual([again.RestoredToFolderPath, again.RestoreReason, again.WasRestoredSuccessfully], ['Here', 'AlreadyRestored', true])
    await assert.rejects(site.run(`Restore-RecoverableItems mary -EntryID ${id.slice(0, 32)}00000000000FFFFF`), refusal('ItemNotFound'))
    // Several mailboxes at once, one folder for all, without a word.
    await site.run("Restore-RecoverableItems mary,rob -RestoreTargetFolder '/Back/Again/' -MaxParallelSize 2 -NoOutput")
    const back = await site.mailboxes.folderAt(await site.caller('mary'), site.people.mary!.mailbox, ['Back', 'Again'])
    assert.equal(back.row.total, 3)
    assert.deepEqual(await site.run('Get-RecoverableItems mary | Restore-RecoverableItems'), [])
  })
}
