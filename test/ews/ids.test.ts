import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import { changeKeyText, changeOf } from '../../src/protocols/ews/ids/change-key.ts'
import { compressedLength, compressId, decompressId } from '../../src/protocols/ews/ids/compression.ts'
import {
  attachmentIdText,
  attachmentRefOf,
  conversationIdText,
  decodeEwsId,
  decodeLegacyEwsId,
  encodeLegacyEwsId,
  folderIdText,
  folderRefOf,
  itemIdText,
  itemRefOf,
} from '../../src/protocols/ews/ids/ews-id.ts'
import { guidText } from '../../src/protocols/ews/ids/store-id.ts'

const mailbox = fc.nat().map((seed) => guidText(createHash('sha256').update(String(seed)).digest().subarray(0, 16)))
const number = fc
  .nat({ max: 2 ** 48 - 1 })
  .map((n) => n + 1)
  .filter((n) => n < 2 ** 48)

function compressed(plain: Uint8Array): Uint8Array {
  const out = new Uint8Array(compressedLength(plain.length))
  return out.slice(0, compressId(plain, out))
}

function code(body: () => unknown): string {
  try {
    body()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'none'
}

test('MS-OXWSITEMID_R21, R22: what is compressed is decompressed to the same bytes', () => {
  assert.deepEqual([...compressed(Uint8Array.from([1, 2, 2, 3, 3, 3, 3]))], [1, 2, 2, 0, 3, 3, 2])
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 600 }), (bytes) => {
      const plain = Uint8Array.from(bytes)
      assert.deepEqual(decompressId(compressed(plain), 1000), plain)
    }),
  )
  assert.equal(
    code(() => decompressId(Uint8Array.from([5, 5]), 100)),
    'InvalidIdMalformed',
  )
  assert.equal(
    code(() => decompressId(Uint8Array.from([5, 5, 255]), 100)),
    'InvalidIdMalformed',
  )
})

test('MS-OXWSITEMID_R76: item, occurrence, folder, attachment and conversation ids come back as they went', () => {
  fc.assert(
    fc.property(mailbox, number, fc.integer({ min: -1e12, max: 4e12 }), (guid, id, occurrence) => {
      assert.deepEqual(itemRefOf(itemIdText({ mailbox: guid, id })), { mailbox: guid, id })
      assert.deepEqual(itemRefOf(itemIdText({ mailbox: guid, id, occurrence })), { mailbox: guid, id, occurrence })
      assert.deepEqual(folderRefOf(folderIdText(guid, id)), { mailbox: guid, id })
      const attachment = attachmentIdText({ mailbox: guid, id, occurrence }, [1, 70000])
      assert.deepEqual(attachmentRefOf(attachment), { item: { mailbox: guid, id, occurrence }, path: [1, 70000] })
      const conversation = conversationIdText(guid, '00112233445566778899aabbccddeeff')
      assert.deepEqual(decodeEwsId(conversation), { type: 'conversation', mailbox: guid, conversation: '00112233445566778899aabbccddeeff' })
      const legacy = encodeLegacyEwsId({ type: 'item', mailbox: guid, id }, 'mary@contoso.com')
      assert.deepEqual(decodeLegacyEwsId(legacy), { type: 'item', mailbox: guid, id, address: 'mary@contoso.com' })
    }),
  )
})

test('ids are long enough for DavMail and no longer than documented', () => {
  fc.assert(
    fc.property(mailbox, number, (guid, id) => {
      const text = itemIdText({ mailbox: guid, id })
      assert.ok(text.length >= 140, `${text.length} characters`)
      assert.ok(Buffer.from(text, 'base64').length <= 383)
    }),
  )
})

test('an id of another kind, of another case or of nothing is refused by its own code', () => {
  const guid = 'a3bb189e-8bf9-4c4f-9bd1-c5d2a4b7d101'
  const item = itemIdText({ mailbox: guid, id: 42 })
  const folder = folderIdText(guid, 7)
  assert.equal(
    code(() => folderRefOf(item)),
    'CannotUseItemIdForFolderId',
  )
  assert.equal(
    code(() => itemRefOf(folder)),
    'CannotUseFolderIdForItemId',
  )
  assert.equal(
    code(() => attachmentRefOf(item)),
    'InvalidAttachmentId',
  )
  assert.equal(
    code(() => itemRefOf('')),
    'InvalidIdEmpty',
  )
  assert.equal(
    code(() => itemRefOf('DUMMY')),
    'InvalidIdMalformed',
  )
  assert.equal(
    code(() => itemRefOf(item.toLowerCase())),
    'InvalidIdMalformed',
  )
  assert.equal(
    code(() => itemRefOf('A'.repeat(2000))),
    'InvalidIdStoreObjectIdTooLong',
  )
  assert.equal(
    code(() => itemRefOf(attachmentIdText({ mailbox: guid, id: 42 }, [1]))),
    'InvalidOperation',
  )
})

test('no text makes the readers fail otherwise than by a refusal', () => {
  fc.assert(fc.property(fc.base64String(), (text) => void code(() => decodeEwsId(text))))
  const good = Buffer.from(itemIdText({ mailbox: 'a3bb189e-8bf9-4c4f-9bd1-c5d2a4b7d101', id: 42 }), 'base64')
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
      const changed = Buffer.from(good)
      changed[at] = byte
      code(() => decodeEwsId(changed.toString('base64')))
    }),
  )
})

test('a change key belongs to its mailbox', () => {
  const guid = 'a3bb189e-8bf9-4c4f-9bd1-c5d2a4b7d101'
  const key = changeKeyText(guid, 2 ** 40 + 5)
  assert.equal(changeOf(guid, key), 2 ** 40 + 5)
  assert.equal(
    code(() => changeOf('b3bb189e-8bf9-4c4f-9bd1-c5d2a4b7d101', key)),
    'InvalidChangeKey',
  )
  assert.equal(
    code(() => changeOf(guid, 'nonsense')),
    'InvalidChangeKey',
  )
  assert.equal(
    code(() => changeOf(guid, '')),
    'InvalidChangeKey',
  )
})
