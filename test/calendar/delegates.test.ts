import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { all, at, idOf, itemXml, names, person, setXml, text, type Id, type Person } from '../requirements/person.ts'
import { answer, arrived, event, found, latest, meet, required, updateXml } from '../requirements/meeting-room.ts'

type Deliver = 'DelegatesOnly' | 'DelegatesAndMe' | 'DelegatesAndSendInformationToMe' | 'NoForward'

/** Makes rob, and others who are named, delegates of ann's mailbox: they change her calendar and send for her. */
async function delegate(site: TestSite, deliver: Deliver, { seesPrivate = false, copies = true } = {}): Promise<void> {
  const { ann, rob } = site.people
  assert.ok(ann && rob)
  const caller = await site.caller('ann')
  await site.directory.update(site.organisation.id, ann.id, { sendOnBehalf: [rob.id] })
  const users = [{ recipient: rob.id, copies, private: seesPrivate }]
  await site.mailboxes.saveSettings(caller, ann.mailbox, { delegates: { users, deliver } })
  const grant =
    '<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>Editor</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>'
  const annMail = person(site, 'ann')
  await annMail.done(annMail.updateFolderXml('calendar', setXml('folder:PermissionSet', grant)))
}
const associated = (element: Parameters<typeof idOf>[0]): Id => idOf(element, 'AssociatedCalendarItemId' as 'ItemId')
/** Waits until ann's calendar has the meeting: the copies were filed in the same write. */
const delivered = (site: TestSite, subject: string) => arrived(site, 'ann', subject, 'calendar')
const inboxes = async (site: TestSite, subject: string) =>
  Promise.all(['ann', 'rob'].map(async (alias) => (await found(person(site, alias), 'inbox', subject)) !== undefined))

for (const engine of quickEngines) {
  test(`delegates get meeting messages as the owner has it (${engine.name}): [MS-OXWSDLGM] 2.2.5.1 MS-OXWSMTGS_R266 _R748 _R749 _R75 _R7512`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const [deliver, where, type] of [
      ['NoForward', [true, false], 'NewMeetingRequest'],
      ['DelegatesAndMe', [true, true], 'NewMeetingRequest'],
      ['DelegatesAndSendInformationToMe', [true, true], 'PrincipalWantsCopy'],
      ['DelegatesOnly', [false, true], undefined],
    ] as const) {
      await delegate(site, deliver)
      await meet(mary, deliver, required('ann'))
      await delivered(site, deliver)
      assert.deepEqual(await inboxes(site, deliver), where, deliver)
      if (where[0]) {
        const own = await arrived(site, 'ann', deliver)
        assert.deepEqual([text(own, 'IsDelegated'), text(own, 'MeetingRequestType')], ['false', type], deliver)
      }
      if (!where[1]) continue
      const copy = await arrived(site, 'rob', deliver)
      assert.deepEqual(
        ['IsDelegated', 'MeetingRequestType', 'ReceivedRepresenting/Mailbox/EmailAddress', 'ReceivedBy/Mailbox/EmailAddress'].map((name) => text(copy, name)),
        ['true', 'NewMeetingRequest', 'ann@contoso.com', 'rob@contoso.com'],
      ) // prettier-ignore
      assert.equal(await found(person(site, 'rob'), 'calendar', deliver), undefined, 'it is not his meeting')
    }
  })

  test(`a delegate answers the owner's meeting and not the copy (${engine.name}): [MS-OXWSDLGM] 3.1.4 ErrorCalendarIsDelegatedFor…`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    await delegate(site, 'DelegatesOnly')
    const made = await meet(mary, 'board', required('ann'))
    await delivered(site, 'board')
    const copy = await arrived(site, 'rob', 'board')
    for (const [element, code] of [
      ['AcceptItem', 'ErrorCalendarIsDelegatedForAccept'],
      ['TentativelyAcceptItem', 'ErrorCalendarIsDelegatedForTentative'],
      ['DeclineItem', 'ErrorCalendarIsDelegatedForDecline'],
    ] as const) {
      assert.deepEqual(await rob.codes(answer(rob, element, idOf(copy))), [code])
    }
    assert.deepEqual(
      names(at(copy, 'ResponseObjects')).filter((name) => /Accept|Decline|Remove/.test(name)),
      [],
    )
    const own = await rob.get(associated(copy))
    assert.equal(idOf(own).Id, idOf(await found(person(site, 'ann'), 'calendar', 'board')).Id)
    await rob.done(answer(rob, 'AcceptItem', idOf(own)))
    const heard = async () => {
      const mine = await mary.get(await latest(mary, made))
      return all(mine, 'RequiredAttendees/Attendee').some((one) => text(one, 'ResponseType') === 'Accept')
    }
    if (!(await heard())) await until(site, 'mary', heard)
    const reply = await arrived(site, 'mary', 'Accepted: board')
    assert.deepEqual(
      ['From/Mailbox/EmailAddress', 'Sender/Mailbox/EmailAddress'].map((name) => text(reply, name)),
      ['ann@contoso.com', 'rob@contoso.com'],
    )
    await mary.done(answer(mary, 'CancelCalendarItem', await latest(mary, made)))
    await arrived(site, 'ann', 'Canceled: board', 'calendar')
    const cancelled = await arrived(site, 'rob', 'Canceled: board')
    assert.equal(text(cancelled, 'IsDelegated'), 'true')
    assert.deepEqual(await rob.codes(answer(rob, 'RemoveItem', idOf(cancelled))), ['ErrorCalendarIsDelegatedForRemove'])
    assert.deepEqual(await inboxes(site, 'Canceled: board'), [false, true])
  })

  test(`private meetings reach those delegates alone who may see them (${engine.name}): [MS-OXODLGT] 2.2.3`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const secret = '<t:Sensitivity>Private</t:Sensitivity>'
    const invite = (subject: string) =>
      mary.create(event(`<t:Subject>${subject}</t:Subject>${secret}<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>${required('ann')}`), {
        folder: 'calendar',
        disposition: '',
        invitations: 'SendToAllAndSaveCopy',
      }) // prettier-ignore
    for (const [seesPrivate, copies, where] of [
      [false, true, [true, false]],
      [true, false, [true, false]],
      [true, true, [false, true]],
    ] as const) {
      await delegate(site, 'DelegatesOnly', { seesPrivate, copies })
      const subject = `secret ${seesPrivate} ${copies}`
      await invite(subject)
      await delivered(site, subject)
      assert.deepEqual(await inboxes(site, subject), where, subject)
    }
  })

  test(`a delegate whose mailbox is full hinders nothing (${engine.name}): the owner gets what nobody else got`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    await delegate(site, 'DelegatesOnly')
    const rob = site.people.rob
    assert.ok(rob)
    await site.mailboxes.saveSettings(await site.caller('rob'), rob.mailbox, { quota: 0 })
    await meet(mary, 'full', required('ann'))
    await delivered(site, 'full')
    assert.deepEqual(await inboxes(site, 'full'), [true, false])
  })
}

test('an update and an answer go to the delegate like the first message', async () => {
  await using site = await startTestSite()
  const [mary, ann]: Person[] = [person(site), person(site, 'ann')]
  await delegate(site, 'DelegatesAndMe')
  const made = await meet(mary as Person, 'v1', required('ann'))
  await delivered(site, 'v1')
  await (mary as Person).done(
    updateXml(await latest(mary as Person, made), setXml('item:Subject', event('<t:Subject>v2</t:Subject>')), 'SendOnlyToAll'),
  )
  await arrived(site, 'ann', 'v2', 'calendar')
  assert.equal(text(await arrived(site, 'rob', 'v2'), 'IsDelegated'), 'true')
  await meet(ann as Person, 'hers', required('mary'))
  const asked = await arrived(site, 'mary', 'hers')
  await (mary as Person).done(answer(mary as Person, 'AcceptItem', idOf(asked)))
  const reply = await arrived(site, 'rob', 'Accepted: hers')
  assert.deepEqual([reply.name, text(reply, 'IsDelegated'), itemXml(idOf(reply)) !== ''], ['MeetingResponse', 'true', true])
})
