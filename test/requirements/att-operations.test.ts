import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { startTestSite } from '../support/site.ts'
import {
  attach,
  attachedXml,
  attachmentId,
  attachmentIn,
  attachXml,
  deleteAttachmentXml,
  fileXml,
  getAttachment,
  getAttachmentXml,
  listed,
} from './attaching.ts'
import { at, idOf, names, person, text, type Person } from './person.ts'

const holder = (who: Person) => who.create('<t:Message><t:Subject>holder</t:Subject></t:Message>', { folder: 'drafts' })

test('what an attachment says of itself: MS-OXWSATT_R337 _R338 _R339 _R340 _R341 _R342 _R343 _R346 _R347', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const given = {
    Name: 'ä&lt;b&gt;.png',
    ContentType: 'image/png',
    ContentId: 'one@two',
    ContentLocation: 'http://www.contoso.com/a b.png',
    IsInline: '1',
    IsContactPhoto: '0',
  }
  const xml = (of: Record<string, string>, content: string) =>
    `<t:FileAttachment>${Object.entries({ ...of, Content: content })
      .map(([name, value]) => `<t:${name}>${value}</t:${name}>`)
      .join('')}</t:FileAttachment>`
  const parent = await holder(mary)
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256))
  const made = await attach(mary, parent, xml(given, bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')))
  const read = await getAttachment(mary, attachmentId(made))
  const said = { ...given, Name: 'ä<b>.png', IsInline: 'true', IsContactPhoto: 'false' }
  assert.deepEqual(Object.fromEntries(Object.keys(given).map((name) => [name, text(read, name)])), said)
  assert.equal(text(read, 'Content'), bytes.toString('base64'))
  assert.equal(text(read, 'Size'), '1000')
  const modified = text(read, 'LastModifiedTime') ?? ''
  assert.match(modified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  const item = await mary.get(parent)
  const [from, to] = ['DateTimeCreated', 'LastModifiedTime'].map((name) => Date.parse(text(item, name) ?? ''))
  assert.ok(Date.parse(modified) >= (from ?? NaN) && Date.parse(modified) <= (to ?? NaN), `${modified} between the making and the change`)
  // Values of another type are no request.
  for (const wrong of [xml({ ...given, IsInline: 'perhaps' }, ''), xml({ ...given, IsContactPhoto: '2' }, ''), xml(given, '*')]) {
    const answer = await site.ews(attachXml(parent, wrong))
    assert.match(answer.body, /ErrorSchemaValidation/, wrong)
  }
  assert.equal(listed(await mary.get(idOf(await mary.get(parent)))).length, 1)
})

test('what a deletion answers: MS-OXWSATT_R326 _R387 _R442 _R445', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const made = await attach(mary, parent, fileXml('a'))
  const before = at(made, 'AttachmentId')?.attributes['RootItemChangeKey'] ?? ''
  const whole = await mary.whole(deleteAttachmentXml(attachmentId(made)))
  assert.equal(whole.name, 'DeleteAttachmentResponse')
  const root = at(whole, 'ResponseMessages/DeleteAttachmentResponseMessage/RootItemId')
  assert.deepEqual(Object.keys(root?.attributes ?? {}), ['RootItemId', 'RootItemChangeKey'])
  const { RootItemId = '', RootItemChangeKey = '' } = root?.attributes ?? {}
  assert.equal(RootItemId, parent.Id)
  assert.notEqual(RootItemChangeKey, before)
  assert.deepEqual(idOf(await mary.get(parent)), { Id: RootItemId, ChangeKey: RootItemChangeKey })
})

test('the shape that an attachment is asked in: MS-OXWSATT_R521 _R399 _R401', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const html = '&lt;p&gt;words&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;'
  const tag = '<t:ExtendedFieldURI PropertyTag="0x6a01" PropertyType="String"/>'
  const message = `<t:Message><t:Subject>s</t:Subject><t:Body BodyType="HTML">${html}</t:Body><t:ExtendedProperty>${tag}<t:Value>mine</t:Value></t:ExtendedProperty></t:Message>`
  const id = attachmentId(await attach(mary, await holder(mary), attachedXml(message)))
  const read = async (shape: string) => at(await getAttachment(mary, id, shape), 'Message') as XmlElement
  const plain = await read('')
  assert.ok(!names(plain).includes('MimeContent') && !names(plain).includes('ExtendedProperty'))
  assert.equal(text(await read(`<t:AdditionalProperties>${tag}</t:AdditionalProperties>`), 'ExtendedProperty/Value'), 'mine')
  for (const [value, meant] of [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const) {
    assert.equal(names(await read(`<t:IncludeMimeContent>${value}</t:IncludeMimeContent>`)).includes('MimeContent'), meant, value)
    assert.equal(/script/.test(text(await read(`<t:FilterHtmlContent>${value}</t:FilterHtmlContent>`), 'Body') ?? ''), !meant, value)
  }
  for (const name of ['IncludeMimeContent', 'FilterHtmlContent']) {
    const answer = await site.ews(getAttachmentXml([id], `<t:${name}>yes</t:${name}>`))
    assert.match(answer.body, /ErrorSchemaValidation/, name)
  }
})

test('the version of the schema that a request is in: MS-OXWSATT_R539 _R462 _R471', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const message = attachedXml('<t:Message><t:Subject>s</t:Subject></t:Message>')
  const id = attachmentId(await attach(mary, parent, message))
  for (const operation of [attachXml(parent, message), deleteAttachmentXml(id), getAttachmentXml([id])]) {
    const { body } = await site.ews(operation, { version: 'Exchange1997' })
    assert.match(body, /ErrorInvalidServerVersion/, operation)
  }
  assert.equal(listed(await mary.get(parent)).length, 1, 'nothing was attached or taken off')
  const seen = async (version: string) => {
    const [answer] = await mary.ask(getAttachmentXml([id]), { requestServerVersion: version })
    return names(at(attachmentIn(answer?.element), 'Message'))
  }
  assert.ok(!(await seen('Exchange2007_SP1')).includes('Preview'), 'what a newer schema has is not sent to older clients')
  assert.ok((await seen('Exchange2016')).includes('Preview'))
  for (const version of ['Exchange2007_SP1', 'Exchange2010_SP2', 'Exchange2013']) {
    const [made] = await mary.ask(attachXml(parent, message), { requestServerVersion: version })
    assert.equal(made?.code, 'NoError')
    assert.deepEqual(await mary.codes(deleteAttachmentXml(attachmentId(attachmentIn(made.element))), { requestServerVersion: version }), [
      'NoError',
    ])
  }
})
