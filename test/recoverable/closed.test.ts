/** What is purged, and that something is held, is kept out of the owner's sight; who searches mailboxes for the organisation sees it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteSize } from '#model'
import { mailboxSite } from '../admin/mailbox-site.ts'
import { all, folderXml, idOf, itemXml, person, setXml, text, texts, type Id } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'

const closed = ['recoverableitemspurges', 'recoverableitemsversions', 'recoverableitemsdiscoveryholds'] as const
const message = (subject: string) =>
  `<t:Message><t:Subject>${subject}</t:Subject><t:InternetMessageId>&lt;${subject}@contoso.com&gt;</t:InternetMessageId></t:Message>`
const getFolder = (folder: string | Id) =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:GetFolder>`
const findItem = (folder: string | Id) =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml(folder)}</m:ParentFolderIds></m:FindItem>`
const move = (id: Id, to: string | Id) => `<m:MoveItem><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>` // prettier-ignore
const sync = (folder: string | Id) =>
  `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folderXml(folder)}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`
const empty = (folder: string, below = false) =>
  `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="${below}"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`

for (const engine of quickEngines) {
  test(`the owner finds Deletions and nothing that is kept beyond; a search's role looks and changes nothing (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob, seer] = [person(site), person(site, 'rob'), await discoverer(site)]
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    const purged = await mary.create(message('purged'), { folder: 'inbox' })
    await mary.update(purged, setXml('item:Subject', '<t:Message><t:Subject>purged 2</t:Subject></t:Message>'))
    await mary.remove(itemXml(purged), 'HardDelete')
    await mary.remove(itemXml(await mary.create(message('deleted'), { folder: 'inbox' })), 'SoftDelete')

    const ids = new Map<string, Id>()
    for (const kind of closed) ids.set(kind, idOf(await seer.getFolder(kind), 'FolderId'))
    const [there] = await seer.find('recoverableitemspurges', { shape: 'Default' })
    const [before] = await seer.find('recoverableitemsversions', { shape: 'Default' })
    assert.deepEqual([text(there, 'Subject'), text(before, 'Subject')], ['purged 2', 'purged'])
    for (const kind of closed) {
      for (const ask of [getFolder, findItem, sync]) {
        // exchangelib asks for all names at once, and takes AccessDenied for the end of it all.
        assert.match((await mary.codes(ask(kind))).join(), /^Error(Sync)?FolderNotFound$/, kind)
        assert.notEqual((await mary.codes(ask(ids.get(kind)!)))[0], 'NoError', `${kind} by its id`)
      }
      assert.deepEqual(await mary.codes(empty(kind)), ['ErrorFolderNotFound'])
      // Nor does anything come there.
      const item = await mary.create(message(`to ${kind}`), { folder: 'drafts' })
      assert.deepEqual(await mary.codes(move(item, kind)), ['ErrorToFolderNotFound'])
    }
    for (const item of [idOf(there), idOf(before)]) {
      assert.deepEqual(await mary.codes(mary.getXml(itemXml(item))), ['ErrorItemNotFound'])
      assert.deepEqual(await mary.codes(move(item, 'inbox')), ['ErrorItemNotFound'])
      assert.deepEqual(await mary.remove(itemXml(item), 'HardDelete'), ['ErrorItemNotFound'])
      assert.deepEqual(await mary.codes(`<m:ExportItems><m:ItemIds>${itemXml(item)}</m:ItemIds></m:ExportItems>`), ['ErrorItemNotFound'])
    }
    const ofMary = '<t:DistinguishedFolderId Id="recoverableitemspurges"><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>' // prettier-ignore
    assert.deepEqual(await rob.codes(findItem('inbox').replace(folderXml('inbox'), ofMary)), ['ErrorFolderNotFound'], 'nor full access')

    // Deletions are the owner's, and are emptied without a word of what becomes of it.
    assert.deepEqual((await mary.find('recoverableitemsdeletions', { shape: 'Default' })).map((one) => text(one, 'Subject')), ['deleted']) // prettier-ignore
    assert.deepEqual(await mary.codes(empty('recoverableitemsroot', true)), ['NoError'])
    assert.deepEqual([(await mary.find('recoverableitemsdeletions')).length, (await seer.find('recoverableitemspurges')).length], [0, 2])
    // Clients walk all folders: those that are closed are not there.
    for (const root of ['root', 'recoverableitemsroot']) {
      const walked = await mary.done(
        `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml(root)}</m:ParentFolderIds></m:FindFolder>`,
      )
      const names = all(walked, 'RootFolder/Folders').flatMap((folders) => texts(folders, 'Folder/DisplayName'))
      for (const name of ['Purges', 'Versions', 'DiscoveryHolds', 'Audits']) assert.ok(!names.includes(name), `${root}: ${name}`)
    }
    // Whoever has the role looks: no more than that, and nobody by saying so alone.
    assert.deepEqual(await seer.codes(move(idOf(there), 'inbox')), ['ErrorAccessDenied'])
    assert.deepEqual(await seer.remove(itemXml(idOf(there)), 'HardDelete'), ['ErrorAccessDenied'])
    const said = { managementRoles: { user: ['MailboxSearch'], application: [] } }
    const answer = await rob.codes(findItem('recoverableitemspurges'), said).catch((error: Error) => [error.message])
    assert.match(answer.join(), /ErrorInvalidManagementRoleHeader/)
  })

  test(`nobody is told that their own mailbox is held (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await site.run('New-MailboxSearch Case -SourceMailboxes mary -InPlaceHoldEnabled $true')
    const item = await mary.create(message('told'), { folder: 'inbox' })
    const timeline = (alias?: string) => site.run("Get-ItemTimeline mary -InternetMessageId '<told@contoso.com>'", alias)
    const shown = async (alias?: string) => (await timeline(alias)).map(({ Event, IsHeld }) => [Event, IsHeld])
    assert.deepEqual(await shown(), [['Created', true], ['Held', true]]) // prettier-ignore
    assert.deepEqual(await shown('mary'), [['Created', null]])
    await mary.remove(itemXml(item), 'HardDelete')
    assert.ok((await timeline()).some(({ CurrentFolder }) => CurrentFolder === '\\Recoverable Items\\Purges'))
    await assert.rejects(timeline('mary'), /no such item/i)

    const [own] = await site.run('Get-Mailbox mary', 'mary')
    const [seen] = await site.run('Get-Mailbox mary')
    const names = ['LitigationHoldEnabled', 'LitigationHoldDate', 'LitigationHoldOwner', 'LitigationHoldDuration', 'InPlaceHolds']
    assert.deepEqual(names.map((name) => own?.[name]), names.map(() => null)) // prettier-ignore
    assert.deepEqual([seen?.LitigationHoldEnabled, (seen?.InPlaceHolds as string[]).length], [true, 1])
    const folders = async (alias?: string) => (await site.run('Get-MailboxFolderStatistics mary -FolderScope RecoverableItems', alias)).map(({ Name }) => Name) // prettier-ignore
    assert.deepEqual(await folders('mary'), ['Recoverable Items', 'Deletions'])
    assert.ok((await folders()).includes('Purges'))
  })

  test(`what is purged and kept counts nowhere in what the owner is shown of sizes (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const size = '<t:ExtendedFieldURI PropertyTag="0x0e08" PropertyType="Long"/>'
    const sizes = async () => {
      const { ItemCount, DeletedItemCount, ...shown } = await site.one('Get-MailboxStatistics mary', 'mary')
      const root = await mary.getFolder('root', { fields: [size] })
      const bytes = [shown.TotalItemSize, shown.TotalDeletedItemSize].map((one) => Number((one as ByteSize).bytes))
      return [Number(ItemCount), Number(DeletedItemCount), ...bytes, Number(text(root, 'ExtendedProperty/Value'))]
    }
    const kept = async () => Number(((await site.one('Get-MailboxStatistics mary')).TotalDeletedItemSize as ByteSize).bytes)
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await mary.create(message('stays'), { folder: 'inbox' })
    const before = await sizes()
    assert.ok(before[2]! > 0 && before[2] === before[4])
    const big = `<t:Message><t:Subject>purged</t:Subject><t:Body BodyType="Text">${'x'.repeat(50_000)}</t:Body></t:Message>`
    const item = await mary.create(big, { folder: 'inbox' })
    await mary.update(item, setXml('item:Subject', '<t:Message><t:Subject>purged 2</t:Subject></t:Message>'))
    await mary.remove(itemXml(item), 'HardDelete')
    assert.deepEqual(await sizes(), before)
    assert.ok((await kept()) >= 100_000)
    // Deletions are the owner's.
    await mary.remove(itemXml(await mary.create(big, { folder: 'inbox' })), 'SoftDelete')
    const after = await sizes()
    assert.deepEqual([after[0], after[1], after[2]], [before[0], before[1]! + 1, before[2]])
    assert.ok(after[3]! - before[3]! >= 50_000)
  })

  test(`the owner's timeline tells neither of searches nor of where purged things are kept (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    const all = ['Copy', 'Move', 'HardDelete', 'FolderBind', 'MessageBind', 'SoftDelete']
    await site.run(`Set-Mailbox mary -AuditAdmin ${all.join()} -AuditOwner Move,HardDelete`)
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Import Export' -User boss")
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Search' -User boss")
    await site.run("New-Mailbox 'Case 7' -Discovery -Alias case")
    const search = (subject: string, more = '-TargetMailbox case -TargetFolder Found') => site.run(`Search-Mailbox mary -SearchQuery 'subject:${subject}' ${more}`, 'boss') // prettier-ignore
    const timeline = async (subject: string, alias?: string) =>
      (await site.run(`Get-ItemTimeline mary -InternetMessageId '<${subject}@contoso.com>'`, alias)).map(({ Event, By, FromFolder, ToFolder }) => [Event, By, FromFolder, ToFolder]) // prettier-ignore
    const at = { deletions: '\\Recoverable Items\\Deletions', purges: '\\Recoverable Items\\Purges' }

    await mary.create(message('searched'), { folder: 'inbox' })
    await search('searched')
    const created = ['Created', '', '', '']
    assert.deepEqual(await timeline('searched', 'mary'), [created])
    assert.ok((await timeline('searched')).some(([event, by]) => event === 'Copied' && by === 'Boss Baker'))

    // Purged by its owner, copied by a search, purged again by an administrator, recovered.
    await mary.remove(itemXml(await mary.create(message('purged'), { folder: 'inbox' })), 'HardDelete')
    await search('purged')
    assert.deepEqual(await timeline('purged', 'mary'), [['Purged', 'Mary Jensen', '\\Inbox', '']])
    assert.ok((await timeline('purged')).some(([event, , , to]) => event === 'Purged' && to === at.purges))
    assert.equal((await site.run('Get-RecoverableItems mary -SourceFolder PurgedItems | Restore-RecoverableItems', 'boss')).length, 1)
    const told = await timeline('purged', 'mary')
    assert.deepEqual(told, [created, ['Purged', 'Mary Jensen', '\\Inbox', ''], ['Recovered', 'Boss Baker', '', '\\Inbox']])
    assert.ok((await timeline('purged')).some(([event, , from]) => event === 'Recovered' && from === at.purges))

    // Of what the log has nothing of but a search, there is nothing to tell.
    await site.run('Set-Mailbox mary -AuditOwner Move')
    await mary.remove(itemXml(await mary.create(message('unknown'), { folder: 'inbox' })), 'HardDelete')
    await search('unknown')
    await assert.rejects(timeline('unknown', 'mary'), /no such item/i)
    assert.ok((await timeline('unknown')).length > 0)

    // What goes to somebody else's mailbox is told of without the folder there.
    const shared = await rob.makeFolder('<t:Folder><t:DisplayName>Secret place</t:DisplayName></t:Folder>')
    await site.run('Add-MailboxPermission rob -User mary -AccessRights FullAccess')
    await mary.codes(move(await mary.create(message('moved'), { folder: 'inbox' }), shared))
    assert.deepEqual((await timeline('moved', 'mary')).at(-1), ['Moved', 'Mary Jensen', '\\Inbox', ''])
    assert.ok((await timeline('moved')).some(([event, , , to]) => event === 'Moved' && to === '\\Secret place'))

    // Who searches mailboxes for the organisation is told all, of their own one too.
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Search' -User mary")
    assert.deepEqual(await timeline('purged', 'mary'), await timeline('purged'))
  })
}
