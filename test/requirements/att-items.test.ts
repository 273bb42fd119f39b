import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import {
  attach,
  attachedXml,
  attachmentId,
  attachXml,
  deleteAttachmentXml,
  fileXml,
  getAttachment,
  getAttachmentXml,
  listed,
} from './attaching.ts'
import { arrived, at, idOf, itemXml, names, person, setXml, text, texts, type Id, type Person } from './person.ts'

const holder = (who: Person, inside = '') =>
  who.create(`<t:Message><t:Subject>holder</t:Subject>${inside}</t:Message>`, { folder: 'drafts' })
/** The item in an attachment. */
const inside = (attachment: XmlElement, name: string): XmlElement => {
  const found = at(attachment, name)
  assert.ok(found, `${name} in ${names(attachment).join(' ')}`)
  return found
}
const mail = (subject: string, ...parts: string[]) =>
  `From: Sam <sam@fabrikam.com>\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '-')}@fabrikam.com>\r\nDate: Mon, 04 Mar 2030 08:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=${subject.replaceAll(' ', '-')}\r\n\r\n` +
  parts.map((part) => `--${subject.replaceAll(' ', '-')}\r\n${part}\r\n`).join('') +
  `--${subject.replaceAll(' ', '-')}--\r\n`
const words = 'Content-Type: text/plain\r\n\r\nhello'
const asPart = (message: string) => `Content-Type: message/rfc822\r\n\r\n${message}`
const imported = (who: Person, mime: string) =>
  who.create(`<t:Message><t:MimeContent>${Buffer.from(mime).toString('base64')}</t:MimeContent></t:Message>`, { folder: 'inbox' })

for (const engine of quickEngines) {
  test(`attached items by their own ids (${engine.name}): MS-OXWSATT_R336 _R333 _R439 _R334 _R440 _R527`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parent = await holder(mary)
    const file = fileXml('deep.txt', '', 'ZGVlcA==')
    const middle = `<t:Message><t:Subject>middle</t:Subject><t:Body BodyType="Text">words</t:Body><t:Attachments>${file}${attachedXml('<t:Task><t:Subject>deep</t:Subject></t:Task>')}</t:Attachments></t:Message>`
    const made = await attach(mary, parent, attachedXml(middle))
    const { Id = '', RootItemId = '', RootItemChangeKey = '' } = at(made, 'AttachmentId')?.attributes ?? {}
    assert.equal(RootItemId, parent.Id)
    for (const value of [RootItemId, RootItemChangeKey]) {
      const bytes = Buffer.from(value, 'base64')
      assert.ok(bytes.length > 0 && bytes.length <= 512)
      assert.equal(bytes.toString('base64'), value)
    }
    const shown = inside(await getAttachment(mary, Id), 'Message')
    const itemId = idOf(shown)
    const read = await mary.get(itemId)
    assert.equal(read.name, 'Message')
    assert.deepEqual([text(read, 'Subject'), text(read, 'Body'), idOf(read).Id], ['middle', 'words', itemId.Id])
    const small = await mary.get(itemId, { shape: 'IdOnly', fields: ['item:Subject'] })
    assert.deepEqual(names(small), ['ItemId', 'Subject'])
    const [deepFile, deepItem] = listed(read)
    assert.equal(text(await getAttachment(mary, attachmentId(deepFile)), 'Content'), 'ZGVlcA==')
    const task = await mary.get({ Id: attachmentId(deepItem), ChangeKey: itemId.ChangeKey })
    assert.deepEqual([task.name, text(task, 'Subject')], ['Task', 'deep'])
    const together = await mary.codes(mary.getXml(itemXml(parent) + itemXml(itemId) + itemXml({ ...itemId, Id: attachmentId(deepFile) })))
    assert.deepEqual(together, ['NoError', 'NoError', 'ErrorInvalidIdNotAnItemAttachmentId'])
    assert.deepEqual(await mary.codes(deleteAttachmentXml(Id)), ['NoError'])
    assert.deepEqual(await mary.codes(mary.getXml(itemXml(itemId))), ['ErrorInvalidAttachmentId'])
  })

  test(`what is attached to attached mail goes along (${engine.name}): MS-OXWSATT_R349 _R91 _R353`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const twice = 'Content-Type: image/png\r\nContent-ID: <same>\r\nContent-Disposition: attachment; filename=a.png\r\n\r\nxx'
    const invitation = mail('invite', `Content-Type: text/calendar; method=REQUEST\r\n\r\n${calendar('REQUEST')}`)
    const inner = mail('inner', words, 'Content-Type: text/csv; name=a.csv\r\n\r\n1;2', asPart(invitation))
    const received = await imported(mary, mail('outer', words, asPart(inner), twice, twice))
    const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
    const forward = (id: Id) => `<t:ForwardItem>${to}<t:ReferenceItemId Id="${id.Id}" ChangeKey="${id.ChangeKey}"/></t:ForwardItem>`
    await mary.done(mary.createXml(forward(received), { disposition: 'SendOnly' }))
    const rob = person(site, 'rob')
    const [attached, ...pictures] = listed(await arrived(site, 'rob', 'FW: outer'))
    assert.deepEqual([attached?.name, ...pictures.map((one) => text(one, 'Name'))], ['ItemAttachment', 'a.png', 'a.png'])
    const message = inside(await getAttachment(rob, attachmentId(attached)), 'Message')
    assert.deepEqual([text(message, 'Subject'), text(message, 'From/Mailbox/EmailAddress')], ['inner', 'sam@fabrikam.com'])
    const [csv, meeting] = listed(message)
    assert.equal(text(await getAttachment(rob, attachmentId(csv)), 'Content'), Buffer.from('1;2').toString('base64'))
    const request = inside(await getAttachment(rob, attachmentId(meeting)), 'MeetingRequest')
    assert.equal(text(request, 'Start'), '2030-03-04T09:00:00Z')
    // Of the attached message alone, by its own id.
    await rob.done(rob.createXml(forward(idOf(message)).replace('rob@', 'mary@'), { disposition: 'SendOnly' }))
    const [again] = listed(await arrived(site, 'mary', 'FW: inner'))
    assert.equal(text(again, 'Name'), 'a.csv')
  })
}

const calendar = (method: string, status = 'NEEDS-ACTION') =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    'UID:uid-1',
    'DTSTAMP:20300301T000000Z',
    'SUMMARY:plan',
    'LOCATION:Room 1',
    'DTSTART:20300304T090000Z',
    'DTEND:20300304T100000Z',
    'ORGANIZER:mailto:sam@fabrikam.com',
    `ATTENDEE;PARTSTAT=${status}:mailto:mary@contoso.com`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')

test('attached meeting messages: MS-OXWSATT_R353 _R91 _R354 _R93 _R355 _R95', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [method, status, element] of [
    ['REQUEST', 'NEEDS-ACTION', 'MeetingRequest'],
    ['REPLY', 'ACCEPTED', 'MeetingResponse'],
    ['CANCEL', 'NEEDS-ACTION', 'MeetingCancellation'],
  ] as const) {
    const message = mail(method, `Content-Type: text/calendar; method=${method}\r\n\r\n${calendar(method, status)}`)
    const [attached] = listed(await mary.get(await imported(mary, mail(`outer ${method}`, words, asPart(message)))))
    const read = inside(await getAttachment(mary, attachmentId(attached)), element)
    assert.deepEqual(
      [text(read, 'Subject'), text(read, 'UID'), text(read, 'Start'), text(read, 'Location'), text(read, 'IsOutOfDate')],
      [method, 'uid-1', '2030-03-04T09:00:00Z', 'Room 1', 'false'],
    )
    if (element === 'MeetingResponse') assert.equal(text(read, 'ResponseType'), 'Accept')
    if (element === 'MeetingRequest') assert.deepEqual(texts(read, 'Organizer/Mailbox/EmailAddress'), ['sam@fabrikam.com'])
    const answers = names(at(read, 'ResponseObjects'))
    assert.deepEqual(answers, ['ReplyToItem', 'ReplyAllToItem', 'ForwardItem'], 'an attached meeting cannot be accepted')
  }
})

test('items of each kind keep what they alone have: MS-OXWSATT_R349 _R350 _R351 _R356 _R357 _R527', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const kinds: Record<string, [own: string, path: string, value: string]> = {
    Item: ['<t:Importance>High</t:Importance>', 'Importance', 'High'],
    Message: ['<t:CcRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:CcRecipients>', 'CcRecipients/Mailbox/EmailAddress', 'rob@contoso.com'], // prettier-ignore
    CalendarItem: ['<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End><t:Location>Room 2</t:Location>', 'Location', 'Room 2'], // prettier-ignore
    Contact: ['<t:GivenName>Ann</t:GivenName>', 'GivenName', 'Ann'],
    Task: ['<t:PercentComplete>40</t:PercentComplete>', 'PercentComplete', '40'],
    PostItem: ['<t:References>&lt;a@b&gt;</t:References>', 'References', '<a@b>'],
  }
  for (const [element, [own, path, value]] of Object.entries(kinds)) {
    const made = await attach(mary, parent, attachedXml(`<t:${element}><t:Subject>s</t:Subject>${own}</t:${element}>`))
    const read = inside(await getAttachment(mary, attachmentId(made)), element === 'Item' ? 'Message' : element)
    assert.equal(text(read, path), value, element)
    assert.equal(text(await mary.get(idOf(read)), path), value, `${element} by its id`)
  }
})

test('an attached item can be read and answered, and nothing else', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const made = await attach(mary, parent, attachedXml('<t:Message><t:Subject>inner</t:Subject></t:Message>'))
  const id = idOf(inside(await getAttachment(mary, attachmentId(made)), 'Message'))
  const ids = `<m:ItemIds>${itemXml(id)}</m:ItemIds>`
  const to = '<m:ToFolderId><t:DistinguishedFolderId Id="notes"/></m:ToFolderId>'
  assert.deepEqual(await mary.updateCodes(id, setXml('item:Subject', '<t:Message><t:Subject>x</t:Subject></t:Message>')), [
    'ErrorInvalidOperation',
  ])
  assert.deepEqual(await mary.remove(itemXml(id)), ['ErrorInvalidOperation'])
  for (const operation of [
    `<m:MoveItem>${to}${ids}</m:MoveItem>`,
    `<m:CopyItem>${to}${ids}</m:CopyItem>`,
    `<m:SendItem SaveItemToFolder="false">${ids}</m:SendItem>`,
    `<m:ExportItems>${ids}</m:ExportItems>`,
    attachXml(id, fileXml('f')),
  ])
    assert.deepEqual(await mary.codes(operation), ['ErrorInvalidOperation'], operation)
  assert.equal(text(await mary.get(parent), 'Subject'), 'holder')
  assert.equal(text(await mary.get(id, { shape: 'IdOnly', fields: ['item:Subject'] }), 'Subject'), 'inner')
  const rob = person(site, 'rob')
  assert.deepEqual(await rob.codes(rob.getXml(itemXml(id))), ['ErrorItemNotFound'])
  assert.deepEqual(await rob.codes(getAttachmentXml([attachmentId(made)])), ['ErrorItemNotFound'])
  assert.deepEqual(await rob.codes(deleteAttachmentXml(attachmentId(made))), ['ErrorItemNotFound'])
})

test('how deep and how many', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await holder(mary)
  const nested = (levels: number): string =>
    attachedXml(
      `<t:Message><t:Subject>s</t:Subject>${levels > 1 ? `<t:Attachments>${nested(levels - 1)}</t:Attachments>` : ''}</t:Message>`,
    )
  assert.deepEqual(await mary.codes(attachXml(parent, nested(9))), ['ErrorAttachmentNestLevelLimitExceeded'])
  assert.deepEqual(await mary.codes(attachXml(parent, nested(8))), ['NoError'])
  let item = await mary.get(parent)
  for (let level = 1; level <= 8; level++) {
    const [next] = listed(item)
    item = await mary.get({ Id: attachmentId(next), ChangeKey: parent.ChangeKey })
  }
  assert.deepEqual([text(item, 'Subject'), listed(item).length], ['s', 0])
  const many = (count: number) => `<t:Message><t:Attachments>${fileXml('f').repeat(count)}</t:Attachments></t:Message>`
  assert.deepEqual(await mary.createCodes(many(1001), { folder: 'drafts' }), ['ErrorAttachmentSizeLimitExceeded'])
  const full = await mary.create(many(1000), { folder: 'drafts' })
  assert.deepEqual(await mary.codes(attachXml(full, fileXml('one more'))), ['ErrorAttachmentSizeLimitExceeded'])
})
