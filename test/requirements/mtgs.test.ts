import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, names, person, setXml, text, texts, type Id } from './person.ts'
import {
  answer,
  arrived,
  cancel,
  daily,
  event,
  found,
  latest,
  meet,
  named,
  optional,
  required,
  series,
  updateXml,
  when,
} from './meeting-room.ts'

test('what cannot be is refused by its own code: MS-OXWSMTGS_R1203 _R1204 _R1205 _R12052 _R1213 _R1233 _R1244 _R1342', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const make = (rest: string) => mary.createCodes(event(rest), { folder: 'calendar' })
  const long = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2036-03-04T10:00:00Z</t:End>'
  assert.deepEqual(await make(long), ['ErrorCalendarDurationIsTooLong'])
  const backwards = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T08:00:00Z</t:End>'
  assert.deepEqual(await make(backwards), ['ErrorCalendarEndDateIsEarlierThanStartDate'])
  const weekly = (days: string) => `<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>${days}</t:DaysOfWeek></t:WeeklyRecurrence>`
  for (const days of ['Day', 'Weekday', 'WeekendDay', 'Monday Weekday']) {
    assert.deepEqual(await make(when + series(weekly(days))), ['ErrorCalendarInvalidDayForWeeklyRecurrence'], days)
  }
  const made = await mary.create(named('x'), { folder: 'calendar' })
  const change = (inside: string) => setXml('calendar:End', event(inside))
  assert.deepEqual(await mary.codes(updateXml(made, change('<t:End>2030-03-04T08:00:00Z</t:End>'), 'SendToNone')), [
    'ErrorCalendarEndDateIsEarlierThanStartDate',
  ])
  assert.deepEqual(await mary.codes(updateXml(made, change('<t:End>2036-03-04T10:00:00Z</t:End>'), 'SendToNone')), [
    'ErrorCalendarDurationIsTooLong',
  ])
  assert.deepEqual(await mary.codes(updateXml(made, change('<t:End>2030-03-04T11:00:00Z</t:End>'), '')), [
    'ErrorSendMeetingInvitationsOrCancellationsRequired',
  ])
  assert.deepEqual(await mary.remove(itemXml(made)), ['ErrorSendMeetingCancellationsRequired'])
  assert.deepEqual(await mary.createCodes(named('x'), { folder: 'calendar', invitations: '' }), ['ErrorSendMeetingInvitationsRequired'])
  const [rob, id] = [person(site, 'rob'), await meet(mary, 'meet', required('rob'))]
  const request = idOf(await arrived(site, 'rob', 'meet'))
  for (const element of ['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem']) {
    assert.deepEqual(await rob.codes(answer(rob, element, request, '')), ['ErrorMessageDispositionRequired'], element)
  }
  assert.deepEqual(await mary.codes(answer(mary, 'CancelCalendarItem', await latest(mary, id), '')), ['ErrorMessageDispositionRequired'])
})

test('ids of series and occurrences: MS-OXWSMTGS_R1193 _R1194 _R1212 _R1222 _R1223 _R1231 _R1232', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const single = await mary.create(named('single'), { folder: 'calendar' })
  const master = await mary.create(named('series', when + series(daily)), { folder: 'calendar' })
  const view = '<m:CalendarView StartDate="2030-03-04T00:00:00Z" EndDate="2030-03-09T00:00:00Z"/>'
  const shown = await mary.find('calendar', { view, fields: ['calendar:CalendarItemType'] })
  const occurrence = idOf(shown.find((item) => text(item, 'CalendarItemType') === 'Occurrence'))
  const transfer = (verb: string) =>
    mary.codes(`<m:${verb}><m:ToFolderId>${folderXml('drafts')}</m:ToFolderId><m:ItemIds>${itemXml(occurrence)}</m:ItemIds></m:${verb}>`)
  assert.deepEqual(await transfer('CopyItem'), ['ErrorCalendarCannotMoveOrCopyOccurrence'])
  assert.deepEqual(await transfer('MoveItem'), ['ErrorCalendarCannotMoveOrCopyOccurrence'])
  const nth = (id: Id, index: number) => `<t:OccurrenceItemId RecurringMasterId="${id.Id}" InstanceIndex="${index}"/>`
  const masterOf = (id: Id) => `<t:RecurringMasterItemId OccurrenceId="${id.Id}"/>`
  assert.deepEqual(await mary.codes(mary.getXml(nth(master, 2) + masterOf(occurrence))), ['NoError', 'NoError'])
  for (const wrong of [single, occurrence]) {
    assert.deepEqual(await mary.codes(mary.getXml(nth(wrong, 1))), ['ErrorCalendarCannotUseIdForRecurringMasterId'])
  }
  for (const wrong of [single, master]) {
    assert.deepEqual(await mary.codes(mary.getXml(masterOf(wrong))), ['ErrorCalendarCannotUseIdForOccurrenceId'])
    assert.deepEqual(await mary.remove(masterOf(wrong), 'HardDelete', cancel('SendToNone')), ['ErrorCalendarCannotUseIdForOccurrenceId'])
  }
})

test('an appointment: MS-OXWSMTGS_R157 _R159 _R163 _R720 _R721 _R165 _R16500 _R16501 _R16503 _R16504 _R167 _R171 _R729 _R173 _R731 _R175 _R733 _R177 _R735 _R181 _R53 _R201 _R209 _R514 _R512 _R80 _R2000 _R229 _R744 _R593', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const status of ['Busy', 'Free', 'OOF', 'Tentative']) {
    const made = await mary.create(event(`${when}<t:LegacyFreeBusyStatus>${status}</t:LegacyFreeBusyStatus>`), { folder: 'calendar' })
    assert.equal(text(await mary.get(made), 'LegacyFreeBusyStatus'), status)
  }
  const made = await mary.create(event(`${when}<t:Location>Room</t:Location><t:AllowNewTimeProposal>true</t:AllowNewTimeProposal>`), {
    folder: 'calendar',
  })
  const read = await mary.get(made)
  const expected = {
    Start: '2030-03-04T09:00:00Z', End: '2030-03-04T10:00:00Z', IsAllDayEvent: 'false', LegacyFreeBusyStatus: 'Busy', Location: 'Room', IsMeeting: 'false',
    IsCancelled: 'false', IsRecurring: 'false', MeetingRequestWasSent: 'false', CalendarItemType: 'Single', Duration: 'PT1H', AppointmentState: '0',
    MyResponseType: 'Organizer', AllowNewTimeProposal: 'true',
  } // prettier-ignore
  for (const [name, value] of Object.entries(expected)) assert.equal(text(read, name), value, name)
  const day = '<t:Start>2030-03-04T00:00:00Z</t:Start><t:End>2030-03-05T00:00:00Z</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>'
  const whole = await mary.get(await mary.create(event(day), { folder: 'calendar' }))
  assert.deepEqual([text(whole, 'IsAllDayEvent'), text(whole, 'Duration')], ['true', 'P1D'])
  assert.deepEqual(await mary.createCodes(event(`${when}<t:IsMeeting>true</t:IsMeeting>`), { folder: 'calendar' }), [
    'ErrorInvalidPropertySet',
  ])
  for (const xml of [
    '<t:IsCancelled>true</t:IsCancelled>',
    '<t:IsRecurring>true</t:IsRecurring>',
    '<t:MyResponseType>Accept</t:MyResponseType>',
  ]) {
    assert.deepEqual(await mary.createCodes(event(when + xml), { folder: 'calendar' }), ['ErrorInvalidPropertySet'], xml)
  }
})

test('neighbours of an appointment: MS-OXWSMTGS_R193 _R195 _R197 _R199', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const make = (name: string, from: string, to: string) =>
    mary.create(named(name, `<t:Start>2030-03-04T${from}:00Z</t:Start><t:End>2030-03-04T${to}:00Z</t:End>`), { folder: 'calendar' })
  const one = await make('one', '09:00', '10:00')
  await make('over it', '09:30', '09:45')
  await make('after it', '10:00', '11:00')
  await make('far', '15:00', '16:00')
  const fields = ['ConflictingMeetingCount', 'AdjacentMeetingCount', 'ConflictingMeetings', 'AdjacentMeetings'].map(
    (name) => `calendar:${name}`,
  )
  const read = await mary.get(one, { fields })
  assert.deepEqual(
    ['ConflictingMeetingCount', 'AdjacentMeetingCount'].map((name) => text(read, name)),
    ['1', '1'],
  )
  assert.deepEqual(texts(read, 'ConflictingMeetings/CalendarItem/Subject'), ['over it'])
  assert.deepEqual(texts(read, 'AdjacentMeetings/CalendarItem/Subject'), ['after it'])
})

test('series: MS-OXWSMTGS_R390 _R391 _R56 _R213 _R215', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const day = (list: string) => `<t:DaysOfWeek>${list}</t:DaysOfWeek>`
  const first = '<t:DayOfWeekIndex>First</t:DayOfWeekIndex>'
  const every = '<t:Interval>1</t:Interval>'
  const month = '<t:Month>March</t:Month>'
  const patterns = {
    DailyRecurrence: every,
    WeeklyRecurrence: every + day('Monday'),
    AbsoluteMonthlyRecurrence: `${every}<t:DayOfMonth>4</t:DayOfMonth>`,
    RelativeMonthlyRecurrence: every + day('Monday') + first,
    AbsoluteYearlyRecurrence: `<t:DayOfMonth>4</t:DayOfMonth>${month}`,
    RelativeYearlyRecurrence: day('Monday') + first + month,
  }
  const ranges = {
    NumberedRecurrence: '<t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences>',
    EndDateRecurrence: '<t:StartDate>2030-03-04</t:StartDate><t:EndDate>2040-03-04</t:EndDate>',
    NoEndRecurrence: '<t:StartDate>2030-03-04</t:StartDate>',
  }
  for (const [pattern, inside] of Object.entries(patterns)) {
    for (const [range, ending] of Object.entries(ranges)) {
      const xml = series(`<t:${pattern}>${inside}</t:${pattern}>`, `<t:${range}>${ending}</t:${range}>`)
      const read = await mary.get(await mary.create(event(when + xml), { folder: 'calendar' }))
      assert.deepEqual(names(at(read, 'Recurrence')), [pattern, range])
      assert.equal(text(read, 'CalendarItemType'), 'RecurringMaster')
      assert.equal(text(read, 'FirstOccurrence/Start'), '2030-03-04T09:00:00Z')
      assert.equal(at(read, 'LastOccurrence') !== undefined, range !== 'NoEndRecurrence')
    }
  }
})

for (const engine of quickEngines) {
  test(`exceptions and deletions of a series (${engine.name}): MS-OXWSMTGS_R54 _R55 _R161 _R732 _R217 _R219 _R373 _R377 _R381 _R383 _R385 _R387`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const master = await mary.create(named('series', when + series(daily)), { folder: 'calendar' })
    const nth = async (index: number) =>
      idOf(await mary.get(`<t:OccurrenceItemId RecurringMasterId="${master.Id}" InstanceIndex="${index}"/>`))
    const moved = await nth(2)
    const later =
      setXml('calendar:Start', event('<t:Start>2030-03-05T12:00:00Z</t:Start>')) +
      setXml('calendar:End', event('<t:End>2030-03-05T13:00:00Z</t:End>'))
    await mary.done(updateXml(moved, later, 'SendToNone'))
    assert.deepEqual(await mary.remove(itemXml(await nth(3)), 'HardDelete', cancel('SendToNone')), ['NoError'])
    const exception = await mary.get(await nth(2))
    assert.deepEqual(
      ['CalendarItemType', 'Start', 'OriginalStart', 'IsRecurring'].map((name) => text(exception, name)),
      ['Exception', '2030-03-05T12:00:00Z', '2030-03-05T09:00:00Z', 'true'],
    )
    const occurrence = await mary.get(await nth(4))
    assert.deepEqual([text(occurrence, 'CalendarItemType'), text(occurrence, 'IsRecurring')], ['Occurrence', 'true'])
    const whole = await mary.get(await latest(mary, master))
    const [changed] = all(whole, 'ModifiedOccurrences/Occurrence')
    assert.deepEqual(
      ['Start', 'End', 'OriginalStart'].map((name) => text(changed, name)),
      ['2030-03-05T12:00:00Z', '2030-03-05T13:00:00Z', '2030-03-05T09:00:00Z'],
    )
    assert.equal(idOf(changed).Id, idOf(exception).Id)
    assert.deepEqual(texts(whole, 'DeletedOccurrences/DeletedOccurrence/Start'), ['2030-03-06T09:00:00Z'])
  })

  test(`invitations are sent as the request says (${engine.name}): MS-OXWSMTGS_R44 _R4400 _R46 _R4600 _R4601 _R4602 _R48 _R4800 _R4801 _R4802 _R494`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const quiet = await meet(mary, 'quiet', required('rob'), 'SendToNone')
    assert.equal(text(await mary.get(quiet), 'MeetingRequestWasSent'), 'false')
    await meet(mary, 'only', required('rob'), 'SendOnlyToAll')
    await meet(mary, 'copy', required('rob') + optional('ann'), 'SendToAllAndSaveCopy')
    for (const name of ['only', 'copy']) {
      assert.ok(await found(mary, 'calendar', name))
      assert.equal((await arrived(site, 'rob', name)).name, 'MeetingRequest')
      await arrived(site, 'rob', name, 'calendar')
    }
    await arrived(site, 'ann', 'copy', 'calendar')
    assert.equal(await found(rob, 'inbox', 'quiet'), undefined)
    assert.equal(await found(mary, 'sentitems', 'only'), undefined)
    assert.equal((await found(mary, 'sentitems', 'copy'))?.name, 'MeetingRequest')
  })

  test(`an invitation and its answer (${engine.name}): MS-OXWSMTGS_R137 _R139 _R141 _R264 _R275 _R500 _R287 _R297 _R301 _R756 _R7561 _R305 _R761 _R307 _R762 _R763 _R309 _R313 _R315 _R317 _R337 _R555 _R728 _R734 _R738 _R739 _R72 _R80 _R81 _R82 _R83 _R84 _R185 _R187 _R189 _R205 _R569 _R570 _R571`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
    const id = await meet(mary, 'meet', `<t:Location>Room</t:Location>${required('rob')}${optional('ann')}`)
    const organised = await mary.get(await latest(mary, id))
    const own = { IsMeeting: 'true', MeetingRequestWasSent: 'true', MyResponseType: 'Organizer', AppointmentState: '1' }
    for (const [name, value] of Object.entries(own)) assert.equal(text(organised, name), value, name)
    const request = await arrived(site, 'rob', 'meet')
    const expected = {
      Start: '2030-03-04T09:00:00Z', End: '2030-03-04T10:00:00Z', Location: 'Room', IsMeeting: 'true', IsRecurring: 'false', MeetingRequestWasSent: 'true',
      CalendarItemType: 'Single', AppointmentState: '3', MeetingRequestType: 'NewMeetingRequest', ResponseType: 'NoResponseReceived', UID: text(organised, 'UID'),
    } // prettier-ignore
    for (const [name, value] of Object.entries(expected)) assert.equal(text(request, name), value, name)
    assert.equal(text(request, 'Organizer/Mailbox/EmailAddress'), 'mary@contoso.com')
    assert.ok(texts(request, 'RequiredAttendees/Attendee/Mailbox/EmailAddress').includes('rob@contoso.com'))
    assert.deepEqual(texts(request, 'OptionalAttendees/Attendee/Mailbox/EmailAddress'), ['ann@contoso.com'])
    const booked = await arrived(site, 'rob', 'meet', 'calendar')
    assert.equal(idOf(request, 'AssociatedCalendarItemId' as 'ItemId').Id, idOf(booked).Id)
    assert.deepEqual(
      ['MyResponseType', 'AppointmentState', 'IsMeeting'].map((name) => text(booked, name)),
      ['NoResponseReceived', '3', 'true'],
    )
    for (const [who, alias, element, response, itemClass] of [
      [rob, 'rob', 'AcceptItem', 'Accept', 'IPM.Schedule.Meeting.Resp.Pos'],
      [ann, 'ann', 'TentativelyAcceptItem', 'Tentative', 'IPM.Schedule.Meeting.Resp.Tent'],
      [rob, 'rob', 'DeclineItem', 'Decline', 'IPM.Schedule.Meeting.Resp.Neg'],
    ] as const) {
      const to = element === 'DeclineItem' ? await arrived(site, alias, 'meet', 'calendar') : await arrived(site, alias, 'meet')
      await who.done(answer(who, element, idOf(to)))
      if (element !== 'DeclineItem') {
        const answered = await arrived(site, alias, 'meet', 'calendar')
        assert.equal(text(answered, 'MyResponseType'), response)
        assert.ok(text(answered, 'AppointmentReplyTime'))
      } else assert.equal(await found(rob, 'calendar', 'meet'), undefined)
      let mine: XmlElement | undefined
      const heard = async () => {
        mine = await mary.get(await latest(mary, id))
        const attendees = [...all(mine, 'RequiredAttendees/Attendee'), ...all(mine, 'OptionalAttendees/Attendee')]
        const one = attendees.find((entry) => text(entry, 'Mailbox/EmailAddress') === `${alias}@contoso.com`)
        return text(one, 'ResponseType') === response && text(one, 'LastResponseTime') !== undefined
      }
      if (!(await heard())) await until(site, 'mary', heard)
      const got = (await mary.find('inbox', { fields: ['item:ItemClass'] })).find((item) => text(item, 'ItemClass') === itemClass)
      assert.equal(got?.name, 'MeetingResponse')
      const whole = await mary.get(idOf(got))
      assert.deepEqual(
        ['Start', 'End', 'Location', 'ResponseType'].map((name) => text(whole, name)),
        ['2030-03-04T09:00:00Z', '2030-03-04T10:00:00Z', 'Room', response],
      )
    }
  })

  test(`changes are sent as the request says (${engine.name}): MS-OXWSMTGS_R60 _R6000 _R61 _R6100 _R6101 _R62 _R6200 _R64 _R6400 _R6401 _R65 _R6500 _R6501 _R484 _R485 _R71 _R587`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const id = await meet(mary, 'v0', required('rob'), 'SendOnlyToAll')
    await arrived(site, 'rob', 'v0')
    const change = async (name: string, how: string, more = '') =>
      mary.done(updateXml(await latest(mary, id), setXml('item:Subject', event(`<t:Subject>${name}</t:Subject>`)) + more, how))
    await change('v1', 'SendToNone')
    await change('v2', 'SendOnlyToAll')
    assert.equal(text(await arrived(site, 'rob', 'v2'), 'MeetingRequestType'), 'FullUpdate', 'rob has not answered')
    assert.equal(await found(rob, 'inbox', 'v1'), undefined)
    assert.equal(await found(mary, 'sentitems', 'v2'), undefined)
    await rob.done(answer(rob, 'AcceptItem', idOf(await arrived(site, 'rob', 'v2', 'calendar'))))
    await change('v3', 'SendToAllAndSaveCopy')
    assert.equal(text(await arrived(site, 'rob', 'v3'), 'MeetingRequestType'), 'InformationalUpdate', 'rob has accepted')
    assert.ok(await found(mary, 'sentitems', 'v3'))
    const both = setXml('calendar:RequiredAttendees', event(required('rob', 'ann')))
    await change('v4', 'SendOnlyToChanged', both)
    await arrived(site, 'ann', 'v4')
    assert.equal(await found(rob, 'inbox', 'v4'), undefined)
    assert.equal(await found(mary, 'sentitems', 'v4'), undefined)
    await change('v5', 'SendToChangedAndSaveCopy', setXml('calendar:OptionalAttendees', event(optional('administrator'))))
    await arrived(site, 'administrator', 'v5')
    assert.ok(await found(mary, 'sentitems', 'v5'))
    assert.equal(await found(rob, 'inbox', 'v5'), undefined)
    const later = setXml('calendar:Start', event('<t:Start>2030-03-04T09:30:00Z</t:Start>'))
    await change('v6', 'SendOnlyToAll', later)
    assert.equal(text(await arrived(site, 'rob', 'v6'), 'MeetingRequestType'), 'FullUpdate')
    assert.equal(text(await arrived(site, 'rob', 'v6', 'calendar'), 'Start'), '2030-03-04T09:30:00Z')
  })

  test(`cancellations are sent as the request says (${engine.name}): MS-OXWSMTGS_R45 _R4500 _R47 _R4700 _R4701 _R49 _R4900 _R4901 _R303 _R730 _R741 _R490 _R491 _R546 _R547 _R548`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    for (const [name, how] of [
      ['quiet', 'SendToNone'],
      ['only', 'SendOnlyToAll'],
      ['copy', 'SendToAllAndSaveCopy'],
    ] as const) {
      const id = await meet(mary, name, `<t:Location>Room</t:Location>${required('rob')}`, 'SendOnlyToAll')
      await arrived(site, 'rob', name, 'calendar')
      assert.deepEqual(await mary.remove(itemXml(await latest(mary, id)), 'MoveToDeletedItems', cancel(how)), ['NoError'])
      assert.equal(await found(mary, 'calendar', name), undefined)
      if (how === 'SendToNone') continue
      const message = await arrived(site, 'rob', `Canceled: ${name}`)
      assert.equal(message.name, 'MeetingCancellation')
      assert.deepEqual(
        ['Start', 'End', 'Location'].map((field) => text(message, field)),
        ['2030-03-04T09:00:00Z', '2030-03-04T10:00:00Z', 'Room'],
      )
      const gone = await arrived(site, 'rob', `Canceled: ${name}`, 'calendar')
      assert.deepEqual([text(gone, 'IsCancelled'), text(gone, 'AppointmentState')], ['true', '7'])
      assert.equal((await found(mary, 'sentitems', `Canceled: ${name}`)) !== undefined, how === 'SendToAllAndSaveCopy')
    }
    assert.equal(await found(rob, 'inbox', 'Canceled: quiet'), undefined)
    assert.equal(text(await arrived(site, 'rob', 'quiet', 'calendar'), 'IsCancelled'), 'false')
    const id = await meet(mary, 'by answer', required('rob'), 'SendOnlyToAll')
    await arrived(site, 'rob', 'by answer')
    await mary.done(answer(mary, 'CancelCalendarItem', await latest(mary, id)))
    await arrived(site, 'rob', 'Canceled: by answer')
    assert.equal(await found(mary, 'calendar', 'by answer'), undefined)
  })
}

const calendarGrant = (level: string) =>
  setXml(
    'folder:PermissionSet',
    `<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>${level}</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>`,
  )

test('permissions on a calendar: MS-OXWSMTGS_R88 _R91 _R92 _R93 _R94 _R95 _R96 _R98 _R99 _R100 _R104 _R105 _R106 _R107 _R147 _R239 _R245 _R247 _R248', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const made = await mary.create(named('hers'), { folder: 'calendar' })
  const folder = idOf(await mary.getFolder('calendar'), 'FolderId')
  for (const [level, create, read, readAs] of [
    ['None', false, false, 'None'],
    ['FreeBusyTimeOnly', false, false, 'TimeOnly'],
    ['FreeBusyTimeAndSubjectAndLocation', false, false, 'TimeAndSubjectAndLocation'],
    ['Reviewer', false, true, 'FullDetails'],
    ['NoneditingAuthor', true, true, 'FullDetails'],
    ['Author', true, true, 'FullDetails'],
    ['PublishingAuthor', true, true, 'FullDetails'],
    ['Editor', true, true, 'FullDetails'],
    ['PublishingEditor', true, true, 'FullDetails'],
    ['Owner', true, true, 'FullDetails'],
  ] as const) {
    await mary.done(mary.updateFolderXml('calendar', calendarGrant(level)))
    const set = at(await mary.getFolder('calendar', { fields: ['folder:PermissionSet'] }), 'PermissionSet/CalendarPermissions')
    const his = all(set, 'CalendarPermission').find((one) => text(one, 'UserId/PrimarySmtpAddress') === 'rob@contoso.com')
    assert.deepEqual([text(his, 'CalendarPermissionLevel'), text(his, 'ReadItems')], [level, readAs])
    const [got] = await rob.codes(rob.getXml(`<t:ItemId Id="${made.Id}"/>`))
    assert.equal(got === 'NoError', read, `${level} reads`)
    const [put] = await rob.createCodes(named('his'), { folder: folderXml(folder) })
    assert.equal(put === 'NoError', create, `${level} creates`)
  }
})

test('time zones of an appointment: MS-OXWSMTGS_R223 _R225 _R520 _R522 _R524 _R526', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const zones = '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="Eastern Standard Time"/>'
  const read = await mary.get(
    await mary.create(event(`<t:Start>2030-03-04T10:00:00</t:Start><t:End>2030-03-04T06:00:00</t:End>${zones}`), { folder: 'calendar' }),
  )
  assert.deepEqual([text(read, 'Start'), text(read, 'End')], ['2030-03-04T09:00:00Z', '2030-03-04T11:00:00Z'])
  assert.deepEqual(
    [at(read, 'StartTimeZone')?.attributes['Id'], at(read, 'EndTimeZone')?.attributes['Id']],
    ['W. Europe Standard Time', 'Eastern Standard Time'],
  )
  const asked = await mary.get(idOf(read), {
    shape: 'IdOnly',
    fields: ['StartWallClock', 'EndWallClock', 'StartTimeZoneId', 'EndTimeZoneId'].map((name) => `calendar:${name}`),
  })
  assert.deepEqual([text(asked, 'StartTimeZoneId'), text(asked, 'EndTimeZoneId')], ['W. Europe Standard Time', 'Eastern Standard Time'])
  assert.equal(Date.parse(text(asked, 'StartWallClock') ?? ''), Date.UTC(2030, 2, 4, 9))
  assert.equal(Date.parse(text(asked, 'EndWallClock') ?? ''), Date.UTC(2030, 2, 4, 11))
})
