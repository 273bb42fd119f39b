import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
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
import { all, at, deleteXml, idOf, itemXml, names, person, setXml, text, texts } from './person.ts'

const resource =
  '<t:Resources><t:Attendee><t:Mailbox><t:EmailAddress>room1@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:Resources>'
const place =
  '<t:EnhancedLocation><t:DisplayName>Lobby</t:DisplayName><t:Annotation>left of the stairs</t:Annotation><t:PostalAddress><t:Street>Main Street 1</t:Street><t:City>Springfield</t:City><t:Type>Business</t:Type><t:LocationSource>None</t:LocationSource></t:PostalAddress></t:EnhancedLocation>'

for (const engine of quickEngines) {
  test(`what an organizer writes comes back (${engine.name}): MS-OXWSMTGS_R151 _R155 _R16502 _R169 _R179 _R736 _R737 _R191 _R207 _R516 _R742 _R743 _R231 _R233 _R235 _R518 _R1004 _R542 _R543 _R544 _R530 _R2003 _R532 _R2002 _R80001 _R2004001 _R1002 _R79`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const stamp = '<t:DateTimeStamp>2029-12-01T00:00:00Z</t:DateTimeStamp>'
    for (const conference of ['0', '1', '2']) {
      const read = await mary.get(
        await mary.create(event(`${when}<t:ConferenceType>${conference}</t:ConferenceType>`), { folder: 'calendar' }),
        { fields: ['calendar:ConferenceType'] },
      )
      assert.equal(text(read, 'ConferenceType'), conference)
    }
    const read = await mary.get(
      await mary.create(
        event(
          `<t:UID>my-own-uid</t:UID>${stamp}<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End><t:LegacyFreeBusyStatus>NoData</t:LegacyFreeBusyStatus><t:When>Monday at nine</t:When><t:IsResponseRequested>false</t:IsResponseRequested>${required('rob')}${resource}<t:MeetingWorkspaceUrl>http://work.contoso.com/</t:MeetingWorkspaceUrl><t:NetShowUrl>http://show.contoso.com/</t:NetShowUrl>${place}<t:JoinOnlineMeetingUrl>http://join.contoso.com/</t:JoinOnlineMeetingUrl><t:OnlineMeetingSettings><t:LobbyBypass>Disabled</t:LobbyBypass><t:AccessLevel>Locked</t:AccessLevel><t:Presenters>Disabled</t:Presenters></t:OnlineMeetingSettings><t:InboxReminders><t:InboxReminder><t:Id>11111111-2222-3333-4444-555555555555</t:Id><t:ReminderOffset>60</t:ReminderOffset><t:Message>Go!</t:Message></t:InboxReminder></t:InboxReminders>`,
        ),
        { folder: 'calendar' },
      ),
    )
    const expected = {
      UID: 'my-own-uid', DateTimeStamp: '2029-12-01T00:00:00Z', LegacyFreeBusyStatus: 'NoData', When: 'Monday at nine', IsResponseRequested: 'false',
      AppointmentSequenceNumber: '0', MeetingWorkspaceUrl: 'http://work.contoso.com/',
      NetShowUrl: 'http://show.contoso.com/', 'EnhancedLocation/DisplayName': 'Lobby', 'EnhancedLocation/Annotation': 'left of the stairs',
      'EnhancedLocation/PostalAddress/City': 'Springfield', JoinOnlineMeetingUrl: 'http://join.contoso.com/', IsOrganizer: 'true',
      'InboxReminders/InboxReminder/ReminderOffset': '60', 'Resources/Attendee/Mailbox/EmailAddress': 'room1@contoso.com',
      'RequiredAttendees/Attendee/ResponseType': 'Unknown',
    } // prettier-ignore
    for (const [name, value] of Object.entries(expected)) assert.equal(text(read, name), value, name)
    // What is said of online meetings is kept and makes none.
    assert.notEqual(text(read, 'IsOnlineMeeting'), 'true')
    const asked = await mary.get(
      await mary.create(event(`${when}<t:IsResponseRequested>true</t:IsResponseRequested>`), { folder: 'calendar' }),
    )
    assert.equal(text(asked, 'IsResponseRequested'), 'true')
  })

  test(`settings of online meetings (${engine.name}): MS-OXWSMTGS_R80000 _R80016 _R80018 _R80020 _R80021 _R80023 _R80025 _R80029 _R80030 _R80034 _R80035 _R80036 _R80037 _R80041 _R80042 _R80044`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const kinds = {
      LobbyBypass: ['Disabled', 'EnabledForGatewayParticipants'],
      AccessLevel: ['Locked', 'Invited', 'Internal', 'Everyone'],
      Presenters: ['Disabled', 'Internal', 'Everyone'],
    }
    for (let turn = 0; turn < 4; turn++) {
      const chosen = Object.entries(kinds).map(([name, values]) => [name, values[turn % values.length]] as const)
      const xml = chosen.map(([name, value]) => `<t:${name}>${value}</t:${name}>`).join('')
      const read = await mary.get(
        await mary.create(event(`${when}<t:OnlineMeetingSettings>${xml}</t:OnlineMeetingSettings>`), { folder: 'calendar' }),
      )
      for (const [name, value] of chosen) assert.equal(text(read, `OnlineMeetingSettings/${name}`), value)
    }
  })

  test(`what attendees see of it (${engine.name}): MS-OXWSMTGS_R1047 _R191 _R18407 _R285 _R28500 _R28501  _R28503 _R28504 _R295 _R29500 _R299 _R319 _R329 _R335 _R357 _R293 _R755 _R759 _R80005 _R279 _R564 _R566 _R560 _R562`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const send = (subject: string, rest: string) =>
      mary.create(event(`<t:Subject>${subject}</t:Subject>${rest}`), {
        folder: 'calendar',
        disposition: '',
        invitations: 'SendToAllAndSaveCopy',
      })
    for (const status of ['Busy', 'Free', 'OOF', 'Tentative', 'NoData']) {
      await send(status, `${when}<t:LegacyFreeBusyStatus>${status}</t:LegacyFreeBusyStatus>${required('rob')}`)
      const request = await arrived(site, 'rob', status)
      // No iCalendar says NoData: who is invited has the time as busy.
      assert.equal(text(request, 'IntendedFreeBusyStatus'), status === 'NoData' ? 'Busy' : status)
      assert.equal(text(request, 'LegacyFreeBusyStatus'), 'Tentative', 'whatever was intended')
    }
    const zone = '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>'
    await send(
      'open',
      `<t:Start>2030-03-04T10:00:00</t:Start><t:End>2030-03-04T11:00:00</t:End><t:When>Monday at ten</t:When>${required('rob')}${resource}${zone}`,
    )
    const request = await arrived(site, 'rob', 'open')
    const booked = await arrived(site, 'rob', 'open', 'calendar')
    for (const seen of [request, booked]) {
      assert.deepEqual(texts(seen, 'When'), [])
      assert.deepEqual(
        names(seen).filter((name) => name === 'Resources'),
        [],
      )
    }
    assert.ok((text(request, 'Organizer/Mailbox/EmailAddress') ?? '').length > 0)
    const expected = {
      Duration: 'PT1H', AppointmentSequenceNumber: '0', IsAllDayEvent: 'false', IsOrganizer: 'false', AllowNewTimeProposal: 'true',
    } // prettier-ignore
    for (const [name, value] of Object.entries(expected)) assert.equal(text(request, name), value, name)
    assert.notEqual(text(request, 'IsCancelled'), 'true')
    assert.ok(Date.parse(text(request, 'DateTimeStamp') ?? '') > 0)
    const fields = ['StartWallClock', 'EndWallClock', 'StartTimeZoneId', 'EndTimeZoneId'].map((name) => `calendar:${name}`)
    const clocks = await person(site, 'rob').get(idOf(request), { shape: 'IdOnly', fields })
    assert.deepEqual(
      ['StartWallClock', 'EndWallClock', 'StartTimeZoneId', 'EndTimeZoneId'].map((name) => text(clocks, name)),
      ['2030-03-04T10:00:00+01:00', '2030-03-04T11:00:00+01:00', 'W. Europe Standard Time', 'W. Europe Standard Time'],
    )
  })

  test(`a series as attendees see it (${engine.name}): MS-OXWSMTGS_R153 _R277 _R291 _R339 _R341 _R343 _R345 _R347 _R760 _R549 _R572 _R351 _R353`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const zone = '<t:StartTimeZone Id="Pacific Standard Time"/><t:EndTimeZone Id="Pacific Standard Time"/>'
    const made = await mary.create(event(`<t:Subject>daily</t:Subject>${when}${required('rob')}${series(daily)}${zone}`), {
      folder: 'calendar',
      disposition: '',
      invitations: 'SendToNone',
    })
    const nth = async (index: number) =>
      idOf(await mary.get(`<t:OccurrenceItemId RecurringMasterId="${made.Id}" InstanceIndex="${index}"/>`))
    const later =
      setXml('calendar:Start', event('<t:Start>2030-03-05T12:00:00Z</t:Start>')) +
      setXml('calendar:End', event('<t:End>2030-03-05T13:00:00Z</t:End>'))
    await mary.done(updateXml(await nth(2), later, 'SendToNone'))
    assert.deepEqual(await mary.remove(itemXml(await nth(3)), 'HardDelete', cancel('SendToNone')), ['NoError'])
    await mary.done(updateXml(await latest(mary, made), setXml('item:Subject', event('<t:Subject>daily!</t:Subject>')), 'SendOnlyToAll'))
    const request = await arrived(site, 'rob', 'daily!')
    const booked = await arrived(site, 'rob', 'daily!', 'calendar')
    assert.equal(text(request, 'IsRecurring'), 'true')
    assert.equal(text(request, 'CalendarItemType'), 'RecurringMaster')
    assert.deepEqual(names(at(request, 'Recurrence')), ['DailyRecurrence', 'NumberedRecurrence'])
    assert.deepEqual(
      ['StartTimeZone', 'EndTimeZone'].map((name) => at(request, name)?.attributes['Id']),
      ['Pacific Standard Time', 'Pacific Standard Time'],
    )
    for (const seen of [request, booked]) {
      assert.equal(text(seen, 'FirstOccurrence/Start'), '2030-03-04T09:00:00Z')
      assert.equal(text(seen, 'LastOccurrence/Start'), '2030-03-07T09:00:00Z')
      assert.deepEqual(texts(seen, 'ModifiedOccurrences/Occurrence/Start'), ['2030-03-05T12:00:00Z'])
      assert.deepEqual(texts(seen, 'DeletedOccurrences/DeletedOccurrence/Start'), ['2030-03-06T09:00:00Z'])
    }
    await rob.done(answer(rob, 'AcceptItem', idOf(booked)))
    const reply = await arrived(site, 'mary', 'Accepted: daily!')
    assert.deepEqual(names(at(reply, 'Recurrence')), ['DailyRecurrence', 'NumberedRecurrence'])
    // One occurrence has an invitation of its own, with what it was.
    await mary.done(updateXml(await nth(4), setXml('item:Subject', event('<t:Subject>the last</t:Subject>')), 'SendOnlyToAll'))
    const one = await arrived(site, 'rob', 'the last')
    assert.deepEqual(
      ['RecurrenceId', 'OriginalStart', 'CalendarItemType'].map((name) => text(one, name)),
      ['2030-03-07T09:00:00Z', '2030-03-07T09:00:00Z', 'Exception'],
    )
    assert.deepEqual(await mary.remove(itemXml(await latest(mary, made)), 'MoveToDeletedItems', cancel('SendOnlyToAll')), ['NoError'])
    const gone = await arrived(site, 'rob', 'Canceled: daily!')
    assert.deepEqual([gone.name, names(at(gone, 'Recurrence'))], ['MeetingCancellation', ['DailyRecurrence', 'NumberedRecurrence']])
  })

  test(`a cancelled meeting at its organizer (${engine.name}): MS-OXWSMTGS_R740 _R1052 _R758 _R80003 _R556 _R80010`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    for (const how of ['delete', 'answer'] as const) {
      const made = await meet(mary, how, required('rob'), 'SendOnlyToAll')
      const request = await arrived(site, 'rob', how)
      await rob.done(answer(rob, 'AcceptItem', idOf(request)))
      await arrived(site, 'mary', `Accepted: ${how}`)
      const id = await latest(mary, made)
      if (how === 'answer') await mary.done(answer(mary, 'CancelCalendarItem', id))
      else assert.deepEqual(await mary.remove(itemXml(id), 'MoveToDeletedItems', cancel('SendOnlyToAll')), ['NoError'])
      const kept = await found(mary, 'deleteditems', how)
      assert.ok(kept)
      const whole = await mary.get(idOf(kept))
      assert.deepEqual([text(whole, 'AppointmentState'), text(whole, 'IsCancelled')], ['5', 'true'], how)
      assert.equal(text(await arrived(site, 'rob', `Canceled: ${how}`, 'calendar'), 'IsCancelled'), 'true')
      const old = await found(rob, 'deleteditems', how)
      assert.ok(old, 'the invitation that he answered')
    }
  })
}

test('the old way to name a zone is of series alone: MS-OXWSMTGS_R131 _R221 _R1053 _R348 _R1090 _R399 _R401 _R403 _R407 _R409 _R411 _R585', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const change = (month: string, index: string, offset: string) =>
    `<t:Offset>${offset}</t:Offset><t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>${index}</t:DayOfWeekIndex><t:Month>${month}</t:Month></t:RelativeYearlyRecurrence><t:Time>02:00:00</t:Time>`
  const zone = `<t:MeetingTimeZone TimeZoneName="Eastern"><t:BaseOffset>PT5H</t:BaseOffset><t:Standard TimeZoneName="Eastern Standard">${change('November', 'First', 'PT0S')}</t:Standard><t:Daylight TimeZoneName="Eastern Daylight">${change('March', 'Second', '-PT1H')}</t:Daylight></t:MeetingTimeZone>`
  const long =
    '<t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>10</t:NumberOfOccurrences></t:NumberedRecurrence>'
  const made = await mary.create(event(`${when}${series(daily, long)}${zone}`), { folder: 'calendar' })
  // Of whoever asks as Exchange 2007, and of those who ask by its name.
  const old = { requestServerVersion: 'Exchange2007_SP1' }
  const master = await mary.get(made, {}, old)
  const expected = {
    'MeetingTimeZone/BaseOffset': 'PT5H', 'MeetingTimeZone/Standard/Offset': 'PT0S', 'MeetingTimeZone/Standard/Time': '02:00:00',
    'MeetingTimeZone/Daylight/Offset': '-PT1H', 'MeetingTimeZone/Daylight/RelativeYearlyRecurrence/Month': 'March',
    'MeetingTimeZone/Standard/RelativeYearlyRecurrence/Month': 'November',
  } // prettier-ignore
  for (const [name, value] of Object.entries(expected)) assert.equal(text(master, name), value, name)
  assert.deepEqual(
    ['MeetingTimeZone', 'MeetingTimeZone/Standard', 'MeetingTimeZone/Daylight'].map((name) => at(master, name)?.attributes['TimeZoneName']),
    ['Eastern', 'Eastern Standard', 'Eastern Daylight'],
  )
  // Its rules hold: the clock goes on an hour on 10 March 2030, and so does the meeting.
  const view = '<m:CalendarView StartDate="2030-03-08T00:00:00Z" EndDate="2030-03-13T00:00:00Z"/>'
  const shown = await mary.find('calendar', { view, fields: ['calendar:Start'] })
  assert.deepEqual(
    shown.map((one) => text(one, 'Start')?.slice(5, 16)),
    ['03-08T09:00', '03-09T09:00', '03-10T08:00', '03-11T08:00', '03-12T08:00'],
  )
  const occurrence = await mary.get(`<t:OccurrenceItemId RecurringMasterId="${made.Id}" InstanceIndex="2"/>`, {}, old)
  const single = await mary.get(await mary.create(event(`${when}${zone}`), { folder: 'calendar' }), {}, old)
  for (const item of [occurrence, single]) assert.equal(at(item, 'MeetingTimeZone'), undefined)
})

test('neighbours of an invitation: MS-OXWSMTGS_R195 _R321 _R323 _R325 _R327 _R333', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const own = (subject: string, from: string, to: string) =>
    rob.create(named(subject, `<t:Start>2030-03-04T${from}:00Z</t:Start><t:End>2030-03-04T${to}:00Z</t:End>`), { folder: 'calendar' })
  await own('over it', '09:30', '09:45')
  await own('after it', '10:00', '11:00')
  await meet(mary, 'asked', required('rob') + optional('ann'))
  const request = await arrived(site, 'rob', 'asked')
  const fields = ['ConflictingMeetingCount', 'AdjacentMeetingCount', 'ConflictingMeetings', 'AdjacentMeetings'].map(
    (name) => `calendar:${name}`,
  )
  const read = await rob.get(idOf(request), { fields })
  assert.deepEqual(
    ['ConflictingMeetingCount', 'AdjacentMeetingCount'].map((name) => text(read, name)),
    ['1', '1'],
  )
  assert.deepEqual(texts(read, 'ConflictingMeetings/CalendarItem/Subject'), ['over it'])
  assert.deepEqual(texts(read, 'AdjacentMeetings/CalendarItem/Subject'), ['after it'])
  await rob.done(answer(rob, 'AcceptItem', idOf(request)))
  const answered = await rob.get(idOf(await found(rob, 'deleteditems', 'asked')))
  assert.ok(text(answered, 'AppointmentReplyTime'))
  assert.equal(all(answered, 'HasBeenProcessed').length, 1)
  assert.deepEqual(await mary.codes(mary.updateXml(idOf(await found(mary, 'calendar', 'asked')), deleteXml('calendar:Location'))), [
    'NoError',
  ])
})
