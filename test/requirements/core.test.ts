import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, appendXml, at, deleteXml, folderXml, idOf, itemXml, names, person, setXml, text, texts, type Person } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`
const to = (...people: string[]) =>
  `<t:ToRecipients>${people.map((who) => `<t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox>`).join('')}</t:ToRecipients>`
const named = { rob: 'Rob Young', mary: 'Mary Jensen', ann: 'Ann Beebe' }
/** The same with their names. */
const toNamed = (...people: (keyof typeof named)[]) =>
  `<t:ToRecipients>${people.map((who) => `<t:Mailbox><t:Name>${named[who]}</t:Name><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox>`).join('')}</t:ToRecipients>`
const flag = (status: string, more = '') => `<t:Flag><t:FlagStatus>${status}</t:FlagStatus>${more}</t:Flag>`
const dates = { start: '<t:StartDate>2030-03-04T00:00:00Z</t:StartDate>', due: '<t:DueDate>2030-03-05T00:00:00Z</t:DueDate>' }
const complete = '<t:CompleteDate>2030-03-05T00:00:00Z</t:CompleteDate>'
const inboxOf = (who: Person, shape = 'Default') => who.find('inbox', { shape })
const subjects = async (who: Person, folder: string) => (await who.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject'))
/** The first item with this subject in a folder, once it is there. */
async function arrived(site: Parameters<typeof until>[0], alias: string, wanted: string, folder = 'inbox') {
  const who = person(site, alias)
  let found = (await who.find(folder, { shape: 'Default' })).find((item) => text(item, 'Subject') === wanted)
  if (!found) {
    await until(site, alias, async () => {
      found = (await who.find(folder, { shape: 'Default' })).find((item) => text(item, 'Subject') === wanted)
      return found !== undefined
    })
  }
  return idOf(found)
}

test('flags: MS-OXWSCORE_R1022 _R1502 _R2002 _R2005 _R2008 _R2010 _R1042 _R1043 _R1044 _R1045 _R1047', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const wrong of [
    flag('Flagged', complete),
    flag('Flagged', dates.start),
    flag('Flagged', dates.due),
    flag('Complete', dates.start),
    flag('Complete', dates.due),
    flag('Complete', dates.start + dates.due + complete),
    flag('NotFlagged', complete),
    flag('NotFlagged', dates.start + dates.due),
  ]) {
    assert.deepEqual(await mary.createCodes(message(subject('flag') + wrong), { folder: 'inbox' }), ['ErrorInvalidArgument'], wrong)
  }
  const plain = await mary.create(message(subject('flag')), { folder: 'inbox' })
  assert.deepEqual(await mary.updateCodes(plain, setXml('item:Flag', message(flag('Complete', dates.due)))), ['ErrorInvalidArgument'])
  for (const right of [flag('Flagged'), flag('Flagged', dates.start + dates.due), flag('Complete', complete), flag('NotFlagged')]) {
    const read = await mary.get(await mary.create(message(subject('flag') + right), { folder: 'inbox' }))
    const [, status = ''] = /FlagStatus>(\w+)</.exec(right) ?? []
    assert.equal(text(read, 'Flag/FlagStatus'), status)
    for (const name of ['StartDate', 'DueDate']) assert.equal(text(read, `Flag/${name}`) !== undefined, right.includes(name), right)
    assert.equal(text(read, 'Flag/CompleteDate') !== undefined, status === 'Complete')
  }
})

const readOnly: Record<string, string> = {
  'item:ItemId': '<t:ItemId Id="AAA=" ChangeKey="AAA="/>',
  'item:ParentFolderId': '<t:ParentFolderId Id="AAA=" ChangeKey="AAA="/>',
  'item:DateTimeReceived': '<t:DateTimeReceived>2030-03-04T00:00:00Z</t:DateTimeReceived>',
  'item:Size': '<t:Size>3</t:Size>',
  'item:DateTimeSent': '<t:DateTimeSent>2030-03-04T00:00:00Z</t:DateTimeSent>',
  'item:DateTimeCreated': '<t:DateTimeCreated>2030-03-04T00:00:00Z</t:DateTimeCreated>',
  'item:DisplayCc': '<t:DisplayCc>x</t:DisplayCc>',
  'item:DisplayTo': '<t:DisplayTo>x</t:DisplayTo>',
  'item:EffectiveRights':
    '<t:EffectiveRights><t:CreateAssociated>true</t:CreateAssociated><t:CreateContents>true</t:CreateContents><t:CreateHierarchy>true</t:CreateHierarchy><t:Delete>true</t:Delete><t:Modify>true</t:Modify><t:Read>true</t:Read></t:EffectiveRights>',
  'item:LastModifiedName': '<t:LastModifiedName>x</t:LastModifiedName>',
  'item:WebClientReadFormQueryString': '<t:WebClientReadFormQueryString>x</t:WebClientReadFormQueryString>',
  'item:InstanceKey': '<t:InstanceKey>AAA=</t:InstanceKey>',
  'item:NormalizedBody': '<t:NormalizedBody BodyType="Text">x</t:NormalizedBody>',
  'item:Preview': '<t:Preview>x</t:Preview>',
  'item:TextBody': '<t:TextBody BodyType="Text">x</t:TextBody>',
  'item:IconIndex': '<t:IconIndex>MailRead</t:IconIndex>',
}

test('what the server alone says cannot be set: MS-OXWSCORE_R2347 _R2348 _R2349 _R2272 _R2273 _R2274 _R2275 _R2276 _R2277 _R2043 _R2350 _R2351 _R2352 _R2356 _R2358 _R2014 _R2016 _R2025 _R2027 _R2031 _R2033 _R2035 _R2037 _R2039 _R2046 _R2048 _R2050 _R2060 _R2062', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message(subject('mine')), { folder: 'inbox' })
  for (const [field, xml] of Object.entries(readOnly)) {
    assert.deepEqual(await mary.createCodes(message(xml), { folder: 'inbox' }), ['ErrorInvalidPropertySet'], `CreateItem ${field}`)
    assert.deepEqual(await mary.updateCodes(made, setXml(field, message(xml))), ['ErrorInvalidPropertySet'], `UpdateItem ${field}`)
  }
})

test('AllProperties returns what the server says of an item: MS-OXWSCORE_R2015 _R2017 _R2026 _R2028 _R2032 _R2034 _R2036 _R2038 _R2040 _R2047 _R2051 _R102 _R103 _R104 _R105 _R70 _R71 _R78 _R79 _R90 _R109 _R87 _R1614 _R1615', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  await mary.done(mary.createXml(message(subject('hello') + to('rob')), { disposition: 'SendAndSaveCopy' }))
  const read = await rob.get(await arrived(site, 'rob', 'hello'))
  for (const name of [
    'ItemId', 'ParentFolderId', 'ItemClass', 'Subject', 'Sensitivity', 'DateTimeReceived', 'Size', 'Importance', 'IsSubmitted', 'IsDraft',
    'IsFromMe', 'IsResend', 'IsUnmodified', 'InternetMessageHeaders', 'DateTimeSent', 'DateTimeCreated', 'ResponseObjects', 'ReminderIsSet',
    'ReminderMinutesBeforeStart', 'DisplayCc', 'DisplayTo', 'HasAttachments', 'Culture', 'EffectiveRights', 'LastModifiedName',
    'LastModifiedTime', 'IsAssociated', 'ConversationId', 'Flag', 'InstanceKey',
  ]) {
    assert.ok(at(read, name), name)
  } // prettier-ignore
  assert.equal(idOf(read, 'ParentFolderId').Id, idOf(await rob.getFolder('inbox'), 'FolderId').Id)
  assert.equal(text(read, 'IsAssociated'), 'false')
  const asked = await rob.get(idOf(read), {
    shape: 'IdOnly',
    fields: ['item:Preview', 'item:TextBody', 'item:NormalizedBody', 'item:UniqueBody'],
  })
  for (const name of ['Preview', 'TextBody', 'NormalizedBody', 'UniqueBody']) assert.ok(at(asked, name), name)
  assert.equal(text(read, 'IsUnmodified'), 'true')
  await rob.update(idOf(read), setXml('item:Subject', message(subject('changed'))))
  const changed = await rob.get(idOf(read))
  assert.equal(text(changed, 'IsUnmodified'), 'false')
  assert.equal(text(changed, 'LastModifiedName'), 'Rob Young')
})

test('an item has the class of its kind, and no other: MS-OXWSCORE_R2018 _R2019 _R2020 _R2021 _R2022 _R2023 _R72', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [element, itemClass, folder, body] of [
    ['Contact', 'IPM.Contact', 'contacts', ''],
    ['CalendarItem', 'IPM.Appointment', 'calendar', ''],
    ['PostItem', 'IPM.Post', 'inbox', ''],
    ['Task', 'IPM.Task', 'tasks', ''],
    ['DistributionList', 'IPM.DistList', 'contacts', '<t:DisplayName>team</t:DisplayName>'],
  ] as const) {
    const xml = (inside: string) => `<t:${element}>${inside}${subject('x')}${body}</t:${element}>`
    const read = await mary.get(await mary.create(xml(''), { folder }))
    assert.deepEqual([read.name, text(read, 'ItemClass')], [element, itemClass])
    const own = `${itemClass}.Mine`
    assert.equal(text(await mary.get(await mary.create(xml(`<t:ItemClass>${own}</t:ItemClass>`), { folder })), 'ItemClass'), own)
    for (const wrong of ['IPM.Wrong', `${itemClass}x`]) {
      assert.deepEqual(await mary.createCodes(xml(`<t:ItemClass>${wrong}</t:ItemClass>`), { folder }), ['ErrorObjectTypeChanged'], wrong)
    }
  }
})

test('subjects are at most 255 characters: MS-OXWSCORE_R73 _R74', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const longest = 'ü'.repeat(255)
  const made = await mary.create(message(subject(longest)), { folder: 'inbox' })
  assert.equal(text(await mary.get(made), 'Subject'), longest)
  const [code] = await mary.createCodes(message(subject(`${longest}x`)), { folder: 'inbox' })
  assert.equal(code, 'ErrorPropertyValidationFailure')
})

test('plain properties come back as they were set: MS-OXWSCORE_R1650 _R1651 _R1652 _R1653 _R75 _R1679 _R1680 _R76 _R80 _R81 _R198 _R199 _R200 _R82 _R1616 _R1617 _R92 _R1620 _R1621 _R77', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const value of ['Normal', 'Personal', 'Private', 'Confidential']) {
    const read = await mary.get(await mary.create(message(`<t:Sensitivity>${value}</t:Sensitivity>`), { folder: 'inbox' }))
    assert.equal(text(read, 'Sensitivity'), value)
  }
  for (const value of ['High', 'Low', 'Normal']) {
    const read = await mary.get(await mary.create(message(`<t:Importance>${value}</t:Importance>`), { folder: 'inbox' }))
    assert.equal(text(read, 'Importance'), value)
  }
  for (const type of ['HTML', 'Text']) {
    const body = `<t:Body BodyType="${type}">${type === 'HTML' ? '&lt;p&gt;words&lt;/p&gt;' : 'words'}</t:Body>`
    const read = await mary.get(await mary.create(message(body), { folder: 'inbox' }), {
      more: `<t:BodyType>${type}</t:BodyType>`,
    })
    assert.equal(at(read, 'Body')?.attributes['BodyType'], type)
    assert.match(text(read, 'Body') ?? '', /words/)
  }
  const rich = message(
    `${subject('rich')}<t:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>YQ==</t:Content></t:FileAttachment></t:Attachments>` +
      '<t:Categories><t:String>Red</t:String><t:String>Blue</t:String></t:Categories><t:InReplyTo>&lt;x@y&gt;</t:InReplyTo>' +
      '<t:ReminderDueBy>2030-03-04T00:00:00Z</t:ReminderDueBy><t:ReminderIsSet>true</t:ReminderIsSet>',
  )
  const read = await mary.get(await mary.create(rich, { folder: 'inbox' }))
  assert.deepEqual(texts(read, 'Categories/String'), ['Red', 'Blue'])
  assert.equal(text(read, 'InReplyTo'), '<x@y>')
  assert.equal(text(read, 'ReminderIsSet'), 'true')
  assert.equal(text(read, 'ReminderDueBy'), '2030-03-04T00:00:00Z')
  assert.equal(text(read, 'HasAttachments'), 'true')
  assert.deepEqual(texts(read, 'Attachments/FileAttachment/Name'), ['a.txt'])
  const bare = await mary.get(await mary.create(message(subject('bare')), { folder: 'inbox' }))
  assert.deepEqual([text(bare, 'HasAttachments'), text(bare, 'ReminderIsSet')], ['false', 'false'])
})

test('drafts, what was sent, and what one sent to oneself: MS-OXWSCORE_R83 _R1607 _R84 _R1608 _R1609 _R85 _R1610 _R1611 _R86 _R1613 _R88 _R89 _R20301 _R96 _R97 _R98 _R99', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const cc = toNamed('ann', 'rob').replaceAll('ToRec', 'CcRec')
  const draft = await mary.get(await mary.create(message(subject('draft') + toNamed('rob', 'mary') + cc)))
  assert.deepEqual(
    ['IsDraft', 'IsSubmitted', 'IsResend', 'DisplayTo', 'DisplayCc'].map((name) => text(draft, name)),
    ['true', 'false', 'false', 'Rob Young; Mary Jensen', 'Ann Beebe; Rob Young'],
  )
  await mary.done(mary.createXml(message(subject('sent') + toNamed('rob', 'mary')), { disposition: 'SendAndSaveCopy' }))
  const own = await mary.get(await arrived(site, 'mary', 'sent'))
  const his = await rob.get(await arrived(site, 'rob', 'sent'))
  const kept = await mary.get(await arrived(site, 'mary', 'sent', 'sentitems'))
  assert.deepEqual(
    [own, his, kept].map((item) => text(item, 'IsDraft')),
    ['false', 'false', 'false'],
  )
  assert.deepEqual(
    [own, his].map((item) => text(item, 'IsFromMe')),
    ['true', 'false'],
  )
  assert.deepEqual(
    [own, his].map((item) => text(item, 'DisplayTo')),
    ['Rob Young; Mary Jensen', 'Rob Young; Mary Jensen'],
  )
  const headers = all(his, 'InternetMessageHeaders/InternetMessageHeader')
  assert.ok(headers.some(({ attributes }) => attributes['HeaderName'] === 'Subject'))
  assert.ok(text(his, 'DateTimeSent'))
})

for (const engine of quickEngines) {
  test(`copies and moves (${engine.name}): MS-OXWSCORE_R221 _R388 _R45 _R1600 _R46 _R1601 _R47`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const order = (verb: string, ids: string, more = '') =>
      mary.ask(`<m:${verb}><m:ToFolderId>${folderXml('drafts')}</m:ToFolderId><m:ItemIds>${ids}</m:ItemIds>${more}</m:${verb}>`)
    const one = await mary.create(message(subject('one')), { folder: 'inbox' })
    const two = await mary.create(message(subject('two')), { folder: 'inbox' })
    const copied = await order('CopyItem', itemXml(one) + itemXml(two))
    assert.deepEqual(
      copied.map(({ code }) => code),
      ['NoError', 'NoError'],
    )
    const copy = idOf(at(copied[0]?.element, 'Items/Message'))
    assert.notEqual(copy.Id, one.Id)
    assert.deepEqual((await subjects(mary, 'drafts')).sort(), ['one', 'two'])
    assert.deepEqual((await subjects(mary, 'inbox')).sort(), ['one', 'two'])
    const [moved] = await order('MoveItem', itemXml(one))
    assert.deepEqual(await subjects(mary, 'inbox'), ['two'])
    assert.equal(text(await mary.get(idOf(at(moved?.element, 'Items/Message'))), 'Subject'), 'one')
    assert.deepEqual(await mary.codes(mary.getXml(itemXml(one))), ['ErrorItemNotFound'])
    const [quiet] = await order('MoveItem', itemXml(two), '<m:ReturnNewItemIds>false</m:ReturnNewItemIds>')
    assert.equal(quiet?.code, 'NoError')
  })

  test(`three ways of deleting (${engine.name}): MS-OXWSCORE_R303 _R1667 _R1668 _R1669 _R343 _R341`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = async (name: string) => mary.create(message(subject(name)), { folder: 'inbox' })
    const [hard, soft, bin] = [await made('hard'), await made('soft'), await made('bin')]
    assert.deepEqual(await mary.remove(itemXml(hard)), ['NoError'])
    assert.deepEqual(await mary.remove(itemXml(soft), 'SoftDelete'), ['NoError'])
    assert.deepEqual(await mary.remove(itemXml(bin), 'MoveToDeletedItems'), ['NoError'])
    assert.deepEqual(await subjects(mary, 'inbox'), [])
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['bin'])
    assert.ok((await subjects(mary, 'recoverableitemsdeletions')).includes('soft'))
    assert.deepEqual(await mary.remove(itemXml(hard)), ['ErrorItemNotFound'])
    const both = [await made('a'), await made('b')] as const
    assert.deepEqual(await mary.remove(itemXml(both[0]) + itemXml(both[1])), ['NoError', 'NoError'])
  })

  test(`sending what is stored (${engine.name}): MS-OXWSCORE_R424 _R462 _R463 _R465 _R1648 _R1649`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const send = async (name: string, attributes: string, more = '') => {
      const id = await mary.create(message(subject(name) + to('rob')))
      const answer = await mary.codes(`<m:SendItem ${attributes}><m:ItemIds>${itemXml(id)}</m:ItemIds>${more}</m:SendItem>`)
      return [id, ...answer] as const
    }
    const [kept, ok] = await send('kept', 'SaveItemToFolder="true"')
    assert.equal(ok, 'NoError')
    await send('elsewhere', 'SaveItemToFolder="true"', `<m:SavedItemFolderId>${folderXml('notes')}</m:SavedItemFolderId>`)
    await send('gone', 'SaveItemToFolder="false"')
    for (const name of ['kept', 'elsewhere', 'gone']) await arrived(site, 'rob', name)
    assert.deepEqual(await subjects(mary, 'sentitems'), ['kept'])
    assert.deepEqual(await subjects(mary, 'notes'), ['elsewhere'])
    assert.deepEqual(await subjects(mary, 'drafts'), [])
    assert.deepEqual(await mary.codes(mary.getXml(itemXml(kept))), ['ErrorItemNotFound'])
    const [, refused] = await send('both', 'SaveItemToFolder="false"', `<m:SavedItemFolderId>${folderXml('notes')}</m:SavedItemFolderId>`)
    assert.equal(refused, 'ErrorInvalidSendItemSaveSettings')
  })
}

test('set, append and delete: MS-OXWSCORE_R466 _R555 _R556 _R557 _R561 _R61 _R65', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(
    message(`${subject('a')}<t:Body BodyType="Text">one</t:Body><t:Categories><t:String>Red</t:String></t:Categories>`),
  )
  const answer = await mary.done(
    mary.updateXml(
      made,
      setXml('item:Subject', message(subject('b'))) +
        appendXml('item:Body', message('<t:Body BodyType="Text"> two</t:Body>')) +
        deleteXml('item:Categories'),
    ),
  )
  assert.equal(text(answer, 'ConflictResults/Count'), '0')
  const read = await mary.get(made, { more: '<t:BodyType>Text</t:BodyType>' })
  assert.equal(text(read, 'Subject'), 'b')
  assert.match(text(read, 'Body') ?? '', /^one\s+two\s*$/)
  assert.equal(at(read, 'Categories'), undefined)
  const two = setXml('item:Subject', message(`${subject('c')}<t:Importance>High</t:Importance>`))
  assert.deepEqual(await mary.updateCodes(made, two), ['ErrorIncorrectUpdatePropertyCount'])
  const appended = appendXml('item:Subject', message(subject('more')))
  assert.deepEqual(await mary.updateCodes(made, appended), ['ErrorInvalidPropertyAppend'])
  assert.deepEqual(await mary.updateCodes(made, deleteXml('item:ItemId')), ['ErrorInvalidPropertyDelete'])
})

test('conflicts: MS-OXWSCORE_R582 _R583 _R584 _R588', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const old = await mary.create(message(subject('first')))
  const now = await mary.update(old, setXml('item:Subject', message(subject('second'))))
  const change = (value: string) => setXml('item:Subject', message(subject(value)))
  assert.deepEqual(await mary.updateCodes(old, change('never'), { conflict: 'NeverOverwrite' }), ['ErrorIrresolvableConflict'])
  assert.equal(text(await mary.get(now), 'Subject'), 'second')
  assert.deepEqual(await mary.updateCodes(now, change('fresh'), { conflict: 'NeverOverwrite' }), ['NoError'])
  assert.deepEqual(await mary.updateCodes(old, change('auto'), { conflict: 'AutoResolve' }), ['NoError'])
  assert.deepEqual(await mary.updateCodes(old, change('always'), { conflict: 'AlwaysOverwrite' }), ['NoError'])
  assert.equal(text(await mary.get(now), 'Subject'), 'always')
})

test('MIME in and out: MS-OXWSCORE_R69 _R2012 _R2013 _R2309 _R23091 _R114', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const mime = Buffer.from('From: a@b.example\r\nTo: mary@contoso.com\r\nSubject: from mime\r\nContent-Type: text/plain\r\n\r\nwords\r\n')
  const content = `<t:MimeContent CharacterSet="UTF-8">${mime.toString('base64')}</t:MimeContent>`
  const shape = { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' }
  for (const element of ['Message', 'PostItem']) {
    const read = await mary.get(await mary.create(`<t:${element}>${content}</t:${element}>`, { folder: 'inbox' }), shape)
    assert.equal(text(read, 'Subject'), 'from mime', element)
    assert.equal(Buffer.from(text(read, 'MimeContent') ?? '', 'base64').toString(), mime.toString())
    assert.equal(at(read, 'MimeContent')?.attributes['CharacterSet'], 'UTF-8')
  }
  for (const [element, folder] of [
    ['Contact', 'contacts'],
    ['Task', 'tasks'],
    ['DistributionList', 'contacts'],
  ] as const) {
    assert.deepEqual(
      await mary.createCodes(`<t:${element}>${content}</t:${element}>`, { folder }),
      ['ErrorUnsupportedMimeConversion'],
      element,
    )
    const id = await mary.create(`<t:${element}>${subject('x')}</t:${element}>`, { folder })
    assert.ok(text(await mary.get(id, shape), 'MimeContent'), element)
  }
  const event =
    '<t:CalendarItem><t:Subject>e</t:Subject><t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End></t:CalendarItem>'
  const calendar = Buffer.from(text(await mary.get(await mary.create(event, { folder: 'calendar' }), shape), 'MimeContent') ?? '', 'base64')
  assert.match(calendar.toString(), /BEGIN:VCALENDAR/)
  const again = `<t:CalendarItem><t:MimeContent>${calendar.toString('base64')}</t:MimeContent></t:CalendarItem>`
  assert.equal(text(await mary.get(await mary.create(again, { folder: 'calendar' })), 'Start'), '2030-03-04T09:00:00Z')
})

test('MS-OXWSCORE_R2012: MimeContent of a calendar item takes the place of what it said, in UpdateItem too', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const ics = (lines: string) =>
    Buffer.from(
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:weekly-1@example.com\r\nDTSTAMP:20300101T000000Z\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ).toString('base64')
  const content = (lines: string) => `<t:CalendarItem><t:MimeContent CharacterSet="UTF-8">${ics(lines)}</t:MimeContent></t:CalendarItem>`
  const weekly =
    'SUMMARY:Standup\r\nLOCATION:Room 1\r\nDESCRIPTION:bring coffee\r\nDTSTART:20300304T090000Z\r\nDTEND:20300304T093000Z\r\nRRULE:FREQ=WEEKLY;COUNT=5'
  const id = await mary.create(content(weekly), { folder: 'calendar' })
  const before = await mary.get(id)
  assert.equal(text(before, 'CalendarItemType'), 'RecurringMaster')
  const single = 'SUMMARY:Standup moved\r\nDTSTART:20300305T100000Z\r\nDTEND:20300305T110000Z\r\nCATEGORIES:Team'
  const after = await mary.get(await mary.update(id, setXml('item:MimeContent', content(single))))
  assert.deepEqual(
    ['Subject', 'Location', 'CalendarItemType', 'Start', 'End', 'UID', 'Body', 'Categories/String'].map((name) => text(after, name)),
    ['Standup moved', undefined, 'Single', '2030-03-05T10:00:00Z', '2030-03-05T11:00:00Z', text(before, 'UID'), undefined, 'Team'],
  )
  const again = await mary.get(await mary.update(id, setXml('item:MimeContent', content(weekly))))
  assert.deepEqual(
    [text(again, 'CalendarItemType'), text(again, 'Location'), text(again, 'Body')],
    ['RecurringMaster', 'Room 1', 'bring coffee'],
  )
  const task = Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t\r\nSUMMARY:t\r\nEND:VTODO\r\nEND:VCALENDAR\r\n').toString('base64')
  const other = `<t:CalendarItem><t:MimeContent>${task}</t:MimeContent></t:CalendarItem>`
  assert.deepEqual(await mary.updateCodes(id, setXml('item:MimeContent', other)), ['ErrorObjectTypeChanged'])
})

test('headers of a request: MS-OXWSCORE_R361 _R362 _R481 _R482 _R1670 _R1671 _R1162', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(
    '<t:CalendarItem><t:Start>2030-07-04T09:00:00Z</t:Start><t:End>2030-07-04T10:00:00Z</t:End></t:CalendarItem>',
    {
      folder: 'calendar',
    },
  )
  const zoned = await mary.get(made, {}, { timeZoneContext: { id: 'W. Europe Standard Time' } })
  assert.equal(text(zoned, 'Start'), '2030-07-04T11:00:00+02:00')
  const seconds = await mary.get(made, {}, { dateTimePrecision: 'Seconds' })
  const milliseconds = await mary.get(made, {}, { dateTimePrecision: 'Milliseconds' })
  assert.match(text(seconds, 'DateTimeCreated') ?? '', /T\d\d:\d\d:\d\dZ$/)
  assert.match(text(milliseconds, 'DateTimeCreated') ?? '', /T\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('MarkAllItemsAsRead: MS-OXWSCORE_R1166 _R1157', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const value of ['true', 'false']) await mary.create(message(`<t:IsRead>${value}</t:IsRead>`), { folder: 'inbox' })
  for (const value of ['true', 'false']) {
    await mary.done(
      `<m:MarkAllItemsAsRead><m:ReadFlag>${value}</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folderXml('inbox')}</m:FolderIds></m:MarkAllItemsAsRead>`,
    )
    const states = (await mary.find('inbox', { fields: ['message:IsRead'] })).map((item) => text(item, 'IsRead'))
    assert.deepEqual(states, [value, value])
  }
})

test('ids, previews and shapes: MS-OXWSCORE_R156 _R157 _R158 _R159 _R386 _R387 _R1055 _R298 _R299', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const body = `<t:Body BodyType="Text">${'word '.repeat(200)}</t:Body>`
  const [one, two] = (await mary.ask(mary.createXml(message(body) + message(subject('two')), { folder: 'notes' }))).map(({ element }) =>
    idOf(at(element, 'Items/Message')),
  )
  assert.ok(one && two)
  for (const value of [one.Id, one.ChangeKey]) assert.ok(value.length > 0 && value.length <= 512)
  assert.equal(text(await mary.get(one, { shape: 'IdOnly', fields: ['item:Preview'] }), 'Preview')?.length, 256)
  assert.deepEqual(names(await mary.get(two, { shape: 'IdOnly' })), ['ItemId'])
  assert.equal((await mary.find('notes')).length, 2)
  assert.equal((await inboxOf(mary)).length, 0)
})

test('answers to messages: MS-OXWSCORE_R131 _R132 _R133 _R136 _R91 _R164 _R170 _R172 _R174 _R179 _R186', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const cc = to('ann').replaceAll('ToRec', 'CcRec')
  const ask = '<t:IsReadReceiptRequested>true</t:IsReadReceiptRequested>'
  await mary.done(mary.createXml(message(subject('question') + to('rob') + cc + ask), { disposition: 'SendAndSaveCopy' }))
  const got = await arrived(site, 'rob', 'question')
  const offered = names(at(await rob.get(got), 'ResponseObjects'))
  for (const name of ['ReplyToItem', 'ReplyAllToItem', 'ForwardItem']) assert.ok(offered.includes(name), name)
  const answer = async (element: string, inside: string) => {
    const xml = `<t:${element}>${inside}</t:${element}>`
    return rob.get(await rob.create(xml), { more: '<t:BodyType>Text</t:BodyType>' })
  }
  const reference = `<t:ReferenceItemId Id="${got.Id}" ChangeKey="${got.ChangeKey}"/>`
  const addresses = (item: Awaited<ReturnType<typeof answer>>, list: string) => texts(item, `${list}/Mailbox/EmailAddress`)
  const reply = await answer('ReplyToItem', `${reference}<t:NewBodyContent BodyType="Text">answer</t:NewBodyContent>`)
  assert.deepEqual(
    [text(reply, 'Subject'), addresses(reply, 'ToRecipients'), addresses(reply, 'CcRecipients')],
    ['RE: question', ['mary@contoso.com'], []],
  )
  assert.match(text(reply, 'Body') ?? '', /answer/)
  const every = await answer('ReplyAllToItem', reference)
  assert.deepEqual([addresses(every, 'ToRecipients'), addresses(every, 'CcRecipients')], [['mary@contoso.com'], ['ann@contoso.com']])
  const forward = await answer('ForwardItem', subject('mine') + to('ann') + reference)
  assert.deepEqual([text(forward, 'Subject'), addresses(forward, 'ToRecipients')], ['mine', ['ann@contoso.com']])
  const suppressed = await rob.createCodes(`<t:SuppressReadReceipt>${reference}</t:SuppressReadReceipt>`)
  assert.deepEqual(suppressed, ['NoError'])
})
