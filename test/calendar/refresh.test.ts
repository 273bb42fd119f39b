import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attendee } from '#model'
import { people, type People } from '../mailbox/people.ts'
import { event, arrived, found, latest, meet, required, updateXml } from '../requirements/meeting-room.ts'
import { idOf, person, setXml, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

const hour = 3_600_000
const boss = 'boss@fabrikam.com'
const at = (day: number, hours: number) => Date.UTC(2030, 0, day, hours)

interface Asked {
  from?: string
  attendee?: string
  uid?: string
  headers?: string[]
  more?: string[]
  to?: string
}
let serial = 0
/** A question for the meeting as it is now, as calendar programs elsewhere send it. */
function question({ from = boss, attendee = from, uid = 'talk-1', headers = [], more = [], to = 'mary@contoso.com' }: Asked = {}): Buffer {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Elsewhere//EN', 'METHOD:REFRESH', 'BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20300107T100000Z',
    `ORGANIZER:mailto:${to}`, `ATTENDEE:mailto:${attendee}`, ...more, 'END:VEVENT', 'END:VCALENDAR', '',
  ] // prettier-ignore
  const head = [`From: ${from}`, `To: ${to}`, 'Subject: Refresh', `Message-ID: <refresh-${serial++}@fabrikam.com>`, ...headers, 'Content-Type: text/calendar; method=REFRESH; charset=utf-8'] // prettier-ignore
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${lines.join('\r\n')}`)
}
const attendee = (address: string): Attendee => ({ mailbox: { address, name: address, routingType: 'SMTP' } })
const asks = (site: People, asked: Asked = {}, sender = asked.from ?? boss) =>
  site.mailboxes.deliver(site.organisation, site.mary.mailbox, {
    mime: question(asked),
    recipient: 'mary@contoso.com',
    sender,
    receivedAt: site.clock.now,
    authAs: 'Anonymous',
  })
/** What waits to be sent, and is then gone from the queue: to whom, and its text. */
async function sent(site: People): Promise<{ to: string; mime: string }[]> {
  const leased = await site.store.write((tx) => tx.queue.lease('test', site.clock.now, site.clock.now + 60_000, 100))
  const all: { to: string; mime: string }[] = []
  for (const { organisation, message, address } of leased) {
    const mime = await site.store.read(async (tx) => tx.queue.blob(organisation, (await tx.queue.message(organisation, message))!.blob))
    all.push({ to: address, mime: Buffer.from(mime).toString('latin1') })
    await site.store.write((tx) => tx.queue.settle(organisation, message, address, { state: 'delivered' }))
  }
  return all
}
/** The text/calendar part of a message, unfolded. */
function calendarOf(mime: string): string {
  const part = /text\/calendar[\s\S]*?\r\n\r\n([\s\S]*?)(?:\r\n--|$)/.exec(mime)?.[1] ?? ''
  const raw = /text\/calendar[\s\S]*?base64[\s\S]*?\r\n\r\n/.test(mime) ? Buffer.from(part, 'base64').toString() : part
  return raw.replaceAll(/=\r\n/g, '').replaceAll(/\r?\n[ \t]/g, '')
}
const called = (site: People, properties: Record<string, unknown> = {}, send: 'SendToNone' | 'SendOnlyToAll' = 'SendOnlyToAll') =>
  site.mailboxes.createMeeting(
    site.mary.caller,
    { mailbox: site.mary.mailbox, kind: 'calendar' },
    {
      kind: 'calendar',
      properties: {
        subject: 'Talk',
        uid: 'talk-1',
        start: at(14, 9),
        end: at(14, 10),
        body: { type: 'Text', value: 'Bring the plans.' },
        requiredAttendees: [attendee(boss), attendee('other@fabrikam.com')],
        ...properties,
      } as never,
    },
    send,
  )

for (const engine of quickEngines) {
  test(`an attendee who asks gets the meeting as it is (${engine.name}): RFC 5546 3.2.6 REFRESH, 2.1.4`, async () => {
    await using site = await people(engine)
    await called(site)
    await sent(site)
    site.clock.now += hour
    assert.ok((await asks(site)) > 0, 'the question is filed like other mail')
    const [answer, ...more] = await sent(site)
    assert.deepEqual([answer?.to, more], [boss, []], 'who asked, and nobody else')
    assert.match(answer!.mime, /^Auto-Submitted: auto-replied\r\n/m)
    assert.match(answer!.mime, /method="?REQUEST/i)
    const calendar = calendarOf(answer!.mime)
    for (const line of [/^METHOD:REQUEST/m, /^UID:talk-1/m, /^SEQUENCE:0/m, /^DTSTART[^\r\n]*:20300114T090000/m, /Bring the plans/]) assert.match(calendar, line)
  }) // prettier-ignore

  test(`one occurrence is answered with that one, what is none with the series (${engine.name}): RFC 5546 3.2.6`, async () => {
    await using site = await people(engine)
    const recurrence = { pattern: { type: 'Daily', interval: 1 }, range: { type: 'Numbered', start: '2030-01-14', count: 5 } }
    await called(site, { recurrence, startTimeZone: { id: 'UTC' } })
    await sent(site)
    await asks(site, { more: ['RECURRENCE-ID:20300116T090000Z'] })
    const one = calendarOf((await sent(site))[0]!.mime)
    assert.match(one, /^RECURRENCE-ID[^\r\n]*:20300116T090000/m)
    assert.doesNotMatch(one.replace(/BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE/, ''), /^RRULE/m)
    site.clock.now += 2 * hour
    await asks(site, { more: ['RECURRENCE-ID:20300117T133000Z'] })
    assert.match(calendarOf((await sent(site))[0]!.mime), /^RRULE:FREQ=DAILY/m)
  })

  test(`nobody is made to send mail by it (${engine.name}): RFC 5546 6.1.2, RFC 3834 2`, async () => {
    await using site = await people(engine)
    await called(site)
    await called(site, { uid: 'untold' }, 'SendToNone')
    await sent(site)
    const silent: [string, Asked, string?][] = [
      ['a stranger', { from: 'evil@fabrikam.com' }],
      ['a stranger for an attendee', { from: 'evil@fabrikam.com', attendee: boss }],
      ['an attendee for a stranger', { attendee: 'evil@fabrikam.com' }],
      ['a meeting that is not there', { uid: 'talk-2' }],
      ['a meeting that nobody was told of', { uid: 'untold' }],
      ['a program', { headers: ['Auto-Submitted: auto-generated'] }],
      ['a list', { headers: ['List-Id: <talks.fabrikam.com>'] }],
      ['who wants no answer', { headers: ['X-Auto-Response-Suppress: All'] }],
      ['a report', {}, ''],
    ]
    for (const [who, asked, sender] of silent) {
      await asks(site, asked, sender)
      assert.deepEqual(await sent(site), [], who)
    }
    // A program that asks whenever it hears something hears nothing more, of whatever occurrence.
    for (let turn = 0; turn < 3; turn++) {
      await asks(site)
      assert.equal((await sent(site)).length, turn === 0 ? 1 : 0)
      site.clock.now += hour / 4
    }
    // Another attendee is not held up by it, and after an hour it is answered again.
    await asks(site, { from: 'other@fabrikam.com' })
    assert.deepEqual((await sent(site)).map(({ to }) => to), ['other@fabrikam.com']) // prettier-ignore
    site.clock.now += hour / 2
    await asks(site)
    assert.deepEqual((await sent(site)).map(({ to }) => to), [boss]) // prettier-ignore
    // A calendar that its owner keeps without help is not answered for.
    site.clock.now += 2 * hour
    await site.mailboxes.saveSettings(site.mary.caller, site.mary.mailbox, { calendarProcessing: { AutomateProcessing: 'None' } })
    await asks(site)
    assert.deepEqual(await sent(site), [])
  })

  test(`nothing is composed for who was answered a short time ago (${engine.name}): RFC 5546 3.2.6`, async (t) => {
    await using site = await people(engine)
    await called(site)
    const stage = t.mock.method(site.store, 'stage')
    const staged = async (asked: Asked) => {
      stage.mock.resetCalls()
      await asks(site, asked)
      return stage.mock.callCount()
    }
    const unanswered = await staged({ uid: 'none' })
    assert.equal(await staged({}), unanswered + 1)
    assert.equal(await staged({}), unanswered)
    site.clock.now += hour
    assert.equal(await staged({}), unanswered, 'the hour is not over yet')
    site.clock.now += 1
    assert.equal(await staged({}), unanswered + 1)
  })

  test(`a colleague's calendar is whole again (${engine.name}): RFC 5546 3.2.6, 3.2.2`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const made = await meet(mary, 'once', required('rob', 'ann'))
    const booked = await arrived(site, 'rob', 'once', 'calendar')
    const later = setXml('item:Subject', event('<t:Subject>twice</t:Subject>'))
    await mary.done(updateXml(await latest(mary, made), later, 'SendToNone'))
    const uid = text(booked, 'UID') ?? ''
    const mime = question({ from: 'rob@contoso.com', uid }).toString('base64')
    await rob.done(rob.createXml(`<t:Message><t:MimeContent CharacterSet="UTF-8">${mime}</t:MimeContent></t:Message>`, { disposition: 'SendOnly', invitations: '' })) // prettier-ignore
    const changed = await arrived(site, 'rob', 'twice', 'calendar')
    assert.equal(idOf(changed).Id, idOf(booked).Id)
    assert.equal((await arrived(site, 'rob', 'twice')).name, 'MeetingRequest')
    assert.equal((await arrived(site, 'mary', 'Refresh')).name, 'Message')
    assert.equal(await found(person(site, 'ann'), 'calendar', 'twice'), undefined, 'who did not ask')
  })
}
