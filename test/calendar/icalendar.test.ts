import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal, zoneNamed, zoneOf, utc, type Properties, type Recurrence, type TimeZoneRef } from '#model'
import { formatICalendar, parseICalendar } from '#wire'
import { checkCalendarItem } from '../../src/mailbox/calendar/check-item.ts'
import { itemFromICalendar, readICalendar } from '../../src/mailbox/calendar/from-icalendar.ts'
import { icalendarFromProperties } from '../../src/mailbox/calendar/to-icalendar.ts'

const maker = { owner: undefined, now: Date.UTC(2026, 0, 1), random: (size: number) => new Uint8Array(size) }
const berlin = zoneNamed('Europe/Berlin')!
const corpus = '../shared/data/ical'

const calendar = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: string[]) => calendar('BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20300101T000000Z', ...lines, 'END:VEVENT')

test('the corpus is read or refused, never a defect, and what was read survives a round trip', { skip: !existsSync(corpus) }, () => {
  let items = 0
  for (const file of readdirSync(corpus)) {
    const text = readFileSync(`${corpus}/${file}`, 'utf8')
    let read
    try {
      read = readICalendar(text)
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === 'InvalidMimeContent', `${file}: ${String(error)}`)
      continue
    }
    for (const { kind, properties } of read.items) {
      if (kind !== 'calendar') continue
      items++
      let first: Properties
      try {
        first = checkCalendarItem(properties, undefined, maker)
      } catch (error) {
        assert.ok(error instanceof Refusal, `${file}: ${String(error)}`)
        continue
      }
      const again = readICalendar(icalendarFromProperties(first, {})).items[0]?.properties
      for (const name of ['start', 'end', 'exceptions', 'deletedStarts', 'isAllDayEvent', 'startTimeZone', 'uid'] as const) {
        assert.deepEqual(again?.[name], first[name], `${file} ${name}`)
      }
      const pattern = (item: Properties | undefined) => (item?.recurrence as Recurrence | undefined)?.pattern
      assert.deepEqual(pattern(again), pattern(first), file)
    }
  }
  assert.ok(items > 1000)
})

test('text that was cut, doubled or damaged is read or refused in bounded time', { skip: !existsSync(corpus) }, () => {
  const files = readdirSync(corpus).map((file) => readFileSync(`${corpus}/${file}`, 'utf8').slice(0, 20_000))
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(20_000), fc.nat(20_000), fc.string({ maxLength: 12 }), (text, from, to, noise) => {
      const damaged = text.slice(0, from) + noise + text.slice(Math.min(from, to))
      try {
        readICalendar(damaged)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }),
    { numRuns: 400 },
  )
})

test('hostile text meets a limit', () => {
  const long = 'A'.repeat(6_000_000)
  assert.ok('problem' in parseICalendar(long))
  assert.ok('problem' in parseICalendar('BEGIN:VCALENDAR\r\n'.repeat(20_000)))
  assert.ok('problem' in parseICalendar('BEGIN:VCALENDAR\r\n' + 'X:1\r\n'.repeat(250_000)))
  assert.throws(() => itemFromICalendar(calendar()), Refusal)
  assert.throws(() => itemFromICalendar(''), Refusal)
  const started = performance.now()
  for (const text of [
    '\r\n '.repeat(300_000),
    'BEGIN:VCALENDAR\r\n' + 'X;'.repeat(200_000) + ':',
    event(`RRULE:${'BYDAY=MO;'.repeat(20_000)}FREQ=DAILY`),
  ]) {
    try {
      readICalendar(text)
    } catch (error) {
      assert.ok(error instanceof Refusal)
    }
  }
  assert.ok(performance.now() - started < 5000)
})

test('a meeting keeps its people, times and zone', () => {
  const { properties } = itemFromICalendar(
    event(
      'SUMMARY:Budget\\, part 2',
      'DTSTART;TZID=Europe/Berlin:20300304T100000',
      'DTEND;TZID=Europe/Berlin:20300304T113000',
      'ORGANIZER;CN=Mary:mailto:mary@contoso.com',
      'ATTENDEE;CN="Rob, B.";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:rob@contoso.com',
      'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:MAILTO:ann@contoso.com',
      'ATTENDEE;CUTYPE=ROOM;PARTSTAT=NEEDS-ACTION:mailto:room1@contoso.com',
      'LOCATION:Room 1',
      'CLASS:PRIVATE',
      'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
      'X-ALT-DESC;FMTTYPE=text/html:<p>a\\nb\\, c</p>',
      'X-OTHER:kept',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'TRIGGER:-PT10M',
      'END:VALARM',
    ),
  )
  assert.equal(properties.start, Date.UTC(2030, 2, 4, 9))
  assert.equal(properties.end, Date.UTC(2030, 2, 4, 10, 30))
  assert.deepEqual(properties.startTimeZone, { id: 'W. Europe Standard Time' })
  assert.equal(properties.subject, 'Budget, part 2')
  assert.deepEqual(properties.requiredAttendees, [
    { mailbox: { name: 'Rob, B.', address: 'rob@contoso.com', routingType: 'SMTP' }, response: 'Accept' },
  ])
  assert.deepEqual(properties.optionalAttendees, [{ mailbox: { address: 'ann@contoso.com', routingType: 'SMTP' }, response: 'Tentative' }])
  assert.deepEqual(properties.resources, [{ mailbox: { address: 'room1@contoso.com', routingType: 'SMTP' }, response: 'Unknown' }])
  assert.equal(properties.sensitivity, 'Private')
  assert.equal(properties.legacyFreeBusyStatus, 'OOF')
  assert.deepEqual(properties.body, { type: 'HTML', value: '<p>a\nb, c</p>' })
  assert.equal(properties.reminderMinutesBeforeStart, 10)
  const text = icalendarFromProperties(properties, { method: 'REQUEST', body: { type: 'HTML', value: '<p>Hello</p>' } })
  for (const line of [
    'METHOD:REQUEST',
    'BEGIN:VTIMEZONE',
    'X-OTHER:kept',
    'DTSTART;TZID=W. Europe Standard Time:20300304T100000',
    'CLASS:PRIVATE',
  ]) {
    assert.ok(text.includes(`${line}\r\n`), line)
  }
  assert.ok(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
})

test('a series has its exceptions, deletions and end', () => {
  const { properties } = itemFromICalendar(
    calendar(
      'BEGIN:VEVENT', 'UID:s', 'DTSTART;TZID=Europe/Berlin:20300304T100000', 'DTEND;TZID=Europe/Berlin:20300304T110000', 'SUMMARY:Weekly',
      'RRULE:FREQ=WEEKLY;UNTIL=20300430T080000Z;BYDAY=MO,WE', 'EXDATE;TZID=Europe/Berlin:20300306T100000', 'EXDATE;VALUE=DATE:20300311', 'END:VEVENT',
      'BEGIN:VEVENT', 'UID:s', 'RECURRENCE-ID;TZID=Europe/Berlin:20300313T100000', 'DTSTART;TZID=Europe/Berlin:20300313T140000',
      'DTEND;TZID=Europe/Berlin:20300313T150000', 'SUMMARY:Later', 'END:VEVENT',
      'BEGIN:VEVENT', 'UID:s', 'RECURRENCE-ID:20300318T090000Z', 'STATUS:CANCELLED', 'DTSTART:20300318T090000Z', 'END:VEVENT',
    ),
  ) // prettier-ignore
  assert.deepEqual(properties.recurrence, {
    pattern: { type: 'Weekly', interval: 1, days: ['Monday', 'Wednesday'], firstDayOfWeek: 'Monday' },
    range: { type: 'EndDate', start: '2030-03-04', end: '2030-04-30' },
  })
  assert.deepEqual(properties.deletedStarts, [Date.UTC(2030, 2, 6, 9), Date.UTC(2030, 2, 11, 9), Date.UTC(2030, 2, 18, 9)])
  assert.deepEqual(properties.exceptions, [
    {
      originalStart: Date.UTC(2030, 2, 13, 9),
      properties: { subject: 'Later', start: Date.UTC(2030, 2, 13, 13), end: Date.UTC(2030, 2, 13, 14) },
    },
  ])
})

test('an unknown zone is known by the rules that came with it', () => {
  const zoneLines = [
    'BEGIN:VTIMEZONE', 'TZID:Somewhere', 'BEGIN:DAYLIGHT', 'DTSTART:20070311T020000', 'TZOFFSETFROM:-0500', 'TZOFFSETTO:-0400',
    'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU', 'END:DAYLIGHT', 'BEGIN:STANDARD', 'DTSTART:20071104T020000', 'TZOFFSETFROM:-0400', 'TZOFFSETTO:-0500',
    'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU', 'END:STANDARD', 'END:VTIMEZONE',
  ] // prettier-ignore
  const own = [
    'BEGIN:VTIMEZONE',
    'TZID:Odd',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0120',
    'TZOFFSETTO:+0120',
    'END:STANDARD',
    'END:VTIMEZONE',
  ]
  const at = (zone: string, lines: string[]) =>
    itemFromICalendar(calendar(...lines, 'BEGIN:VEVENT', 'UID:z', `DTSTART;TZID=${zone}:20300704T100000`, 'DURATION:PT1H', 'END:VEVENT'))
      .properties
  const known = at('Somewhere', zoneLines)
  assert.equal(known.start, Date.UTC(2030, 6, 4, 14))
  assert.deepEqual(known.startTimeZone, { id: 'Eastern Standard Time' })
  const odd = at('Odd', own)
  assert.equal(odd.start, Date.UTC(2030, 6, 4, 8, 40))
  assert.equal(zoneOf(odd.startTimeZone as TimeZoneRef, utc).offsetAt(odd.start as number), 80 * 60_000)
  assert.equal(at('/mozilla.org/20050126_1/Europe/Berlin', []).start, Date.UTC(2030, 6, 4, 8))
  assert.equal(at('Nowhere', []).start, Date.UTC(2030, 6, 4, 10))
})

test('days without a time are all-day events of the zone given', () => {
  const { properties } = itemFromICalendar(event('DTSTART;VALUE=DATE:20300304', 'DTEND;VALUE=DATE:20300306', 'SUMMARY:Fair'), berlin)
  assert.equal(properties.isAllDayEvent, true)
  assert.equal(properties.start, Date.UTC(2030, 2, 3, 23))
  assert.equal(properties.end, Date.UTC(2030, 2, 5, 23))
  assert.match(icalendarFromProperties(properties, {}), /DTSTART;VALUE=DATE:20300304\r\nDTEND;VALUE=DATE:20300306\r\n/)
})

test('rules that the patterns cannot say are refused, others map both ways', () => {
  const recurrence = (rule: string) =>
    (itemFromICalendar(event('DTSTART:20300131T100000Z', `RRULE:${rule}`)).properties.recurrence as Recurrence).pattern
  assert.deepEqual(recurrence('FREQ=MONTHLY;BYMONTHDAY=-1'), { type: 'AbsoluteMonthly', interval: 1, dayOfMonth: 31 })
  assert.deepEqual(recurrence('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'), {
    type: 'RelativeMonthly',
    interval: 1,
    day: 'Weekday',
    index: 'Last',
  })
  assert.deepEqual(recurrence('FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'), { type: 'RelativeYearly', month: 3, day: 'Sunday', index: 'Second' })
  assert.deepEqual(recurrence('FREQ=YEARLY;INTERVAL=2'), { type: 'AbsoluteMonthly', interval: 24, dayOfMonth: 31 })
  assert.deepEqual(recurrence('FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR').type, 'Weekly')
  for (const rule of ['FREQ=HOURLY', 'FREQ=MONTHLY;BYMONTHDAY=1,15', 'FREQ=YEARLY;BYYEARDAY=100', 'FREQ=DAILY;BYHOUR=9,10']) {
    assert.throws(() => recurrence(rule), (error) => error instanceof Refusal && error.code === 'UnsupportedRecurrence', rule) // prettier-ignore
  }
})

test('a to-do becomes a task', () => {
  const text = calendar(
    'BEGIN:VTODO',
    'UID:t',
    'SUMMARY:Pay',
    'DTSTART;VALUE=DATE:20300304',
    'DUE:20300306T170000Z',
    'PERCENT-COMPLETE:40',
    'STATUS:IN-PROCESS',
    'PRIORITY:1',
    'END:VTODO',
  )
  const { kind, properties } = itemFromICalendar(text)
  assert.equal(kind, 'task')
  assert.deepEqual(
    [properties.startDate, properties.dueDate, properties.percentComplete, properties.status, properties.importance],
    [Date.UTC(2030, 2, 4), Date.UTC(2030, 2, 6), 40, 'InProgress', 'High'],
  )
})

test('what is written cannot break out of its line', () => {
  const text = formatICalendar({
    events: [{ uid: 'u', summary: 'a\r\nATTACH:x', rules: [], dates: [], exceptDates: [], attendees: [{ address: 'a@b\r\nX:1', name: 'n"\r\nY:2' }], categories: ['c\nd'], alarms: [], others: [{ name: 'X-A', value: 'v\r\nZ:3' }, { name: 'BAD NAME', value: '1' }] }],
    todos: [],
    zones: [],
  }) // prettier-ignore
  const names = text.split('\r\n').map((line) => /^[A-Z-]+/.exec(line)?.[0])
  for (const name of ['ATTACH', 'X', 'Y', 'Z', 'BAD']) assert.ok(!names.includes(name), name)
})
