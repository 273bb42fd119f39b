import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { all, at, deleteXml, idOf, itemXml, person, setXml, text, texts, type Person } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`
const mailbox = (address: string) => `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox>`
const recipients = (list: string, ...people: string[]) =>
  `<t:${list}>${people.map((who) => mailbox(`${who}@contoso.com`)).join('')}</t:${list}>`
const found = async (who: Person, folder: string, name: string) =>
  (await who.find(folder, { shape: 'Default' })).find((item) => text(item, 'Subject') === name)
async function arrived(site: TestSite, alias: string, name: string, folder = 'inbox') {
  const who = person(site, alias)
  let item = await found(who, folder, name)
  if (!item) await until(site, alias, async () => (item = await found(who, folder, name)) !== undefined)
  return who.get(idOf(item))
}
const addresses = (item: Parameters<typeof texts>[0], list: string) => texts(item, `${list}/Mailbox/EmailAddress`)

for (const engine of quickEngines) {
  test(`dispositions (${engine.name}): MS-OXWSMSG_R80 _R81 _R82 _R83 _R203 _R84 _R85 _R204 _R86`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = async (name: string, disposition: 'SaveOnly' | 'SendOnly' | 'SendAndSaveCopy', folder = '') =>
      mary.done(mary.createXml(message(subject(name) + recipients('ToRecipients', 'rob')), { disposition, folder }))
    const ids = (answer: Awaited<ReturnType<typeof made>>) => all(answer, 'Items/Message/ItemId').length
    const saved = await made('saved', 'SaveOnly', 'notes')
    assert.equal(ids(saved), 1)
    assert.ok(await found(mary, 'notes', 'saved'))
    assert.equal(ids(await made('sent', 'SendOnly')), 0)
    assert.equal(ids(await made('copied', 'SendAndSaveCopy')), 0)
    assert.equal(ids(await made('kept elsewhere', 'SendAndSaveCopy', 'notes')), 0)
    for (const name of ['sent', 'copied', 'kept elsewhere']) await arrived(site, 'rob', name)
    assert.equal(await found(mary, 'sentitems', 'sent'), undefined)
    assert.ok(await found(mary, 'sentitems', 'copied'))
    assert.ok(await found(mary, 'notes', 'kept elsewhere'))
    const later = idOf(at(saved, 'Items/Message'))
    await mary.done(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(later)}</m:ItemIds></m:SendItem>`)
    await arrived(site, 'rob', 'saved')
  })
}

test('a message needs a disposition: MS-OXWSMTGS_R1240 _R1241', async () => {
  await using site = await startTestSite()
  assert.deepEqual(await person(site).createCodes(message(subject('x')), { disposition: '' }), ['ErrorMessageDispositionRequired'])
})

test('what may be read and written: MS-OXWSMSG_R26 _R28 _R30 _R32 _R33 _R35 _R36 _R38 _R39 _R41 _R42 _R4200 _R43 _R45 _R46 _R4600 _R53 _R55 _R59 _R60 _R61 _R6100 _R62 _R64 _R65 _R6500 _R66 _R68 _R69 _R71', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const one = (list: string, who: string) => `<t:${list}>${mailbox(`${who}@contoso.com`)}</t:${list}>`
  const parts = {
    ToRecipients: recipients('ToRecipients', 'rob', 'ann'),
    CcRecipients: recipients('CcRecipients', 'ann'),
    BccRecipients: recipients('BccRecipients', 'rob'),
    IsReadReceiptRequested: '<t:IsReadReceiptRequested>true</t:IsReadReceiptRequested>',
    IsDeliveryReceiptRequested: '<t:IsDeliveryReceiptRequested>true</t:IsDeliveryReceiptRequested>',
    From: one('From', 'sales'),
    IsRead: '<t:IsRead>false</t:IsRead>',
    IsResponseRequested: '<t:IsResponseRequested>true</t:IsResponseRequested>',
    References: '<t:References>&lt;a@b&gt;</t:References>',
    ReplyTo: recipients('ReplyTo', 'ann'),
  }
  const made = await mary.create(message(Object.values(parts).join('')))
  const read = await mary.get(made)
  assert.deepEqual(addresses(read, 'ToRecipients'), ['rob@contoso.com', 'ann@contoso.com'])
  assert.deepEqual(
    ['CcRecipients', 'BccRecipients', 'ReplyTo', 'From'].map((list) => addresses(read, list)[0]),
    ['ann@contoso.com', 'rob@contoso.com', 'ann@contoso.com', 'sales@contoso.com'],
  )
  for (const name of ['IsReadReceiptRequested', 'IsDeliveryReceiptRequested', 'IsResponseRequested'])
    assert.equal(text(read, name), 'true', name)
  assert.deepEqual([text(read, 'IsRead'), text(read, 'References')], ['false', '<a@b>'])
  const others = {
    ToRecipients: recipients('ToRecipients', 'mary'),
    CcRecipients: recipients('CcRecipients', 'mary'),
    BccRecipients: recipients('BccRecipients', 'mary'),
    IsReadReceiptRequested: '<t:IsReadReceiptRequested>false</t:IsReadReceiptRequested>',
    IsDeliveryReceiptRequested: '<t:IsDeliveryReceiptRequested>false</t:IsDeliveryReceiptRequested>',
    From: one('From', 'mary'),
    IsRead: '<t:IsRead>true</t:IsRead>',
    IsResponseRequested: '<t:IsResponseRequested>false</t:IsResponseRequested>',
    References: '<t:References>&lt;c@d&gt;</t:References>',
    ReplyTo: recipients('ReplyTo', 'mary'),
  }
  for (const [name, xml] of Object.entries(others)) {
    await mary.update(made, setXml(`message:${name}`, message(xml)))
    const changed = await mary.get(made)
    const wanted = name === 'IsRead' ? 'true' : name === 'References' ? '<c@d>' : name.startsWith('Is') ? 'false' : 'mary@contoso.com'
    assert.equal(addresses(changed, name)[0] ?? text(changed, name), wanted, name)
    if (name.startsWith('Is') || name === 'From') continue
    await mary.update(made, deleteXml(`message:${name}`))
    assert.equal(at(await mary.get(made), name), undefined, `${name} deleted`)
  }
})

test('what the server alone says: MS-OXWSMSG_R47 _R49 _R50 _R52 _R56 _R58 _R72 _R72001 _R73 _R73001 _R73008 _R73009 _R73010', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message(subject('mine')))
  const who = (list: string) => `<t:${list}>${mailbox('rob@contoso.com')}</t:${list}>`
  for (const [field, xml] of Object.entries({
    ConversationIndex: '<t:ConversationIndex>AAA=</t:ConversationIndex>',
    ConversationTopic: '<t:ConversationTopic>x</t:ConversationTopic>',
    ReceivedBy: who('ReceivedBy'),
    ReceivedRepresenting: who('ReceivedRepresenting'),
    ApprovalRequestData: '<t:ApprovalRequestData><t:ApprovalDecision>1</t:ApprovalDecision></t:ApprovalRequestData>',
    VotingInformation: '<t:VotingInformation><t:VotingResponse>x</t:VotingResponse></t:VotingInformation>',
    ReminderMessageData: '<t:ReminderMessageData><t:ReminderText>x</t:ReminderText></t:ReminderMessageData>',
  })) {
    assert.deepEqual(await mary.createCodes(message(xml)), ['ErrorInvalidPropertySet'], `CreateItem ${field}`)
    assert.deepEqual(
      await mary.updateCodes(made, setXml(`message:${field}`, message(xml))),
      ['ErrorInvalidPropertySet'],
      `UpdateItem ${field}`,
    )
  }
  const id = '<t:InternetMessageId>&lt;x@y&gt;</t:InternetMessageId>'
  assert.deepEqual(await mary.updateCodes(made, setXml('message:InternetMessageId', message(id))), ['ErrorInvalidPropertySet'])
  await mary.done(mary.createXml(message(subject('RE: topic') + recipients('ToRecipients', 'rob')), { disposition: 'SendAndSaveCopy' }))
  const read = await arrived(site, 'rob', 'RE: topic')
  assert.equal(text(read, 'ConversationTopic'), 'topic')
  assert.ok(Buffer.from(text(read, 'ConversationIndex') ?? '', 'base64').length >= 22)
  assert.match(text(read, 'InternetMessageId') ?? '', /^<.+@.+>$/)
  assert.deepEqual([addresses(read, 'ReceivedBy'), addresses(read, 'ReceivedRepresenting')], [['rob@contoso.com'], ['rob@contoso.com']])
  assert.equal(addresses(read, 'Sender')[0], 'mary@contoso.com')
})

test('a message without recipients cannot be sent: MS-OXWSMSG_R31', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  assert.deepEqual(await mary.createCodes(message(subject('to nobody')), { disposition: 'SendOnly' }), ['ErrorMissingRecipients'])
  const draft = await mary.create(message(subject('to nobody')))
  assert.deepEqual(await mary.codes(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(draft)}</m:ItemIds></m:SendItem>`), [
    'ErrorMissingRecipients',
  ])
  assert.equal((await mary.find('drafts')).length, 1)
})

test('shapes of messages: MS-OXWSMSG_R127 _R198 _R129 _R130 _R131 _R132', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const html = '&lt;p&gt;words&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;'
  const made = await mary.create(message(`${subject('s')}<t:Body BodyType="HTML">${html}</t:Body>`), { folder: 'inbox' })
  assert.ok(text(await mary.get(made, { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' }), 'MimeContent'))
  assert.equal(at(await mary.get(made), 'MimeContent'), undefined)
  for (const type of ['HTML', 'Text']) {
    assert.equal(at(await mary.get(made, { more: `<t:BodyType>${type}</t:BodyType>` }), 'Body')?.attributes['BodyType'], type)
  }
  assert.doesNotMatch(text(await mary.get(made, { more: '<t:FilterHtmlContent>true</t:FilterHtmlContent>' }), 'Body') ?? '', /script/)
  assert.match(text(await mary.get(made, { more: '<t:FilterHtmlContent>false</t:FilterHtmlContent>' }), 'Body') ?? '', /script/)
  assert.equal(text(await mary.get(made, { shape: 'IdOnly', fields: ['item:Subject'] }), 'Subject'), 's')
})
