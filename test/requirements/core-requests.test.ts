/** [MS-OXWSCORE] 3.1.4: what stands around items in requests and answers: headers, ranges of series, elements of answers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { discoverer } from '../support/discoverer.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, person, setXml, text, texts, type Id, type Person } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const mailbox = (who: string) => `<t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox>`
const usual = { requestServerVersion: 'Exchange2016' } as const

test('each operation answers in an element of its own: MS-OXWSCORE_R248 _R287 _R330 _R375 _R1201 _R1822 _R414 _R451 _R495 _R2244 MS-OXWSSYNC_R465 _R477', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(element('Subject', 'one') + element('ToRecipients', mailbox('rob'))))
  const one = itemXml(id)
  const to = `<m:ToFolderId>${folderXml('drafts')}</m:ToFolderId><m:ItemIds>${one}</m:ItemIds>`
  const shape = '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>'
  for (const request of [
    mary.createXml(message(element('Subject', 'two'))),
    mary.getXml(one),
    mary.updateXml(id, setXml('item:Subject', message(element('Subject', 'three')))),
    `<m:CopyItem>${to}</m:CopyItem>`,
    `<m:MarkAsJunk IsJunk="false" MoveItem="false"><m:ItemIds>${one}</m:ItemIds></m:MarkAsJunk>`,
    `<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folderXml('drafts')}</m:FolderIds></m:MarkAllItemsAsRead>`,
    `<m:SyncFolderItems>${shape}<m:SyncFolderId>${folderXml('inbox')}</m:SyncFolderId><m:MaxChangesReturned>1</m:MaxChangesReturned></m:SyncFolderItems>`,
    `<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape></m:SyncFolderHierarchy>`,
    `<m:UpdateItemInRecoverableItems>${one.replace('t:', 'm:')}</m:UpdateItemInRecoverableItems>`,
    `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${one.replace(/ ChangeKey="[^"]*"/, '')}</m:ItemIds></m:SendItem>`,
    `<m:MoveItem>${to}</m:MoveItem>`,
    `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${one}</m:ItemIds></m:DeleteItem>`,
  ]) {
    const [, operation = ''] = /^<m:(\w+)/.exec(request) ?? []
    const body = await mary.whole(request)
    assert.equal(body.name, `${operation}Response`)
    assert.equal(all(body, `ResponseMessages/${operation}ResponseMessage`).length, 1, operation)
  }
})

test('EWS speaks over TLS: MS-OXWSCORE_R1006 MS-OXWSSYNC_R20003', async () => {
  await using site = await startTestSite()
  assert.match(site.ewsUrl, /^https:/)
  // The client trusts the site's authority alone: an answer is one over a connection that was verified.
  const answer = await site.ews(person(site).getXml('<t:ItemId Id="AAA="/>'))
  assert.equal(answer.status, 200)
  await assert.rejects(fetch(site.ewsUrl), 'nobody else vouches for it')
})

test('headers of GetItem: MS-OXWSCORE_R1163 _R1256 _R1164 _R1258 _R2313', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const due = element('ReminderDueBy', '2030-03-04T09:00:00Z')
  const id = await mary.create(message(due + element('ReminderIsSet', 'true')), { folder: 'inbox' })
  const shown = async (headers: object) =>
    text(await mary.get(id, { shape: 'IdOnly', fields: ['item:ReminderDueBy'] }, { ...usual, ...headers }), 'ReminderDueBy')
  assert.equal(await shown({}), '2030-03-04T09:00:00Z')
  assert.equal(await shown({ dateTimePrecision: 'Seconds' }), '2030-03-04T09:00:00Z')
  assert.equal(await shown({ dateTimePrecision: 'Milliseconds' }), '2030-03-04T09:00:00.000Z')
  assert.equal(await shown({ timeZoneContext: { id: 'India Standard Time' } }), '2030-03-04T14:30:00+05:30')
  const boss = await discoverer(site, 'administrator')
  const mine = await boss.create(message(element('Subject', 'mine')), { folder: 'inbox' })
  const as = (application: string[]) => ({ ...usual, managementRoles: { user: [], application } })
  assert.deepEqual(await boss.codes(boss.getXml(itemXml(mine)), as(['ApplicationImpersonation'])), ['NoError'])
  await assert.rejects(boss.codes(boss.getXml(itemXml(mine)), as(['NoSuchRole'])), /ErrorInvalidManagementRoleHeader/)
  const refused = await site.ews(mary.getXml(itemXml(id)), {
    soapHeaders: '<t:ManagementRole><t:ApplicationRoles><t:Role>ApplicationImpersonation</t:Role></t:ApplicationRoles></t:ManagementRole>',
  })
  assert.match(refused.body, /ErrorInvalidManagementRoleHeader/)
})

test('header fields are told by GetItem alone, one by one too: MS-OXWSCORE_R124 _R2030', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const mime = Buffer.from('From: a@b.example\r\nX-Colour: red\r\nX-Shape: round\r\nSubject: s\r\n\r\nwords\r\n').toString('base64')
  const id = await mary.create(message(element('MimeContent', mime)), { folder: 'inbox' })
  const path = '<t:IndexedFieldURI FieldURI="item:InternetMessageHeader" FieldIndex="X-Colour"/>'
  const headers = (item: XmlElement | undefined) =>
    all(item, 'InternetMessageHeaders/InternetMessageHeader').map((one) => [one.attributes['HeaderName'], one.children.join('')])
  assert.deepEqual(headers(await mary.get(id, { shape: 'IdOnly', fields: [path] })), [['X-Colour', 'red']])
  const every = headers(await mary.get(id, { shape: 'IdOnly', fields: ['item:InternetMessageHeaders'] }))
  assert.ok(every.some(([name]) => name === 'X-Shape'))
  for (const field of [path, 'item:InternetMessageHeaders']) {
    const [found] = await mary.find('inbox', { fields: [field] })
    assert.equal(idOf(found).Id, id.Id)
    assert.equal(at(found, 'InternetMessageHeaders'), undefined)
  }
})

/** The starts of what a range of a series leads to. */
async function inRange(who: Person, { Id }: Id, ranges: string[]): Promise<string[]> {
  const xml = `<t:RecurringMasterItemIdRanges Id="${Id}"><t:Ranges>${ranges.map((range) => `<t:Range ${range}/>`).join('')}</t:Ranges></t:RecurringMasterItemIdRanges>`
  const answers = await who.ask(who.getXml(xml, { shape: 'IdOnly', fields: ['calendar:Start'] }))
  return answers.map(({ element: answer, code }) => {
    assert.equal(code, 'NoError')
    return text(at(answer, 'Items'), 'CalendarItem/Start')?.slice(0, 13) ?? ''
  })
}
const nth = (id: Id, index: number) => `<t:OccurrenceItemId RecurringMasterId="${id.Id}" InstanceIndex="${index}"/>`
const of = (from: string, to: string, more = '') => `Start="${from}T00:00:00Z" End="${to}T00:00:00Z" ${more}`

for (const engine of quickEngines) {
  test(`ranges of a series lead to all of its occurrences in them (${engine.name}): MS-OXWSCORE_R1021 _R1025 _R1700 _R1065 _R1076 _R1697 _R1698 _R1689 _R1690 _R1691 _R1882 _R1883`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const daily =
      '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate>' +
      '<t:NumberOfOccurrences>6</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>'
    const event = `<t:CalendarItem><t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>${daily}</t:CalendarItem>`
    const id = await mary.create(event, { folder: 'calendar', disposition: '' })
    // The second is moved to the night before the third, the fifth is deleted.
    const second = idOf(await mary.get(nth(id, 2)))
    const moved = (name: string, value: string) => setXml(`calendar:${name}`, `<t:CalendarItem>${element(name, value)}</t:CalendarItem>`)
    await mary.update(second, moved('Start', '2030-03-06T03:00:00Z') + moved('End', '2030-03-06T04:00:00Z'))
    assert.deepEqual(await mary.remove(nth(id, 5), 'HardDelete', 'SendMeetingCancellations="SendToNone"'), ['NoError'])
    const whole = of('2030-03-01', '2030-04-01')
    assert.deepEqual(await inRange(mary, id, [whole]), [
      '2030-03-04T09',
      '2030-03-06T03',
      '2030-03-06T09',
      '2030-03-07T09',
      '2030-03-09T09',
    ])
    assert.deepEqual(await inRange(mary, id, [of('2030-03-05', '2030-03-06', 'CompareOriginalStartTime="true"')]), ['2030-03-06T03'])
    assert.deepEqual(await inRange(mary, id, [of('2030-03-06', '2030-03-07', 'CompareOriginalStartTime="true"')]), ['2030-03-06T09'])
    for (const more of ['', 'CompareOriginalStartTime="false"']) {
      assert.deepEqual(await inRange(mary, id, [of('2030-03-06', '2030-03-07', more)]), ['2030-03-06T03', '2030-03-06T09'])
    }
    // The union, each once.
    const some = [of('2030-03-04', '2030-03-05'), of('2030-03-04', '2030-03-08', 'Count="1"'), of('2030-03-09', '2030-03-20')]
    assert.deepEqual(await inRange(mary, id, some), ['2030-03-04T09', '2030-03-09T09'])
  })

  test(`junk and read state (${engine.name}): MS-OXWSCORE_R1786 _R1787 _R1790 _R1290`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const subjects = async (folder: string) => (await mary.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject'))
    const from = element('From', '<t:Mailbox><t:EmailAddress>spam@spam.example</t:EmailAddress></t:Mailbox>')
    const spam = await mary.create(message(element('Subject', 'spam') + from + element('IsRead', 'false')), { folder: 'inbox' })
    const junk = (id: Id, isJunk: string, move: string) =>
      mary.done(`<m:MarkAsJunk IsJunk="${isJunk}" MoveItem="${move}"><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MarkAsJunk>`)
    const there = idOf(await junk(spam, 'true', 'true'), 'MovedItemId' as 'ItemId')
    assert.deepEqual([await subjects('inbox'), await subjects('junkemail')], [[], ['spam']])
    const back = idOf(await junk(there, 'false', 'true'), 'MovedItemId' as 'ItemId')
    assert.deepEqual([await subjects('inbox'), await subjects('junkemail')], [['spam'], []])
    assert.equal(text(await mary.get(back), 'IsRead'), 'false')
    const all = (flag: string) =>
      `<m:MarkAllItemsAsRead><m:ReadFlag>${flag}</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folderXml('inbox')}</m:FolderIds></m:MarkAllItemsAsRead>`
    await mary.create(message(element('Subject', 'other') + element('IsRead', 'false')), { folder: 'inbox' })
    for (const flag of ['true', 'false']) {
      assert.deepEqual(await mary.codes(all(flag)), ['NoError'])
      const read = (await mary.find('inbox', { fields: ['message:IsRead'] })).map((item) => text(item, 'IsRead'))
      assert.deepEqual(read, [flag, flag])
    }
  })
}

test('what was submitted and what is sent again say so: MS-OXWSCORE_R1606 _R1612', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const to = element('ToRecipients', mailbox('rob'))
  await mary.done(mary.createXml(message(element('Subject', 'sent') + to), { disposition: 'SendAndSaveCopy' }))
  const [kept] = await mary.find('sentitems')
  assert.equal(text(await mary.get(idOf(kept)), 'IsSubmitted'), 'true')
  const flags = (value: number) =>
    `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x0E07" PropertyType="Integer"/><t:Value>${value}</t:Value></t:ExtendedProperty>`
  const again = await mary.create(message(element('Subject', 'again') + flags(1 | 128) + to), { folder: 'sentitems' })
  const read = await mary.get(again, { fields: ['<t:ExtendedFieldURI PropertyTag="0x0E07" PropertyType="Integer"/>'] })
  assert.deepEqual([text(read, 'IsResend'), text(read, 'IsDraft'), Number(text(read, 'ExtendedProperty/Value')) & 128], ['true', 'false', 128]) // prettier-ignore
  const send = (id: Id) => mary.codes(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(id)}</m:ItemIds></m:SendItem>`)
  assert.deepEqual([await send(again), await send(idOf(kept))], [['NoError'], ['ErrorInvalidItemForOperationSendItem']])
})

test('forms of the web and rights on folders: MS-OXWSCORE_R2503 _R1693', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(element('Subject', 'x')))
  const form = text(await mary.get(id, { shape: 'IdOnly', fields: ['item:WebClientEditFormQueryString'] }), 'WebClientEditFormQueryString')
  assert.match(form ?? '', /^\?ItemID=/)
  const folder = await mary.getFolder('inbox', { fields: ['folder:EffectiveRights'] })
  for (const name of ['CreateAssociated', 'CreateContents', 'CreateHierarchy', 'Modify', 'Read']) {
    assert.equal(text(folder, `EffectiveRights/${name}`), 'true', name)
  }
  assert.deepEqual(texts(await mary.get(id), 'EffectiveRights/CreateContents'), ['false'])
})
