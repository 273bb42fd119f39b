import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { elementsOf, readXml } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'
import { answer, arrived, daily, event, found, latest, meet, named, required, series, when } from './meeting-room.ts'
import { all, at, idOf, itemXml, names, person, setXml, text, texts } from './person.ts'

const tag = (name: string, inside: string) => `<t:${name}>${inside}</t:${name}>`
const tags = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => tag(name, value))
    .join('')

for (const engine of quickEngines) {
  test(`where a calendar item is (${engine.name}): MS-OXWSMTGS_R540 _R697 _R1248 _R80011`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const address = {
      Street: 'Main Street 1', City: 'Springfield', State: 'Oregon', Country: 'USA', PostalCode: '97477', PostOfficeBox: '12', Type: 'Business',
      Latitude: '44.05', Longitude: '-123', Accuracy: '5', Altitude: '139', AltitudeAccuracy: '2', FormattedAddress: 'Main Street 1, Springfield',
      LocationUri: 'https://maps.fabrikam.com/1', LocationSource: 'Device',
    } // prettier-ignore
    const place = (inside: string) => event(when + tag('EnhancedLocation', inside))
    // In whatever order it is given, it comes back in the type's own.
    const given = tag('PostalAddress', tags(address)) + tag('Annotation', 'left of the stairs') + tag('DisplayName', 'Lobby')
    const read = await mary.get(await mary.create(place(given), { folder: 'calendar' }), { fields: ['calendar:EnhancedLocation'] })
    const location = at(read, 'EnhancedLocation')
    assert.deepEqual(names(location), ['DisplayName', 'Annotation', 'PostalAddress'])
    assert.deepEqual([text(location, 'DisplayName'), text(location, 'Annotation')], ['Lobby', 'left of the stairs'])
    assert.deepEqual(
      elementsOf(at(location, 'PostalAddress')!).map(({ name }) => [name, text(location, `PostalAddress/${name}`)]),
      Object.entries(address),
    )
    for (const wrong of [
      tag('Room', '7'),
      tag('PostalAddress', tag('Latitude', 'north')),
      tag('DisplayName', 'a') + tag('DisplayName', 'b'),
    ]) {
      const [code] = await faultOf(mary.createXml(place(wrong), { folder: 'calendar' }), site)
      assert.equal(code, 'ErrorSchemaValidation', wrong)
    }
  })

  test(`settings of online meetings are those of their types (${engine.name}): MS-OXWSMTGS_R1252 _R80012 _R80013 _R80015 _R80017 _R80019 _R80022 _R80024 _R80026 _R80027 _R80031 _R80032 _R80038 _R80039 _R800250`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const kinds = {
      LobbyBypass: ['Disabled', 'EnabledForGatewayParticipants'],
      AccessLevel: ['Locked', 'Invited', 'Internal', 'Everyone'],
      Presenters: ['Disabled', 'Internal', 'Everyone'],
    } as const
    const usual = { LobbyBypass: 'Disabled', AccessLevel: 'Invited', Presenters: 'Internal' }
    const creation = (values: Record<string, string>) =>
      mary.createXml(event(when + tag('OnlineMeetingSettings', tags(values))), { folder: 'calendar' })
    for (const [name, values] of Object.entries(kinds)) {
      for (const value of values) {
        const made = idOf(elementsOf(at(await mary.done(creation({ ...usual, [name]: value })), 'Items')!)[0])
        const settings = at(await mary.get(made, { fields: ['calendar:OnlineMeetingSettings'] }), 'OnlineMeetingSettings')
        assert.deepEqual(Object.fromEntries(elementsOf(settings!).map((one) => [one.name, text(settings, one.name)])), {
          ...usual,
          [name]: value,
        })
      }
      const { [name as keyof typeof usual]: _, ...without } = usual
      assert.equal((await faultOf(creation({ ...usual, [name]: 'Sometimes' }), site))[0], 'ErrorSchemaValidation', `${name}: no such word`)
      assert.equal((await faultOf(creation(without), site))[0], 'ErrorSchemaValidation', `${name} must be there`)
    }
  })

  test(`reminders by mail are of their types (${engine.name}): MS-OXWSMTGS_R1033 _R1062 _R1066 _R1070 _R1165 _R1166 _R1278 _R1310 _R1312 _R1345 _R1349 _R1361 _R1362 _R2005 _R200611 _R200612 _R2177`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const creation = (...reminders: Record<string, string>[]) =>
      mary.createXml(event(when + tag('InboxReminders', reminders.map((one) => tag('InboxReminder', tags(one))).join(''))), {
        folder: 'calendar',
      })
    const usual = {
      Id: '0b0f4f6e-1a59-4ae1-9f0a-5f2f3a1f6b11', ReminderOffset: '-30', Message: 'Bring the plans', IsOrganizerReminder: 'true',
      OccurrenceChange: 'None', IsImportedFromOLC: 'false', SendOption: 'User',
    } // prettier-ignore
    const given = [
      ...['None', 'Added', 'Override', 'Deleted'].map((OccurrenceChange) => ({ ...usual, OccurrenceChange })),
      ...['User', 'AllAttendees', 'Staff', 'Customer'].map((SendOption) => ({ ...usual, SendOption })),
      { ...usual, IsImportedFromOLC: 'true' },
    ]
    const made = idOf(elementsOf(at(await mary.done(creation(...given)), 'Items')!)[0])
    const read = await mary.get(made, { fields: ['calendar:InboxReminders'] })
    assert.deepEqual(
      all(read, 'InboxReminders/InboxReminder').map((one) => Object.fromEntries(names(one).map((name) => [name, text(one, name)]))),
      given,
    )
    const mistakes: Record<string, string>[] = [
      { Id: 'one' },
      { ReminderOffset: 'soon' },
      { IsOrganizerReminder: 'perhaps' },
      { OccurrenceChange: 'Moved' },
      { IsImportedFromOLC: '2' },
      { SendOption: 'Everybody' },
      { Sound: 'ding.wav' },
    ]
    for (const wrong of mistakes) {
      assert.equal((await faultOf(creation({ ...usual, ...wrong }), site))[0], 'ErrorSchemaValidation', JSON.stringify(wrong))
    }
  })

  test(`what an answer and a cancellation carry (${engine.name}): MS-OXWSMTGS_R528 _R900 _R901 _R902 _R903 _R904 _R906 _R907 _R908 _R909 _R910 _R1083 _R1250 _R1256 _R1284 _R1292 _R1282 _R80007 _R80009 _R80049`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const place = '<t:Location>Room</t:Location>'
    await meet(mary, 'once', `${place}<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>${required('rob', 'ann')}`)
    const request = await arrived(site, 'rob', 'once')
    assert.deepEqual([text(request, 'ResponseType'), text(request, 'IsOrganizer')], ['NoResponseReceived', 'false'])
    const booked = await arrived(site, 'rob', 'once', 'calendar')
    assert.deepEqual([text(booked, 'IntendedFreeBusyStatus'), text(booked, 'LegacyFreeBusyStatus')], ['OOF', 'Tentative'])
    const times = { ProposedStart: '2030-03-05T09:00:00Z', ProposedEnd: '2030-03-05T10:00:00Z' }
    const proposal = answer(rob, 'ProposeNewTime', idOf(request)).replace('</t:ProposeNewTime>', `${tags(times)}</t:ProposeNewTime>`)
    await rob.done(proposal)
    const proposed = await arrived(site, 'mary', 'New Time Proposed: once')
    const carried = ['Start', 'End', 'Location', 'CalendarItemType', 'ProposedStart', 'ProposedEnd', 'IsOrganizer']
    assert.deepEqual(
      carried.map((name) => text(proposed, name)),
      ['2030-03-04T09:00:00Z', '2030-03-04T10:00:00Z', 'Room', 'Single', times.ProposedStart, times.ProposedEnd, 'true'],
    )
    await rob.done(answer(rob, 'AcceptItem', await latest(rob, idOf(booked))))
    assert.equal(text(await arrived(site, 'rob', 'once', 'calendar'), 'LegacyFreeBusyStatus'), 'OOF', 'as it was intended')
    // The other elements of the type are answered alike ([MS-OXWSMTGS] 2.2.4.16).
    const ann = person(site, 'ann')
    const decline = answer(ann, 'DeclineItem', idOf(await arrived(site, 'ann', 'once')))
    await ann.done(decline.replace('</t:DeclineItem>', `${tags(times)}</t:DeclineItem>`))
    const declined = async () => {
      const all = await mary.find('inbox', { shape: 'AllProperties' })
      return all.some((one) => text(one, 'ResponseType') === 'Decline' && text(one, 'ProposedEnd') === times.ProposedEnd)
    }
    if (!(await declined())) await until(site, 'mary', declined)

    const long = await meet(mary, 'daily', place + required('rob') + series(daily))
    await rob.done(answer(rob, 'TentativelyAcceptItem', idOf(await arrived(site, 'rob', 'daily'))))
    const reply = await arrived(site, 'mary', 'Tentative: daily')
    await mary.done(answer(mary, 'CancelCalendarItem', await latest(mary, long)))
    const gone = await arrived(site, 'rob', 'Canceled: daily')
    const sent = [await found(mary, 'sentitems', 'Canceled: daily'), await found(rob, 'sentitems', 'Tentative: daily')]
    const copies = [await mary.get(idOf(sent[0])), await rob.get(idOf(sent[1]))]
    assert.deepEqual(
      [reply, gone, ...copies].map((message) => text(message, 'IsOrganizer')),
      ['true', 'false', 'true', 'false'],
    )
    for (const message of [reply, gone]) {
      assert.deepEqual(
        ['Start', 'End', 'Location', 'CalendarItemType'].map((name) => text(message, name)),
        ['2030-03-04T09:00:00Z', '2030-03-04T10:00:00Z', 'Room', 'RecurringMaster'],
        message.name,
      )
      assert.deepEqual(names(at(message, 'Recurrence')), ['DailyRecurrence', 'NumberedRecurrence'])
    }
  })

  test(`added to one's own calendar (${engine.name}): MS-OXWSMTGS_R1246 _R2175`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, ann] = [person(site), person(site, 'ann')]
    const made = await mary.create(named('open'), { folder: 'calendar' })
    const grant =
      '<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>ann@contoso.com</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>'
    await mary.done(mary.updateFolderXml('calendar', setXml('folder:PermissionSet', grant)))
    const added = await ann.done(answer(ann, 'AddItemToMyCalendar', made, ''))
    const id = idOf(at(added, 'Items/CalendarItem'))
    assert.notEqual(id.Id, made.Id)
    assert.deepEqual([text(await ann.get(id), 'Subject'), text(await ann.get(id), 'Start')], ['open', '2030-03-04T09:00:00Z'])
    assert.equal(idOf(await found(ann, 'calendar', 'open')).Id, id.Id)
  })

  test(`time zones are told of series (${engine.name}): MS-OXWSMTGS_R203 _R331 _R713 _R2182 _R2188 _R2301`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const zone = '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>'
    const fields = ['calendar:TimeZone', 'calendar:StartTimeZone']
    for (const [subject, more, told] of [
      ['single', '', undefined],
      ['series', series(daily), '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna'],
    ] as const) {
      const made = await meet(mary, subject, required('rob') + more + zone)
      const invitation = await arrived(site, 'rob', subject)
      const booked = await arrived(site, 'rob', subject, 'calendar')
      const items = [await mary.get(made, { fields }), await rob.get(idOf(invitation), { fields }), await rob.get(idOf(booked), { fields })]
      for (const item of items) {
        assert.equal(text(item, 'TimeZone'), told, `${subject}: ${item.name}`)
        assert.equal(at(item, 'StartTimeZone')?.attributes['Id'], 'W. Europe Standard Time')
        assert.equal(text(item, 'IsOnlineMeeting'), 'false')
      }
      if (told) {
        const second = await mary.get(`<t:OccurrenceItemId RecurringMasterId="${made.Id}" InstanceIndex="2"/>`, { fields })
        assert.equal(text(second, 'TimeZone'), told)
      }
    }
    const online = await mary.createCodes(event(`${when}<t:IsOnlineMeeting>true</t:IsOnlineMeeting>`), { folder: 'calendar' })
    assert.deepEqual(online, ['ErrorInvalidPropertySet'])
  })

  test(`what versions before had is shown to them, and to who asks for it (${engine.name}): MS-OXWSMTGS_R7151 _R7061 _R2185 _R2191`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const zone = '<t:MeetingTimeZone TimeZoneName="Eastern"><t:BaseOffset>PT5H</t:BaseOffset></t:MeetingTimeZone>'
    const made = await meet(mary, 'old', `${required('rob')}${series(daily)}${zone}<t:ConferenceType>1</t:ConferenceType>`)
    const request = idOf(await arrived(site, 'rob', 'old'))
    const shown = async (who: typeof mary, id: typeof made, requestServerVersion: string, fields: string[] = []) => {
      const seen = names(await who.get(id, { fields }, { requestServerVersion }))
      return ['MeetingTimeZone', 'ConferenceType'].filter((name) => seen.includes(name))
    }
    const fields = ['calendar:MeetingTimeZone', 'calendar:ConferenceType']
    for (const [version, own] of [
      ['Exchange2007_SP1', ['MeetingTimeZone', 'ConferenceType']],
      ['Exchange2010', ['ConferenceType']],
      ['Exchange2013_SP1', ['ConferenceType']],
      ['Exchange2016', []],
    ] as const) {
      assert.deepEqual(await shown(mary, made, version), own, version)
      // An invitation has its zone in definitions of its own.
      assert.deepEqual(await shown(rob, request, version), own.filter((name) => name !== 'MeetingTimeZone'), version) // prettier-ignore
      assert.deepEqual(await shown(mary, made, version, fields), ['MeetingTimeZone', 'ConferenceType'], `${version} by name`)
    }
  })
}

/** Code and text of the fault that an operation is answered with. */
async function faultOf(operation: string, site: Awaited<ReturnType<typeof startTestSite>>): Promise<[string | undefined, string]> {
  const { body } = await site.ews(operation)
  const fault = at(readXml(body), 'Body/Fault')
  assert.ok(fault, body)
  return [text(fault, 'detail/ResponseCode'), body]
}

test('reminders as messages: MS-OXWSMTGS_R504 _R2016 _R2028 _R2029 _R2030 _R2031 _R2034 _R2035 _R2044 _R2046 _R2050 _R2068 _R2107 _R2120 _R2121 _R2122 _R2123 _R2130 _R2134 _R2136 _R2140 _R2198 _R2200', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  assert.match(site.ewsUrl, /^https:/)
  const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, '')
  const reminding = (subject: string) =>
    mary.create(
      named(
        subject,
        `<t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart><t:Start>${soon(5)}</t:Start><t:End>${soon(35)}</t:End>`,
      ),
      { folder: 'calendar' },
    )
  const [one, two] = [await reminding('one'), await reminding('two')]
  /** Header and body of the SOAP answer, whatever it says. */
  const speak = async (operation: string, user: string) => {
    const answered = await site.ews(operation, { user })
    const envelope = readXml(answered.body)
    assert.deepEqual(names(envelope), ['Header', 'Body'])
    const version = at(envelope, 'Header/ServerVersionInfo')
    assert.equal(version?.namespace, 'http://schemas.microsoft.com/exchange/services/2006/types')
    assert.equal(version?.attributes['MajorVersion'], '15')
    return elementsOf(at(envelope, 'Body')!)[0]
  }
  const shown = await speak('<m:GetReminders/>', 'mary')
  assert.deepEqual(
    [shown?.name, shown?.attributes['ResponseClass'], text(shown, 'ResponseCode')],
    ['GetRemindersResponse', 'Success', 'NoError'],
  )
  assert.deepEqual(texts(shown, 'Reminders/Reminder/Subject').sort(), ['one', 'two'])
  const dismiss = `<m:PerformReminderAction><m:ReminderItemActions><t:ReminderItemAction><t:ActionType>Dismiss</t:ActionType>${itemXml(one)}</t:ReminderItemAction></m:ReminderItemActions></m:PerformReminderAction>`
  const done = await speak(dismiss, 'mary')
  assert.deepEqual(
    [done?.name, done?.attributes['ResponseClass'], text(done, 'ResponseCode')],
    ['PerformReminderActionResponse', 'Success', 'NoError'],
  )
  assert.deepEqual(
    all(done, 'UpdatedItemIds/ItemId').map(({ attributes }) => attributes['Id']),
    [one.Id],
  )
  assert.deepEqual(texts(await speak('<m:GetReminders/>', 'mary'), 'Reminders/Reminder/Subject'), ['two'])
  assert.ok(two)
  // Who has no mailbox any more has no reminders either.
  await runLine(site.admin, systemCaller(site.organisation.id), 'Disable-Mailbox rob@contoso.com -Confirm:$false')
  const refused = await speak('<m:GetReminders/>', 'rob')
  assert.deepEqual(
    [refused?.name, refused?.attributes['ResponseClass'], text(refused, 'ResponseCode')],
    ['GetRemindersResponse', 'Error', 'ErrorNonExistentMailbox'],
  )
})
