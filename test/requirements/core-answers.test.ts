/** [MS-OXWSCORE] 2.2.4.44 SmartResponseBaseType: what an answer may say of itself; and the response objects that lead to calendars. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { arrived } from './meeting-room.ts'
import { all, at, folderXml, idOf, itemXml, names, person, setXml, text, texts, type Id, type Person } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const mailbox = (who: string, more = '') => `<t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress>${more}</t:Mailbox>`
const from = (who: string, more = '') => element('From', mailbox(who, more))
const reference = (id: Id) => itemXml(id).replace('ItemId', 'ReferenceItemId')
/** Another's message in mary's inbox. */
const question = (mary: Person) => mary.create(message(element('Subject', 'question') + from('rob')), { folder: 'inbox' })
test('what an answer says goes with it: MS-OXWSCORE_R171 _R173 _R175 _R176 _R1624 _R1625 _R177 _R1626 _R1627', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await question(mary)
  const receipts = ['IsReadReceiptRequested', 'IsDeliveryReceiptRequested']
  for (const value of ['true', 'false']) {
    const answer =
      element('Subject', `receipts ${value}`) +
      '<t:Body BodyType="Text">my words alone</t:Body>' +
      element('ToRecipients', mailbox('rob')) +
      element('BccRecipients', mailbox('ann')) +
      receipts.map((name) => element(name, value)).join('')
    await mary.done(mary.createXml(`<t:ReplyToItem>${answer}${reference(id)}</t:ReplyToItem>`, { disposition: 'SendAndSaveCopy' }))
    const kept = await arrived(site, 'mary', `receipts ${value}`, 'sentitems')
    assert.deepEqual(receipts.map((name) => text(kept, name)), [value, value]) // prettier-ignore
    assert.equal(text(kept, 'Body')?.trim(), 'my words alone')
    assert.deepEqual(texts(kept, 'BccRecipients/Mailbox/EmailAddress'), ['ann@contoso.com'])
    const hers = await arrived(site, 'ann', `receipts ${value}`)
    assert.deepEqual(texts(hers, 'ToRecipients/Mailbox/EmailAddress'), ['rob@contoso.com'])
    const fields = all(hers, 'InternetMessageHeaders/InternetMessageHeader').map(({ attributes }) => attributes['HeaderName'])
    assert.ok(fields.includes('To') && !fields.includes('Bcc'))
    assert.equal(text(hers, 'IsReadReceiptRequested'), value)
  }
  const nobody = `<t:ForwardItem>${reference(id)}</t:ForwardItem>`
  assert.deepEqual(await mary.createCodes(nobody, { disposition: 'SendAndSaveCopy' }), ['ErrorMissingRecipients'])
  assert.deepEqual(await mary.createCodes(nobody, { disposition: 'SaveOnly' }), ['NoError'])
})

test('from whom an answer is: MS-OXWSCORE_R178 _R1673 _R1674 _R1675 _R1676 _R1677 _R1678', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await question(mary)
  const shared = `<t:ReplyToItem>${element('Subject', 'from sales')}${from('sales')}${reference(id)}</t:ReplyToItem>`
  await mary.done(mary.createXml(shared, { disposition: 'SendAndSaveCopy' }))
  const his = await arrived(site, 'rob', 'from sales')
  assert.equal(text(his, 'From/Mailbox/EmailAddress'), 'sales@contoso.com')
  const stranger = `<t:ReplyToItem>${from('ann')}${reference(id)}</t:ReplyToItem>`
  assert.deepEqual(await mary.createCodes(stranger, { disposition: 'SendAndSaveCopy' }), ['ErrorSendAsDenied'])
  for (const type of ['OneOff', 'Contact', 'Mailbox', 'PrivateDL', 'PublicDL', 'PublicFolder']) {
    const draft = `<t:ReplyToItem>${from('mary', element('MailboxType', type))}${reference(id)}</t:ReplyToItem>`
    assert.equal(text(await mary.get(await mary.create(draft)), 'From/Mailbox/MailboxType'), type)
  }
})

const event = (more = '') =>
  `<t:CalendarItem>${element('Subject', 'meet')}<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>${more}</t:CalendarItem>`
const attendee = (who: string) => element('RequiredAttendees', `<t:Attendee>${mailbox(who)}</t:Attendee>`)
const meets = { folder: 'calendar', disposition: '', invitations: 'SendToAllAndSaveCopy' } as const

for (const engine of quickEngines) {
  test(`response objects of meetings (${engine.name}): MS-OXWSCORE_R2134 _R2136`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
    const permission = `<t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>ann@contoso.com</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission>`
    const set = `<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions>${permission}</t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>`
    await mary.done(mary.updateFolderXml('calendar', setXml('folder:PermissionSet', set)))
    const id = await mary.create(event(attendee('rob')), meets)
    const hers = await ann.get(id)
    assert.ok(names(at(hers, 'ResponseObjects')).includes('AddItemToMyCalendar'))
    await ann.done(ann.createXml(`<t:AddItemToMyCalendar>${reference(idOf(hers))}</t:AddItemToMyCalendar>`))
    assert.deepEqual((await ann.find('calendar', { shape: 'Default' })).map((item) => text(item, 'Subject')), ['meet']) // prettier-ignore

    const request = await arrived(site, 'rob', 'meet')
    assert.ok(names(at(request, 'ResponseObjects')).includes('ProposeNewTime'))
    const times = '<t:ProposedStart>2030-03-05T09:00:00Z</t:ProposedStart><t:ProposedEnd>2030-03-05T10:00:00Z</t:ProposedEnd>'
    const answer = `<t:TentativelyAcceptItem>${reference(idOf(request))}${times}</t:TentativelyAcceptItem>`
    await rob.done(rob.createXml(answer, { disposition: 'SendAndSaveCopy' }))
    const look = async () =>
      (await mary.find('inbox', { fields: ['meeting:ProposedStart'] })).find(({ name }) => name === 'MeetingResponse')
    if (!(await look())) await until(site, 'mary', async () => (await look()) !== undefined)
    assert.equal(text(await look(), 'ProposedStart'), '2030-03-05T09:00:00Z')
  })

  test(`who is told of a meeting's deletion (${engine.name}): MS-OXWSCORE_R344`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const counts = async () => [
      (await rob.find('inbox')).filter(({ name }) => name === 'MeetingCancellation').length,
      (await mary.find('sentitems')).filter(({ name }) => name === 'MeetingCancellation').length,
    ]
    const heard = async (many: number) => {
      if ((await counts())[0] !== many) await until(site, 'rob', async () => (await counts())[0] === many)
    }
    for (const [value, told] of [['SendToNone', [0, 0]], ['SendOnlyToAll', [1, 0]], ['SendToAllAndSaveCopy', [2, 1]]] as const) {
      const id = await mary.create(event(attendee('rob')), meets)
      assert.deepEqual(await mary.remove(`<t:ItemId Id="${id.Id}"/>`, 'HardDelete', `SendMeetingCancellations="${value}"`), ['NoError'])
      await heard(told[0])
      assert.deepEqual(await counts(), told, value)
    } // prettier-ignore
    const id = await mary.create(event(), { folder: 'calendar', disposition: '' })
    assert.deepEqual(await mary.remove(`<t:ItemId Id="${id.Id}"/>`), ['ErrorSendMeetingCancellationsRequired'])
  })
}

test('the calendar of a room says who booked: MS-OXWSCORE_R2024', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  // Within the time that rooms are booked ahead.
  const at = (hour: number) => new Date(Math.ceil(Date.now() / 86_400_000 + 7) * 86_400_000 + hour * 3_600_000).toISOString()
  const booked = `<t:CalendarItem>${element('Subject', 'meet')}${element('Start', at(9))}${element('End', at(10))}${element('Resources', `<t:Attendee>${mailbox('room1')}</t:Attendee>`)}</t:CalendarItem>`
  await mary.create(booked, meets)
  const room = person(site, 'administrator', {
    requestServerVersion: 'Exchange2016',
    impersonate: { by: 'PrimarySmtpAddress', identity: 'room1@contoso.com' },
  })
  const look = async () => (await room.find('calendar', { shape: 'Default' })).map((item) => text(item, 'Subject')?.trim())
  if ((await look()).length === 0) await until(site, 'room1', async () => (await look()).length > 0)
  assert.deepEqual(await look(), ['Mary Jensen'])
})

test('read receipts are suppressed on request: MS-OXWSCORE_R2174 _R2184', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const asks = async (subject: string) => {
    const xml = message(element('Subject', subject) + element('ToRecipients', mailbox('rob')) + element('IsReadReceiptRequested', 'true'))
    await mary.done(mary.createXml(xml, { disposition: 'SendAndSaveCopy' }))
    return idOf(await arrived(site, 'rob', subject))
  }
  const read = setXml('message:IsRead', message(element('IsRead', 'true')))
  for (const [suppress, subject] of [['true', 'quiet'], ['false', 'told']] as const) {
    await rob.update(await asks(`${subject} update`), read, { attributes: `SuppressReadReceipts="${suppress}"` })
    const gone = await asks(`${subject} deletion`)
    assert.deepEqual(await rob.remove(itemXml(gone), 'HardDelete', `SuppressReadReceipts="${suppress}"`), ['NoError'])
  } // prettier-ignore
  const reports = async () => (await mary.find('inbox', { shape: 'Default' })).map((item) => text(item, 'Subject') ?? '')
  if ((await reports()).length < 2) await until(site, 'mary', async () => (await reports()).length >= 2)
  const all = await reports()
  assert.equal(all.length, 2)
  for (const subject of ['told update', 'told deletion']) assert.ok(all.some((one) => one.endsWith(subject)), all.join()) // prettier-ignore
})

test('a draft that is sent by UpdateItem is kept where the request says: MS-OXWSCORE_R514', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const folder = await mary.makeFolder('<t:Folder><t:DisplayName>Kept</t:DisplayName></t:Folder>')
  const draft = await mary.create(message(element('Subject', 'draft') + element('ToRecipients', mailbox('rob'))))
  const change = `<t:ItemChange>${itemXml(draft)}<t:Updates>${setXml('item:Subject', message(element('Subject', 'sent')))}</t:Updates></t:ItemChange>`
  const answer = await mary.codes(
    `<m:UpdateItem ConflictResolution="AutoResolve" MessageDisposition="SendAndSaveCopy"><m:SavedItemFolderId>${folderXml(folder)}</m:SavedItemFolderId>` +
      `<m:ItemChanges>${change}</m:ItemChanges></m:UpdateItem>`,
  )
  assert.deepEqual(answer, ['NoError'])
  assert.deepEqual((await mary.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject')), ['sent']) // prettier-ignore
  assert.equal((await mary.find('sentitems')).length, 0)
  await arrived(site, 'rob', 'sent')
})
