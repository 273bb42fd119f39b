/** Recoverable Items itself: nobody takes away what the server remembers of folders that were removed, and no item stays there for ever. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite } from '../admin/mailbox-site.ts'
import { folderXml, idOf, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const move = (id: Id, to: string | Id, as = 'MoveItem') =>
  `<m:${as}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:${as}>`
const empty = (folder: string, below: boolean) =>
  `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="${below}"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`
const sync = (folder: string) =>
  `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folderXml(folder)}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned><m:SyncScope>NormalAndAssociatedItems</m:SyncScope></m:SyncFolderItems>`

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
}
