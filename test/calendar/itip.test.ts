import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Item } from '#mailbox'
import type { Attendee } from '#model'
import { quickEngines } from '../support/engines.ts'
import { page, people, type People, type Person } from '../mailbox/people.ts'

const at = (day: number, hour: number) => Date.UTC(2030, 0, day, hour)
const stamp = (day: number, hour: number) => `203001${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}0000Z`

interface Said {
  method: string
  /** Who the message is from. */
  from: string
  organizer: string
  attendees: string[]
  sequence?: number
  start?: string
  summary?: string
  more?: string[]
}

/** A message with iTIP in it, as some other calendar program sends it. */
function itip({ method, from, organizer, attendees, sequence = 0, start = stamp(14, 9), summary = 'Talk', more = [] }: Said): Buffer {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Elsewhere//EN', `METHOD:${method}`, 'BEGIN:VEVENT', 'UID:talk-1', `DTSTAMP:${stamp(7, 10 + sequence)}`,
    `DTSTART:${start}`, 'DURATION:PT1H', `SUMMARY:${summary}`, `SEQUENCE:${sequence}`, `ORGANIZER:mailto:${organizer}`,
    ...attendees, ...more, 'END:VEVENT', 'END:VCALENDAR', '',
  ] // prettier-ignore
  const head = [`From: ${from}`, 'To: mary@contoso.com', `Subject: ${summary}`, `Message-ID: <${method}-${sequence}-${from}>`, `Content-Type: text/calendar; method=${method}; charset=utf-8`] // prettier-ignore
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${lines.join('\r\n')}`)
}

async function list(site: People, person: Person, kind: string): Promise<Item[]> {
  const { items } = await site.mailboxes.findItems(person.caller, {
    folders: [{ mailbox: person.mailbox, kind }],
    traversal: 'Shallow',
    view: page,
    wanted: { shape: 'all' },
  })
  return items
}
const deliver = (site: People, person: Person, mime: Buffer) =>
  site.mailboxes.deliver(site.organisation, person.mailbox, { mime, recipient: person.recipient.address, sender: '', receivedAt: site.clock.now, authAs: 'Anonymous' }) // prettier-ignore
const calendarOf = async (site: People, person: Person) =>
  (await list(site, person, 'calendar')).map(({ properties: { start, subject, myResponseType, isCancelled } }) => ({
    start,
    subject,
    myResponseType,
    isCancelled,
  }))
const boss = 'boss@fabrikam.com'
const mary = ['ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:mary@contoso.com']

for (const engine of quickEngines) {
  test(`what is no invitation, cancellation or answer is mail and touches no calendar (${engine.name}): RFC 5546 3.2.1 PUBLISH, 3.2.6 REFRESH, 3.2.8 DECLINECOUNTER`, async () => {
    await using site = await people(engine)
    await deliver(site, site.mary, itip({ method: 'REQUEST', from: boss, organizer: boss, attendees: mary }))
    const before = await calendarOf(site, site.mary)
    assert.deepEqual(before, [{ start: at(14, 9), subject: 'Talk', myResponseType: 'NoResponseReceived', isCancelled: false }])
    for (const method of ['PUBLISH', 'REFRESH', 'DECLINECOUNTER', 'NONSENSE']) {
      const sent = itip({ method, from: boss, organizer: boss, attendees: mary, sequence: 1, start: stamp(20, 9), summary: method })
      assert.ok((await deliver(site, site.mary, sent)) > 0, method)
      assert.deepEqual(await calendarOf(site, site.mary), before, method)
      const [found] = (await list(site, site.mary, 'inbox')).filter((item) => item.properties.subject === method)
      assert.deepEqual([found?.kind, found?.properties.itemClass], ['message', 'IPM.Note'], method)
    }
  })

  test(`nobody speaks for a colleague from outside (${engine.name}): RFC 5546 6.1 spoofing`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary: me, rob } = site
    const attendee = (address: string): Attendee => ({ mailbox: { address, name: address, routingType: 'SMTP' } })
    await mailboxes.createMeeting(
      me.caller,
      { mailbox: me.mailbox, kind: 'calendar' },
      {
        kind: 'calendar',
        properties: {
          subject: 'Talk',
          uid: 'talk-1',
          start: at(14, 9),
          end: at(14, 10),
          requiredAttendees: [attendee('rob@contoso.com'), attendee(boss)],
        },
      },
      'SendToNone',
    )
    const responses = async () =>
      ((await list(site, me, 'calendar'))[0]?.properties.requiredAttendees as Attendee[]).map(({ response, proposedStart }) => [
        response,
        proposedStart,
      ])
    const robs = ['ATTENDEE;PARTSTAT=DECLINED:mailto:rob@contoso.com']
    for (const method of ['REPLY', 'COUNTER']) {
      await deliver(
        site,
        me,
        itip({ method, from: 'evil@fabrikam.com', organizer: 'mary@contoso.com', attendees: robs, start: stamp(20, 9) }),
      )
    }
    assert.deepEqual(await responses(), [['Unknown', undefined], ['Unknown', undefined]]) // prettier-ignore
    // Whom nobody here knows answers for themselves.
    const theirs = ['ATTENDEE;PARTSTAT=TENTATIVE:mailto:boss@fabrikam.com']
    await deliver(site, me, itip({ method: 'COUNTER', from: boss, organizer: 'mary@contoso.com', attendees: theirs, start: stamp(20, 9) }))
    assert.deepEqual(await responses(), [['Unknown', undefined], ['Tentative', at(20, 9)]]) // prettier-ignore
    // An organizer's meeting is changed by no message, whoever it is from.
    for (const method of ['REQUEST', 'CANCEL']) {
      for (const from of ['evil@fabrikam.com', 'mary@contoso.com']) {
        await deliver(site, me, itip({ method, from, organizer: 'mary@contoso.com', attendees: mary, sequence: 5, start: stamp(21, 9) }))
      }
    }
    assert.deepEqual(
      (await calendarOf(site, me)).map(({ start, isCancelled }) => [start, isCancelled ?? false]),
      [[at(14, 9), false]],
    )
    // Nor is one's meeting taken over by another organizer.
    await deliver(site, rob, itip({ method: 'REQUEST', from: boss, organizer: boss, attendees: robs }))
    await deliver(
      site,
      rob,
      itip({
        method: 'REQUEST',
        from: 'evil@fabrikam.com',
        organizer: 'evil@fabrikam.com',
        attendees: robs,
        sequence: 9,
        start: stamp(25, 9),
      }),
    )
    await deliver(
      site,
      rob,
      itip({ method: 'CANCEL', from: 'evil@fabrikam.com', organizer: 'evil@fabrikam.com', attendees: robs, sequence: 9 }),
    )
    assert.deepEqual(
      (await calendarOf(site, rob)).map(({ start, isCancelled }) => [start, isCancelled]),
      [[at(14, 9), false]],
    )
  })
}

for (const engine of quickEngines) {
  test(`what is said of an occurrence that the series has not leaves the series as it is (${engine.name}): RFC 5546 3.2.2.5, 3.2.5`, async () => {
    await using site = await people(engine)
    const series = { from: boss, organizer: boss, attendees: mary }
    const stranger = ['RECURRENCE-ID:20300115T130000Z']
    await deliver(site, site.mary, itip({ ...series, method: 'REQUEST', more: ['RRULE:FREQ=DAILY;COUNT=5'] }))
    const before = await list(site, site.mary, 'calendar')
    assert.equal(before.length, 1)
    await deliver(site, site.mary, itip({ ...series, method: 'CANCEL', sequence: 1, start: stamp(15, 13), more: stranger }))
    assert.deepEqual(await list(site, site.mary, 'calendar'), before)
    const once = { ...series, method: 'REQUEST', start: stamp(15, 14), more: stranger, summary: 'Talk alone' }
    for (const sequence of [1, 2]) await deliver(site, site.mary, itip({ ...once, sequence }))
    const [whole, ...alone] = (await list(site, site.mary, 'calendar')).toSorted(
      (a, b) => Number(a.properties.start) - Number(b.properties.start),
    )
    assert.deepEqual(whole, before[0])
    assert.deepEqual(alone.map(({ properties }) => [properties.subject, properties.start]), [['Talk alone', at(15, 14)]]) // prettier-ignore
    // What is said of that one goes to that one, and the series is still there.
    await deliver(site, site.mary, itip({ ...once, method: 'CANCEL', sequence: 3 }))
    const cancelled = (await list(site, site.mary, 'calendar')).map(({ properties }) => properties.isCancelled === true)
    assert.deepEqual(cancelled.toSorted(), [false, true])
  })
}

for (const engine of quickEngines) {
  test(`a further occurrence is added beside the series (${engine.name}): RFC 5546 3.2.4 ADD`, async () => {
    await using site = await people(engine)
    const series = { from: boss, organizer: boss, attendees: mary }
    await deliver(site, site.mary, itip({ ...series, method: 'REQUEST', more: ['RRULE:FREQ=DAILY;COUNT=5'] }))
    const [before] = await list(site, site.mary, 'calendar')
    const further = { ...series, method: 'ADD', sequence: 1, start: stamp(24, 15), summary: 'One more' }
    // Again, and from somebody else: it is there once, and as its organizer said.
    for (const from of [boss, boss]) await deliver(site, site.mary, itip({ ...further, from }))
    await deliver(
      site,
      site.mary,
      itip({ ...further, from: 'evil@fabrikam.com', organizer: 'evil@fabrikam.com', sequence: 2, summary: 'Evil' }),
    )
    const after = await list(site, site.mary, 'calendar')
    const whole = after.find((item) => item.properties.recurrence)
    assert.deepEqual(whole, before, 'the series is as it was')
    const alone = after.filter((item) => item !== whole).map(({ properties }) => [properties.subject, properties.start])
    assert.deepEqual(alone, [['One more', at(24, 15)]])
    const request = (await list(site, site.mary, 'inbox')).find((item) => item.properties.subject === 'One more')
    assert.equal(request?.properties.itemClass, 'IPM.Schedule.Meeting.Request')
    // Rules cannot be added: they would take the place of the series.
    await deliver(site, site.mary, itip({ ...further, sequence: 3, summary: 'Weekly', more: ['RRULE:FREQ=WEEKLY;COUNT=5'] }))
    assert.deepEqual((await list(site, site.mary, 'calendar')).map(({ properties }) => properties.subject).toSorted(), ['One more', 'Talk'])
  })
}
