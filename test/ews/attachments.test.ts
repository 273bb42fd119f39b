import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { CreateAttachment, CreateItem, DeleteAttachment, GetAttachment, GetItem, type EwsAttachment, type EwsItem } from '#schema'
import { engines, quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const inbox = { is: 'DistinguishedFolderId', value: { Id: 'inbox' } } as const

async function make(client: EwsClient, item: EwsItem): Promise<{ Id: string; ChangeKey: string }> {
  const request = { MessageDisposition: 'SaveOnly' as const, SavedItemFolderId: { Folder: inbox }, Items: [item] }
  return only(await client.call(CreateItem, request)).Items[0]?.properties.itemId as { Id: string; ChangeKey: string }
}
async function listed(client: EwsClient, Id: string): Promise<EwsAttachment[]> {
  const request = { ItemShape: { BaseShape: 'AllProperties' as const }, ItemIds: [{ is: 'ItemId' as const, value: { Id } }] }
  return only(await client.call(GetItem, request)).Items[0]?.attachments ?? []
}
const idOf = ({ AttachmentId }: EwsAttachment = { is: 'FileAttachment' }): { Id: string } => ({ Id: AttachmentId?.Id ?? '' })

for (const engine of quickEngines) {
  test(`files and items are attached, read byte for byte and taken off ([MS-OXWSATT], ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const bytes = randomBytes(300_000)
    const ParentItemId = await make(mary, { kind: 'message', properties: { subject: 'holder' } })
    const file: EwsAttachment = {
      is: 'FileAttachment',
      Name: 'data.bin',
      ContentType: 'application/x-test',
      Content: bytes.toString('base64'),
    }
    const picture: EwsAttachment = { is: 'FileAttachment', Name: 'p.png', ContentId: 'p1', IsInline: true, Content: 'AAAA' }
    const inner: EwsItem = { kind: 'message', properties: { subject: 'inner', body: { type: 'Text', value: 'inside' } } }
    const item: EwsAttachment = { is: 'ItemAttachment', Name: 'inner', Item: inner }
    const made = await mary.call(CreateAttachment, { ParentItemId, Attachments: [file, picture, item] })
    assert.deepEqual(codes(made), ['NoError', 'NoError', 'NoError'])
    const ids = made.map(({ Attachments }) => Attachments?.[0]?.AttachmentId)
    for (const id of ids) assert.equal(id?.RootItemId, ParentItemId.Id, 'interop 1.14')
    assert.notEqual(ids[2]?.RootItemChangeKey, ParentItemId.ChangeKey)

    const shown = await listed(mary, ParentItemId.Id)
    assert.deepEqual(
      shown.map(({ Name }) => Name),
      ['data.bin', 'p.png', 'inner'],
    )
    assert.deepEqual(
      shown.map(({ IsInline }) => IsInline),
      [false, true, false],
    )
    const AttachmentShape = { IncludeMimeContent: true }
    const read = await mary.call(GetAttachment, { AttachmentShape, AttachmentIds: shown.map(idOf) })
    const [one, , three] = read.map(({ Attachments }) => Attachments?.[0])
    assert.ok(one?.is === 'FileAttachment' && Buffer.from(one.Content ?? '', 'base64').equals(bytes))
    assert.equal(one.ContentType, 'application/x-test')
    assert.ok(three?.is === 'ItemAttachment')
    assert.equal(three.Item?.properties.subject, 'inner')
    assert.deepEqual((three.Item?.properties.body as { value: string }).value.trim(), 'inside')
    assert.match(Buffer.from(three.Item?.mime?.content ?? '', 'base64').toString(), /^Subject: inner\r$/m)

    const removed = only(await mary.call(DeleteAttachment, { AttachmentIds: [idOf(shown[0])] }))
    assert.equal(removed.RootItemId?.RootItemId, ParentItemId.Id)
    assert.deepEqual(
      (await listed(mary, ParentItemId.Id)).map(({ Name }) => Name),
      ['p.png', 'inner'],
    )
    const gone = await mary.call(GetAttachment, { AttachmentIds: [idOf(shown[0]), { Id: ParentItemId.Id }, { Id: 'x' }] })
    assert.deepEqual(codes(gone), ['ErrorInvalidAttachmentId', 'ErrorInvalidAttachmentId', 'ErrorInvalidIdMalformed'])
  })

  test(`attachments of attached items have ids of their own (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const deep: EwsAttachment = { is: 'FileAttachment', Name: 'deep.txt', Content: Buffer.from('deep').toString('base64') }
    const inner: EwsItem = { kind: 'message', properties: { subject: 'inner' }, attachments: [deep] }
    const { Id } = await make(mary, {
      kind: 'message',
      properties: { subject: 'outer' },
      attachments: [{ is: 'ItemAttachment', Name: 'inner', Item: inner }],
    })
    const [outer] = await listed(mary, Id)
    const [item] = only(await mary.call(GetAttachment, { AttachmentIds: [idOf(outer)] })).Attachments
    assert.ok(item?.is === 'ItemAttachment')
    const [nested] = item.Item?.attachments ?? []
    assert.equal(nested?.Name, 'deep.txt')
    const [file] = only(await mary.call(GetAttachment, { AttachmentIds: [idOf(nested)] })).Attachments
    assert.ok(file?.is === 'FileAttachment')
    assert.equal(Buffer.from(file.Content ?? '', 'base64').toString(), 'deep')
  })
}

test('a meeting message cannot be attached (interop 1.14)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const ParentItemId = await make(mary, { kind: 'message', properties: { subject: 'holder' } })
  const item: EwsAttachment = { is: 'ItemAttachment', Name: 'm', Item: { kind: 'meetingRequest', properties: { subject: 'm' } } }
  const made = await mary.call(CreateAttachment, { ParentItemId, Attachments: [item] })
  assert.deepEqual(codes(made), ['ErrorInvalidItemForOperationCreateItemAttachment'])
})
