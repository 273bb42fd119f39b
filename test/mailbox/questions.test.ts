/** What ordinary requests ask the store: a number that grows unseen makes every request slower. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { itemXml, person } from '../requirements/person.ts'
import { run } from '../sent-items/desk.ts'
import { engines } from '../support/engines.ts'
import { countOf, listenTo } from '../support/questions.ts'
import { startTestSite } from '../support/site.ts'

const getFolder = (shape: string) =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>${shape}</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>`
const hierarchy = (shape: string) =>
  `<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>${shape}</t:BaseShape></m:FolderShape></m:SyncFolderHierarchy>`
const findFolder = (shape: string) =>
  `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>${shape}</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>`

for (const engine of engines) {
  test(`a retention policy is not asked for in the transactions that read folders and items (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const item = await mary.create('<t:Message><t:Subject>s</t:Subject></t:Message>', { folder: 'inbox' })
    const questions = listenTo(site.store)
    const folders = [getFolder, hierarchy, findFolder]
    const plain = new Map<string, number>()
    for (const body of folders) plain.set(body.name, countOf(await questions.of(() => mary.done(body('Default')))))
    const plainItem = countOf(await questions.of(() => mary.get(item)))
    await run(site, "Set-Mailbox mary -RetentionPolicy 'Default MRM Policy'")
    for (const body of folders) {
      const asked = await questions.of(() => mary.done(body('Default')))
      assert.equal(countOf(asked), plain.get(body.name), `${body.name}: ${JSON.stringify(asked)}`)
    }
    const askedItem = await questions.of(() => mary.get(item))
    // An item's tags come from its folder and the two above it.
    assert.equal(countOf(askedItem), plainItem + 3, JSON.stringify(askedItem))
    for (const body of folders) {
      const asked = await questions.of(() => mary.done(body('AllProperties')))
      assert.equal(countOf(asked, 'objects.'), 0, `${body.name}: ${JSON.stringify(asked)}`)
      // The folders above those that are shown, each once.
      assert.ok((asked['folders.get'] ?? 0) <= 4, `${body.name}: ${JSON.stringify(asked)}`)
    }
  })

  test(`ordinary writes look at no folder but those named (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const make = () => mary.create('<t:Message><t:Subject>s</t:Subject></t:Message>', { folder: 'inbox' })
    const [copied, soft, hard, moved] = [await make(), await make(), await make(), await make()]
    const questions = listenTo(site.store)
    const toDrafts = '<m:ToFolderId><t:DistinguishedFolderId Id="drafts"/></m:ToFolderId>'
    // Of the folders above, and of those of Recoverable Items, nothing is asked.
    const expected: [string, Record<string, number>, () => Promise<unknown>][] = [
      ['CreateItem', { byKind: 1 }, make],
      ['CopyItem', { byKind: 1, get: 1 }, () => mary.done(`<m:CopyItem>${toDrafts}<m:ItemIds>${itemXml(copied)}</m:ItemIds></m:CopyItem>`)],
      ['SoftDelete', { byKind: 1, get: 2 }, () => mary.remove(itemXml(soft), 'SoftDelete')],
      ['HardDelete', { byKind: 1, get: 2 }, () => mary.remove(itemXml(hard), 'HardDelete')],
      ['MoveToDeletedItems', { byKind: 1, get: 2 }, () => mary.remove(itemXml(moved), 'MoveToDeletedItems')],
    ]
    for (const [name, most, request] of expected) {
      const asked = await questions.of(request)
      const folders = Object.fromEntries(Object.entries(asked).flatMap(([one, times]) => (one.startsWith('folders.') ? [[one.slice(8), times]] : []))) // prettier-ignore
      assert.deepEqual(folders, most, `${name}: ${JSON.stringify(asked)}`)
    }
  })
}
