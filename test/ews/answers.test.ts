import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateItem, FindItem, GetItem, type BaseFolderId, type EwsItem, type EwsResponse, type Infer } from '#schema'
import { engines, quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, until, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

type Id = { Id: string; ChangeKey: string }
const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const respond = (client: EwsClient, response: EwsResponse, more: Partial<Infer<typeof CreateItem.request>> = {}) =>
  client.call(CreateItem, { MessageDisposition: 'SaveOnly', Items: [response], ...more })
const idOf = (item: EwsItem | undefined): Id => item?.properties.itemId as Id

async function list(client: EwsClient, folder = 'inbox'): Promise<EwsItem[]> {
  const request = { Traversal: 'Shallow' as const, ItemShape: { BaseShape: 'Default' as const }, ParentFolderIds: [named(folder)] }
  const Found = only(await client.call(FindItem, request)).RootFolder?.Found
  return Found?.is === 'Items' ? Found.value : []
}
async function get(client: EwsClient, value: Id, more: object = {}): Promise<EwsItem> {
  const ItemShape = { BaseShape: 'AllProperties' as const, ...more }
  const [item] = only(await client.call(GetItem, { ItemShape, ItemIds: [{ is: 'ItemId', value }] })).Items
  assert.ok(item)
  return item
}
const addresses = (people: unknown): unknown[] => ((people ?? []) as { address: string }[]).map(({ address }) => address)

for (const engine of quickEngines) {
  test(`answers and forwards quote the original, keep the thread and are sent (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob, ann] = [ewsClient(site), ewsClient(site, 'rob'), ewsClient(site, 'ann')]
    const mail: EwsItem = {
      kind: 'message',
      properties: {
        subject: 'Plans',
        body: { type: 'HTML', value: '<html><body><p>Shall we?</p></body></html>' },
        toRecipients: [{ address: 'rob@contoso.com' }],
        ccRecipients: [{ address: 'ann@contoso.com' }],
      },
      attachments: [{ is: 'FileAttachment', Name: 'plan.txt', Content: 'cGxhbg==' }],
    }
    only(await mary.call(CreateItem, { MessageDisposition: 'SendAndSaveCopy', Items: [mail] }))
    await until(site, 'rob', async () => (await list(rob)).length === 1)
    const [original] = await list(rob)
    const referenceItemId = idOf(original)
    const messageId = (await get(rob, referenceItemId)).properties.internetMessageId

    const newBody = { type: 'Text' as const, value: 'Yes & no' }
    const reply = only(await respond(rob, { response: 'ReplyToItem', referenceItemId, properties: {}, newBody })).Items[0]
    const draft = await get(rob, idOf(reply))
    assert.equal(draft.properties.subject, 'RE: Plans')
    assert.deepEqual(addresses(draft.properties.toRecipients), ['mary@contoso.com'])
    assert.equal(draft.properties.inReplyTo, messageId)
    assert.equal(draft.properties.references, messageId)
    const body = (draft.properties.body as { type: string; value: string }).value
    assert.match(body, /Yes &amp; no[\s\S]*From:[\s\S]*Mary Jensen[\s\S]*Shall we\?/)

    const all = only(await respond(rob, { response: 'ReplyAllToItem', referenceItemId, properties: {}, newBody })).Items[0]
    const toAll = await get(rob, idOf(all))
    assert.deepEqual(addresses(toAll.properties.toRecipients), ['mary@contoso.com'])
    assert.deepEqual(addresses(toAll.properties.ccRecipients), ['ann@contoso.com'])

    const toRecipients = [{ address: 'ann@contoso.com' }]
    const forward: EwsResponse = { response: 'ForwardItem', referenceItemId, properties: { toRecipients }, newBody }
    only(await respond(rob, forward, { MessageDisposition: 'SendAndSaveCopy' }))
    const forwarded = async () => (await list(ann)).find(({ properties }) => properties.subject === 'FW: Plans')
    await until(site, 'ann', async () => (await forwarded()) !== undefined)
    const arrived = await get(ann, idOf(await forwarded()))
    assert.deepEqual(
      (arrived.attachments ?? []).map(({ Name }) => Name),
      ['plan.txt'],
    )
    const marked = await rob.post(
      '<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:ExtendedFieldURI PropertyTag="0x1081" PropertyType="Integer"/></t:AdditionalProperties></m:ItemShape>' +
        `<m:ItemIds><t:ItemId Id="${referenceItemId.Id}"/></m:ItemIds></m:GetItem>`,
    )
    assert.match(marked.answer.body, /<t:Value>104<\/t:Value>/)
  })

  test(`a meeting is sent, accepted, and cancelled between mailboxes (interop 1.12, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [ewsClient(site), ewsClient(site, 'rob')]
    const start = Date.UTC(2030, 2, 4, 9)
    const meeting: EwsItem = {
      kind: 'calendar',
      properties: {
        subject: 'Review',
        start,
        end: start + 3_600_000,
        location: 'Room 1',
        requiredAttendees: [{ mailbox: { address: 'rob@contoso.com' } }],
      },
    }
    const made = only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToAllAndSaveCopy', Items: [meeting] })).Items[0]
    await until(site, 'rob', async () => (await list(rob)).length === 1)
    const [invitation] = await list(rob)
    assert.equal(invitation?.kind, 'meetingRequest')
    const [filed] = await list(rob, 'calendar')
    assert.equal((await get(rob, idOf(filed))).properties.myResponseType, 'NoResponseReceived')
    const request = await get(rob, idOf(invitation))
    assert.ok((request.properties.responseObjects as string[]).includes('AcceptItem'))
    assert.deepEqual((request.properties.associatedCalendarItemId as Id).Id, idOf(filed).Id)

    const accept: EwsResponse = { response: 'AcceptItem', referenceItemId: idOf(invitation), properties: {} }
    const without = await rob.call(CreateItem, { Items: [accept] })
    assert.deepEqual(codes(without), ['ErrorMessageDispositionRequired'])
    const accepted = only(await respond(rob, accept, { MessageDisposition: 'SendAndSaveCopy' }))
    assert.equal(accepted.Items[0]?.kind, 'calendar')
    await until(site, 'mary', async () => (await list(mary)).some(({ kind }) => kind === 'meetingResponse'))
    const [attendee] = (await get(mary, idOf(made))).properties.requiredAttendees as { response: string }[]
    assert.equal(attendee?.response, 'Accept')
    assert.equal((await get(rob, idOf((await list(rob, 'calendar'))[0]))).properties.myResponseType, 'Accept')

    const cancel: EwsResponse = { response: 'CancelCalendarItem', referenceItemId: idOf(made), properties: {} }
    only(await respond(mary, cancel, { MessageDisposition: 'SendAndSaveCopy' }))
    const cancellation = async () => (await list(rob)).find(({ kind }) => kind === 'meetingCancellation')
    await until(site, 'rob', async () => (await cancellation()) !== undefined)
    assert.deepEqual(await list(mary, 'calendar'), [])
    only(await respond(rob, { response: 'RemoveItem', referenceItemId: idOf(await cancellation()), properties: {} }))
    assert.deepEqual(await list(rob, 'calendar'), [])
  })
}

test('what cannot be answered is refused by its own code', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const reply = (referenceItemId?: Id): EwsResponse => ({
    response: 'ReplyToItem',
    properties: {},
    ...(referenceItemId ? { referenceItemId } : {}),
  })
  assert.deepEqual(codes(await mary.call(CreateItem, { Items: [reply()] })), ['ErrorMessageDispositionRequired'])
  assert.deepEqual(codes(await respond(mary, reply())), ['ErrorInvalidReferenceItem'])
  assert.deepEqual(codes(await respond(mary, reply({ Id: 'x', ChangeKey: '' }))), ['ErrorInvalidIdMalformed'])
  const event: EwsItem = { kind: 'calendar', properties: { subject: 'own', start: 0, end: 3_600_000 } }
  const own = only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToNone', Items: [event] })).Items[0]
  const accept: EwsResponse = { response: 'AcceptItem', referenceItemId: idOf(own), properties: {} }
  assert.deepEqual(codes(await respond(mary, accept)), ['ErrorInvalidItemForOperationAcceptItem'])
})
