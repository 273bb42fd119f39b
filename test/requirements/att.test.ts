import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, type XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, itemXml, names, person, text, type Id, type Person } from './person.ts'

const file = (name: string, more = '', content = 'YQ==') =>
  `<t:FileAttachment><t:Name>${name}</t:Name>${more}<t:Content>${content}</t:Content></t:FileAttachment>`
const item = (inside: string, name = 'item') => `<t:ItemAttachment><t:Name>${name}</t:Name>${inside}</t:ItemAttachment>`
const attachXml = (parent: Id, attachments: string) =>
  `<m:CreateAttachment><m:ParentItemId Id="${parent.Id}" ChangeKey="${parent.ChangeKey}"/><m:Attachments>${attachments}</m:Attachments></m:CreateAttachment>`
const shapeXml = (shape: string) => (shape ? `<m:AttachmentShape>${shape}</m:AttachmentShape>` : '')
const idsXml = (ids: string[]) => `<m:AttachmentIds>${ids.map((id) => `<t:AttachmentId Id="${id}"/>`).join('')}</m:AttachmentIds>`
const getXml = (ids: string[], shape = '') => `<m:GetAttachment>${shapeXml(shape)}${idsXml(ids)}</m:GetAttachment>`
const deleteXml = (...ids: string[]) => `<m:DeleteAttachment>${idsXml(ids)}</m:DeleteAttachment>`
/** The attachment element of an answer, and its id. */
const attached = (answer: XmlElement | undefined): XmlElement => {
  const [found] = elementsOf(at(answer, 'Attachments') as XmlElement)
  assert.ok(found)
  return found
}
const idOf = (attachment: XmlElement): string => at(attachment, 'AttachmentId')?.attributes['Id'] ?? ''
const holder = (who: Person, folder = 'drafts') => who.create('<t:Message><t:Subject>holder</t:Subject></t:Message>', { folder })
const attach = async (who: Person, parent: Id, xml: string) => attached(await who.done(attachXml(parent, xml)))
const get = async (who: Person, id: string, shape = '') => attached(await who.done(getXml([id], shape)))

for (const engine of quickEngines) {
  test(`files (${engine.name}): MS-OXWSATT_R532 _R53201 _R533 _R534 _R38 _R43 _R44 _R45 _R46 _R416 _R59 _R60 _R62 _R6201 _R63 _R64 _R65 _R66 _R67 _R68 _R76 _R52 _R457 _R458 _R466 _R467 _R443 _R446 _R481 _R483 _R476`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parent = await holder(mary)
    const more =
      '<t:ContentType>image/png</t:ContentType><t:ContentId>c1</t:ContentId><t:ContentLocation>http://www.contoso.com/p.png</t:ContentLocation>'
    const made = await mary.ask(attachXml(parent, file('p.png', more.concat('<t:IsInline>true</t:IsInline>')) + file('b.txt', '', 'YmJi')))
    assert.deepEqual(
      made.map(({ code }) => code),
      ['NoError', 'NoError'],
    )
    const [picture, plain] = made.map(({ element }) => attached(element)) as [XmlElement, XmlElement]
    for (const one of [picture, plain]) {
      const { Id = '', RootItemId = '', RootItemChangeKey = '' } = at(one, 'AttachmentId')?.attributes ?? {}
      assert.equal(RootItemId, parent.Id)
      assert.ok(Id && RootItemChangeKey && RootItemChangeKey !== parent.ChangeKey)
      for (const value of [RootItemId, RootItemChangeKey]) assert.ok(Buffer.from(value, 'base64').length <= 512)
    }
    assert.notEqual(idOf(picture), idOf(plain))
    const [one, two] = (await mary.ask(getXml([idOf(picture), idOf(plain)]))).map(({ element }) => attached(element)) as [
      XmlElement,
      XmlElement,
    ]
    assert.deepEqual(
      ['Name', 'ContentType', 'ContentId', 'ContentLocation', 'IsInline', 'Content'].map((name) => text(one, name)),
      ['p.png', 'image/png', 'c1', 'http://www.contoso.com/p.png', 'true', 'YQ=='],
    )
    assert.deepEqual(
      ['Name', 'IsInline', 'Content'].map((name) => text(two, name)),
      ['b.txt', 'false', 'YmJi'],
    )
    const listed = all(await mary.get(parent), 'Attachments/FileAttachment')
    assert.deepEqual(
      listed.map((one) => Number(text(one, 'Size')) > 0 && text(one, 'LastModifiedTime') !== undefined),
      [true, true],
    )
    assert.equal(new Set(listed.map(idOf)).size, 2)
    const [gone] = await mary.ask(deleteXml(idOf(picture)))
    const root = at(gone?.element, 'RootItemId')?.attributes ?? {}
    assert.equal(root['RootItemId'], parent.Id)
    assert.ok(Buffer.from(root['RootItemChangeKey'] ?? '', 'base64').length <= 512)
    assert.equal((await mary.codes(mary.getXml(itemXml({ Id: parent.Id, ChangeKey: root['RootItemChangeKey'] ?? '' }))))[0], 'NoError')
    assert.equal(all(await mary.get(parent), 'Attachments/FileAttachment').length, 1)
    const again = await mary.ask(getXml([idOf(picture)]))
    assert.equal(again[0]?.as, 'Error')
    assert.equal((await mary.ask(deleteXml(idOf(picture))))[0]?.as, 'Error')
  })

  test(`items (${engine.name}): MS-OXWSATT_R36 _R81 _R444 _R83 _R85 _R554 _R97 _R99 _R141 _R142 _R14201 _R547 _R200 _R20001`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parent = await holder(mary)
    const count = async () => (await mary.find('drafts')).length
    const before = await count()
    for (const [element, seenAs] of [
      ['Item', 'Message'],
      ['Message', 'Message'],
      ['CalendarItem', 'CalendarItem'],
      ['Contact', 'Contact'],
      ['Task', 'Task'],
      ['PostItem', 'PostItem'],
    ] as const) {
      const made = await attach(mary, parent, item(`<t:${element}><t:Subject>inside</t:Subject></t:${element}>`))
      const read = await get(mary, idOf(made))
      assert.equal(text(read, `${seenAs}/Subject`), 'inside', element)
      assert.equal(text(read, 'Name'), 'item')
      assert.equal(await count(), before, 'it is no item of the folder')
      assert.deepEqual(await mary.codes(deleteXml(idOf(made))), ['NoError'])
      assert.equal((await mary.ask(getXml([idOf(made)])))[0]?.as, 'Error')
    }
    const deep = await attach(
      mary,
      parent,
      item(`<t:Message><t:Subject>middle</t:Subject><t:Attachments>${file('deep.txt')}</t:Attachments></t:Message>`),
    )
    const [inner] = all(await get(mary, idOf(deep)), 'Message/Attachments/FileAttachment')
    assert.equal(text(await get(mary, idOf(inner as XmlElement)), 'Content'), 'YQ==')
  })
}

test('what cannot be attached: MS-OXWSATT_R78001 _R318001 _R78002', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  for (const element of ['MeetingMessage', 'MeetingRequest', 'MeetingResponse', 'MeetingCancellation']) {
    const codes = await mary.codes(attachXml(parent, item(`<t:${element}><t:Subject>x</t:Subject></t:${element}>`)))
    assert.deepEqual(codes, ['ErrorInvalidItemForOperationCreateItemAttachment'], element)
  }
  assert.deepEqual(await mary.codes(attachXml(parent, item(''))), ['ErrorMissingItemForCreateItemAttachment'])
})

test('shapes of attachments: MS-OXWSATT_R475 _R477 _R311 _R3111 _R478 _R479 _R479001 _R479002 _R549 _R74', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const html = '&lt;p&gt;words&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;'
  const id = idOf(
    await attach(mary, parent, item(`<t:Message><t:Subject>s</t:Subject><t:Body BodyType="HTML">${html}</t:Body></t:Message>`)),
  )
  const read = async (shape: string) => at(await get(mary, id, shape), 'Message')
  assert.match(
    Buffer.from(text(await read('<t:IncludeMimeContent>true</t:IncludeMimeContent>'), 'MimeContent') ?? '', 'base64').toString(),
    /^Subject: s\r$/m,
  )
  assert.ok(!names(await read('<t:IncludeMimeContent>false</t:IncludeMimeContent>')).includes('MimeContent'))
  for (const type of ['HTML', 'Text'])
    assert.equal(at(await read(`<t:BodyType>${type}</t:BodyType>`), 'Body')?.attributes['BodyType'], type)
  const filtered = (value: boolean) => `<t:BodyType>HTML</t:BodyType><t:FilterHtmlContent>${value}</t:FilterHtmlContent>`
  assert.ok(!text(await read(filtered(true)), 'Body')?.includes('script'))
  assert.ok(text(await read(filtered(false)), 'Body')?.includes('script'))
  const asked = '<t:AdditionalProperties><t:FieldURI FieldURI="item:Importance"/></t:AdditionalProperties>'
  assert.equal(text(await read(asked), 'Importance'), 'Normal')
  const contact = await mary.create('<t:Contact><t:DisplayName>Ann</t:DisplayName></t:Contact>', { folder: 'contacts' })
  const photo = await attach(
    mary,
    contact,
    '<t:FileAttachment><t:Name>ContactPicture.jpg</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>AAAA</t:Content></t:FileAttachment>',
  )
  assert.equal(text(await get(mary, idOf(photo)), 'IsContactPhoto'), 'true')
  assert.equal(text(await mary.get(contact), 'HasPicture'), 'true')
})
