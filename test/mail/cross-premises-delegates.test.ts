/** Delegates whose mailboxes are on other premises than the owner's ([MS-OXWSDLGM] 2.2.4.1, [MS-OXODLGT] 2.2.3), over EWS and SMTP. */
import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import { test } from 'node:test'
import type { Site } from '#server'
import { answer, meet, required } from '../requirements/meeting-room.ts'
import { at, idOf, names, person, text, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { send, type TestSite } from '../support/site.ts'
import { fieldsNamed, inboxOf, startPremises } from './premises.ts'
import { dial } from './smtp-client.ts'

/** Somebody of contoso.com who speaks EWS to one of the premises. */
function speaker(site: Site, agents: AsyncDisposableStack, alias: string): Person {
  const agent = new Agent({ ca: site.ca })
  agents.defer(() => agent.destroy())
  const call: TestSite['call'] = (path, options = {}) => send(site, agent, path, options)
  return person({ ...site, call } as TestSite, alias)
}
const delegate = (deliver: string, more = '') =>
  `<m:AddDelegate><m:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></m:Mailbox><m:DelegateUsers><t:DelegateUser><t:UserId><t:PrimarySmtpAddress>joe@contoso.com</t:PrimarySmtpAddress></t:UserId><t:ReceiveCopiesOfMeetingMessages>true</t:ReceiveCopiesOfMeetingMessages>${more}</t:DelegateUser></m:DelegateUsers><m:DeliverMeetingRequests>${deliver}</m:DeliverMeetingRequests></m:AddDelegate>`
const subjects = async (who: Person, folder: string) => (await who.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject'))

for (const engine of quickEngines) {
  test(`a delegate on the other premises gets the copy, and no meeting (${engine.name}): [MS-OXWSDLGM] 2.2.5.1`, async () => {
    await using sites = await startPremises(engine)
    await using agents = new AsyncDisposableStack()
    const { onPremises, online, settle } = sites
    const [mary, rob, joe] = [
      speaker(onPremises, agents, 'mary'),
      speaker(onPremises, agents, 'rob'),
      speaker(online, agents, 'joe'),
    ] as const
    await mary.whole(delegate('DelegatesOnly'))
    await meet(rob, 'board', required('mary'))
    await settle()
    assert.deepEqual(await subjects(mary, 'calendar'), ['board'], 'it is her meeting')
    assert.deepEqual(await subjects(mary, 'inbox'), [], 'and his message alone')
    const [shown] = await joe.find('inbox')
    const copy = await joe.get(idOf(shown))
    assert.equal(copy.name, 'MeetingRequest')
    assert.deepEqual(
      ['Subject', 'Start', 'IsDelegated', 'HasBeenProcessed', 'ReceivedRepresenting/Mailbox/EmailAddress', 'ReceivedBy/Mailbox/EmailAddress'].map(
        (name) => text(copy, name),
      ),
      ['board', '2030-03-04T09:00:00Z', 'true', 'false', 'mary@contoso.com', 'joe@contoso.com'],
    ) // prettier-ignore
    assert.equal(at(copy, 'AssociatedCalendarItemId'), undefined)
    assert.deepEqual(await subjects(joe, 'calendar'), [], 'it is not his meeting')
    assert.deepEqual(await joe.codes(answer(joe, 'AcceptItem', idOf(copy))), ['ErrorCalendarIsDelegatedForAccept'])
    assert.deepEqual(
      names(at(copy, 'ResponseObjects')).filter((name) => /Accept|Decline|Remove/.test(name)),
      [],
    )
    // Private ones only where he may see them.
    const secret = '<t:Sensitivity>Private</t:Sensitivity>'
    await rob.create(
      `<t:CalendarItem><t:Subject>secret</t:Subject>${secret}<t:Start>2030-03-05T09:00:00Z</t:Start><t:End>2030-03-05T10:00:00Z</t:End>${required('mary')}</t:CalendarItem>`,
      { folder: 'calendar', disposition: '', invitations: 'SendOnlyToAll' },
    )
    await settle()
    assert.deepEqual([await subjects(joe, 'inbox'), await subjects(mary, 'inbox')], [['board'], ['secret']])
  })

  test(`only the organisation says whose delegate somebody is (${engine.name})`, async () => {
    await using sites = await startPremises(engine)
    await using agents = new AsyncDisposableStack()
    const { onPremises, online, settle } = sites
    const mary = speaker(onPremises, agents, 'mary')
    const joe = speaker(online, agents, 'joe')
    await mary.whole(delegate('DelegatesAndMe'))
    const invitation = (to: string, subject: string, headers = '') =>
      `From: boss@fabrikam.example\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@fabrikam.example>\r\n${headers}Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n` +
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:${subject}\r\nDTSTAMP:20300101T000000Z\r\nDTSTART:20300304T090000Z\r\nDTEND:20300304T100000Z\r\nSUMMARY:${subject}\r\nORGANIZER:mailto:boss@fabrikam.example\r\nATTENDEE:mailto:${to}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
    const forged =
      'X-MS-Exchange-Organization-Delegated-For: mary@contoso.com\r\nX-MS-Exchange-CrossPremises-Delegated-For: mary@contoso.com\r\n'
    for (const [to, subject, headers] of [
      ['joe@contoso.com', 'forged', forged],
      ['mary@contoso.com', 'honest', ''],
    ] as const) {
      await using line = await dial(onPremises.ports.smtp!)
      await line.say('EHLO mx.fabrikam.example')
      await line.say('MAIL FROM:<boss@fabrikam.example>')
      assert.match(await line.say(`RCPT TO:<${to}>`), /^250/)
      await line.say('DATA')
      assert.match(await line.send(Buffer.from(invitation(to, subject, headers))), /^250/)
    }
    await settle()
    const inbox = await Promise.all((await joe.find('inbox')).map((item) => joe.get(idOf(item))))
    assert.deepEqual(inbox.map((item) => [text(item, 'Subject'), text(item, 'IsDelegated')]).toSorted(), [
      ['forged', 'false'],
      ['honest', 'true'],
    ])
    assert.deepEqual(await subjects(joe, 'calendar'), ['forged'], 'what he was sent himself')
    // It is still a stranger's mail, whoever sent it on.
    const copy = (await inboxOf(online, 'joe@contoso.com')).find((mime) => /^Subject: honest/m.test(mime)) ?? ''
    assert.deepEqual(fieldsNamed(copy, 'X-MS-Exchange-Organization-AuthAs'), ['X-MS-Exchange-Organization-AuthAs: Anonymous'])
    assert.deepEqual([await subjects(mary, 'inbox'), await subjects(mary, 'calendar')], [['honest'], ['honest']])
  })
}
