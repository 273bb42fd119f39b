/** [MS-OXWSCORE] 2.2.4.24: bodies in the form asked for, pictures from elsewhere, icons, and what else an item says of itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, idOf, itemXml, person, setXml, text, texts, type Id, type Person } from './person.ts'

const message = (inside: string) => `<t:Message><t:Subject>s</t:Subject>${inside}</t:Message>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const html = (body: string) => `<t:Body BodyType="HTML">${body.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t:Body>`
const fields = (...names: string[]) => ({ shape: 'IdOnly', fields: names.map((name) => `item:${name}`) })

test('each body has the form asked for it: MS-OXWSCORE_R1349 _R1683', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(html('<p>some <b>words</b></p>')), { folder: 'inbox' })
  const bodies = async (more: string) => {
    const read = await mary.get(id, { ...fields('Body', 'UniqueBody', 'NormalizedBody'), more })
    return ['Body', 'UniqueBody', 'NormalizedBody'].map((name) => [
      at(read, name)?.attributes['BodyType'],
      /<b>words<\/b>/.test(text(read, name) ?? ''),
    ])
  }
  const [rich, plain] = [['HTML', true], ['Text', false]] // prettier-ignore
  assert.deepEqual(await bodies(element('BodyType', 'HTML')), [rich, rich, rich])
  assert.deepEqual(await bodies(element('BodyType', 'Text')), [plain, plain, plain])
  assert.deepEqual(await bodies(element('BodyType', 'HTML') + element('NormalizedBodyType', 'Text')), [rich, rich, plain])
  assert.deepEqual(await bodies(element('BodyType', 'Text') + element('UniqueBodyType', 'HTML') + element('NormalizedBodyType', 'HTML')), [plain, rich, rich]) // prettier-ignore
})

const external = [
  '<img src="http://spy.example/1.gif">',
  '<IMG alt=">" src=//spy.example/1.gif>',
  '<img src = " https://spy.example/1.gif">',
  "<img\nsrc='http://spy.example/1.gif'>",
  '<div style="background:url(http://spy.example/1.gif)"><img src="http://spy.example/1.gif"></div>',
  '<style>p { background: url(http://spy.example/2.gif) }</style><img src="http://spy.example/1.gif">',
]

test('pictures from elsewhere are blocked on request, and the item says so: MS-OXWSCORE_R1058 _R2059 _R1059 _R1357 _R1622 _R1358 _R1623', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const facts = async (body: string, more: string) => {
    const read = await mary.get(await mary.create(message(html(body)), { folder: 'inbox' }), {
      ...fields('Body', 'BlockStatus', 'HasBlockedImages'),
      more,
    })
    return { body: text(read, 'Body') ?? '', status: text(read, 'BlockStatus'), has: text(read, 'HasBlockedImages') }
  }
  const block = element('BlockExternalImages', 'true')
  for (const body of external) {
    const blocked = await facts(`<p>words</p>${body}`, block)
    assert.deepEqual([blocked.status, blocked.has], ['true', 'true'], body)
    assert.doesNotMatch(blocked.body, /spy\.example/, body)
    assert.match(blocked.body, /words/)
    for (const more of ['', element('BlockExternalImages', 'false')]) {
      const open = await facts(body, more)
      assert.deepEqual([open.status, open.has], ['false', 'false'])
      assert.match(open.body, /spy\.example/)
    }
  }
  const own = await facts('<p>words</p><img src="cid:a@b"><a href="http://spy.example/">link</a>', block)
  assert.deepEqual([own.status, own.has], ['true', 'false'])
  assert.match(own.body, /cid:a@b/)
  assert.match(own.body, /href="http:\/\/spy\.example\/"/)
})

test('links open windows of their own on request', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(html('<a href="http://a.example/">there</a><a name="x">here</a>')), { folder: 'inbox' })
  const body = async (more: string) => text(await mary.get(id, { ...fields('Body'), more }), 'Body') ?? ''
  assert.match(await body(element('AddBlankTargetToLinks', 'true')), /<a href="http:\/\/a\.example\/" target="_blank" rel="noopener">there/)
  assert.doesNotMatch(await body(element('AddBlankTargetToLinks', 'false')), /target/)
})

const icon = async (who: Person, id: Id) => text(await who.get(id, fields('IconIndex')), 'IconIndex')
const daily = (start: string) =>
  `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>${start}</t:StartDate>` +
  '<t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>'

for (const engine of quickEngines) {
  test(`each item has the icon of what it is (${engine.name}): MS-OXWSCORE_R1917`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const event = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>'
    const room = '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>' // prettier-ignore
    for (const [xml, folder, wanted] of [
      ['<t:Task/>', 'tasks', 'TaskItem'],
      [`<t:Task>${daily('2030-03-04')}</t:Task>`, 'tasks', 'TaskRecur'],
      ['<t:Contact><t:GivenName>A</t:GivenName></t:Contact>', 'contacts', 'OutlookDefaultForContacts'],
      ['<t:PostItem/>', 'inbox', 'PostItem'],
      [`<t:CalendarItem>${event}</t:CalendarItem>`, 'calendar', 'AppointmentItem'],
      [`<t:CalendarItem>${event}${daily('2030-03-04')}</t:CalendarItem>`, 'calendar', 'AppointmentRecur'],
      [`<t:CalendarItem>${event}${room}</t:CalendarItem>`, 'calendar', 'AppointmentMeet'],
      ['<t:Message><t:ItemClass>IPM.Note.SMIME.MultipartSigned</t:ItemClass></t:Message>', 'inbox', 'MailSmimeSignedRead'],
    ] as const) {
      assert.equal(await icon(mary, await mary.create(xml, { folder })), wanted, xml)
    }
    const from = '<t:From><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:From>'
    const unread = await mary.create(message(`${from}<t:IsRead>false</t:IsRead>`), { folder: 'inbox' })
    assert.equal(await icon(mary, unread), 'MailUnread')
    for (const [answer, wanted] of [['ReplyToItem', 'MailReplied'], ['ForwardItem', 'MailForwarded']] as const) {
      const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
      const reference = itemXml(idOf(await mary.get(unread))).replace('ItemId', 'ReferenceItemId')
      await mary.done(mary.createXml(`<t:${answer}>${to}${reference}</t:${answer}>`, { disposition: 'SendOnly' }))
      assert.equal(await icon(mary, unread), wanted)
    } // prettier-ignore
  })

  test(`tags, mentions and predictions (${engine.name}): MS-OXWSCORE_R1052 _R1053 _R1057 _R1655 _R1728 _R1729 _R2055 _R2057 _R2066 _R2067 _R2068 _R2069 _R2931`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const tag = (name: string) => `<t:${name} IsExplicit="true">c0ffee00-0000-4000-8000-00000000000a</t:${name}>`
    const mentions = (...people: string[]) =>
      `<t:Mentions>${people.map((who) => `<t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox>`).join('')}</t:Mentions>`
    const strings = (name: string, ...values: string[]) =>
      `<t:${name}>${values.map((value) => element('String', value)).join('')}</t:${name}>`
    const rich =
      tag('PolicyTag') + tag('ArchiveTag') + element('IsClutter', 'true') + strings('Hashtags', 'one', 'two') + mentions('rob') +
      strings('PendingSocialActivityTagIds', 'tag') // prettier-ignore
    const id = await mary.create(message(rich), { folder: 'inbox' })
    const names = ['PolicyTag', 'ArchiveTag', 'IsClutter', 'NextPredictedAction', 'GroupingAction', 'Hashtags', 'Mentions', 'MentionedMe', 'PendingSocialActivityTagIds'] // prettier-ignore
    const read = await mary.get(id, fields(...names))
    for (const name of ['PolicyTag', 'ArchiveTag']) {
      assert.deepEqual([text(read, name), at(read, name)?.attributes['IsExplicit']], ['c0ffee00-0000-4000-8000-00000000000a', 'true'])
    }
    assert.equal(text(read, 'IsClutter'), 'true')
    assert.deepEqual([text(read, 'NextPredictedAction'), text(read, 'GroupingAction')], ['None', 'None'])
    assert.deepEqual(texts(read, 'Hashtags/String'), ['one', 'two'])
    assert.deepEqual(texts(read, 'PendingSocialActivityTagIds/String'), ['tag'])
    assert.deepEqual(texts(read, 'Mentions/Mailbox/EmailAddress'), ['rob@contoso.com'])
    assert.equal(text(read, 'MentionedMe'), 'false')
    await mary.update(id, setXml('item:Mentions', `<t:Message>${mentions('rob', 'MARY')}</t:Message>`))
    const now = await mary.get(id, fields('Mentions', 'MentionedMe'))
    assert.deepEqual([texts(now, 'Mentions/Mailbox/EmailAddress').length, text(now, 'MentionedMe')], [2, 'true'])
  })
}

test('MimeContentUTF8 is taken and given, whatever it says of its character set: MS-OXWSCORE_R2075 _R2296', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const mime = Buffer.from('From: a@b.example\r\nSubject: =?utf-8?B?w7xiZXI=?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nwörds\r\n')
  const content = (set: string) => `<t:MimeContentUTF8 CharacterSet="${set}">${mime.toString('base64')}</t:MimeContentUTF8>`
  for (const set of ['UTF-8', 'ISO-8859-1', 'no-such-set']) {
    const read = await mary.get(await mary.create(`<t:Message>${content(set)}</t:Message>`, { folder: 'inbox' }), fields('Subject', 'TextBody', 'MimeContentUTF8')) // prettier-ignore
    assert.deepEqual([text(read, 'Subject'), text(read, 'TextBody')?.trim()], ['über', 'wörds'], set)
    assert.deepEqual(Buffer.from(text(read, 'MimeContentUTF8') ?? '', 'base64'), mime)
  }
  const id = await mary.create(message(''), { folder: 'inbox' })
  await mary.update(id, setXml('item:MimeContentUTF8', `<t:Message>${content('KOI8-R')}</t:Message>`))
  assert.equal(text(await mary.get(id), 'Subject'), 'über')
})

test('MIME of contacts, lists and tasks is told and not taken by UpdateItem either: MS-OXWSCORE_R2012 _R2013', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [name, folder] of [['Contact', 'contacts'], ['DistributionList', 'contacts'], ['Task', 'tasks']] as const) {
    const id = await mary.create(`<t:${name}><t:Subject>old</t:Subject></t:${name}>`, { folder })
    const content = element('MimeContent', Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:New\r\nEND:VCARD\r\n').toString('base64'))
    const codes = await mary.updateCodes(id, setXml('item:MimeContent', `<t:${name}>${content}</t:${name}>`))
    assert.deepEqual(codes, ['ErrorUnsupportedMimeConversion'], name)
  } // prettier-ignore
})

test('what a client says of StoreEntryId is passed over: MS-OXWSCORE_R20452 _R13411 _R2285', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(element('StoreEntryId', 'AAAA')), { folder: 'inbox' })
  const before = text(await mary.get(id, fields('StoreEntryId')), 'StoreEntryId')
  await mary.update(id, setXml('item:StoreEntryId', `<t:Message>${element('StoreEntryId', 'BBBB')}</t:Message>`))
  assert.equal(text(await mary.get(id, fields('StoreEntryId')), 'StoreEntryId'), before)
  assert.notEqual(before, 'AAAA')
  const about = await mary.create(message(element('IsAssociated', 'true')), { folder: 'inbox' })
  assert.deepEqual([text(await mary.get(id), 'IsAssociated'), text(await mary.get(about), 'IsAssociated')], ['false', 'true'])
  assert.equal(all(await mary.get(id), 'IsAssociated').length, 1)
})
