import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderRights } from '#model'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { answer, arrived, event, latest, meet, required, updateXml } from './meeting-room.ts'
import { all, at, folderXml, idOf, names, person, setXml, text, texts } from './person.ts'

for (const engine of quickEngines) {
  test(`links and places go along with an invitation (${engine.name}): MS-OXWSMTGS_R359 _R361 _R363 _R746 _R747 _R766 _R767 _R2001 _R556 _R80003 _R80010`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    assert.deepEqual(await mary.createCodes(event('<t:IsOnlineMeeting>true</t:IsOnlineMeeting>'), { folder: 'calendar' }), [
      'ErrorInvalidPropertySet',
    ])
    const links =
      '<t:ConferenceType>2</t:ConferenceType><t:MeetingWorkspaceUrl>http://work.contoso.com/a</t:MeetingWorkspaceUrl><t:NetShowUrl>http://show.contoso.com/b</t:NetShowUrl>'
    const made = await meet(mary, 'links', `<t:Location>Lobby</t:Location>${required('rob')}${links}`)
    const fields = ['calendar:EnhancedLocation', 'calendar:IsOnlineMeeting', 'calendar:ConferenceType']
    const request = await rob.get(idOf(await arrived(site, 'rob', 'links')), { fields })
    const booked = await rob.get(idOf(await arrived(site, 'rob', 'links', 'calendar')), { fields })
    for (const seen of [request, booked]) {
      assert.deepEqual(
        ['ConferenceType', 'MeetingWorkspaceUrl', 'NetShowUrl', 'IsOnlineMeeting', 'EnhancedLocation/DisplayName'].map((name) =>
          text(seen, name),
        ),
        ['2', 'http://work.contoso.com/a', 'http://show.contoso.com/b', 'false', 'Lobby'],
      )
    }
    await rob.done(answer(rob, 'AcceptItem', idOf(request)))
    const reply = await mary.get(idOf(await arrived(site, 'mary', 'Accepted: links')), { fields })
    assert.equal(text(reply, 'EnhancedLocation/DisplayName'), 'Lobby')
    await mary.done(answer(mary, 'CancelCalendarItem', await latest(mary, made)))
    const gone = await rob.get(idOf(await arrived(site, 'rob', 'Canceled: links')), { fields })
    assert.equal(text(gone, 'EnhancedLocation/DisplayName'), 'Lobby')
    // One that comes from elsewhere as an online meeting is one.
    const online = [
      'BEGIN:VCALENDAR', 'VERSION:2.0', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:online-1', 'DTSTAMP:20300101T000000Z', 'DTSTART:20300304T090000Z',
      'DTEND:20300304T100000Z', 'SUMMARY:online', 'ORGANIZER:mailto:boss@fabrikam.com', 'ATTENDEE:mailto:rob@contoso.com', 'X-MS-OLK-CONFCHECK:TRUE',
      'X-MS-OLK-CONFTYPE:7', 'END:VEVENT', 'END:VCALENDAR', '',
    ].join('\r\n') // prettier-ignore
    const mime = Buffer.from(
      `From: boss@fabrikam.com\r\nTo: rob@contoso.com\r\nSubject: online\r\nMessage-ID: <o1@fabrikam.com>\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n${online}`,
    )
    const delivery = { mime, recipient: 'rob@contoso.com', sender: 'boss@fabrikam.com', receivedAt: Date.now() }
    await site.mailboxes.deliver(site.organisation.id, site.people.rob!.mailbox, delivery)
    const seen = await rob.get(idOf(await arrived(site, 'rob', 'online')), { fields })
    assert.deepEqual([text(seen, 'IsOnlineMeeting'), text(seen, 'ConferenceType')], ['true', '0'])
  })

  test(`what an update changed is said (${engine.name}): MS-OXWSMTGS_R559 _R55900 _R55901 _R55902 _R55903 _R55904 _R55905`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const made = await meet(mary, 'v1', `<t:Location>Here</t:Location>${required('rob')}`)
    const highlights = async (subject: string) =>
      at(await rob.get(idOf(await arrived(site, 'rob', subject)), { fields: ['meetingRequest:ChangeHighlights'] }), 'ChangeHighlights')
    assert.equal(await highlights('v1'), undefined, 'nothing was there before')
    const change = async (subject: string, updates: string) =>
      mary.done(
        updateXml(await latest(mary, made), setXml('item:Subject', event(`<t:Subject>${subject}</t:Subject>`)) + updates, 'SendOnlyToAll'),
      )
    const told = async (subject: string) => {
      const found = await highlights(subject)
      return names(found).map((name) => `${name} ${text(found, name)}`)
    }
    await change('v2', setXml('calendar:Location', event('<t:Location>There</t:Location>')))
    assert.deepEqual(await told('v2'), ['HasLocationChanged true', 'Location Here', 'HasStartTimeChanged false', 'HasEndTimeChanged false'])
    const later =
      setXml('calendar:Start', event('<t:Start>2030-03-04T09:30:00Z</t:Start>')) +
      setXml('calendar:End', event('<t:End>2030-03-04T10:30:00Z</t:End>'))
    await change('v3', later)
    assert.deepEqual(await told('v3'), [
      'HasLocationChanged false',
      'HasStartTimeChanged true',
      'Start 2030-03-04T09:00:00Z',
      'HasEndTimeChanged true',
      'End 2030-03-04T10:00:00Z',
    ])
  })

  test(`a whole day is that day on everybody's clock (${engine.name}): MS-OXWSMTGS_R754 RFC 5545 3.3.4`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const caller = await site.caller('ann')
    await site.mailboxes.saveSettings(caller, site.people.ann!.mailbox, { timeZone: 'Eastern Standard Time' })
    const days = '<t:Start>2030-03-31T00:00:00</t:Start><t:End>2030-04-01T00:00:00</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>'
    const zone = '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>'
    await mary.create(event(`<t:Subject>spring</t:Subject>${days}${required('rob', 'ann')}${zone}`), {
      folder: 'calendar',
      disposition: '',
      invitations: 'SendToAllAndSaveCopy',
    })
    // On the day of the change the organizer's clock has 23 hours; rob's mailbox keeps UTC, ann's New York time.
    for (const [alias, start, end] of [
      ['mary', '2030-03-30T23:00:00Z', '2030-03-31T22:00:00Z'],
      ['rob', '2030-03-31T00:00:00Z', '2030-04-01T00:00:00Z'],
      ['ann', '2030-03-31T04:00:00Z', '2030-04-01T04:00:00Z'],
    ] as const) {
      for (const folder of alias === 'mary' ? ['calendar'] : ['inbox', 'calendar']) {
        const seen = await arrived(site, alias, 'spring', folder)
        const own = ['IsAllDayEvent', 'Start', 'End'].map((name) => text(seen, name))
        assert.deepEqual(own, ['true', start, end], `${alias} ${folder}`)
      }
    }
  })
}

test('more of the permissions on a calendar: MS-OXWSMTGS_R145 _R1046 _R241 _R90 _R97 _R486 _R487', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const made = await mary.create(event('<t:Subject>hers</t:Subject>'), { folder: 'calendar' })
  const folder = idOf(await mary.getFolder('calendar'), 'FolderId')
  const grant = (level: string, more = '') =>
    setXml(
      'folder:PermissionSet',
      `<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId>${more}<t:CalendarPermissionLevel>${level}</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>`,
    )
  const his = async () => {
    const read = await mary.getFolder('calendar', { fields: ['folder:PermissionSet'] })
    const entries = all(at(read, 'PermissionSet/CalendarPermissions'), 'CalendarPermission')
    return entries.find((one) => text(one, 'UserId/PrimarySmtpAddress') === 'rob@contoso.com')
  }
  const hisOwn = async (...wanted: string[]) => {
    const entry = await his()
    return wanted.map((name) => text(entry, name))
  }
  await mary.done(mary.updateFolderXml('calendar', grant('Contributor')))
  assert.equal(text(await his(), 'CalendarPermissionLevel'), 'Contributor')
  assert.deepEqual(await rob.createCodes(event('<t:Subject>his</t:Subject>'), { folder: folderXml(folder) }), ['NoError'])
  assert.deepEqual(await rob.codes(rob.getXml(`<t:ItemId Id="${made.Id}"/>`)), ['ErrorAccessDenied'])
  const some =
    '<t:CanCreateItems>true</t:CanCreateItems><t:CanCreateSubFolders>false</t:CanCreateSubFolders><t:IsFolderOwner>false</t:IsFolderOwner><t:IsFolderVisible>true</t:IsFolderVisible><t:IsFolderContact>false</t:IsFolderContact><t:EditItems>None</t:EditItems><t:DeleteItems>All</t:DeleteItems><t:ReadItems>FullDetails</t:ReadItems>'
  await mary.done(mary.updateFolderXml('calendar', grant('Custom', some)))
  assert.deepEqual(await hisOwn('CalendarPermissionLevel', 'DeleteItems', 'ReadItems'), ['Custom', 'All', 'FullDetails'])
  await mary.done(mary.updateFolderXml('calendar', grant('Owner')))
  assert.deepEqual(await hisOwn('IsFolderOwner', 'IsFolderContact'), ['true', 'true'])
  // Somebody who left the directory is an unknown entry.
  await site.store.write(async (tx) => {
    const row = (await tx.folders.byKind(site.people.mary!.mailbox, 'calendar'))!
    const gone = { user: '00000000-1111-4222-8333-444444444444', rights: folderRights.readAny }
    await tx.folders.update(row.mailbox, row.id, { permissions: [...row.permissions, gone] })
  })
  const read = await mary.getFolder('calendar', { fields: ['folder:PermissionSet', 'folder:SharingEffectiveRights'] })
  assert.equal(texts(read, 'PermissionSet/UnknownEntries/UnknownEntry').length, 1)
  assert.notEqual(text(read, 'SharingEffectiveRights'), '')
  const readOnly = setXml(
    'folder:SharingEffectiveRights',
    '<t:CalendarFolder><t:SharingEffectiveRights>Read</t:SharingEffectiveRights></t:CalendarFolder>',
  )
  assert.notDeepEqual(await mary.codes(mary.updateFolderXml('calendar', readOnly)), ['NoError'])
})
