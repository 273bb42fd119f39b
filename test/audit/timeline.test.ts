/** What became of an item: from the audit log and from its own stamps, for whom the mailbox is open to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite } from '../admin/mailbox-site.ts'
import { folderXml, idOf, itemXml, person, setXml, text, type Id } from '../requirements/person.ts'
import { itemEntryId } from '../../src/mailbox/recoverable/entry-id.ts'
import { quickEngines } from '../support/engines.ts'

const minute = 60_000
const messageId = '<status@contoso.com>'
const message = (subject: string) =>
  `<t:Message><t:Subject>${subject}</t:Subject><t:InternetMessageId>${messageId.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</t:InternetMessageId></t:Message>`
const move = (id: Id, to: string) => `<m:MoveItem><m:ToFolderId>${to}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>`
const searchKey = '<t:ExtendedFieldURI PropertyTag="0x300b" PropertyType="Binary"/>'

for (const engine of quickEngines) {
  test(`the timeline of an item tells who made, moved, deleted, recovered and purged it, in order (source R2, ${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 1, 8)
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    await site.run('Set-Mailbox mary -AuditOwner @{Add = "Move", "MoveToDeletedItems"} -AuditDelegate @{Add = "Move"}')
    const projects = await mary.makeFolder('<t:Folder><t:DisplayName>Projects</t:DisplayName></t:Folder>')
    const timeline = async (alias?: string) => site.run(`Get-ItemTimeline mary -InternetMessageId '${messageId}'`, alias)
    const where = async (folder: string | Id) => {
      const item = (await mary.find(folder, { shape: 'Default', fields: [searchKey] })).find((one) => text(one, 'Subject') === 'Status')
      assert.ok(item, `nothing in ${JSON.stringify(folder)}`)
      return { id: idOf(item), key: text(item, 'ExtendedProperty/Value') }
    }
    const step = async <T>(work: Promise<T>): Promise<T> => {
      now += minute
      return work
    }
    await mary.create(message('Status'), { folder: folderXml('inbox') })
    const first = await where('inbox')
    await step(mary.done(move(first.id, folderXml(projects))))
    const second = await where(projects)
    await step(rob.remove(itemXml(second.id), 'MoveToDeletedItems'))
    await step(mary.done(move((await where('deleteditems')).id, folderXml(projects))))
    const third = await where(projects)
    await step(
      rob.update(
        third.id,
        '<t:SetItemField><t:FieldURI FieldURI="item:Importance"/><t:Message><t:Importance>High</t:Importance></t:Message></t:SetItemField>',
      ),
    )
    await step(rob.remove(itemXml((await where(projects)).id), 'SoftDelete'))
    const fourth = await where('recoverableitemsdeletions')
    // PidTagSearchKey is the same wherever it went; its number is not.
    assert.ok(first.key && [second, third, fourth].every(({ key }) => key === first.key))
    assert.notEqual(first.id.Id, fourth.id.Id)

    const told = await timeline()
    assert.deepEqual(
      told.map((one) => [one.Event, one.By, one.FromFolder, one.ToFolder]),
      [
        ['Created', '', '', ''],
        ['Moved', 'Mary Jensen', '\\Inbox', '\\Projects'],
        ['MovedToDeletedItems', 'Rob Young', '\\Projects', '\\Deleted Items'],
        ['Recovered', 'Mary Jensen', '\\Deleted Items', '\\Projects'],
        ['Updated', 'Rob Young', '\\Projects', ''],
        ['Deleted', 'Rob Young', '\\Projects', '\\Recoverable Items\\Deletions'],
      ],
    )
    assert.deepEqual(
      told.map((one) => (one.Time as Date).getTime()),
      told.map((_, at) => Date.UTC(2026, 10, 1, 8) + at * minute),
    )
    assert.deepEqual(told[4]?.ChangedProperties, ['isUnmodified', 'importance'].filter((name) => (told[4]?.ChangedProperties as string[]).includes(name))) // prettier-ignore
    assert.match(String(told[2]?.ClientIPAddress), /127\.0\.0\.1/)
    assert.ok(told.every((one) => one.CurrentFolder === '\\Recoverable Items\\Deletions' && one.KeptUntil instanceof Date))
    // The owner sees it; neither who may see a folder alone, nor the delegate's own mailbox.
    assert.equal((await timeline('mary')).length, 6)
    await assert.rejects(timeline('ann'), /not find|no mailbox|AccessDenied|mary/i)

    // Under a hold it says so; purged for good, the log alone tells of it.
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    assert.deepEqual((await timeline()).at(-1)?.Event, 'Held')
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $false -SingleItemRecoveryEnabled $false')
    await step(rob.remove(itemXml(fourth.id), 'HardDelete'))
    const after = await timeline()
    assert.deepEqual(after.map((one) => one.Event), ['Moved', 'MovedToDeletedItems', 'Recovered', 'Updated', 'Deleted', 'Purged']) // prettier-ignore
    assert.ok(after.every((one) => one.CurrentFolder === '' && one.ItemSubject === 'Status'))
    // By any number that it ever had in the log.
    const [entry] = await site.run('Search-MailboxAuditLog mary -ShowDetails -Operations Update')
    assert.deepEqual((await site.run(`Get-ItemTimeline mary -EntryID ${entry?.ItemId}`)).length, 6)
    await assert.rejects(site.run(`Get-ItemTimeline mary -InternetMessageId '<nobody@contoso.com>'`), /no such item/i)
    await assert.rejects(site.run(`Get-ItemTimeline rob -EntryID ${entry?.ItemId}`), /another mailbox/)
  })

  test(`a version that is kept tells of the item that it is of (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    const one = await mary.create(message('Status'), { folder: folderXml('inbox') })
    await mary.update(one, setXml('item:Subject', '<t:Message><t:Subject>Changed</t:Subject></t:Message>'))
    const mailbox = site.people.mary!.mailbox
    const version = await site.store.read(async (tx) => {
      const folder = (await tx.folders.byKind(mailbox, 'recoverableitemsversions'))!
      const order = [{ column: 'id' as const, descending: false }]
      return (await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order, limit: 1 }))[0]!
    })
    const told = (await site.run(`Get-ItemTimeline mary -EntryID ${itemEntryId(mailbox, version.id)}`)).map((each) => [each.Event, each.ItemSubject, each.CurrentFolder]) // prettier-ignore
    assert.deepEqual(told, [['Created', 'Changed', '\\Inbox'], ['VersionKept', 'Changed', '\\Inbox'], ['Held', 'Changed', '\\Inbox']]) // prettier-ignore
  })

  test(`what nobody wrote down, the item's stamps tell; what becomes of its folder belongs to its story (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    await site.run('Set-Mailbox mary -AuditDelegate @{Add = "Move"}')
    const one = await mary.create(message('Status'), { folder: folderXml('inbox') })
    await mary.remove(itemXml(one), 'SoftDelete')
    const events = async () => (await site.run(`Get-ItemTimeline mary -InternetMessageId '${messageId}'`, 'mary')).map((each) => [each.Event, each.By, each.FromFolder, each.Source]) // prettier-ignore
    assert.deepEqual(await events(), [
      ['Created', '', '', 'Item'],
      ['Deleted', '', '\\Inbox', 'Item'],
    ])
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await mary.remove(itemXml(idOf((await mary.find('recoverableitemsdeletions'))[0])), 'HardDelete')
    await assert.rejects(events(), /no such item/i)

    const tree = await rob.makeFolder(
      '<t:Folder><t:DisplayName>Tree</t:DisplayName></t:Folder>',
      idOf(await mary.getFolder('msgfolderroot'), 'FolderId'),
    )
    await rob.create(message('Status'), { folder: folderXml(tree) })
    await rob.ask(`<m:DeleteFolder DeleteType="MoveToDeletedItems"><m:FolderIds>${folderXml(tree)}</m:FolderIds></m:DeleteFolder>`)
    assert.deepEqual(await events(), [
      ['Created', 'Rob Young', '', 'Item'],
      ['FolderDeleted', 'Rob Young', '\\Tree', 'AuditLog'],
    ])
  })
  test(`versions are changes of their item, and no items of their own (issue 6, point 4, ${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 1, 8)
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    let item = await mary.create(message('Status'), { folder: folderXml('inbox') })
    const setSubject = (subject: string) =>
      `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>${subject}</t:Subject></t:Message></t:SetItemField>`
    for (let n = 0; n < 60; n++) {
      now += minute
      item = await mary.update(item, setSubject(`Status ${n}`))
    }
    await mary.done(move(item, folderXml('drafts')))
    const told = await site.run(`Get-ItemTimeline mary -InternetMessageId '${messageId}'`)
    const [lying] = await mary.find('drafts', { shape: 'Default' })
    assert.deepEqual([...new Set(told.map((one) => one.CurrentFolder))], ['\\Drafts'], 'one item alone')
    assert.equal(text(lying, 'Subject'), 'Status 59')
    const versions = told.filter((one) => one.Event === 'VersionKept')
    assert.deepEqual(
      versions.map((one) => [(one.Time as Date).getTime(), one.ToFolder]),
      Array.from({ length: 60 }, (_, n) => [Date.UTC(2026, 10, 1, 8) + (n + 1) * minute, '\\Recoverable Items\\Versions']),
    )
    // Who copies it has another item, without the past of the first.
    const [there] = await mary.find('drafts')
    await mary.done(
      `<m:CopyItem><m:ToFolderId>${folderXml('inbox')}</m:ToFolderId><m:ItemIds>${itemXml(idOf(there))}</m:ItemIds></m:CopyItem>`,
    )
    const both = await site.run(`Get-ItemTimeline mary -InternetMessageId '${messageId}'`)
    const keys = new Set(both.map((one) => one.ItemKey))
    assert.deepEqual([keys.size, both.filter((one) => one.Event === 'VersionKept').length], [2, 60])
  })
}
