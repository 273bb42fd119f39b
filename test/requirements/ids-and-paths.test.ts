import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { at, idOf, person, setXml, text } from './person.ts'

/** The storage type of an id ([MS-OXWSITEMID] 2.1.3): the byte behind that of compression, which never is the first of a run. */
const storageType = (id: string): number | undefined => Buffer.from(id, 'base64')[1]

test('an id says what it is stored as: MS-OXWSITEMID_R63 _R64', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const mailboxGuid = 3
  const conversation = 4
  const message = await mary.get(await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: 'inbox' }))
  assert.equal(storageType(idOf(message).Id), mailboxGuid)
  assert.equal(storageType(idOf(await mary.getFolder('inbox'), 'FolderId').Id), mailboxGuid)
  const conversationId = at(message, 'ConversationId')?.attributes['Id'] ?? ''
  assert.equal(storageType(conversationId), conversation)
  // What the byte says decides how the id is read: of another type it names nothing.
  const bytes = Buffer.from(idOf(message).Id, 'base64')
  for (const type of [conversation, 0, 1, 2, 5, 9]) {
    bytes[1] = type
    const codes = await mary.codes(mary.getXml(`<t:ItemId Id="${bytes.toString('base64')}"/>`))
    assert.deepEqual(codes, ['ErrorInvalidIdMalformed'], String(type))
  }
})

test('a property set is a GUID: MS-OXWSXPROP_R149', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const path = (set: string) => `<t:ExtendedFieldURI PropertySetId="${set}" PropertyName="a" PropertyType="String"/>`
  const message = (set: string) => `<t:Message><t:ExtendedProperty>${path(set)}<t:Value>v</t:Value></t:ExtendedProperty></t:Message>`
  const guid = 'c11ff724-aa03-4555-9952-8fa248a11c3e'
  const made = await mary.create(message(guid))
  assert.equal(text(await mary.get(made, { fields: [path(guid)] }), 'ExtendedProperty/Value'), 'v')
  for (const wrong of [`{${guid}}`, guid.slice(1), guid.replaceAll('-', ''), `g${guid.slice(1)}`, '']) {
    const created = await mary.createCodes(message(wrong))
    assert.deepEqual(created, ['ErrorInvalidExtendedProperty'], `CreateItem '${wrong}'`)
    assert.deepEqual(
      await mary.updateCodes(made, setXml(path(wrong), message(wrong))),
      ['ErrorInvalidExtendedProperty'],
      `UpdateItem '${wrong}'`,
    )
    assert.deepEqual(await mary.codes(mary.getXml(`<t:ItemId Id="${made.Id}"/>`, { fields: [path(wrong)] })), [
      'ErrorInvalidExtendedProperty',
    ])
  }
})
