import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { at, idOf, person } from './person.ts'

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
