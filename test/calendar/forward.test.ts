import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { at, idOf, names, person, setXml, text, texts, type Id, type Person } from '../requirements/person.ts'
import { answer, arrived, event, found, latest, meet, required, updateXml } from '../requirements/meeting-room.ts'

const forward = (who: Person, to: Id, people: string[], disposition: 'SendOnly' | 'SaveOnly' = 'SendOnly') =>
  who.createXml(
    `<t:ForwardItem><t:ToRecipients>${people.map((one) => `<t:Mailbox><t:EmailAddress>${one}@contoso.com</t:EmailAddress></t:Mailbox>`).join('')}</t:ToRecipients><t:ReferenceItemId Id="${to.Id}" ChangeKey="${to.ChangeKey}"/><t:NewBodyContent BodyType="Text">Come too.</t:NewBodyContent></t:ForwardItem>`,
    { disposition: disposition as 'SendOnly', invitations: '' },
  )
const proposal = (
  element: string,
  to: Id,
  times = '<t:ProposedStart>2030-03-04T12:00:00Z</t:ProposedStart><t:ProposedEnd>2030-03-04T13:00:00Z</t:ProposedEnd>',
) => `<t:${element}><t:ReferenceItemId Id="${to.Id}" ChangeKey="${to.ChangeKey}"/>${times}</t:${element}>`
const send = { disposition: 'SendOnly', invitations: '' } as const
const offered = (item: Parameters<typeof at>[0]) => names(at(item, 'ResponseObjects'))
const optionalOf = async (who: Person, id: Id) =>
  texts(await who.get(await latest(who, id)), 'OptionalAttendees/Attendee/Mailbox/EmailAddress')

for (const engine of quickEngines) {
  test(`a meeting that is passed on is an invitation, and its organizer hears of it (${engine.name}): [MS-OXOCAL] 3.1.4.6 2.2.11`, async () => {
    await using site: TestSite = await startTestSite({ engine })
    const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
    const made = await meet(mary, 'plan', required('rob'))
    const request = idOf(await arrived(site, 'rob', 'plan'))
    await rob.done(forward(rob, request, ['ann']))
    const passedOn = await arrived(site, 'ann', 'FW: plan')
    assert.equal(passedOn.name, 'MeetingRequest')
    assert.deepEqual(
      ['From/Mailbox/EmailAddress', 'Organizer/Mailbox/EmailAddress', 'Start'].map((name) => text(passedOn, name)),
      ['rob@contoso.com', 'mary@contoso.com', '2030-03-04T09:00:00Z'],
    )
    assert.match(text(passedOn, 'Body') ?? '', /Come too\./)
    const notice = await arrived(site, 'mary', 'Meeting Forward Notification: plan')
    assert.deepEqual([notice.name, text(notice, 'ItemClass')], ['MeetingMessage', 'IPM.Schedule.Meeting.Notification.Forward'])
    assert.equal(idOf(notice, 'AssociatedCalendarItemId' as 'ItemId').Id, made.Id)
    assert.match(text(notice, 'Body') ?? '', /ann@contoso\.com/)
    assert.deepEqual(await optionalOf(mary, made), ['ann@contoso.com'])
    // She answers to the organizer, and updates reach her.
    await ann.done(answer(ann, 'AcceptItem', idOf(passedOn)))
    await arrived(site, 'mary', 'Accepted: FW: plan')
    await mary.done(updateXml(await latest(mary, made), setXml('item:Subject', event('<t:Subject>plan B</t:Subject>')), 'SendOnlyToAll'))
    await arrived(site, 'ann', 'plan B', 'calendar')
  })

  test(`one who is not invited adds nobody to the meeting of another (${engine.name}): [MS-OXOCAL] 3.1.4.6`, async () => {
    await using site: TestSite = await startTestSite({ engine })
    const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
    const made = await meet(mary, 'closed', required('rob'))
    await rob.done(forward(rob, idOf(await arrived(site, 'rob', 'closed')), ['ann']))
    const passedOn = idOf(await arrived(site, 'ann', 'FW: closed'))
    await mary.done(
      updateXml(
        await latest(mary, made),
        `<t:DeleteItemField><t:FieldURI FieldURI="calendar:OptionalAttendees"/></t:DeleteItemField>`,
        'SendToNone',
      ),
    )
    await ann.done(forward(ann, passedOn, ['administrator']))
    await arrived(site, 'administrator', 'FW: closed', 'inbox')
    assert.deepEqual(await optionalOf(mary, made), [])
    // The organizer's own forward is no news to them; a draft is a message that shows the meeting.
    await mary.done(forward(mary, await latest(mary, made), ['administrator']))
    await mary.done(forward(mary, await latest(mary, made), ['ann'], 'SaveOnly'))
    const notices = (await mary.find('inbox', { shape: 'Default' })).filter((one) => /^Meeting Forward/.test(text(one, 'Subject') ?? ''))
    assert.equal(notices.length, 2, "rob's and ann's")
    assert.equal((await found(mary, 'drafts', 'FW: closed'))?.name, 'Message')
  })

  test(`another time is proposed (${engine.name}): MS-OXWSMTGS_R1011 _R1106 _R1043 _R1045 _R80006 _R80008 _R745 _R764 _R765`, async () => {
    await using site: TestSite = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const made = await meet(mary, 'open', required('rob') + '<t:AllowNewTimeProposal>true</t:AllowNewTimeProposal>')
    const request = await arrived(site, 'rob', 'open')
    assert.equal(text(request, 'AllowNewTimeProposal'), 'true')
    assert.ok(offered(request).includes('ProposeNewTime'))
    assert.deepEqual(await rob.codes(rob.createXml(proposal('ProposeNewTime', idOf(request), ''), send)), ['ErrorInvalidArgument'])
    const back = '<t:ProposedStart>2030-03-04T12:00:00Z</t:ProposedStart><t:ProposedEnd>2030-03-04T11:00:00Z</t:ProposedEnd>'
    assert.deepEqual(await rob.codes(rob.createXml(proposal('ProposeNewTime', idOf(request), back), send)), [
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    ])
    await rob.done(rob.createXml(proposal('ProposeNewTime', idOf(request)), send))
    const asked = await arrived(site, 'mary', 'New Time Proposed: open')
    assert.deepEqual(
      ['ProposedStart', 'ProposedEnd', 'ResponseType', 'Start'].map((name) => text(asked, name)),
      ['2030-03-04T12:00:00Z', '2030-03-04T13:00:00Z', 'Tentative', '2030-03-04T09:00:00Z'],
    )
    const his = at(await mary.get(await latest(mary, made)), 'RequiredAttendees/Attendee')
    assert.deepEqual([text(his, 'ProposedStart'), text(his, 'ProposedEnd')], ['2030-03-04T12:00:00Z', '2030-03-04T13:00:00Z'])
    await meet(mary, 'fixed', required('rob') + '<t:AllowNewTimeProposal>false</t:AllowNewTimeProposal>')
    const fixed = await arrived(site, 'rob', 'fixed')
    assert.equal(text(fixed, 'AllowNewTimeProposal'), 'false')
    assert.ok(!offered(fixed).includes('ProposeNewTime'))
    assert.deepEqual(await rob.codes(rob.createXml(proposal('ProposeNewTime', idOf(fixed)), send)), [
      'ErrorInvalidItemForOperationTentative',
    ])
    assert.deepEqual(await rob.codes(rob.createXml(proposal('DeclineItem', idOf(fixed)), send)), [
      'ErrorInvalidItemForOperationDeclineItem',
    ])
  })

  test(`what is seen in another calendar is added to one's own (${engine.name}): MS-OXWSMTGS_R1000 _R1017`, async () => {
    await using site: TestSite = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const grant =
      '<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>'
    const party = await meet(mary, 'party', required('ann'), 'SendToNone')
    const add = (to: Id) => rob.createXml(proposal('AddItemToMyCalendar', to, ''), { disposition: '', invitations: '' })
    assert.deepEqual(await rob.codes(add(party)), ['ErrorItemNotFound'], 'he sees nothing of hers yet')
    await mary.done(mary.updateFolderXml('calendar', setXml('folder:PermissionSet', grant)))
    const seen = await rob.get(party)
    assert.ok(offered(seen).includes('AddItemToMyCalendar'))
    assert.ok(!offered(await mary.get(party)).includes('AddItemToMyCalendar'))
    const added = idOf(at(await rob.done(add(party)), 'Items/CalendarItem'))
    const his = await rob.get(added)
    assert.deepEqual(
      ['Subject', 'Start', 'UID', 'MyResponseType', 'Organizer/Mailbox/EmailAddress'].map((name) => text(his, name)),
      ['party', '2030-03-04T09:00:00Z', text(seen, 'UID'), 'NoResponseReceived', 'mary@contoso.com'],
    )
    assert.equal(idOf(await found(rob, 'calendar', 'party')).Id, added.Id)
    assert.equal(idOf(at(await rob.done(add(party)), 'Items/CalendarItem')).Id, added.Id, 'once')
    const note = await rob.create('<t:Message><t:Subject>no meeting</t:Subject></t:Message>', { folder: 'drafts' })
    assert.deepEqual(await rob.codes(add(note)), ['ErrorInvalidItemForOperationCreateItem'])
  })
}
