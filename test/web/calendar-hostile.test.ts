/** Calendar files that strangers made to hurt: each is taken or refused with a reason, in bounded time, and the calendar can be read after it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

const lines = (...of: string[]) => of.join('\r\n')
const times = 'DTSTART:20300107T090000Z\r\nDTEND:20300107T100000Z'
const event = (more: string, uid = 'x', when = times) => lines('BEGIN:VEVENT', `UID:${uid}`, when, more, 'END:VEVENT')
const many = (count: number, of: (at: number) => string) => Array.from({ length: count }, (_, at) => of(at)).join('\r\n')
const zone = (name: string, more: string) =>
  lines('BEGIN:VTIMEZONE', `TZID:${name}`, 'BEGIN:STANDARD', 'DTSTART:16010101T000000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0100', more, 'END:STANDARD', 'END:VTIMEZONE') // prettier-ignore
const inZone = (name: string) => `DTSTART;TZID=${name}:20300107T090000\r\nDTEND;TZID=${name}:20300107T100000`

/** What is read, and what comes of it: how many are taken and refused, or the code of the refusal. */
const files: readonly [name: string, text: string, comes: [taken: number, refused: number] | string][] = [
  ['every second', event('RRULE:FREQ=SECONDLY'), [0, 1]],
  ['every minute, by every second', event(`RRULE:FREQ=MINUTELY;BYSECOND=${many(60, String).replaceAll('\r\n', ',')}`), [0, 1]],
  ['a thousand million times', event('RRULE:FREQ=DAILY;COUNT=1000000000'), [0, 1]],
  ['a thousand million days between', event('RRULE:FREQ=DAILY;INTERVAL=1000000000'), [0, 1]],
  ['until the end of time', event('RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z'), [1, 0]],
  ['no number', event('RRULE:FREQ=DAILY;COUNT=NaN;INTERVAL=-1'), [0, 1]],
  ['ten thousand events', many(10_000, (at) => event('SUMMARY:x', `${at}`)), 'DataSizeLimitExceeded'],
  ['ten thousand of one series', many(10_000, (at) => event(`RECURRENCE-ID:20300107T0900${at % 60}Z`, 'same')), [0, 1]],
  ['two thousand exceptions', lines(event('RRULE:FREQ=DAILY;COUNT=999', 'same'), many(2000, (at) => event(`RECURRENCE-ID:2030010${1 + (at % 9)}T090000Z`, 'same'))), [1, 0]],
  ['alarms within alarms', event(`${many(4000, () => 'BEGIN:VALARM')}\r\n${many(4000, () => 'END:VALARM')}`), [1, 0]],
  ['more alarms than components', event(`${many(12_000, () => 'BEGIN:VALARM')}\r\n${many(12_000, () => 'END:VALARM')}`), [0, 1]],
  ['alarms without end', event(many(5000, () => 'BEGIN:VALARM')), [0, 1]],
  ['events within events', `${many(3000, (at) => `BEGIN:VEVENT\r\nUID:${at}`)}\r\n${many(3000, () => 'END:VEVENT')}`, [0, 1]],
  ['a line of four million', event(`DESCRIPTION:${'x'.repeat(4_000_000)}`), [1, 0]],
  ['a line of nine million', event(`DESCRIPTION:${'x'.repeat(9_000_000)}`), [0, 1]],
  ['a subject of a million', event(`SUMMARY:${'<b>'.repeat(300_000)}`), [1, 0]],
  ['a UID of a million', event('SUMMARY:x', 'x'.repeat(1_000_000)), [1, 0]],
  ['a name of a million', event(`${'X'.repeat(1_000_000)}:y`), [1, 0]],
  ['a parameter of a million', event(`SUMMARY;X-P="${'"'.repeat(1_000_000)}:y`), [1, 0]],
  ['a line in two million pieces', event(`DESCRIPTION:${many(2_000_000, () => ' x')}`), [1, 0]],
  ['fifty thousand days left out', event(`RRULE:FREQ=DAILY\r\nEXDATE:${many(50_000, () => '20300108T090000Z').replaceAll('\r\n', ',')}`), [1, 0]],
  ['ten thousand attendees', event(many(10_000, (at) => `ATTENDEE;CN=x:mailto:a${at}@example.com`)), [1, 0]],
  ['ten thousand categories', event(`CATEGORIES:${many(10_000, String).replaceAll('\r\n', ',')}`), [1, 0]],
  ['half a character', event('SUMMARY:\ud800\udfff \udc00 \ufffd\ufffe\uffff'), [1, 0]],
  ['nothing but zeros', event('SUMMARY:a\0b\u0007c\u202e\u2028d'), [1, 0]],
  ['an unknown zone', event('SUMMARY:x', 'x', inZone('Nowhere/At all')), [1, 0]],
  ['a zone of a prototype', event('SUMMARY:x', 'x', inZone('__proto__')), [1, 0]],
  ['a zone that changes every second', lines(zone('Mad', 'RRULE:FREQ=SECONDLY'), event('SUMMARY:x', 'x', inZone('Mad'))), [1, 0]],
  ['a zone far away', lines(zone('Far', 'TZOFFSETTO:+9999'), event('SUMMARY:x', 'x', inZone('Far'))), [1, 0]],
  ['an enormous zone in each of many events', lines(zone('Big', many(300_000, () => 'COMMENT:xxxxxxxxxxxxxx')), many(500, (at) => event('SUMMARY:x', `${at}`, inZone('Big')))), 'DataSizeLimitExceeded'],
  ['many zones of which each is small', lines(many(2000, (at) => zone(`Z${at}`, 'COMMENT:x')), event('SUMMARY:x')), 'DataSizeLimitExceeded'],
  ['zones that every event seems to name', lines(many(20, (at) => zone(`${'VEVENT'.slice(0, 1 + (at % 6))}`, many(300, () => 'COMMENT:xxxxxxxxxxxxxx'))), many(100, (at) => event('SUMMARY:x', `${at}`))), [100, 0]],
  ['the largest zone in each of many events', lines(zone('Big', many(2000, () => 'COMMENT:xxxxxxxxxxxxxx')), many(100, (at) => event('SUMMARY:x', `${at}`, inZone('Big')))), [100, 0]],
  ['zones that no event has', lines(many(100, (at) => zone(`Z${at}`, 'COMMENT:x')), many(100, (at) => event('SUMMARY:x', `${at}`))), [100, 0]],
  ['thousands of zones beside one long event', lines(many(4000, (at) => lines('BEGIN:VTIMEZONE', `TZID:${'-'.repeat(3)}${at}`, 'END:VTIMEZONE')), event(`DESCRIPTION:${'-'.repeat(9_000_000)}`)), [0, 1]],
  ['a UID in a million lines that say nothing', event('SUMMARY:x', 'x').replace('UID:x', many(1_000_000, () => 'UID;')), [0, 1]],
  ['a zone in quotation marks', lines(zone('Own, quoted', 'COMMENT:x'), event('SUMMARY:x', 'x', inZone('"Own, quoted"'))), [1, 0]],
  ['before there were years', event('SUMMARY:x', 'x', 'DTSTART:00000101T000000Z\r\nDTEND:99991231T235959Z'), [0, 1]],
  ['an end before the start', event('SUMMARY:x', 'x', 'DTSTART:20300107T090000Z\r\nDTEND:20200107T100000Z'), [1, 0]],
  ['a duration of ages', event('SUMMARY:x', 'x', 'DTSTART:20300107T090000Z\r\nDURATION:P999999999W'), [0, 1]],
  ['no start', 'BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:x\r\nEND:VEVENT', [1, 0]],
  ['no end', 'BEGIN:VEVENT\r\nUID:x', 'InvalidMimeContent'],
  ['nothing', '', 'InvalidMimeContent'],
] // prettier-ignore

for (const engine of quickEngines) {
  test(`a calendar file that was made to hurt is taken or refused, and the calendar can be read after it (${engine.name})`, async (context) => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const caller = await site.caller('mary')
    for (const [name, text, comes] of files) {
      await context.test(name, { timeout: 30_000 }, async () => {
        const { row } = await site.mailboxes.createFolder(caller, {
          parent: { mailbox, kind: 'calendar' },
          name,
          folderClass: 'IPF.Appointment',
        })
        const folder = { mailbox, id: row.id }
        const began = performance.now()
        const { status, body } = await mary.post('importCalendar', { folder, text: lines('BEGIN:VCALENDAR', 'VERSION:2.0', text, 'END:VCALENDAR', '') }) // prettier-ignore
        const answer = JSON.parse(body) as { taken?: number; refused?: number; why?: string[]; error?: { code: string } }
        assert.ok(status < 500, body)
        assert.ok(performance.now() - began < 20_000, `${performance.now() - began} ms`)
        assert.deepEqual(answer.error ? answer.error.code : [answer.taken, answer.refused], comes, body)
        assert.equal(answer.why?.length ?? 0, typeof comes !== 'string' && comes[1] > 0 ? 1 : 0)
        const window = { calendars: [{ folder }], start: '2030-01-01T00:00', end: '2030-02-01T00:00' }
        const { calendars } = await mary.ask('findEvents', window)
        const seen = calendars[0]!
        assert.deepEqual([seen.refused, seen.isCut], [undefined, false])
        const places = seen.events.map(({ ref }) => `${ref!.id} ${ref!.occurrence}`)
        assert.equal(new Set(places).size, places.length, 'nothing is shown twice')
        for (const { ref } of seen.events.slice(0, 3)) {
          const shown = await mary.ask('event', { item: ref! })
          assert.ok(JSON.stringify(shown).length < 2_000_000, 'an appointment is no larger than can be shown')
        }
        assert.equal((await mary.browser.request(`/owa/calendar-file/${mailbox}/${row.id}`)).status, 200)
      })
    }
    await context.test('a file that is larger than is taken', async () => {
      const refused = await mary.refusal('importCalendar', { folder: { mailbox, kind: 'calendar' }, text: 'x'.repeat(10_000_001) })
      assert.equal(refused, 'SchemaValidation')
    })
  })

  test(`an invitation that was made to hurt arrives as mail, and the calendar can be read after it (${engine.name})`, async (context) => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const guests = 'ORGANIZER:mailto:rob@contoso.com\r\nATTENDEE:mailto:mary@contoso.com\r\nEND:VEVENT'
    for (const [name, text] of files) {
      await context.test(name, { timeout: 30_000 }, async () => {
        const invitation = text.replaceAll(/^END:VEVENT$/gm, guests)
        const mime = lines(`From: rob@contoso.com`, 'To: mary@contoso.com', `Subject: ${name}`, 'Content-Type: text/calendar; method=REQUEST; charset=utf-8', '', 'BEGIN:VCALENDAR', 'VERSION:2.0', 'METHOD:REQUEST', invitation, 'END:VCALENDAR', '') // prettier-ignore
        const envelope = { recipient: 'mary@contoso.com', sender: 'rob@contoso.com', receivedAt: Date.now() }
        const id = await site.mailboxes.deliver(site.organisation.id, mailbox, { mime: Buffer.from(mime), ...envelope })
        assert.equal((await mary.ask('message', { item: { mailbox, id } })).subject, name)
        const window = { start: '2030-01-01T00:00', end: '2030-02-01T00:00' }
        const { calendars } = await mary.ask('findEvents', { calendars: [{ folder: { mailbox, kind: 'calendar' } }], ...window })
        assert.equal(calendars[0]!.refused, undefined)
        const places = calendars[0]!.events.map(({ ref }) => `${ref!.id} ${ref!.occurrence}`)
        assert.equal(new Set(places).size, places.length, 'nothing is shown twice')
      })
    }
  })
}
