import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, escapeAttribute, textOf, type XmlElement } from '#wire'
import { writeRecords } from '../../src/mailbox/transfer/records.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, idOf, itemXml, names, person, text, type Id, type Person } from './person.ts'

const exportXml = (...ids: Id[]) => `<m:ExportItems><m:ItemIds>${ids.map(itemXml).join('')}</m:ItemIds></m:ExportItems>`
const uploadXml = (folder: Id, data: string, { action = 'CreateNew', item = undefined as Id | undefined, more = '' } = {}) =>
  `<m:UploadItems><m:Items><t:Item CreateAction="${action}"${more}><t:ParentFolderId Id="${escapeAttribute(folder.Id)}"/>` +
  `${item ? itemXml(item) : ''}<t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`

const exported = async (who: Person, id: Id): Promise<string> => text(await who.done(exportXml(id)), 'Data') ?? ''
const uploaded = async (who: Person, folder: Id, data: string, options?: Parameters<typeof uploadXml>[2]): Promise<Id> =>
  idOf(await who.done(uploadXml(folder, data, options)))
const folderId = async (who: Person, folder: string): Promise<Id> => idOf(await who.getFolder(folder), 'FolderId')

/** What is another's of the same item in another place. */
const ofThePlace = new Set([
  'ItemId',
  'ParentFolderId',
  'InstanceKey',
  'ConversationId',
  'AttachmentId',
  'LastModifiedTime',
  'StoreEntryId',
  'WebClientReadFormQueryString',
])
/** A Message-ID that is made of the item's place, for items that have none. */
const madeId = /<[-.0-9a-f]+@isthmus\.invalid>/
/** The time of the last change, which is the place's own. */
const stamp = /^DTSTAMP:\w+/gm
/** An element with all in it, but for what differs by the place alone. */
function seen(element: XmlElement): unknown {
  const children = elementsOf(element).filter(({ name }) => !ofThePlace.has(name))
  if (element.name === 'MimeContent')
    return Buffer.from(textOf(element), 'base64').toString('latin1').replace(madeId, '<made>').replace(stamp, 'DTSTAMP')
  return { [element.name]: children.length > 0 ? children.map(seen) : textOf(element) }
}
const everything = {
  fields: ['item:MimeContent', 'item:Body', 'item:InternetMessageHeaders', 'message:BccRecipients', '<t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="MyNäme" PropertyType="StringArray"/>', '<t:ExtendedFieldURI PropertyTag="0x6a01" PropertyType="Binary"/>'], // prettier-ignore
}
async function whole(who: Person, id: Id): Promise<unknown> {
  const item = await who.get(id, everything)
  const attachments = []
  for (const attachment of elementsOf(at(item, 'Attachments') ?? item).filter(({ name }) => name.endsWith('Attachment'))) {
    const attachmentId = at(attachment, 'AttachmentId')?.attributes['Id'] ?? ''
    const got = await who.done(
      `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${attachmentId}"/></m:AttachmentIds></m:GetAttachment>`,
    )
    attachments.push(seen(at(got, 'Attachments') as XmlElement))
  }
  return [seen(item), attachments]
}

const extendedXml =
  '<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="MyNäme" PropertyType="StringArray"/><t:Values><t:Value>größer</t:Value><t:Value>b</t:Value></t:Values></t:ExtendedProperty>' +
  '<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x6a01" PropertyType="Binary"/><t:Value>AAECAw==</t:Value></t:ExtendedProperty>'
const file = '<t:FileAttachment><t:Name>a.txt</t:Name><t:ContentId>c1</t:ContentId><t:IsInline>true</t:IsInline><t:Content>YWJj</t:Content></t:FileAttachment>' // prettier-ignore
const attachedItem = `<t:ItemAttachment><t:Name>inner</t:Name><t:Message><t:Subject>inner</t:Subject><t:Body BodyType="HTML">&lt;p>x&lt;/p></t:Body><t:Attachments>${file}</t:Attachments></t:Message></t:ItemAttachment>`
/** One of each kind, as full as a client can make it. */
const kinds: readonly (readonly [string, string])[] = [
  ['drafts', `<t:Message><t:Subject>Über 😀 &amp; "mehr"</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="HTML">&lt;p>Grüße&lt;/p></t:Body><t:Attachments>${file}${attachedItem}</t:Attachments><t:Categories><t:String>red</t:String></t:Categories><t:Importance>High</t:Importance>${extendedXml}<t:ToRecipients><t:Mailbox><t:Name>Rob</t:Name><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients><t:BccRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:BccRecipients><t:References>&lt;r@x></t:References></t:Message>`],
  ['calendar', `<t:CalendarItem><t:Subject>Series</t:Subject><t:Body BodyType="Text">agenda</t:Body>${extendedXml}<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End><t:Location>Room 1</t:Location><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>6</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence><t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem>`],
  ['contacts', `<t:Contact><t:Subject>Ada</t:Subject><t:Attachments><t:FileAttachment><t:Name>ContactPicture.jpg</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>/9j/</t:Content></t:FileAttachment></t:Attachments>${extendedXml}<t:GivenName>Ada</t:GivenName><t:EmailAddresses><t:Entry Key="EmailAddress1">ada@fabrikam.com</t:Entry></t:EmailAddresses><t:PhysicalAddresses><t:Entry Key="Home"><t:City>Berlin</t:City></t:Entry></t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key="MobilePhone">1</t:Entry></t:PhoneNumbers><t:Birthday>1990-12-10T00:00:00Z</t:Birthday><t:Surname>Lovelace</t:Surname></t:Contact>`],
  ['contacts', '<t:DistributionList><t:DisplayName>All</t:DisplayName><t:Members><t:Member><t:Mailbox><t:Name>Rob</t:Name><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Member></t:Members></t:DistributionList>'],
  ['tasks', '<t:Task><t:Subject>Do</t:Subject><t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag><t:DueDate>2030-01-02T00:00:00Z</t:DueDate><t:PercentComplete>25</t:PercentComplete><t:Recurrence><t:DailyRegeneration><t:Interval>2</t:Interval></t:DailyRegeneration><t:NoEndRecurrence><t:StartDate>2030-01-01</t:StartDate></t:NoEndRecurrence></t:Recurrence></t:Task>'],
  ['drafts', '<t:PostItem><t:Subject>Post</t:Subject><t:Body BodyType="Text">text</t:Body></t:PostItem>'],
] // prettier-ignore

for (const engine of quickEngines) {
  test(`everything of an item comes back (${engine.name}): MS-OXWSBTRF_R169 _R170 _R172 _R173 _R179 _R182 _R195 _R200 _R201 _R207 _R211 _R226 _R228 _R252 _R254 _R165 _R246 _R248 _R250 _R11301 _R2107 _R2108 _R2007 _R2008`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    for (const [folder, xml] of kinds) {
      const id = await mary.create(xml, { folder })
      const before = await whole(mary, id)
      const data = await exported(mary, id)
      const here = await uploaded(mary, await folderId(mary, folder), data)
      assert.notEqual(here.Id, id.Id)
      assert.ok(here.ChangeKey)
      assert.deepEqual(await whole(mary, here), before, xml)
      assert.equal(await exported(mary, here).then(comparable), comparable(data), 'what was uploaded is exported the same')
      const there = await uploaded(rob, await folderId(rob, folder), data)
      assert.equal(text(await rob.get(there), 'Subject'), text(await mary.get(id), 'Subject'))
    }
    const message = await mary.done(exportXml(await mary.create('<t:Message/>')))
    assert.deepEqual(names(message), ['ResponseCode', 'ItemId', 'Data'])
  })

  test(`received mail and a series with its exceptions (${engine.name}): MS-OXWSBTRF_R1 _R3 _R2006 _R172`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const { organisation, mailbox = '' } = site.people.mary!
    const mime = Buffer.from(
      'From: x@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: kept\r\nX-Odd:  as it  came\r\n\r\nbytes \xe4\r\n',
      'latin1',
    )
    const trace = 'Received: from fabrikam.com by contoso.com; Sat, 28 Nov 2026 00:00:00 +0000'
    const delivery = { mime, recipient: 'mary@contoso.com', sender: 'x@fabrikam.com', receivedAt: Date.UTC(2026, 0, 2), trace }
    await site.mailboxes.deliver(organisation, mailbox, delivery)
    const [message] = await mary.find('inbox')
    const mail = idOf(message)
    const copy = await uploaded(mary, await folderId(mary, 'drafts'), await exported(mary, mail))
    assert.deepEqual(await whole(mary, copy), await whole(mary, mail))
    const got = await mary.get(copy, everything)
    assert.equal(text(got, 'MimeContent'), text(await mary.get(mail, everything), 'MimeContent'))
    assert.deepEqual([text(got, 'IsRead'), text(got, 'DateTimeReceived')], ['false', '2026-01-02T00:00:00Z'])

    const series = await mary.create(kinds[1]![1], { folder: 'calendar' })
    const nth = (id: Id, n: number) => `<t:OccurrenceItemId RecurringMasterId="${escapeAttribute(id.Id)}" InstanceIndex="${n}"/>`
    const third = idOf(await mary.get(nth(series, 3)))
    await mary.update(third, [['Subject', 'moved'], ['Body', 'own body', ' BodyType="Text"']].map(([name, value, more = '']) => `<t:SetItemField><t:FieldURI FieldURI="item:${name}"/><t:CalendarItem><t:${name}${more}>${value}</t:${name}></t:CalendarItem></t:SetItemField>`).join('')) // prettier-ignore
    assert.deepEqual(await mary.remove(nth(series, 4), 'HardDelete', 'SendMeetingCancellations="SendToNone"'), ['NoError'])
    const twin = await uploaded(mary, await folderId(mary, 'calendar'), await exported(mary, series))
    const own = await mary.get(nth(twin, 3), everything)
    assert.deepEqual([text(own, 'Subject'), text(own, 'Body')], ['moved', 'own body'])
    const dates = async (id: Id) => ['ModifiedOccurrences/Occurrence/OriginalStart', 'DeletedOccurrences/DeletedOccurrence/Start'].map(async (path) => text(await mary.get(id), path)) // prettier-ignore
    assert.deepEqual(await Promise.all(await dates(twin)), ['2030-03-18T09:00:00Z', '2030-03-25T09:00:00Z'])
    assert.deepEqual(await mary.codes(exportXml(third)), ['ErrorCalendarCannotMoveOrCopyOccurrence'])
  })

  test(`replacing (${engine.name}): MS-OXWSBTRF_R199 _R214 _R227 _R229 _R231 _R234 _R235 _R242 _R2321 _R2351 _R2009 _R2010`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const [drafts, inbox] = [await folderId(mary, 'drafts'), await folderId(mary, 'inbox')]
    const id = await mary.create(kinds[0]![1])
    const data = await exported(mary, id)
    const subject = (value: string) => `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>${value}</t:Subject></t:Message></t:SetItemField>` // prettier-ignore
    const changed = await mary.update(id, subject('changed'))
    for (const action of ['Update', 'UpdateOrCreate']) {
      const before = await mary.update(changed, subject(action))
      const updated = await uploaded(mary, drafts, data, { action, item: before })
      assert.equal(updated.Id, id.Id, 'the item stays')
      assert.notEqual(updated.ChangeKey, before.ChangeKey)
      assert.equal(text(await mary.get(updated), 'Subject'), 'Über 😀 & "mehr"')
      assert.equal(all(await mary.get(updated), 'Attachments/FileAttachment').length, 1)
      const answer = await site.ews(uploadXml(drafts, data, { action }))
      assert.match(answer.body, /Fault/)
      assert.equal(answer.status, 500)
    }
    const [elsewhere] = await mary.ask(uploadXml(inbox, data, { action: 'Update', item: id }))
    assert.deepEqual([elsewhere?.as, elsewhere?.code], ['Error', 'ErrorItemNotFound'])
    const made = await uploaded(mary, inbox, data, { action: 'UpdateOrCreate', item: id })
    const fresh = await uploaded(mary, drafts, data, { item: id })
    assert.equal(new Set([id.Id, made.Id, fresh.Id]).size, 3)
    assert.deepEqual([await mary.find('inbox'), await mary.find('drafts')].map(({ length }) => length), [1, 2]) // prettier-ignore
    const task = await mary.create('<t:Task/>', { folder: 'tasks' })
    const other = await exported(mary, task)
    assert.deepEqual(await mary.codes(uploadXml(drafts, other, { action: 'Update', item: id })), ['ErrorObjectTypeChanged'])
    assert.deepEqual(await mary.codes(uploadXml(drafts, other)), ['ErrorCannotCreateTaskInNonTaskFolder'])
  })
}

test('what belongs to the folder: MS-OXWSBTRF_R222 _R223', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const drafts = await folderId(mary, 'drafts')
  const data = await exported(mary, await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>'))
  await uploaded(mary, drafts, data, { more: ' IsAssociated="true"' })
  const associated = await mary.find('drafts', { traversal: 'Associated', shape: 'AllProperties' })
  assert.deepEqual(associated.map((one) => [text(one, 'Subject'), text(one, 'IsAssociated')]), [['x', 'true']]) // prettier-ignore
  await uploaded(mary, drafts, await exported(mary, idOf(associated[0])))
  assert.equal((await mary.find('drafts', { traversal: 'Associated' })).length, 1, 'the stream does not say so, the request does')
  assert.equal((await mary.find('drafts')).length, 2)
})

test('whose items are whose: MS-OXWSBTRF_R2109 _R2110', async () => {
  await using site = await startTestSite()
  const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
  const drafts = await folderId(mary, 'drafts')
  const id = await mary.create('<t:Message><t:Subject>mine</t:Subject></t:Message>')
  const data = await exported(mary, id)
  const [refused] = await rob.ask(exportXml(id))
  assert.deepEqual([refused?.as, refused?.code, at(refused?.element, 'Data')], ['Error', 'ErrorItemNotFound', undefined])
  assert.deepEqual(await rob.codes(uploadXml(drafts, data)), ['ErrorFolderNotFound'])
  const permit = (address: string, level: string) =>
    `<t:Permission><t:UserId><t:PrimarySmtpAddress>${address}@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>${level}</t:PermissionLevel></t:Permission>`
  const set = `<t:SetFolderField><t:FieldURI FieldURI="folder:PermissionSet"/><t:Folder><t:PermissionSet><t:Permissions>${permit('rob', 'Author')}${permit('ann', 'Reviewer')}</t:Permissions></t:PermissionSet></t:Folder></t:SetFolderField>`
  assert.deepEqual(await mary.codes(mary.updateFolderXml(drafts, set)), ['NoError'])
  assert.equal((await exported(ann, id)).length > 0, true, 'who may read may export')
  assert.deepEqual(await ann.codes(uploadXml(drafts, data)), ['ErrorCreateItemAccessDenied'])
  assert.deepEqual(await rob.codes(uploadXml(drafts, data, { action: 'Update', item: id })), ['ErrorAccessDenied'])
  const made = await uploaded(rob, drafts, data)
  assert.equal(text(await mary.get(made), 'LastModifiedName'), 'Rob Young', 'nobody says who else made it')
  await uploaded(rob, drafts, await exported(rob, made), { action: 'Update', item: made })
  assert.deepEqual(await rob.remove(itemXml(made), 'HardDelete'), ['NoError'], 'an author deletes their own')
})

test('what is no item that was exported is refused: MS-OXWSBTRF_R2009 _R2010', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const drafts = await folderId(mary, 'drafts')
  const stream = Buffer.from(await exported(mary, await mary.create(kinds[0]![1])), 'base64')
  const damaged = Buffer.from(stream)
  damaged[200]! ^= 1
  const newer = Buffer.from(stream)
  newer[8] = 2
  const record = (tag: string, bytes: string | Uint8Array) => ({ tag, bytes: Buffer.from(bytes) })
  const head = (properties: object, kind = 'message', more = {}) => writeRecords([record('ITEM', JSON.stringify({ kind, properties, extended: {}, ...more }))]) // prettier-ignore
  const span = { start: 0, end: 3_600_000 }
  const weekly = (range: object) => ({ pattern: { type: 'Weekly', interval: 1, days: ['Monday'] }, range })
  for (const [why, bytes] of Object.entries({
    'does not begin': Buffer.from('AAAA'),
    'ends too early': stream.subarray(0, -1),
    'was damaged': damaged,
    'version 2': newer,
    'no properties': writeRecords([]),
    'cannot be read': writeRecords([record('ITEM', '{')]),
    'belong together': head({}, 'message', { bodyType: 'Text' }),
    'does not belong there': writeRecords([record('ITEM', '{"kind":"message","properties":{},"extended":{}}'), record('EVIL', 'x')]),
    "'subject' has no such value": head({ subject: 7 }),
    "'nonsense' that is not known": head({ nonsense: 7 }),
    "'[$]creator' that is not known": head({ $creator: 'x' }),
    "'__proto__' that is not known": writeRecords([
      record('ITEM', '{"kind":"message","properties":{"__proto__":{"isRead":true}},"extended":{}}'),
    ]),
    "'toRecipients' has no such value": head({ toRecipients: [{ address: 'x', evil: 1 }] }),
    'an extended property': head({}, 'message', { extended: { 'tag:zzzz': { type: 'String', value: 'x' } } }),
    'has no times': head({ subject: 'x' }, 'calendar'),
    'ends before it begins': head({ start: 9, end: 3 }, 'calendar'),
    'is no series': head({ ...span, exceptions: [{ originalStart: 0, properties: {} }] }, 'calendar'),
    "'exceptions' has no such value": head({ ...span, recurrence: weekly({ type: 'NoEnd', start: '2030-03-04' }), exceptions: [{ originalStart: 0, properties: { start: 'x' } }] }, 'calendar'), // prettier-ignore
  })) {
    const [refused] = await mary.ask(uploadXml(drafts, Buffer.from(bytes).toString('base64')))
    assert.equal(refused?.code, 'ErrorCorruptData', why)
    assert.match(text(refused.element, 'MessageText') ?? '', new RegExp(why))
    assert.equal(at(refused.element, 'ItemId'), undefined)
  }
  const endless = head({ ...span, recurrence: weekly({ type: 'EndDate', start: '2030-03-04', end: '2030-02-30' }) }, 'calendar')
  const [refused] = await mary.ask(uploadXml(await folderId(mary, 'calendar'), Buffer.from(endless).toString('base64')))
  assert.equal(refused?.as, 'Error')
  assert.equal((await mary.find('drafts')).length, 1)
  const passedOver = writeRecords([
    record('ITEM', '{"kind":"message","properties":{"subject":"s"},"extended":{}}'),
    record('note', 'of a newer program'),
  ])
  const made = await uploaded(mary, drafts, Buffer.from(passedOver).toString('base64'))
  assert.equal(text(await mary.get(made), 'Subject'), 's')
})

/** A stream without when it was put there, and its digest. */
const comparable = (data: string): string =>
  Buffer.from(data, 'base64')
    .subarray(0, -40)
    .toString('latin1')
    .replace(/"lastModifiedTime":\d+/, '')
