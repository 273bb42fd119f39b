import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Body, EmailAddress, Properties } from '#model'
import { parseMime, parseVCard } from '#wire'
// The mailbox's own door does not show these: they are tested from inside.
import { contactFromVCard, itemFromMime, mimeFromItem, vcardFromContact } from '../../src/mailbox/mime/index.ts'
import type { NewItemInput } from '#mailbox'
import { cards, corpus } from './corpus.ts'

const messages = corpus()
const skip = messages.length === 0 ? '../shared/data/mail is not here' : false
const options = { date: Date.UTC(2026, 10, 23), messageId: '<generated@contoso.com>' }
const eml = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8')

test('every message of the corpus becomes an item that keeps its bytes', { skip }, async () => {
  for (const { name, bytes } of messages) {
    const item = itemFromMime(bytes)
    assert.equal(item.kind, 'message', name)
    assert.equal(item.mime, bytes, name)
    assert.deepEqual(await mimeFromItem(item, options), bytes, name)
    assert.ok(
      (item.attachments ?? []).every((one) => one.kind === 'item' || one.name),
      `${name}: an attachment without a name`,
    )
  }
})

test('an item without MIME is written with all it says, the same each time', { skip }, async () => {
  for (const { name, bytes } of messages) {
    const { mime: _, ...item } = itemFromMime(bytes)
    const written = await mimeFromItem(item, options)
    assert.deepEqual(await mimeFromItem(item, options), written, name)
    const again = itemFromMime(written)
    const { dateTimeSent, internetMessageId, body, ...said } = item.properties
    const { dateTimeSent: sent, internetMessageId: id, body: read, ...reread } = again.properties
    assert.equal(sent, dateTimeSent ?? options.date, name)
    assert.equal(id, internetMessageId ?? options.messageId, name)
    if (body) assert.equal(((read as Body | undefined)?.value ?? '').replace(/\s+/g, ''), (body as Body).value.replace(/\s+/g, ''), name)
    // A name without an address has no form in a message that is sent.
    const reachable = (value: unknown): unknown[] => [value ?? []].flat().filter((one) => (one as EmailAddress).address)
    const people = (properties: Properties): unknown => [
      ...['toRecipients', 'ccRecipients', 'from'].map((name) => reachable(properties[name])),
      properties['subject'],
    ]
    assert.deepEqual(people(reread), people(said), name)
    assert.equal(again.attachments?.length, item.attachments?.length, name)
  }
})

const classes: { name: string; head: string; body?: string; kind: string; itemClass: string }[] = [
  { name: 'mail', head: 'Subject: x', kind: 'message', itemClass: 'IPM.Note' },
  { name: 'an invitation', head: 'Content-Type: text/calendar; method=REQUEST', kind: 'meetingRequest', itemClass: 'IPM.Schedule.Meeting.Request' },
  { name: 'a cancellation', head: 'Content-Type: text/calendar; method="cancel"', kind: 'meetingCancellation', itemClass: 'IPM.Schedule.Meeting.Canceled' },
  { name: 'an acceptance', head: 'Content-Type: text/calendar; method=REPLY', body: 'ATTENDEE;CN=Rob;\n PARTSTAT=ACCEPTED:mailto:rob@contoso.com', kind: 'meetingResponse', itemClass: 'IPM.Schedule.Meeting.Resp.Pos' },
  { name: 'a refusal', head: 'Content-Type: text/calendar; method=REPLY', body: 'ATTENDEE;PARTSTAT=DECLINED:mailto:rob@contoso.com', kind: 'meetingResponse', itemClass: 'IPM.Schedule.Meeting.Resp.Neg' },
  { name: 'a published calendar', head: 'Content-Type: text/calendar; method=PUBLISH', kind: 'message', itemClass: 'IPM.Note' },
  { name: 'a report', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.NDR' },
  { name: 'a report of a delivery', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\n\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.DR' },
  { name: 'a report of a relay', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: relayed\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\n\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.Relayed.DR' },
  { name: 'a report of a delay', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: Delayed\n\nFinal-Recipient: rfc822; a@b.example\nAction: expanded\n\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.Delayed.DR' },
  { name: 'a report of a delivery and a failure', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.NDR' },
  { name: 'a report of delivery', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; a@b\nAction: delivered\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.DR' },
  { name: 'a report of something odd', head: 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', body: '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nAction: constructor\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.NDR' },
  { name: 'a read receipt', head: 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b', body: '--b\n\nx\n--b--', kind: 'message', itemClass: 'REPORT.IPM.Note.IPNRN' },
  { name: 'signed mail', head: 'Content-Type: multipart/signed; boundary=b', body: '--b\n\nx\n--b--', kind: 'message', itemClass: 'IPM.Note.SMIME.MultipartSigned' },
  { name: 'encrypted mail', head: 'Content-Type: application/pkcs7-mime; name=smime.p7m', kind: 'message', itemClass: 'IPM.Note.SMIME' },
  { name: 'a card', head: 'Content-Type: text/vcard', body: 'BEGIN:VCARD\nVERSION:3.0\nFN:Mary\nEND:VCARD', kind: 'contact', itemClass: 'IPM.Contact' },
] // prettier-ignore
for (const { name, head, body = '', kind, itemClass } of classes) {
  test(`${name} is a ${itemClass}`, () => {
    const item = itemFromMime(eml(`${head}\n\n${body}\n`))
    assert.deepEqual([item.kind, item.properties['itemClass']], [kind, itemClass])
  })
}

test('attached messages become items, to a depth', () => {
  let text = 'Subject: innermost\n\nhello'
  for (let depth = 0; depth < 8; depth++)
    text = `Subject: ${depth}\nContent-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\nContent-Type: message/rfc822\n\n${text}\n--b${depth}--\n`
  let item: NewItemInput | undefined = itemFromMime(eml(text))
  let depth = 0
  for (; item?.attachments?.[0]?.item; depth++) item = item.attachments[0].item
  assert.equal(depth, 4)
  assert.equal(item?.attachments?.[0]?.kind, 'file')
})

const draft: NewItemInput = {
  kind: 'message',
  properties: {
    subject: 'Grüße',
    from: { name: 'Mary', address: 'mary@contoso.com' },
    sender: { address: 'rob@contoso.com' },
    toRecipients: [{ name: 'Ann', address: 'ann@contoso.com' }],
    bccRecipients: [{ address: 'secret@contoso.com' }],
    importance: 'High',
    sensitivity: 'Private',
    categories: ['Red', 'Blue'],
    isReadReceiptRequested: true,
    body: { type: 'HTML', value: '<p>ü</p>' },
  },
  attachments: [
    { kind: 'file', name: 'a.bin', content: Buffer.from([0, 255]) },
    { kind: 'item', item: { kind: 'contact', properties: { displayName: 'Mary' } } },
    { kind: 'item', name: 'Task', item: { kind: 'task', properties: { subject: 'do', body: { type: 'Text', value: 'it' } } } },
  ],
}

test('a draft as MIME', async () => {
  const parsed = parseMime(await mimeFromItem(draft, options))
  assert.deepEqual(parsed.from, { name: 'Mary', address: 'mary@contoso.com' })
  assert.deepEqual(parsed.sender, { address: 'rob@contoso.com' })
  assert.deepEqual(parsed.bcc, [{ address: 'secret@contoso.com' }])
  assert.deepEqual([parsed.importance, parsed.sensitivity], ['High', 'Private'])
  assert.deepEqual(parsed.readReceiptTo, [{ address: 'mary@contoso.com' }])
  assert.deepEqual(
    parsed.attachments.map((one) => one.contentType),
    ['application/octet-stream', 'text/vcard', 'message/rfc822'],
  )
  assert.deepEqual(itemFromMime(await mimeFromItem(draft, options)).properties['categories'], ['Red', 'Blue'])
  const sent = await mimeFromItem(draft, { ...options, withoutBcc: true })
  assert.deepEqual(parseMime(sent).bcc, [])
  assert.deepEqual(
    parseMime(await mimeFromItem({ ...draft, mime: await mimeFromItem(draft, options) }, { ...options, withoutBcc: true })).bcc,
    [],
  )
})

test('lists, posts and calendar items have bytes too', async () => {
  const list: NewItemInput = {
    kind: 'list',
    properties: { displayName: 'Team', members: [{ mailbox: { name: 'Mary', address: 'mary@contoso.com' } }] },
  }
  assert.match(parseMime(await mimeFromItem(list, options)).text ?? '', /Mary <mary@contoso.com>/)
  assert.equal(parseMime(await mimeFromItem({ kind: 'post', properties: { subject: 'p' } }, options)).subject, 'p')
  const appointment: NewItemInput = { kind: 'calendar', properties: { subject: 'a' } }
  await assert.rejects(mimeFromItem(appointment, options), { code: 'MimeContentConversionFailed' })
  assert.equal(
    (await mimeFromItem(appointment, { ...options, calendar: { method: '', text: 'BEGIN:VCALENDAR' } })).toString(),
    'BEGIN:VCALENDAR',
  )
})

const contact: NewItemInput = {
  kind: 'contact',
  properties: {
    itemClass: 'IPM.Contact',
    displayName: 'Mary; Jensen, Dr.\\',
    subject: 'Mary; Jensen, Dr.\\',
    fileAs: 'Jensen, Mary',
    givenName: 'Mary',
    middleName: 'Ü.',
    surname: 'Jensen',
    companyName: 'Contoso',
    department: 'R;D',
    jobTitle: 'Boss',
    nickname: 'M',
    birthday: Date.UTC(1980, 1, 29, 11, 59),
    weddingAnniversary: Date.UTC(2005, 5, 1, 11, 59),
    categories: ['Red', 'Blue'],
    emailAddresses: {
      EmailAddress1: { address: 'mary@contoso.com', routingType: 'SMTP' },
      EmailAddress2: { address: 'm@x.example', routingType: 'SMTP' },
    },
    phoneNumbers: {
      BusinessPhone: '1',
      BusinessPhone2: '2',
      HomePhone: '3',
      MobilePhone: '4',
      HomeFax: '5',
      BusinessFax: '6',
      Pager: '7',
      CarPhone: '8',
    },
    physicalAddresses: {
      Home: { street: 'Weg 1\nHinten', city: 'Bonn', postalCode: '5', countryOrRegion: 'D' },
      Business: { city: 'Köln' },
    },
    imAddresses: { ImAddress1: 'im:mary' },
    body: { type: 'Text', value: `Zeile eins\nZeile zwei ${'lang '.repeat(40)}ende` },
  },
  attachments: [
    {
      kind: 'file',
      name: 'ContactPicture.jpg',
      contentType: 'image/jpeg',
      photo: true,
      inline: false,
      content: Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(300)]),
    },
  ],
}

test('a contact survives being a card', () => {
  const card = vcardFromContact(contact)
  assert.deepEqual(vcardFromContact(contact), card)
  assert.ok(
    card
      .toString()
      .split('\r\n')
      .every((line) => Buffer.byteLength(line) <= 75),
  )
  const again = contactFromVCard(card.toString())
  assert.deepEqual(again.properties, contact.properties)
  assert.deepEqual(Buffer.from(again.attachments?.[0]?.content as Uint8Array), contact.attachments?.[0]?.content)
})

const all = cards()
test(
  'every card of the corpus is read, and what was read survives',
  { skip: all.length === 0 ? '../shared/data/vcard is not here' : false },
  () => {
    for (const { name, bytes } of all) {
      const item = contactFromVCard(bytes.toString('utf8'))
      assert.equal(item.kind, 'contact', name)
      const again = contactFromVCard(vcardFromContact(item).toString())
      for (const property of ['surname', 'givenName', 'emailAddresses', 'phoneNumbers', 'companyName', 'birthday'])
        assert.deepEqual(again.properties[property], item.properties[property], `${name}: ${property}`)
    }
  },
)

test('no card is no defect', () => {
  for (const text of [
    '',
    'BEGIN:VCARD',
    'BEGIN:VCARD\nTEL\n:\n;;=:x\nN:;;;;;;;;\nPHOTO;ENCODING=b:***\nEND:VCARD',
    'x'.repeat(1_000_000),
    'A;'.repeat(100_000),
  ]) {
    contactFromVCard(text)
    assert.ok(parseVCard(text).length < 10)
  }
})
