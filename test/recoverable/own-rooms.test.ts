/** Recoverable Items itself: nobody takes away what the server remembers of folders that were removed, and no item stays there for ever. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expireRecoverable } from '#mailbox'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { itemOfEntryId } from '../../src/mailbox/recoverable/entry-id.ts'
import { at, folderXml, idOf, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const move = (id: Id, to: string | Id, as = 'MoveItem') =>
  `<m:${as}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:${as}>`
const empty = (folder: string, below: boolean) =>
  `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="${below}"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`
const sync = (folder: string) =>
  `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folderXml(folder)}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned><m:SyncScope>NormalAndAssociatedItems</m:SyncScope></m:SyncFolderItems>`

/** Lets go of what has had its time, in many steps; how many went. */
async function expired({ store }: MailboxSite, mailbox: string, now: number): Promise<number> {
  let gone = 0
  for (let from: Parameters<typeof expireRecoverable>[2]['from'], more = true; more;) {
    const step = await expireRecoverable({ store, clock: () => now }, mailbox, { ...(from ? { from } : {}), limit: 1 })
    gone += step.gone
    from = step.next
    more = from !== undefined
  }
  return gone
}

/** A folder with an item in it, removed for good. */
async function removedFolder(mary: Person): Promise<void> {
  const folder = await mary.makeFolder('<t:Folder><t:DisplayName>Project</t:DisplayName></t:Folder>')
  assert.deepEqual(await mary.codes(move(await mary.create(message('in it')), folder)), ['NoError'])
  assert.deepEqual(await mary.codes(`<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:DeleteFolder>`), ['NoError']) // prettier-ignore
}

for (const engine of quickEngines) {
  test(`what is remembered of a removed folder is nobody's to find or to erase, on hold or not (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const mailbox = site.people.mary!.mailbox
    const remembered = async () => (await site.run('Get-RecoverableFolder mary')).map(({ Name }) => Name)
    await removedFolder(mary)
    assert.deepEqual(await remembered(), ['Project'])

    const found = await mary.find('recoverableitemsroot', { traversal: 'Associated' })
    for (const one of found) await mary.codes(move(idOf(one), 'inbox'))
    assert.equal(found.length, 0)
    assert.equal((await mary.done(sync('recoverableitemsroot')).then((answer) => text(answer, 'Changes'))) ?? '', '')
    // By the number that it has, wherever somebody got that from.
    const records = await site.store.read(async (tx) => {
      const folders = (await tx.folders.tree(mailbox, 0)).map(({ id }) => id)
      const order = [{ column: 'id' as const, descending: false }]
      const rows = await tx.items.rows({ mailbox, folders, associated: true, order, limit: 100 })
      return rows.filter(({ properties }) => properties.$removedFolder !== undefined)
    })
    assert.equal(records.length, 1)
    const [caller, ref] = [await site.caller('mary'), { mailbox, id: records[0]!.id }]
    for (const attempt of [
      () => site.mailboxes.moveItem(caller, ref, { mailbox, kind: 'inbox' }),
      () => site.mailboxes.deleteItem(caller, ref, 'HardDelete'),
      () => site.mailboxes.updateItem(caller, ref, [{ op: 'set', path: { property: 'subject' }, value: 'x' }], { conflict: 'AlwaysOverwrite' }), // prettier-ignore
      () => site.mailboxes.exportItem(caller, ref),
    ]) {
      await assert.rejects(attempt, { code: 'ItemNotFound' })
    }
    for (const set of ['-SingleItemRecoveryEnabled $false', '-SingleItemRecoveryEnabled $true -LitigationHoldEnabled $true']) {
      await site.run(`Set-Mailbox mary ${set}`)
      for (const below of [false, true]) assert.deepEqual(await mary.codes(empty('recoverableitemsroot', below)), ['NoError'], set)
      assert.deepEqual(await remembered(), ['Project'], set)
    }
    await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
    assert.ok((await site.mailboxes.folderAt(caller, mailbox, ['Project'])).row)
  })

  test(`Recoverable Items is emptied with what is below it, whatever folders were removed before (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await removedFolder(mary)
    assert.equal((await mary.find('recoverableitemsdeletions')).length, 1)
    assert.deepEqual(await mary.codes(empty('recoverableitemsroot', true)), ['NoError'])
    assert.equal((await mary.find('recoverableitemsdeletions')).length, 0)
    assert.equal((await site.run('Get-RecoverableItems mary -SourceFolder PurgedItems')).length, 1)
  })

  test(`whatever is put into Recoverable Items is a deletion: it lies in Deletions, comes back, and goes at its time (${engine.name})`, async () => {
    let now = Date.now()
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    const mailbox = site.people.mary!.mailbox
    const root = idOf(await mary.getFolder('recoverableitemsroot'), 'FolderId')
    const subjects = async (folder: string | Id) => (await mary.find(folder, { shape: 'Default' })).map((one) => text(one, 'Subject') ?? '').toSorted() // prettier-ignore
    for (const as of ['MoveItem', 'CopyItem']) {
      const made = await mary.create(message(as), { folder: 'inbox' })
      const [put] = (await mary.ask(move(made, 'recoverableitemsroot', as))).map(({ element }) => idOf(at(element, 'Items/Message')))
      assert.equal(text(await mary.get(put!, { shape: 'AllProperties' }), 'Subject'), as, 'by the id that is answered')
    }
    const data = text(await mary.done(`<m:ExportItems><m:ItemIds>${itemXml(await mary.create(message('UploadItems')))}</m:ItemIds></m:ExportItems>`), 'Data') // prettier-ignore
    for (const associated of [false, true]) {
      const item = `<t:Item CreateAction="CreateNew" IsAssociated="${associated}"><t:ParentFolderId Id="${root.Id}"/><t:Data>${data}</t:Data></t:Item>`
      assert.deepEqual(await mary.codes(`<m:UploadItems><m:Items>${item}</m:Items></m:UploadItems>`), ['NoError'])
    }
    // A rule files there as well.
    const rule = `<t:Rule><t:DisplayName>away</t:DisplayName><t:Priority>1</t:Priority><t:IsEnabled>true</t:IsEnabled><t:Conditions/><t:Exceptions/><t:Actions><t:MoveToFolder>${folderXml(root)}</t:MoveToFolder></t:Actions></t:Rule>`
    const changed = await mary.whole(`<m:UpdateInboxRules><m:RemoveOutlookRuleBlob>true</m:RemoveOutlookRuleBlob><m:Operations><t:CreateRuleOperation>${rule}</t:CreateRuleOperation></m:Operations></m:UpdateInboxRules>`) // prettier-ignore
    assert.equal(text(changed, 'ResponseCode'), 'NoError')
    const mime = Buffer.from('From: bob@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: a rule\r\n\r\n')
    await site.mailboxes.deliver(site.organisation.id, mailbox, { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: now }) // prettier-ignore

    const put = ['CopyItem', 'MoveItem', 'UploadItems', 'a rule']
    assert.deepEqual([await subjects('recoverableitemsroot'), await subjects('recoverableitemsdeletions')], [[], put])
    for (const folder of ['recoverableitemsroot', 'recoverableitemsdeletions'] as const) {
      const hidden = await mary.find(folder, { traversal: 'Associated' })
      assert.equal(hidden.length, folder === 'recoverableitemsroot' ? 0 : 1, folder)
    }
    assert.deepEqual((await site.run('Get-RecoverableItems mary')).map(({ Subject }) => String(Subject)).toSorted(), put)
    await site.run("Get-RecoverableItems mary -SubjectContains 'MoveItem' | Restore-RecoverableItems")
    assert.deepEqual(await subjects('inbox'), ['CopyItem', 'MoveItem'])
    now += 15 * day
    assert.equal(await expired(site, mailbox, now), 4)
    assert.deepEqual(await subjects('recoverableitemsdeletions'), [])
    assert.deepEqual(await mary.find('recoverableitemsdeletions', { traversal: 'Associated' }), [])
  })

  test(`what lies in Recoverable Items itself or in folders below from before is found, deleted, held and let go (${engine.name})`, async () => {
    let now = Date.now()
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    const mailbox = site.people.mary!.mailbox
    const names = ['root', 'folder'] as const
    /** As moves put items there once. */
    const puts = async (subject: string) => {
      for (const at of names) await mary.remove(itemXml(await mary.create(message(`${subject} ${at}`))), 'SoftDelete')
      await site.store.write(async (tx) => {
        const deletions = (await tx.folders.byKind(mailbox, 'recoverableitemsdeletions'))!
        const root = (await tx.folders.byKind(mailbox, 'recoverableitemsroot'))!
        const there = { mailbox, parent: deletions.id, kind: '', name: 'Old', folderClass: 'IPF.Note', hidden: false, created: now }
        const old = (await tx.folders.childNamed(mailbox, deletions.id, 'Old')) ?? (await tx.folders.insert(there))
        const scan = {
          mailbox,
          folders: [deletions.id],
          associated: false,
          order: [{ column: 'id' as const, descending: false }],
          limit: 10,
        }
        const [first, second] = await tx.items.rows(scan)
        await tx.items.move(mailbox, first!.id, root.id, now, (properties) => properties)
        await tx.items.move(mailbox, second!.id, old.id, now, (properties) => properties)
      })
    }
    const found = async (where = '') =>
      (await site.run(`Get-RecoverableItems mary ${where}`)).map(({ Subject }) => String(Subject)).toSorted()
    await puts('back')
    assert.deepEqual(await found(), ['back folder', 'back root'])
    await site.run('Get-RecoverableItems mary -SourceFolder RecoverableItems | Restore-RecoverableItems')
    assert.deepEqual((await mary.find('drafts', { shape: 'Default' })).map((one) => text(one, 'Subject')).toSorted(), ['back folder', 'back root']) // prettier-ignore

    await puts('purged')
    for (const { EntryID } of await site.run('Get-RecoverableItems mary')) {
      const { item } = itemOfEntryId(String(EntryID))!
      await site.mailboxes.deleteItem(await site.caller('mary'), { mailbox, id: item }, 'HardDelete')
    }
    assert.deepEqual([await found('-SourceFolder RecoverableItems'), await found('-SourceFolder PurgedItems')], [[], ['purged folder', 'purged root']]) // prettier-ignore
    await puts('held')
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    now += 15 * day
    assert.equal(await expired(site, mailbox, now), 0)
    assert.deepEqual(await found('-SourceFolder RecoverableItems'), [], 'out of sight')
    assert.equal((await found('-SourceFolder PurgedItems')).length, 4)
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $false')
    await puts('gone')
    now += 15 * day
    assert.equal(await expired(site, mailbox, now), 6)
    assert.deepEqual(await found(), [])
  })

  test(`what is copied out of Deleted Items with its folder is not deleted: no stamp goes along (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const stamp = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'
    const old = await mary.makeFolder('<t:Folder><t:DisplayName>Old</t:DisplayName></t:Folder>', 'deleteditems')
    assert.deepEqual(await mary.codes(move(await mary.create(message('singly'), { folder: 'inbox' }), old)), ['NoError'])
    const stamps = async (folder: Id) => (await mary.find(folder, { fields: [stamp] })).map((one) => text(one, 'ExtendedProperty/Value')?.length) // prettier-ignore
    assert.deepEqual(await stamps(old), [32])
    const copy = (to: string) => `<m:CopyFolder><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>${folderXml(old)}</m:FolderIds></m:CopyFolder>` // prettier-ignore
    assert.deepEqual(await stamps(idOf(at(await mary.done(copy('inbox')), 'Folders/Folder'), 'FolderId')), [undefined])
    assert.deepEqual(await stamps(idOf(at(await mary.done(copy('msgfolderroot')), 'Folders/Folder'), 'FolderId')), [undefined])
    assert.deepEqual(await stamps(old), [32], 'what stays deleted keeps it')
  })
}
