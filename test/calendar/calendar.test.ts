import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAvailability, type AvailabilityVerbs, type Item, type NewItemInput, type PropertyChange } from '#mailbox'
import { permissionLevels, Refusal, utc, zoneNamed, type Occurrence, type Properties, type RefusalCode } from '#model'
import { quickEngines } from '../support/engines.ts'
import { only, people, refusal, type People, type Person } from '../mailbox/people.ts'

const at = (day: number, hour: number, minute = 0) => Date.UTC(2030, 0, day, hour, minute)
const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
const anyway = { conflict: 'AlwaysOverwrite' } as const
const calendarOf = ({ mailbox }: Person) => ({ mailbox, kind: 'calendar' })
const appointment = (more: Properties = {}): NewItemInput => ({
  kind: 'calendar',
  properties: { subject: 'Work', start: at(14, 9), end: at(14, 10), ...more },
})
const daily = { pattern: { type: 'Daily', interval: 1 }, range: { type: 'Numbered', start: '2030-01-14', count: 5 } } as const
const get = async (site: People, person: Person, ref: Item['ref']) =>
  only(await site.mailboxes.getItems(person.caller, [ref], { shape: 'all', paths: [{ property: 'startTimeZoneId' }] })).properties
const create = (site: People, person: Person, input: NewItemInput) => site.mailboxes.createItem(person.caller, calendarOf(person), input)
async function view(site: People, person: Person, from: number, to: number, limit?: number) {
  return site.mailboxes.findItems(person.caller, {
    folders: [calendarOf(person)],
    traversal: 'Shallow',
    view: { kind: 'calendar', start: from, end: to, ...(limit === undefined ? {} : { limit }) },
    wanted: { shape: 'all' },
  })
}
const starts = (items: Item[]) => items.map((item) => item.properties.start)

for (const engine of quickEngines) {
  test(`an appointment gets what its maker leaves out (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary } = site
    const made = await get(site, mary, (await create(site, mary, appointment({ startTimeZone: { id: 'W. Europe Standard Time' } }))).ref)
    assert.match(String(made.uid), /^040000008200E00074C5B7101A82E008[0-9A-F]{80}$/)
    assert.equal((made.organizer as { address: string }).address, 'mary@contoso.com')
    assert.deepEqual(
      [
        made.isMeeting,
        made.isRecurring,
        made.calendarItemType,
        made.duration,
        made.myResponseType,
        made.appointmentState,
        made.legacyFreeBusyStatus,
      ],
      [false, false, 'Single', 'PT1H', 'Organizer', 0, 'Busy'],
    )
    // MS-OXWSMTGS_R2182: TimeZone is told of series alone.
    assert.deepEqual([made.timeZone, made.startTimeZoneId], [undefined, 'W. Europe Standard Time'])
    assert.deepEqual(made.endTimeZone, { id: 'W. Europe Standard Time' })
    const day = await create(site, mary, appointment({ isAllDayEvent: true, startTimeZone: { id: 'W. Europe Standard Time' } }))
    const allDay = await get(site, mary, day.ref)
    assert.deepEqual([allDay.start, allDay.end, allDay.duration], [at(13, 23), at(14, 23), 'P1D'])
  })

  test(`iCalendar without a zone is meant in the mailbox's (RFC 5545 3.3.5 form 1) (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary } = site
    await site.mailboxes.saveSettings(mary.caller, mary.mailbox, { timeZone: 'W. Europe Standard Time' })
    const given = async (...lines: string[]) => {
      const text = [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//test//test//',
        'BEGIN:VEVENT',
        'UID:1@test',
        ...lines,
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ]
      const made = await create(site, mary, { kind: 'calendar', properties: {}, mime: Buffer.from(text.join('\r\n')) })
      return get(site, mary, made.ref)
    }
    const floating = await given('DTSTART:20300114T090000', 'DTEND:20300114T100000', 'SUMMARY:Floating')
    assert.deepEqual([floating.start, floating.end], [at(14, 8), at(14, 9)])
    const fair = await given('DTSTART;VALUE=DATE:20300116', 'DTEND;VALUE=DATE:20300118', 'SUMMARY:Fair')
    assert.deepEqual([fair.isAllDayEvent, fair.start, fair.end], [true, at(15, 23), at(17, 23)])
  })

  test(`what cannot be in a calendar is refused (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary } = site
    const refuses = (more: Properties, code: RefusalCode) => assert.rejects(create(site, mary, appointment(more)), refusal(code))
    await refuses({ end: at(14, 8) }, 'CalendarEndDateIsEarlierThanStartDate')
    await refuses({ end: Date.UTC(2035, 0, 20) }, 'CalendarDurationIsTooLong')
    await refuses({ startTimeZone: { id: 'Nowhere Standard Time' } }, 'TimeZone')
    const weekly = { type: 'Weekly', interval: 1, days: [] }
    await refuses({ recurrence: { ...daily, pattern: weekly } }, 'CalendarInvalidDayForWeeklyRecurrence')
    const range = { type: 'EndDate', start: '2030-01-14', end: '2030-01-15' }
    await refuses({ recurrence: { pattern: { ...weekly, days: ['Friday'] }, range } }, 'RecurrenceHasNoOccurrence')
  })

  test(`a series is shown, changed and thinned by occurrence (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const { ref } = await create(site, mary, appointment({ recurrence: daily }))
    await create(site, mary, appointment({ subject: 'Once', start: at(15, 8), end: at(15, 8, 30) }))
    const shown = await view(site, mary, at(14, 0), at(17, 0))
    assert.deepEqual(starts(shown.items), [at(14, 9), at(15, 8), at(15, 9), at(16, 9)])
    assert.deepEqual((await view(site, mary, at(14, 0), at(20, 0), 2)).includesLast, false)
    assert.deepEqual(shown.items[0]?.ref, { ...ref, occurrence: at(14, 9) })
    assert.deepEqual(shown.items[0]?.properties.calendarItemType, 'Occurrence')

    const second = { ...ref, occurrence: at(15, 9) }
    await mailboxes.updateItem(mary.caller, second, [set('subject', 'Moved'), set('start', at(15, 14)), set('end', at(15, 16))], anyway)
    await mailboxes.deleteItem(mary.caller, { ...ref, occurrence: at(16, 9) }, 'MoveToDeletedItems')
    assert.deepEqual(starts((await view(site, mary, at(14, 0), at(30, 0))).items), [at(14, 9), at(15, 8), at(15, 14), at(17, 9), at(18, 9)])
    const moved = await get(site, mary, second)
    assert.deepEqual(
      [moved.subject, moved.start, moved.calendarItemType, moved.originalStart, moved.duration],
      ['Moved', at(15, 14), 'Exception', at(15, 9), 'PT2H'],
    )
    const master = await get(site, mary, ref)
    assert.deepEqual(master.modifiedOccurrences, [{ originalStart: at(15, 9), start: at(15, 14), end: at(15, 16) }])
    assert.deepEqual(master.deletedOccurrences, [{ start: at(16, 9) }])
    assert.deepEqual([(master.firstOccurrence as Occurrence).start, (master.lastOccurrence as Occurrence).start], [at(14, 9), at(18, 9)])

    const change = (occurrence: number, ...changes: PropertyChange[]) =>
      mailboxes.updateItem(mary.caller, { ...ref, occurrence }, changes, anyway)
    await assert.rejects(change(at(17, 9), set('start', at(18, 9, 30)), set('end', at(18, 10))), refusal('OccurrenceCrossingBoundary'))
    await assert.rejects(change(at(16, 9), set('subject', 'x')), refusal('CalendarOccurrenceIsDeletedFromRecurrence'))
    await assert.rejects(change(at(17, 10), set('subject', 'x')), refusal('CalendarOccurrenceIndexIsOutOfRecurrenceRange'))
    await assert.rejects(
      change(at(17, 9), set('start', at(17, 9)), set('end', at(17, 8))),
      refusal('CalendarEndDateIsEarlierThanStartDate'),
    )

    await mailboxes.updateItem(mary.caller, ref, [set('start', at(14, 11)), set('end', at(14, 12))], anyway)
    const anew = await get(site, mary, ref)
    assert.deepEqual([anew.modifiedOccurrences, anew.deletedOccurrences], [undefined, undefined])
    assert.equal((await view(site, mary, at(14, 0), at(30, 0))).items.length, 6)
  })

  test(`an exception outside of its series' time is still found there (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const { ref } = await create(site, mary, appointment({ recurrence: daily }))
    const last = { ...ref, occurrence: at(18, 9) }
    await mailboxes.updateItem(mary.caller, last, [set('start', at(25, 9)), set('end', at(25, 10))], anyway)
    assert.deepEqual(starts((await view(site, mary, at(25, 0), at(26, 0))).items), [at(25, 9)])
  })

  test(`conflicting and adjacent meetings are counted (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary } = site
    const { ref } = await create(site, mary, appointment())
    await create(site, mary, appointment({ start: at(14, 9, 30), end: at(14, 11) }))
    await create(site, mary, appointment({ start: at(14, 10), end: at(14, 11) }))
    await create(site, mary, appointment({ legacyFreeBusyStatus: 'Free' }))
    const { conflictingMeetingCount, adjacentMeetingCount } = await get(site, mary, ref)
    assert.deepEqual([conflictingMeetingCount, adjacentMeetingCount], [1, 1])
  })

  test(`raw iCalendar goes in and comes out (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:mine@client', 'DTSTART;TZID=Europe/Berlin:20300114T100000', 'DTEND;TZID=Europe/Berlin:20300114T110000', 'SUMMARY:From CalDAV', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;TZID=Europe/Berlin:20300115T100000', 'END:VEVENT', 'END:VCALENDAR'] // prettier-ignore
    const { ref } = await create(site, mary, { kind: 'calendar', properties: {}, mime: Buffer.from(lines.join('\r\n')) })
    const item = only(await mailboxes.getItems(mary.caller, [ref], { shape: 'all', mime: true })).properties
    assert.deepEqual(
      [item.subject, item.uid, item.start, item.deletedOccurrences],
      ['From CalDAV', 'mine@client', at(14, 9), [{ start: at(15, 9) }]],
    )
    const text = Buffer.from(String(item.mimeContent), 'base64').toString()
    for (const line of ['UID:mine@client', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;TZID=W. Europe Standard Time:20300115T100000'])
      assert.ok(text.includes(line), text)
  })

  test(`free/busy gives what the calendar's permissions allow (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary, rob, ann, store, directory, organisation, clock } = site
    const availability: AvailabilityVerbs = createAvailability({ store, directory, clock: () => clock.now })
    await create(site, mary, appointment({ subject: 'Open', location: 'Here' }))
    await create(
      site,
      mary,
      appointment({ subject: 'Secret', start: at(14, 11), end: at(14, 12), sensitivity: 'Private', legacyFreeBusyStatus: 'OOF' }),
    )
    await create(site, rob, appointment({ start: at(14, 8), end: at(14, 9), recurrence: daily, legacyFreeBusyStatus: 'Tentative' }))
    const window = { start: at(14, 8), end: at(14, 13) }
    const ask = async (who: Person, address: string, view: 'DetailedMerged' | 'MergedOnly' = 'DetailedMerged') => {
      const [answer] = await availability.freeBusy(who.caller, [address], window, { view, interval: 60 })
      assert.ok(answer)
      if (answer instanceof Refusal) throw answer
      return answer
    }
    const plain = await ask(rob, 'mary@contoso.com')
    assert.deepEqual([plain.view, plain.merged, plain.events?.some((event) => event.details)], ['FreeBusyMerged', '02030', false])
    assert.equal(plain.workingHours?.periods[0]?.start, 480)
    const own = await ask(mary, 'mary@contoso.com')
    assert.deepEqual(own.events?.map((event) => event.details?.subject), ['Open', 'Secret']) // prettier-ignore

    const calendar = await site.mailboxes.getFolder(mary.caller, calendarOf(mary))
    const grant = (rights: number) =>
      store.write((tx) => tx.folders.update(mary.mailbox, calendar.row.id, { permissions: [{ user: rob.recipient.id, rights }] }))
    await grant(permissionLevels.FreeBusyTimeAndSubjectAndLocation)
    const detailed = await ask(rob, 'mary@contoso.com')
    assert.deepEqual(detailed.events?.map(({ details }) => [details?.subject, details?.location, details?.isPrivate, details?.item]), [['Open', 'Here', false, undefined], [undefined, undefined, true, undefined]]) // prettier-ignore
    await grant(permissionLevels.Reviewer)
    assert.equal((await ask(rob, 'mary@contoso.com')).events?.[0]?.details?.item?.mailbox, mary.mailbox)
    await grant(permissionLevels.None)
    await assert.rejects(ask(rob, 'mary@contoso.com'), refusal('NoFreeBusyAccess'))
    await assert.rejects(ask(rob, 'nobody@contoso.com'), refusal('MailRecipientNotFound'))

    const group = await directory.create(organisation, { kind: 'DistributionGroup', alias: 'staff', displayName: 'Staff', members: [mary.recipient.id, rob.recipient.id, ann.recipient.id] }) // prettier-ignore
    assert.deepEqual([(await ask(ann, group.address)).view, (await ask(ann, group.address)).merged], ['MergedOnly', '12030'])

    const berlin = zoneNamed('Europe/Berlin') ?? utc
    const [day] = await availability.suggestions(
      ann.caller,
      [{ address: 'mary@contoso.com', type: 'Required' }, { address: 'rob@contoso.com', type: 'Required' }, { address: 'gone@contoso.com', type: 'Optional' }],
      { window: { start: at(13, 23), end: at(14, 23) }, zone: berlin, duration: 60, perDay: 2, minimum: 'Excellent' },
    ) // prettier-ignore
    assert.equal(day?.date, at(13, 23))
    assert.deepEqual(day?.suggestions.map(({ time, quality }) => [time, quality]), [[at(14, 10), 'Excellent'], [at(14, 12), 'Excellent']]) // prettier-ignore
    assert.deepEqual(day?.suggestions[0]?.conflicts[2], { kind: 'unknown' })

    const window63 = { start: at(1, 0), end: at(1, 0) + 63 * 86_400_000 }
    await assert.rejects(
      availability.freeBusy(rob.caller, ['mary@contoso.com'], window63, { view: 'FreeBusy' }),
      refusal('TimeIntervalTooBig'),
    )
    await assert.rejects(availability.freeBusy(rob.caller, [], { start: 2, end: 1 }, { view: 'FreeBusy' }), refusal('InvalidTimeInterval'))
  })
}
