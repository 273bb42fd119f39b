/** What the browser's calendar asks for that its journeys do not show: bounds, files, permissions. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { hour, permissionLevels, systemCaller } from '#model'
import type { WebApi } from '#protocols/web'
import { until } from '../clients/until.ts'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow, type Window } from './window.ts'

type ShownEvent = WebApi['findEvents']['output']['calendars'][number]['events'][number]
const calendarOf = (mailbox: string) => ({ mailbox, kind: 'calendar' })
const january = { start: '2030-01-01T00:00', end: '2030-02-01T00:00' }

/** What a calendar shows of January 2030, in its order. */
async function eventsOf(window: Window, mailbox: string, more: Partial<typeof january> = {}) {
  const { calendars } = await window.ask('findEvents', { calendars: [{ folder: calendarOf(mailbox) }], ...january, ...more })
  return calendars[0]!
}

for (const engine of quickEngines) {
  const name = (what: string) => `${what} (${engine.name})`

  test(name('a calendar is read from a file and written to one; a view is bounded; others see it when they are let in'), async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const own = calendarOf(site.people.mary!.mailbox)
    const event = (uid: string, more: string) =>
      `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTART:20300107T090000Z\r\nDTEND:20300107T100000Z\r\n${more}\r\nEND:VEVENT\r\n`
    const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${event('a', 'SUMMARY:<script>alert(1)</script>')}${event('b', 'SUMMARY:Weekly\r\nRRULE:FREQ=WEEKLY;COUNT=3')}${event('c', 'RRULE:FREQ=SECONDLY')}END:VCALENDAR\r\n`
    const { taken, refused } = await mary.ask('importCalendar', { folder: own, text })
    assert.deepEqual([taken, refused], [2, 1])
    assert.equal(await mary.refusal('importCalendar', { folder: own, text: 'no calendar' }), 'InvalidMimeContent')

    const { events } = await eventsOf(mary, own.mailbox)
    assert.deepEqual(
      events.map(({ subject, start }) => [subject, start.slice(0, 10)]).sort(),
      [['<script>alert(1)</script>', '2030-01-07'], ['Weekly', '2030-01-07'], ['Weekly', '2030-01-14'], ['Weekly', '2030-01-21']], // prettier-ignore
    )
    const window = { calendars: [{ folder: own }], ...january }
    assert.equal(await mary.refusal('findEvents', { ...window, end: '2031-03-01T00:00' }), 'InvalidTimeInterval')

    const { row } = await site.mailboxes.getFolder(await site.caller('mary'), own)
    const file = await mary.browser.request(`/owa/calendar-file/${row.mailbox}/${row.id}`)
    assert.deepEqual(
      [file.status, file.headers['content-type'], file.body.match(/BEGIN:VEVENT/g)?.length],
      [200, 'text/calendar; charset=utf-8', 2],
    )

    const rob = await openWindow(site, 'rob')
    const folder = { mailbox: row.mailbox, id: row.id }
    const wanted = { folder, user: 'rob@contoso.com', level: 'Reviewer' } as const
    assert.equal(await rob.refusal('calendarPermissions', { folder }), 'FolderNotFound')
    assert.equal(await rob.refusal('changeCalendarPermission', { ...wanted, level: 'Owner' }), 'FolderNotFound')
    const levels = async () => (await mary.ask('calendarPermissions', { folder })).entries.map(({ user, address, level }) => [address ?? user, level]) // prettier-ignore
    assert.deepEqual(await levels(), [['default', 'FreeBusyTimeOnly']])
    await mary.ask('changeCalendarPermission', wanted)
    assert.equal(await mary.refusal('changeCalendarPermission', { ...wanted, user: 'nobody@contoso.com' }), 'ObjectNotFound')
    assert.deepEqual(await levels(), [['default', 'FreeBusyTimeOnly'], ['rob@contoso.com', 'Reviewer']]) // prettier-ignore
    await rob.ask('showCalendar', { address: 'mary@contoso.com', isShown: true })
    assert.deepEqual((await rob.ask('findCalendars', {})).others.map(({ folder }) => folder), [folder]) // prettier-ignore
    assert.equal(await rob.refusal('lookupTrace', { id: 'x' }), 'AccessDenied')
    await mary.ask('changeCalendarPermission', { folder, user: 'default', level: 'None' })
    assert.deepEqual((await levels())[0], ['default', 'None'])
  })

  test(name('a calendar is shared by mail, at the level that was chosen'), async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [await openWindow(site, 'mary'), await openWindow(site, 'rob')]
    const wanted = { address: 'mary@contoso.com', subject: 'Rob <shares>', text: 'a & <b>\nc', link: '<Show>' }
    await rob.ask('shareCalendar', { ...wanted, level: 'FreeBusyTimeAndSubjectAndLocation' })
    const times = { start: '2030-01-07T09:00', end: '2030-01-07T10:00', isAllDay: false }
    await rob.ask('saveEvent', { values: { subject: 'Talk', times }, send: false })
    const { mailbox } = site.people.mary!
    const inbox = { mailbox, kind: 'inbox' }
    const message = await until('the invitation', async () => (await mary.ask('findMessages', { folder: inbox, offset: 0, limit: 5 })).messages[0]) // prettier-ignore
    const paths = ['itemClass', 'subject', 'body', 'attachments'].map((property) => ({ property }))
    const [item] = await site.mailboxes.getItems(await site.caller('mary'), [message.ref], { shape: 'ids', paths, mime: true })
    assert.ok(item && !(item instanceof Error))
    assert.deepEqual([item.properties.itemClass, item.properties.subject], ['IPM.Sharing', 'Rob <shares>'])
    assert.match((item.properties.body as { value: string }).value, /<p>a &amp; &lt;b&gt;<br>\s*c<\/p><p><a href="https:[^"]*\/owa\/calendar\/add\/rob%40contoso\.com">&lt;Show&gt;<\/a>/) // prettier-ignore
    const mime = Buffer.from(item.properties.mimeContent as string, 'base64').toString()
    assert.match(mime, /^Content-Class: Sharing\r$/im)
    assert.match(mime, /application\/x-sharing-metadata-xml/)

    await mary.ask('showCalendar', { address: 'rob@contoso.com', isShown: true })
    const others = async () => (await mary.ask('findCalendars', {})).others.map(({ address, folder }) => [address, folder?.mailbox])
    assert.deepEqual(await others(), [['rob@contoso.com', undefined]])
    const { calendars } = await mary.ask('findEvents', { calendars: [{ address: 'rob@contoso.com' }], ...january })
    assert.deepEqual(calendars[0]!.events.map(({ subject, ref }) => [subject, ref]), [['Talk', undefined]]) // prettier-ignore
    await rob.ask('shareCalendar', { ...wanted, level: 'Editor' })
    assert.deepEqual(await others(), [['rob@contoso.com', site.people.rob!.mailbox]])
    const refusals = [{ address: 'rob@contoso.com' }, { address: 'who@example.com' }, { level: 'Owner' }, { text: 'x'.repeat(10_001) }]
    const codes = await Promise.all(refusals.map((wrong) => rob.refusal('shareCalendar', { ...wanted, level: 'Reviewer', ...wrong })))
    assert.deepEqual(codes, ['InvalidParameter', 'ObjectNotFound', 'SchemaValidation', 'SchemaValidation'])
  })

  test(name('whoever may do more with a calendar keeps it, and an invitation that is not sent gives nothing'), async () => {
    await using site = await startTestSite({ engine })
    const rob = await openWindow(site, 'rob')
    const calendar = calendarOf(site.people.rob!.mailbox)
    const caller = await site.caller('rob')
    const wanted = { address: 'mary@contoso.com', subject: 'Rob shares', text: '', link: 'Show' }
    const rights = async (user: string) => {
      const { row } = await site.mailboxes.getFolder(caller, calendar)
      return row.permissions.find((one) => one.user === user)?.rights
    }
    const mary = site.people.mary!.id
    const { Owner, Editor, Reviewer } = permissionLevels
    await site.mailboxes.changeFolderPermission(caller, calendar, { user: mary, how: 'add', rights: Owner })
    for (const level of ['Editor', 'Reviewer', 'FreeBusyTimeOnly'])
      assert.equal(await rob.refusal('shareCalendar', { ...wanted, level }), 'InvalidOperation', level)
    assert.equal(await rights(mary), Owner)
    await site.mailboxes.changeFolderPermission(caller, calendar, { user: mary, how: 'set', rights: Editor })
    await rob.ask('shareCalendar', { ...wanted, level: 'Editor' })
    await site.mailboxes.changeFolderPermission(caller, calendar, { user: mary, how: 'set', rights: Reviewer })

    const large = { kind: 'message' as const, properties: { body: { type: 'Text', value: 'x'.repeat(5000) } } }
    await site.mailboxes.createItem(caller, { mailbox: calendar.mailbox, kind: 'drafts' }, large)
    await runLine(site.admin, systemCaller(site.organisation.id), 'Set-Mailbox rob -IssueWarningQuota 1KB -ProhibitSendQuota 2KB')
    for (const address of ['mary@contoso.com', 'ann@contoso.com'])
      assert.equal(await rob.refusal('shareCalendar', { ...wanted, address, level: 'Editor' }), 'QuotaExceeded')
    assert.deepEqual([await rights(mary), await rights(site.people.ann!.id)], [Reviewer, undefined])
  })

  test(name('birthdays are asked for once, in bounded time, and not of what was deleted'), async () => {
    let [now, step] = [Date.now(), 0]
    await using site = await startTestSite({ engine, outside: { clock: () => (now += step) } })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const caller = await site.caller('mary')
    const folder = async (parent: string) =>
      (await site.mailboxes.createFolder(caller, { parent: { mailbox, kind: parent }, name: 'Others', folderClass: 'IPF.Contact' })).row.id
    const contact = (displayName: string, id: number) =>
      site.mailboxes.createItem(
        caller,
        { mailbox, id },
        { kind: 'contact', properties: { displayName, birthdayLocal: '1990-12-10T00:00:00' } },
      )
    await contact('Kept', await folder('contacts'))
    const { ref } = await contact('Gone', await folder('deleteditems'))
    const window = { calendars: [{ birthdays: true as const }], start: '2026-12-01T00:00', end: '2026-12-31T00:00' }
    const subjects = async () => (await mary.ask('findEvents', window)).calendars[0]!.events.map(({ subject }) => subject)
    assert.deepEqual(await subjects(), ['Kept'])
    const twice = { ...window, calendars: [{ birthdays: true }, { birthdays: true }] }
    assert.equal(await mary.refusal('findEvents', twice), 'SchemaValidation')

    const row = await site.store.read((tx) => tx.items.get(mailbox, ref.id))
    const { id: _id, change: _change, contentChange: _contentChange, ...item } = row!
    const { row: contacts } = await site.mailboxes.getFolder(caller, { mailbox, kind: 'contacts' })
    await site.store.write(async (tx) => {
      for (let at = 0; at < 600; at++) await tx.items.insert({ ...item, folder: contacts.id }, { subject: '' })
    })
    step = 30_000
    const { calendars } = await mary.ask('findEvents', window)
    assert.match(calendars[0]!.refused ?? '', /takes too long/)
  })

  test(name('birthdays of the contacts are a calendar of their own'), async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const caller = await site.caller('mary')
    const contact = (displayName: string, properties: object) =>
      site.mailboxes.createItem(caller, { mailbox, kind: 'contacts' }, { kind: 'contact', properties: { displayName, ...properties } })
    await contact('Ada', { birthday: Date.UTC(1815, 11, 10) })
    await contact('Leap', { birthday: Date.UTC(2000, 1, 29) })
    await contact('Yearless', { birthdayLocal: '1604-02-29T00:00:00' })
    await contact('Unborn', { birthdayLocal: '2029-01-01T00:00:00' })
    await contact('Nobody knows', {})
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Card\r\nBDAY:--12-24\r\nEND:VCARD\r\n'
    await site.mailboxes.createItem(caller, { mailbox, kind: 'contacts' }, { kind: 'contact', properties: {}, mime: Buffer.from(card) })
    const shown = async (start: string, end: string) => {
      const { calendars } = await mary.ask('findEvents', { calendars: [{ birthdays: true }], start, end })
      const { events, isCut, refused } = calendars[0]!
      assert.deepEqual([isCut, refused, events.some(({ ref, mayModify }) => ref || mayModify)], [false, undefined, false])
      return events.map(({ subject, start, birthday }) => [subject, start.slice(0, 10), birthday?.age]).toSorted()
    }
    assert.deepEqual(await shown('2026-12-01T00:00', '2027-12-01T00:00'), [
      ['Ada', '2026-12-10', 211],
      ['Card', '2026-12-24', undefined],
      ['Leap', '2027-02-28', 27],
      ['Yearless', '2027-02-28', undefined],
    ])
    assert.deepEqual(await shown('2028-02-01T00:00', '2028-03-01T00:00'), [
      ['Leap', '2028-02-29', 28],
      ['Yearless', '2028-02-29', undefined],
    ])
    assert.deepEqual(await shown('2028-02-28T00:00', '2028-02-29T00:00'), [])
    assert.deepEqual(await shown('2028-12-31T12:00', '2029-01-01T00:30'), [['Unborn', '2029-01-01', 0]])
    const rob = await openWindow(site, 'rob')
    const window = { calendars: [{ birthdays: true as const }], start: '2026-12-01T00:00', end: '2027-01-01T00:00' }
    assert.deepEqual((await rob.ask('findEvents', window)).calendars[0]!.events, [])
  })

  test(name('the week is that of the mailbox'), async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const week = async () => (await mary.ask('findCalendars', {})).week
    assert.deepEqual(await week(), { works: [1, 2, 3, 4, 5] })
    const { mailbox } = site.people.mary!
    const caller = await site.caller('mary')
    const periods = [{ days: ['Sunday', 'Saturday'], start: 480, end: 1020 }, { days: ['Tuesday'], start: 600, end: 720 }] // prettier-ignore
    await site.mailboxes.changeSetting(caller, mailbox, 'workingHours', () => ({ timeZone: 'UTC', periods }))
    await site.mailboxes.changeSetting(caller, mailbox, 'calendarConfiguration', () => ({ WeekStartDay: 'Saturday' }))
    assert.deepEqual(await week(), { works: [0, 2, 6], first: 6 })
  })

  test(name('of a calendar no more than 2,000 entries are shown at once, and it is said that there are more'), async () => {
    await using site = await startTestSite({ engine })
    const { mailbox } = site.people.mary!
    const recurrence = { pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: '2030-01-01' } }
    const caller = await site.caller('mary')
    const book = async (at: number) => {
      const start = Date.UTC(2030, 0, 1, at)
      await site.mailboxes.createItem(caller, calendarOf(mailbox), { kind: 'calendar', properties: { subject: `Daily ${at}`, start, end: start + hour, recurrence } }) // prettier-ignore
    }
    for (let at = 0; at < 5; at++) await book(at)
    const mary = await openWindow(site, 'mary')
    const whole = { end: '2031-02-05T00:00' }
    const most = await eventsOf(mary, mailbox, whole)
    assert.deepEqual([most.events.length, most.isCut], [2000, false])
    await book(5)
    const cut = await eventsOf(mary, mailbox, whole)
    assert.deepEqual([cut.events.length, cut.isCut, cut.refused], [2000, true, undefined])
  })

  test(name('another time is proposed, the organizer takes it, and nothing is left of the proposal'), async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [await openWindow(site, 'mary'), await openWindow(site, 'rob')]
    const times = { start: '2030-01-07T09:00', end: '2030-01-07T10:00', isAllDay: false }
    const proposed = { start: '2030-01-08T14:00', end: '2030-01-08T15:00' }
    const required = [{ name: 'Rob Young', address: 'rob@contoso.com' }]
    const recurrence = { pattern: { type: 'Weekly' as const, interval: 1, days: ['Monday' as const] }, range: { type: 'Numbered' as const, start: '2030-01-07', count: 3 } } // prettier-ignore
    await mary.ask('saveEvent', { values: { subject: 'Once', times, required }, send: true })
    await mary.ask('saveEvent', { values: { subject: 'Series', times, required, recurrence }, send: true })
    for (const subject of ['Once', 'Series']) {
      const find = (window: Window, alias: string, start: string) =>
        until(`${subject} at ${start}`, async () => (await eventsOf(window, site.people[alias]!.mailbox)).events.find((one) => one.subject === subject && one.start === start)) // prettier-ignore
      const answered = (item: NonNullable<ShownEvent['ref']>, response: string) =>
        until(`answer ${response}`, async () => (await mary.ask('event', { item })).required.find((one) => one.response === response))
      const invited = await find(rob, 'rob', times.start)
      await rob.ask('answerEvent', { item: invited.ref!, answer: 'Tentative', proposed })
      const item = (await find(mary, 'mary', times.start)).ref!
      assert.deepEqual(await answered(item, 'Tentative'), { ...required[0], response: 'Tentative', proposed })
      await mary.ask('saveEvent', { item, values: { times: { ...proposed, isAllDay: false } }, send: true })
      assert.deepEqual(await answered((await find(mary, 'mary', proposed.start)).ref!, 'Tentative'), { ...required[0], response: 'Tentative' }) // prettier-ignore
      const moved = await find(rob, 'rob', proposed.start)
      assert.equal(moved.end, proposed.end)
      assert.equal((await rob.ask('event', { item: moved.ref! })).myResponse, 'NoResponseReceived')
      await rob.ask('answerEvent', { item: moved.ref!, answer: 'Accept' })
      await answered(item, 'Accept')
    }
  })

  test(name('an occurrence is changed and deleted by itself, the series as a whole'), async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const seen = async () => (await eventsOf(mary, mailbox)).events.toSorted((one, other) => (one.start < other.start ? -1 : 1))
    const shown = async () => (await seen()).map(({ subject, start }) => `${start} ${subject}`)
    const times = { start: '2030-01-07T09:00', end: '2030-01-07T10:00', isAllDay: false }
    const pattern = { type: 'Weekly' as const, interval: 1, days: ['Monday' as const] }
    const range = { type: 'Numbered' as const, start: '2030-01-07', count: 4 }
    const { ref } = await mary.ask('saveEvent', { values: { subject: 'Series', times, recurrence: { pattern, range } }, send: false })
    const [, second, third] = await seen()
    await mary.ask('saveEvent', { item: second!.ref!, values: { subject: 'Apart' }, send: false })
    await mary.ask('deleteEvent', { item: third!.ref!, send: false })
    assert.deepEqual(await shown(), ['2030-01-07T09:00 Series', '2030-01-14T09:00 Apart', '2030-01-28T09:00 Series'])
    await mary.ask('saveEvent', { item: ref, values: { location: 'Lobby' }, send: false })
    assert.deepEqual((await seen()).map(({ location }) => location), ['Lobby', 'Lobby', 'Lobby']) // prettier-ignore
    await mary.ask('deleteEvent', { item: ref, send: false })
    assert.deepEqual(await shown(), [])
    assert.equal(await mary.refusal('event', { item: ref }), 'ItemNotFound')
  })
}
