/** Readers of what comes from anybody: voting streams, links, places in conversations. Never a defect, whatever the bytes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import { linkBytes, readLink } from '../../src/mailbox/attachments/link.ts'
import { answerIndex, conversationIndex, indexIn } from '../../src/mailbox/items/conversation.ts'
import { readVerbStream } from '../../src/mailbox/items/voting.ts'

const yes = Buffer.from(
  '0201010000000400000003596573084950' + '4d2e4e6f746500035965730000000000000000000100000002000000020000000100000' + '0ffffffff040103590065007300' + '03590065007300',
  'hex',
) // prettier-ignore

test('a voting stream is read or has no options, cut and changed anywhere ([MS-OXOMSG] 2.2.1.74)', () => {
  assert.deepEqual(readVerbStream(yes), [{ verb: 4, name: 'Yes', prompt: 'VotingOption' }])
  fc.assert(
    fc.property(fc.nat(yes.length), fc.nat(yes.length - 1), fc.nat(255), (length, at, value) => {
      const bytes = Buffer.from(yes)
      bytes[at] = value
      for (const option of readVerbStream(bytes.subarray(0, length))) assert.ok(option.name.isWellFormed() && option.name.length <= 255)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const stream = Buffer.concat([yes.subarray(0, 2), bytes])
      assert.ok(readVerbStream(stream).length <= 100)
    }),
  )
})

test('a link is what it was, or none', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => one.isWellFormed() && !one.includes('\0'))
  const link = fc.record(
    { attachLongPathName: text, providerType: text, permissionType: fc.integer(), attachmentIsFolder: fc.boolean() },
    { requiredKeys: [] },
  )
  fc.assert(fc.property(link, (one) => assert.deepEqual({ ...readLink(linkBytes(one)) }, { ...one })))
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = readLink(Buffer.from(JSON.stringify(value)))
      assert.ok(read === undefined || JSON.stringify(read) === JSON.stringify(value))
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void readLink(bytes)))
  for (const wrong of ['null', '[]', '{"x":1}', '{"__proto__":{"a":1}}', '{"permissionType":1.5}', '{"attachLongPathName":"\\u0000"}'])
    assert.equal(readLink(Buffer.from(wrong)), undefined, wrong)
  assert.throws(() => linkBytes({ attachLongPathName: 'x'.repeat(3000) }), Refusal)
})

test('an index of a conversation grows by five bytes and stops at its bound ([MS-OXOMSG] 2.2.1.3)', () => {
  const bytes = (index: string) => Buffer.from(index, 'base64').length
  // The first byte of the time is 1 until 2057.
  const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2057, 0, 1) })
  fc.assert(
    fc.property(instant, instant, (began, at) => {
      const answer = answerIndex(conversationIndex('0'.repeat(32), began), at, 'x')
      assert.equal(bytes(answer), 27)
      assert.equal(indexIn(answer), answer)
      const told = Buffer.from(answer, 'base64').readUInt32BE(22)
      const distance = Math.max(0, at - began) * 10_000
      const unit = told >>> 31 ? 2 ** 23 : 2 ** 18
      const most = 2 ** 31 * unit
      // The header tells the beginning to 6.5 ms, the level the distance to its unit.
      assert.ok(Math.abs((told & 0x7fffffff) * unit - (distance % most)) <= unit + 2 ** 17, `${began} ${at}`)
    }),
  )
  let index = conversationIndex('0'.repeat(32), 0)
  for (let level = 0; level < 300; level++) index = answerIndex(index, level, String(level))
  assert.equal(bytes(index), 22 + 200 * 5)
  assert.equal(indexIn(index), index)
  fc.assert(fc.property(fc.string(), (field) => void indexIn(field)))
})
