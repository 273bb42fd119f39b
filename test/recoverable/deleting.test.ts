/** What is deleted, by every way of deleting: where it goes, and the folder that it is stamped with (source R2). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { all, folderXml, idOf, itemXml, person, text, type Id } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

const lastActiveParent = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const move = (id: Id, to: string | Id) =>
  `<m:MoveItem><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>`
const empty = (folder: string, type: string) =>
  `<m:EmptyFolder DeleteType="${type}" DeleteSubFolders="true"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`

const places = ['deleteditems', 'recoverableitemsdeletions', 'recoverableitemspurges'] as const

for (const engine of quickEngines) {
  test(`every deletion goes where its type says and is stamped with the active folder (source R2, interop 1.11, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer] = [person(site), await discoverer(site)]
    const projects = await mary.makeFolder(folderNamed('Projects'))
    /** Where the item of a subject lies, its stamp and its id now. */
    const lying = async (subject: string) => {
      for (const place of [...places, 'inbox'] as const) {
        const found = await seer.find(place, { shape: 'Default', fields: [lastActiveParent] })
        const item = found.find((one) => text(one, 'Subject') === subject)
        if (item) return { place, stamp: text(item, 'ExtendedProperty/Value'), id: idOf(item) }
      }
      return undefined
    }
    const stampOf = async (folder: Id | string) => {
      const made = await mary.create(message('probe'), { folder: folderXml(folder) })
      await mary.remove(itemXml(made), 'SoftDelete')
      const found = await lying('probe')
      await mary.remove(itemXml(found!.id), 'HardDelete')
      await mary.ask(empty('recoverableitemsdeletions', 'HardDelete'))
      return found!.stamp
    }
    const ofProjects = await stampOf(projects)
    const ofInbox = await stampOf('inbox')
    assert.equal(Buffer.from(ofProjects ?? '', 'base64').length, 22)
    assert.notEqual(ofProjects, ofInbox)

    const make = (subject: string) => mary.create(message(subject), { folder: folderXml(projects) })
    const one = await make('to Deleted Items')
    assert.deepEqual(await mary.remove(itemXml(one), 'MoveToDeletedItems'), ['NoError'])
    const first = await lying('to Deleted Items')
    assert.deepEqual([first?.place, first?.stamp], ['deleteditems', ofProjects])
    // Out of Deleted Items it goes on, with the stamp that it has.
    assert.deepEqual(await mary.remove(itemXml(first!.id), 'MoveToDeletedItems'), ['NoError'])
    const second = await lying('to Deleted Items')
    assert.deepEqual([second?.place, second?.stamp], ['recoverableitemsdeletions', ofProjects])
    // The user purges: single item recovery keeps it, and nobody empties Purges.
    assert.deepEqual(await mary.remove(itemXml(second!.id), 'SoftDelete'), ['NoError'])
    const third = await lying('to Deleted Items')
    assert.deepEqual([third?.place, third?.stamp], ['recoverableitemspurges', ofProjects])
    assert.deepEqual(await mary.remove(itemXml(third!.id), 'HardDelete'), ['ErrorItemNotFound'])

    assert.deepEqual(await mary.remove(itemXml(await make('softly')), 'SoftDelete'), ['NoError'])
    assert.deepEqual(await lying('softly').then((it) => [it?.place, it?.stamp]), ['recoverableitemsdeletions', ofProjects])
    assert.deepEqual(await mary.remove(itemXml(await make('hard')), 'HardDelete'), ['NoError'])
    assert.deepEqual(await lying('hard').then((it) => [it?.place, it?.stamp]), ['recoverableitemspurges', ofProjects])

    // A program that moves into Deleted Items deletes; one that moves out of it brings back, and the stamp goes.
    const moved = await make('moved')
    await mary.done(move(moved, 'deleteditems'))
    const there = await lying('moved')
    assert.deepEqual([there?.place, there?.stamp], ['deleteditems', ofProjects])
    await mary.done(move(there!.id, 'inbox'))
    assert.deepEqual(await lying('moved').then((it) => [it?.place, it?.stamp]), ['inbox', undefined])
    await mary.remove(itemXml((await lying('moved'))!.id), 'MoveToDeletedItems')
    assert.deepEqual(await lying('moved').then((it) => [it?.place, it?.stamp]), ['deleteditems', ofInbox])

    // Emptied, a folder's items go the same way; renaming and moving the folder leaves its number.
    await make('emptied')
    await mary.done(mary.updateFolderXml(projects, `<t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/>${folderNamed('Renamed')}</t:SetFolderField>`)) // prettier-ignore
    await mary.ask(`<m:EmptyFolder DeleteType="MoveToDeletedItems" DeleteSubFolders="false"><m:FolderIds>${folderXml(projects)}</m:FolderIds></m:EmptyFolder>`) // prettier-ignore
    assert.deepEqual(await lying('emptied').then((it) => [it?.place, it?.stamp]), ['deleteditems', ofProjects])
    await mary.ask(empty('deleteditems', 'SoftDelete'))
    assert.deepEqual(await lying('emptied').then((it) => [it?.place, it?.stamp]), ['recoverableitemsdeletions', ofProjects])
    assert.equal((await mary.find('deleteditems')).length, 0)

    // A folder that went to Deleted Items was active once: what lies in it keeps its number.
    const tree = await mary.makeFolder(folderNamed('Tree'))
    const ofTree = await stampOf(tree)
    await mary.create(message('in a tree'), { folder: folderXml(tree) })
    await mary.ask(`<m:DeleteFolder DeleteType="MoveToDeletedItems"><m:FolderIds>${folderXml(tree)}</m:FolderIds></m:DeleteFolder>`)
    await mary.ask(empty('deleteditems', 'SoftDelete'))
    assert.deepEqual(await lying('in a tree').then((it) => [it?.place, it?.stamp]), ['recoverableitemsdeletions', ofTree])
    assert.ok(all(await mary.getFolder('recoverableitemsroot'), 'ChildFolderCount').length <= 1)
  })
}
