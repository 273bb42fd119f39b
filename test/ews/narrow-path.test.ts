import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateItem, FindItem, GetFolder, GetItem } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const inbox = { is: 'DistinguishedFolderId', value: { Id: 'inbox' } } as const

for (const engine of quickEngines) {
  test(`a message is made, found and read (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const [folder] = only(await mary.call(GetFolder, { FolderShape: { BaseShape: 'AllProperties' }, FolderIds: [inbox] })).Folders ?? []
    assert.equal(folder?.properties.folderDisplayName, 'Inbox')
    assert.equal(folder?.properties.distinguishedFolderId, 'inbox')
    const created = only(
      await mary.call(CreateItem, {
        MessageDisposition: 'SaveOnly',
        SavedItemFolderId: { Folder: inbox },
        Items: [{ kind: 'message', properties: { subject: 'Hello', body: { type: 'HTML', value: '<p>Hi &amp; bye</p>' } } }],
      }),
    )
    const id = created.Items[0]?.properties.itemId as { Id: string; ChangeKey: string }
    assert.ok(id.Id.length >= 140)
    const found = only(
      await mary.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'AllProperties' }, ParentFolderIds: [inbox] }),
    )
    assert.equal(found.RootFolder?.TotalItemsInView, 1)
    const read = only(
      await mary.call(GetItem, {
        ItemShape: { BaseShape: 'AllProperties', IncludeMimeContent: true },
        ItemIds: [{ is: 'ItemId', value: id }],
      }),
    )
    const [item] = read.Items
    assert.equal(item?.kind, 'message')
    assert.equal(item?.properties.subject, 'Hello')
    assert.deepEqual(item?.properties.itemId, id)
    assert.match(Buffer.from(item?.mime?.content ?? '', 'base64').toString(), /^Subject: Hello\r$/m)
  })
}
