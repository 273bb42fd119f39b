import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeStoreId } from '../../src/protocols/ews/ids/store-id.ts'
import { mailboxSite } from '../admin/mailbox-site.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { at, idOf, person, type Person } from './person.ts'

/** [MS-OXWSITEMID] 2.1.3.1.2, written from its words: a byte that stands twice is followed by how often it comes again. */
function decompressed(bytes: Buffer): Buffer {
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    out.push(byte)
    if (bytes[at + 1] !== byte) continue
    out.push(byte)
    for (let more = bytes[at + 2] ?? 0; more > 0; more--) out.push(byte)
    at += 2
  }
  return Buffer.from(out)
}
/** [MS-OXWSITEMID] 2.1.3.1.1 */
function compressed(bytes: Buffer): Buffer {
  const out: number[] = []
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] as number
    let run = 1
    while (at + run < bytes.length && bytes[at + run] === byte && run < 257) run++
    if (run === 1) out.push(byte)
    else out.push(byte, byte, run - 2)
    at += run
  }
  return Buffer.from(out)
}
function taken(id: string) {
  const bytes = Buffer.from(id, 'base64')
  const plain = bytes[0] === 1 ? decompressed(bytes.subarray(1)) : bytes.subarray(1)
  const [type] = plain
  const length = plain.readInt16LE(1)
  const moniker = plain.subarray(3, 3 + length).toString('utf8')
  const instruction = plain[3 + length]
  const rest = plain.readInt16LE(4 + length)
  return {
    bytes,
    plain,
    type,
    moniker,
    instruction,
    store: plain.subarray(6 + length, 6 + length + rest),
    whole: plain.length === 6 + length + rest,
  }
}

test('ids have the documented form: MS-OXWSITEMID_R17 _R18 _R19 _R21 _R22 _R62 _R66 _R75 _R76 _R37 _R38 _R39 _R74', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const message = await mary.get(await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: 'inbox' }))
  const folder = await mary.getFolder('inbox')
  const conversation = at(message, 'ConversationId')?.attributes['Id'] ?? ''
  const mailboxItem = 3
  const conversationId = 4
  for (const [id, type] of [
    [idOf(message).Id, mailboxItem],
    [idOf(folder, 'FolderId').Id, mailboxItem],
    [conversation, conversationId],
  ] as const) {
    const read = taken(id)
    assert.equal(read.type, type)
    assert.match(read.moniker, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
    assert.equal(read.moniker.toLowerCase(), site.people['mary']?.mailbox?.toLowerCase())
    assert.equal(read.instruction, 0)
    assert.ok(read.whole && read.store.length > 0)
    const smaller = compressed(read.plain).length < read.plain.length
    assert.equal(read.bytes[0], smaller ? 1 : 0, 'compressed only where that is smaller')
    if (smaller) assert.deepEqual(read.bytes.subarray(1), compressed(read.plain))
  }
})

test('a recurring item says how its id is to be processed: MS-OXWSITEMID_R67', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const event =
    '<t:CalendarItem><t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>' +
    '<t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence></t:CalendarItem>'
  await mary.create(event, { folder: 'calendar' })
  const view = '<m:CalendarView StartDate="2030-03-04T00:00:00Z" EndDate="2030-03-08T00:00:00Z"/>'
  const [one] = await mary.find('calendar', { view })
  const read = taken(idOf(one).Id)
  assert.equal(read.instruction, 1)
})

/** [MS-OXWSCVTID] 2.2.4.3: an id of a public folder, or of an item in one, in another format. */
async function converted(who: Person, ids: { FolderId: string; ItemId?: string }, from: string, to: string) {
  const type = ids.ItemId === undefined ? 'AlternatePublicFolderId' : 'AlternatePublicFolderItemId'
  const attributes = Object.entries(ids).map(([name, id]) => `${name}="${id}"`)
  const answer = await who.done(
    `<m:ConvertId DestinationFormat="${to}"><m:SourceIds><t:${type} Format="${from}" ${attributes.join(' ')}/></m:SourceIds></m:ConvertId>`,
  )
  const { FolderId = '', ItemId = '', Format = '' } = at(answer, 'AlternateId')?.attributes ?? {}
  assert.equal(Format, to)
  return { FolderId, ItemId }
}

for (const engine of quickEngines) {
  test(`ids of public folders, and of items in them, have the documented forms (${engine.name}): MS-OXWSITEMID_R62 _R44 _R46 _R47 _R48`, async () => {
    await using site = await mailboxSite(engine)
    await site.run("New-Mailbox 'Public Folders' -PublicFolder")
    await site.run('Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner')
    const mary = person(site)
    const made = await mary.makeFolder('<t:Folder><t:DisplayName>Sales</t:DisplayName></t:Folder>', 'publicfoldersroot')
    const mailbox = (await site.directory.publicFolderRoot(site.organisation.id))?.publicFolders ?? ''
    const providerOfAll = '1a447390aa6611cd9bc800aa002fc45a'

    const folder = decompressed(Buffer.from(made.Id, 'base64').subarray(1))
    assert.deepEqual([folder[0], folder.readInt16LE(1), folder.length], [1, 46, 49], 'PublicFolder: a store id behind its length')
    assert.deepEqual([folder.toString('hex', 7, 23), folder.readInt16LE(23)], [providerOfAll, 3], '[MS-OXCDATA] 2.2.4.1')

    const hex = await converted(mary, { FolderId: made.Id }, 'EwsId', 'HexEntryId')
    assert.equal(hex.FolderId.toLowerCase(), folder.toString('hex', 3))
    const entry = encodeStoreId({ mailbox, kind: 'item', id: 4711 })
    assert.deepEqual([entry.toString('hex', 4, 20), entry.readInt16LE(20)], [providerOfAll, 9], '[MS-OXCDATA] 2.2.4.2')
    const ews = await converted(mary, { FolderId: hex.FolderId, ItemId: entry.toString('hex') }, 'HexEntryId', 'EwsId')
    assert.equal(ews.FolderId, made.Id)
    const item = decompressed(Buffer.from(ews.ItemId, 'base64').subarray(1))
    const store = item.subarray(4, 4 + item.readInt16LE(2))
    const above = item.subarray(4 + store.length)
    assert.deepEqual([item[0], item[1], item.readInt16LE(2), above.readInt16LE(0)], [2, 0, 70, 46])
    assert.deepEqual([store, above.subarray(2)], [entry, folder.subarray(3)])
    assert.deepEqual(await converted(mary, ews, 'EwsId', 'EntryId'), {
      FolderId: folder.toString('base64', 3),
      ItemId: entry.toString('base64'),
    })
    assert.deepEqual(await converted(mary, ews, 'EwsId', 'EwsLegacyId'), ews)

    const get = (id: string) => mary.codes(mary.getXml(`<t:ItemId Id="${id}"/>`))
    assert.deepEqual(await get(ews.ItemId), ['ErrorItemNotFound'], 'it is read: no item of that number is in the folder')
    const changed = (change: (bytes: Buffer) => Buffer) => Buffer.concat([Buffer.from([0]), change(Buffer.from(item))]).toString('base64')
    assert.deepEqual(await get(changed((bytes) => bytes)), ['ErrorItemNotFound'])
    const spoilt: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => (bytes.writeUInt8(7, 1), bytes),
      (bytes) => (bytes.writeInt16LE(-1, 2), bytes),
      (bytes) => (bytes.writeInt16LE(3000, 2), bytes),
      (bytes) => (bytes.writeInt16LE(47, 4 + store.length), bytes),
      (bytes) => bytes.subarray(0, bytes.length - 1),
      (bytes) => bytes.subarray(0, 5 + store.length),
      (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
      (bytes) => (bytes.writeUInt8(1, 24), bytes),
      (bytes) => Buffer.concat([bytes.subarray(0, 2), bytes.subarray(4 + store.length), bytes.subarray(2, 4 + store.length)]),
    ]
    for (const spoil of spoilt) assert.deepEqual(await get(changed(spoil)), ['ErrorInvalidIdMalformed'], String(spoil))
    assert.deepEqual(await get(made.Id), ['ErrorCannotUseFolderIdForItemId'])
  })
}
