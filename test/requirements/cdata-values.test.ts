/** [MS-OXWSCDATA] 2.2.4.11, 2.2.4.31, 2.2.4.41, 2.2.4.68, 2.2.4.71, 2.2.5: people, and what single values mean. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, person, text, type Id, type Person } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const mailbox = (address: string, more = '') => `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress>${more}</t:Mailbox>`
const subjects = async (who: Person, folder: string) => (await who.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject'))
const members = ['Name', 'EmailAddress', 'RoutingType', 'MailboxType']
const of = (element: Parameters<typeof text>[0]) => members.map((name) => text(element, name))

for (const engine of quickEngines) {
  test(`recipients are people with the kind of mailbox that they have (${engine.name}): MS-OXWSCDATA_R1548 _R1542 _R1543 _R1544 _R1545 _R1546 _R1428001 _R166 _R168 _R170 _R1674`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const to = ['rob', 'staff'].map((who) => mailbox(`${who}@contoso.com`)).join('') + mailbox('someone@elsewhere.example')
    await mary.ask(
      mary.createXml(message(`<t:Subject>to all</t:Subject><t:ToRecipients>${to}</t:ToRecipients>`), { disposition: 'SendOnly' }),
    )
    const here = async () => (await rob.find('inbox', { shape: 'Default' })).find((item) => text(item, 'Subject') === 'to all')
    if (!(await here())) await until(site, 'rob', async () => (await here()) !== undefined)
    const read = await rob.get(idOf(await here()))
    assert.deepEqual(of(at(read, 'From/Mailbox')), ['Mary Jensen', 'mary@contoso.com', 'SMTP', 'Mailbox'])
    assert.deepEqual(all(read, 'ToRecipients/Mailbox').map(of), [
      ['Rob Young', 'rob@contoso.com', 'SMTP', 'Mailbox'],
      ['All Staff', 'staff@contoso.com', 'SMTP', 'PublicDL'],
      [text(all(read, 'ToRecipients/Mailbox')[2], 'Name'), 'someone@elsewhere.example', 'SMTP', 'OneOff'],
    ])
    const headers = all(
      await rob.get(idOf(read), { shape: 'IdOnly', fields: ['item:InternetMessageHeaders'] }),
      'InternetMessageHeaders/InternetMessageHeader',
    )
    assert.ok(headers.length > 0 && headers.every(({ attributes }) => /^[!-9;-~]+$/.test(attributes['HeaderName'] ?? '')))
    const single = await rob.get(idOf(read), {
      shape: 'IdOnly',
      fields: ['<t:IndexedFieldURI FieldURI="item:InternetMessageHeader" FieldIndex="Subject"/>'],
    })
    assert.deepEqual(
      all(single, 'InternetMessageHeaders/InternetMessageHeader').map(({ attributes }) => attributes['HeaderName']),
      ['Subject'],
    )
  })

  test(`who is on no address list is not named to who knows the address alone (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await site.directory.update(site.organisation.id, site.people.ann!.id, { hiddenFromAddressLists: true })
    const mary = person(site)
    const to = `<t:ToRecipients>${mailbox('ann@contoso.com')}${mailbox('rob@contoso.com')}</t:ToRecipients>`
    const read = await mary.get(await mary.create(message(to), { folder: 'drafts' }))
    const told = all(read, 'ToRecipients/Mailbox').map(of)
    assert.ok(!told[0]?.includes('Ann Beebe'))
    assert.deepEqual([told[0]?.[3], told[1]?.[0]], ['Mailbox', 'Rob Young'])
  })

  test(`contacts and private lists are found with their ids (${engine.name}): MS-OXWSCDATA_R1547 _R167 _R169`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const home = { folder: 'contacts' }
    const emails = '<t:EmailAddresses><t:Entry Key="EmailAddress1">zoe@elsewhere.example</t:Entry></t:EmailAddresses>'
    const contact = await mary.create(
      `<t:Contact><t:DisplayName>Zoe Zimt</t:DisplayName>${emails}<t:GivenName>Zoe</t:GivenName><t:Surname>Zimt</t:Surname></t:Contact>`,
      home,
    )
    const list = await mary.create(
      `<t:DistributionList><t:DisplayName>Zebras</t:DisplayName><t:Members><t:Member>${mailbox('rob@contoso.com')}</t:Member></t:Members></t:DistributionList>`,
      home,
    )
    const resolve = async (entry: string) => {
      const answer = await mary.done(
        `<m:ResolveNames ReturnFullContactData="false" SearchScope="Contacts"><m:ParentFolderIds>${folderXml('contacts')}</m:ParentFolderIds><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`,
      )
      return at(answer, 'ResolutionSet/Resolution/Mailbox')
    }
    const one = await resolve('Zoe')
    assert.deepEqual([text(one, 'MailboxType'), text(one, 'EmailAddress'), idOf(one).Id], ['Contact', 'zoe@elsewhere.example', contact.Id])
    const several = await resolve('Zebras')
    assert.deepEqual([text(several, 'MailboxType'), idOf(several).Id], ['PrivateDL', list.Id])
    const expanded = await mary.done(`<m:ExpandDL><m:Mailbox><t:ItemId Id="${list.Id}"/></m:Mailbox></m:ExpandDL>`)
    assert.equal(text(at(expanded, 'DLExpansion/Mailbox'), 'EmailAddress'), 'rob@contoso.com')
  })

  test(`items are deleted in three ways (${engine.name}): MS-OXWSCDATA_R78 _R79 _R80`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const places = async () => [
      await subjects(mary, 'inbox'),
      await subjects(mary, 'deleteditems'),
      await subjects(mary, 'recoverableitemsdeletions'),
    ]
    for (const [type, after] of [
      ['HardDelete', [[], [], []]],
      ['MoveToDeletedItems', [[], ['MoveToDeletedItems'], []]],
      ['SoftDelete', [[], ['MoveToDeletedItems'], ['SoftDelete']]],
    ] as const) {
      const made = await mary.create(message(`<t:Subject>${type}</t:Subject>`), { folder: 'inbox' })
      assert.deepEqual(await mary.remove(itemXml(made), type), ['NoError'])
      assert.deepEqual(await places(), after, type)
    }
  })

  test(`sensitivity, free/busy and icons are kept (${engine.name}): MS-OXWSCDATA_R784 _R785 _R786 _R787 _R157 _R158 _R159 _R160 _R161 _R16101 _R4001 _R3039`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const value of ['Normal', 'Personal', 'Private', 'Confidential']) {
      const made = await mary.create(message(`<t:Subject>s</t:Subject><t:Sensitivity>${value}</t:Sensitivity>`))
      assert.equal(text(await mary.get(made), 'Sensitivity'), value)
    }
    assert.equal(text(await mary.get(await mary.create(message('<t:Subject>s</t:Subject>'))), 'Sensitivity'), 'Normal')
    const when = '<t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End>'
    for (const value of ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere', 'NoData'] as const) {
      const made = await mary.create(
        `<t:CalendarItem><t:Subject>s</t:Subject>${when}<t:LegacyFreeBusyStatus>${value}</t:LegacyFreeBusyStatus></t:CalendarItem>`,
      )
      assert.equal(text(await mary.get(made), 'LegacyFreeBusyStatus'), value)
      const merged = { Free: '0', Tentative: '1', Busy: '2', OOF: '3', WorkingElsewhere: '4', NoData: '5' }
      assert.equal(await mergedAt(mary), merged[value], value)
      await mary.remove(itemXml(made), 'HardDelete', 'SendMeetingCancellations="SendToNone"')
    }
    const recurrence =
      '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NoEndRecurrence><t:StartDate>2030-01-07</t:StartDate></t:NoEndRecurrence></t:Recurrence>'
    const icon = async (id: Id) => text(await mary.get(id, { shape: 'IdOnly', fields: ['item:IconIndex'] }), 'IconIndex')
    const task = (more: string) => mary.create(`<t:Task><t:Subject>t</t:Subject>${more}</t:Task>`, { folder: 'tasks' })
    assert.deepEqual([await icon(await task('')), await icon(await task(recurrence))], ['TaskItem', 'TaskRecur'])
  })
}

/** The first half hour of the day's ninth hour in the merged free/busy of mary. */
async function mergedAt(who: Person): Promise<string | undefined> {
  const never = (name: string) =>
    `<t:${name}><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:${name}>`
  const answer = await who.whole(
    `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias>${never('StandardTime')}${never('DaylightTime')}</t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>mary@contoso.com</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2030-01-07T09:00:00</t:StartTime><t:EndTime>2030-01-08T09:00:00</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>MergedOnly</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`,
  )
  return text(answer, 'FreeBusyResponseArray/FreeBusyResponse/FreeBusyView/MergedFreeBusy')?.slice(0, 1)
}

test('people have the names they came with, and answers name what they answer: MS-OXWSCDATA_R3063 _R1679 _R1289 _R1647', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const original = '<t:OriginalDisplayName>Robert</t:OriginalDisplayName>'
  const made = await mary.create(
    message(`<t:Subject>s</t:Subject><t:ToRecipients>${mailbox('rob@contoso.com', original)}</t:ToRecipients>`),
    { folder: 'inbox' },
  )
  const reply = (id: string, attributes = '') =>
    mary.createXml(`<t:ReplyToItem${attributes}>${id}<t:NewBodyContent BodyType="Text">yes</t:NewBodyContent></t:ReplyToItem>`, {
      invitations: '',
    })
  const reference = `<t:ReferenceItemId Id="${made.Id}" ChangeKey="${made.ChangeKey}"/>`
  assert.deepEqual(await mary.codes(reply(reference, ' ObjectName="Reply"')), ['NoError'])
  assert.deepEqual(await mary.codes(reply('')), ['ErrorInvalidReferenceItem'])
  assert.deepEqual(await mary.codes(reply(reference.replace(made.Id, 'AAAA'))), ['ErrorInvalidIdMalformed'])
})

test('nobody foretells what is done with an item: MS-OXWSCDATA_R18904 _R23005', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message('<t:Subject>s</t:Subject>'))
  const read = await mary.get(made, { shape: 'IdOnly', fields: ['item:NextPredictedAction', 'item:GroupingAction'] })
  assert.deepEqual(
    ['NextPredictedAction', 'GroupingAction'].map((name) => text(read, name)),
    ['None', 'None'],
  )
})
